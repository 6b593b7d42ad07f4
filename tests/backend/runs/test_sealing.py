"""No run stores or shows a secret it wrote or read (invariant 12)."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from backend.database import transaction
from backend.devices import parameters, records
from backend.devices.secret_values import MASK
from backend.runs import sealing
from workflows import secrecy
from workflows.effects import Reply, SetValues
from workflows.facts import Facts
from workflows.outcome import Change, Outcome, Status
from workflows.run import Answered, Chosen, Exchange, Run, Visit, Visited

pytestmark = pytest.mark.usefixtures("database")
KEY = "Device.WiFi.AccessPoint.1.Security.KeyPassphrase"
SECRET = "correct horse"


def run(*written: tuple[str, str]) -> Run:
    effect = SetValues(tuple((path, value, "xsd:string") for path, value in written))
    visit = Visit(1, "write", 0.0, Facts(now=0.0), exchanges=(Exchange(effect),))
    return Run("RUN", "w", "v", "customer", "en", visit=visit)


def test_a_run_without_secrets_is_kept_in_the_open():
    plain = run(("Device.DHCPv4.Server.Enable", "true"))
    kept = sealing.kept("T", plain)
    assert kept["workflow"] == "w"
    assert sealing.opened("T", kept) == plain


def test_a_run_that_writes_a_secret_is_sealed():
    secret = run((KEY, SECRET))
    kept = sealing.kept("T", secret)
    assert SECRET not in json.dumps(kept)
    assert sealing.opened("T", kept) == secret


def test_a_run_that_once_wrote_a_secret_stays_sealed():
    outcome = Outcome(Status.SUCCESS, changes=(Change(KEY, None, SECRET),))
    past = replace(run(), visit=None, history=(Visited(1, "write", 0.0, 1.0, 1, outcome),))
    assert SECRET not in json.dumps(sealing.kept("T", past))
    assert SECRET not in json.dumps(sealing.masked_outcome(outcome).to_json())


def test_a_run_gets_what_stands_for_a_secret_and_can_hand_it_on(database, tenant):
    device = records.enrol(
        tenant.tenant_id, oui="00AA00", product_class="P", serial_number="S1", password="secret", now=0.0
    )
    values = [(KEY, SECRET, "xsd:string"), ("Device.X", "1", "xsd:int")]
    with transaction():
        parameters.store(tenant.tenant_id, device, values, 0.0)
    reply = Reply(ok=True, at=0.0, values={KEY: ("••••••", "xsd:string"), "Device.X": ("1", "xsd:int")})
    told = sealing.told(tenant.tenant_id, device, replace(run(), visit=None), reply)
    assert SECRET not in json.dumps(told.to_json())
    assert told.values is not None
    assert told.values["Device.X"] == ("1", "xsd:int")
    stand_in = told.values[KEY][0]
    assert secrecy.shown(stand_in) == secrecy.MASK == MASK
    write = SetValues(((KEY, stand_in, "xsd:string"), ("Device.S", stand_in, "xsd:string")))
    out = sealing.outgoing(tenant.tenant_id, device, write)
    assert out == SetValues(((KEY, SECRET, "xsd:string"), ("Device.S", stand_in, "xsd:string")))
    again = SetValues(((KEY, secrecy.STORED, "xsd:string"),))
    assert sealing.outgoing(tenant.tenant_id, device, again) == SetValues(((KEY, SECRET, "xsd:string"),))


def test_what_only_looks_like_a_sealed_secret_goes_out_as_it_is(tenant):
    """Otherwise one such text would fail every session of its device."""
    write = SetValues(((KEY, "${sealed:garbage}", "xsd:string"), (KEY + "2", "${sealed:}", "xsd:string")))
    assert sealing.outgoing(tenant.tenant_id, "device", write) == write
    assert not sealing.told(
        tenant.tenant_id, "device", run((KEY, "${sealed:garbage}")), Reply(ok=True, at=0.0)
    ).values


def test_a_run_learns_whether_the_device_holds_the_very_secret_it_wrote(database, tenant):
    device = records.enrol(
        tenant.tenant_id, oui="00AA00", product_class="P", serial_number="S1", password="secret", now=0.0
    )
    for stored, shown, wanted in (
        (SECRET, "••••••", secrecy.AS_WRITTEN),
        ("", "", secrecy.HIDDEN),
    ):
        with transaction():
            parameters.store(tenant.tenant_id, device, [(KEY, stored, "xsd:string")], 0.0)
        reply = Reply(ok=True, at=0.0, values={KEY: (shown, "xsd:string")})
        written = run((KEY, SECRET))
        told = sealing.told(tenant.tenant_id, device, written, reply)
        assert told.values == {KEY: (wanted, "xsd:string")}


def test_what_people_wrote_is_sealed_in_the_log(tenant):
    event = Answered({"key": SECRET})
    kept = sealing.event_kept(tenant.tenant_id, event)
    assert SECRET not in json.dumps(kept)
    assert sealing.event_opened(tenant.tenant_id, kept) == event
    assert sealing.event_kept(tenant.tenant_id, Chosen("x")) == {"event": "chosen", "target": "x"}


def test_what_is_shown_of_a_change_is_masked():
    body = {"text": "Done", "changes": [{"path": KEY, "before": None, "after": SECRET, "verified": None}]}
    shown = sealing.masked_body(body)
    assert SECRET not in json.dumps(shown)
    assert shown["changes"][0]["before"] is None
    assert body["changes"][0]["after"] == SECRET
