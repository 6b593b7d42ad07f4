"""Tasks that go on beyond a session, files of devices, and the links they are moved by."""

from __future__ import annotations

from typing import Any

from peewee import (
    BigIntegerField,
    BlobField,
    BooleanField,
    CharField,
    CompositeKey,
    DoubleField,
    IntegerField,
    Model,
    TextField,
)


class Frozen(Model):
    """A table as it was; indexes are named after the table."""

    class Meta:
        legacy_table_names = False


class StoredFile(Frozen):
    id = CharField(primary_key=True, max_length=26)
    tenant_id = CharField(max_length=26, index=True)
    device_id = CharField(max_length=26, null=True)
    kind = CharField(max_length=16)
    name = CharField(max_length=128)
    version = CharField(max_length=64)
    models = TextField()
    size_bytes = BigIntegerField()
    sha256 = CharField(max_length=64)
    sealed = BooleanField()
    state = CharField(max_length=10)
    created_by = CharField(max_length=100)
    created_at = DoubleField()

    class Meta:
        table_name = "stored_file"
        indexes = (
            (("tenant_id", "kind", "created_at"), False),
            (("device_id", "kind", "created_at"), False),
        )


class FileChunk(Frozen):
    tenant_id = CharField(max_length=26)
    file_id = CharField(max_length=26)
    number = IntegerField()
    content = BlobField()

    class Meta:
        table_name = "file_chunk"
        primary_key = CompositeKey("file_id", "number")


class TransferLink(Frozen):
    id = CharField(primary_key=True, max_length=26)
    tenant_id = CharField(max_length=26, index=True)
    token_digest = CharField(max_length=64, unique=True)
    device_id = CharField(max_length=26)
    task_id = CharField(max_length=26, index=True)
    direction = CharField(max_length=4)
    file_id = CharField(max_length=26, null=True)
    file_type = CharField(max_length=64)
    opened = IntegerField()
    moved_bytes = BigIntegerField()
    whole = BooleanField()
    created_at = DoubleField()
    expires_at = DoubleField(index=True)
    ended_at = DoubleField(null=True)

    class Meta:
        table_name = "transfer_link"


TABLES = [StoredFile, FileChunk, TransferLink]


def up(migrator: Any, db: Any) -> None:
    """Make the tables of files; give tasks their stage, and what goes with it."""
    with db.bind_ctx(TABLES):
        db.create_tables(TABLES)
    migrator.migrate(
        migrator.add_column("task", "channel", CharField(max_length=128, default="")),
        migrator.add_column("task", "context", TextField(null=True)),
        migrator.add_column("task", "progress", TextField(null=True)),
        migrator.add_column("task", "stage", CharField(max_length=8, default="ask")),
        migrator.add_column("task", "due_at", DoubleField(null=True)),
    )
    db.execute_sql("UPDATE task SET stage = 'settle' WHERE settles AND state = 'queued'")
    migrator.migrate(migrator.drop_column("task", "settles"))


def down(migrator: Any, db: Any) -> None:
    """What is running or in another stage than a plain one cannot be kept: it ends."""
    migrator.migrate(migrator.add_column("task", "settles", BooleanField(default=False)))
    settles = "1" if migrator.__class__.__name__.startswith("Sqlite") else "TRUE"
    db.execute_sql(f"UPDATE task SET settles = {settles} WHERE stage = 'settle'")
    db.execute_sql("UPDATE task SET state = 'expired' WHERE state = 'running'")
    migrator.migrate(
        *(
            migrator.drop_column("task", name)
            for name in ("channel", "context", "progress", "stage", "due_at")
        )
    )
    with db.bind_ctx(TABLES):
        db.drop_tables(TABLES)
