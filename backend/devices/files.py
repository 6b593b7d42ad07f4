"""The file store: firmware images, configuration backups, logs.

The content lies in rows, so that every process can serve it.

A file is received piece by piece, hashed on its way, and there for others only when it is whole. Pieces of
configuration files are sealed: they hold keys and passwords (invariant 12). What a device sent is kept for
KEEP_S of its kind, and no more than the newest KEEP_FILES of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from backend import announcements, database
from backend.devices.announcements import DeviceChanged
from backend.devices.statements import Statement
from backend.devices.tables import FileChunk, StoredFile
from backend.errors import Conflict, Invalid, NotFound
from backend.identity import secrets

KINDS: Final = ("firmware", "configuration", "log", "other")
CHUNK_BYTES: Final = 256 * 1024
LIMIT_BYTES: Final[Mapping[str, int]] = {
    "firmware": 256 * 1024 * 1024,
    "configuration": 8 * 1024 * 1024,
    "log": 16 * 1024 * 1024,
    "other": 16 * 1024 * 1024,
}
"""The largest file of each kind."""
TENANT_LIMIT_BYTES: Final = 16 * 1024**3
LISTING_LIMIT_FILES: Final = 200
IMAGES_LIMIT_FILES: Final = 500
MODELS_LIMIT: Final = 200
NAME_LIMIT_CHARS: Final = 128
MODEL_LIMIT_CHARS: Final = 130
VERSION_LIMIT_CHARS: Final = 64
KEEP_S: Final = {"log": 30 * 86_400.0, "configuration": 400 * 86_400.0}
KEEP_FILES: Final = 10
UNFINISHED_S: Final = 6 * 3600.0
SWEEP_FILES: Final = 100

_NO_NAME: Final = frozenset('/\\"<>')

_INSERT_CHUNK = Statement("INSERT INTO file_chunk (tenant_id, file_id, number, content) VALUES (?, ?, ?, ?)")
_CHUNK = Statement("SELECT content FROM file_chunk WHERE tenant_id = ? AND file_id = ? AND number = ?")
_USED = Statement("SELECT COALESCE(SUM(size_bytes), 0) FROM stored_file WHERE tenant_id = ?")


class Receiving:
    """A file on its way in: `add` pieces as they come, then `finish` or `abandon`.

    Each piece of CHUNK_BYTES is a transaction of its own, so a slow sender holds nobody up.
    """

    def __init__(
        self,
        tenant_id: str,
        *,
        kind: str,
        name: str,
        now: float,
        version: str = "",
        models: Sequence[str] = (),
        device_id: str | None = None,
        by: str = "",
        limit_bytes: int | None = None,
    ) -> None:
        """Raises Invalid with the errors by field, or Conflict when the tenant's room is used up."""
        _check(kind, name, version, models)
        self.tenant_id = tenant_id
        self.size_bytes = 0
        self._limit_bytes = min(LIMIT_BYTES[kind], limit_bytes or LIMIT_BYTES[kind])
        self._waiting = bytearray()
        self._number = 0
        self._digest = hashlib.sha256()
        with database.transaction():
            if int(_USED(tenant_id).fetchone()[0]) >= TENANT_LIMIT_BYTES:
                raise Conflict("files_full", "There is no room for more files; delete some first.")
            self._row = StoredFile.create(
                tenant_id=tenant_id,
                device_id=device_id,
                kind=kind,
                name=name,
                version=version,
                models=list(dict.fromkeys(models)),
                sealed=kind == "configuration",
                created_by=by[:100],
                created_at=now,
            )
        self.file_id: str = self._row.id

    def add(self, piece: bytes) -> None:
        """Take the next piece. Raises Invalid, and the file is gone, when it becomes too large."""
        self.size_bytes += len(piece)
        if self.size_bytes > self._limit_bytes:
            self.abandon()
            raise Invalid("file_too_large", f"The file is larger than {self._limit_bytes} bytes.")
        self._digest.update(piece)
        self._waiting += piece
        while len(self._waiting) >= CHUNK_BYTES:
            self._keep(bytes(self._waiting[:CHUNK_BYTES]))
            del self._waiting[:CHUNK_BYTES]

    def finish(self, then: Callable[[], object] | None = None) -> str:
        """All of it is here; gives the file's id. `then` is done in the same transaction.

        Raises Invalid for an empty file.
        """
        if not self.size_bytes:
            self.abandon()
            raise Invalid("file_empty", "The file is empty.")
        with database.transaction():
            if self._waiting:
                self._keep(bytes(self._waiting))
            row = self._row
            row.size_bytes, row.sha256, row.state = self.size_bytes, self._digest.hexdigest(), "ready"
            row.save(only=(StoredFile.size_bytes, StoredFile.sha256, StoredFile.state))
            if then is not None:
                then()
            _changed(self.tenant_id, row.device_id)
        return self.file_id

    def abandon(self) -> None:
        """It broke off: nothing of it stays."""
        with database.transaction():
            _remove(self.file_id)

    def _keep(self, content: bytes) -> None:
        if self._row.sealed:
            content = secrets.seal_bytes(self.tenant_id, f"{self.file_id}.{self._number}", content)
        with database.transaction():
            _INSERT_CHUNK(self.tenant_id, self.file_id, self._number, content)
        self._number += 1


