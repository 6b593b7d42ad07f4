"""The sessions of routers as they went, with their messages, for people who look into one.

What the ACS does only adds to memory; a flusher masks, packs and writes in batches, so no session costs a
durable transaction of its own. What was not written when a process dies is lost, and nothing depends on it.

Several processes may serve one session: each writes its part, and the parts make the whole. Everything has a
bound: a session's messages, the memory of the buffer, the sessions kept of a router and how long.
"""

from __future__ import annotations

import json
import threading
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import random
from typing import Any, Final, Protocol

import structlog

from backend import announcements, database
from backend.devices.announcements import DeviceChanged
from backend.devices.masking import masked_message
from backend.devices.page_tables import CwmpMessages, CwmpSession
from backend.devices.statements import Statement, repeated
from backend.errors import NotFound, UserError

log = structlog.get_logger(__name__)

FLUSH_EVERY_S: Final = 1.0
BATCH_SESSIONS: Final = 40
QUIET_S: Final = 5.0
"""After so long without a message here, what an open session has so far is written."""
MESSAGES_LIMIT: Final = 100
SESSION_LIMIT_BYTES: Final = 256 * 1024
BUFFER_LIMIT_BYTES: Final = 32 * 1024 * 1024
BUFFER_LIMIT_SESSIONS: Final = 20_000
KEEP_SESSIONS: Final = 40
KEEP_S: Final = 30 * 86_400.0
PRUNE_ONE_OF: Final = 8
PAGE_LIMIT_ROWS: Final = 50
PACK_LEVEL: Final = 1

IN: Final = "in"
OUT: Final = "out"

_SESSIONS: Final = (
    "INSERT INTO cwmp_session (id, tenant_id, device_id, began_at, ended_at, events, source, ending,"
    " messages, bytes_in, bytes_out) VALUES ... ON CONFLICT (id) DO UPDATE SET"
    " ended_at = COALESCE(excluded.ended_at, cwmp_session.ended_at),"
    " ending = CASE WHEN excluded.ending = 'open' THEN cwmp_session.ending ELSE excluded.ending END,"
    " messages = cwmp_session.messages + excluded.messages,"
    " bytes_in = cwmp_session.bytes_in + excluded.bytes_in,"
    " bytes_out = cwmp_session.bytes_out + excluded.bytes_out"
)
_MESSAGES: Final = "INSERT INTO cwmp_messages (id, tenant_id, device_id, session_id, packed) VALUES ..."
_OLDEST_KEPT = Statement("SELECT id FROM cwmp_session WHERE device_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?")
_PRUNE_SESSIONS = Statement("DELETE FROM cwmp_session WHERE device_id = ? AND id < ?")
_PRUNE_MESSAGES = Statement("DELETE FROM cwmp_messages WHERE device_id = ? AND session_id < ?")
_OLD = Statement("SELECT device_id, id FROM cwmp_session WHERE began_at < ? ORDER BY began_at LIMIT ?")
_DROP_SESSION = Statement("DELETE FROM cwmp_session WHERE id = ?")
_DROP_MESSAGES = Statement("DELETE FROM cwmp_messages WHERE device_id = ? AND session_id = ?")
FORGET_BATCH_SESSIONS: Final = 2_000


class Session(Protocol):
    """What is told of a session: `devices.sessions.Session` is one."""

    id: str
    began_at: float
    source: str
    events: tuple[str, ...]

    @property
    def known(self) -> Any:
        """Its device: `tenant_id` and `device_id`."""


@dataclass(slots=True)
class _Part:
    """What this process saw of one session since it was last written."""

    session_id: str
    tenant_id: str
    device_id: str
    began_at: float
    source: str
    events: tuple[str, ...]
    ending: str = "open"
    ended_at: float | None = None
    touched_at: float = 0.0
    messages: list[tuple[float, str, int, bytes | None]] = field(default_factory=list)
    count: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    kept_bytes: int = 0


