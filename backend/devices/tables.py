"""The tables of devices; private to this package."""

from __future__ import annotations

import peewee

from backend.database import JsonField, MomentField, TenantRow


class Device(TenantRow):
    """One router. Its identity is OUI-ProductClass-SerialNumber, never its address (TR-069 3.4.4).

    `username` is what it says to the ACS in HTTP digest; it names one device of one tenant. `data_model` is
    "tr181", "tr098" or "" until the first Inform. `cr_*` are the credentials for its connection request.
    `inform_digest` is the fingerprint of the parameters of its last Inform and `inform_stored_at` when they
    were last written, so that an Inform that says nothing new costs no write per parameter.

    `admission` is "enrolled" or "quarantined" (answered, and nothing more). `factory_id` is the shared
    credential that brought it, "" for none: that one opens it until `credentials_at`, when the device first
    held a password of its own; `credentials_asked_at` is when it was last told that one. `udp_address`
    ("host:port") is where a UDP connection request reaches it through a NAT (Annex G).
    """

    customer_id = peewee.CharField(max_length=26, null=True)
    oui = peewee.CharField(max_length=6)
    product_class = peewee.CharField(max_length=64)
    serial_number = peewee.CharField(max_length=64)
    username = peewee.CharField(max_length=256, unique=True)
    password_sealed = peewee.TextField()
    manufacturer = peewee.CharField(max_length=64, default="")
    model = peewee.CharField(max_length=64, default="")
    data_model = peewee.CharField(max_length=8, default="")
    software_version = peewee.CharField(max_length=64, default="")
    hardware_version = peewee.CharField(max_length=64, default="")
    cwmp_namespace = peewee.CharField(max_length=64, default="")
    connection_request_url = peewee.CharField(max_length=256, default="")
    cr_username = peewee.CharField(max_length=256, default="")
    cr_password_sealed = peewee.TextField(default="")
    source_address = peewee.CharField(max_length=64, default="")
    parameter_key = peewee.CharField(max_length=32, default="")
    inform_digest = peewee.CharField(max_length=64, default="")
    inform_stored_at = MomentField(default=0.0)
    last_inform_at = MomentField(null=True)
    last_boot_at = MomentField(null=True)
    created_at = MomentField()
    tags = JsonField(default=list)
    admission = peewee.CharField(max_length=12, default="enrolled")
    factory_id = peewee.CharField(max_length=26, default="")
    credentials_at = MomentField(null=True)
    credentials_asked_at = MomentField(null=True)
    boot_count = peewee.IntegerField(default=0)
    nat_detected = peewee.BooleanField(default=False)
    udp_address = peewee.CharField(max_length=64, default="")

    class Meta:
        indexes = (
            (("tenant_id", "oui", "product_class", "serial_number"), True),
            (("tenant_id", "customer_id"), False),
            (("tenant_id", "serial_number"), False),
            (("tenant_id", "admission"), False),
            (("tenant_id", "model"), False),
            (("tenant_id", "software_version"), False),
        )


class FactoryCredential(TenantRow):
    """What many devices share before they have a password of their own: it may only enrol.

    `kind`: "digest" (username and password as they leave the factory) or "certificate" (devices whose TLS
    client certificate names `oui`, and `product_class` where given; the username is made up of both). Where
    `oui` is given a digest credential brings no other devices either.
    """

    kind = peewee.CharField(max_length=12, default="digest")
    username = peewee.CharField(max_length=256, unique=True)
    password_sealed = peewee.TextField(default="")
    oui = peewee.CharField(max_length=6, default="")
    product_class = peewee.CharField(max_length=64, default="")
    created_at = MomentField()


class StoredParameter(TenantRow):
    """One parameter as the device last told it; `read_at` is when. Secret values are sealed."""

    id = None
    tenant_id = peewee.CharField(max_length=26)
    device_id = peewee.CharField(max_length=26)
    path = peewee.CharField(max_length=256)
    value = peewee.TextField()
    type = peewee.CharField(max_length=32)
    read_at = MomentField()

    class Meta:
        primary_key = peewee.CompositeKey("device_id", "path")


class Task(TenantRow):
    """One RPC for one device. `state`: queued, sent, done, expired.

    `settles`: it was sent once and its reply was lost, so what happened is found by reading back (invariant
    3). `request` is the effect's stored form, sealed as a whole where it holds a secret; `reply` is how it
    ended, without values: those are in StoredParameter.
    """

    device_id = peewee.CharField(max_length=26)
    owner_key = peewee.CharField(max_length=128, unique=True)
    request = JsonField()
    reply = JsonField(null=True)
    state = peewee.CharField(max_length=8, default="queued")
    settles = peewee.BooleanField(default=False)
    attempts = peewee.IntegerField(default=0)
    created_at = MomentField()
    sent_at = MomentField(null=True)
    done_at = MomentField(null=True)
    deadline_at = MomentField()

    class Meta:
        indexes = (
            (("device_id", "state"), False),
            (("state", "deadline_at"), False),
        )


TABLES = (Device, FactoryCredential, StoredParameter, Task)
