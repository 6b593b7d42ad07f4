"""Tasks as RPCs and replies as results: pure."""

from __future__ import annotations

import pytest

from backend.cwmp import rpc
from backend.devices import exchange
from workflows.effects import GetMethods, GetValues, ParameterFault, Reboot, Reply, SetValues

NOW = 5.0


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (GetValues(("Device.A.",)), rpc.GetParameterValues(("Device.A.",))),
        (
            SetValues((("Device.A", "1", "xsd:boolean"),)),
            rpc.SetParameterValues((rpc.ParameterValue("Device.A", "1", "xsd:boolean"),), "T1"),
        ),
        (Reboot(), rpc.Reboot("T1")),
        (GetMethods(), rpc.GetRPCMethods()),
    ],
)
def test_requests(request_, message):
    assert exchange.message_of(request_, "T1") == message


@pytest.mark.parametrize(
    ("message", "reply"),
    [
        (
            rpc.GetParameterValuesResponse((rpc.ParameterValue("Device.A", "1", "xsd:int"),)),
            Reply(ok=True, at=NOW, values={"Device.A": ("1", "xsd:int")}),
        ),
        (rpc.SetParameterValuesResponse(1), Reply(ok=True, at=NOW, status=1)),
        (rpc.RebootResponse(), Reply(ok=True, at=NOW)),
        (
            rpc.GetRPCMethodsResponse(("Reboot",)),
            Reply(ok=True, at=NOW, values={"Reboot": ("Reboot", "xsd:string")}),
        ),
        (
            rpc.Fault("9003", "bad", (rpc.SetParameterFault("Device.A", "9007", "range"),)),
            Reply(
                ok=False,
                at=NOW,
                fault_code="9003",
                fault_text="bad",
                fault_parameters=(ParameterFault("Device.A", "9007", "range"),),
            ),
        ),
        (rpc.Fault("", "plain SOAP"), Reply(ok=False, at=NOW, fault_code="9002", fault_text="plain SOAP")),
    ],
)
def test_replies(message, reply):
    assert exchange.reply_of(message, NOW) == reply


def test_what_answers_nothing_is_no_reply():
    with pytest.raises(ValueError):
        exchange.reply_of(rpc.InformResponse(), NOW)


def test_what_cannot_be_written_is_our_own_fault():
    reply = exchange.unsendable("character U+0000", NOW)
    assert (reply.ok, reply.fault_code, reply.fault_text) == (False, "8003", "character U+0000")
