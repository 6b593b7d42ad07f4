"""Keeps secrets out of what runs store and show (invariant 12): sealed in rows, masked in events and logs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from backend.devices import parameters
from backend.devices.secret_values import is_secret, masked
from backend.identity import secrets
from workflows import secrecy, undoing
from workflows.effects import Effect, Reply, SetValues
from workflows.outcome import Outcome
from workflows.run import Answered, Event, Run, Start, event_from_json, event_to_json


def kept(tenant_id: str, run: Run) -> dict[str, Any]:
    """The stored form of a run; sealed as a whole where it may hold a secret."""
    data = run.to_json()
    if not _holds_secret(run):
        return data
    return {"sealed": secrets.seal(tenant_id, json.dumps(data, separators=(",", ":")))}


def opened(tenant_id: str, data: Mapping[str, Any]) -> Run:
    """Read back what `kept` wrote."""
    if "sealed" in data:
        return Run.from_json(json.loads(secrets.open_sealed(tenant_id, data["sealed"])))
    return Run.from_json(data)


def event_kept(tenant_id: str, event: Event) -> dict[str, Any]:
    """The stored form of an event; what people wrote is sealed, since it may be a password."""
    data = event_to_json(event)
    if isinstance(event, Answered) or (isinstance(event, Start) and event.inputs):
        return {"sealed": secrets.seal(tenant_id, json.dumps(data, separators=(",", ":")))}
    return data


def event_opened(tenant_id: str, data: Mapping[str, Any]) -> Event:
    """Read back what `event_kept` wrote."""
    if "sealed" in data:
        data = json.loads(secrets.open_sealed(tenant_id, data["sealed"]))
    return event_from_json(data)


# -- on their way ---------------------------------------------------------------------------------


def told(tenant_id: str, device_id: str, run: Run, reply: Reply) -> Reply:
    """The reply as its run gets it: what stands for a secret (`workflows.secrecy`) in place of each.

    What was read lies in the stored parameters by now. The run can hand a sealed secret on, and learns
    whether the device holds the very one it wrote, or another one than a change it puts back; no more.
    """
    if not reply.values or not any(is_secret(path) for path in reply.values):
        return reply
    paths = [path for path in reply.values if is_secret(path)]
    stored = parameters.secrets_of(tenant_id, device_id, paths)
    written, left = _written(tenant_id, run), _left(tenant_id, run)
    values = dict(reply.values)
    for path in paths:
        text, kind = stored.get(path, ""), values[path][1]
        if not values[path][0] or not text:
            values[path] = (secrecy.HIDDEN, kind)
        elif written.get(path) == text:
            values[path] = (secrecy.AS_WRITTEN, kind)
        elif path not in written and text not in left.get(path, (text,)):
            values[path] = (secrecy.CHANGED, kind)
        else:
            values[path] = (secrecy.sealed(secrets.seal(tenant_id, text)), kind)
    return replace(reply, values=values)


def _written(tenant_id: str, run: Run) -> dict[str, str]:
    """The secrets that the run's step has written, by path."""
    exchanges = run.visit.exchanges if run.visit is not None else ()
    return {
        path: _plain(tenant_id, value)
        for exchange in exchanges
        if isinstance(exchange.effect, SetValues)
        for path, value, _ in exchange.effect.values
        if is_secret(path)
    }


def _left(tenant_id: str, run: Run) -> dict[str, tuple[str, ...]]:
    """What the changes that the run's step puts back have left, and what was there before them, by path."""
    undoes = run.visit.undoes if run.visit is not None else None
    outcomes = [visited.outcome for visited in run.history if visited.number == undoes]
    changes = [change for outcome in outcomes if outcome is not None for change in outcome.changes]
    for answer in run.answers.values() if undoes is None else ():
        changes += undoing.given(answer)
    return {
        change.path: tuple(_plain(tenant_id, text) for text in (change.before, change.after) if text)
        for change in changes
        if change.kind == "set" and is_secret(change.path)
    }


def _plain(tenant_id: str, text: str) -> str:
    box = secrecy.box_of(text)
    try:
        return text if box is None else secrets.open_sealed(tenant_id, box)
    except secrets.SealBroken:
        return text  # it only looks like one of ours; a session must not fail for it again and again


def outgoing(tenant_id: str, device_id: str, effect: Effect) -> Effect:
    """The effect as the device is asked for it: the secrets in place of what stands for them. A stored
    secret that is not known is left out."""
    if not isinstance(effect, SetValues) or not any(is_secret(path) for path, _, _ in effect.values):
        return effect
    wanted = [path for path, value, _ in effect.values if value == secrecy.STORED and is_secret(path)]
    stored = parameters.secrets_of(tenant_id, device_id, wanted) if wanted else {}
    values = []
    for path, value, kind in effect.values:
        if path in wanted:
            if path in stored:
                values.append((path, stored[path], kind))
        else:
            values.append((path, _plain(tenant_id, value) if is_secret(path) else value, kind))
    return SetValues(tuple(values))


# -- in print -------------------------------------------------------------------------------------


def masked_body(body: Mapping[str, Any]) -> dict[str, Any]:
    """A session event's body with the secrets among its changes masked."""
    if not body.get("changes"):
        return dict(body)
    return {**body, "changes": [_masked_change(change) for change in body["changes"]]}


def masked_outcome(outcome: Outcome) -> Outcome:
    """An outcome with the secrets among its changes masked."""
    changes = tuple(
        replace(
            c,
            before=c.before and masked(c.path, c.before),
            after=c.after and masked(c.path, c.after),
            held=tuple((name, masked(name, value), kind) for name, value, kind in c.held),
        )
        for c in outcome.changes
    )
    return replace(outcome, changes=changes)


def _masked_change(change: Mapping[str, Any]) -> dict[str, Any]:
    path = change["path"]
    before, after = change["before"], change["after"]
    return {**change, "before": before and masked(path, before), "after": after and masked(path, after)}


def _holds_secret(run: Run) -> bool:
    """Whether a secret may be in it: one it wrote, or what people wrote, which may be a password."""
    if run.answers:
        return True
    exchanges = run.visit.exchanges if run.visit is not None else ()
    written = (path for e in exchanges if isinstance(e.effect, SetValues) for path, _, _ in e.effect.values)
    outcomes = [visited.outcome for visited in run.history if visited.outcome is not None]
    changed = (change.path for outcome in outcomes for change in outcome.changes)
    return any(is_secret(path) for path in (*written, *changed))
