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
from backend.devices import connection_request
from backend.devices.announcements import DeviceUnreachable
from backend.devices.connection_request import Result, Target
from backend.errors import UserError

log = structlog.get_logger(__name__)

OUTSTANDING_S: Final = 30.0
SESSION_LIMIT_S: Final = 300.0
BUSY_RETRIES_LIMIT: Final = 3
BACKOFF_FIRST_S: Final = 4.0
BACKOFF_LIMIT_S: Final = 300.0

Find = Callable[[str, str], Target]
Ask = Callable[[Target], Result]
Spawn = Callable[[Callable[[], None]], object]


@dataclass(slots=True)
class _Device:
    """What this process knows of one device's reachability; times are monotonic seconds."""

    asked_s: float | None = None
    in_session_s: float | None = None
    wanted: bool = False
    failures: int = 0
    not_before_s: float = 0.0
    session_changed: threading.Event = field(default_factory=threading.Event)


class Waker:
    """The connection requests of one process.

    `find` gives a device's target (NotFound when it is gone), `ask` sends the request, `spawn` starts a
    greenlet.
    """

    def __init__(
        self,
        find: Find,
        ask: Ask,
        spawn: Spawn,
        *,
        busy_wait_s: float = 2.0,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._find = find
        self._ask = ask
        self._spawn = spawn
        self._busy_wait_s = busy_wait_s
        self._monotonic_s = monotonic_s
        self._devices: dict[str, _Device] = {}

    def wake(self, tenant_id: str, device_id: str) -> bool:
        """Ask the device to call, unless it is calling or has just been asked.

        True when a request goes out.
        """
        now_s = self._monotonic_s()
        device = self._devices.setdefault(device_id, _Device())
        if device.in_session_s is not None and now_s - device.in_session_s < SESSION_LIMIT_S:
            device.wanted = True
            return False
        if device.asked_s is not None and now_s - device.asked_s < OUTSTANDING_S:
            return False
        device.asked_s = now_s
        device.session_changed.clear()
        self._spawn(lambda: self._run(tenant_id, device_id, device))
        return True

    def session_began(self, device_id: str) -> None:
        """The device's Inform has come: nothing is outstanding, and past failures are forgotten."""
        device = self._devices.setdefault(device_id, _Device())
        device.asked_s, device.wanted, device.failures, device.not_before_s = None, False, 0, 0.0
        device.in_session_s = self._monotonic_s()
        device.session_changed.set()

    def session_ended(self, device_id: str) -> bool:
        """The session is over.

        True when someone wanted the device meanwhile: look whether a task still waits.
        """
        device = self._devices.pop(device_id, None)
        return device is not None and device.wanted

    def in_session(self, device_id: str) -> bool:
        """Whether this process holds a session of the device."""
        device = self._devices.get(device_id)
        return device is not None and device.in_session_s is not None

    def rewake(self, waiting: Iterable[tuple[str, str]]) -> int:
        """Wake those of `waiting` (tenant id, device id) whose back-off has passed.

        Gives how many were asked.
        """
        now_s = self._monotonic_s()
        asked = 0
        for tenant_id, device_id in waiting:
            device = self._devices.get(device_id)
            if device is not None and device.asked_s is not None and now_s - device.asked_s >= OUTSTANDING_S:
                self._failed(tenant_id, device_id, device, "no_session")
            if device is None or now_s >= device.not_before_s:
                asked += self.wake(tenant_id, device_id)
        return asked

    def _run(self, tenant_id: str, device_id: str, device: _Device) -> None:
        try:
            self._ask_until_known(tenant_id, device_id, device)
        except UserError as error:
            device.asked_s = None
            log.info("connection_request_dropped", device=device_id, reason=error.code)
        except Exception:
            device.asked_s = None
            log.exception("connection_request_failed", device=device_id)

    def _ask_until_known(self, tenant_id: str, device_id: str, device: _Device) -> None:
        """Send the request, again while the device is busy; whatever its Inform settles first wins."""
        asked_s = device.asked_s
        with database.connection():
            target = self._find(tenant_id, device_id)
        result: Result = "busy"
        for _ in range(1 + BUSY_RETRIES_LIMIT):
            result = self._ask(target)
            log.info("connection_request", device=device_id, result=result)
            if result == "accepted" or device.asked_s != asked_s:
                return
            if result != "busy":
                break
            # 503: busy with a session of its own, perhaps with another process; its Inform ends the wait
            device.session_changed.wait(self._busy_wait_s)
            if device.asked_s != asked_s:
                return
        self._failed(tenant_id, device_id, device, result)

    def _failed(self, tenant_id: str, device_id: str, device: _Device, reason: str) -> None:
        device.asked_s = None
        device.failures += 1
        wait_s = min(BACKOFF_LIMIT_S, BACKOFF_FIRST_S * 2 ** min(device.failures - 1, 10))
        device.not_before_s = self._monotonic_s() + wait_s
        if reason == "busy":  # it is there, so nobody is told otherwise; the sweep asks again
            return
        with database.transaction():
            announcements.announce(DeviceUnreachable(tenant_id, device_id, reason))


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


def ask(target: Target) -> Result:
    """One connection request over the network."""
    return connection_request.request(target)