def put(
    tenant_id: str,
    *,
    kind: str,
    name: str,
    content: Iterable[bytes],
    now: float,
    version: str = "",
    models: Sequence[str] = (),
    device_id: str | None = None,
    by: str = "",
) -> str:
    """Keep a file and give its id. `kind` is one of KINDS; a firmware image needs `version` and `models`.

    Raises Invalid with the errors by field. Call outside a transaction: the pieces may come slowly.
    """
    coming = Receiving(
        tenant_id, kind=kind, name=name, now=now, version=version, models=models, device_id=device_id, by=by
    )
    try:
        for piece in content:
            coming.add(piece)
    except BaseException:
        coming.abandon()
        raise
    return coming.finish()


def get(tenant_id: str, file_id: str) -> dict[str, Any]:
    """{"id", "kind", "name", "version", "models", "device_id", "size_bytes", "sha256", "created_by", "at"}.

    NotFound, also for one that is not whole yet or another tenant's.
    """
    return _shown(_ready(tenant_id, file_id))


def listing(
    tenant_id: str,
    *,
    kind: str | None = None,
    device_id: str | None = None,
    after: str = "",
    limit: int = 50,
) -> list[dict[str, Any]]:
    """Files as `get`, the newest first; `after` is the id of the last one seen."""
    rows = StoredFile.of(tenant_id).where(StoredFile.state == "ready")
    if kind:
        rows = rows.where(StoredFile.kind == kind)
    if device_id is not None:
        rows = rows.where(StoredFile.device_id == device_id)
    if after:
        rows = rows.where(StoredFile.id < after)
    return [_shown(row) for row in rows.order_by(StoredFile.id.desc()).limit(min(limit, LISTING_LIMIT_FILES))]


