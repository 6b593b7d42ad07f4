"""From the log to open sockets, after commit.

A push may be lost: the process may die between commit and push, a client may be away. Nothing depends on
it; a client asks the log for what came after its cursor.

Where one process does everything, the events of a session leave in the order of their numbers: an event that
overtook its predecessors (which are committed, since numbers have no gaps) takes them along from the log.
Several processes over one bus may interleave; a client orders by `seq` and knows an event by its `id`.

Rooms: `session:<id>:<audience>` for events, `desk:<tenant>` for the operators' list, `device:<id>` for pages
of a device.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

SESSIONS_REMEMBERED_MAX = 10_000
CATCH_UP_EVENTS_MAX = 100

Between = Callable[[int, int], Iterable[Mapping[str, Any]]]


class Emitter(Protocol):
    """What we need of Socket.IO."""

    def emit(self, event: str, *args: Any, **kwargs: Any) -> Any:
        """Send `event` to the sockets of the rooms in `to`."""


def _nobody(kind: str) -> None:
    """Nobody counts."""


_emitter: Emitter | None = None
_in_order = True
_counted: Callable[[str], object] = _nobody
_pushed: OrderedDict[str, int] = OrderedDict()


def bind(
    emitter: Emitter | None, *, in_order: bool = True, counted: Callable[[str], object] = _nobody
) -> None:
    """Where to push to (None: nowhere); `in_order` when this process pushes all; `counted` for metrics."""
    global _emitter, _in_order, _counted
    _emitter, _in_order, _counted = emitter, in_order, counted
    _pushed.clear()


def room(session_id: str, audience: str) -> str:
    """The room of one audience of a session."""
    return f"session:{session_id}:{audience}"


def desk_room(tenant_id: str) -> str:
    """The room of everyone who watches a tenant's desk."""
    return f"desk:{tenant_id}"


def device_room(device_id: str) -> str:
    """The room of everyone who looks at a device."""
    return f"device:{device_id}"


def devices(changes: Iterable[tuple[str, list[str]]]) -> None:
    """Tell those who look at these devices what of them has changed (`doorbell`)."""
    if _emitter is not None:
        for device_id, what in changes:
            _emitter.emit("device", {"id": device_id, "what": what}, to=device_room(device_id))
            _counted("device")


def event(whole: Mapping[str, Any], between: Between) -> None:
    """Push a committed event; `between(low, high)` reads the log's events with low < seq < high."""
    if _emitter is None:
        return
    if not _in_order:
        _emit(whole)
        return
    session_id, seq = str(whole["session"]), int(whole["seq"])
    pushed_seq = _pushed.get(session_id, seq - 1)
    if seq <= pushed_seq:
        return  # a later event took it along
    _pushed[session_id] = seq
    _pushed.move_to_end(session_id)
    if len(_pushed) > SESSIONS_REMEMBERED_MAX:
        _pushed.popitem(last=False)
    if seq > pushed_seq + 1:
        for earlier in between(max(pushed_seq, seq - CATCH_UP_EVENTS_MAX), seq):
            _emit(earlier)
    _emit(whole)


def _emit(whole: Mapping[str, Any]) -> None:
    if _emitter is not None:
        rooms = [room(str(whole["session"]), audience) for audience in whole["audience"]]
        _emitter.emit("event", dict(whole), to=rooms)
        _counted("event")


def signal(session_id: str, audiences: Iterable[str], name: str, payload: Mapping[str, Any]) -> None:
    """Send what is never numbered or stored, such as `typing`, to those who are there now."""
    if _emitter is not None:
        _emitter.emit(name, dict(payload), to=[room(session_id, audience) for audience in audiences])
        _counted("signal")


def desk(tenant_id: str, payload: Mapping[str, Any]) -> None:
    """Tell everyone at the tenant's desk that an escalation changed. Call after commit."""
    if _emitter is not None:
        _emitter.emit("desk", dict(payload), to=desk_room(tenant_id))
        _counted("desk")
