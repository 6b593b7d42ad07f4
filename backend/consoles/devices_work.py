"""What one router was asked, what it said, and taking an order back."""

from __future__ import annotations

import time
from typing import Any

from flask_smorest import Blueprint

from backend.consoles import devices_work_schemas as schemas
from backend.devices import history, orders, queue, records, wording
from backend.devices.orders import Order
from backend.errors import Conflict
from backend.identity import people
from backend.identity.http import requires
from backend.identity.permissions import Subject
from backend.runs import titles as run_titles
from backend.wire import LanguageQuery
from widgets.messages import message

blueprint = Blueprint(
    "device-work", __name__, url_prefix="/api/v1/staff/devices", description="Tasks and sessions of a router"
)


@blueprint.route("/<device_id>/tasks", methods=["GET"])
@blueprint.arguments(schemas.DeviceRowsQuery, location="query")
@blueprint.response(200, schemas.DeviceTasks)
@requires("device.browse")
def tasks(subject: Subject, query: dict[str, Any], device_id: str) -> dict[str, Any]:
    """What the router was asked, the newest first, each with how far it is and why it did not work."""
    records.facts(subject.tenant_id, device_id)
    found, following = orders.page(subject.tenant_id, device_id, query["after"], query["limit"])
    asked_by = _asked_by(subject.tenant_id, found, query["locale"])
    items = [{**_shown(order, query["locale"]), "by": asked_by[order.id]} for order in found]
    return {"items": items, "next": following}


@blueprint.route("/<device_id>/tasks/<task_id>", methods=["DELETE"])
@blueprint.response(200, schemas.DeviceTaskCancelled)
@requires("device.operate")
def cancel(subject: Subject, device_id: str, task_id: str) -> dict[str, Any]:
    """Take an order back. 409 `task_over` when it has ended, `not_cancellable` when the router has it."""
    orders.one(subject.tenant_id, device_id, task_id)
    done = queue.cancel(subject.tenant_id, device_id, now=time.time(), task_id=task_id)
    if done.cannot:
        raise Conflict("not_cancellable", "The router has this order already, and it cannot be stopped.")
    if not done.ended and not done.stopping:
        raise Conflict("task_over", "This order has ended already.")
    return {"outcome": "ended" if done.ended else "stopping"}


def _shown(order: Order, locale: str) -> dict[str, Any]:
    return {
        "id": order.id,
        "what": wording.kind_of(order.request),
        "text": wording.order_text(order.request, locale),
        "state": order.state,
        "created_at": order.created_at,
        "sent_at": order.sent_at,
        "done_at": order.done_at,
        "deadline_at": order.deadline_at,
        "progress": order.progress if order.state in orders.OPEN else None,
        "fault": wording.order_fault(order, locale),
        "cancellable": order.cancellable,
    }


def _asked_by(tenant_id: str, found: list[Order], locale: str) -> dict[str, str]:
    """Who asked, by the order's id: a colleague, a workflow, the first contact, or Careflow itself."""
    owners = {order.id: order.owner_key.split(":") for order in found}
    titles = run_titles.of_runs(tenant_id, [parts[0] for parts in owners.values()], locale)
    names = people.staff_names(tenant_id, [parts[1] for parts in owners.values() if parts[0] == "page"])
    asked_by = {}
    for order_id, parts in owners.items():
        if parts[0] == "page":
            asked_by[order_id] = names.get(parts[1]) or message(locale, "order-by-former")
        elif parts[0] in titles:
            asked_by[order_id] = titles[parts[0]]
        else:
            first = parts[0] in ("bootstrap", "credentials")
            asked_by[order_id] = message(locale, f"order-by-{'first-contact' if first else 'careflow'}")
    return asked_by


@blueprint.route("/<device_id>/sessions", methods=["GET"])
@blueprint.arguments(schemas.DeviceRowsQuery, location="query")
@blueprint.response(200, schemas.DeviceSessions)
@requires("device.browse")
def sessions(subject: Subject, query: dict[str, Any], device_id: str) -> dict[str, Any]:
    """The router's CWMP sessions, the newest first."""
    records.facts(subject.tenant_id, device_id)
    items, following = history.page(subject.tenant_id, device_id, query["after"], query["limit"])
    return {"items": items, "next": following}


@blueprint.route("/<device_id>/sessions/<session_id>", methods=["GET"])
@blueprint.arguments(LanguageQuery, location="query")
@blueprint.response(200, schemas.DeviceSessionDetail)
@requires("device.browse")
def session(subject: Subject, query: dict[str, Any], device_id: str, session_id: str) -> dict[str, Any]:
    """One session with its messages, each in words and as XML; secrets are masked."""
    found, messages = history.session(subject.tenant_id, device_id, session_id)
    shown = []
    for one in messages:
        method, summary = wording.message_words(one["direction"], one["body"], one["bytes"], query["locale"])
        xml = (one["body"] or b"").decode("utf-8", "replace").replace("\0", "")
        shown.append({**one, "method": method, "summary": summary, "xml": xml})
    return {**found, "message_count": found["messages"], "messages": shown}
