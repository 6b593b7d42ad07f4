"""Open CWMP sessions where several ACS processes find them: in Redis, one key a device.

A POST may come to any process. It holds the device's turn (a lock with an owner and a time limit), goes on
with the session as it was left, and leaves it for the next. What is kept holds no secret in the clear:
passwords are sealed, and of the task whose RPC is out there is only its id. A process that dies leaves its
sessions to whoever hears the device next; what it had sent is settled at the next Inform (`queue.release`).
"""

from __future__ import annotations

import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any, Final

import redis
import structlog

from backend.cwmp.session import AcsSession
from backend.devices import sessions, tasks
from backend.devices.known import Known, Shared
from backend.devices.sessions import LIMITS, Ended, Session, Sessions, TurnBusy
from backend.devices.shared import reached, session_key, turn_key
from backend.errors import UserError
from workflows.effects import GetMethods

log = structlog.get_logger(__name__)

TURN_LIMIT_S: Final = 15.0
"""A process that holds a turn for so long has died or hangs; another may take it."""
TURN_LOOK_S: Final = 0.02
KEEP_SILENT_S: Final = 60.0
"""A silent session is left for so long after its timeout, for the sweep that tells of its end."""
SWEEP_LIMIT_SESSIONS: Final = 500
ID_LIMIT_CHARS: Final = 26

_LEAVE: Final = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == 'keep' then redis.call('SET', KEYS[2], ARGV[3], 'EX', ARGV[4]) end
if ARGV[2] == 'end' then redis.call('DEL', KEYS[2]) end
if ARGV[5] == 'free' then redis.call('DEL', KEYS[1]) end
return 1
"""
_KNOWN: Final = tuple(one.name for one in fields(Known))
_SHARED: Final = tuple(one.name for one in fields(Shared))


@dataclass(slots=True)
class _Turn:
    """A turn this greenlet holds. `session` is the device's: as kept, or as it now is where `changed`."""

    device_id: str
    token: str
    text: str | None
    read: bool = False
    session: Session | None = None
    changed: bool = False


class _Local(threading.local):
    turn: _Turn | None = None


