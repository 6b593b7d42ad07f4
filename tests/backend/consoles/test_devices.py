"""Finding routers and one of them in words; tags; letting one in; the doorbell."""

from __future__ import annotations

import pytest

from backend import database as store
from backend.devices import files, records
from backend.devices.tables import Device
from backend.identity import audit
from backend.live import doorbell, push
from tests.backend.consoles.conftest import DEVICES
from tests.conftest import NOW

pytestmark = pytest.mark.store


def serials(answer):
    assert answer.status_code == 200, answer.text
    return [item["serial_number"] for item in answer.json["items"]]


def test_routers_are_found_by_what_staff_know(desk, home):
    everyone = desk.get("agent", DEVICES, limit=50)
    assert home.home.serial in serials(everyone)
    assert everyone.json["total"] == len(serials(everyone)) >= 10
    assert (everyone.json["next"], everyone.json["total_limit"]) == (None, 10_000)
    for words in (home.home.serial[:5].lower(), home.home.person.last_name, home.home.person.phone):
        assert home.home.serial in serials(desk.get("operator", DEVICES, q=words)), words
    assert serials(desk.get("operator", DEVICES, q="nothing-like-this")) == []


def test_a_found_router_says_whose_it_is_and_how_it_is(desk, home):
    (item,) = desk.get("operator", DEVICES, q=home.home.serial, locale="pl").json["items"]
    assert item["customer"]["id"] == home.customer_id
    assert item["customer"]["name"].startswith(home.home.person.first_name)
    assert item["state"] in ("good", "fair") and item["online"] is True
    assert "router" in item["state_text"].lower()
    assert item["admission"] == "enrolled"
    assert item["last_contact_at"].endswith("Z")


