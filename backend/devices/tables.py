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
    ("host:port") is where a UDP connection request reaches it through a NAT (Annex G). `cr_held_at` is when
    it took the `cr_*` that are kept here, None where it does not know them yet; `knocked_at` when it last
    came by a shared credential that does not open it any more.
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
    cr_held_at = MomentField(null=True)
    knocked_at = MomentField(null=True)

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
    """One piece of work for one device. `state`: queued, sent, running, done, expired.

    `stage` is what leaves next: ask (the request itself), before (what is there before it), settle (what
    became of a sending whose reply was lost, invariant 3), collect (the results of a diagnostics run) or stop
    (its cancellation). `due_at`: not before it a queued task leaves, at it a running one is looked after.
    `request` is the effect's stored form, sealed as a whole where it holds a secret; `context` what a later
    stage needs; `progress` {"phase", "done", "total", "unit", "at"}; `reply` is how it ended, without values:
    those are in StoredParameter. `channel`: the fault channel, "" where a fault goes to whoever asked.
    """

    device_id = peewee.CharField(max_length=26)
    owner_key = peewee.CharField(max_length=128, unique=True)
    channel = peewee.CharField(max_length=128, default="")
    request = JsonField()
    context = JsonField(null=True)
    progress = JsonField(null=True)
    reply = JsonField(null=True)
    state = peewee.CharField(max_length=8, default="queued")
    stage = peewee.CharField(max_length=8, default="ask")
    attempts = peewee.IntegerField(default=0)
    created_at = MomentField()
    sent_at = MomentField(null=True)
    due_at = MomentField(null=True)
    done_at = MomentField(null=True)
    deadline_at = MomentField()

    class Meta:
        indexes = (
            (("device_id", "state"), False),
            (("state", "deadline_at"), False),
        )


class StoredFile(TenantRow):
    """A file for devices or from them: kind firmware, configuration, log or other.

    `state`: receiving until all of it is here, then ready. `models` are those a firmware image is for, each
    "MODEL" or "MODEL@HARDWARE". `device_id` is whose it is; None: everyone's of the tenant. `sealed`: its
    chunks are encrypted, since configuration files hold keys and passwords. `created_by` says who in a word.
    """

    device_id = peewee.CharField(max_length=26, null=True)
    kind = peewee.CharField(max_length=16)
    name = peewee.CharField(max_length=128)
    version = peewee.CharField(max_length=64, default="")
    models = JsonField(default=list)
    size_bytes = peewee.BigIntegerField(default=0)
    sha256 = peewee.CharField(max_length=64, default="")
    sealed = peewee.BooleanField(default=False)
    state = peewee.CharField(max_length=10, default="receiving")
    created_by = peewee.CharField(max_length=100, default="")
    created_at = MomentField()

    class Meta:
        indexes = (
            (("tenant_id", "kind", "created_at"), False),
            (("device_id", "kind", "created_at"), False),
        )


class FileChunk(TenantRow):
    """A piece of a stored file, in its order; in the database, so that every process can serve it."""

    id = None
    tenant_id = peewee.CharField(max_length=26)
    file_id = peewee.CharField(max_length=26)
    number = peewee.IntegerField()
    content = peewee.BlobField()

    class Meta:
        primary_key = peewee.CompositeKey("file_id", "number")


class TransferLink(TenantRow):
    """A one-time link of one transfer of one device; of its token only the fingerprint is kept.

    `direction`: down (the device fetches `file_id`) or up (it sends one, which becomes `file_id`). `opened`
    counts requests; only the newest goes on. `ended_at`: all of it has gone through, or it was taken back.
    """

    token_digest = peewee.CharField(max_length=64, unique=True)
    device_id = peewee.CharField(max_length=26)
    task_id = peewee.CharField(max_length=26, index=True)
    direction = peewee.CharField(max_length=4)
    file_id = peewee.CharField(max_length=26, null=True)
    file_type = peewee.CharField(max_length=64)
    opened = peewee.IntegerField(default=0)
    moved_bytes = peewee.BigIntegerField(default=0)
    whole = peewee.BooleanField(default=False)
    created_at = MomentField()
    expires_at = MomentField(index=True)
    ended_at = MomentField(null=True)


TABLES = (Device, FactoryCredential, StoredParameter, Task, StoredFile, FileChunk, TransferLink)
