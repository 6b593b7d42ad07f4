"""The first schema: people, session events, routers, the ledger, runs, conversations and the desk.

A frozen copy of the tables as they were then; later migrations change what this one made.
"""

from __future__ import annotations

from typing import Any

from peewee import BooleanField, CharField, CompositeKey, DoubleField, IntegerField, Model, TextField


class Frozen(Model):
    """A table as it was; indexes are named after the table."""

    class Meta:
        legacy_table_names = False


class Conversation(Frozen):
    id = CharField(primary_key=True, max_length=26)
    tenant_id = CharField(max_length=26, index=True)
    customer_id = CharField(max_length=26, index=True)
    device_id = CharField(max_length=26)
    run_id = CharField(max_length=26, index=True, null=True)
    workflow = CharField(max_length=100)
    title = CharField(max_length=200)
    channel = CharField(max_length=16)
    locale = CharField(max_length=16)
    agent_id = CharField(max_length=26, null=True)
    owner_kind = CharField(max_length=16)
    owner_id = CharField(max_length=26, null=True)
    owner_name = CharField(max_length=200)
    state = CharField(max_length=16)
    created_at = DoubleField()
    updated_at = DoubleField()

    class Meta:
        table_name = "conversation"


class Customer(Frozen):
    id = CharField(primary_key=True, max_length=26)
    tenant_id = CharField(max_length=26, index=True)
    phone = CharField(max_length=20)
    first_name = CharField(max_length=100)
    last_name = CharField(max_length=100)
    address = TextField()
    locale = CharField(max_length=12)
    created_at = DoubleField()

    class Meta:
        table_name = "customer"
        indexes = ((("tenant_id", "phone"), True),)


class Device(Frozen):
    id = CharField(primary_key=True, max_length=26)
    tenant_id = CharField(max_length=26, index=True)
    customer_id = CharField(max_length=26, null=True)
    oui = CharField(max_length=6)
    product_class = CharField(max_length=64)
    serial_number = CharField(max_length=64)
    username = CharField(max_length=256, unique=True)
    password_sealed = TextField()
    manufacturer = CharField(max_length=64)
    model = CharField(max_length=64)
    data_model = CharField(max_length=8)
    software_version = CharField(max_length=64)
    hardware_version = CharField(max_length=64)
    cwmp_namespace = CharField(max_length=64)
    connection_request_url = CharField(max_length=256)
    cr_username = CharField(max_length=256)
    cr_password_sealed = TextField()
    source_address = CharField(max_length=64)
    parameter_key = CharField(max_length=32)
    inform_digest = CharField(max_length=64)
    inform_stored_at = DoubleField()
    last_inform_at = DoubleField(null=True)
    last_boot_at = DoubleField(null=True)
    created_at = DoubleField()
    tags = TextField()

    class Meta:
        table_name = "device"
        indexes = (
            (("tenant_id", "oui", "product_class", "serial_number"), True),
            (("tenant_id", "customer_id"), False),
            (("tenant_id", "serial_number"), False),
        )


class Escalation(Frozen):
    id = CharField(primary_key=True, max_length=26)
    tenant_id = CharField(max_length=26, index=True)
    conversation_id = CharField(max_length=26, index=True)
    run_id = CharField(max_length=26, null=True)
    customer_id = CharField(max_length=26)
    device_id = CharField(max_length=26)
    title = CharField(max_length=200)
    locale = CharField(max_length=16)
    reason = CharField(max_length=40)
    text = TextField()
    detail = TextField()
    state = CharField(max_length=16, index=True)
    taken_by = CharField(max_length=26, index=True, null=True)
    taken_by_name = CharField(max_length=200)
    disposition = CharField(max_length=40, null=True)
    note = TextField()
    created_at = DoubleField()
    taken_at = DoubleField(null=True)
    closed_at = DoubleField(null=True)

    class Meta:
        table_name = "escalation"


