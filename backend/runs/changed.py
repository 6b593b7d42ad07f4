"""Keeps what runs have changed on devices: a row for each visit with changes, and what became of it since."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from backend.announcements import announce
from backend.database import new_id
from backend.devices.announcements import DeviceChanged
from backend.identity import secrets
from backend.runs.tables import DeviceChange
from backend.runs.tables import Run as RunRow
from workflows import device_nodes, tasks, way_back
from workflows import run as runs
from workflows.graph import Workflow
from workflows.outcome import Change
from workflows.undoing import UNDONE, has_way_back

CHANGES = frozenset({"changes"})


def remember(row: RunRow, workflow: Workflow, before: runs.Run, after: runs.Run) -> None:
    """Keep what every visit changed that ended between two states of a run; inside a transaction."""
    news = after.history[len(before.history) :]
    for visited in news:
        outcome = visited.outcome
        if outcome is None:
            continue
        if outcome.changes:
            _insert(row, workflow, after, visited, outcome.changes)
        if set(UNDONE) & set(outcome.codes):
            _undone(row, workflow, after, visited)
    ended = after.phase is runs.Phase.ENDED and before.phase is not runs.Phase.ENDED
    if ended:
        freed = DeviceChange.update(undoing_run=None).where(
            DeviceChange.tenant_id == row.tenant_id, DeviceChange.undoing_run == after.id
        )
        ended = bool(freed.execute())
    if ended or any(visited.outcome is not None and visited.outcome.changes for visited in news):
        announce(DeviceChanged(row.tenant_id, row.device_id, CHANGES))


def _insert(
    row: RunRow, workflow: Workflow, run: runs.Run, visited: runs.Visited, changes: Sequence[Change]
) -> None:
    template = way_back.step_of(workflow, run, visited.node, visited.undoes).template
    DeviceChange.insert(
        id=new_id(),
        tenant_id=row.tenant_id,
        device_id=row.device_id,
        run_id=run.id,
        visit=visited.number,
        workflow=workflow.name,
        node=visited.node,
        title=dict(template.title),
        starter=row.starter,
        items=sealed(row.tenant_id, changes),
        undo="staff" if visited.undoes is not None else template.undo,
        possible=has_way_back(changes),
        at=visited.ended_at,
    ).on_conflict_ignore().execute()


def _undone(row: RunRow, workflow: Workflow, run: runs.Run, visited: runs.Visited) -> None:
    """Write down which change this visit has put back: an earlier one of the run, or a stored one."""
    mine = DeviceChange.tenant_id == row.tenant_id
    if visited.undoes is not None:
        which = mine & (DeviceChange.run_id == run.id) & (DeviceChange.visit == visited.undoes)
    else:
        body = workflow.steps[visited.node].template.body
        names = [node.input for node in tasks.walk(body) if isinstance(node, device_nodes.Undo)]
        given = [run.answers.get(name) for name in names]
        which = mine & DeviceChange.id.in_([one["id"] for one in given if isinstance(one, dict)])
    DeviceChange.update(undone_run=run.id, undone_at=visited.ended_at, undoing_run=None).where(
        which
    ).execute()


def to_undo(tenant_id: str, device_id: str, change_id: str) -> dict[str, Any] | None:
    """{"id", "items"}: a stored change as the input of a run; None when there is none to put back."""
    found = DeviceChange.of(tenant_id).where(
        DeviceChange.id == change_id,
        DeviceChange.device_id == device_id,
        DeviceChange.possible,
        DeviceChange.undone_at.is_null(),
        DeviceChange.undoing_run.is_null(),
        DeviceChange.undo != "none",
    )
    row = found.first()
    return (
        None if row is None else {"id": row.id, "items": [c.to_json() for c in opened(tenant_id, row.items)]}
    )


def undoing(tenant_id: str, change_id: str, run_id: str) -> bool:
    """The run is at it now; inside the transaction that starts it. False when another one was first."""
    taken = DeviceChange.update(undoing_run=run_id).where(
        DeviceChange.tenant_id == tenant_id,
        DeviceChange.id == change_id,
        DeviceChange.undoing_run.is_null(),
        DeviceChange.undone_at.is_null(),
    )
    return bool(taken.execute())


def sealed(tenant_id: str, changes: Sequence[Change]) -> str:
    """The stored form of changes."""
    return secrets.seal(tenant_id, json.dumps([c.to_json() for c in changes], separators=(",", ":")))


def opened(tenant_id: str, items: str) -> tuple[Change, ...]:
    """Read back what `sealed` wrote."""
    return tuple(Change.from_json(one) for one in json.loads(secrets.open_sealed(tenant_id, items)))
