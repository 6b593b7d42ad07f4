"""The router's CWMP sessions over real HTTP, against an ACS on this machine."""

from __future__ import annotations

import math
import threading

import pytest

from backend.cwmp import rpc
from backend.simulator import cpe as cpe_module
from backend.simulator.cpe import Cpe
from backend.simulator.standing import BOOT, BOOTSTRAP, PERIODIC, REBOOTED, WAKE

pytestmark = pytest.mark.network

ENABLE = "Device.DHCPv4.Server.Enable"


def codes(inform):
    return [event.code for event in inform.events]


def begin(cpe):
    thread = threading.Thread(target=cpe.run)
    thread.start()
    return thread


def test_a_session_reads_writes_and_reads_again(cpe, acs):
    router = cpe("dhcp-disabled")
    router.tell(rpc.GetRPCMethods(), *router.router.boot_events())
    value = rpc.ParameterValue(ENABLE, "1", "xsd:boolean")
    acs.script = [
        rpc.GetParameterValues(("Device.DHCPv4.Server.",)),
        rpc.SetParameterValues((value,), "k1"),
        rpc.GetParameterValues((ENABLE, "Device.Hosts.Host.1.IPAddress")),
        rpc.SetParameterValues((value._replace(value="maybe"),)),
    ]
    assert router.attempt()
    assert codes(acs.informs[0]) == [BOOTSTRAP, BOOT]
    assert acs.asked == [rpc.GetRPCMethods()]
    before, written, after, refused = acs.answers
    assert rpc.ParameterValue(ENABLE, "false", "xsd:boolean") in before.values
    assert written == rpc.SetParameterValuesResponse(0)
    assert [v.value for v in after.values] == ["true", "192.168.1.100"]
    assert [(f.name, f.code) for f in refused.set_parameter_faults] == [(ENABLE, "9007")]
    assert router.summary(0.0)["connection"] == "ok"
    assert router.summary(0.0)["writes"] == 1


def test_one_connection_one_challenge_and_the_cookie_all_through(cpe, acs):
    router = cpe("healthy")
    acs.script = [rpc.GetRPCMethods()]
    router.tell(rpc.TransferComplete("f1"), rpc.Event("7 TRANSFER COMPLETE"), rpc.Event("M Download", "f1"))
    assert router.attempt()
    assert acs.connections == 1
    assert acs.challenges == 1
    assert acs.asked == [rpc.TransferComplete("f1")]
    inform, transfer, empty, answer = acs.headers
    assert "Cookie" not in inform
    assert {h["Cookie"] for h in (transfer, empty, answer)} == {"session=0"}
    assert "SOAPAction" in inform
    assert not {"SOAPAction", "Content-Type"} & set(empty)
    router.wake()
    assert router.attempt()
    assert codes(acs.informs[1]) == [WAKE]
    assert acs.asked == [rpc.TransferComplete("f1")]


def test_a_wrong_password_and_a_refused_inform_fail_the_session(cpe, acs):
    router = cpe("healthy")
    tree = router.router.tree
    password = tree.value("Device.ManagementServer.Password")
    tree.put("Device.ManagementServer.Password", "wrong")
    router.wake()
    assert not router.attempt()
    assert acs.informs == []
    tree.put("Device.ManagementServer.Password", password)
    assert router.attempt()
    assert acs.informs[0].retry_count == 1
    assert codes(acs.informs[0]) == [WAKE]


def test_a_connection_lost_in_mid_session_is_tried_again_and_nothing_is_applied_twice(cpe, acs):
    router = cpe("dhcp-disabled")
    router.wake()
    acs.script = [rpc.SetParameterValues((rpc.ParameterValue(ENABLE, "1", "xsd:boolean"),), "k1")]
    acs.hang_up_after_requests = 3  # the answer to the write is lost
    assert not router.attempt()
    assert router.attempt()
    assert [codes(inform) for inform in acs.informs] == [[WAKE], [WAKE]]
    assert acs.informs[1].retry_count == 1
    assert [line["command"] for line in router.router.applied] == ["k1"]


def test_an_acknowledged_bootstrap_is_not_told_again(cpe, acs):
    router = cpe("healthy")
    router.tell(rpc.GetRPCMethods(), *router.router.boot_events())
    acs.hang_up_after_requests = 2  # the Inform is answered, the rest of the session is lost
    assert not router.attempt()
    assert router.attempt()
    assert [codes(inform) for inform in acs.informs] == [["0 BOOTSTRAP", "1 BOOT"], ["1 BOOT"]]