def test_lists_come_in_pages_and_by_state(desk, home):
    seen, after = [], None
    for _ in range(40):
        page = desk.get("operator", DEVICES, limit=3, **({"after": after} if after else {})).json
        seen += [item["id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert len(seen) == len(set(seen)) == page["total"]
    online = desk.get("operator", DEVICES, state="online").json
    assert [item["id"] for item in online["items"]] == [home.device_id]
    assert online["total"] is None
    never = desk.get("operator", DEVICES, state="unknown", limit=50).json
    assert home.device_id not in [item["id"] for item in never["items"]]


def test_one_router_in_words(desk, home, at):
    shown = desk.get("agent", at).json
    assert shown["id"] == home.device_id
    assert shown["customer"]["id"] == home.customer_id
    assert shown["wake"]["kind"] in ("http", "udp", "none") and shown["wake"]["text"]
    assert shown["firmware"] == {"current": shown["software_version"], "offered": None}
    assert shown["backup"] is None
    assert {network["band"] for network in shown["wifi"]} <= {"2.4 GHz", "5 GHz", "6 GHz", None}
    assert shown["wifi"][0]["ssid"]
    assert shown["hosts"]
    assert len(shown["summary"]) >= 4 and all(shown["summary"])
    polish = desk.get("agent", at, locale="pl").json
    assert polish["summary"] != shown["summary"]
    assert not any("device-" in sentence for sentence in (*polish["summary"], *shown["summary"]))


def test_firmware_that_fits_and_a_backup_are_told(desk, home, at):
    shown = desk.get("operator", at).json
    with store.connection():
        image = files.put(
            desk.demo.tenant_id,
            kind="firmware",
            name="new.bin",
            version="99.1",
            models=[shown["model"]],
            content=[b"x"],
            now=NOW,
        )
        backup = files.put(
            desk.demo.tenant_id,
            kind="configuration",
            name="b.cfg",
            device_id=home.device_id,
            content=[b"x"],
            now=NOW,
        )
    shown = desk.get("operator", at).json
    assert shown["firmware"]["offered"] == {"version": "99.1", "file_id": image}
    assert shown["backup"]["file_id"] == backup
    assert any("99.1" in sentence for sentence in shown["summary"])


def test_tags_are_put_as_a_whole(desk, home, at, rung):
    assert desk.put("operator", f"{at}/tags", {"tags": ["VIP", "Fibre pilot", "vip"]}).json == {
        "tags": ["vip", "Fibre pilot"]
    }
    assert desk.get("agent", at).json["tags"] == ["vip", "Fibre pilot"]
    assert serials(desk.get("agent", DEVICES, tag="VIP")) == [home.home.serial]
    doorbell.deliver()
    assert (home.device_id, ["record"]) in [(id, sorted(set(what) & {"record"})) for id, what in rung]
    assert desk.put("operator", f"{at}/tags", {"tags": []}).json == {"tags": []}


def test_broken_tags_are_refused(desk, at, subtests):
    broken = (["a" * 49], [""], ["<b>"], [str(n) for n in range(21)], "vip", [5], ["a\u0000"], ["-x"])
    for tags in broken:
        with subtests.test(tags=tags):
            assert desk.put("operator", f"{at}/tags", {"tags": tags}).status_code in (400, 422)


def test_a_router_that_is_held_back_is_let_in_and_that_is_written_down(desk, home, at):
    with store.connection(), store.transaction():
        Device.update(admission="quarantined", customer_id=None).where(Device.id == home.device_id).execute()
    held = desk.get("supervisor", DEVICES, state="quarantined").json
    assert ([item["id"] for item in held["items"]], held["total"]) == ([home.device_id], 1)
    assert "held back" in " ".join(desk.get("operator", at).json["summary"])
    assert desk.post("operator", f"{at}/admit", {}).status_code == 403
    answer = desk.post("supervisor", f"{at}/admit", {"customer_id": home.customer_id})
    assert answer.status_code == 200, answer.text
    assert answer.json == {"id": home.device_id, "admission": "enrolled"}
    assert desk.get("operator", at).json["customer"]["id"] == home.customer_id
    with store.connection():
        (entry,) = audit.entries(desk.demo.tenant_id, thing="device", thing_id=home.device_id)
        assert records.facts(desk.demo.tenant_id, home.device_id)["customer_id"] == home.customer_id
    assert (entry["action"], entry["actor"]["role"]) == ("device.admit", "supervisor")
    assert desk.post("supervisor", f"{at}/admit", {"customer_id": "0" * 26}).status_code == 404


def test_a_router_held_back_is_said_to_be(desk, home, at):
    with store.connection(), store.transaction():
        Device.update(admission="quarantined").where(Device.id == home.device_id).execute()
    shown = desk.get("supervisor", at).json
    (item,) = desk.get("supervisor", DEVICES, q=home.home.serial).json["items"]
    assert "held back" in shown["state_text"] and "held back" in item["state_text"]
    assert shown["wake"] == {"kind": "none", "text": "It is not asked to call while it is held back."}


def test_staff_are_told_of_the_router_and_not_of_theirs(desk, home, at):
    shown = desk.get("operator", at).json
    (item,) = desk.get("operator", DEVICES, q=home.home.serial).json["items"]
    for sentence in (item["state_text"], *shown["summary"]):
        assert "your router" not in sentence.lower()


def test_waking_is_told_as_it_is(desk, home, at):
    def told(**columns):
        with store.connection(), store.transaction():
            Device.update(**columns).where(Device.id == home.device_id).execute()
        return desk.get("operator", at).json["wake"]

    assert told(connection_request_url="http://10.0.0.7/", cr_held_at=NOW)["kind"] == "http"
    wake = told(cr_held_at=None)
    assert wake["kind"] == "none" and "when it calls by itself" in wake["text"]


def test_a_router_that_was_reset_is_told_and_let_in_anew_and_that_is_written_down(desk, home, at, rung):
    with store.connection(), store.transaction():
        later = records.facts(desk.demo.tenant_id, home.device_id)["last_inform_at"] + 60
        Device.update(knocked_at=later).where(Device.id == home.device_id).execute()
    shown = desk.get("supervisor", at).json
    assert shown["knocked_at"] and shown["may_enrol"] is False
    assert "Was it reset?" in shown["summary"][0]
    assert desk.post("operator", f"{at}/reopen").status_code == 403
    assert desk.post("supervisor", f"{at}/reopen", {"reason": "x" * 501}).status_code == 422
    answer = desk.post("supervisor", f"{at}/reopen", {"reason": "pin, says Anna"})
    assert (answer.status_code, answer.json) == (200, {"id": home.device_id, "may_enrol": True})
    shown = desk.get("supervisor", at).json
    assert shown["may_enrol"] is True and "may come in anew" in shown["summary"][0]
    with store.connection():
        (entry,) = audit.entries(desk.demo.tenant_id, thing="device", thing_id=home.device_id)
    assert (entry["action"], entry["reason"], entry["detail"]) == (
        "device.admit",
        "pin, says Anna",
        {"anew": True},
    )
    doorbell.deliver()
    assert any(id == home.device_id and "record" in what for id, what in rung)


def test_broken_searches_are_refused_by_field(desk, subtests):
    broken = {
        "q": ["x" * 101],
        "limit": [0, 51, "many"],
        "state": ["angry"],
        "after": ["../../etc"],
        "locale": ["<script>"],
        "tag": ["x" * 49],
    }
    for name, values in broken.items():
        for value in values:
            with subtests.test(name=name, value=value):
                answer = desk.get("operator", DEVICES, **{name: value})
                assert answer.status_code == 422
                assert list(answer.json["error"]["fields"]) == [name]


def test_odd_words_find_nothing_and_break_nothing(desk, home, subtests):
    odd = ("%", "_", "'", '"', "\\", "a" * 100, "🙂", " ", "SELECT *", "\u202e", "ß", "+", "00", "......")
    for words in odd:
        with subtests.test(words=words):
            assert desk.get("operator", DEVICES, q=words).status_code == 200


# -- the doorbell ---------------------------------------------------------------------------------


def test_a_page_hears_of_its_router_alone(desk, app, home, call):
    socket = app.extensions["socketio"].test_client(
        app, auth={"token": desk.headers("operator")["Authorization"].removeprefix("Bearer ")}
    )
    doorbell.bind(doorbell.Doorbell(push.devices))
    assert socket.emit("join_device", {"device": home.device_id}, callback=True) == {"ok": True}
    call()
    doorbell.deliver()
    heard = [one["args"][0] for one in socket.get_received() if one["name"] == "device"]
    assert [one["id"] for one in heard] == [home.device_id]
    assert {"record", "sessions"} <= set(heard[0]["what"])
    assert socket.emit("leave_device", {"device": home.device_id}, callback=True) == {"ok": True}
    call()
    doorbell.deliver()
    assert socket.get_received() == []


def test_a_socket_looks_at_one_router_at_a_time(desk, app, home, home_of, call):
    other = home_of("lease-too-short")
    socket = app.extensions["socketio"].test_client(
        app, auth={"token": desk.headers("agent")["Authorization"].removeprefix("Bearer ")}
    )
    call()
    doorbell.bind(doorbell.Doorbell(push.devices))
    for one in (home.device_id, other.device_id):
        assert socket.emit("join_device", {"device": one}, callback=True) == {"ok": True}
    call()
    doorbell.deliver()
    assert socket.get_received() == []
    for payload in ({}, {"device": 5}, {"device": "x" * 99}, {"device": home.device_id, "more": 1}):
        assert socket.emit("join_device", payload, callback=True)["error"]["code"] == "invalid"
    assert socket.emit("join_device", {"device": "0" * 26}, callback=True)["error"]["code"] == "not_found"
