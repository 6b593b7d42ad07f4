"""A doorbell for whoever looks at a device: something of it has changed, ask again.

Rung after commit, by whatever process committed. What is rung is gathered, so that a device rings at most
twice a second; over several processes one message of the bus carries all of it, however many devices changed.
A ring may be lost, and nothing depends on it: a page asks anew whenever it comes back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, Final

import structlog

log = structlog.get_logger(__name__)

EVERY_S: Final = 0.5
PENDING_LIMIT_DEVICES: Final = 5_000
BATCH_DEVICES: Final = 500

Change = tuple[str, list[str]]
"""(device id, what of it: "record", "parameters", "tasks", "sessions", "files", "changes")."""
Deliver = Callable[[Sequence[Change]], object]


class Doorbell:
    """The changes of one process on their way to pages."""

    def __init__(self, *deliver: Deliver) -> None:
        self._deliver = deliver
        self._pending: dict[str, set[str]] = {}
        self._rung = threading.Event()
        self._stopping = threading.Event()

    def ring(self, device_id: str, what: frozenset[str]) -> None:
        """Something of the device has changed; never waits."""
        if device_id not in self._pending and len(self._pending) >= PENDING_LIMIT_DEVICES:
            return
        self._pending.setdefault(device_id, set()).update(what)
        self._rung.set()

    def deliver(self) -> int:
        """Tell what was rung since the last time; gives the number of devices."""
        pending, self._pending = self._pending, {}
        changes = [(device_id, sorted(what)) for device_id, what in pending.items()]
        for start in range(0, len(changes), BATCH_DEVICES):
            for deliver in self._deliver:
                try:
                    deliver(changes[start : start + BATCH_DEVICES])
                except Exception:
                    log.exception("doorbell_failed")
        return len(changes)

    def start(self) -> Callable[[], None]:
        """Begin to deliver; gives what ends that."""
        threading.Thread(target=self._run, name="doorbell", daemon=True).start()

        def stop() -> None:
            self._stopping.set()
            self._rung.set()

        return stop

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._rung.wait()
            self._rung.clear()
            self.deliver()
            self._stopping.wait(EVERY_S)


_bell: Doorbell | None = None


def bind(bell: Doorbell | None) -> None:
    """Set the process's doorbell, at start; without one nobody hears."""
    global _bell
    _bell = bell


def start() -> Callable[[], None]:
    """Begin to deliver what this process rings; gives what ends that."""
    return _bell.start() if _bell is not None else lambda: None


def deliver() -> int:
    """Tell at once what was rung, where nothing runs by itself."""
    return _bell.deliver() if _bell is not None else 0


def changed(event: Any) -> None:
    """Hearer of DeviceChanged, after commit."""
    if _bell is not None:
        _bell.ring(event.device_id, event.what)


def contacted(event: Any) -> None:
    """Hearer of DeviceContacted, after commit: its record says when."""
    if _bell is not None:
        _bell.ring(event.device_id, _RECORD)


_RECORD: Final = frozenset({"record"})
