"""The data model of a router over HTTP: levels, words, reading anew, secrets, checks."""

from __future__ import annotations

import pytest

from backend import database as store
from backend.devices import parameters, queue
from backend.devices.secret_values import MASK
from backend.identity import audit
from tests.conftest import NOW

pytestmark = pytest.mark.store
MESSAGE = "client-message-0001"
KEY = "Device.WiFi.AccessPoint.1.Security.KeyPassphrase"


@pytest.fixture
def told(desk, home):
    """What the router has told besides."""
    values = [(KEY, "the passphrase", "xsd:string"), ("Device.X.Number", "5", "xsd:unsignedInt")]
    with store.connection(), store.transaction():
        parameters.store(desk.demo.tenant_id, home.device_id, values, NOW)


def test_staff_look_through_the_model(desk, at, told):
    root = desk.get("operator", f"{at}/parameters").json
    assert (root["path"], [item["path"] for item in root["items"]]) == ("", ["Device."])
    level = desk.get("operator", f"{at}/parameters", path="Device.", limit=3).json
    assert len(level["items"]) == 3
    rest = desk.get("operator", f"{at}/parameters", path="Device.", after=level["next"]).json
    assert level["items"][-1]["path"] < rest["items"][0]["path"]
    found = desk.get("operator", f"{at}/parameters", q="keypassphrase").json["items"]
    assert [(item["path"], item["value"], item["secret"]) for item in found] == [(KEY, MASK, True)]
    assert "the passphrase" not in str(desk.get("operator", f"{at}/parameters", q="accesspoint").json)


def test_reading_anew_brings_values_and_what_may_be_written(desk, home, at, call):
    body = {"path": "Device.WiFi.SSID.1.", "client_message_id": MESSAGE}
    queued = desk.post("operator", f"{at}/parameters/refresh", body)
    assert queued.status_code == 202
    assert desk.post("operator", f"{at}/parameters/refresh", body).json == queued.json
    with store.connection():
        assert queue.waits(home.device_id, NOW - 9e8)
    call()
    items = desk.get("operator", f"{at}/parameters", path="Device.WiFi.SSID.1.").json["items"]
    known = {item["name"]: item for item in items}
    assert known["SSID"]["writable"] is True
    assert known["SSID"]["value"]
    shown = desk.get("operator", f"{at}/tasks").json["items"]
    assert [task["state"] for task in shown[:2]] == ["done", "done"]
    assert queued.json["task"] == shown[0]["id"]


def test_everything_is_read_object_by_object(desk, home, at, call):
    body = {"path": "", "client_message_id": MESSAGE}
    assert desk.post("operator", f"{at}/parameters/refresh", body).status_code == 202
    call()
    tasks = desk.get("operator", f"{at}/tasks", limit=50).json["items"]
    asked = [task["text"] for task in tasks if task["by"] == "Operator"]
    assert len(asked) > 3
    assert any("Device.DHCPv4." in text for text in asked)
    level = desk.get("operator", f"{at}/parameters", path="Device.").json["items"]
    assert all(item["writable"] is not None for item in level)


def test_a_router_is_not_asked_without_end(desk, at, monkeypatch):
    from backend.consoles import devices_model

    monkeypatch.setattr(devices_model, "OPEN_LIMIT_TASKS", 1)
    path = {"path": "Device.WiFi."}
    first = desk.post("operator", f"{at}/parameters/refresh", {**path, "client_message_id": MESSAGE})
    assert first.status_code == 202
    again = desk.post("operator", f"{at}/parameters/refresh", {**path, "client_message_id": MESSAGE + "2"})
    assert (again.status_code, again.json["error"]["code"]) == (409, "too_much_waits")


def test_a_path_of_another_model_is_refused(desk, at):
    body = {"path": "InternetGatewayDevice.LANDevice.", "client_message_id": MESSAGE}
    answer = desk.post("operator", f"{at}/parameters/refresh", body)
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, ["path"])


def test_a_secret_is_revealed_to_supervisors_who_say_why(desk, home, at, told):
    body = {"path": KEY, "reason": "The customer cannot read the sticker"}
    assert desk.post("operator", f"{at}/parameters/reveal", body).status_code == 403
    assert desk.post("supervisor", f"{at}/parameters/reveal", {**body, "reason": " "}).status_code == 422
    answer = desk.post("supervisor", f"{at}/parameters/reveal", body)
    assert answer.json == {"value": "the passphrase"}
    assert answer.headers["Cache-Control"] == "no-store"
    with store.connection():
        (entry,) = audit.entries(desk.demo.tenant_id)
    assert (entry["reason"], entry["detail"]) == (body["reason"], {"path": KEY})


def test_a_value_is_checked_before_it_is_written(desk, at, told):
    well = desk.post("operator", f"{at}/parameters/check", {"path": "Device.X.Number", "value": "007"})
    assert well.json == {"value": "7", "type": "xsd:unsignedInt"}
    bad = desk.post("operator", f"{at}/parameters/check", {"path": "Device.X.Number", "value": "seven"})
    assert (bad.status_code, list(bad.json["error"]["fields"])) == (422, ["value"])


def test_broken_questions_are_refused_by_field(desk, at, subtests):
    long = "x" * 33_000
    broken = [
        ("get", "", {"path": "Device.<b>"}),
        ("get", "", {"path": "x" * 257}),
        ("get", "", {"limit": 201}),
        ("get", "", {"q": "x" * 101}),
        ("post", "/refresh", {"path": "Device.", "client_message_id": "short"}),
        ("post", "/refresh", {"path": 5, "client_message_id": MESSAGE}),
        ("post", "/reveal", {"path": "Device.", "reason": "because"}),
        ("post", "/reveal", {"path": KEY, "reason": "x" * 501}),
        ("post", "/check", {"path": KEY, "value": long}),
        ("post", "/check", {"path": KEY, "value": "x", "type": "not a type"}),
        ("post", "/check", {"path": "", "value": "x"}),
    ]
    for method, end, given in broken:
        with subtests.test(end=end, given=str(given)[:60]):
            address = f"{at}/parameters{end}"
            answer = (
                desk.get("supervisor", address, **given)
                if method == "get"
                else desk.post("supervisor", address, given)
            )
            assert answer.status_code == 422, answer.text
            assert answer.json["error"]["fields"]
