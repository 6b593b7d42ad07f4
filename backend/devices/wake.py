"""Waking devices: who has been asked to call, who is calling now, and whom to ask again (TR-069 3.2.2).

At most one connection request is outstanding for a device, until its Inform or 30 s, over all processes
(`shared.SharedCalls`); a new one is allowed as soon as its session has ended, since a person who has
consented must not wait. All of this is memory: when it is lost, the sweep (`rewake`) wakes again whoever has
a task to fetch. Nothing is ever polled: a device announces itself, and whoever ends its session looks what
else waits.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, Protocol

import structlog

from backend import announcements, database
from backend.devices.announcements import DeviceUnreachable
from backend.devices.connection_request import Result, Target
from backend.errors import Unavailable, UserError

log = structlog.get_logger(__name__)

OUTSTANDING_S: Final = 30.0
SESSION_LIMIT_S: Final = 300.0
BUSY_RETRIES_LIMIT: Final = 3
BACKOFF_FIRST_S: Final = 4.0
BACKOFF_LIMIT_S: Final = 300.0
DEVICES_LIMIT: Final = 20_000

Find = Callable[[str, str], Target]
Ask = Callable[[Target], Result]
Spawn = Callable[[Callable[[], None]], object]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A device that has something to fetch. `heard_at`: its last Inform, to whichever process."""

    tenant_id: str
    device_id: str
    heard_at: float | None


class Shared(Protocol):
    """What processes tell each other of devices: `shared.SharedCalls` is one. Raises Unavailable."""

    def in_session(self, device_id: str) -> bool:
        """Whether some process holds a session of the device."""

    def ask(self, device_id: str) -> bool:
        """Whether this process may ask it to call now: then no other may until it has called."""

    def give_up(self, device_id: str) -> None:
        """It did not take the request."""


@dataclass(slots=True)
class _Device:
    """What this process knows of one device's reachability; times in seconds since 1970."""

    asked_at: float | None = None
    in_session_at: float | None = None
    wanted: bool = False
    failures: int = 0
    not_before: float = 0.0
    session_changed: threading.Event = field(default_factory=threading.Event)


