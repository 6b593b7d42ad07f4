"""What runs have changed on devices, with what was before, so that it can be put back."""

from __future__ import annotations

from typing import Any

from peewee import BooleanField, CharField, DoubleField, IntegerField, Model, TextField


class DeviceChange(Model):
    id = CharField(primary_key=True, max_length=26)
    tenant_id = CharField(max_length=26, index=True)
    device_id = CharField(max_length=26)
    run_id = CharField(max_length=26)
    visit = IntegerField()
    workflow = CharField(max_length=100)
    node = CharField(max_length=100)
    title = TextField()
    starter = TextField()
    items = TextField()
    undo = CharField(max_length=10)
    possible = BooleanField()
    at = DoubleField()
    undoing_run = CharField(max_length=26, null=True, index=True)
    undone_run = CharField(max_length=26, null=True)
    undone_at = DoubleField(null=True)

    class Meta:
        legacy_table_names = False
        table_name = "device_change"
        indexes = (
            (("run_id", "visit"), True),
            (("tenant_id", "device_id", "id"), False),
        )


def up(migrator: Any, db: Any) -> None:
    """Make the table."""
    with db.bind_ctx([DeviceChange]):
        db.create_tables([DeviceChange])


def down(migrator: Any, db: Any) -> None:
    """Take it away."""
    with db.bind_ctx([DeviceChange]):
        db.drop_tables([DeviceChange])
