"""The same conversations over Socket.IO: events as they happen, answers without a new request.

Everything a socket does can be done over HTTP too; a client that was away asks `join` with the last
number it saw and gets each event once. A socket event carries the action it needs, like an endpoint.
"""

from __future__ import annotations

import time
from typing import Any

from flask_socketio import SocketIO, join_room, leave_room
from marshmallow import Schema, fields

from backend.conversations import dialogue, receive
from backend.edge import checked_event
from backend.identity.permissions import Subject
from backend.identity.sockets import requires_on_socket
from backend.live import push
from backend.wire import ID, Written
from mobile_api import schemas
from mobile_api.conversations import received


class _Session(Schema):
    session = fields.Str(required=True, validate=ID)


class _Join(_Session):
    after = schemas.EventsQuery._declared_fields["after"]


class _Answer(_Session, schemas.Answer):
    pass


class _Message(_Session, Written):
    pass


class _Person(_Session, schemas.Person):
    pass


def register(socketio: SocketIO) -> None:
    """Hang the events on the server."""

    @socketio.on("join")
    @requires_on_socket("conversation.read")
    def join(subject: Subject, data: Any) -> dict[str, Any]:
        """Follow a conversation; acknowledges with what came after `after`. Joined first and read
        second, so that nothing falls between; the client drops what it has seen."""
        asked = checked_event(_Join, data)
        dialogue.opened_for(subject, "conversation.read", asked["session"])
        join_room(push.room(asked["session"], subject.audience))
        return {"ok": True, **dialogue.events(subject, asked["session"], asked["after"], 200)}

    @socketio.on("leave")
    @requires_on_socket("conversation.read")
    def leave(subject: Subject, data: Any) -> dict[str, Any]:
        """Stop following a conversation."""
        leave_room(push.room(checked_event(_Session, data)["session"], subject.audience))
        return {"ok": True}

    @socketio.on("answer")
    @requires_on_socket("conversation.answer")
    def answer(subject: Subject, data: Any) -> dict[str, Any]:
        """Answer the open question."""
        sent = checked_event(_Answer, data)
        session = sent.pop("session")
        dialogue.opened_for(subject, "conversation.answer", session)
        return {"ok": True, **received(receive.answer(subject, session, now=time.time(), **sent))}

    @socketio.on("message")
    @requires_on_socket("conversation.message")
    def message(subject: Subject, data: Any) -> dict[str, Any]:
        """Write a message."""
        sent = checked_event(_Message, data)
        session = sent.pop("session")
        dialogue.opened_for(subject, "conversation.message", session)
        return {"ok": True, **received(receive.message(subject, session, now=time.time(), **sent))}

    @socketio.on("person")
    @requires_on_socket("conversation.person")
    def person(subject: Subject, data: Any) -> dict[str, Any]:
        """Ask for a person."""
        sent = checked_event(_Person, data)
        session = sent.pop("session")
        dialogue.opened_for(subject, "conversation.person", session)
        return {"ok": True, **received(receive.person(subject, session, now=time.time(), **sent))}

    @socketio.on("join_desk")
    @requires_on_socket("escalation.list")
    def join_desk(subject: Subject, data: Any) -> dict[str, Any]:
        """Hear of every change of the tenant's desk."""
        join_room(push.desk_room(subject.tenant_id))
        return {"ok": True}
