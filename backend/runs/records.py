"""What past runs leave behind: one record a step visited, and how long each step takes as a rule."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from statistics import median
from typing import Any

from backend.database import new_id
from backend.runs.sealing import masked_outcome
from backend.runs.tables import StepRecord
from workflows import run as runs
from workflows import way_back
from workflows.graph import Workflow

PAST_LIMIT_RUNS = 50
PAST_LEAST_RUNS = 3
EXPECTED_KEPT_S = 60.0
CACHE_LIMIT_ENTRIES = 10_000

_expected: dict[tuple[str, str], tuple[float, int | None]] = {}


def remember(tenant_id: str, workflow: Workflow, before: runs.Run, after: runs.Run) -> None:
    """Write a record for every visit that ended between two states of a run. Needs a transaction."""
    for visited in after.history[len(before.history) :]:
        worked = visited.rpcs > 0 and visited.outcome is not None
        StepRecord.insert(
            id=new_id(),
            tenant_id=tenant_id,
            run_id=after.id,
            visit=visited.number,
            node=visited.node,
            template=way_back.step_of(workflow, after, visited.node, visited.undoes).template.name,
            status=visited.outcome.status.value if visited.outcome else "",
            outcome=masked_outcome(visited.outcome).to_json() if visited.outcome else None,
            started_at=visited.since,
            ended_at=visited.ended_at,
            duration_s=visited.ended_at - visited.since if worked else None,
        ).on_conflict_ignore().execute()


class Expected(Mapping[str, int]):
    """Seconds each step template takes as a rule, by name: the median of its last runs, where there are at
    least PAST_LEAST_RUNS that went well; of others the author's guess stands.

    A template is looked up when it is asked for; the answer is kept EXPECTED_KEPT_S in this process.
    """

    def __init__(self, tenant_id: str, workflow: Workflow, now: float) -> None:
        self.tenant_id = tenant_id
        self.names = frozenset(step.template.name for step in workflow.steps.values())
        self.now = now

    def __getitem__(self, name: str) -> int:
        found = _of_template(self.tenant_id, name, self.now) if name in self.names else None
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return (name for name in sorted(self.names) if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _of_template(tenant_id: str, template: str, now: float) -> int | None:
    key = (tenant_id, template)
    known = _expected.get(key)
    if known is not None and 0 <= now - known[0] < EXPECTED_KEPT_S:
        return known[1]
    rows = (
        StepRecord.of(tenant_id, StepRecord.duration_s)
        .where(
            StepRecord.template == template,
            StepRecord.duration_s.is_null(False),
            StepRecord.status.in_(("SUCCESS", "WARNING")),
        )
        .order_by(StepRecord.id.desc())
        .limit(PAST_LIMIT_RUNS)
        .tuples()
    )
    past = [duration_s for (duration_s,) in rows]
    found = max(1, round(median(past))) if len(past) >= PAST_LEAST_RUNS else None
    if len(_expected) >= CACHE_LIMIT_ENTRIES:
        _expected.clear()
    _expected[key] = (now, found)
    return found


def digest_of(data: Mapping[str, Any]) -> str:
    """A fingerprint of JSON data, 32 hex digits."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def forget_expected() -> None:
    """Empty this process's memory of past durations."""
    _expected.clear()
