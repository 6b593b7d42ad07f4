"""A run again from its log: the same events over the same facts give the same state (invariant 2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.runs import catalogue, sealing
from backend.runs.tables import Run, RunEntry
from workflows import run as runs
from workflows.engine import decide
from workflows.facts import Facts
from workflows.graph import Workflow


def replayed(tenant_id: str, run_id: str, workflow: Workflow | None = None) -> runs.Run:
    """The state that the log of a run gives, by its own version or by another `workflow`.
    NotFound for another tenant's run."""
    row = Run.find(tenant_id, run_id)
    workflow = workflow or catalogue.get(tenant_id, row.workflow, row.version)
    run = runs.Run(row.id, workflow.name, workflow.version, row.audience, row.locale)
    known: Mapping[str, Any] | None = None
    entries = RunEntry.of(tenant_id).where(RunEntry.run_id == run_id).order_by(RunEntry.seq)
    for entry in entries:
        known = entry.facts if entry.facts is not None else known
        assert known is not None, "the first entry of a log has its facts"
        facts = Facts.from_json({**known, "now": entry.at})
        event = sealing.event_opened(tenant_id, entry.event)
        run, _ = decide(workflow, run, event, facts, entry.at)
    return run
