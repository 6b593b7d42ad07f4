"""Waking made real: greenlets, the device's own record, the network.

Each process that commits tasks starts it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from backend.devices import connection_request, records, wake
from backend.devices.connection_request import Result, Target
from backend.devices.wake import Waker

AT_ONCE_LIMIT: Final = 200

_free = threading.BoundedSemaphore(AT_ONCE_LIMIT)


def start(*, elsewhere: bool = False) -> None:
    """Begin to wake devices from this process; `elsewhere` when they call another one."""
    wake.bind(Waker(records.wake_target, _ask, _spawn, elsewhere=elsewhere))


def _ask(target: Target) -> Result:
    with _free:
        return connection_request.request(target)


def _spawn(work: Callable[[], None]) -> None:
    """A thread, which is a greenlet in a process that gevent has patched."""
    threading.Thread(target=work, name="wake", daemon=True).start()
