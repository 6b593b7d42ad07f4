"""How a router is doing, in one of five words."""

from __future__ import annotations

import pytest

from backend.devices.condition import INFORM_INTERVAL_UNKNOWN_S, condition_of
from widgets import messages
from workflows.facts import Datum

NOW = 1_700_000_000.0


def condition(last_inform_at=NOW - 10, **values):
    stored = {path: Datum(value, "xsd:string", NOW) for path, value in values.items()}
    return condition_of({"last_inform_at": last_inform_at}, stored, NOW)


TR181 = {
    "Device.DHCPv4.Server.Enable": "true",
    "Device.DHCPv4.Server.Pool.1.Enable": "1",
    "Device.WiFi.SSID.1.Enable": "1",
    "Device.WiFi.SSID.1.SSID": "home",
}
LAN = "InternetGatewayDevice.LANDevice.1."
TR098 = {
    LAN + "LANHostConfigManagement.DHCPServerEnable": "1",
    LAN + "WLANConfiguration.1.Enable": "1",
    LAN + "WLANConfiguration.1.SSID": "home",
    LAN + "WLANConfiguration.1.WPS.Enable": "0",
}


@pytest.mark.parametrize(
    ("values", "state", "reason"),
    [
        ({}, "good", "heard"),
        (TR181, "excellent", "all-right"),
        (TR098, "excellent", "all-right"),
        (TR181 | {"Device.DHCPv4.Server.Enable": "0"}, "fair", "dhcp-off"),
        (TR181 | {"Device.DHCPv4.Server.Pool.1.Enable": "false"}, "fair", "dhcp-off"),
        (TR098 | {LAN + "LANHostConfigManagement.DHCPServerEnable": "0"}, "fair", "dhcp-off"),
        (TR181 | {"Device.WiFi.SSID.1.Enable": "0"}, "poor", "wifi-off"),
        (TR098 | {LAN + "WLANConfiguration.1.Enable": "0"}, "poor", "wifi-off"),
    ],
)
def test_state_by_what_is_stored(values, state, reason):
    found = condition(**values)
    assert (found.state, found.reason) == (state, reason)
    assert found.online


def test_names_of_networks_that_are_on():
    more = {
        "Device.WiFi.SSID.2.Enable": "0",
        "Device.WiFi.SSID.2.SSID": "guest",
        "Device.WiFi.SSID.3.Enable": "1",
        "Device.WiFi.SSID.3.SSID": "home",
    }
    assert condition(**TR181, **more).network_names == ("home",)


def test_never_heard_is_unknown():
    found = condition(None)
    assert (found.state, found.online) == ("unknown", False)


@pytest.mark.parametrize(
    ("age_s", "interval", "online"),
    [
        (100, "60", True),
        (211, "60", False),
        (1000, None, True),
        (INFORM_INTERVAL_UNKNOWN_S * 2.5 + 61, None, False),
        (1000, "soon", True),
    ],
)
def test_online_follows_the_devices_own_interval(age_s, interval, online):
    values = {"Device.ManagementServer.PeriodicInformInterval": interval} if interval else {}
    found = condition(NOW - age_s, **values)
    assert found.online is online
    assert (found.state == "poor") is not online


@pytest.mark.parametrize("language", ["en", "pl"])
@pytest.mark.parametrize("reason", ["never-heard", "not-heard", "wifi-off", "dhcp-off", "heard", "all-right"])
def test_every_reason_has_a_sentence(language, reason):
    assert messages.has_message(language, f"device-{reason}")
