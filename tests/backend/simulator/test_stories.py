"""The stories beyond DHCP: what the household notices, what a repair changes, and that it can be seen."""

from __future__ import annotations

import pytest

from backend.cwmp import rpc
from backend.simulator.homes import HOMES

NOW = 1_700_000_000.0  # in the calm part of a minute, for the old firmware
RADIO = "Device.WiFi.Radio.1."
POINT = "Device.WiFi.AccessPoint."
WLAN = "InternetGatewayDevice.LANDevice.1.WLANConfiguration.2."


def troubles(router, now=NOW):
    return {one.station.name: one.trouble for one in router.settle(now)}


def write(router, *values, now=NOW):
    answer = router.answer(rpc.SetParameterValues(tuple(rpc.ParameterValue(*v) for v in values)), "1", now)
    assert answer == rpc.SetParameterValuesResponse(0), answer


def read(router, *names, now=NOW):
    answer = router.answer(rpc.GetParameterValues(names), "1", now)
    return {one.name: one.value for one in answer.values}


def test_a_calm_channel_helps_and_its_radio_is_away_for_a_moment(opened):
    router = opened("crowded-channel")
    before = troubles(router)
    assert (before["filip-phone"], before["baby-monitor"], before["filip-laptop"]) == ("crowded", "lost", "")
    phone = POINT + "1.AssociatedDevice.1."
    slow = read(router, phone + "LastDataDownlinkRate", phone + "Retransmissions")
    write(router, (RADIO + "Channel", "11", "xsd:unsignedInt"))
    assert troubles(router, NOW + 1)["filip-phone"] == "reconnecting"
    assert set(troubles(router, NOW + 4).values()) == {""}
    fast = read(router, phone + "LastDataDownlinkRate", phone + "Retransmissions", now=NOW + 4)
    assert all(int(fast[name]) != int(slow[name]) for name in fast)
    assert int(fast[phone + "LastDataDownlinkRate"]) > 5 * int(slow[phone + "LastDataDownlinkRate"])


def test_a_router_that_chooses_for_itself_takes_the_calmest(opened):
    router = opened("crowded-channel")
    write(router, (RADIO + "AutoChannelEnable", "true", "xsd:boolean"))
    assert router.tree.value(RADIO + "Channel") == "11"
    write(router, (RADIO + "Channel", "1", "xsd:unsignedInt"))
    assert not router.tree.is_true(RADIO + "AutoChannelEnable")
    assert [line["path"] for line in router.applied][-2:] == [RADIO + "Channel", RADIO + "AutoChannelEnable"]


def test_the_new_laptop_is_let_in_by_the_list_or_by_no_list(opened):
    router = opened("filtered-laptop")
    assert troubles(router) == {"zofia-phone": "", "new-laptop": "filtered", "tv": "", "printer": ""}
    listed = router.tree.value(POINT + "2.AllowedMACAddress")
    write(router, (POINT + "2.AllowedMACAddress", listed + ",06:0c:00:00:00:02", "xsd:string"))
    assert troubles(router)["new-laptop"] == ""
    write(router, (POINT + "2.AllowedMACAddress", "", "xsd:string"))
    assert troubles(router)["zofia-phone"] == "filtered"
    write(router, (POINT + "2.MACAddressControlEnabled", "0", "xsd:boolean"))
    assert set(troubles(router).values()) == {""}
    bad = (rpc.ParameterValue(POINT + "2.AllowedMACAddress", "the laptop"),)
    assert router.answer(rpc.SetParameterValues(bad), "1", NOW).set_parameter_faults[0].code == "9007"


def test_the_console_is_let_in_when_it_is_off_the_other_list(opened):
    router = opened("denied-console")
    assert troubles(router)["console"] == "filtered"
    write(router, (WLAN + "X_02CF02_DeniedMACAddresses", "", "xsd:string"))
    assert set(troubles(router).values()) == {""}


def test_the_old_firmware_throws_the_five_gigahertz_off_for_a_part_of_each_minute(opened):
    router = opened("old-firmware")
    assert set(troubles(router).values()) == {""}
    assert troubles(router, NOW + 45)["laura-phone"] == "dropping"
    assert troubles(router, NOW + 45)["fridge"] == ""
    router.tree.put("Device.DeviceInfo.SoftwareVersion", "3.4.12")
    assert set(troubles(router, NOW + 45).values()) == {""}


def test_the_lost_home_knows_its_old_name_and_key(opened):
    router = opened("lost-configuration")
    assert troubles(router)["jan-phone"] == "wrong-network"
    name, key = router.home.knows
    write(router, (WLAN + "SSID", name, "xsd:string"), (WLAN + "KeyPassphrase", key, "xsd:string"))
    assert troubles(router, NOW + 5)["jan-phone"] == ""
    assert router.tree.value(WLAN + "PreSharedKey.1.KeyPassphrase") == key


@pytest.mark.parametrize("home", HOMES[10:], ids=lambda home: home.story)
def test_each_says_what_to_try(home):
    assert home.tries.endswith(".")
    assert home.group in ("wifi", "files", "nat")


@pytest.mark.parametrize("home", HOMES[:10], ids=lambda home: home.story)
def test_the_air_of_the_homes_of_dhcp_is_clean(opened, home):
    router = opened(home.story)
    assert {link.trouble for link in router.links(NOW).values()} == {""}
    assert home.group == "dhcp"
