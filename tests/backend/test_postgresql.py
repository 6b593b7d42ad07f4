"""What only PostgreSQL has: claims between processes, waits with an end, troubles that pass."""

from __future__ import annotations

import threading

import peewee
import pytest

from backend import database, postgresql
from backend.config import Config
from backend.errors import Unavailable
from backend.identity.tables import Tenant
from backend.postgresql import Only
from tests.conftest import NOW

pytestmark = pytest.mark.store


@pytest.fixture
def url(postgresql_url: str) -> str:
    return postgresql_url


def test_only_one_has_it_and_the_next_takes_over(url):
    first, second = Only(url, "sweep"), Only(url, "sweep")
    other = Only(url, "another thing")
    assert [first.held(), second.held(), first.held(), other.held()] == [True, False, True, True]
    first.give_up()
    assert [second.held(), first.held()] == [True, False]
    second.give_up()
    other.give_up()


def test_a_claim_is_lost_with_its_connection_and_taken_again(url):
    claim, killer = Only(url, "acs"), Only(url, "killer")
    assert claim.held()
    assert killer.held()
    assert claim._connection is not None
    assert killer._connection is not None
    killer._connection.execute("SELECT pg_terminate_backend(%s, 5000)", (claim._connection.info.backend_pid,))
    assert not claim.held()
    assert claim.held()
    claim.give_up()
    killer.give_up()


def test_nobody_has_it_without_a_server():
    assert not Only("postgresql://nobody@127.0.0.1:9/nothing", "acs").held()


@pytest.fixture
def over_postgresql(_postgresql_with_tables: str, tmp_path):
    database.bind(Config(data_dir=tmp_path, database_url=_postgresql_with_tables))
    with database.connection(), database.transaction():
        Tenant.delete().execute()
    yield
    database.unbind()


def add(slug: str) -> None:
    Tenant.create(slug=slug, name=slug, settings={}, created_at=NOW)


@pytest.mark.usefixtures("over_postgresql")
class TestTroublesThatPass:
    def test_one_at_a_time(self):
        inside: list[int] = []
        most: list[int] = []

        def work() -> None:
            with database.one_at_a_time("begin"):
                inside.append(1)
                most.append(len(inside))
                database.db.obj.execute_sql("SELECT pg_sleep(0.02)")
                inside.pop()

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert most == [1, 1, 1, 1]

    def test_a_deadlock_is_broken_and_told_as_busy(self):
        with database.connection(), database.transaction():
            add("a")
            add("b")
        both = threading.Barrier(2)
        told: list[str] = []

        def work(first: str, second: str) -> None:
            try:
                with database.transaction():
                    for slug in (first, second):
                        Tenant.update(name="x").where(Tenant.slug == slug).execute()
                        if slug == first:
                            both.wait(10)
            except Unavailable as error:
                told.append(error.code)

        threads = [threading.Thread(target=work, args=pair) for pair in (("a", "b"), ("b", "a"))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert told == ["database_unavailable"]

    def test_a_connection_that_broke_is_told_and_replaced(self):
        def cut() -> None:
            with database.transaction():
                add("a")
                database.db.obj.execute_sql("SELECT pg_terminate_backend(pg_backend_pid())")

        with pytest.raises(Unavailable):
            cut()
        with database.connection():
            assert Tenant.select().count() == 0

    def test_a_wait_has_an_end(self):
        with database.connection():
            database.db.obj.execute_sql("SET statement_timeout = 20")
            with pytest.raises(peewee.OperationalError) as slow:
                database.db.obj.execute_sql("SELECT pg_sleep(5)")
            database.db.obj.execute_sql("RESET statement_timeout")
        assert isinstance(postgresql.passing(slow.value), Unavailable)

    def test_our_own_mistakes_are_none(self):
        with database.connection(), pytest.raises(peewee.ProgrammingError) as wrong:
            database.db.obj.execute_sql("SELECT nothing FROM nowhere")
        assert postgresql.passing(wrong.value) is None
        assert postgresql.passing(peewee.OperationalError("no such table")) is None


def test_a_server_that_is_away_is_told(tmp_path):
    database.bind(Config(data_dir=tmp_path, database_url="postgresql://nobody@127.0.0.1:9/nothing"))
    try:
        with pytest.raises(Unavailable), database.connection():
            pass
    finally:
        database.unbind()
