"""No run stores or shows a secret it wrote or read (invariant 12)."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from backend.runs import sealing
from workflows.effects import Reply, SetValues
from workflows.facts import Facts
from workflows.outcome import Change, Outcome, Status
from workflows.run import Exchange, Run, Visit, Visited

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


def test_what_a_device_tells_of_a_secret_is_masked_before_it_is_decided_on():
    reply = Reply(ok=True, at=0.0, values={KEY: (SECRET, "xsd:string"), "Device.X": ("1", "xsd:int")})
    masked = sealing.masked_reply(reply)
    assert SECRET not in json.dumps(masked.to_json())
    assert masked.values is not None
    assert masked.values["Device.X"] == ("1", "xsd:int")


def test_what_is_shown_of_a_change_is_masked():
    body = {"text": "Done", "changes": [{"path": KEY, "before": None, "after": SECRET, "verified": None}]}
    shown = sealing.masked_body(body)
    assert SECRET not in json.dumps(shown)
    assert shown["changes"][0]["before"] is None
    assert body["changes"][0]["after"] == SECRET
