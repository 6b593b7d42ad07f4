"""What may be run on one router from its page, what was changed in it, and taking a change back."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final

from flask_smorest import Blueprint

from backend.consoles import devices_work_schemas as schemas
from backend.conversations import receive
from backend.devices import files, records
from backend.errors import Conflict, Invalid
from backend.identity.http import requires
from backend.identity.permissions import Subject
from backend.runs import catalogue, changes
from backend.wire import LanguageQuery
from widgets.messages import message

AUDIENCE: Final = "operator"

blueprint = Blueprint(
    "device-operations", __name__, url_prefix="/api/v1/staff/devices", description="Work on a router"
)


@blueprint.route("/<device_id>/operations", methods=["GET"])
@blueprint.arguments(LanguageQuery, location="query")
@blueprint.response(200, schemas.Operation(many=True))
@requires("device.operate")
def operations(subject: Subject, query: dict[str, Any], device_id: str) -> list[dict[str, Any]]:
    """The workflows that operators may run, each with what it needs and whether it fits this router now."""
    tenant_id, locale = subject.tenant_id, query["locale"]
    record = records.facts(tenant_id, device_id)
    listed = [
        one for one in catalogue.listing(tenant_id, AUDIENCE, locale) if one["name"] != changes.UNDO_WORKFLOW
    ]
    missing = _missing(tenant_id, record)
    shown = []
    for one in listed:
        why = _why_not(one, record, missing, locale)
        shown.append({**one, "workflow": one["name"], "available": not why, "why": why})
    return shown


def _missing(tenant_id: str, record: Mapping[str, Any]) -> dict[str, str]:
    """Why there is no file of a kind for this router, by kind; a kind that is there is left out."""
    missing = {}
    if files.firmware_for(tenant_id, record) is None:
        missing["firmware"] = "operation-no-firmware"
    if files.latest_backup(tenant_id, record["id"]) is None:
        missing["configuration"] = "operation-no-backup"
    return missing


def _why_not(
    one: Mapping[str, Any], record: Mapping[str, Any], missing: Mapping[str, str], locale: str
) -> str:
    if record["admission"] != "enrolled":
        return message(locale, "operation-quarantined")
    if record["last_inform_at"] is None:
        return message(locale, "operation-not-heard")
    for given in one["inputs"]:
        kinds = str(given["accept"]).split()
        if given["type"] == "file" and given["required"] and kinds and all(kind in missing for kind in kinds):
            return message(locale, missing[kinds[0]] if len(kinds) == 1 else "operation-no-file")
    return ""


@blueprint.route("/<device_id>/runs", methods=["POST"])
@blueprint.arguments(schemas.OperationStart)
@blueprint.response(201, schemas.OperationStarted)
@requires("device.operate")
def run(subject: Subject, body: dict[str, Any], device_id: str) -> dict[str, Any]:
    """Run a workflow on the router; the conversation that comes back shows it live, as any other.

    The same client_message_id gives the same conversation. 422 with the errors by field for inputs that do
    not fit.
    """
    tenant_id = subject.tenant_id
    record = records.facts(tenant_id, device_id)
    title = catalogue.title(tenant_id, body["workflow"], AUDIENCE, body["locale"])
    if title is None or body["workflow"] == changes.UNDO_WORKFLOW:
        fields = {"workflow": ["There is no such workflow for operators."]}
        raise Invalid("workflow_unknown", fields=fields)
    return _begin(subject, record, body["workflow"], title, body["inputs"], body)


def _begin(
    subject: Subject,
    record: Mapping[str, Any],
    workflow: str,
    title: str,
    inputs: Mapping[str, Any],
    body: Mapping[str, Any],
) -> dict[str, Any]:
    if record["admission"] != "enrolled":
        raise Conflict("not_admitted", "This router is held back; let it in first.")
    conversation = receive.start(
        subject,
        workflow=workflow,
        title=title,
        device_id=record["id"],
        customer_id=record["customer_id"],
        locale=body["locale"],
        channel=AUDIENCE,
        client_message_id=body["client_message_id"],
        now=time.time(),
        inputs=inputs,
    )
    return {"id": conversation.id}


@blueprint.route("/<device_id>/changes", methods=["GET"])
@blueprint.arguments(schemas.DeviceRowsQuery, location="query")
@blueprint.response(200, schemas.DeviceChanges)
@requires("device.browse")
def changed(subject: Subject, query: dict[str, Any], device_id: str) -> dict[str, Any]:
    """What was changed in the router from here, the newest first, and whether it can be taken back."""
    records.facts(subject.tenant_id, device_id)
    return changes.listing(
        subject.tenant_id, device_id, query["locale"], after=query["after"], limit=query["limit"]
    )


@blueprint.route("/<device_id>/changes/<change_id>/undo", methods=["POST"])
@blueprint.arguments(schemas.DeviceUndoStart)
@blueprint.response(201, schemas.OperationStarted)
@requires("device.undo")
def undo(subject: Subject, body: dict[str, Any], device_id: str, change_id: str) -> dict[str, Any]:
    """Take a change back: what was there before is written and read back. 409 `undo_impossible`."""
    tenant_id = subject.tenant_id
    record = records.facts(tenant_id, device_id)
    earlier = receive.started(subject, body["client_message_id"])
    if earlier is not None:
        return {"id": earlier}
    changes.check_undo(tenant_id, device_id, change_id)
    workflow = changes.UNDO_WORKFLOW
    title = catalogue.title(tenant_id, workflow, AUDIENCE, body["locale"]) or workflow
    return _begin(subject, record, workflow, title, {"change": change_id}, body)
