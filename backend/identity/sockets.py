"""Who asks, over Socket.IO: a token when connecting, and the action each event needs.

    @socketio.on("join")
    @requires_on_socket("conversation.read")
    def join(subject: Subject, payload: dict) -> dict: ...

What the function returns is the acknowledgement; a UserError becomes `{"error": {...}}`. Each event opens
one database connection and looks again whether the sign-in still holds; a revoked one closes its sockets.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import structlog
from flask import current_app, request
from flask_socketio import ConnectionRefusedError, SocketIO

from backend.database import connection
from backend.errors import Invalid, TooMany, UserError
from backend.identity import websockets
from backend.identity.announcements import SignInRevoked
from backend.identity.authentication import subject_from_token, subject_of_family
from backend.identity.http import UndeclaredEndpoint
from backend.identity.permissions import PERMISSIONS, PUBLIC_EVENTS, Subject, authorize

log = structlog.get_logger(__name__)

EVENTS_BURST = 30
EVENTS_PER_S = 5.0
SOCKETS_PER_SIGN_IN_MAX = 10

_MARK = "careflow_action"


class OpenSockets:
    """The open sockets of this process, by sign-in, each with its allowance of events."""

    def __init__(self, socketio: SocketIO) -> None:
        self._socketio = socketio
        self.takes: Callable[[], bool] = lambda: True
        self._family_of: dict[str, str] = {}
        self._allowance: dict[str, tuple[float, float]] = {}

    def __len__(self) -> int:
        return len(self._family_of)

    def add(self, sid: str, subject: Subject) -> None:
        """Remember a socket; the oldest of a sign-in that opens too many is closed."""
        same = [other for other, family_id in self._family_of.items() if family_id == subject.family_id]
        for oldest in same[: max(0, len(same) + 1 - SOCKETS_PER_SIGN_IN_MAX)]:
            self._close(oldest)
        self._family_of[sid] = subject.family_id
        self._allowance[sid] = (EVENTS_BURST, time.monotonic())

    def remove(self, sid: str) -> None:
        """Forget a socket that closed."""
        self._family_of.pop(sid, None)
        self._allowance.pop(sid, None)

    def subject(self, sid: str, now: float) -> Subject:
        """Who is at the other end now; raises Unauthenticated, and closes the socket of a revoked sign-in."""
        try:
            return subject_of_family(self._family_of.get(sid, ""), now)
        except UserError:
            self._close(sid)
            raise

    def count_event(self, sid: str) -> None:
        """Use up one event of the socket's allowance; raises TooMany."""
        left, at_s = self._allowance.get(sid, (0.0, time.monotonic()))
        now_s = time.monotonic()
        left = min(EVENTS_BURST, left + (now_s - at_s) * EVENTS_PER_S)
        if left < 1:
            raise TooMany(retry_after_s=1 / EVENTS_PER_S)
        self._allowance[sid] = (left - 1, now_s)

    def close_sign_in(self, event: SignInRevoked) -> None:
        """Close every socket of a sign-in that has ended. Hears SignInRevoked, after commit."""
        self.close_family(event.family_id)

    def close_family(self, family_id: str) -> None:
        """Close every socket of a sign-in."""
        for sid in [sid for sid, known_id in self._family_of.items() if known_id == family_id]:
            self._close(sid)

    def close_all(self) -> None:
        """Close every socket: what was pushed may have been lost, and each client asks the log for it."""
        for sid in list(self._family_of):
            self._close(sid)

    def _close(self, sid: str) -> None:
        self.remove(sid)
        server = self._socketio.server
        connection_id = server.manager.eio_sid_from_sid(sid, "/")
        server.disconnect(sid, namespace="/")
        if connection_id is not None:
            server.eio.disconnect(connection_id)


def open_sockets(socketio: SocketIO) -> OpenSockets:
    """Register `connect` and `disconnect` on the namespace "/" and return the register of sockets."""
    sockets = OpenSockets(socketio)
    socketio.careflow_sockets = sockets
    if socketio.server is not None:
        websockets.guard(socketio.server)

    @socketio.on("connect")
    def connect(auth: Any = None) -> None:
        token = auth.get("token") if isinstance(auth, dict) else None
        if not sockets.takes():
            raise ConnectionRefusedError("push_unavailable")
        try:
            with connection():
                subject = subject_from_token(token if isinstance(token, str) else "", time.time())
        except UserError as error:
            raise ConnectionRefusedError(error.code) from error
        sockets.add(request.sid, subject)  # type: ignore[attr-defined]

    @socketio.on("disconnect")
    def disconnect(*_: Any) -> None:
        sockets.remove(request.sid)  # type: ignore[attr-defined]

    return sockets


def requires_on_socket(action: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The event needs a subject who may do `action`; the handler gets (subject, payload)."""
    if action not in PERMISSIONS:
        raise UndeclaredEndpoint(f"no such action: {action}")

    def decorate(handler: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(handler)
        def guarded(payload: Any = None, *_: Any) -> Any:
            sockets: OpenSockets = current_app.extensions["socketio"].careflow_sockets
            try:
                sockets.count_event(request.sid)  # type: ignore[attr-defined]
                if payload is not None and not isinstance(payload, dict):
                    raise Invalid(fields={"payload": ["not_an_object"]})
                with connection():
                    subject = sockets.subject(request.sid, time.time())  # type: ignore[attr-defined]
                    authorize(subject, action)
                    return handler(subject, payload or {})
            except UserError as error:
                return error.to_json()
            except Exception:
                log.exception("socket_event_failed", event_name=handler.__name__)
                return UserError("internal", "Something went wrong on our side.").to_json()

        setattr(guarded, _MARK, action)
        return guarded

    return decorate


def declared_events(socketio: SocketIO) -> Iterator[tuple[str, str | None]]:
    """Every (event, action); action None for a public one. Raises UndeclaredEndpoint."""
    for name, handler in sorted(socketio.server.handlers.get("/", {}).items()):
        action = getattr(handler, _MARK, None)
        if action is None and name not in PUBLIC_EVENTS:
            raise UndeclaredEndpoint(f"the socket event {name} names no action")
        yield name, action
