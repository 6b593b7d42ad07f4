"""The tasks and sessions of a router over HTTP: in words, faults explained, taken back, secrets masked."""

from __future__ import annotations

import time

import pytest

from backend import database as store
from backend.devices import queue
from tests.backend.consoles.conftest import DEVICES
from workflows.effects import Download, GetValues, Reboot, SetValues, effect_to_json

pytestmark = pytest.mark.store


def ask(desk, home, effect, owner="page:x:1"):
    now = time.time()
    with store.connection():
        return queue.enqueue(
            desk.demo.tenant_id,
            home.device_id,
            owner_key=owner,
            request=effect_to_json(effect),
            deadline_at=now + 600,
            now=now,
        )


def task(desk, at, task_id, **query):
    shown = desk.get("operator", f"{at}/tasks", limit=50, **query).json["items"]
    return next(one for one in shown if one["id"] == task_id)


def test_a_fault_names_the_parameter_and_says_why(desk, home, at, call):
    wrong = ask(desk, home, SetValues((("Device.WiFi.SSID.1.Enable", "maybe", "xsd:boolean"),)))
    waiting = task(desk, at, wrong)
    assert (waiting["state"], waiting["fault"], waiting["cancellable"]) == ("queued", None, True)
    call()
    shown = task(desk, at, wrong)
    assert shown["what"] == "SetParameterValues"
    assert shown["text"] == "Write Device.WiFi.SSID.1.Enable"
    assert (shown["state"], shown["cancellable"]) == ("done", False)
    fault = shown["fault"]
    assert fault["code"] == "9003"
    assert fault["parameters"][0]["name"] == "Device.WiFi.SSID.1.Enable"
    assert fault["why"] and fault["parameters"][0]["text"]
    polish = task(desk, at, wrong, locale="pl")
    assert polish["fault"]["why"] != fault["why"]


def test_orders_never_show_what_was_written(desk, home, at):
    ask(desk, home, SetValues((("Device.X.Password", "the secret", "xsd:string"),)))
    assert "the secret" not in desk.get("operator", f"{at}/tasks").text


def test_it_is_told_who_asked(desk, home, at):
    staff = desk.demo.staff_ids["operator"]
    mine = ask(desk, home, GetValues(("Device.",)), f"page:{staff}:m:0")
    gone = ask(desk, home, GetValues(("Device.",)), "page:nobody:m:0")
    first = ask(desk, home, GetValues(("Device.",)), "bootstrap:x:1")
    other = ask(desk, home, GetValues(("Device.",)), "sweep:1")
    by = {one["id"]: one["by"] for one in desk.get("operator", f"{at}/tasks", limit=50).json["items"]}
    assert by[mine] == "Operator"
    assert (by[gone], by[first], by[other]) == ("A former colleague", "First contact", "Careflow")


def test_an_order_is_taken_back_while_that_is_possible(desk, home, at, call):
    order = ask(desk, home, GetValues(("Device.DeviceInfo.",)))
    assert desk.delete("operator", f"{at}/tasks/{order}").json == {"outcome": "ended"}
    again = desk.delete("operator", f"{at}/tasks/{order}")
    assert (again.status_code, again.json["error"]["code"]) == (409, "task_over")
    assert task(desk, at, order)["fault"]["why"] == "Cancelled before the router had it."
    call()
    assert desk.delete("operator", f"{at}/tasks/{'0' * 26}").status_code == 404


def test_what_the_router_has_cannot_be_taken_back(desk, home, at):
    order = ask(desk, home, Reboot())
    with store.connection():
        claim = queue.claim_next(home.device_id, time.time())
    assert claim is not None and claim.task_id == order
    answer = desk.delete("operator", f"{at}/tasks/{order}")
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "not_cancellable")
    assert task(desk, at, order)["cancellable"] is False


