"""The agent's side: find a customer, see the facts, start a script."""

from __future__ import annotations

import time
from typing import Any

from flask_smorest import Blueprint

from backend.consoles import schemas
from backend.conversations import dialogue, receive
from backend.crm import ledger
from backend.devices import records
from backend.errors import Invalid
from backend.identity.http import requires
from backend.identity.permissions import Subject, authorize
from backend.runs import catalogue, outlook
from backend.wire import LanguageQuery, Received, Written

ENTRIES_LIMIT = 10

blueprint = Blueprint("customers", __name__, url_prefix="/api/v1/staff", description="Customers and scripts")


@blueprint.route("/customers", methods=["GET"])
@blueprint.arguments(schemas.CustomerQuery, location="query")
@blueprint.response(200, schemas.CustomerPage)
@requires("customer.search")
def search(subject: Subject, query: dict[str, Any]) -> dict[str, Any]:
    """Find customers by phone, name, address or the serial number of a router."""
    owners = (
        [device["customer_id"] for device in records.search(subject.tenant_id, query["q"])]
        if query["q"]
        else []
    )
    page = ledger.search(subject.tenant_id, query["q"], owners, query["after"], query["limit"])
    devices = records.of_customers(subject.tenant_id, [customer["id"] for customer in page["items"]])
    for customer in page["items"]:
        customer["devices"] = devices.get(customer["id"], [])
    return page


@blueprint.route("/customers/<customer_id>", methods=["GET"])
@blueprint.arguments(LanguageQuery, location="query")
@blueprint.response(200, schemas.Customer)
@requires("customer.read")
def customer(subject: Subject, query: dict[str, Any], customer_id: str) -> dict[str, Any]:
    """A customer with subscription, routers, ledger and earlier conversations."""
    tenant_id, now = subject.tenant_id, time.time()
    known = ledger.customer(tenant_id, customer_id)
    return {
        **known,
        "subscription": ledger.subscription(tenant_id, customer_id),
        "devices": [
            outlook.overview(tenant_id, one["id"], one["customer_id"], now, query["locale"], staff=True)
            for one in records.of_customer(tenant_id, customer_id)
        ],
        "entries": ledger.entries(tenant_id, customer_id, limit=ENTRIES_LIMIT),
        "conversations": dialogue.of_customer(tenant_id, customer_id),
    }


@blueprint.route("/workflows", methods=["GET"])
@blueprint.arguments(schemas.WorkflowQuery, location="query")
@blueprint.response(200, schemas.WorkflowBrief(many=True))
@requires("workflow.list")
def workflows(subject: Subject, query: dict[str, Any]) -> list[dict[str, Any]]:
    """The workflows an audience can start without telling anything beforehand."""
    listed = catalogue.listing(subject.tenant_id, query["audience"], query["locale"])
    return [one for one in listed if not any(wanted["required"] for wanted in one["inputs"])]


@blueprint.route("/conversations", methods=["POST"])
@blueprint.arguments(schemas.Start)
@blueprint.response(201, schemas.Started)
@requires("conversation.start_for_customer")
def start(subject: Subject, body: dict[str, Any]) -> dict[str, Any]:
    """Start a script with a customer on the line. The same client_message_id gives the same conversation."""
    tenant_id = subject.tenant_id
    found = records.facts(tenant_id, body["device_id"])
    authorize(subject, "conversation.start_for_customer", tenant_id=tenant_id)
    if found["customer_id"] != body["customer_id"]:
        raise Invalid("device_unknown", fields={"device_id": ["This router belongs to someone else."]})
    title = catalogue.title(tenant_id, body["workflow"], "agent", body["locale"])
    if title is None:
        raise Invalid("workflow_unknown", fields={"workflow": ["There is no such script for agents."]})
    conversation = receive.start(
        subject,
        workflow=body["workflow"],
        title=title,
        device_id=body["device_id"],
        customer_id=body["customer_id"],
        locale=body["locale"],
        channel="agent",
        client_message_id=body["client_message_id"],
        now=time.time(),
    )
    return dialogue.find(tenant_id, conversation.id)


@blueprint.route("/conversations/<conversation_id>/notes", methods=["POST"])
@blueprint.arguments(Written)
@blueprint.response(200, Received)
@requires("escalation.note")
def note(subject: Subject, body: dict[str, Any], conversation_id: str) -> dict[str, Any]:
    """A private note: staff see it, the customer never does."""
    dialogue.opened_for(subject, "escalation.note", conversation_id)
    return {"accepted": True, "duplicate": receive.note(subject, conversation_id, now=time.time(), **body)}
