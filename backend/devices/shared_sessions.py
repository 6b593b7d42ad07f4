"""Open CWMP sessions where several ACS processes find them: in Redis, one key a device.

A POST may come to any process. It holds the device's turn (a lock with an owner and a time limit), goes on
with the session as it was left, and leaves it for the next. What is kept holds no secret in the clear:
passwords are sealed, and of the task whose RPC is out there is only its id. A process that dies leaves its
sessions to whoever hears the device next; what it had sent is settled at the next Inform (`queue.release`).

While Redis is away a process goes on with the sessions it heard last, and keeps new ones to itself.
"""

from __future__ import annotations

import contextlib
import hmac
import itertools
import json
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any, Final

import structlog

from backend.cwmp.session import AcsSession
from backend.devices import queue, sessions, tasks
from backend.devices.known import Known, Shared
from backend.devices.sessions import LIMITS, Ended, Session, Sessions, TurnBusy
from backend.devices.shared import KEEP_SILENT_S, Link, asked_key, session_key, turn_key
from backend.errors import Unavailable
from workflows.effects import GetMethods

log = structlog.get_logger(__name__)

TURN_LIMIT_S: Final = 15.0
"""A process that holds a turn for so long has died or hangs; another may take it."""
TURN_TAKE_S: Final = TURN_LIMIT_S + 1.0
"""Waiting for so long outlives a process that died with the turn; a router waits for 30 s (TR-069 3.7.1)."""
TURN_LOOK_S: Final = 0.02
SWEEP_LIMIT_SESSIONS: Final = 200
QUIET_S: Final = 5.0
"""A session not heard for so long may have gone on, or ended, with another process."""
ID_LIMIT_CHARS: Final = 26

_LEAVE: Final = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == 'keep' then redis.call('SET', KEYS[2], ARGV[3], 'EX', ARGV[4]) end
if ARGV[2] == 'keep' or ARGV[2] == 'end' then redis.call('DEL', KEYS[3]) end
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
    freed: bool = False


class _Local(threading.local):
    turn: _Turn | None = None


