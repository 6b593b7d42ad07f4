"""One router: its answers, its log of applied writes, and what a restart brings back."""

from __future__ import annotations

import json
import stat

import pytest

from backend.cwmp import rpc
from backend.simulator.homes import HOMES, HOST_098
from backend.simulator.standing import BOOT, BOOTSTRAP, MASKED, REBOOTED

NOW = 1_700_000_000.0
ENABLE = "Device.DHCPv4.Server.Enable"
KEY = "Device.WiFi.AccessPoint.1.Security.KeyPassphrase"


def set_values(*values, key=""):
    return rpc.SetParameterValues(tuple(rpc.ParameterValue(*v) for v in values), key)


def test_a_write_changes_what_is_read_and_the_home(opened):
    router = opened("dhcp-disabled")
    reply = router.answer(set_values((ENABLE, "1", "xsd:boolean"), key="k1"), "7", NOW + 1)
    assert reply == rpc.SetParameterValuesResponse(0)
    read = router.answer(rpc.GetParameterValues((ENABLE, "Device.Hosts.Host.1.Active")), "8", NOW + 2)
    assert [v.value for v in read.values] == ["true", "true"]
    assert router.management("ParameterKey") == "k1"
    assert router.applied == [
        {"seq": 1, "at": NOW + 1, "rpc": "SetParameterValues", "path": ENABLE, "before": "false",
         "after": "true", "command": "k1"}
    ]  # fmt: skip


def test_the_uptime_and_the_clock_are_read_as_they_are(opened):
    router = opened("healthy")
    read = router.answer(rpc.GetParameterValues(("Device.DeviceInfo.UpTime",)), "1", NOW + 90)
    assert read.values[0].value == "90"
    router.restart(NOW + 100)
    assert router.inform((), 0, NOW + 101).current_time == "2023-11-14T22:15:01Z"
    assert router.tree.value("Device.DeviceInfo.UpTime") == "1"


def test_a_refused_write_changes_nothing_and_is_not_logged(opened):
    router = opened("healthy")
    fixed = "Device.RootDataModelVersion"
    bad = set_values((ENABLE, "0", "xsd:boolean"), (fixed, "3", "xsd:string"), key="k")
    reply = router.answer(bad, "1", NOW)
    refused = rpc.SetParameterFault(fixed, "9008", "Attempt to set a non-writable parameter")
    assert reply == rpc.Fault("9003", "Invalid arguments", (refused,))
    assert router.tree.is_true(ENABLE)
    assert router.applied == []
    assert router.management("ParameterKey") == ""


def test_the_home_that_refuses_names_the_parameter(opened):
    router = opened("refuses-write")
    reply = router.answer(set_values((ENABLE, "1", "xsd:boolean")), "1", NOW)
    assert reply.code == "9003"
    assert [(f.name, f.code) for f in reply.set_parameter_faults] == [(ENABLE, "9001")]
    assert router.applied == []
    other = set_values(("Device.WiFi.SSID.1.SSID", "ours", "xsd:string"))
    assert router.answer(other, "2", NOW) == rpc.SetParameterValuesResponse(0)


def test_the_home_that_says_yes_applies_nothing(opened):
    router = opened("does-not-apply")
    path = HOST_098 + "DHCPServerEnable"
    assert router.answer(set_values((path, "1", "xsd:boolean")), "1", NOW).status == 0
    assert router.answer(rpc.GetParameterValues((path,)), "2", NOW).values[0].value == "0"
    assert router.applied == []


def test_other_methods(opened):
    router = opened("healthy")
    methods = router.answer(rpc.GetRPCMethods(), "1", NOW).methods
    assert set(rpc.CPE_METHODS) - set(methods) == {"SetVouchers", "GetOptions", "ChangeDUState"}
    assert router.answer(rpc.GetParameterNames("Device.", True), "1", NOW).names
    assert router.answer(rpc.AddObject("Device.Hosts.Host."), "1", NOW).code == "9005"
    assert router.answer(rpc.DeleteObject("Device.NAT.PortMapping.1."), "1", NOW).code == "9005"
    assert router.answer(rpc.Unsupported("X_Acme_Dance"), "1", NOW).code == "9000"
    assert router.answer(rpc.GetOptions(), "1", NOW).code == "9000"
    assert router.answer(rpc.GetParameterValues(("Device.Nothing",)), "1", NOW).code == "9005"


