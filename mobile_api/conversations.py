"""Conversations over HTTP: the same numbered log that the sockets push.

These endpoints serve the customer's phone and the consoles alike; who may do what is decided by
`backend.identity.permissions`, never here.
"""

from __future__ import annotations

import time
from typing import Any

from flask_smorest import Blueprint

from backend.conversations import dialogue, receive
from backend.devices import records
from backend.errors import Invalid
from backend.identity.http import requires
from backend.identity.permissions import Subject, authorize
from backend.live.schemas import EventPage
from backend.runs import catalogue
from backend.wire import Received, Written
from mobile_api import schemas

blueprint = Blueprint(
    "conversations", __name__, url_prefix="/api/v1/conversations", description="Guided conversations"
)


@blueprint.route("", methods=["POST"])
@blueprint.arguments(schemas.Start)
@blueprint.response(201, schemas.Conversation)
@requires("conversation.start")
def start(subject: Subject, body: dict[str, Any]) -> dict[str, Any]:
    """Begin a workflow for one of my devices. The same client_message_id gives the same conversation."""
    device = records.facts(subject.tenant_id, body["device_id"])
    authorize(subject, "conversation.start", tenant_id=subject.tenant_id, owner_id=device["customer_id"])
    title = catalogue.title(subject.tenant_id, body["workflow"], "customer", body["locale"])
    if title is None:
        raise Invalid("workflow_unknown", fields={"workflow": ["There is no such help for customers."]})
    conversation = receive.start(
        subject,
        workflow=body["workflow"],
        title=title,
        device_id=body["device_id"],
        customer_id=subject.id,
        locale=body["locale"],
        channel="customer",
        client_message_id=body["client_message_id"],
        now=time.time(),
    )
    return dialogue.find(subject.tenant_id, conversation.id)


@blueprint.route("/<conversation_id>", methods=["GET"])
@blueprint.response(200, schemas.Conversation)
@requires("conversation.read")
def read(subject: Subject, conversation_id: str) -> dict[str, Any]:
    """One conversation."""
    return dialogue.opened_for(subject, "conversation.read", conversation_id)


@blueprint.route("/<conversation_id>/events", methods=["GET"])
@blueprint.arguments(schemas.EventsQuery, location="query")
@blueprint.response(200, EventPage)
@requires("conversation.read")
def events(subject: Subject, query: dict[str, Any], conversation_id: str) -> dict[str, Any]:
    """What came after the number `after`, each event once."""
    return dialogue.events(subject, conversation_id, query["after"], query["limit"])


@blueprint.route("/<conversation_id>/answers", methods=["POST"])
@blueprint.arguments(schemas.Answer)
@blueprint.response(200, Received)
@requires("conversation.answer")
def answer(subject: Subject, body: dict[str, Any], conversation_id: str) -> dict[str, Any]:
    """Answer the open question. 409 when it is no longer open, 422 with errors by field when it is broken."""
    dialogue.opened_for(subject, "conversation.answer", conversation_id)
    return received(
        receive.answer(
            subject,
            conversation_id,
            client_message_id=body["client_message_id"],
            reply_to=body["reply_to"],
            action=body["action"],
            values=body["values"],
            now=time.time(),
        )
    )


@blueprint.route("/<conversation_id>/messages", methods=["POST"])
@blueprint.arguments(Written)
@blueprint.response(200, Received)
@requires("conversation.message")
def message(subject: Subject, body: dict[str, Any], conversation_id: str) -> dict[str, Any]:
    """Write a message."""
    dialogue.opened_for(subject, "conversation.message", conversation_id)
    return received(receive.message(subject, conversation_id, now=time.time(), **body))


@blueprint.route("/<conversation_id>/person", methods=["POST"])
@blueprint.arguments(schemas.Person)
@blueprint.response(200, Received)
@requires("conversation.person")
def person(subject: Subject, body: dict[str, Any], conversation_id: str) -> dict[str, Any]:
    """Ask for a person; everything found so far goes along."""
    dialogue.opened_for(subject, "conversation.person", conversation_id)
    return received(receive.person(subject, conversation_id, now=time.time(), **body))


def received(duplicate: bool) -> dict[str, Any]:
    """The answer to anything a person sent."""
    return {"accepted": True, "duplicate": duplicate}
