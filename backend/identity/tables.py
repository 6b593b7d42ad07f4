"""Rows of identity: tenants, people, their codes and their tokens."""

from __future__ import annotations

import peewee

from backend.database import JsonField, MomentField, Row, TenantRow
from backend.postgresql import PrefixIndex


class Tenant(Row):
    """An internet provider. `settings`: dns_allowed, dns, cpe_networks, lease_min_s."""

    slug = peewee.CharField(max_length=64, unique=True)
    name = peewee.CharField(max_length=200)
    settings = JsonField(default=dict)
    created_at = MomentField()


class Staff(TenantRow):
    """A person who works for the tenant, with one role."""

    login = peewee.CharField(max_length=120)
    name = peewee.CharField(max_length=200)
    role = peewee.CharField(max_length=20)
    password_hash = peewee.CharField(max_length=255)
    active = peewee.BooleanField(default=True)
    created_at = MomentField()

    class Meta:
        indexes = ((("tenant_id", "login"), True),)


class Customer(TenantRow):
    """A person who has a router at home. `phone` in E.164 form, unique within the tenant."""

    phone = peewee.CharField(max_length=20)
    first_name = peewee.CharField(max_length=100)
    last_name = peewee.CharField(max_length=100)
    address = peewee.TextField(default="")
    locale = peewee.CharField(max_length=12, default="en")
    created_at = MomentField()

    class Meta:
        indexes = ((("tenant_id", "phone"), True),)


class CustomerWord(TenantRow):
    """One word a customer is found by (`words`): names, street, phone from its beginning and from its end."""

    id = None
    tenant_id = peewee.CharField(max_length=26)
    customer_id = peewee.CharField(max_length=26)
    word = peewee.CharField(max_length=48)

    class Meta:
        primary_key = peewee.CompositeKey("customer_id", "word")


CustomerWord.add_index(
    PrefixIndex("customer_word_found", "customer_word", "word", ("tenant_id",), ("customer_id",))
)


class OneTimeCode(TenantRow):
    """A request for a code.

    A row is kept for unknown phones too, so that limits do not tell who is a customer.
    """

    phone = peewee.CharField(max_length=20)
    customer_id = peewee.CharField(max_length=26, null=True)
    code_hash = peewee.CharField(max_length=64)
    attempts = peewee.IntegerField(default=0)
    created_at = MomentField(index=True)
    expires_at = MomentField()
    used_at = MomentField(null=True)

    class Meta:
        indexes = ((("tenant_id", "phone", "created_at"), False),)


class TokenFamily(TenantRow):
    """One sign-in on one device: every refresh token that grew from it. Revoking it ends them all."""

    subject_kind = peewee.CharField(max_length=10)
    subject_id = peewee.CharField(max_length=26, index=True)
    generation = peewee.IntegerField(default=0)
    rotated_at = MomentField()
    created_at = MomentField()
    expires_at = MomentField(index=True)
    revoked_at = MomentField(null=True)
    revoked_because = peewee.CharField(max_length=40, null=True)


class AuditEntry(TenantRow):
    """Who saw or changed what, and why; written once (`audit`). `digest` is room for a chain of hashes."""

    at = MomentField()
    actor_kind = peewee.CharField(max_length=10)
    actor_id = peewee.CharField(max_length=26)
    actor_name = peewee.CharField(max_length=200)
    role = peewee.CharField(max_length=20)
    action = peewee.CharField(max_length=40)
    thing = peewee.CharField(max_length=20)
    thing_id = peewee.CharField(max_length=64)
    reason = peewee.CharField(max_length=500, default="")
    detail = JsonField(default=dict)
    digest = peewee.CharField(max_length=64, default="")

    class Meta:
        indexes = ((("tenant_id", "thing", "thing_id"), False),)
