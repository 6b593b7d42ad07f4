"""What was changed on a device, for its page: each change with its way back, and the run that takes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.devices.secret_values import masked
from backend.errors import Conflict, NotFound
from backend.identity import people
from backend.runs import catalogue, changed, perform
from backend.runs.tables import DeviceChange
from widgets.messages import message
from workflows import showing
from workflows.texts import chosen

PAGE_LIMIT_ROWS = 50
UNDO_WORKFLOW = "undo-change"
"""The workflow that puts back a stored change; its input "change" is the id of one."""


def listing(
    tenant_id: str, device_id: str, locale: str, *, after: str | None = None, limit: int = PAGE_LIMIT_ROWS
) -> dict[str, Any]:
    """{"items", "next"}: the device's changes, the newest first; `after` is the `next` of the page before.

    An item: {"id", "at" (seconds), "by", "workflow", "title", "items": [{"path", "label", "before", "after",
    "verified", "kind"}], "undo": {"state": "possible|done|running|impossible", "text"}}. Secrets are masked.
    """
    rows = DeviceChange.of(tenant_id).where(DeviceChange.device_id == device_id)
    rows = rows.where(DeviceChange.id < after) if after else rows
    limit = max(1, min(limit, PAGE_LIMIT_ROWS))
    found = list(rows.order_by(DeviceChange.id.desc()).limit(limit + 1))
    names: dict[str, str] = {}
    return {
        "items": [_item(row, locale, names) for row in found[:limit]],
        "next": found[limit - 1].id if len(found) > limit else None,
    }


def start_undo(
    tenant_id: str,
    device_id: str,
    change_id: str,
    *,
    customer_id: str | None,
    conversation_id: str | None,
    audience: str,
    starter: Mapping[str, Any],
    locale: str,
    now: float,
) -> str:
    """Start the run that puts a stored change back and give its id.

    NotFound when the device has no such change, Conflict "undo_impossible" when it cannot be put back, or is
    being put back now.
    """
    check_undo(tenant_id, device_id, change_id)
    return perform.start(
        tenant_id,
        workflow=UNDO_WORKFLOW,
        device_id=device_id,
        customer_id=customer_id,
        conversation_id=conversation_id,
        audience=audience,
        starter=starter,
        locale=locale,
        inputs={"change": change_id},
        now=now,
    )


def check_undo(tenant_id: str, device_id: str, change_id: str) -> None:
    """As `start_undo`, without starting: for whoever opens a conversation with UNDO_WORKFLOW first."""
    row = DeviceChange.find(tenant_id, change_id)
    if row.device_id != device_id:
        raise NotFound("not_found", "There is no such change of this device.")
    state = _state(row)
    if state != "possible":
        raise Conflict("undo_impossible", message("en", _text_id(row, state)))


def _item(row: DeviceChange, locale: str, names: dict[str, str]) -> dict[str, Any]:
    state = _state(row)
    settings = _settings(row)
    made = changed.opened(row.tenant_id, row.items)
    items = [showing.change(change, settings, locale) for change in made]
    text_id = _text_id(row, state)
    if state == "impossible" and all(change.verified is False for change in made):
        text_id = "undo-state-kept"
    return {
        "id": row.id,
        "at": row.at,
        "by": _by(row, locale, names),
        "workflow": row.workflow,
        "title": chosen(row.title, locale),
        "items": [_masked(item) for item in items],
        "undo": {"state": state, "text": message(locale, text_id)},
    }


def _masked(item: dict[str, Any]) -> dict[str, Any]:
    path, before, after = item["path"], item["before"], item["after"]
    return {**item, "before": before and masked(path, before), "after": after and masked(path, after)}


def _settings(row: DeviceChange) -> Any:
    """The settings of the workflow as it is published now, for their labels; None when it is gone."""
    try:
        return catalogue.get(row.tenant_id, row.workflow).settings
    except NotFound:
        return None


def _by(row: DeviceChange, locale: str, names: dict[str, str]) -> str:
    """Who had it changed, by name."""
    kind, id = row.starter.get("kind", ""), row.starter.get("id") or ""
    if id not in names:
        try:
            if kind == "customer":
                person = people.customer(row.tenant_id, id)
                names[id] = f"{person.first_name} {person.last_name}".strip()
            elif kind in ("agent", "operator", "supervisor", "staff"):
                names[id] = people.staff_member(row.tenant_id, id).name
            else:
                names[id] = message(locale, "change-by-careflow")
        except NotFound:
            names[id] = message(locale, "change-by-unknown")
    return names[id]


def _state(row: DeviceChange) -> str:
    if row.undone_at is not None:
        return "done"
    if row.undoing_run is not None:
        return "running"
    return "possible" if row.possible and row.undo != "none" else "impossible"


def _text_id(row: DeviceChange, state: str) -> str:
    return "undo-state-left" if state == "impossible" and row.possible else f"undo-state-{state}"
