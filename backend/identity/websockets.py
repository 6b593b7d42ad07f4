"""One websocket, whoever is at its other end: bounded in the size of a message, in messages a second, and in
the time it may stay without a sign-in.

Socket.IO lets those wait for ever who never say who they are; it holds a packet until the last of its binary
attachments has come, which nobody here ever sends; its websockets are read for as long as something is there
to be read; and it hands a client's event called "disconnect" to the handler of disconnections, after which
nobody would remember whose socket that is. So a socket that does such things is closed or not heard.
"""

from __future__ import annotations

import time
from functools import partial
from typing import Any

import gevent
import simple_websocket
from engineio.async_drivers.gevent import WebSocketWSGI
from socketio.packet import Packet

MESSAGES_BURST = 200
MESSAGES_PER_S = 50.0
GREETING_LIMIT_S = 10.0

_PACKETS = tuple("0123456")
_BINARY_PACKETS = ("45", "46")
_OURS = frozenset({"connect", "disconnect"})


def guard(server: Any) -> None:
    """Let `server` (Socket.IO's) take websockets of this kind only. Call before it serves."""
    server.eio._async = {**server.eio._async, "websocket": partial(GuardedWebSocket, server)}
    server._handle_event = partial(hear, server._handle_event)


def hear(handle: Any, connection_id: str, namespace: str | None, id: int | None, data: Any) -> None:
    """`handle` an event that a client sent, unless it has no name or one that only the server gives."""
    if isinstance(data, list) and data and isinstance(data[0], str) and data[0] not in _OURS:
        handle(connection_id, namespace, id, data)


class Allowance:
    """So many at once, so many a second. `now_s` on a clock that only rises."""

    __slots__ = ("_at_s", "_left")

    def __init__(self, now_s: float) -> None:
        self._left, self._at_s = float(MESSAGES_BURST), now_s

    def take(self, now_s: float) -> bool:
        """Use up one; False when none is left."""
        self._left = min(MESSAGES_BURST, self._left + (now_s - self._at_s) * MESSAGES_PER_S)
        self._at_s = now_s
        if self._left < 1:
            return False
        self._left -= 1
        return True


class GuardedWebSocket(WebSocketWSGI):  # type: ignore[misc]
    """What Engine.IO reads messages from; it takes None for the end of the connection."""

    def __init__(self, socketio_server: Any, handler: Any, server: Any) -> None:
        super().__init__(handler, server)
        self.server_args["max_message_size"] = server.max_http_buffer_size
        self._is_signed_in = partial(_is_signed_in, socketio_server, getattr(handler, "__self__", None))
        self._opened_s = time.monotonic()
        self._allowance = Allowance(self._opened_s)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Speak with the other end until one of us has enough."""
        self.ws = TurnTaking(environ, **self.server_args)
        self.app(self)
        raise StopIteration  # for gunicorn: the connection is not HTTP any more

    def wait(self) -> str | None:
        """The next message; None when there will be none."""
        message = super().wait()
        if message is None or not is_readable(message):
            return None
        now_s = time.monotonic()
        if not self._allowance.take(now_s):
            return None
        if now_s - self._opened_s > GREETING_LIMIT_S and not self._is_signed_in():
            return None  # a ping's answer comes at least every 20 s, so nobody waits here for ever
        return message


def is_readable(message: str | bytes) -> bool:
    """Whether it is a packet such as our clients send; what Socket.IO would stumble over is none."""
    if (
        not isinstance(message, str)
        or not message.startswith(_PACKETS)
        or message.startswith(_BINARY_PACKETS)
    ):
        return False
    try:
        if message[0] == "4":
            Packet(encoded_packet=message[1:])
    except (ValueError, RecursionError):
        return False
    return True


class TurnTaking(simple_websocket.Server):  # type: ignore[misc]
    """A websocket whose reading leaves the others a turn after each piece."""

    def _handle_events(self) -> bool:
        gevent.sleep(0)
        return bool(super()._handle_events())


def _is_signed_in(socketio_server: Any, connection: Any) -> bool:
    return socketio_server.manager.sid_from_eio_sid(connection.sid, "/") is not None