class LedgerEntry(Frozen):
    id = CharField(primary_key=True, max_length=26)
    tenant_id = CharField(max_length=26, index=True)
    customer_id = CharField(max_length=26)
    key = CharField(max_length=160)
    text = TextField()
    at = DoubleField()
    run_id = CharField(max_length=26, null=True)

    class Meta:
        table_name = "ledger_entry"
        indexes = (
            (("tenant_id", "key"), True),
            (("tenant_id", "customer_id", "at"), False),
        )


class OneTimeCode(Frozen):
    id = CharField(primary_key=True, max_length=26)
    tenant_id = CharField(max_length=26, index=True)
    phone = CharField(max_length=20)
    customer_id = CharField(max_length=26, null=True)
    code_hash = CharField(max_length=64)
    attempts = IntegerField()
    created_at = DoubleField(index=True)
    expires_at = DoubleField()
    used_at = DoubleField(null=True)

    class Meta:
        table_name = "one_time_code"
        indexes = ((("tenant_id", "phone", "created_at"), False),)


class Publication(Frozen):
    id = CharField(primary_key=True, max_length=26)
    tenant_id = CharField(max_length=26, index=True)
    name = CharField(max_length=100)
    version = CharField(max_length=64)
    sources = TextField()
    current = BooleanField()
    published_at = DoubleField()

    class Meta:
        table_name = "publication"
        indexes = ((("tenant_id", "name", "version"), True),)


class Received(Frozen):
    id = CharField(primary_key=True, max_length=26)
    tenant_id = CharField(max_length=26, index=True)
    sender_id = CharField(max_length=26)
    client_message_id = CharField(max_length=64)
    conversation_id = CharField(max_length=26)
    received_at = DoubleField(index=True)

    class Meta:
        table_name = "received"
        indexes = ((("tenant_id", "sender_id", "client_message_id"), True),)


class Run(Frozen):
    id = CharField(primary_key=True, max_length=26)
    tenant_id = CharField(max_length=26, index=True)
    workflow = CharField(max_length=100)
    version = CharField(max_length=64)
    device_id = CharField(max_length=26)
    customer_id = CharField(max_length=26, null=True)
    conversation_id = CharField(max_length=26, null=True)
    audience = CharField(max_length=16)
    locale = CharField(max_length=16)
    starter = TextField()
    phase = CharField(max_length=16)
    node = CharField(max_length=100, null=True)
    ending = CharField(max_length=16, null=True)
    state = TextField()
    seq = IntegerField()
    deadline_at = DoubleField(index=True, null=True)
    deadline_seq = IntegerField()
    deadline_token = CharField(max_length=16)
    facts_digest = CharField(max_length=32)
    created_at = DoubleField()
    updated_at = DoubleField()
    ended_at = DoubleField(null=True)

    class Meta:
        table_name = "run"
        indexes = (
            (("tenant_id", "device_id", "phase"), False),
            (("tenant_id", "customer_id"), False),
        )


class RunEntry(Frozen):
    id = CharField(primary_key=True, max_length=26)
    tenant_id = CharField(max_length=26, index=True)
    run_id = CharField(max_length=26)
    seq = IntegerField()
    event = TextField()
    facts = TextField(null=True)
    at = DoubleField()

    class Meta:
        table_name = "run_entry"
        indexes = ((("run_id", "seq"), True),)


class SessionCounter(Frozen):
    id = CharField(primary_key=True, max_length=26)
    tenant_id = CharField(max_length=26, index=True)
    last_seq = IntegerField()

    class Meta:
        table_name = "session_counter"


class SessionEvent(Frozen):
    id = CharField(primary_key=True, max_length=26)
    tenant_id = CharField(max_length=26, index=True)
    session_id = CharField(max_length=26)
    seq = IntegerField()
    at = DoubleField()
    type = CharField(max_length=40)
    event = TextField()
    for_customer = BooleanField()
    for_agent = BooleanField()
    for_operator = BooleanField()

    class Meta:
        table_name = "session_event"
        indexes = ((("session_id", "seq"), True),)


