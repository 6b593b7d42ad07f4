"""Migrating makes the tables that the code describes, on both stores, and can be done twice."""

from __future__ import annotations

import pytest

from backend import database as store

pytestmark = pytest.mark.store


def described(embedded: bool) -> dict[str, list[str]]:
    """Every column and index of the store, by table, in words that do not depend on their order."""
    found: dict[str, list[str]] = {}
    for name in store.db.obj.get_tables():
        if name == "schema_migration":
            continue
        columns = [
            f"{one.name} {one.data_type.lower()} {one.null} {one.primary_key}"
            for one in store.db.obj.get_columns(name)
        ]
        indexes = [f"{index.name} {index.columns} {index.unique}" for index in store.db.obj.get_indexes(name)]
        found[name] = sorted(columns) + sorted(indexes)
    return found


def drop_everything() -> None:
    for name in store.db.obj.get_tables():
        store.db.obj.execute_sql(f'DROP TABLE "{name}"')


def test_migrations_make_what_the_code_describes(database, config):
    wanted = described(config.embedded)
    drop_everything()
    try:
        pending = store.pending_migrations()
        assert pending[0] == "0001_first"
        assert store.migrate() == pending
        assert described(config.embedded) == wanted
        assert store.migrate() == []
        assert store.pending_migrations() == []
    finally:
        drop_everything()
        store.create_all()


def test_the_first_migration_can_be_taken_back(database):
    from playhouse.migrations import Runner

    drop_everything()
    try:
        store.migrate()
        runner = Runner(store.db.obj, directory=str(store.MIGRATIONS_DIR))
        while runner.applied():
            runner.down()
        assert [name for name in store.db.obj.get_tables() if name != "schema_migration"] == []
    finally:
        drop_everything()
        store.create_all()
