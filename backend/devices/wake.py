"""Waking devices: who has been asked to call, who is calling now, and whom to ask again (TR-069 3.2.2).

At most one connection request is outstanding for a device, until its Inform or 30 s; a new one is allowed
as soon as its session has ended, since a person who has consented must not wait. All of this is memory:
when it is lost, the sweep (`rewake`) wakes again whoever has a task to fetch. Nothing is ever polled: a
device announces itself.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

import structlog

from backend import announcements, database
from backend.devices.announcements import DeviceUnreachable
from backend.devices.connection_request import Result, Target
from backend.errors import UserError

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
    greenlet. `elsewhere`: devices call another process, so that their sessions are known from the rows alone.
    """

    def __init__(
        self,
        find: Find,
        ask: Ask,
        spawn: Spawn,
        *,
        elsewhere: bool = False,
        busy_wait_s: float = 2.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._find = find
        self._ask = ask
        self._spawn = spawn
        self._elsewhere = elsewhere
        self._busy_wait_s = busy_wait_s
        self._clock = clock
        self._devices: dict[str, _Device] = {}

    def wake(self, tenant_id: str, device_id: str) -> bool:
        """Ask the device to call, unless it is calling or has just been asked.

        True when a request goes out.
        """
        now = self._clock()
        device = self._devices.setdefault(device_id, _Device())
        if device.in_session_at is not None and now - device.in_session_at < SESSION_LIMIT_S:
            device.wanted = True
            return False
        if device.asked_at is not None and now - device.asked_at < OUTSTANDING_S:
            if self._elsewhere:
                self._spawn(lambda: self._ask_again(tenant_id, device_id, device))
            return False
        if len(self._devices) > DEVICES_LIMIT:
            self._forget(now)
        device.asked_at = now
        device.session_changed.clear()
        self._spawn(lambda: self._run(tenant_id, device_id, device))
        return True

    def session_began(self, device_id: str) -> None:
        """The device's Inform has come: nothing is outstanding any more."""
        device = self._devices.setdefault(device_id, _Device())
        device.asked_at, device.wanted = None, False
        device.in_session_at = self._clock()
        device.session_changed.set()

    def session_ended(self, device_id: str, *, well: bool) -> bool:
        """The session is over. True when someone wanted the device meanwhile: look whether a task still
        waits.

        A session that broke off may break off again, so whatever waits is left to the sweep and its
        back-off; a good one forgets past failures.
        """
        device = self._devices.get(device_id)
        if device is None:
            return False
        if not well:
            device.in_session_at, device.wanted = None, False
            self._back_off(device)
            return False
        del self._devices[device_id]
        return device.wanted

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
            if device is not None and device.asked_at is not None:
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
            self._ask_until_known(tenant_id, device_id, device)
        except UserError as error:
            device.asked_at = None
            log.info("connection_request_dropped", device=device_id, reason=error.code)
        except Exception:
            device.asked_at = None
            log.exception("connection_request_failed", device=device_id)

    def _ask_again(self, tenant_id: str, device_id: str, device: _Device) -> None:
        """Ask once more if the device has called since it was asked: that session may be over by now."""
        asked_at = device.asked_at
        try:
            with database.connection():
                heard_at = self._find(tenant_id, device_id).heard_at
        except UserError as error:
            log.info("connection_request_dropped", device=device_id, reason=error.code)
            return
        if asked_at is None or heard_at is None:
            return
        if heard_at >= asked_at and asked_at == device.asked_at:
            device.asked_at = None
            self.wake(tenant_id, device_id)

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
            if result == "accepted" or device.asked_at != asked_at:
                return
            if result != "busy":
                break
            # 503: busy with a session of its own, perhaps with another process; its Inform ends the wait
            device.session_changed.wait(self._busy_wait_s)
            if device.asked_at != asked_at:
                return
        self._failed(tenant_id, device_id, device, result)

    def _failed(self, tenant_id: str, device_id: str, device: _Device, reason: str) -> None:
        device.asked_at = None
        self._back_off(device)
        if reason == "busy":  # it is there, so nobody is told otherwise; the sweep asks again
            return
        with database.transaction():
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
