"""The page that shows what is inside the routers."""

from __future__ import annotations

import json

import pytest

from backend.cwmp import rpc
from backend.simulator import control as control_module
from backend.simulator.control import Control
from backend.simulator.cpe import Cpe
from backend.simulator.homes import HOMES, demo_password
from backend.simulator.standing import RESET

NOW = 1_700_000_000.0
SERIAL = "NV0000000001"
ENABLE = "Device.DHCPv4.Server.Enable"


@pytest.fixture
def fleet(opened):
    return {home.serial: Cpe(opened(home.story)) for home in HOMES}


@pytest.fixture
def get(fleet):
    control = Control(fleet, lambda: NOW)

    def of(path, *, method="GET", accept="", **more):
        started = []
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "HTTP_ACCEPT": accept, **more}
        body = b"".join(control(environ, lambda *given: started.append(given)))
        return started[0][0][:3], dict(started[0][1]), body.decode()

    return of


def test_every_router_with_its_home(get):
    rows = json.loads(get("/routers")[2])["routers"]
    assert [row["serial"] for row in rows] == [home.serial for home in HOMES]
    assert rows[0]["joined"] == 1
    assert rows[5]["joined"] == len(rows[5]["stations"])


def test_a_changed_value_and_its_log_can_be_seen(get, fleet):
    fleet[SERIAL].router.answer(
        rpc.SetParameterValues((rpc.ParameterValue(ENABLE, "1", "xsd:boolean"),), "k1"), "1", NOW
    )
    seen = json.loads(get(f"/routers/{SERIAL}")[2])
    assert seen["parameters"][ENABLE] == {"value": "true", "type": "xsd:boolean", "writable": True}
    assert seen["applied"][0]["command"] == "k1"
    assert seen["lan"]["dhcp_enabled"] is True
    page = get(f"/routers/{SERIAL}", accept="text/html,*/*")[2]
    assert ENABLE in page
    assert "joined, opens web pages" in page
    assert "<td>DHCP server</td><td><code>on</code></td>" in page


@pytest.mark.parametrize("path", ["/", "/routers", f"/routers/{SERIAL}", f"/routers/{SERIAL}/parameters"])
def test_pages_are_html_for_a_browser_and_tell_no_secret(get, path):
    status, headers, page = get(path, accept="text/html")
    assert status == "200"
    assert headers["Content-Type"].startswith("text/html")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert page.startswith("<!doctype html>")
    for text in (page, get(path)[2]):
        assert demo_password(SERIAL) not in text
        assert "correct-horse" not in text


def test_what_a_router_says_is_escaped(get, fleet):
    path = "Device.DHCPv4.Server.Pool.1.DomainName"
    fleet[SERIAL].router.answer(
        rpc.SetParameterValues((rpc.ParameterValue(path, "<script>", "xsd:string"),)), "<b>", NOW
    )
    for where in (f"/routers/{SERIAL}", f"/routers/{SERIAL}/parameters"):
        page = get(where, accept="text/html")[2]
        assert "<script>" not in page
        assert "<b>" not in page


def test_switching_off_and_on_is_for_this_page_only(get, fleet):
    where = f"/routers/{SERIAL}/boot"
    elsewhere = {"HTTP_ORIGIN": "http://other.example", "HTTP_HOST": "127.0.0.1:7580"}
    assert get(where, method="POST", **elsewhere)[0] == "403"
    assert not fleet[SERIAL]._cycle
    status, headers, _ = get(where, method="POST")
    assert (status, headers["Location"]) == ("303", f"/routers/{SERIAL}")
    assert fleet[SERIAL]._wait_s() == 0.0


@pytest.mark.parametrize("path", ["/nothing", "/routers/XX", "/routers/XX/boot"])
def test_what_is_not_there(get, path):
    assert get(path)[0] == "404"
    assert get(path, method="POST")[0] == "404"


def test_the_wifi_and_what_to_try_can_be_seen(get):
    serial = "NV0000000011"
    seen = json.loads(get(f"/routers/{serial}")[2])
    assert [one["busy_percent"] for one in seen["radios"]][0] == 100
    page = get(f"/routers/{serial}", accept="text/html")[2]
    assert "the channel is crowded" in page
    assert "Run the WiFi channel workflow" in page
    assert "listed devices only" in get("/routers/NV0000000012", accept="text/html")[2]


def test_every_trouble_has_its_words(fleet):
    words = {one["trouble"] for cpe in fleet.values() for one in cpe.summary(NOW)["stations"]}
    assert {"filtered", "crowded", "lost", "wrong-network"} <= words <= set(control_module._TROUBLES)


def test_files_under_way_are_listed(get, fleet):
    fleet[SERIAL].router.answer(
        rpc.Download("d1", "1 Firmware Upgrade Image", "http://127.0.0.1/x"), "1", NOW
    )
    assert json.loads(get(f"/routers/{SERIAL}")[2])["transfers"][0]["state"] == "waiting"
    assert "1 Firmware Upgrade Image" in get(f"/routers/{SERIAL}", accept="text/html")[2]


def test_the_reset_pin_and_the_wish_for_firmware(get, fleet):
    cpe = fleet[SERIAL]
    assert get(f"/routers/{SERIAL}/reset", method="POST")[0] == "303"
    assert cpe.router.ordered == RESET
    assert cpe.router.applied[-1]["rpc"] == "reset pin"
    assert get(f"/routers/{SERIAL}/firmware", method="POST")[0] == "303"
    assert cpe._requests == [
        rpc.RequestDownload("1 Firmware Upgrade Image", (rpc.Argument("Version", "3.4.12"),))
    ]
    assert get(f"/routers/{SERIAL}/anything", method="POST")[0] == "404"


def test_a_large_fleet_is_counted_and_shown_in_part(fleet):
    many = {f"{serial}-{number}": cpe for serial, cpe in fleet.items() for number in range(10)}
    shown = Control(many, lambda: NOW)._fleet()
    assert (len(shown["routers"]), shown["count"]) == (control_module.ROUTERS_SHOWN, len(many))
