"""A home from stored parameters of either data model; what was not read is not guessed."""

from __future__ import annotations

import pytest

from backend.devices import overview
from backend.devices.overview import home_of
from tests.conftest import NOW
from workflows.facts import Datum


def stored(values, read_at=NOW - 60):
    return {path: Datum(value, "xsd:string", read_at) for path, value in values.items()}


def test_networks_of_tr181_follow_their_radio():
    home = home_of(
        stored(
            {
                "Device.WiFi.SSID.1.SSID": "Nowak",
                "Device.WiFi.SSID.1.Enable": "true",
                "Device.WiFi.SSID.1.LowerLayers": "Device.WiFi.Radio.2.",
                "Device.WiFi.SSID.2.SSID": "Guests",
                "Device.WiFi.SSID.2.Enable": "0",
                "Device.WiFi.Radio.2.Channel": "36",
                "Device.WiFi.Radio.2.OperatingFrequencyBand": "5GHz",
                "Device.WiFi.Radio.2.AutoChannelEnable": "1",
            }
        ),
        NOW,
    )
    assert home.networks == (
        {"band": "5 GHz", "ssid": "Nowak", "enabled": True, "channel": 36, "auto": True},
        {"band": None, "ssid": "Guests", "enabled": False, "channel": None, "auto": None},
    )


@pytest.mark.parametrize(
    ("more", "band"),
    [
        ({"Channel": "11"}, "2.4 GHz"),
        ({"Channel": "44"}, "5 GHz"),
        ({"Channel": "0", "Standard": "b,g,n"}, "2.4 GHz"),
        ({"Channel": "0", "Standard": "a,n,ac"}, "5 GHz"),
        ({"Channel": "0", "OperatingFrequencyBand": "6GHz"}, "6 GHz"),
        ({"Channel": "abc"}, None),
    ],
)
def test_the_band_of_tr098_is_told_or_follows_from_the_channel(more, band):
    wlan = "InternetGatewayDevice.LANDevice.1.WLANConfiguration.3."
    home = home_of(stored({f"{wlan}SSID": "x", **{wlan + name: value for name, value in more.items()}}), NOW)
    assert [network["band"] for network in home.networks] == [band]


def test_hosts_of_both_models():
    new, old = "Device.Hosts.Host.", "InternetGatewayDevice.LANDevice.1.Hosts.Host."
    home = home_of(
        stored(
            {
                f"{new}10.HostName": "ten",
                f"{new}2.HostName": "two",
                f"{new}2.PhysAddress": "aa:bb:cc:00:00:02",
                f"{new}2.Active": "1",
                f"{old}1.MACAddress": "AA:BB:CC:00:00:01",
                f"{old}1.IPAddress": "192.168.1.5",
                f"{new}HostNumberOfEntries": "2",
            }
        ),
        NOW,
    )
    assert [(one["name"], one["mac"], one["ip"], one["active"]) for one in home.hosts] == [
        ("two", "AA:BB:CC:00:00:02", "", True),
        ("ten", "", "", None),
        ("", "AA:BB:CC:00:00:01", "192.168.1.5", None),
    ]


def test_running_time_goes_on_since_it_was_read():
    home = home_of(
        stored(
            {
                "Device.DeviceInfo.UpTime": "100",
                "Device.ManagementServer.PeriodicInformInterval": "300",
            }
        ),
        NOW,
    )
    assert (home.uptime_s, home.inform_every_s) == (160.0, 300.0)
    assert home_of({}, NOW) == home_of(stored({"Device.DeviceInfo.UpTime": "soon"}), NOW)


def test_tables_without_end_cost_no_more_than_long_ones():
    """A router told of 20,000 LAN devices; a look over all that is stored for each of them takes minutes."""
    many = {f"{overview.LAN}{n}.WLANConfiguration.1.SSID": f"s{n}" for n in range(1, 20_001)}
    looked = []

    class Counted(dict):
        def __iter__(self):
            looked.append(1)
            return super().__iter__()

    home = home_of(Counted(stored(many)), NOW)
    assert [one["ssid"] for one in home.networks] == [f"s{n}" for n in range(1, overview.LANS_LIMIT + 1)]
    assert len(looked) < 10 * overview.LANS_LIMIT


def test_an_odd_number_is_no_instance():
    assert (
        home_of(stored({"Device.WiFi.SSID.².SSID": "x", "Device.WiFi.SSID.٣.SSID": "y"}), NOW).networks == ()
    )
