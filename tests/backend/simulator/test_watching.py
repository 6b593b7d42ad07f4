"""Attributes, and changes told without being asked (4 VALUE CHANGE)."""

from __future__ import annotations

import pytest

from backend.cwmp import rpc
from backend.simulator.standing import VALUE_CHANGE

NOW = 1_700_000_000.0
SSID = "Device.WiFi.SSID.1.SSID"
KEY = "Device.WiFi.AccessPoint.1.Security.KeyPassphrase"
VERSION = "Device.DeviceInfo.SoftwareVersion"


def watch(router, name, level, access=None):
    attribute = rpc.SetParameterAttribute(name, level, access)
    return router.answer(rpc.SetParameterAttributes((attribute,)), "1", NOW)


def attributes(router, name):
    answer = router.answer(rpc.GetParameterAttributes((name,)), "1", NOW)
    return {one.name: (one.notification, one.access_list) for one in answer.attributes}


def codes(inform):
    return [event.code for event in inform.events]


def test_attributes_are_set_read_and_kept(opened):
    router = opened("healthy")
    assert attributes(router, SSID) == {SSID: (0, ("Subscriber",))}
    assert watch(router, SSID, 1, ()) == rpc.SetParameterAttributesResponse()
    assert watch(router, "Device.WiFi.SSID.2.", 2) == rpc.SetParameterAttributesResponse()
    again = opened("healthy")
    assert attributes(again, SSID) == {SSID: (1, ())}
    assert {level for level, _ in attributes(again, "Device.WiFi.SSID.2.").values()} == {2}
    watch(again, SSID, None, ("Subscriber",))
    assert attributes(again, SSID) == {SSID: (1, ("Subscriber",))}
    watch(again, SSID, 0)
    assert attributes(again, SSID)[SSID][0] == 0


@pytest.mark.parametrize(
    ("name", "level", "code"),
    [("Device.Nothing", 1, "9005"), (SSID, 9, "9003"), (VERSION, 0, "9009"), ("Device.", 1, "")],
)
def test_attributes_that_cannot_be_set(opened, name, level, code):
    answer = watch(opened("healthy"), name, level)
    assert getattr(answer, "code", "") == code


def test_what_is_watched_passively_goes_with_the_next_inform_once(opened):
    router = opened("healthy")
    watch(router, SSID, 1)
    router.saves_change(SSID, "at home", NOW)
    assert router.pending_events() == ()
    inform = router.inform((rpc.Event("2 PERIODIC"),), 0, NOW)
    assert codes(inform) == ["2 PERIODIC", VALUE_CHANGE]
    assert rpc.ParameterValue(SSID, "at home") in inform.values
    router.informed(inform.events)
    assert codes(router.inform((rpc.Event("2 PERIODIC"),), 0, NOW)) == ["2 PERIODIC"]


def test_what_is_watched_actively_makes_an_inform(opened):
    router = opened("dhcp-disabled")
    watch(router, "Device.Hosts.Host.1.Active", 2)
    assert router.due_at(NOW) == NOW + 5
    router.saves_change("Device.DHCPv4.Server.Enable", "true", NOW)
    assert router.pending_events() == (rpc.Event(VALUE_CHANGE),)
    inform = router.inform(router.pending_events(), 0, NOW)
    assert rpc.ParameterValue("Device.Hosts.Host.1.Active", "true", "xsd:boolean") in inform.values
    again = opened("dhcp-disabled")
    assert codes(again.inform((), 0, NOW)) == [VALUE_CHANGE]  # not answered: not told
    again.informed(inform.events)
    assert router.applied[-1]["rpc"] == "at home"


def test_what_the_acs_wrote_itself_is_no_news(opened):
    router = opened("healthy")
    watch(router, SSID, 2)
    watch(router, KEY, 1)
    router.answer(rpc.SetParameterValues((rpc.ParameterValue(SSID, "from the ACS"),)), "2", NOW)
    router.look(NOW)
    assert router.pending_events() == ()
    assert codes(router.inform((), 0, NOW)) == []
    router.saves_change(KEY, "a new passphrase", NOW)
    told = router.inform((), 0, NOW)
    assert rpc.ParameterValue(KEY, "") in told.values  # hidden: that it changed, not what to


def test_what_changes_while_the_acs_answers_is_told_in_the_next_inform(opened):
    router = opened("healthy")
    watch(router, SSID, 2)
    router.saves_change(SSID, "one", NOW)
    inform = router.inform(router.pending_events(), 0, NOW)
    router.saves_change(SSID, "two", NOW)
    router.informed(inform.events)
    assert router.pending_events() == (rpc.Event(VALUE_CHANGE),)
    again = router.inform(router.pending_events(), 0, NOW)
    assert rpc.ParameterValue(SSID, "two") in again.values
    router.informed(again.events)
    assert router.pending_events() == ()
