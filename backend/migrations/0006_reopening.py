"""Routers that were reset and knock by a shared credential; who holds our password for being called."""

from __future__ import annotations

from typing import Any

from peewee import DoubleField

COLUMNS = {"cr_held_at": DoubleField(null=True), "knocked_at": DoubleField(null=True)}


def up(migrator: Any, db: Any) -> None:
    """Add what a device's record now holds. Whoever has called before has been given its credentials."""
    migrator.migrate(*(migrator.add_column("device", name, field) for name, field in COLUMNS.items()))
    db.execute_sql(
        "UPDATE device SET cr_held_at = last_inform_at"
        " WHERE cr_password_sealed <> '' AND admission = 'enrolled'"
    )


def down(migrator: Any, db: Any) -> None:
    """Take it away."""
    migrator.migrate(*(migrator.drop_column("device", name) for name in COLUMNS))
