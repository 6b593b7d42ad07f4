"""Diagnostics, awaited contacts and faults, face to face with a router over the real ACS."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from backend.cwmp import rpc
from backend.devices import parameters, queue
from tests.backend.home_with_files import Home, heard
from workflows.effects import (
    AwaitContact,
    Diagnose,
    Reboot,
    Reply,
    SetValues,
)

pytestmark = pytest.mark.store
PING = Diagnose(
    "Device.IP.Diagnostics.IPPing.", (("Device.IP.Diagnostics.IPPing.Host", "a.b", "xsd:string"),)
)


@pytest.fixture
def home(tenant_id):
    with heard(Home(tenant_id)) as made:
        yield made


def plain(reply):
    return replace(reply, at=0.0)


def ok(**more):
    return Reply(ok=True, at=0.0, **more)


# -- diagnostics ----------------------------------------------------------------------------------


def measured(state, **values):
    values = {"DiagnosticsState": state, **values}
    return rpc.GetParameterValuesResponse(
        tuple(rpc.ParameterValue(f"{PING.object}{name}", value) for name, value in values.items())
    )


def test_a_diagnosis_runs_between_two_sessions(home):
    home.answers(SetParameterValues=rpc.SetParameterValuesResponse(0))
    task = home.put(PING)
    (write,) = home.session()
    assert write == rpc.SetParameterValues(
        (
            rpc.ParameterValue(f"{PING.object}Host", "a.b", "xsd:string"),
            rpc.ParameterValue(f"{PING.object}DiagnosticsState", "Requested", "xsd:string"),
        ),
        task,
    )
    assert home.session("2 PERIODIC") == []
    assert home.phases() == ["measuring"]
    home.restart()
    home.answers(GetParameterValues=measured("Complete", SuccessCount="3"))
    assert home.session("8 DIAGNOSTICS COMPLETE") == [rpc.GetParameterValues((PING.object,))]
    (reply,) = home.replies()
    assert (reply.ok, reply.values[f"{PING.object}SuccessCount"][0]) == (True, "3")


def test_a_failed_diagnosis_tells_its_state(home):
    home.answers(
        SetParameterValues=rpc.SetParameterValuesResponse(0),
        GetParameterValues=measured("Error_CannotResolveHostName"),
    )
    home.put(PING)
    home.session()
    home.session("8 DIAGNOSTICS COMPLETE")
    assert [(one.ok, one.fault_code) for one in home.replies()] == [(False, "Error_CannotResolveHostName")]


def test_other_writes_into_the_object_wait_and_everything_else_goes_on(home):
    home.answers(
        SetParameterValues=rpc.SetParameterValuesResponse(0), GetParameterValues=measured("Complete")
    )
    home.put(PING)
    home.session()
    home.put(SetValues(((f"{PING.object}Host", "c.d", "xsd:string"),)), "run:0:1")
    home.put(SetValues((("Device.B", "1", "xsd:int"),)), "run:0:2")
    seen = home.session()
    assert [one.values[0].name for one in seen] == ["Device.B"]
    assert queue.to_wake(time.time() + 1, 10) == []
    seen = home.session("8 DIAGNOSTICS COMPLETE")
    assert [type(one) for one in seen] == [rpc.GetParameterValues, rpc.SetParameterValues]
    assert seen[1].values[0].value == "c.d"


def test_a_device_that_sends_no_event_is_asked(home):
    home.answers(
        SetParameterValues=rpc.SetParameterValuesResponse(0), GetParameterValues=measured("Requested")
    )
    home.put(Diagnose(PING.object, PING.inputs, poll_s=5))
    home.session()
    now = time.time()
    assert queue.look_after(now + 4) == 0
    assert queue.look_after(now + 6) == 1
    assert [one.device_id for one in queue.to_wake(now + 6, 10)] == [home.device_id]
    assert [type(one) for one in home.session("6 CONNECTION REQUEST")] == [rpc.GetParameterValues]
    home.answers(GetParameterValues=measured("Complete"))
    home.session("2 PERIODIC")
    assert [one.ok for one in home.replies()] == [True]


def test_what_was_measured_is_not_kept_as_settings(home):
    home.answers(
        SetParameterValues=rpc.SetParameterValuesResponse(0), GetParameterValues=measured("Complete")
    )
    home.put(PING)
    home.session()
    home.session("8 DIAGNOSTICS COMPLETE")
    assert parameters.load(home.device_id, [PING.object]) == {}


# -- waiting, faults ------------------------------------------------------------------------------


def test_a_contact_is_awaited(home):
    home.put(AwaitContact(("1 BOOT",)))
    assert home.session("2 PERIODIC") == []
    assert home.replies() == []
    home.restart()
    home.session("1 BOOT")
    assert [plain(one) for one in home.replies()] == [ok()]


def test_a_fault_goes_to_whoever_asked_and_work_of_our_own_is_tried_again(home):
    home.answers(Reboot=rpc.Fault("9002", "busy"), SetParameterValues=rpc.Fault("9002", "busy"))
    home.put(Reboot())
    home.put(SetValues((("Device.A", "1", "xsd:int"),)), "ours:a", channel="ours")
    home.put(SetValues((("Device.B", "1", "xsd:int"),)), "ours:b", channel="ours")
    seen = home.session()
    assert [type(one) for one in seen] == [rpc.Reboot, rpc.SetParameterValues]
    assert [one.fault_code for one in home.replies()] == ["9002"]
    now = time.time()
    assert queue.to_wake(now + 1, 10) == []
    assert queue.claim_next(home.device_id, now + 1) is None
    home.answers(SetParameterValues=rpc.SetParameterValuesResponse(0))
    assert queue.claim_next(home.device_id, now + 60).owner_key == "ours:a"


def test_a_permanent_fault_is_not_tried_again(home):
    home.answers(SetParameterValues=rpc.Fault("9003", "no"))
    home.put(SetValues((("Device.A", "1", "xsd:int"),)), "ours:a", channel="ours")
    home.session()
    assert [one.fault_code for one in home.replies()] == ["9003"]
