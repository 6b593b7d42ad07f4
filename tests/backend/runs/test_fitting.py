"""Whatever a device says, the event that tells of it fits the wire."""

from __future__ import annotations

from backend.live import schemas
from backend.runs.fitting import VALUE_LIMIT_CHARS, fitted


def event(body):
    bot = {"kind": "bot", "id": None, "name": ""}
    return {"type": "step.result", "actor": bot, "audience": ["customer"], "body": body}


def test_an_ordinary_body_stays_as_it_is():
    body = {
        "text": "Done",
        "status": "success",
        "readings": [{"name": "dns", "value": ["9.9.9.9"], "age_s": 3.0}],
    }
    assert fitted(body) == body


def test_what_is_too_long_is_cut_and_says_so():
    body = {
        "text": "x" * 100_000,
        "status": "failure",
        "findings": [{"code": "dns", "text": "y" * 100_000}] * 300,
        "readings": [{"name": "dns", "value": ["z" * 100_000], "age_s": None}],
        "changes": [{"path": "Device.X", "before": "b" * 10_000, "after": None, "verified": True}],
        "widgets": [{"type": "hosts", "rows": [{"name": "n" * 10_000}] * 500, "fallback": "f" * 1_000_000}],
    }
    cut = fitted(body)
    schemas.check(event(cut))
    assert cut["text"].endswith("…")
    assert len(cut["readings"][0]["value"][0]) == VALUE_LIMIT_CHARS
    assert len(cut["changes"][0]["before"]) == VALUE_LIMIT_CHARS
    assert len(cut["widgets"][0]["fallback"]) == schemas.TEXT_LENGTH_MAX
    assert cut["changes"][0]["after"] is None
