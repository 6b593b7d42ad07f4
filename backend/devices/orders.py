"""The tasks of a router as people see them: what was asked, how far it is, how it ended. Never a value.

What a task asked for may hold secrets and is opened only to say what kind of thing it is; replies are kept
without values.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from backend.devices import tasks
from backend.devices.statements import Statement
from backend.devices.tables import Task
from backend.errors import NotFound
from workflows.effects import AwaitContact, Diagnose, Download, Reply, Rpc, Upload

PAGE_LIMIT_ROWS: Final = 50
OPEN: Final = frozenset({"queued", "sent", "running"})

_OPEN_BY_OWNER = Statement(
    "SELECT COUNT(*) FROM task WHERE tenant_id = ? AND device_id = ? AND owner_key LIKE ?"
    " AND state IN ('queued', 'sent', 'running')"
)


@dataclass(frozen=True, slots=True)
class Order:
    """One task. `progress` {"phase", "done", "total", "unit"}; `reply` None while it is open or was taken
    back; moments in seconds."""

    id: str
    owner_key: str
    request: Rpc
    state: str
    stage: str
    created_at: float
    sent_at: float | None
    done_at: float | None
    deadline_at: float
    progress: dict[str, Any] | None
    reply: Reply | None

    @property
    def cancellable(self) -> bool:
        """Whether it can still be taken back, or at least be asked to stop (`queue.cancel`)."""
        if self.state not in OPEN:
            return False
        left = self.state != "queued" or self.stage == "settle"
        return not left or isinstance(self.request, AwaitContact | Diagnose | Download | Upload)


def page(tenant_id: str, device_id: str, after: str | None, limit: int) -> tuple[list[Order], str | None]:
    """A router's tasks, the newest first, and the cursor of the page after (None at the end)."""
    limit = max(1, min(limit, PAGE_LIMIT_ROWS))
    query = Task.of(tenant_id).where(Task.device_id == device_id)
    if after:
        query = query.where(Task.id < after)
    rows = list(query.order_by(Task.id.desc()).limit(limit + 1))
    return [_order(row) for row in rows[:limit]], rows[limit - 1].id if len(rows) > limit else None


def one(tenant_id: str, device_id: str, task_id: str) -> Order:
    """One task of the router; NotFound for another's."""
    row: Task = Task.find(tenant_id, task_id)
    if row.device_id != device_id:
        raise NotFound()
    return _order(row)


def open_of(tenant_id: str, device_id: str, owner_prefix: str) -> int:
    """How many tasks of an owner are open for a router."""
    return int(_OPEN_BY_OWNER(tenant_id, device_id, f"{owner_prefix}%").fetchone()[0])


def _order(row: Task) -> Order:
    return Order(
        id=row.id,
        owner_key=row.owner_key,
        request=tasks.opened(row.tenant_id, json.dumps(row.request)),
        state=row.state,
        stage=row.stage,
        created_at=row.created_at,
        sent_at=row.sent_at,
        done_at=row.done_at,
        deadline_at=row.deadline_at,
        progress=row.progress,
        reply=Reply.from_json(row.reply) if row.reply else None,
    )