def test_a_restart_brings_back_writes_log_leases_and_bootstrap(opened):
    router = opened("dhcp-disabled")
    assert [event.code for event in router.boot_events()] == [BOOTSTRAP, BOOT]
    router.informed(router.boot_events())
    router.answer(set_values((ENABLE, "1", "xsd:boolean"), key="k1"), "1", NOW)
    router.answer(set_values((ENABLE, "1", "xsd:boolean"), key="k2"), "2", NOW)
    again = opened("dhcp-disabled", NOW + 1000)
    assert again.tree.is_true(ENABLE)
    assert again.management("ParameterKey") == "k2"
    assert again.applied == router.applied
    assert [line["command"] for line in again.applied] == ["k1", "k2"]
    assert [event.code for event in again.boot_events()] == [BOOT]
    again.answer(set_values((ENABLE, "0", "xsd:boolean")), "3", NOW)
    assert again.applied[-1]["seq"] == 3


def test_a_reboot_is_reported_until_the_acs_has_heard_of_it(opened):
    router = opened("healthy")
    router.informed(router.boot_events())
    assert router.answer(rpc.Reboot("r1"), "1", NOW) == rpc.RebootResponse()
    again = opened("healthy", NOW + 5)
    events = again.boot_events()
    assert events == (rpc.Event(BOOT), rpc.Event(REBOOTED, "r1"))
    again.informed(events)
    assert opened("healthy", NOW + 9).boot_events() == (rpc.Event(BOOT),)
    assert again.applied[-1]["rpc"] == "Reboot"


def test_a_write_that_reached_the_state_but_not_the_log_is_in_both_after_a_crash(opened, tmp_path):
    router = opened("dhcp-disabled")
    router.informed(router.boot_events())
    log = tmp_path / "NV0000000001.log"
    log.touch()
    before = log.read_text()
    router.answer(set_values((ENABLE, "1", "xsd:boolean")), "1", NOW)
    whole = log.read_text()
    log.write_text(before)
    assert opened("dhcp-disabled").tree.is_true(ENABLE)
    assert log.read_text() == whole


def test_a_last_line_cut_short_is_cut_off(opened, tmp_path):
    router = opened("dhcp-disabled")
    router.answer(set_values((ENABLE, "1", "xsd:boolean")), "1", NOW)
    log = tmp_path / "NV0000000001.log"
    with log.open("a") as file:
        file.write('{"seq": 2, "pa')
    again = opened("dhcp-disabled")
    again.answer(set_values((ENABLE, "0", "xsd:boolean")), "2", NOW)
    assert [json.loads(line)["seq"] for line in log.read_text().splitlines()] == [1, 2]


def test_keys_are_masked_in_the_log_and_files_are_the_owners_alone(opened, tmp_path):
    router = opened("healthy")
    router.answer(set_values((KEY, "new-passphrase", "xsd:string")), "1", NOW)
    text = (tmp_path / "NV0000000006.log").read_text()
    assert "new-passphrase" not in text
    assert router.applied[0]["after"] == MASKED
    assert opened("healthy").tree.value(KEY) == "new-passphrase"
    for path in tmp_path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("home", HOMES, ids=lambda home: home.story)
def test_the_inform_carries_who_it_is_and_the_forced_parameters(opened, home):
    router = opened(home.story)
    router.set_wake_url("http://127.0.0.1:1/x")
    inform = router.inform(router.boot_events(), 2, NOW)
    assert (inform.device.oui, inform.device.serial_number) == (home.oui, home.serial)
    assert inform.retry_count == 2
    values = {value.name: value.value for value in inform.values}
    assert set(values) == set(router.model.INFORM)
    assert values[router.model.ROOT + "ManagementServer.ConnectionRequestURL"] == "http://127.0.0.1:1/x"