def test_an_order_of_another_router_is_not_there(desk, home, home_of, at):
    other = home_of("lease-too-short")
    order = ask(desk, other, Download("1 Firmware Upgrade Image", "0" * 26))
    assert desk.delete("operator", f"{at}/tasks/{order}").status_code == 404
    assert order not in [one["id"] for one in desk.get("operator", f"{at}/tasks").json["items"]]


def test_tasks_come_in_pages(desk, home, at):
    ids = [ask(desk, home, GetValues((f"Device.{n}.",)), f"page:x:{n}") for n in range(5)]
    seen, after = [], None
    for _ in range(20):
        page = desk.get("operator", f"{at}/tasks", limit=2, **({"after": after} if after else {})).json
        seen += [one["id"] for one in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen[:5] == ids[::-1]
    assert len(seen) == len(set(seen))


# -- sessions -------------------------------------------------------------------------------------


def test_a_session_is_read_message_by_message(desk, home, at, call):
    ask(desk, home, GetValues(("Device.DHCPv4.Server.Enable", "Device.DeviceInfo.UpTime")))
    call("6 CONNECTION REQUEST")
    listed = desk.get("operator", f"{at}/sessions").json["items"]
    assert [one["ending"] for one in listed] == ["well"] * len(listed)
    newest = listed[0]
    assert newest["events"] == ["6 CONNECTION REQUEST"]
    assert newest["bytes_in"] > newest["bytes_out"] > 0
    shown = desk.get("operator", f"{at}/sessions/{newest['id']}").json
    said = [(one["direction"], one["method"], one["summary"]) for one in shown["messages"]]
    assert shown["message_count"] == newest["messages"] == len(said)
    assert said[0][:2] == ("in", "Inform") and "6 CONNECTION REQUEST" in said[0][2]
    assert said[1][1] == "InformResponse"
    assert ("in", "", "It has nothing more to say.") in said
    assert ("out", "GetParameterValues") in [one[:2] for one in said]
    assert said[-1] == ("out", "", "The session ends here.")
    assert "Device.DHCPv4.Server.Enable" in shown["messages"][3]["xml"]
    polish = desk.get("operator", f"{at}/sessions/{newest['id']}", locale="pl").json
    assert polish["messages"][0]["summary"] != shown["messages"][0]["summary"]


def test_messages_hold_no_secret(desk, home, at, call):
    ask(
        desk,
        home,
        SetValues((("Device.ManagementServer.ConnectionRequestPassword", "hush-hush", "xsd:string"),)),
    )
    ask(desk, home, GetValues(("Device.WiFi.",)), "page:x:2")
    call()
    newest = desk.get("operator", f"{at}/sessions").json["items"][0]
    text = desk.get("operator", f"{at}/sessions/{newest['id']}").text
    assert "KeyPassphrase" in text
    assert "hush-hush" not in text
    keys = home.router.model if hasattr(home.router, "model") else None
    for path, (value, *_) in getattr(keys, "values", {}).items() if keys is not None else ():
        if path.endswith("KeyPassphrase") and value:
            assert value not in text


def test_a_fault_is_told_in_words_among_the_messages(desk, home, at, call):
    ask(desk, home, GetValues(("Device.NoSuchThing",)))
    call()
    newest = desk.get("operator", f"{at}/sessions").json["items"][0]
    shown = desk.get("operator", f"{at}/sessions/{newest['id']}").json
    (fault,) = [one for one in shown["messages"] if one["method"] == "Fault"]
    assert "9005" in fault["summary"] and "no such setting" in fault["summary"]


def test_the_session_of_another_router_is_not_there(desk, home_of, home, at, call):
    call()
    other = home_of("lease-too-short")
    newest = desk.get("operator", f"{at}/sessions").json["items"][0]
    assert desk.get("operator", f"{DEVICES}/{other.device_id}/sessions/{newest['id']}").status_code == 404
    assert desk.get("agent", f"{at}/sessions").status_code == 403
