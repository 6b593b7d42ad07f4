"""The table of the desk; private to this package."""

from __future__ import annotations

import peewee

from backend.database import MomentField, TenantRow


class Escalation(TenantRow):
    """A conversation that waits for a person ("waiting"), is held by one ("taken"), or was.

    `reason` is a code ("asked", "information-only", "uncertain", "step-failed", "nothing-left", ...);
    `text` is what the customer was told, `detail` what staff should know. Closed states: "resolved",
    "handed_back".
    """

    conversation_id = peewee.CharField(max_length=26, index=True)
    run_id = peewee.CharField(max_length=26, null=True)
    customer_id = peewee.CharField(max_length=26, null=True)
    device_id = peewee.CharField(max_length=26)
    title = peewee.CharField(max_length=200)
    locale = peewee.CharField(max_length=16)
    reason = peewee.CharField(max_length=40)
    text = peewee.TextField()
    detail = peewee.TextField(default="")
    state = peewee.CharField(max_length=16, default="waiting", index=True)
    taken_by = peewee.CharField(max_length=26, null=True, index=True)
    taken_by_name = peewee.CharField(max_length=200, default="")
    disposition = peewee.CharField(max_length=40, null=True)
    note = peewee.TextField(default="")
    created_at = MomentField()
    taken_at = MomentField(null=True)
    closed_at = MomentField(null=True)


TABLES = (Escalation,)
