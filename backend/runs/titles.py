"""What runs are called, for lists that name them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from backend.errors import NotFound
from backend.runs import catalogue
from backend.runs.tables import Run
from workflows.texts import fill

LIMIT_RUNS: Final = 100


def of_runs(tenant_id: str, run_ids: Sequence[str], locale: str) -> dict[str, str]:
    """The titles of the workflows of these runs, by run id; ids that are no run's are left out."""
    unique = list(dict.fromkeys(run_ids))[:LIMIT_RUNS]
    rows = Run.of(tenant_id, Run.id, Run.workflow, Run.version).where(Run.id.in_(unique)) if unique else ()
    return {row.id: _title(tenant_id, row, locale) for row in rows}


def _title(tenant_id: str, row: Run, locale: str) -> str:
    try:
        return fill(catalogue.get(tenant_id, row.workflow, row.version).title, locale, {})
    except NotFound:
        return str(row.workflow)
