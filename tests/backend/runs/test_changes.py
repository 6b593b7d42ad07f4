"""Changes of devices over a real store, a real queue and a simulated router: kept, undone, listed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from backend.devices import records as devices
from backend.errors import Conflict, Invalid, NotFound
from backend.runs import catalogue, changes, perform
from backend.runs.replay import replayed
from backend.runs.sealing import opened
from backend.runs.tables import DeviceChange, Run, RunEntry, StepRecord
from tests.backend.runs.household import NOW, Household
from workflows.reader import LIBRARY, read_library
from workflows.run import Undo

pytestmark = pytest.mark.store

ENABLE = "Device.DHCPv4.Server.Enable"
KEY = "Device.WiFi.AccessPoint.1.Security.KeyPassphrase"
SET_KEY = """<step-template name="set-key" kind="online" writes="true" undo="customer">
  <title lang="en">Set a WiFi key</title><title lang="pl">Hasło WiFi</title>
  <consent lang="en">May I?</consent><consent lang="pl">Czy mogę?</consent>
  <meaning code="applied"><text lang="en">Done.</text><text lang="pl">Gotowe.</text></meaning>
  <config>
    <task template="set-and-verify">
      <input var="#key" alias="Device.WiFi.AccessPoint.1.Security.KeyPassphrase"/>
      <input var="#value" alias="${answers.key}"/>
    </task>
  </config>
</step-template>"""
KEY_GRAPH = """<workflow name="wifi-key" start="set" audience="customer operator">
  <title lang="en">A new WiFi key</title><title lang="pl">Nowe hasło WiFi</title>
  <input name="key" type="string" required="true" pattern="[ -~]{8,63}">
    <label lang="en">Key</label><label lang="pl">Hasło</label>
  </input>
  <step id="set" template="set-key"/>
