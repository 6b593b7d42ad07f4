"""The shipped settings of WiFi, WAN and tables, on plain routers of both data models."""

from __future__ import annotations

import pytest

from workflows.facts import Datum, Facts
from workflows.reader import read_library
from workflows.settings import Missing, Refused

LIBRARY = read_library().settings
WIFI = "Device.WiFi."
WLAN = "InternetGatewayDevice.LANDevice.1.WLANConfiguration."
CONNECTION = "InternetGatewayDevice.WANDevice.1.WANConnectionDevice."

TR181 = {
    "Radio.1.OperatingFrequencyBand": "5GHz",
    "Radio.1.Channel": "36",
    "Radio.2.OperatingFrequencyBand": "2.4GHz",
    "Radio.2.Channel": "11",
    "SSID.3.LowerLayers": "Device.WiFi.Radio.2.",
    "SSID.3.SSID": "Home",
    "SSID.4.LowerLayers": "Device.WiFi.Radio.1",
    "SSID.4.SSID": "Home-5",
    "SSID.7.LowerLayers": "Device.WiFi.Radio.2.",
    "SSID.7.SSID": "Guests",
    "AccessPoint.1.SSIDReference": "Device.WiFi.SSID.7.",
    "AccessPoint.1.AssociatedDeviceNumberOfEntries": "0",
    "AccessPoint.2.SSIDReference": "Device.WiFi.SSID.4.",
    "AccessPoint.2.AssociatedDevice.6.MACAddress": "02:00:5E:00:53:01",
    "AccessPoint.2.AssociatedDevice.6.SignalStrength": "-61",
    "AccessPoint.2.AssociatedDeviceNumberOfEntries": "1",
    "AccessPoint.5.SSIDReference": "Device.WiFi.SSID.3",
    "AccessPoint.5.AssociatedDeviceNumberOfEntries": "0",
}
TR098 = {
    "1.PossibleChannels": "1-13",
    "1.Channel": "6",
    "2.PossibleChannels": "1-13",
    "2.SSID": "Guests",
    "5.PossibleChannels": "36-64,100-140",
    "5.Channel": "0",
}


def tr181(**more: str) -> Facts:
    values = {WIFI + path: value for path, value in {**TR181, **more}.items()}
    return facts(values, "tr181")


def tr098(values: dict[str, str]) -> Facts:
    return facts({WLAN + path: value for path, value in values.items()}, "tr098")


def facts(values: dict[str, str], model: str) -> Facts:
    """What is stored, all read at 90; now is 100."""
    stored = {path: Datum(value, "xsd:string", 90.0) for path, value in values.items()}
    return Facts(100.0, {"data_model": model}, stored)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("wifi.2g.channel", "Radio.2.Channel"),
        ("wifi.5g.channel", "Radio.1.Channel"),
        ("wifi.2g.ssid", "SSID.3.SSID"),
        ("wifi.5g.ssid", "SSID.4.SSID"),
        ("wifi.2g.key", "AccessPoint.5.Security.KeyPassphrase"),
        ("wifi.5g.key", "AccessPoint.2.Security.KeyPassphrase"),
        ("wifi.guest.ssid", "SSID.7.SSID"),
        ("wifi.guest.key", "AccessPoint.1.Security.KeyPassphrase"),
    ],
)
def test_radio_network_and_access_point_of_a_band_are_found_by_their_references(name: str, path: str) -> None:
    assert LIBRARY.path_of(name, tr181())[0] == WIFI + path
    named = LIBRARY.named_by(WIFI + path, tr181())
    assert named is not None and named.name == name


@pytest.mark.parametrize(
    ("name", "path"),
    [("wifi.2g.channel", "1.Channel"), ("wifi.5g.channel", "5.Channel"), ("wifi.guest.ssid", "2.SSID")],
)
def test_a_band_of_tr098_is_told_by_its_channels(name: str, path: str) -> None:
    assert LIBRARY.path_of(name, tr098(TR098))[0] == WLAN + path


def test_without_a_list_of_channels_the_channel_itself_tells() -> None:
    known = tr098({"1.Channel": "44", "2.Channel": "3"})
    assert LIBRARY.value("wifi.5g.channel", known) == 44
    assert LIBRARY.value("wifi.2g.channel", known) == 3


def test_a_band_nobody_has_is_missing() -> None:
    one_band = tr181(**{"Radio.1.OperatingFrequencyBand": "2.4GHz"})
    for name in ("wifi.5g.channel", "wifi.5g.ssid", "wifi.5g.key"):
        with pytest.raises(Missing):
            LIBRARY.value(name, one_band)


def test_stations_of_all_bands_with_their_band() -> None:
    assert LIBRARY.value("stations", tr181()) == [
        {"band": "5GHz", "mac": "02:00:5E:00:53:01", "signal_dbm": -61}
    ]
    none = {path: "0" for path in TR181 if path.endswith("NumberOfEntries")}
    empty = {k: v for k, v in TR181.items() if "AssociatedDevice." not in k} | none
    assert LIBRARY.value("stations", facts({WIFI + p: v for p, v in empty.items()}, "tr181")) == []
    untold = facts({WIFI + p: v for p, v in empty.items() if "NumberOf" not in p}, "tr181")
    with pytest.raises(Missing):
        LIBRARY.value("stations", untold)