class Staff(Frozen):
    id = CharField(primary_key=True, max_length=26)
    tenant_id = CharField(max_length=26, index=True)
    login = CharField(max_length=120)
    name = CharField(max_length=200)
    role = CharField(max_length=20)
    password_hash = CharField()
    active = BooleanField()
    created_at = DoubleField()

    class Meta:
        table_name = "staff"
        indexes = ((("tenant_id", "login"), True),)


class StepRecord(Frozen):
    id = CharField(primary_key=True, max_length=26)
    tenant_id = CharField(max_length=26, index=True)
    run_id = CharField(max_length=26)
    visit = IntegerField()
    node = CharField(max_length=100)
    template = CharField(max_length=100)
    status = CharField(max_length=16)
    outcome = TextField(null=True)
    started_at = DoubleField()
    ended_at = DoubleField()
    duration_s = DoubleField(null=True)

    class Meta:
        table_name = "step_record"
        indexes = (
            (("run_id", "visit"), True),
            (("tenant_id", "template", "id"), False),
        )


class StoredParameter(Frozen):
    tenant_id = CharField(max_length=26)
    device_id = CharField(max_length=26)
    path = CharField(max_length=256)
    value = TextField()
    type = CharField(max_length=32)
    read_at = DoubleField()

    class Meta:
        table_name = "stored_parameter"
        primary_key = CompositeKey("device_id", "path")


class Subscription(Frozen):
    id = CharField(primary_key=True, max_length=26)
    tenant_id = CharField(max_length=26, index=True)
    customer_id = CharField(max_length=26)
    plan = CharField(max_length=120)
    since = CharField(max_length=10)

    class Meta:
        table_name = "subscription"
        indexes = ((("tenant_id", "customer_id"), True),)


class Task(Frozen):
    id = CharField(primary_key=True, max_length=26)
    tenant_id = CharField(max_length=26, index=True)
    device_id = CharField(max_length=26)
    owner_key = CharField(max_length=128, unique=True)
    request = TextField()
    reply = TextField(null=True)
    state = CharField(max_length=8)
    settles = BooleanField()
    attempts = IntegerField()
    created_at = DoubleField()
    sent_at = DoubleField(null=True)
    done_at = DoubleField(null=True)
    deadline_at = DoubleField()

    class Meta:
        table_name = "task"
        indexes = (
            (("device_id", "state"), False),
            (("state", "deadline_at"), False),
        )


class Tenant(Frozen):
    id = CharField(primary_key=True, max_length=26)
    slug = CharField(max_length=64, unique=True)
    name = CharField(max_length=200)
    settings = TextField()
    created_at = DoubleField()

    class Meta:
        table_name = "tenant"


class TokenFamily(Frozen):
    id = CharField(primary_key=True, max_length=26)
    tenant_id = CharField(max_length=26, index=True)
    subject_kind = CharField(max_length=10)
    subject_id = CharField(max_length=26, index=True)
    generation = IntegerField()
    rotated_at = DoubleField()
    created_at = DoubleField()
    expires_at = DoubleField(index=True)
    revoked_at = DoubleField(null=True)
    revoked_because = CharField(max_length=40, null=True)

    class Meta:
        table_name = "token_family"


TABLES = [
    Conversation,
    Customer,
    Device,
    Escalation,
    LedgerEntry,
    OneTimeCode,
    Publication,
    Received,
    Run,
    RunEntry,
    SessionCounter,
    SessionEvent,
    Staff,
    StepRecord,
    StoredParameter,
    Subscription,
    Task,
    Tenant,
    TokenFamily,
]


def up(migrator: Any, db: Any) -> None:
    """Make every table."""
    with db.bind_ctx(TABLES):
        db.create_tables(TABLES)


def down(migrator: Any, db: Any) -> None:
    """Drop every table."""
    with db.bind_ctx(TABLES):
        db.drop_tables(TABLES)
