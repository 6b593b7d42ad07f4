"""The door to the database: ids, transactions, callbacks, over both stores."""

from __future__ import annotations

import threading

import peewee
import pytest

from backend import database
from backend.database import JsonField, MomentField, TenantRow
from backend.errors import NotFound, Unavailable
from backend.identity.tables import Tenant
from tests.conftest import NOW

pytestmark = pytest.mark.store


def make(slug: str) -> Tenant:
    return Tenant.create(
        slug=slug, name=slug, settings={"dns": ["9.9.9.9"], "ż": None}, created_at=NOW + 0.125
    )


def slugs() -> list[str]:
    return sorted(row.slug for row in Tenant.select())


def test_ids_are_short_sort_by_time_and_never_repeat():
    ids = [database.new_id() for _ in range(5000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert {len(id) for id in ids} == {26}


def test_a_row_comes_back_as_it_was(database):
    with database_module().transaction():
        made = make("a")
    row = Tenant.get_by_id(made.id)
    assert row.settings == {"dns": ["9.9.9.9"], "ż": None}
    assert row.created_at == NOW + 0.125


def test_a_write_outside_a_transaction_is_refused(database):
    with pytest.raises(database_module().WriteOutsideTransaction):
        make("a")
    assert slugs() == []


def test_an_error_undoes_everything_and_its_callbacks(database):
    heard = []

    def undone() -> None:
        with database_module().transaction():
            make("a")
            database_module().after_commit(lambda: heard.append(1))
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        undone()
    assert (slugs(), heard) == ([], [])


def test_an_inner_transaction_joins_the_outer(database):
    def undone() -> None:
        with database_module().transaction():
            with database_module().transaction():
                make("a")
            assert slugs() == ["a"]
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        undone()
    assert slugs() == []


def test_callbacks_run_once_in_order_after_the_outermost_commit(database):
    heard = []
    module = database_module()
    with module.transaction():
        with module.transaction():
            module.after_commit(lambda: heard.append(("first", module.in_transaction())))
        module.after_commit(lambda: heard.append(("second", module.in_transaction())))
        assert heard == []
    assert heard == [("first", False), ("second", False)]


def test_a_callback_that_fails_stops_no_other_and_may_write(database):
    module = database_module()

    def writes() -> None:
        with module.transaction():
            make("b")

    with module.transaction():
        module.after_commit(lambda: 1 / 0)
        module.after_commit(writes)
    assert slugs() == ["b"]


def test_a_callback_outside_a_transaction_runs_at_once(database):
    heard = []
    database_module().after_commit(lambda: heard.append(1))
    assert heard == [1]


def test_a_savepoint_may_fail_alone(database):
    module = database_module()
    with module.transaction():
        make("a")
        with pytest.raises(peewee.IntegrityError), module.savepoint():
            make("a")
        make("b")
    assert slugs() == ["a", "b"]


def test_writers_take_turns_and_lose_nothing(database_bound):
    module = database_module()
    with module.connection(), module.transaction():
        made = make("a")

    def count() -> None:
        for _ in range(20):
            with module.transaction():
                query = Tenant.select().where(Tenant.id == made.id)
                row = (query if database_bound.embedded else query.for_update()).get()
                row.settings = {"n": row.settings.get("n", 0) + 1}
                row.save()

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with module.connection():
        assert Tenant.get_by_id(made.id).settings == {"n": 80}


def test_no_free_connection_is_said_within_the_wait(database_bound, monkeypatch):
    module = database_module()
    monkeypatch.setattr(module.db.obj, "_max_connections", 1)
    monkeypatch.setattr(module.db.obj, "_wait_timeout", 0.05)
    said = []

    def other() -> None:
        try:
            with module.connection():
                said.append("connected")
        except Unavailable as error:
            said.append(error.code)

    with module.connection():
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert said == ["database_busy"]


class TestTenantRows:
    def test_another_tenants_row_is_not_found(self, make_tenant, database):
        from backend.identity.tables import Customer

        north, south = make_tenant("north"), make_tenant("south")
        assert Customer.find(north.tenant_id, north.customer_id).id == north.customer_id
        with pytest.raises(NotFound):
            Customer.find(south.tenant_id, north.customer_id)
        assert {row.tenant_id for row in Customer.of(south.tenant_id)} == {south.tenant_id}

    def test_every_table_but_the_tenants_own_belongs_to_a_tenant(self):
        assert [table for table in database.tables() if not issubclass(table, TenantRow)] == [Tenant]

    def test_moments_are_double_and_json_is_text(self):
        """PostgreSQL's plain REAL would round a moment to minutes; its JSONB merges unlike SQLite's."""
        for table in database.tables():
            for field in table._meta.sorted_fields:
                assert type(field) is not peewee.FloatField, f"{table.__name__}.{field.name}"
                assert not isinstance(field, peewee.JSONField), f"{table.__name__}.{field.name}"
                if field.name.endswith("_at"):
                    assert isinstance(field, MomentField), f"{table.__name__}.{field.name}"

    def test_json_knows_no_nan(self):
        with pytest.raises(ValueError):
            JsonField().db_value(float("nan"))


def database_module():
    """The module; `database` is the fixture's name in these tests."""
    return database