class SharedSessions(Sessions):
    """The open sessions of all ACS processes, as one of them sees them.

    `len` and `of_tenant` count those this process was the last to hear, as far as it knows.
    """

    def __init__(self, client: redis.Redis, ended: Ended = lambda session, how: None) -> None:
        super().__init__(ended)
        self._client = client
        self._leave: Any = client.register_script(_LEAVE)
        self._mine: dict[str, tuple[str, float]] = {}
        self._local = _Local()

    def __len__(self) -> int:
        return len(self._mine)

    @contextmanager
    def turn(self, device_id: str) -> Iterator[None]:
        """Hold the device's turn over all processes; TurnBusy when it does not come, or was lost at the
        end.
        """
        with self._turns.turn(device_id, sessions.TURN_WAIT_S):
            turn = self._local.turn = self._take(device_id)
            try:
                yield
            except BaseException:
                self._local.turn = None
                self._free_quietly(turn)
                raise
            self._local.turn = None
            self._free(turn)

    def by_key(self, key: str, now: float) -> Session | None:
        """The live session of a cookie, which names its device; without its task."""
        device_id = key.partition(".")[0]
        if not device_id.isalnum() or len(device_id) > ID_LIMIT_CHARS:
            return None
        with reached():
            found = _read(self._client.get(session_key(device_id)))
        if found is None or found.expires_at < now or not hmac.compare_digest(found.key, key):
            return None
        return found

    def by_device(self, device_id: str, now: float) -> Session | None:
        """The live session of a device, inside its turn."""
        turn = self._held(device_id)
        found = _session_of(turn)
        if found is not None and found.expires_at < now:
            self.end(found, "silent")
            return None
        return found

    def current(self, session: Session, now: float) -> Session | None:
        """The session as it is now, inside its device's turn: None when it is over."""
        found = self.by_device(session.known.device_id, now)
        return found if found is not None and found.key == session.key else None

    def begin(self, session: Session) -> None:
        """Open a session inside the device's turn; an older one of the same device is over."""
        turn = self._held(session.known.device_id)
        older = _session_of(turn)
        if older is not None and older.key != session.key:
            self.end(older, "superseded")
        self._put(turn, session)

    def keep(self, session: Session, now: float) -> None:
        """The session has spoken and goes on; it is left for others when the turn ends."""
        session.touched_at = now
        self._put(self._held(session.known.device_id), session)

    def end(self, session: Session, how: str) -> None:
        """The session is over; what it had sent and not heard of is settled at the device's next Inform."""
        session.cwmp.abort()
        device_id = session.known.device_id
        turn = self._held(device_id)
        still = _session_of(turn)
        if still is None or still.key != session.key:
            return
        turn.session, turn.changed = None, False
        self._forget(device_id)
        keys = [turn_key(device_id), session_key(device_id)]
        with reached():
            self._leave(keys=keys, args=[turn.token, "end", "", 1, "hold"])
        self._ended(session, how)

    def end_silent(self, now: float) -> int:
        """End the sessions this process heard last whose time has passed; gives how many."""
        silent = [device_id for device_id, (_, expires_at) in self._mine.items() if expires_at < now]
        count = 0
        for device_id in silent[:SWEEP_LIMIT_SESSIONS]:
            try:
                with self.turn(device_id):
                    found = _session_of(self._held(device_id))
                    if found is not None and found.expires_at < now:
                        self.end(found, "silent")
                        count += 1
                    self._forget(device_id)  # over, or another process's
            except TurnBusy:
                continue
        return count

    # -- turns ----------------------------------------------------------------------------------------

    def _take(self, device_id: str) -> _Turn:
        token = secrets.token_hex(8)
        deadline_s = time.monotonic() + sessions.TURN_WAIT_S
        while True:
            with reached(), self._client.pipeline(transaction=True) as pipe:
                pipe.set(turn_key(device_id), token, nx=True, px=int(TURN_LIMIT_S * 1000))
                pipe.get(session_key(device_id))
                taken, text = pipe.execute()
            if taken:
                return _Turn(device_id, token, text)
            if time.monotonic() > deadline_s:
                raise TurnBusy(device_id)
            threading.Event().wait(TURN_LOOK_S)

    def _free(self, turn: _Turn) -> None:
        """Leave the session as it is now and let the next have the turn; TurnBusy when it was lost."""
        what: list[str | int] = ["", "", 1]
        if turn.changed and turn.session is not None:
            keep_s = turn.session.cwmp.session_timeout_s + KEEP_SILENT_S
            what = ["keep", _written(turn.session), int(keep_s)]
        keys = [turn_key(turn.device_id), session_key(turn.device_id)]
        with reached():
            if not self._leave(keys=keys, args=[turn.token, *what, "free"]):
                raise TurnBusy(turn.device_id)

    def _free_quietly(self, turn: _Turn) -> None:
        """After an error, which matters more than another one here; an unfreed turn ends by its time
        limit.
        """
        try:
            self._free(turn)
        except (UserError, TurnBusy) as error:
            log.warning("turn_not_freed", device=turn.device_id, error=repr(error))

    def _held(self, device_id: str) -> _Turn:
        turn = self._local.turn
        if turn is None or turn.device_id != device_id:
            raise RuntimeError("a session is looked up or changed inside its device's turn only")
        return turn

    def _put(self, turn: _Turn, session: Session) -> None:
        turn.session, turn.read, turn.changed = session, True, True
        self._forget(turn.device_id)
        self._mine[turn.device_id] = (session.known.tenant_id, session.expires_at)
        self._of_tenant[session.known.tenant_id] += 1

    def _forget(self, device_id: str) -> None:
        mine = self._mine.pop(device_id, None)
        if mine is not None:
            self._of_tenant[mine[0]] -= 1
            if not self._of_tenant[mine[0]]:
                del self._of_tenant[mine[0]]


def _session_of(turn: _Turn) -> Session | None:
    """The session of a turn, with the task whose RPC is out; read from its text the first time."""
    if not turn.read:
        turn.read = True
        turn.session = found = _read(turn.text)
        task_id = json.loads(turn.text)["task"] if turn.text and found is not None else ""
        if found is not None and task_id:
            known = found.known
            open_task = tasks.still_open(task_id, known.device_id)
            found.claim = open_task or _ended_task(task_id, known)
    return turn.session


def _ended_task(task_id: str, known: Known) -> tasks.Claim:
    """A task whose deadline passed while its RPC was out: whatever is answered changes nothing."""
    return tasks.Claim(task_id, known.tenant_id, known.device_id, "", GetMethods())


def _written(session: Session) -> str:
    login = session.login
    return json.dumps(
        {
            "known": [getattr(session.known, name) for name in _KNOWN],
            "shared": [getattr(login, name) for name in _SHARED] if isinstance(login, Shared) else None,
            "cwmp": session.cwmp.to_json(),
            "touched_at": session.touched_at,
            "key": session.key,
            "id": session.id,
            "told": list(session.told),
            "task": session.claim.task_id if session.claim is not None else "",
            "began_at": session.began_at,
            "source": session.source,
            "events": session.events,
        },
        separators=(",", ":"),
    )


def _read(text: str | None) -> Session | None:
    """The session of a text; None for none, and for one that another version of this program wrote."""
    if not text:
        return None
    try:
        data = json.loads(text)
        known = Known(*data["known"])
        return Session(
            known,
            AcsSession.from_json(data["cwmp"], LIMITS),
            data["touched_at"],
            login=Shared(*data["shared"]) if data["shared"] else known,
            key=data["key"],
            id=data["id"],
            told=frozenset(data["told"]),
            began_at=data["began_at"],
            source=data["source"],
            events=tuple(data["events"]),
        )
    except (ValueError, KeyError, TypeError):
        log.warning("session_unreadable")
        return None