@pytest.mark.parametrize(
    ("beacon", "basic", "mode"),
    [
        ("11i", "None", "WPA2-Personal"),
        ("WPAand11i", "None", "WPA-WPA2-Personal"),
        ("Basic", "None", "None"),
        ("Basic", "WEPEncryption", "WEP-128"),
    ],
)
def test_protection_of_tr098_is_told_as_tr181_does(beacon: str, basic: str, mode: str) -> None:
    known = tr098({**TR098, "1.BeaconType": beacon, "1.BasicEncryptionModes": basic})
    assert LIBRARY.value("wifi.2g.security", known) == mode
    assert WLAN + "1.BasicEncryptionModes" in LIBRARY.paths_to_read(
        ("wifi.2g.security",), known.device, known
    )


def test_protection_of_tr098_is_written_with_its_cipher_where_the_router_has_one() -> None:
    known = tr098({**TR098, "1.BeaconType": "Basic", "1.IEEE11iEncryptionModes": "TKIPEncryption"})
    path = WLAN + "1.BeaconType"
    assert LIBRARY.together([LIBRARY.written(path, "WPA2-Personal", known)], known) == [
        (path, "11i", "xsd:string"),
        (WLAN + "1.IEEE11iEncryptionModes", "AESEncryption", "xsd:string"),
    ]
    assert LIBRARY.together([(path, "Basic", "xsd:string")], known, spelled=True) == [
        (path, "Basic", "xsd:string")
    ]
    with pytest.raises(Refused):
        LIBRARY.together([LIBRARY.written(path, "WPA3-Personal", known)], known)


def test_one_filter_for_all_access_points() -> None:
    known = tr181(
        **{
            "AccessPoint.1.MACAddressControlEnabled": "false",
            "AccessPoint.2.MACAddressControlEnabled": "true",
            "AccessPoint.1.AllowedMACAddress": "",
            "AccessPoint.2.AllowedMACAddress": "02:00:5E:00:53:01, 02:00:5E:00:53:02",
        }
    )
    with pytest.raises(Missing):  # what access point 5 has was never read
        LIBRARY.value("wifi.mac_filter.mode", known)
    five = {
        "AccessPoint.5.MACAddressControlEnabled": "0",
        "AccessPoint.5.AllowedMACAddress": "02:00:5E:00:53:09",
    }
    known = known.over({WIFI + path: Datum(value, "xsd:string", 95.0) for path, value in five.items()})
    assert LIBRARY.value("wifi.mac_filter.mode", known) == "allow"
    assert LIBRARY.age_s("wifi.mac_filter.mode", known) == 10.0
    allowed = ["02:00:5E:00:53:01", "02:00:5E:00:53:02", "02:00:5E:00:53:09"]
    assert LIBRARY.value("wifi.mac_filter.allow", known) == allowed
    path, _ = LIBRARY.path_of("wifi.mac_filter.allow", known)
    sent = LIBRARY.together([LIBRARY.written(path, [*allowed, "02:00:5E:00:53:0A"], known)], known)
    assert [p for p, _, _ in sent] == [f"{WIFI}AccessPoint.{i}.AllowedMACAddress" for i in (1, 2, 5)]
    assert len({text for _, text, _ in sent}) == 1
    emptied = LIBRARY.together([LIBRARY.written(path, [], known)], known)
    assert {text for _, text, _ in emptied} == {""}
    with pytest.raises(Refused) as caught:
        LIBRARY.together([LIBRARY.written(path, [*allowed, "my laptop"], known)], known)
    assert "MAC address" in caught.value.reason


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("wifi.5g.key", "short", "8 to 63"),
        ("wifi.5g.key", "zażółć gęślą jaźń", "without accents"),
        ("wifi.5g.ssid", "", "one to 32"),
        ("wifi.5g.ssid", "ż" * 17, "one to 32"),
    ],
)
def test_values_no_router_can_take_are_refused_in_words(name: str, value: str, reason: str) -> None:
    path, _ = LIBRARY.path_of(name, tr181())
    with pytest.raises(Refused) as caught:
        LIBRARY.together([LIBRARY.written(path, value, tr181())], tr181())
    assert reason in caught.value.reason and caught.value.texts["pl"]


def test_the_wan_that_carries_the_internet() -> None:
    connection = CONNECTION + "2.WANPPPConnection.1"
    values = {
        "InternetGatewayDevice.Layer3Forwarding.DefaultConnectionService": connection,
        CONNECTION + "1.WANIPConnection.1.ExternalIPAddress": "10.0.0.1",
        connection + ".ExternalIPAddress": "203.0.113.9",
        connection + ".ConnectionStatus": "Connected",
        connection + ".PortMappingNumberOfEntries": "0",
    }
    known = facts(values, "tr098")
    assert LIBRARY.value("wan.ip", known) == "203.0.113.9"
    assert LIBRARY.value("wan.connected", known) is True
    assert LIBRARY.value("port_rules", known) == []
    assert LIBRARY.path_of("port_rules", known) == (connection + ".PortMapping.", "")
    assert LIBRARY.paths_to_read(("wan.ip",), known.device) == (
        "InternetGatewayDevice.Layer3Forwarding.DefaultConnectionService",
        "InternetGatewayDevice.WANDevice.",
    )


def test_a_row_is_written_by_the_names_of_its_columns() -> None:
    known = facts({"Device.NAT.PortMappingNumberOfEntries": "0"}, "tr181")
    table, _ = LIBRARY.path_of("port_rules", known)
    row = LIBRARY.row(table, {"enabled": True, "external_port": 8080, "protocol": "TCP"}, known)
    assert row == [
        ("Enable", "1", "xsd:boolean"),
        ("ExternalPort", "8080", "xsd:unsignedInt"),
        ("Protocol", "TCP", "xsd:string"),
    ]
    with pytest.raises(KeyError):
        LIBRARY.row(table, {"colour": "red"}, known)
    assert LIBRARY.row("Device.WiFi.SSID.", {"enabled": True}, known) is None
