"""Waking made real: greenlets, the device's own record, the network.

Each process that commits tasks starts it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from backend import database
from backend.devices import queue, records, udp_request, wake
from backend.devices.connection_request import Result, Target
from backend.devices.sessions import Session
from backend.devices.shared import Link, SharedCalls, SharedSending
from backend.devices.udp_request import Send
from backend.devices.wake import OUTSTANDING_S, Waker

AT_ONCE_LIMIT: Final = 200

_free = threading.BoundedSemaphore(AT_ONCE_LIMIT)
_send: Send | None = None


def start(*, redis_url: str | None = None, send: Send | None = None) -> None:
    """Begin to wake devices from this process.

    `redis_url`: there are other processes, which wake and are called, too. `send`: this process has the STUN
    server's port; without it those that have it are asked.
    """
    global _send
    link = Link(redis_url) if redis_url else None
    _send = send or (SharedSending(link).send if link is not None else None)
    shared = SharedCalls(link, OUTSTANDING_S) if link is not None else None
    wake.bind(Waker(records.wake_target, _ask, _spawn, shared=shared))


def _ask(target: Target) -> Result:
    with _free:
        return udp_request.ask(target, _send)


def _spawn(work: Callable[[], None]) -> None:
    """A thread, which is a greenlet in a process that gevent has patched."""
    threading.Thread(target=work, name="wake", daemon=True).start()


def session_began(session: Session) -> None:
    """The device's Inform has come: nothing is outstanding any more."""
    waker = wake.bound()
    if waker is not None:
        waker.session_began(session.known.device_id)


def session_ended(session: Session, how: str) -> None:
    """Whoever queued a task too late for this session does not wait: the device is called again at once."""
    waker, known = wake.bound(), session.known
    if waker is None or not waker.session_ended(known.device_id, well=how == "well"):
        return
    with database.connection():
        waits = not session.quarantined and queue.waits(known.device_id, time.time())
    if waits:
        waker.wake(known.tenant_id, known.device_id)
