"""Work on a router from its page: what may be run, a run with inputs followed live, changes, their undo."""

from __future__ import annotations

import itertools

import pytest

from backend import database as store
from backend.conversations.tables import Conversation
from backend.devices import files, records
from backend.devices.tables import Device
from tests.backend.consoles.conftest import DEVICES
from tests.conftest import NOW

pytestmark = pytest.mark.store
SSID = "Device.WiFi.SSID.1.SSID"
_numbers = itertools.count()


def message():
    return f"client-message-{next(_numbers):04}"


def run(desk, at, workflow, inputs=None, **more):
    body = {"workflow": workflow, "inputs": inputs or {}, "client_message_id": message(), **more}
    return desk.post("operator", f"{at}/runs", body)


def events(desk, conversation, role="operator"):
    answer = desk.get(role, f"/api/v1/conversations/{conversation}/events")
    assert answer.status_code == 200, answer.text
    return answer.json["events"]


def agree(desk, conversation):
    """Say yes where the run asks before it writes."""
    asked = [one for one in events(desk, conversation) if one["body"].get("actions")]
    if asked and any(action["id"] == "consent:yes" for action in asked[-1]["body"]["actions"]):
        body = {
            "client_message_id": message(),
            "reply_to": asked[-1]["id"],
            "action": "consent:yes",
            "values": {},
        }
        said = desk.post("operator", f"/api/v1/conversations/{conversation}/answers", body)
        assert said.status_code == 200, said.text


def stored(desk, home, path):
    listed = desk.get("operator", f"{DEVICES}/{home.device_id}/parameters", q=path).json["items"]
    return listed[0]["value"]


@pytest.fixture
def renamed(desk, home, at, call):
    """The WiFi's name was changed by a run from the page: (its conversation, the name before)."""
    desk.post(
        "operator", f"{at}/parameters/refresh", {"path": "Device.WiFi.", "client_message_id": message()}
    )
    call()
    before = stored(desk, home, SSID)
    started = run(desk, at, "set-parameter", {"path": SSID, "value": "New name", "type": "string"})
    assert started.status_code == 201, started.text
    agree(desk, started.json["id"])
    call()
    return started.json["id"], before


def test_operations_say_what_they_need_and_whether_they_fit(desk, home, at):
    listed = desk.get("operator", f"{at}/operations").json
    known = {one["workflow"]: one for one in listed}
    assert "undo-change" not in known
    assert known["ping"]["group"] == "check" and known["ping"]["available"] is True
    assert [given["name"] for given in known["set-parameter"]["inputs"]] == ["path", "value", "type"]
    assert known["set-parameter"]["writes"] is True
    restore = known["configuration-restore"]
    assert (restore["available"], bool(restore["why"])) == (False, True)
    with store.connection():
        files.put(
            desk.demo.tenant_id,
            kind="configuration",
            name="b.cfg",
            content=[b"x"],
            device_id=home.device_id,
            now=NOW,
        )
    again = {one["workflow"]: one for one in desk.get("operator", f"{at}/operations", locale="pl").json}
    assert (again["configuration-restore"]["available"], again["configuration-restore"]["why"]) == (True, "")
    assert again["ping"]["text"] != known["ping"]["text"]


def test_nothing_can_be_asked_of_a_router_that_never_called_or_is_held_back(desk, home, at):
    with store.connection():
        silent = records.enrol(
            desk.demo.tenant_id, oui="02CF01", product_class="HR6", serial_number="S1", password="p", now=NOW
        )
    listed = desk.get("operator", f"{DEVICES}/{silent}/operations").json
    assert {one["available"] for one in listed} == {False}
    assert all("never called" in one["why"] for one in listed)
    with store.connection(), store.transaction():
        Device.update(admission="quarantined").where(Device.id == home.device_id).execute()
    assert {one["available"] for one in desk.get("operator", f"{at}/operations").json} == {False}
    refused = run(desk, at, "ping", {"host": "9.9.9.9"})
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "not_admitted")


def test_a_run_from_the_page_is_followed_like_any_conversation(desk, home, renamed):
    conversation, _ = renamed
    seen = events(desk, conversation)
    assert [one["type"] for one in seen].count("step.result") == 1
    result = next(one for one in seen if one["type"] == "step.result")
    assert result["body"]["status"] == "SUCCESS"
    assert stored(desk, home, SSID) == "New name"
    shown = desk.get("operator", f"/api/v1/conversations/{conversation}").json
    assert (shown["channel"], shown["customer_id"]) == ("operator", home.customer_id)
    assert desk.get("supervisor", f"/api/v1/conversations/{conversation}").status_code == 200


def test_it_is_not_the_customers(desk, home, renamed):
    conversation, _ = renamed
    with store.connection(), store.transaction():
        Conversation.update(customer_id=desk.demo.customer_id).where(
            Conversation.id == conversation
        ).execute()
    for end in ("", "/events"):
        address = f"/api/v1/conversations/{conversation}{end}"
        assert desk.get("customer", address).status_code == 404
    wish = desk.post(
        "customer", f"/api/v1/conversations/{conversation}/person", {"client_message_id": message()}
    )
    assert wish.status_code == 404