class SharedSessions(Sessions):
    """The open sessions of all ACS processes, as one of them sees them.

    `len` and `of_tenant` count those this process was the last to hear, as far as it knows.
    """

    def __init__(self, link: Link, ended: Ended = lambda session, how: None) -> None:
        super().__init__(ended)
        self._link = link
        self._leave: Any = link.redis.register_script(_LEAVE)
        self._mine: OrderedDict[str, Session] = OrderedDict()
        self._here_only: set[str] = set()
        self._local = _Local()

    def __len__(self) -> int:
        return len(self._mine)

    @property
    def complete(self) -> bool:
        """Whether Redis is there: without it a session of another process is not found."""
        return self._link.works

    @contextmanager
    def turn(self, device_id: str) -> Iterator[None]:
        """Hold the device's turn over all processes; TurnBusy when it does not come, or was lost."""
        with self._turns.turn(device_id, sessions.TURN_WAIT_S):
            turn = self._local.turn = self._take(device_id)
            try:
                yield
            except BaseException:
                self._local.turn = None
                with contextlib.suppress(TurnBusy):  # the error matters more
                    self._free(turn)
                raise
            self._local.turn = None
            self._free(turn)

    def by_key(self, key: str, now: float) -> Session | None:
        """The live session of a cookie, which names its device; without its task."""
        device_id = key.partition(".")[0]
        if not device_id.isalnum() or len(device_id) > ID_LIMIT_CHARS:
            return None
        try:
            with self._link.reached() as client:
                found = _read(client.get(session_key(device_id)))
            if found is None and device_id in self._here_only:
                found = self._mine.get(device_id)
        except Unavailable:
            found = self._mine.get(device_id)
        if found is None or found.expires_at < now or not hmac.compare_digest(found.key, key):
            return None
        return found

    def by_device(self, device_id: str, now: float) -> Session | None:
        """The live session of a device, inside its turn."""
        found = self._session_of(self._held(device_id))
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
        older = self._session_of(turn)
        if older is not None and older.key != session.key:
            self._end(older, "superseded", "hold")
        self._put(turn, session)

    def keep(self, session: Session, now: float) -> None:
        """The session has spoken and goes on; it is left for others when the turn ends."""
        session.touched_at = now
        self._put(self._held(session.known.device_id), session)

    def end(self, session: Session, how: str) -> None:
        """The session is over; what it had sent and not heard of is settled at the device's next Inform.

        Its turn ends with it.
        """
        self._end(session, how, "free")

    def _end(self, session: Session, how: str, turn_then: str) -> None:
        session.cwmp.abort()
        device_id = session.known.device_id
        turn = self._held(device_id)
        still = self._session_of(turn)
        if still is None or still.key != session.key:
            return
        turn.session, turn.changed = None, False
        self._forget(device_id)
        if turn.token:
            with contextlib.suppress(Unavailable), self._link.reached():
                self._leave(keys=_keys(device_id), args=[turn.token, "end", "", 1, turn_then])
                turn.freed = turn_then == "free"
        self._ended(session, how)

    def end_silent(self, now: float) -> int:
        """End the sessions this process heard last whose time has passed; gives how many.

        Those that another process hears now, or has ended, are forgotten here.
        """
        quiet = list(itertools.takewhile(lambda one: one[1].touched_at < now - QUIET_S, self._mine.items()))
        quiet = quiet[:SWEEP_LIMIT_SESSIONS]
        self._forget_moved(quiet)
        count = 0
        for device_id, mine in quiet:
            if device_id not in self._mine:
                continue
            self._mine.move_to_end(device_id)
            if mine.expires_at >= now:
                continue
            with contextlib.suppress(TurnBusy), self.turn(device_id):
                found = self._session_of(self._held(device_id))
                if found is not None and found.expires_at < now:
                    self.end(found, "silent")
                    count += 1
                self._forget(device_id)
        return count

    def _forget_moved(self, quiet: list[tuple[str, Session]]) -> None:
        asked = [one for one in quiet if one[0] not in self._here_only]
        if not asked:
            return
        try:
            with self._link.reached() as client:
                texts = client.mget([session_key(device_id) for device_id, _ in asked])
        except Unavailable:
            return
        for (device_id, mine), text in zip(asked, texts, strict=True):
            found = _read(text)
            if found is None or found.key != mine.key or found.touched_at > mine.touched_at:
                self._forget(device_id)

    # -- turns ----------------------------------------------------------------------------------------

    def _take(self, device_id: str) -> _Turn:
        token = secrets.token_hex(8)
        deadline_s = time.monotonic() + TURN_TAKE_S
        while True:
            try:
                with self._link.reached() as client, client.pipeline(transaction=False) as pipe:
                    pipe.set(turn_key(device_id), token, nx=True, px=int(TURN_LIMIT_S * 1000))
                    pipe.get(session_key(device_id))
                    taken, text = pipe.execute()
            except Unavailable:
                return _Turn(device_id, "", None, read=True, session=self._mine.get(device_id))
            if taken:
                return _Turn(device_id, token, text)
            if time.monotonic() > deadline_s:
                raise TurnBusy(device_id)
            threading.Event().wait(TURN_LOOK_S)

    def _free(self, turn: _Turn) -> None:
        """Leave the session as it is now and let the next have the turn; TurnBusy when it was lost."""
        what: list[str | int] = ["", "", 1]
        if turn.changed and turn.session is not None:
            self._here_only.add(turn.device_id)
            keep_s = turn.session.cwmp.session_timeout_s + KEEP_SILENT_S
            what = ["keep", _written(turn.session), int(keep_s)]
        if not turn.token or turn.freed:
            return
        try:
            with self._link.reached():
                left = self._leave(keys=_keys(turn.device_id), args=[turn.token, *what, "free"])
        except Unavailable:
            return
        if turn.changed:
            self._here_only.discard(turn.device_id)
        if not left:
            raise TurnBusy(turn.device_id)

    def _held(self, device_id: str) -> _Turn:
        turn = self._local.turn
        if turn is None or turn.device_id != device_id:
            raise RuntimeError("a session is looked up or changed inside its device's turn only")
        return turn

    def _session_of(self, turn: _Turn) -> Session | None:
        """The session of a turn, with the task whose RPC is out; read from its text the first time."""
        if not turn.read:
            turn.read = True
            turn.session = found = _read(turn.text)
            if found is None and turn.device_id in self._here_only:
                turn.session = self._mine.get(turn.device_id)
            elif found is not None and (out := json.loads(turn.text or "{}").get("out")):
                task_id, stage = out
                claim = queue.resumed(found.known.device_id, task_id, stage)
                found.claim = claim or _ended_task(task_id, found.known)
        return turn.session

    def _put(self, turn: _Turn, session: Session) -> None:
        turn.session, turn.read, turn.changed = session, True, True
        self._forget(turn.device_id)
        self._mine[turn.device_id] = session
        self._of_tenant[session.known.tenant_id] += 1

    def _forget(self, device_id: str) -> None:
        self._here_only.discard(device_id)
        mine = self._mine.pop(device_id, None)
        if mine is not None:
            tenant_id = mine.known.tenant_id
            self._of_tenant[tenant_id] -= 1
            if not self._of_tenant[tenant_id]:
                del self._of_tenant[tenant_id]


def _keys(device_id: str) -> list[str]:
    return [turn_key(device_id), session_key(device_id), asked_key(device_id)]


def _ended_task(task_id: str, known: Known) -> tasks.Claim:
    """A task that ended or moved on while its RPC was out: whatever is answered changes nothing."""
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
            "out": [session.claim.task_id, session.claim.stage] if session.claim is not None else None,
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