class History:
    """The buffer of one process, and what empties it."""

    def __init__(self, chance: Callable[[], float] = random) -> None:
        self._parts: dict[str, _Part] = {}
        self._kept_bytes = 0
        self._chance = chance
        self._told = threading.Event()
        self._stopping = threading.Event()

    # -- what the ACS tells ---------------------------------------------------------------------------

    def message(self, session: Session, direction: str, body: bytes, now: float) -> None:
        """A message came in (IN) or goes out (OUT); empty ones count too."""
        part = self._part(session)
        if part is None:
            return
        size = len(body)
        part.touched_at = now
        part.count += 1
        if direction == IN:
            part.bytes_in += size
        else:
            part.bytes_out += size
        if len(part.messages) >= MESSAGES_LIMIT:
            return
        room = part.kept_bytes + size <= SESSION_LIMIT_BYTES and self._kept_bytes + size <= BUFFER_LIMIT_BYTES
        part.messages.append((now, direction, size, body if room else None))
        if room:
            part.kept_bytes += size
            self._kept_bytes += size

    def ended(self, session: Session, how: str, now: float) -> None:
        """The session is over: "well", "silent", "failed" or "superseded"."""
        part = self._part(session)
        if part is not None:
            part.ending, part.ended_at = how, now
            self._told.set()

    def _part(self, session: Session) -> _Part | None:
        part = self._parts.get(session.id)
        if part is None:
            if len(self._parts) >= BUFFER_LIMIT_SESSIONS:
                return None
            known = session.known
            part = self._parts[session.id] = _Part(
                session.id,
                known.tenant_id,
                known.device_id,
                session.began_at,
                session.source,
                session.events,
            )
        return part

    # -- writing --------------------------------------------------------------------------------------

    def start(self) -> Callable[[], None]:
        """Begin to flush; gives what ends that, with a last flush."""
        thread = threading.Thread(target=self._run, name="history", daemon=True)
        thread.start()

        def stop() -> None:
            self._stopping.set()
            self._told.set()
            thread.join(FLUSH_EVERY_S)

        return stop

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._told.wait(QUIET_S)
            self._told.clear()
            self._stopping.wait(FLUSH_EVERY_S)
            try:
                self.flush(time.time())
            except UserError as error:
                log.warning("history_put_off", why=error.code)
            except Exception:
                log.exception("history_failed")

    def flush(self, now: float) -> int:
        """Write what has ended, and what has been quiet for QUIET_S; gives the number of sessions."""
        ready = [
            part
            for part in list(self._parts.values())
            if part.ending != "open" or now - part.touched_at >= QUIET_S
        ]
        for start in range(0, len(ready), BATCH_SESSIONS):
            self._write(ready[start : start + BATCH_SESSIONS])
            self._stopping.wait(0.001)  # others have their turn
        return len(ready)

    def _write(self, parts: Sequence[_Part]) -> None:
        """One transaction; its parts leave the buffer, whatever becomes of them."""
        for part in parts:
            self._parts.pop(part.session_id, None)
            self._kept_bytes -= part.kept_bytes
        sessions: list[object] = []
        messages: list[object] = []
        packed_rows = 0
        for part in parts:
            sessions += _row(part)
            if part.messages:
                packed = _packed(part.messages)
                messages += (database.new_id(), part.tenant_id, part.device_id, part.session_id, packed)
                packed_rows += 1
        with database.connection(), database.transaction():
            repeated(_SESSIONS, len(parts), "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")(*sessions)
            if packed_rows:
                repeated(_MESSAGES, packed_rows, "(?, ?, ?, ?, ?)")(*messages)
            for part in parts:
                if self._chance() * PRUNE_ONE_OF < 1:
                    _prune(part.device_id)
                announcements.announce(DeviceChanged(part.tenant_id, part.device_id, _WHAT))


_WHAT: Final = frozenset({"sessions"})


def _row(part: _Part) -> tuple[object, ...]:
    return (
        part.session_id,
        part.tenant_id,
        part.device_id,
        part.began_at,
        part.ended_at,
        json.dumps(part.events),
        part.source[:64],
        part.ending,
        part.count,
        part.bytes_in,
        part.bytes_out,
    )


