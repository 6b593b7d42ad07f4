"""The tables of the embedded customer system; private to this package."""

from __future__ import annotations

import peewee

from backend.database import MomentField, TenantRow


class Subscription(TenantRow):
    """What a customer pays for. `since` is a date, "2024-05-01"."""

    customer_id = peewee.CharField(max_length=26)
    plan = peewee.CharField(max_length=120)
    since = peewee.CharField(max_length=10, default="")

    class Meta:
        indexes = ((("tenant_id", "customer_id"), True),)


class LedgerEntry(TenantRow):
    """One line of what was done for a customer; `key` makes writing it twice one line."""

    customer_id = peewee.CharField(max_length=26)
    key = peewee.CharField(max_length=160)
    text = peewee.TextField()
    at = MomentField()
    run_id = peewee.CharField(max_length=26, null=True)

    class Meta:
        indexes = (
            (("tenant_id", "key"), True),
            (("tenant_id", "customer_id", "at"), False),
        )


TABLES = (Subscription, LedgerEntry)