</workflow>"""


def state(home: Household):
    return opened(home.tenant_id, Run.find(home.tenant_id, home.run_id).state)


def repaired(home: Household, audience: str = "customer") -> None:
    home.start(audience)
    home.serve()
    home.choose("enable")
    home.agree()
    home.serve()


def page(home: Household, locale: str = "en") -> list[dict]:
    return changes.listing(home.tenant_id, home.device_id, locale)["items"]


def undo(home: Household, change_id: str, audience: str = "operator") -> str:
    home.run_id = changes.start_undo(
        home.tenant_id,
        home.device_id,
        change_id,
        customer_id=home.customer_id,
        conversation_id=home.conversation_id,
        audience=audience,
        starter={"kind": "operator", "id": "O1"},
        locale="en",
        now=home.now,
    )
    return home.run_id


def last_written(home: Household) -> str:
    return home.router.applied[-1]["path"]


def test_a_repair_is_kept_with_what_was_before(move_in):
    home = move_in("dhcp-disabled")
    repaired(home)
    [change] = page(home)
    assert change["workflow"] == "dhcp-configuration"
    assert change["title"] == "Turn on address sharing"
    assert change["by"] == f"{home.home.person.first_name} {home.home.person.last_name}"
    first = change["items"][0]
    assert (first["path"], first["kind"], first["verified"]) == (ENABLE, "set", True)
    assert first["before"] in ("0", "false") and first["after"] in ("1", "true")
    assert change["undo"] == {"state": "possible", "text": "Can be undone"}
    assert page(home, "pl")[0]["undo"]["text"] == "Można cofnąć"
    assert ENABLE not in DeviceChange.select().first().items


def test_a_customer_undoes_where_the_author_allows_it_and_goes_on(move_in):
    home = move_in("dhcp-disabled")
    repaired(home)
    home.say(joined="no")
    offered = home.last("step.offered")["actions"]
    [action] = [one for one in offered if one["id"].startswith("undo:")]
    assert action["label"] == "Undo: Turn on address sharing"
    number = int(action["id"].removeprefix("undo:"))
    home.do(Undo(number))
    home.serve()
    assert [f["code"] for f in home.last("step.result")["findings"]] == ["undone"]
    assert last_written(home) == ENABLE
    assert not home.router.tree.is_true(ENABLE)
    assert page(home)[-1]["undo"]["state"] == "done"
    assert "undo:" not in str(home.last("step.offered")["actions"])
    with pytest.raises(Conflict) as refused:
        home.do(Undo(number))
    assert refused.value.code == "action_not_offered"
    assert replayed(home.tenant_id, home.run_id) == state(home)


def test_an_ended_run_is_undone_and_ends_again(move_in, news):
    home = move_in("dhcp-disabled")
    repaired(home)
    home.say(joined="yes")
    ended = home.last("session.ended")["actions"]
    assert [one["id"].partition(":")[0] for one in ended] == ["restart", "undo"]
    home.do(Undo(int(ended[1]["id"].removeprefix("undo:"))))
    home.serve()
    assert home.events()[-1]["type"] == "session.ended"
    assert [one["id"] for one in home.last("session.ended")["actions"]] == ["restart"]
    assert state(home).ending == "SUCCESS"
    assert [type(one).__name__ for one in news] == ["RunEnded", "RunEnded"]


def test_staff_undo_from_the_devices_page_after_the_run(move_in):
    home = move_in("dhcp-disabled")
    repaired(home)
    home.say(joined="yes")
    [change] = page(home)
    undo(home, change["id"])
    assert page(home)[0]["undo"]["state"] == "running"
    with pytest.raises(Conflict) as refused:
        undo(home, change["id"])
    assert refused.value.code == "undo_impossible"
    home.agree()
    home.serve()
    assert state(home).ending == "SUCCESS"
    mine, first = page(home)
    assert first["undo"]["state"] == "done"
    assert mine["workflow"] == "undo-change"
    assert mine["undo"]["state"] == "impossible"  # an undo is undone by repairing again
    assert last_written(home) == ENABLE
    assert not home.router.tree.is_true(ENABLE)
    assert replayed(home.tenant_id, home.run_id) == state(home)


def test_a_refused_consent_leaves_the_change_to_be_undone_another_time(move_in):
    home = move_in("dhcp-disabled")
    repaired(home)
    home.say(joined="yes")
    [change] = page(home)
    undo(home, change["id"])
    home.agree(False)
    assert page(home)[0]["undo"]["state"] == "possible"


def test_another_devices_change_is_not_there(move_in):
    home, other = move_in("dhcp-disabled"), move_in("lease-too-short")
    repaired(home)
    [change] = page(home)
    with pytest.raises(NotFound):
        changes.check_undo(home.tenant_id, other.device_id, change["id"])
    with pytest.raises(NotFound):
        changes.check_undo("ANOTHER", home.device_id, change["id"])
    with pytest.raises(Invalid) as invalid:
        perform.start(
            home.tenant_id,
            workflow="undo-change",
            device_id=other.device_id,
            customer_id=None,
            conversation_id=None,
            audience="operator",
            starter={"kind": "operator", "id": "O1"},
            locale="en",
            now=NOW,
            inputs={"change": change["id"]},
        )
    assert invalid.value.fields == {"change": ["This change cannot be put back."]}


def test_changes_come_in_pages(move_in):
    home = move_in("two-at-once")
    home.start()
    home.serve()
    for node in ("enable", "fix-lease"):
        home.choose(node)
        home.agree()
        home.serve()
    first = changes.listing(home.tenant_id, home.device_id, "en", limit=1)
    second = changes.listing(home.tenant_id, home.device_id, "en", limit=1, after=first["next"])
    assert [one["title"] for one in (*first["items"], *second["items"])] == [
        "Let devices keep their address longer",
        "Turn on address sharing",
    ]
    assert second["next"] is None


# -- secrets --------------------------------------------------------------------------------------


@pytest.fixture
def key_workflow(tenant, tmp_path: Path) -> None:
    (tmp_path / "lib" / "steps").mkdir(parents=True)
    (tmp_path / "lib" / "steps" / "set-key.xml").write_text(SET_KEY, encoding="utf-8")
    (tmp_path / "lib" / "wifi-key.xml").write_text(KEY_GRAPH, encoding="utf-8")
    published = catalogue.publish(tenant.tenant_id, read_library((LIBRARY, tmp_path / "lib")), NOW)
    assert published.errors == ()


def showing(home: Household, path: str) -> None:
    """This router shows what others hide."""
    parameters = home.router.tree._parameters
    parameters[path] = replace(parameters[path], hidden=False)


def rekeyed(home: Household, key: str) -> None:
    home.run_id = perform.start(
        home.tenant_id,
        workflow="wifi-key",
        device_id=home.device_id,
        customer_id=home.customer_id,
        conversation_id=home.conversation_id,
        audience="customer",
        starter={"kind": "customer", "id": home.customer_id},
        locale="en",
        now=home.now,
        inputs={"key": key},
    )
    home.agree()
    home.serve()


def test_a_secret_is_changed_and_put_back_and_nobody_reads_it(move_in, key_workflow):
    home = move_in("healthy")
    showing(home, KEY)
    old = home.router.tree.value(KEY)
    rekeyed(home, "a brand new key")
    assert [f["code"] for f in home.last("step.result")["findings"]] == ["applied"]
    [change] = page(home)
    assert change["items"][0]["before"] == change["items"][0]["after"] == "••••••"
    home.do(Undo(1))
    home.serve()
    assert [f["code"] for f in home.last("step.result")["findings"]] == ["undone"]
    assert last_written(home) == KEY
    assert home.router.tree.value(KEY) == old
    assert replayed(home.tenant_id, home.run_id) == state(home)
    everything = str(home.events(audience="operator")) + str(page(home))
    for rows in (Run.select(), RunEntry.select(), DeviceChange.select(), StepRecord.select()):
        everything += str(list(rows.dicts()))
    assert "a brand new key" not in everything
    assert old not in everything


def test_a_secret_that_was_changed_again_is_left_alone(move_in, key_workflow):
    home = move_in("healthy")
    showing(home, KEY)
    rekeyed(home, "the second key")
    first = home.run_id
    rekeyed(home, "the third key, by another one")
    home.run_id = first
    home.do(Undo(1))
    home.serve()
    assert [f["code"] for f in home.last("step.result")["findings"]] == ["changed-since"]
    assert home.router.tree.value(KEY) == "the third key, by another one"
    assert replayed(home.tenant_id, home.run_id) == state(home)
    _, earlier = page(home)
    undo(home, earlier["id"])
    home.agree()
    home.serve()
    assert [f["code"] for f in home.last("step.result")["findings"]] == ["changed-since"]
    assert home.router.tree.value(KEY) == "the third key, by another one"


def test_a_hidden_secret_is_believed_and_cannot_be_put_back(move_in, key_workflow):
    home = move_in("healthy")
    rekeyed(home, "a brand new key")
    assert home.router.tree.value(KEY) == "a brand new key"
    assert [f["code"] for f in home.last("step.result")["findings"]] == ["applied"]
    [change] = page(home)
    assert change["items"][0]["verified"] is None
    assert change["undo"]["state"] == "impossible"
    assert [one["id"] for one in home.last("session.ended")["actions"]] == ["restart"]


def test_inputs_that_do_not_fit_start_nothing(move_in, key_workflow):
    home = move_in("healthy")
    for given, message in (
        ({}, "Please choose or write an answer."),
        ({"key": "short"}, "This is not written as it should be."),
    ):
        with pytest.raises(Invalid) as invalid:
            perform.start(
                home.tenant_id,
                workflow="wifi-key",
                device_id=home.device_id,
                customer_id=home.customer_id,
                conversation_id=None,
                audience="customer",
                starter={"kind": "customer", "id": home.customer_id},
                locale="en",
                now=NOW,
                inputs=given,
            )
        assert invalid.value.fields == {"key": [message]}
    assert Run.select().count() == 0
    assert devices.facts(home.tenant_id, home.device_id)["id"] == home.device_id
