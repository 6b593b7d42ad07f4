"""Diagnostics: how one is started, and what would cancel it. Pure."""

from __future__ import annotations

import pytest

from backend.devices import diagnosis
from workflows.effects import AddObject, DeleteObject, Diagnose, GetValues, Reboot, SetValues

HOST = ("D.Ping.Host", "a.example", "xsd:string")
PING = Diagnose("D.Ping.", (HOST,))


def test_the_state_goes_last():
    assert diagnosis.starting(PING) == SetValues(
        (HOST, ("D.Ping.DiagnosticsState", "Requested", "xsd:string"))
    )


def test_a_vendor_may_have_a_state_of_its_own():
    scan = ("D.X_Scan.ScanState", "1", "xsd:boolean")
    request = Diagnose("D.X_Scan.", (HOST, scan))
    assert diagnosis.starting(request) == SetValues((HOST, scan))
    assert diagnosis.state_path(request) == "D.X_Scan.ScanState"


@pytest.mark.parametrize(
    ("request_", "waits"),
    [
        (SetValues((("D.A", "1", "xsd:int"), ("D.Ping.Host", "b", "xsd:string"))), True),
        (SetValues((("D.Pinger", "1", "xsd:int"),)), False),
        (AddObject("D.Ping.Result."), True),
        (DeleteObject("D.Ping.Result.1."), True),
        (DeleteObject("D.Pool.1."), False),
        (Diagnose("D.Ping."), True),
        (Diagnose("D.Trace."), False),
        (GetValues(("D.Ping.",)), False),
        (Reboot(), False),
    ],
)
def test_what_would_cancel_a_run(request_, waits):
    assert diagnosis.waits_for(request_, PING) is waits
