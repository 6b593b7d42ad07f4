"""The tables of conversations; private to this package."""

from __future__ import annotations

import peewee

from backend.database import MomentField, TenantRow


class Conversation(TenantRow):
    """One conversation. `owner_kind` is "bot" or "operator" and is changed only by `claim`.

    `channel` says who drives it: "customer" (their phone), "agent" (a call) or "operator" (from the page of a
    device, which need not be any customer's). `state` is "open", "escalated" (waiting for, or held by, a
    person) or "ended". `run_id` is its latest run; `inputs_sealed` is what its workflow was given to begin
    with, "" for nothing.
    """

    customer_id = peewee.CharField(max_length=26, null=True, index=True)
    device_id = peewee.CharField(max_length=26)
    run_id = peewee.CharField(max_length=26, null=True, index=True)
    workflow = peewee.CharField(max_length=100)
    title = peewee.CharField(max_length=200)
    channel = peewee.CharField(max_length=16)
    locale = peewee.CharField(max_length=16)
    agent_id = peewee.CharField(max_length=26, null=True)
    owner_kind = peewee.CharField(max_length=16, default="bot")
    owner_id = peewee.CharField(max_length=26, null=True)
    owner_name = peewee.CharField(max_length=200, default="")
    state = peewee.CharField(max_length=16, default="open")
    inputs_sealed = peewee.TextField(default="")
    created_at = MomentField()
    updated_at = MomentField()


class Received(TenantRow):
    """A client's message id that already had its effect (invariant 5)."""

    sender_id = peewee.CharField(max_length=26)
    client_message_id = peewee.CharField(max_length=64)
    conversation_id = peewee.CharField(max_length=26)
    received_at = MomentField(index=True)

    class Meta:
        indexes = ((("tenant_id", "sender_id", "client_message_id"), True),)


TABLES = (Conversation, Received)