def test_a_router_that_belongs_to_nobody_can_be_worked_on_too(desk, home, at, call):
    with store.connection(), store.transaction():
        Device.update(customer_id=None).where(Device.id == home.device_id).execute()
    started = run(desk, at, "ping", {"host": "9.9.9.9"})
    assert started.status_code == 201, started.text
    conversation = started.json["id"]
    assert desk.get("operator", f"/api/v1/conversations/{conversation}").json["customer_id"] is None
    assert desk.get("customer", f"/api/v1/conversations/{conversation}").status_code == 404
    person = desk.post(
        "operator", f"/api/v1/conversations/{conversation}/person", {"client_message_id": message()}
    )
    assert person.status_code == 200
    (waiting,) = desk.get("operator", "/api/v1/staff/escalations").json["items"]
    detail = desk.get("operator", f"/api/v1/staff/escalations/{waiting['id']}").json
    assert (waiting["customer_id"], detail["customer"]["first_name"]) == (None, "")
    taken = desk.post("operator", f"/api/v1/staff/escalations/{waiting['id']}/take")
    assert taken.status_code == 200, taken.text
    body = {"disposition": "solved", "note": ""}
    assert (
        desk.post("operator", f"/api/v1/staff/escalations/{waiting['id']}/resolve", body).status_code == 200
    )


def test_the_same_message_starts_one_run(desk, at):
    body = {"workflow": "ping", "inputs": {"host": "9.9.9.9"}, "client_message_id": message()}
    first, second = (desk.post("operator", f"{at}/runs", body) for _ in range(2))
    assert first.json == second.json


def test_inputs_that_do_not_fit_are_refused_by_field(desk, at, subtests):
    broken = [
        ("set-parameter", {"path": "not a path", "value": "x"}, "path"),
        ("set-parameter", {"path": SSID}, "value"),
        ("set-parameter", {"path": SSID, "value": "x" * 3_000}, "value"),
        ("ping", {"host": "a b"}, "host"),
        ("ping", {"host": {"deep": 1}}, "host"),
        ("ping", {"host": "9.9.9.9", "more": 1}, "more"),
        ("no-such-workflow", {}, "workflow"),
        ("undo-change", {"change": "0" * 26}, "workflow"),
        ("ping", {str(n): n for n in range(21)}, "inputs"),
    ]
    for workflow, inputs, field in broken:
        with subtests.test(workflow=workflow, field=field):
            answer = run(desk, at, workflow, inputs)
            assert answer.status_code == 422, answer.text
            assert field in answer.json["error"]["fields"]
    assert desk.get("operator", f"{at}/tasks", limit=50).json["items"][0]["by"] != "Ping"


def test_a_secret_that_is_written_is_shown_nowhere(desk, home, at, call):
    key = "Device.WiFi.AccessPoint.1.Security.KeyPassphrase"
    started = run(desk, at, "set-parameter", {"path": key, "value": "sesame sesame", "type": "string"})
    assert started.status_code == 201, started.text
    agree(desk, started.json["id"])
    call()
    said = [
        str(events(desk, started.json["id"])),
        desk.get("operator", f"{at}/changes").text,
        desk.get("operator", f"{at}/tasks").text,
        desk.get("operator", f"{at}/parameters", q="passphrase").text,
    ]
    for one in desk.get("operator", f"{at}/sessions").json["items"]:
        said.append(desk.get("operator", f"{at}/sessions/{one['id']}").text)
    assert not any("sesame" in text for text in said)
    with store.connection():
        row = Conversation.find(desk.demo.tenant_id, started.json["id"])
    assert row.inputs_sealed and "sesame" not in row.inputs_sealed


# -- changes --------------------------------------------------------------------------------------


def test_a_change_is_listed_and_taken_back(desk, home, at, call, renamed):
    _, before = renamed
    (change,) = desk.get("operator", f"{at}/changes").json["items"]
    assert (change["by"], change["workflow"]) == ("Operator", "set-parameter")
    (item,) = change["items"]
    assert (item["path"], item["before"], item["after"], item["kind"]) == (SSID, before, "New name", "set")
    assert change["undo"]["state"] == "possible" and change["undo"]["text"]
    body = {"client_message_id": message()}
    assert desk.post("agent", f"{at}/changes/{change['id']}/undo", body).status_code == 403
    started = desk.post("operator", f"{at}/changes/{change['id']}/undo", body)
    assert started.status_code == 201, started.text
    assert desk.post("operator", f"{at}/changes/{change['id']}/undo", body).json == started.json
    agree(desk, started.json["id"])
    call()
    assert stored(desk, home, SSID) == before
    listed = desk.get("operator", f"{at}/changes", locale="pl").json["items"]
    assert [one["undo"]["state"] for one in listed if one["id"] == change["id"]] == ["done"]
    again = desk.post("operator", f"{at}/changes/{change['id']}/undo", {"client_message_id": message()})
    assert (again.status_code, again.json["error"]["code"]) == (409, "undo_impossible")


def test_a_change_of_another_router_is_not_there(desk, home_of, at, renamed):
    (change,) = desk.get("operator", f"{at}/changes").json["items"]
    other = home_of("lease-too-short")
    address = f"{DEVICES}/{other.device_id}/changes/{change['id']}/undo"
    assert desk.post("operator", address, {"client_message_id": message()}).status_code == 404