def test_the_waits_double_and_a_courtesy_of_the_acs_is_kept(opened):
    router = Cpe(opened("healthy"))
    waits = []
    for failures in range(1, 13):
        router._failures = failures
        waits.append(router._retry_wait_s(OSError()))
    for n, wait_s in enumerate(waits[:10], 1):
        assert 2 ** (n - 1) <= wait_s <= 2**n
    assert max(waits[10:]) <= 2**10
    assert router._retry_wait_s(cpe_module.SessionFailed("busy", 5000.0)) >= 300
    router._failures = 1
    assert router._retry_wait_s(cpe_module.SessionFailed("busy", 30.0)) == 30.0
    assert Cpe(opened("healthy"), retry_limit_s=0.5)._retry_wait_s(OSError()) == 0.5


def test_run_boots_retries_answers_wakes_and_stops(cpe, acs):
    router = cpe("healthy")
    acs.failures = [(503, {"Retry-After": "0"}), (500, {})]
    thread = begin(router)
    acs.wait_for_sessions(1)
    assert router.wake()
    acs.wait_for_sessions(1)
    router.stop()
    thread.join(5)
    assert not thread.is_alive()
    assert not router.wake()
    assert [codes(inform) for inform in acs.informs] == [[BOOTSTRAP, BOOT], [WAKE]]
    assert [inform.retry_count for inform in acs.informs] == [2, 0]


def test_a_connection_request_during_a_session_leads_to_one_more(cpe, acs, monkeypatch):
    router = cpe("healthy")
    take = acs.take

    def woken_twice(cookie, body):
        router.wake()
        router.wake()
        return take(cookie, body)

    monkeypatch.setattr(acs, "take", woken_twice)
    router.wake()
    assert router.attempt()
    monkeypatch.undo()
    assert router.attempt()
    assert [codes(inform) for inform in acs.informs] == [[WAKE], [WAKE]]
    assert router._wait_s() > 0


def test_a_reboot_is_carried_out_after_the_session_and_reported(cpe, acs, monkeypatch):
    monkeypatch.setattr(cpe_module, "OFF_S", 0.01)
    router = cpe("healthy")
    acs.script = [rpc.Reboot("r7")]
    thread = begin(router)
    acs.wait_for_sessions(2)
    router.stop()
    thread.join(5)
    assert acs.answers == [rpc.RebootResponse()]
    assert acs.informs[1].events == (rpc.Event(BOOT), rpc.Event(REBOOTED, "r7"))


def test_a_periodic_inform_when_its_time_has_come(cpe, acs, monkeypatch):
    router = cpe("healthy")
    router.router.tree.put("Device.ManagementServer.PeriodicInformInterval", 0)
    thread = begin(router)
    acs.wait_for_sessions(2)
    router.stop()
    thread.join(5)
    assert codes(acs.informs[1]) == [PERIODIC]


def test_the_unreachable_home_has_no_periodic_inform(opened):
    router = Cpe(opened("unreachable"))
    assert math.isinf(router._periodic_at())
    assert router._wait_s() is None


def test_the_slow_home_takes_its_time_and_stops_at_once(cpe, acs):
    router = cpe("slow")
    acs.script = [rpc.GetRPCMethods()]
    router.wake()
    router.stop()
    assert not router.attempt()  # it was waiting to answer
    assert acs.informs
    assert acs.answers == []


def test_somebody_switches_it_off_and_on(cpe, acs, monkeypatch):
    monkeypatch.setattr(cpe_module, "OFF_S", 0.01)
    router = cpe("unreachable")
    thread = begin(router)
    acs.wait_for_sessions(1)
    router.power_cycle()
    acs.wait_for_sessions(1)
    router.stop()
    thread.join(5)
    assert [codes(inform) for inform in acs.informs] == [[BOOTSTRAP, BOOT], [BOOT]]


@pytest.mark.parametrize("body", [b"<html/>", b"not xml", b"<a>" * 100])
def test_nonsense_from_the_acs_costs_one_session(cpe, acs, monkeypatch, body):
    router = cpe("healthy")
    monkeypatch.setattr(acs, "take", lambda cookie, taken: (body, False))
    router.wake()
    assert not router.attempt()
    monkeypatch.undo()
    assert router.attempt()
