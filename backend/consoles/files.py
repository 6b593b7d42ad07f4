"""Files for routers and from them: firmware images that staff bring, what routers gave.

An image comes as the raw body of a request and is kept piece by piece, so its size does not matter to the
memory of a process (`edge.STREAMED`: the server must not read it before the view does).
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

from flask import Response, request
from flask_smorest import Blueprint

from backend import database, edge
from backend.consoles import files_schemas as schemas
from backend.devices import files, records, streams
from backend.edge import limiter
from backend.errors import Invalid, TooMany
from backend.identity import audit
from backend.identity.http import requires
from backend.identity.permissions import Subject, authorize

UPLOAD_LIMIT_S: Final = 900.0
UPLOADS_LIMIT: Final = 8
BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}

_uploads = streams.Rooms(UPLOADS_LIMIT)

blueprint = Blueprint("files", __name__, url_prefix="/api/v1/staff", description="Files of routers")


@blueprint.route("/files", methods=["GET"])
@blueprint.arguments(schemas.FilesQuery, location="query")
@blueprint.response(200, schemas.StoredFiles)
@requires("file.list")
def listing(subject: Subject, query: dict[str, Any]) -> dict[str, Any]:
    """Firmware images, configurations, logs and other files, the newest first."""
    return _page(subject.tenant_id, query, None)


@blueprint.route("/devices/<device_id>/files", methods=["GET"])
@blueprint.arguments(schemas.FilesQuery, location="query")
@blueprint.response(200, schemas.StoredFiles)
@requires("file.list")
def of_device(subject: Subject, query: dict[str, Any], device_id: str) -> dict[str, Any]:
    """What this router gave: its configurations, logs and other files."""
    records.facts(subject.tenant_id, device_id)
    return _page(subject.tenant_id, query, device_id)


def _page(tenant_id: str, query: dict[str, Any], device_id: str | None) -> dict[str, Any]:
    limit = query["limit"]
    found = files.listing(
        tenant_id,
        kind=query["kind"] or None,
        device_id=device_id,
        after=query["after"] or "",
        limit=limit + 1,
    )
    items = [_shown(one) for one in found[:limit]]
    return {"items": items, "next": items[-1]["id"] if len(found) > limit else None}


def _shown(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "by": one["created_by"], "created_at": one["at"]}


@blueprint.route("/files", methods=["POST"])
@limiter.limit("60 per hour")
@blueprint.arguments(schemas.FileUpload, location="query")
@blueprint.response(201, schemas.StoredFile)
@blueprint.doc(requestBody=BODY)
@requires("file.create")
def create(subject: Subject, query: dict[str, Any]) -> dict[str, Any]:
    """Keep a file; its content is the body. A firmware image needs the version that a router tells once it
    runs, and the models it is for (with commas between; MODEL@HARDWARE for one hardware version alone)."""
    tenant_id = subject.tenant_id
    if query["device_id"]:
        records.facts(tenant_id, query["device_id"])
    try:
        leave = _uploads.enter(subject.family_id)
    except streams.Refusal as error:
        raise TooMany("uploads_too_many", error.text, retry_after_s=30.0) from error
    edge.give_back_connection()
    try:
        return _kept(subject, query)
    finally:
        leave()


def _kept(subject: Subject, query: dict[str, Any]) -> dict[str, Any]:
    tenant_id = subject.tenant_id
    file_id = files.put(
        tenant_id,
        kind=query["kind"],
        name=query["name"],
        version=query["version"],
        models=[model for one in query["models"].split(",") if (model := one.strip())],
        content=_body(),
        device_id=query["device_id"],
        by=subject.name,
        now=time.time(),
    )
    with database.connection():
        return _shown(files.get(tenant_id, file_id))


def _body() -> Iterator[bytes]:
    """The body piece by piece; Invalid when it breaks off, stalls or takes longer than UPLOAD_LIMIT_S."""
    try:
        total = streams.length_of(request.environ)
        if total is None:
            raise Invalid("length_missing", "Say how long the file is (Content-Length).")
        yield from streams.body_of(request.environ, total, UPLOAD_LIMIT_S)
    except streams.Refusal as error:
        raise Invalid("file_not_received", error.text) from error


@blueprint.route("/files/<file_id>", methods=["DELETE"])
@blueprint.response(204)
@requires("file.delete")
def delete(subject: Subject, file_id: str) -> None:
    """Delete a file for good; a router that is just fetching it may stop. That is written down."""
    found = files.get(subject.tenant_id, file_id)
    with database.transaction():
        files.delete(subject.tenant_id, file_id)
        _written_down(subject, "file.delete", found)


@blueprint.route("/files/<file_id>/content", methods=["GET"])
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
@requires("file.read")
def content(subject: Subject, file_id: str) -> Response:
    """The file itself. Configurations hold keys and passwords, so only whoever may see those takes one; who
    takes a file is written down."""
    found = files.get(subject.tenant_id, file_id)
    if found["kind"] == "configuration":
        authorize(subject, "device.reveal", tenant_id=subject.tenant_id)
    with database.transaction():
        _written_down(subject, "file.read", found)
    response = Response(files.content(subject.tenant_id, file_id), mimetype="application/octet-stream")
    response.content_length = found["size_bytes"]
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", found["name"])
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(found['name'])}"
    )
    return response


def _written_down(subject: Subject, action: str, found: dict[str, Any]) -> None:
    detail = {"name": found["name"], "kind": found["kind"], "device_id": found["device_id"]}
    audit.write(subject, action, thing="file", thing_id=found["id"], now=time.time(), detail=detail)
