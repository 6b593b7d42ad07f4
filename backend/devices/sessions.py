"""The CWMP sessions that are open in this process, found by their cookie or by their device (TR-069 3.4.4).

A device has at most one. A session that stays silent for its timeout is over. POSTs of one device take turns:
`turn` is held from before the session is looked up until its answer is decided.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from backend.cwmp.session import AcsSession
from backend.devices.queue import Claim
from backend.devices.records import Known

SESSIONS_LIMIT: Final = 50_000
LOCKS: Final = 1024
TURN_WAIT_S: Final = 10.0


@dataclass(slots=True)
class Session:
    """One open session.

    `told` are the parameters of its Inform, `claim` is the task whose RPC waits for its answer.
    `touched_at` in seconds since 1970.
    """

    known: Known
    cwmp: AcsSession
    touched_at: float
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    told: frozenset[str] = frozenset()
    claim: Claim | None = None

    @property
    def expires_at(self) -> float:
        """When silence will have ended it: what the CPE asked for, at least 30 s (3.7.1.1)."""
        return self.touched_at + self.cwmp.session_timeout_s


class TurnBusy(Exception):
    """Another POST of the same device did not finish in TURN_WAIT_S."""


class Sessions:
    """All open sessions; `ended` is told of each one that is over, and whether it ended well."""

    def __init__(self, ended: Callable[[Session, bool], object] = lambda session, well: None) -> None:
        self._ended = ended
        self._by_key: OrderedDict[str, Session] = OrderedDict()
        self._by_device: dict[str, Session] = {}
        self._locks = tuple(threading.Lock() for _ in range(LOCKS))

    def __len__(self) -> int:
        return len(self._by_key)

    @contextmanager
    def turn(self, device_id: str) -> Iterator[None]:
        """Hold the device's turn; TurnBusy when it does not come."""
        lock = self._locks[hash(device_id) % LOCKS]
        if not lock.acquire(timeout=TURN_WAIT_S):
            raise TurnBusy(device_id)
        try:
            yield
        finally:
            lock.release()

    def by_key(self, key: str, now: float) -> Session | None:
        """The live session of a cookie."""
        return self._live(self._by_key.get(key), now)

    def by_device(self, device_id: str, now: float) -> Session | None:
        """The live session of a device."""
        return self._live(self._by_device.get(device_id), now)

    def is_open(self, session: Session, device_id: str) -> bool:
        """Whether it is still the session of this device."""
        return self._by_device.get(device_id) is session

    def begin(self, session: Session) -> None:
        """Open a session; an older one of the same device is over."""
        older = self._by_device.get(session.known.device_id)
        if older is not None:
            self.end(older)
        self._by_key[session.key] = session
        self._by_device[session.known.device_id] = session
        if len(self._by_key) > SESSIONS_LIMIT:
            self.end(next(iter(self._by_key.values())))

    def touch(self, session: Session, now: float) -> None:
        """The session has spoken."""
        session.touched_at = now
        if session.key in self._by_key:
            self._by_key.move_to_end(session.key)

    def end(self, session: Session, *, well: bool = False) -> None:
        """The session is over; what it had sent and not heard of is settled at the device's next Inform."""
        session.cwmp.abort()
        if self._by_key.pop(session.key, None) is None:
            return
        if self._by_device.get(session.known.device_id) is session:
            del self._by_device[session.known.device_id]
        self._ended(session, well)

    def end_silent(self, now: float) -> int:
        """End the sessions whose time has passed; gives how many. Called by the sweep."""
        silent = [session for session in self._by_key.values() if session.expires_at < now]
        for session in silent:
            self.end(session)
        return len(silent)

    def _live(self, session: Session | None, now: float) -> Session | None:
        if session is not None and session.expires_at < now:
            self.end(session)
            return None
        return session
