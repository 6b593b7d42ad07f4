"""Finding routers, and one of them in words; its tags, and letting it in."""

from __future__ import annotations

import time
from typing import Any

from flask_smorest import Blueprint

from backend import announcements, database
from backend.consoles import devices_overview, devices_schemas
from backend.crm import ledger
from backend.devices import enrolment, tags
from backend.devices.announcements import DeviceChanged
from backend.identity import audit
from backend.identity.http import requires
from backend.identity.permissions import Subject
from backend.wire import LanguageQuery

RECORD = frozenset({"record"})

blueprint = Blueprint(
    "devices", __name__, url_prefix="/api/v1/staff/devices", description="Routers, for staff"
)


@blueprint.route("", methods=["GET"])
@blueprint.arguments(devices_schemas.DeviceSearchQuery, location="query")
@blueprint.response(200, devices_schemas.DeviceList)
@requires("device.search")
def search(subject: Subject, query: dict[str, Any]) -> dict[str, Any]:
    """Find routers by serial number, customer, tag, model, address or firmware; all without words."""
    return devices_overview.listing(subject.tenant_id, query, time.time())


@blueprint.route("/<device_id>", methods=["GET"])
@blueprint.arguments(LanguageQuery, location="query")
@blueprint.response(200, devices_schemas.DeviceDetail)
@requires("device.read")
def detail(subject: Subject, query: dict[str, Any], device_id: str) -> dict[str, Any]:
    """A router in words."""
    return devices_overview.detail(subject.tenant_id, device_id, query["locale"], time.time())


@blueprint.route("/<device_id>/tags", methods=["PUT"])
@blueprint.arguments(devices_schemas.DeviceTags)
@blueprint.response(200, devices_schemas.DeviceTags)
@requires("device.write")
def put_tags(subject: Subject, body: dict[str, Any], device_id: str) -> dict[str, Any]:
    """Give a router these tags and no others."""
    with database.transaction():
        kept = tags.put(subject.tenant_id, device_id, body["tags"])
        announcements.announce(DeviceChanged(subject.tenant_id, device_id, RECORD))
    return {"tags": kept}


@blueprint.route("/<device_id>/admit", methods=["POST"])
@blueprint.arguments(devices_schemas.DeviceAdmission)
@blueprint.response(200, devices_schemas.DeviceAdmitted)
@requires("device.admit")
def admit(subject: Subject, body: dict[str, Any], device_id: str) -> dict[str, Any]:
    """Let a router in that is held back, to a customer if one is named; that is written down."""
    now, customer_id = time.time(), body["customer_id"]
    if customer_id:
        ledger.customer(subject.tenant_id, customer_id)
    with database.transaction():
        enrolment.admit(subject.tenant_id, device_id, customer_id, now)
        detail = {"customer_id": customer_id}
        audit.write(subject, "device.admit", thing="device", thing_id=device_id, now=now, detail=detail)
        announcements.announce(DeviceChanged(subject.tenant_id, device_id, RECORD))
    return {"id": device_id, "admission": devices_overview.ENROLLED}


@blueprint.route("/<device_id>/reopen", methods=["POST"])
@blueprint.arguments(devices_schemas.DeviceReopening)
@blueprint.response(200, devices_schemas.DeviceReopened)
@requires("device.admit")
def reopen(subject: Subject, body: dict[str, Any], device_id: str) -> dict[str, Any]:
    """Let a router that was reset enrol anew by a factory credential; that is written down."""
    now = time.time()
    with database.transaction():
        enrolment.reopen(subject.tenant_id, device_id)
        audit.write(
            subject,
            "device.admit",
            thing="device",
            thing_id=device_id,
            now=now,
            reason=body["reason"],
            detail={"anew": True},
        )
        announcements.announce(DeviceChanged(subject.tenant_id, device_id, RECORD))
    return {"id": device_id, "may_enrol": True}
