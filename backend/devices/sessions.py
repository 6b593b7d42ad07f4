"""The CWMP sessions that are open, and how a POST finds its own (TR-069 3.4.4, 3.7).

A POST names its session by our cookie; by its TCP connection, for CPEs that never return cookies; or only by
the device that authenticated. A device has at most one session. One that stays silent for its timeout is
over. POSTs of one device take turns: `turn` is held from before the session is looked up until its answer is
decided.

`Sessions` keeps them in this process. `shared_sessions.SharedSessions` keeps them where several ACS processes
find them; both are the same to the ACS.
"""

from __future__ import annotations

import secrets
import threading
import weakref
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from backend import database
from backend.cwmp.envelope import Limits
from backend.cwmp.session import AcsSession
from backend.devices.known import Known, Shared
from backend.devices.request_body import BODY_LIMIT_BYTES
from backend.devices.tasks import Claim

SESSIONS_LIMIT: Final = 50_000
LIMITS: Final = Limits(body_bytes=BODY_LIMIT_BYTES)
"""Of one message inside a session."""
LOCKS: Final = 1024
TURN_WAIT_S: Final = 10.0

Login = Known | Shared
"""Who has authenticated: a device, or whoever holds a credential that many share."""


@dataclass(slots=True)
class Session:
    """One open session.

    `login` is who opened it, `told` are the parameters of its Inform, `claim` is the task whose RPC waits for
    its answer. `id` names it in history; `key` is its cookie and secret. `quarantined`: nothing is read or
    written. Moments in seconds since 1970; `began_at`, `source` and `events` are those of its Inform.
    """

    known: Known
    cwmp: AcsSession
    touched_at: float
    login: Login
    key: str = field(default="", repr=False)
    id: str = field(default_factory=database.new_id)
    told: frozenset[str] = frozenset()
    claim: Claim | None = None
    began_at: float = 0.0
    source: str = ""
    events: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Give it a key: the device, so that any process finds it, and chance, so that nobody guesses it."""
        self.key = self.key or f"{self.known.device_id}.{secrets.token_urlsafe(24)}"

    @property
    def quarantined(self) -> bool:
        """Whether the device is answered and nothing more."""
        return self.known.admission != "enrolled"

    @property
    def expires_at(self) -> float:
        """When silence will have ended it: what the CPE asked for, at least 30 s (3.7.1.1)."""
        return self.touched_at + self.cwmp.session_timeout_s

    def is_of(self, login: Login) -> bool:
        """Whether this login may speak in it."""
        if isinstance(login, Known):
            return login.device_id == self.known.device_id
        return login.username == self.login.username


class TurnBusy(Exception):
    """Another POST of the same device did not finish in TURN_WAIT_S."""


Ended = Callable[[Session, str], object]
"""Told of each session that is over, and how: "well", "silent", "failed" or "superseded"."""


class Connections:
    """Which session a TCP connection of this process speaks in; a closed connection is forgotten."""

    def __init__(self) -> None:
        self._keys: weakref.WeakKeyDictionary[Any, str] = weakref.WeakKeyDictionary()

    def key_of(self, connection: Any) -> str:
        """The key of the session, or ""."""
        return self._keys.get(connection, "") if connection is not None else ""

    def tie(self, connection: Any, session: Session) -> None:
        """The connection has spoken in this session."""
        if connection is not None:
            self._keys[connection] = session.key


class Turns:
    """The turns that POSTs of one device take within a process."""

    def __init__(self) -> None:
        self._locks = tuple(threading.Lock() for _ in range(LOCKS))

    @contextmanager
    def turn(self, device_id: str, wait_s: float) -> Iterator[None]:
        """Hold the device's turn; TurnBusy when it does not come."""
        lock = self._locks[hash(device_id) % LOCKS]
        if not lock.acquire(timeout=wait_s):
            raise TurnBusy(device_id)
        try:
            yield
        finally:
            lock.release()


class Sessions:
    """All open sessions of this process; `ended` is told of each one that is over."""

    def __init__(self, ended: Ended = lambda session, how: None) -> None:
        self._ended = ended
        self._by_key: OrderedDict[str, Session] = OrderedDict()
        self._by_device: dict[str, Session] = {}
        self._of_tenant: Counter[str] = Counter()
        self._turns = Turns()

    def __len__(self) -> int:
        return len(self._by_key)

    @property
    def complete(self) -> bool:
        """Whether each open session can be found here just now."""
        return True

    def of_tenant(self, tenant_id: str) -> int:
        """How many of this tenant are open here."""
        return self._of_tenant[tenant_id]

    @contextmanager
    def turn(self, device_id: str) -> Iterator[None]:
        """Hold the device's turn; TurnBusy when it does not come."""
        with self._turns.turn(device_id, TURN_WAIT_S):
            yield

    def by_key(self, key: str, now: float) -> Session | None:
        """The live session of a cookie."""
        return self._live(self._by_key.get(key), now) if key else None

    def by_device(self, device_id: str, now: float) -> Session | None:
        """The live session of a device; ask it inside the device's turn."""
        return self._live(self._by_device.get(device_id), now)

    def current(self, session: Session, now: float) -> Session | None:
        """The session as it is now, asked inside its device's turn: None when it is over."""
        return session if self._by_device.get(session.known.device_id) is session else None

    def begin(self, session: Session) -> None:
        """Open a session; an older one of the same device is over."""
        older = self._by_device.get(session.known.device_id)
        if older is not None:
            self.end(older, "superseded")
        self._by_key[session.key] = session
        self._by_device[session.known.device_id] = session
        self._of_tenant[session.known.tenant_id] += 1
        if len(self._by_key) > SESSIONS_LIMIT:
            self.end(next(iter(self._by_key.values())), "failed")

    def keep(self, session: Session, now: float) -> None:
        """The session has spoken and goes on."""
        session.touched_at = now
        if session.key in self._by_key:
            self._by_key.move_to_end(session.key)

    def end(self, session: Session, how: str) -> None:
        """The session is over; what it had sent and not heard of is settled at the device's next Inform."""
        session.cwmp.abort()
        if self._by_key.pop(session.key, None) is None:
            return
        tenant_id = session.known.tenant_id
        self._of_tenant[tenant_id] -= 1
        if not self._of_tenant[tenant_id]:
            del self._of_tenant[tenant_id]
        if self._by_device.get(session.known.device_id) is session:
            del self._by_device[session.known.device_id]
        self._ended(session, how)

    def end_silent(self, now: float) -> int:
        """End the sessions whose time has passed; gives how many. Called by the sweep."""
        silent = [session for session in self._by_key.values() if session.expires_at < now]
        for session in silent:
            self.end(session, "silent")
        return len(silent)

    def _live(self, session: Session | None, now: float) -> Session | None:
        if session is not None and session.expires_at < now:
            self.end(session, "silent")
            return None
        return session
