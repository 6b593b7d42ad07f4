"""Keeps secrets out of what runs store and show (invariant 12): sealed in rows, masked in events and logs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from backend.devices.secret_values import is_secret, masked
from backend.identity import secrets
from workflows.effects import Reply, SetValues
from workflows.outcome import Outcome
from workflows.run import Run


def kept(tenant_id: str, run: Run) -> dict[str, Any]:
    """The stored form of a run; sealed as a whole where it holds a secret it wrote."""
    data = run.to_json()
    if not _holds_secret(run):
        return data
    return {"sealed": secrets.seal(tenant_id, json.dumps(data, separators=(",", ":")))}


def opened(tenant_id: str, data: Mapping[str, Any]) -> Run:
    """Read back what `kept` wrote."""
    if "sealed" in data:
        return Run.from_json(json.loads(secrets.open_sealed(tenant_id, data["sealed"])))
    return Run.from_json(data)


def masked_reply(reply: Reply) -> Reply:
    """The reply without the secrets it read: a run never learns them, as it never does from stored data."""
    if not reply.values or not any(is_secret(path) for path in reply.values):
        return reply
    values = {path: (masked(path, value), kind) for path, (value, kind) in reply.values.items()}
    return replace(reply, values=values)


def masked_body(body: Mapping[str, Any]) -> dict[str, Any]:
    """A session event's body with the secrets among its changes masked."""
    if not body.get("changes"):
        return dict(body)
    return {**body, "changes": [_masked_change(change) for change in body["changes"]]}


def masked_outcome(outcome: Outcome) -> Outcome:
    """An outcome with the secrets among its changes masked."""
    changes = tuple(
        replace(c, before=c.before and masked(c.path, c.before), after=masked(c.path, c.after))
        for c in outcome.changes
    )
    return replace(outcome, changes=changes)


def _masked_change(change: Mapping[str, Any]) -> dict[str, Any]:
    path = change["path"]
    before, after = change["before"], change["after"]
    return {**change, "before": before and masked(path, before), "after": after and masked(path, after)}


def _holds_secret(run: Run) -> bool:
    exchanges = run.visit.exchanges if run.visit is not None else ()
    written = (path for e in exchanges if isinstance(e.effect, SetValues) for path, _, _ in e.effect.values)
    outcomes = [visited.outcome for visited in run.history if visited.outcome is not None]
    changed = (change.path for outcome in outcomes for change in outcome.changes)
    return any(is_secret(path) for path in (*written, *changed))