def content(tenant_id: str, file_id: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """The bytes from `start` up to before `end`, piece by piece; NotFound. No connection is held between."""
    with database.connection():
        row = _ready(tenant_id, file_id)
    return _pieces(tenant_id, row, start, row.size_bytes if end is None else min(end, row.size_bytes))


def delete(tenant_id: str, file_id: str) -> None:
    """Forget a file; a transfer of it that is under way breaks off. NotFound."""
    with database.transaction():
        row = StoredFile.find(tenant_id, file_id)
        _remove(row.id)
        _changed(tenant_id, row.device_id)


def drop(device_id: str) -> None:
    """Forget the files of a device that is gone, inside a transaction."""
    for row in StoredFile.select(StoredFile.id).where(StoredFile.device_id == device_id):
        _remove(row.id)


def firmware_for(tenant_id: str, facts: Mapping[str, Any]) -> dict[str, str] | None:
    """The image a device could be given: {"file_id", "version"}, or None.

    The newest image (by when it was stored) whose models name the device, if its version is another than the
    running one. `facts` are those of `records.facts`: model, product_class, hardware_version,
    software_version. Models are compared whole, never by a part of their name.
    """
    names = {str(facts.get(name) or "") for name in ("model", "product_class")} - {""}
    hardware = str(facts.get("hardware_version") or "")
    fitting = names | {f"{name}@{hardware}" for name in names if hardware}
    if not names:
        return None
    rows = (
        StoredFile.of(tenant_id, StoredFile.id, StoredFile.version, StoredFile.models)
        .where(StoredFile.kind == "firmware", StoredFile.state == "ready", StoredFile.device_id.is_null())
        .order_by(StoredFile.created_at.desc(), StoredFile.id.desc())
        .limit(IMAGES_LIMIT_FILES)
    )
    for row in rows:
        if fitting.intersection(row.models):
            same = row.version == facts.get("software_version")
            return None if same else {"file_id": row.id, "version": row.version}
    return None


def latest_backup(tenant_id: str, device_id: str) -> dict[str, Any] | None:
    """The device's newest configuration: {"file_id", "at", "name", "size_bytes"}, or None."""
    row = (
        StoredFile.of(tenant_id)
        .where(
            StoredFile.device_id == device_id,
            StoredFile.kind == "configuration",
            StoredFile.state == "ready",
        )
        .order_by(StoredFile.created_at.desc(), StoredFile.id.desc())
        .first()
    )
    if row is None:
        return None
    return {"file_id": row.id, "at": row.created_at, "name": row.name, "size_bytes": row.size_bytes}


def kind_of(file_type: str) -> str:
    """The kind of what a device uploads, by its FileType (TR-069 A.4.1.5), e.g. "2 Vendor Log File"."""
    words = file_type.partition(" ")[2]
    if words.startswith("Vendor Configuration File"):
        return "configuration"
    return "log" if words.startswith("Vendor Log File") else "other"


def sweep(now: float) -> int:
    """Forget what broke off, what is older than its kind is kept, and a device's surplus; gives how many."""
    forgotten = 0
    old = (StoredFile.state == "receiving") & (StoredFile.created_at < now - UNFINISHED_S)
    for kind, keep_s in KEEP_S.items():
        old |= (
            (StoredFile.kind == kind)
            & StoredFile.device_id.is_null(False)
            & (StoredFile.created_at < now - keep_s)
        )
    for row in list(StoredFile.select().where(old).order_by(StoredFile.created_at).limit(SWEEP_FILES)):
        with database.transaction():
            _remove(row.id)
            forgotten += 1
    return forgotten


def keep_newest(tenant_id: str, device_id: str, kind: str) -> None:
    """Keep the newest KEEP_FILES of a device's own files of this kind, inside a transaction."""
    rows = (
        StoredFile.of(tenant_id, StoredFile.id)
        .where(StoredFile.device_id == device_id, StoredFile.kind == kind, StoredFile.state == "ready")
        .order_by(StoredFile.created_at.desc(), StoredFile.id.desc())
        .offset(KEEP_FILES)
        .limit(SWEEP_FILES)
    )
    for row in list(rows):
        _remove(row.id)


def _pieces(tenant_id: str, row: StoredFile, start: int, end: int) -> Iterator[bytes]:
    at = max(start, 0)
    while at < end:
        number, offset = divmod(at, CHUNK_BYTES)
        with database.connection():
            found = _CHUNK(tenant_id, row.id, number).fetchone()
        if found is None:
            raise NotFound("file_gone", "The file was deleted meanwhile.")
        whole = bytes(found[0])
        if row.sealed:
            whole = secrets.open_bytes(tenant_id, f"{row.id}.{number}", whole)
        piece = whole[offset : offset + end - at]
        if not piece:
            raise NotFound("file_gone", "The file is shorter than it was.")
        at += len(piece)
        yield piece


def _check(kind: str, name: str, version: str, models: Sequence[str]) -> None:
    errors: dict[str, list[str]] = {}
    if kind not in KINDS:
        errors["kind"] = ["Must be one of: " + ", ".join(KINDS) + "."]
    if not _is_word(name, NAME_LIMIT_CHARS) or set(name) & _NO_NAME:
        errors["name"] = [f"Must be a file's name of at most {NAME_LIMIT_CHARS} characters."]
    if version and not _is_word(version, VERSION_LIMIT_CHARS):
        errors["version"] = [f"Must be at most {VERSION_LIMIT_CHARS} plain characters."]
    if kind == "firmware" and not version:
        errors["version"] = ["Must be the version that the device tells once the image runs."]
    if kind == "firmware" and not models:
        errors["models"] = ["Must name at least one model."]
    if len(models) > MODELS_LIMIT or not all(_is_word(model, MODEL_LIMIT_CHARS) for model in models):
        errors["models"] = ["Must be names of models."]
    if errors:
        raise Invalid("file_invalid", fields=errors)


def _is_word(text: str, limit_chars: int) -> bool:
    return bool(text.strip()) and len(text) <= limit_chars and text.isprintable()


def _ready(tenant_id: str, file_id: str) -> StoredFile:
    row = StoredFile.find(tenant_id, file_id)
    if row.state != "ready":
        raise NotFound()
    return row


def _remove(file_id: str) -> None:
    FileChunk.delete().where(FileChunk.file_id == file_id).execute()
    StoredFile.delete().where(StoredFile.id == file_id).execute()


def _changed(tenant_id: str, device_id: str | None) -> None:
    if device_id is not None:
        announcements.announce(DeviceChanged(tenant_id, device_id, frozenset({"files"})))


def _shown(row: StoredFile) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "name": row.name,
        "version": row.version,
        "models": list(row.models),
        "device_id": row.device_id,
        "size_bytes": row.size_bytes,
        "sha256": row.sha256,
        "created_by": row.created_by,
        "at": row.created_at,
    }
