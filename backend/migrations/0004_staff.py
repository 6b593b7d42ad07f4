"""The page of a device for staff: what it is found by, its names, its sessions, and who saw what."""

from __future__ import annotations

import json
from typing import Any

from peewee import BlobField, CharField, CompositeKey, DoubleField, IntegerField, Model, TextField, chunked

from backend.identity.words import known_words, normal

BATCH_ROWS = 500


class Frozen(Model):
    """A table as it was; indexes are named after the table."""

    class Meta:
        legacy_table_names = False


class AuditEntry(Frozen):
    id = CharField(primary_key=True, max_length=26)
    tenant_id = CharField(max_length=26, index=True)
    at = DoubleField()
    actor_kind = CharField(max_length=10)
    actor_id = CharField(max_length=26)
    actor_name = CharField(max_length=200)
    role = CharField(max_length=20)
    action = CharField(max_length=40)
    thing = CharField(max_length=20)
    thing_id = CharField(max_length=64)
    reason = CharField(max_length=500)
    detail = TextField()
    digest = CharField(max_length=64)

    class Meta:
        table_name = "audit_entry"
        indexes = ((("tenant_id", "thing", "thing_id"), False),)


class CustomerWord(Frozen):
    tenant_id = CharField(max_length=26)
    customer_id = CharField(max_length=26)
    word = CharField(max_length=48)

    class Meta:
        table_name = "customer_word"
        primary_key = CompositeKey("customer_id", "word")


class DeviceTag(Frozen):
    tenant_id = CharField(max_length=26)
    device_id = CharField(max_length=26)
    tag = CharField(max_length=64)

    class Meta:
        table_name = "device_tag"
        primary_key = CompositeKey("device_id", "tag")


class SeenNames(Frozen):
    tenant_id = CharField(max_length=26)
    device_id = CharField(max_length=26)
    path = CharField(max_length=256)
    names = TextField()
    read_at = DoubleField()

    class Meta:
        table_name = "seen_names"
        primary_key = CompositeKey("device_id", "path")


class CwmpSession(Frozen):
    id = CharField(primary_key=True, max_length=26)
    tenant_id = CharField(max_length=26)
    device_id = CharField(max_length=26)
    began_at = DoubleField()
    ended_at = DoubleField(null=True)
    events = TextField()
    source = CharField(max_length=64)
    ending = CharField(max_length=12)
    messages = IntegerField()
    bytes_in = IntegerField()
    bytes_out = IntegerField()

    class Meta:
        table_name = "cwmp_session"
        indexes = ((("device_id", "id"), False), (("began_at",), False))


class CwmpMessages(Frozen):
    id = CharField(primary_key=True, max_length=26)
    tenant_id = CharField(max_length=26)
    device_id = CharField(max_length=26)
    session_id = CharField(max_length=26)
    packed = BlobField()

    class Meta:
        table_name = "cwmp_messages"
        indexes = ((("device_id", "session_id"), False),)


TABLES = [AuditEntry, CustomerWord, DeviceTag, SeenNames, CwmpSession, CwmpMessages]
PREFIXES = (
    ("customer_word_found", "customer_word", "word", ", customer_id"),
    ("device_tag_found", "device_tag", "tag", ", device_id"),
    ("device_serial_number_found", "device", "lower(serial_number)", ""),
    ("device_model_found", "device", "lower(model)", ""),
    ("device_software_version_found", "device", "lower(software_version)", ""),
    ("device_source_address_found", "device", "lower(source_address)", ""),
)


def up(migrator: Any, db: Any) -> None:
    """Make the tables and indexes, and fill what is found by words from the rows that are there."""
    with db.bind_ctx(TABLES):
        db.create_tables(TABLES)
        bytewise = "" if db.param == "?" else ' COLLATE "C"'
        for name, table, text, after in PREFIXES:
            db.execute_sql(f"CREATE INDEX {name} ON {table} (tenant_id, {text}{bytewise}{after})")
        db.execute_sql("CREATE INDEX device_tenant_id_id ON device (tenant_id, id)")
        _fill(db)
    migrator.migrate(
        migrator.add_column("conversation", "inputs_sealed", TextField(default="")),
        migrator.drop_not_null("conversation", "customer_id"),
        migrator.drop_not_null("escalation", "customer_id"),
    )


def _fill(db: Any) -> None:
    people = db.execute_sql(
        "SELECT tenant_id, id, phone, first_name, last_name, address FROM customer"
    ).fetchall()
    words = [
        {"tenant_id": tenant_id, "customer_id": customer_id, "word": word}
        for tenant_id, customer_id, phone, *texts in people
        for word in known_words(phone, texts)
    ]
    devices = db.execute_sql("SELECT tenant_id, id, tags FROM device WHERE tags <> '[]'").fetchall()
    tags = [
        {"tenant_id": tenant_id, "device_id": device_id, "tag": tag}
        for tenant_id, device_id, text in devices
        for tag in {normal(tag)[:64] for tag in json.loads(text)}
    ]
    for table, rows in ((CustomerWord, words), (DeviceTag, tags)):
        for batch in chunked(rows, BATCH_ROWS):
            table.insert_many(batch).execute()


def down(migrator: Any, db: Any) -> None:
    """Take it back. Conversations and escalations that are for no customer go with it."""
    for table in ("conversation", "escalation"):
        db.execute_sql(f"DELETE FROM {table} WHERE customer_id IS NULL")
    migrator.migrate(
        migrator.drop_column("conversation", "inputs_sealed"),
        migrator.add_not_null("conversation", "customer_id"),
        migrator.add_not_null("escalation", "customer_id"),
    )
    for name, table, _, _ in PREFIXES:
        if table == "device":
            db.execute_sql(f"DROP INDEX {name}")
    db.execute_sql("DROP INDEX device_tenant_id_id")
    with db.bind_ctx(TABLES):
        db.drop_tables(TABLES)
