"""The data model of one router: look through it, read it anew, see a secret, check a value."""

from __future__ import annotations

import time
from typing import Any, Final

from flask_smorest import Blueprint

from backend import database
from backend.consoles import devices_model_schemas as schemas
from backend.devices import browsing, orders, queue, records
from backend.errors import Conflict, Invalid
from backend.identity.http import requires
from backend.identity.permissions import Subject
from workflows.effects import GetNames, GetValues, Rpc, effect_to_json

DEADLINE_S: Final = 900.0
OPEN_LIMIT_TASKS: Final = 40
OBJECTS_LIMIT: Final = 30
PAGE: Final = "page:"
ROOTS: Final = {"tr181": "Device.", "tr098": "InternetGatewayDevice."}

blueprint = Blueprint(
    "device-model", __name__, url_prefix="/api/v1/staff/devices", description="The data model of a router"
)


@blueprint.route("/<device_id>/parameters", methods=["GET"])
@blueprint.arguments(schemas.ParameterQuery, location="query")
@blueprint.response(200, schemas.ParameterPage)
@requires("device.browse")
def parameters(subject: Subject, query: dict[str, Any], device_id: str) -> dict[str, Any]:
    """A level of what the router told, or what of it has the words of `q`. Secrets are masked."""
    records.facts(subject.tenant_id, device_id)
    path, after, limit = query["path"], query["after"], query["limit"]
    if query["q"].strip():
        found = browsing.find(device_id, path, query["q"], after, limit)
    else:
        found = browsing.level(device_id, path, after, limit)
    return {"path": found.path, "items": found.items, "next": found.next_path}


@blueprint.route("/<device_id>/parameters/refresh", methods=["POST"])
@blueprint.arguments(schemas.ParameterRefresh)
@blueprint.response(202, schemas.TaskQueued)
@requires("device.operate")
def refresh(subject: Subject, body: dict[str, Any], device_id: str) -> dict[str, Any]:
    """Read names and values below a path from the router; `device` rings when they are here.

    The same client_message_id gives the same task. 409 `not_heard_yet` while its data model is not known.
    """
    found = records.facts(subject.tenant_id, device_id)
    owner = f"{PAGE}{subject.id}:{body['client_message_id']}"
    asked = _asked(device_id, found["data_model"], body["path"])
    now = time.time()
    task = ""
    with database.transaction():
        if orders.open_of(subject.tenant_id, device_id, f"{PAGE}{subject.id}:") > OPEN_LIMIT_TASKS:
            raise Conflict("too_much_waits", "Wait until the router has told what was asked for already.")
        for number, effect in enumerate(asked):
            task = queue.enqueue(
                subject.tenant_id,
                device_id,
                owner_key=f"{owner}:{number}",
                request=effect_to_json(effect),
                deadline_at=now + DEADLINE_S,
                now=now,
            )
    return {"task": task}


def _asked(device_id: str, data_model: str, path: str) -> list[Rpc]:
    """What to ask for a path. Everything is asked for object by object: few routers tell it all at once."""
    root = ROOTS.get(data_model)
    if root is None:
        raise Conflict("not_heard_yet", "This router has not said which data model it has.")
    path = path or root
    if not f"{path.rstrip('.')}.".startswith(root):
        raise Invalid("path_unknown", fields={"path": [f"Paths of this router begin with {root}"]})
    if not path.endswith("."):
        return [GetNames(path, next_level=False), GetValues((path,))]
    asked: list[Rpc] = [GetNames(path)]
    if path != root:
        return [*asked, GetValues((path,))]
    below = browsing.level(device_id, root, None, browsing.PAGE_LIMIT_ITEMS).items
    objects = [item["path"] for item in below if item["kind"] == browsing.OBJECT][:OBJECTS_LIMIT]
    return [*asked, *(GetValues((one,)) for one in objects or [root])]


@blueprint.route("/<device_id>/parameters/reveal", methods=["POST"])
@blueprint.arguments(schemas.ParameterReveal)
@blueprint.response(200, schemas.ParameterRevealed)
@requires("device.reveal")
def reveal(subject: Subject, body: dict[str, Any], device_id: str) -> dict[str, Any]:
    """A secret in clear, for whoever may see it and says why; that is written down."""
    records.facts(subject.tenant_id, device_id)
    value = browsing.reveal(subject, device_id, body["path"], body["reason"], time.time())
    return {"value": value}


@blueprint.route("/<device_id>/parameters/check", methods=["POST"])
@blueprint.arguments(schemas.ParameterCheck)
@blueprint.response(200, schemas.ParameterFits)
@requires("device.browse")
def check(subject: Subject, body: dict[str, Any], device_id: str) -> dict[str, Any]:
    """Would this value do? 422 with the errors by field when not; nothing is written."""
    records.facts(subject.tenant_id, device_id)
    value, kind = browsing.check(device_id, body["path"], body["value"], body["type"])
    return {"value": value, "type": kind}
