"""How devices come to be known: quarantine, shared credentials that may only enrol; the way through a NAT."""

from __future__ import annotations

from typing import Any

from peewee import BooleanField, CharField, DoubleField, IntegerField, Model, TextField


class FactoryCredential(Model):
    id = CharField(primary_key=True, max_length=26)
    tenant_id = CharField(max_length=26, index=True)
    kind = CharField(max_length=12)
    username = CharField(max_length=256, unique=True)
    password_sealed = TextField()
    oui = CharField(max_length=6)
    product_class = CharField(max_length=64)
    created_at = DoubleField()

    class Meta:
        legacy_table_names = False
        table_name = "factory_credential"


COLUMNS = {
    "admission": CharField(max_length=12, default="enrolled"),
    "factory_id": CharField(max_length=26, default=""),
    "credentials_at": DoubleField(null=True),
    "credentials_asked_at": DoubleField(null=True),
    "boot_count": IntegerField(default=0),
    "nat_detected": BooleanField(default=False),
    "udp_address": CharField(max_length=64, default=""),
}
INDEXES = (("tenant_id", "admission"), ("tenant_id", "model"), ("tenant_id", "software_version"))


def up(migrator: Any, db: Any) -> None:
    """Make the table, add what a device's record now holds, and index what staff search by."""
    with db.bind_ctx([FactoryCredential]):
        db.create_tables([FactoryCredential])
    migrator.migrate(
        *(migrator.add_column("device", name, field) for name, field in COLUMNS.items()),
        *(migrator.add_index("device", columns) for columns in INDEXES),
    )


def down(migrator: Any, db: Any) -> None:
    """Take it all away."""
    migrator.migrate(
        *(migrator.drop_index("device", f"device_{'_'.join(columns)}") for columns in INDEXES),
        *(migrator.drop_column("device", name) for name in COLUMNS),
    )
    with db.bind_ctx([FactoryCredential]):
        db.drop_tables([FactoryCredential])