def _packed(messages: Sequence[tuple[float, str, int, bytes | None]]) -> bytes:
    """A line of JSON, [[at, direction, size, length or None], ...], then the bytes one after another."""
    head: list[tuple[float, str, int, int | None]] = []
    bodies: list[bytes] = []
    for at, direction, size, body in messages:
        shown = masked_message(body) if body else body
        head.append((round(at, 3), direction, size, None if shown is None else len(shown)))
        bodies.append(shown or b"")
    return zlib.compress(json.dumps(head).encode() + b"\n" + b"".join(bodies), PACK_LEVEL)


def _unpacked(packed: bytes) -> list[dict[str, Any]]:
    head, _, rest = zlib.decompress(packed).partition(b"\n")
    messages, start = [], 0
    for at, direction, size, length in json.loads(head):
        end = start + (length or 0)
        body = None if length is None else rest[start:end]
        messages.append({"at": at, "direction": direction, "bytes": size, "body": body})
        start = end
    return messages


def _prune(device_id: str) -> None:
    row = _OLDEST_KEPT(device_id, KEEP_SESSIONS - 1).fetchone()
    if row is not None:
        _PRUNE_SESSIONS(device_id, row[0])
        _PRUNE_MESSAGES(device_id, row[0])


# -- the history of this process ------------------------------------------------------------------

_history: History | None = None


def bind(history: History | None) -> None:
    """Set what is told, at start; without one nothing is kept."""
    global _history
    _history = history


def start() -> Callable[[], None]:
    """Begin to keep what the sessions of this process are; gives what ends that, with a last flush."""
    made = History()
    bind(made)
    return made.start()


def message(session: Session, direction: str, body: bytes, now: float) -> None:
    """See `History.message`."""
    if _history is not None:
        _history.message(session, direction, body, now)


def ended(session: Session, how: str, now: float) -> None:
    """See `History.ended`."""
    if _history is not None:
        _history.ended(session, how, now)


def flush(now: float) -> None:
    """Write what this process has so far, for whoever is about to look."""
    if _history is not None:
        _history.flush(now)


# -- reading --------------------------------------------------------------------------------------


def page(
    tenant_id: str, device_id: str, after: str | None, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """A router's sessions, the newest first, and the cursor of the page after (None at the end)."""
    limit = max(1, min(limit, PAGE_LIMIT_ROWS))
    query = CwmpSession.of(tenant_id).where(CwmpSession.device_id == device_id)
    if after:
        query = query.where(CwmpSession.id < after)
    rows = list(query.order_by(CwmpSession.id.desc()).limit(limit + 1))
    return [_shown(row) for row in rows[:limit]], rows[limit - 1].id if len(rows) > limit else None


def session(tenant_id: str, device_id: str, session_id: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """One session and its messages in order: {"at", "direction", "bytes", "body"}; `body` is None where it
    was not kept. NotFound for another router's."""
    row: CwmpSession = CwmpSession.find(tenant_id, session_id)
    if row.device_id != device_id:
        raise NotFound()
    parts = CwmpMessages.of(tenant_id).where(
        CwmpMessages.device_id == device_id, CwmpMessages.session_id == session_id
    )
    messages = [message for part in parts for message in _unpacked(bytes(part.packed))]
    return _shown(row), sorted(messages, key=lambda one: one["at"])


def drop(device_id: str) -> None:
    """Forget the sessions of a device that is gone, inside a transaction."""
    last = "Z" * 26
    _PRUNE_SESSIONS(device_id, last)
    _PRUNE_MESSAGES(device_id, last)


def forget(now: float) -> int:
    """Delete sessions that began longer than KEEP_S ago; gives how many."""
    rows = _OLD(now - KEEP_S, FORGET_BATCH_SESSIONS).fetchall()
    for start in range(0, len(rows), 100):
        with database.transaction():
            for device_id, session_id in rows[start : start + 100]:
                _DROP_SESSION(session_id)
                _DROP_MESSAGES(device_id, session_id)
    return len(rows)


def _shown(row: CwmpSession) -> dict[str, Any]:
    return {
        "id": row.id,
        "began_at": row.began_at,
        "ended_at": row.ended_at,
        "events": list(row.events),
        "source": row.source,
        "ending": row.ending,
        "messages": row.messages,
        "bytes_in": row.bytes_in,
        "bytes_out": row.bytes_out,
    }