class Waker:
    """The connection requests of one process.

    `find` gives a device's target (NotFound when it is gone), `ask` sends the request, `spawn` starts a
    greenlet. `shared`: there are other processes, which ask and are called, too.
    """

    def __init__(
        self,
        find: Find,
        ask: Ask,
        spawn: Spawn,
        *,
        shared: Shared | None = None,
        busy_wait_s: float = 2.0,
        session_wait_s: float = OUTSTANDING_S,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._find = find
        self._ask = ask
        self._spawn = spawn
        self._shared = shared
        self._busy_wait_s = busy_wait_s
        self._session_wait_s = session_wait_s
        self._clock = clock
        self._devices: dict[str, _Device] = {}

    def wake(self, tenant_id: str, device_id: str) -> bool:
        """Ask the device to call, unless it is calling or has just been asked.

        True when a request goes out.
        """
        now = self._clock()
        device = self._devices.setdefault(device_id, _Device())
        if self._shared is None:
            if device.in_session_at is not None and now - device.in_session_at < SESSION_LIMIT_S:
                device.wanted = True
                return False
            if device.asked_at is not None and now - device.asked_at < OUTSTANDING_S:
                return False
        if len(self._devices) > DEVICES_LIMIT:
            self._forget(now)
        if self._shared is None:
            self._asks(device)
        self._spawn(lambda: self._run(tenant_id, device_id, device))
        return True

    def _asks(self, device: _Device) -> None:
        device.asked_at = self._clock()
        device.session_changed.clear()

    def session_began(self, device_id: str) -> None:
        """The device's Inform has come: nothing is outstanding any more."""
        if self._shared is None:
            self._devices.setdefault(device_id, _Device()).in_session_at = self._clock()
        device = self._devices.get(device_id)
        if device is not None:
            device.asked_at, device.wanted = None, False
            device.session_changed.set()

    def session_ended(self, device_id: str, *, well: bool) -> bool:
        """The session is over. True when someone may have wanted the device meanwhile: look whether a task
        still waits.

        A session that broke off may break off again, so whatever waits is left to the sweep and its
        back-off; a good one forgets past failures.
        """
        device = self._devices.get(device_id)
        if device is None:
            return well and self._shared is not None
        if not well:
            device.in_session_at, device.wanted = None, False
            self._back_off(device)
            return False
        del self._devices[device_id]
        return device.wanted or self._shared is not None

    def in_session(self, device_id: str) -> bool:
        """Whether this process holds a session of the device."""
        device = self._devices.get(device_id)
        return device is not None and device.in_session_at is not None

    def rewake(self, waiting: Iterable[Waiting]) -> int:
        """Wake those of `waiting` whose back-off has passed.

        Gives how many were asked.
        """
        now = self._clock()
        asked = 0
        for one in waiting:
            device = self._devices.get(one.device_id)
            if self._shared is None and device is not None and device.asked_at is not None:
                if one.heard_at is not None and one.heard_at >= device.asked_at:
                    device.asked_at = None  # it called another process; give that some time to serve it
                    self._back_off(device)
                elif now - device.asked_at >= OUTSTANDING_S:
                    self._failed(one.tenant_id, one.device_id, device, "no_session")
            if device is None or now >= device.not_before:
                asked += self.wake(one.tenant_id, one.device_id)
        return asked

    def _run(self, tenant_id: str, device_id: str, device: _Device) -> None:
        try:
            if self._shared is not None:
                if not self._may_ask(device_id, self._shared):
                    device.not_before = max(device.not_before, self._clock() + BACKOFF_FIRST_S)
                    return
                self._asks(device)
            self._ask_until_known(tenant_id, device_id, device)
        except UserError as error:
            device.asked_at = None
            self._give_up(device_id)
            log.info("connection_request_dropped", device=device_id, reason=error.code)
        except Exception:
            device.asked_at = None
            self._give_up(device_id)
            log.exception("connection_request_failed", device=device_id)

    def _may_ask(self, device_id: str, shared: Shared) -> bool:
        """Whether nobody else has the device, or has asked it: whoever did serves our task, too.

        A session looks at its end what else waits, and whatever a failed request leaves the sweep finds.
        """
        try:
            return not shared.in_session(device_id) and shared.ask(device_id)
        except Unavailable as error:
            log.warning("calls_not_shared", why=error.code)
            return True  # asked twice a device calls once more; not asked, somebody waits

    def _is_called_elsewhere(self, device_id: str) -> bool:
        try:
            return self._shared is not None and self._shared.in_session(device_id)
        except Unavailable:
            return False

    def _give_up(self, device_id: str) -> None:
        if self._shared is not None:
            with contextlib.suppress(Unavailable):
                self._shared.give_up(device_id)

    def _forget(self, now: float) -> None:
        """Forget the devices that nobody waits for any more and that are not here now."""
        for device_id, device in list(self._devices.items()):
            outstanding = device.asked_at is not None and now - device.asked_at < OUTSTANDING_S
            if not outstanding and device.in_session_at is None and now >= device.not_before:
                del self._devices[device_id]

    def _ask_until_known(self, tenant_id: str, device_id: str, device: _Device) -> None:
        """Send the request, again while the device is busy; whatever its Inform settles first wins."""
        asked_at = device.asked_at
        with database.connection():
            target = self._find(tenant_id, device_id)
        result: Result = "busy"
        for _ in range(1 + BUSY_RETRIES_LIMIT):
            result = self._ask(target)
            log.info("connection_request", device=device_id, result=result)
            if device.asked_at != asked_at:
                return
            if result == "accepted":
                self._await_session(tenant_id, device_id, device)
                return
            if result != "busy":
                break
            # 503: busy with a session of its own, perhaps with another process; its Inform ends the wait
            device.session_changed.wait(self._busy_wait_s)
            if device.asked_at != asked_at or self._is_called_elsewhere(device_id):
                return
        self._give_up(device_id)
        self._failed(tenant_id, device_id, device, result)

    def _await_session(self, tenant_id: str, device_id: str, device: _Device) -> None:
        """Where another process may be called: find out once whether it was. Here the sweep does
        (`rewake`).
        """
        asked_at = device.asked_at
        if self._shared is None or asked_at is None:
            return
        device.session_changed.wait(self._session_wait_s)
        if device.asked_at != asked_at:
            return
        with database.connection():
            heard_at = self._find(tenant_id, device_id).heard_at
        if heard_at is not None and heard_at >= asked_at:
            device.asked_at = None
        else:
            self._failed(tenant_id, device_id, device, "no_session")

    def _failed(self, tenant_id: str, device_id: str, device: _Device, reason: str) -> None:
        device.asked_at = None
        self._back_off(device)
        if reason == "busy":  # it is there, so nobody is told otherwise; the sweep asks again
            return
        with database.connection(), database.transaction():
            announcements.announce(DeviceUnreachable(tenant_id, device_id, reason))

    def _back_off(self, device: _Device) -> None:
        """Leave the device alone for a while, longer each time; failures long past do not count."""
        now = self._clock()
        if now - device.not_before > BACKOFF_LIMIT_S:
            device.failures = 0
        device.failures += 1
        wait_s = min(BACKOFF_LIMIT_S, BACKOFF_FIRST_S * 2 ** min(device.failures - 1, 10))
        device.not_before = now + wait_s


_waker: Waker | None = None


def bind(waker: Waker | None) -> None:
    """Set the process's waker, at start.

    Without one nothing is woken: devices wait for their next contact.
    """
    global _waker
    _waker = waker


def bound() -> Waker | None:
    """The process's waker."""
    return _waker


def wake(tenant_id: str, device_id: str) -> bool:
    """Ask the device to call; see `Waker.wake`. Call after commit."""
    return _waker.wake(tenant_id, device_id) if _waker is not None else False
