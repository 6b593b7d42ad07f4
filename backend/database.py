"""The one door to the database: rows, connections, transactions.

Two stores, the same code: SQLite (WAL) in one process, PostgreSQL for many. Rules that keep a gevent
process alive over SQLite, where a waiting writer freezes every greenlet:

- Every entry (request, socket event, job) opens one pooled connection with `connection()` and gives it back.
- Every write happens inside `transaction()`; a write outside is refused. Writers queue at one lock that
  yields, so SQLite itself never has to wait for a greenlet of this process.
- Nothing inside a transaction may yield: no HTTP, no Redis, no socket emit, no Huey. Use `after_commit`.

A transaction inside another joins it. An error that leaves the outermost one undoes everything.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import peewee
import structlog
from playhouse.migrations import Runner
from playhouse.pool import MaxConnectionsExceeded, PooledPostgresqlDatabase, PooledSqliteDatabase

from backend import postgresql
from backend.config import Config, ConfigError
from backend.errors import NotFound, Unavailable

log = structlog.get_logger(__name__)

POOL_SIZE_CONNECTIONS = 24
POOL_WAIT_S = 5
SQLITE_BUSY_TIMEOUT_S = 0.05
BUSY_RETRY_S = 0.02
WRITE_WAIT_S = 10.0
LONG_TRANSACTION_S = 0.5
MIGRATIONS_DIR = Path(__file__).resolve().parent / "migrations"

_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLAC")

db = peewee.DatabaseProxy()


class WriteOutsideTransaction(RuntimeError):
    """A programming error: the write would hold SQLite's lock where a greenlet may yield."""


class _Guard:
    """Refuses a write outside a transaction, on both stores alike: tests on one speak for the other."""

    def _execute_cursor(self, sql: str, params: Any, **options: Any) -> Any:
        if sql[:6].upper() in _WRITES and not self.transaction_depth():  # type: ignore[attr-defined]
            raise WriteOutsideTransaction(sql[:60])
        return super()._execute_cursor(sql, params, **options)  # type: ignore[misc]


class _Sqlite(_Guard, PooledSqliteDatabase):
    pass


class _Postgres(_Guard, PooledPostgresqlDatabase):
    pass


class _Local(threading.local):
    """What belongs to one greenlet (or thread): the callbacks of its open transaction."""

    callbacks: list[Callable[[], object]] | None = None


_local = _Local()
_write_lock: Any = None
_nobody_rings = threading.Event()


# -- ids and fields -------------------------------------------------------------------------------

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_last_id = 0


def new_id() -> str:
    """26 characters that sort by time: 48 bits of milliseconds, 80 of chance, rising within one process."""
    global _last_id
    number = (int(time.time() * 1000) << 80) | int.from_bytes(os.urandom(10), "big")
    if number >> 80 <= _last_id >> 80:
        number = _last_id + 1 + int.from_bytes(os.urandom(4), "big")
    _last_id = number
    letters = []
    for _ in range(26):
        letters.append(_ALPHABET[number & 31])
        number >>= 5
    return "".join(reversed(letters))


class JsonField(peewee.TextField):
    """A JSON value kept as text and always written whole: the two stores merge JSON differently."""

    def db_value(self, value: Any) -> str | None:
        return None if value is None else json.dumps(value, separators=(",", ":"), allow_nan=False)

    def python_value(self, value: str | None) -> Any:
        return None if value is None else json.loads(value)


class MomentField(peewee.DoubleField):
    """Seconds since 1970 UTC. Double: PostgreSQL's plain REAL would round to minutes."""


class Row(peewee.Model):
    """A table. The key is text from `new_id`."""

    id = peewee.CharField(primary_key=True, max_length=26, default=new_id)

    class Meta:
        database = db
        legacy_table_names = False


RowType = TypeVar("RowType", bound="TenantRow")


class TenantRow(Row):
    """A table whose every row belongs to a tenant (invariant 10): ask it with `of` or `find`."""

    tenant_id = peewee.CharField(max_length=26, index=True)

    @classmethod
    def of(cls, tenant_id: str, *columns: Any) -> peewee.ModelSelect:
        """A select of this tenant's rows, to be narrowed further with `.where(...)`."""
        return cls.select(*columns).where(cls.tenant_id == tenant_id)

    @classmethod
    def find(cls: type[RowType], tenant_id: str, id: str) -> RowType:
        """This tenant's row by id; raises NotFound, also when the row is another tenant's."""
        row = cls.of(tenant_id).where(cls.id == id).first()
        if row is None:
            raise NotFound()
        return row

    @classmethod
    def lock(cls: type[RowType], tenant_id: str, id: str) -> RowType:
        """`find`, holding the row until the transaction ends: one decision at a time. On SQLite the
        transaction itself already is that lock."""
        query = cls.of(tenant_id).where(cls.id == id)
        if not isinstance(db.obj, PooledSqliteDatabase):
            query = query.for_update()
        row = query.first()
        if row is None:
            raise NotFound()
        return row


# -- connections and transactions -----------------------------------------------------------------


def bind(config: Config) -> None:
    """Point every table at the configured store. Opens nothing yet. Call after gevent's patching."""
    global _write_lock
    if config.embedded:
        try:
            config.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(
                f"DATABASE_URL: no folder for {config.sqlite_path}: {error.strerror}"
            ) from error
        db.initialize(
            _Sqlite(
                str(config.sqlite_path),
                max_connections=POOL_SIZE_CONNECTIONS,
                timeout=POOL_WAIT_S,
                autoconnect=False,
                check_same_thread=False,
                pragmas={
                    "journal_mode": "wal",
                    "synchronous": config.sqlite_synchronous,
                    "foreign_keys": 1,
                    "busy_timeout": int(SQLITE_BUSY_TIMEOUT_S * 1000),
                    "cache_size": -16 * 1024,
                },
            )
        )
        _write_lock = threading.Lock()
    else:
        db.initialize(
            _Postgres(
                config.database_url,
                max_connections=POOL_SIZE_CONNECTIONS,
                timeout=POOL_WAIT_S,
                autoconnect=False,
                prefer_psycopg3=True,
                **postgresql.settings(config.database_url),
            )
        )
        _write_lock = None


def unbind() -> None:
    """Close every pooled connection."""
    if db.obj is not None:
        db.obj.close_all()


@contextmanager
def connection() -> Iterator[None]:
    """One pooled connection for one entry; inside another it is the same one.

    Raises Unavailable when none frees, when the store cannot be reached, and when it was lost meanwhile.
    """
    context = db.obj.connection_context()
    try:
        context.__enter__()
    except MaxConnectionsExceeded as error:
        raise Unavailable("database_busy") from error
    except peewee.PeeweeException as error:
        raise (postgresql.passing(error) or error) from error
    try:
        yield
    except peewee.PeeweeException as error:
        raise (postgresql.passing(error) or error) from error
    finally:
        context.__exit__(None, None, None)


@contextmanager
def transaction() -> Iterator[None]:
    """All or nothing; joins an outer one. Opens a connection when there is none yet.

    Raises Unavailable when the store cannot be locked for writing within WRITE_WAIT_S. Callbacks given to
    `after_commit` run after the outermost transaction has committed and its lock is free.
    """
    if db.obj.transaction_depth():
        yield
        return
    with connection():
        callbacks: list[Callable[[], object]] = []
        outer = _begin()
        _local.callbacks = callbacks
        started_s = time.monotonic()
        try:
            with outer:
                yield
        except peewee.PeeweeException as error:
            raise (postgresql.passing(error) or error) from error
        finally:
            _local.callbacks = None
            if _write_lock is not None:
                _write_lock.release()
            held_s = time.monotonic() - started_s
            if held_s > LONG_TRANSACTION_S:
                log.warning("transaction_long", held_s=round(held_s, 3))
        for callback in callbacks:
            _run_after_commit(callback)


class _Begun:
    """A transaction that has begun; as a context it ends it."""

    def __init__(self, transaction: Any) -> None:
        self._transaction = transaction

    def __enter__(self) -> None:
        return None

    def __exit__(self, *exc_info: Any) -> None:
        self._transaction.__exit__(*exc_info)


def _begin() -> _Begun:
    """Begin for writing.

    On SQLite: take the process's lock, then BEGIN IMMEDIATE, with the waiting done out here.
    """
    if _write_lock is None:
        transaction = db.obj.transaction()
        try:
            transaction.__enter__()
        except peewee.PeeweeException as error:
            raise (postgresql.passing(error) or error) from error
        return _Begun(transaction)
    deadline_s = time.monotonic() + WRITE_WAIT_S
    while True:
        if not _write_lock.acquire(timeout=max(0.0, deadline_s - time.monotonic())):
            raise Unavailable("database_busy")
        transaction = db.obj.transaction("IMMEDIATE")
        try:
            transaction.__enter__()
            return _Begun(transaction)
        except peewee.OperationalError as error:
            _write_lock.release()
            if "locked" not in str(error) or time.monotonic() > deadline_s:
                raise Unavailable("database_busy") from error
            _nobody_rings.wait(BUSY_RETRY_S)  # another process writes; other greenlets go on meanwhile
        except BaseException:
            _write_lock.release()
            raise


@contextmanager
def savepoint() -> Iterator[None]:
    """A part of a transaction that may fail alone, e.g. an insert that may meet an existing row."""
    with transaction(), db.obj.savepoint():
        yield


@contextmanager
def one_at_a_time(what: str) -> Iterator[None]:
    """One process after the other, of all that share the store; over SQLite there is only this one."""
    with connection():
        if isinstance(db.obj, PooledSqliteDatabase):
            yield
            return
        with postgresql.turn(db.obj, what):
            yield


def only_one(what: str) -> postgresql.Only | None:
    """The claim to be the only process that does `what`; None over SQLite, where there is no other."""
    if isinstance(db.obj, PooledSqliteDatabase):
        return None
    return postgresql.Only(db.obj.database, what)


def optimize() -> None:
    """Let SQLite look at its tables where its plans would gain; PostgreSQL does so by itself."""
    if isinstance(db.obj, PooledSqliteDatabase):
        db.obj.execute_sql("PRAGMA optimize")


def in_transaction() -> bool:
    """Whether this greenlet is inside `transaction()`."""
    return bool(db.obj.transaction_depth())


def after_commit(callback: Callable[[], object]) -> None:
    """Run `callback` once the outermost transaction has committed, never if it is undone; at once when
    there is none.

    Its failure is logged and not raised: what happens after commit must be something a cursor or a sweep
    redoes.
    """
    if _local.callbacks is None:
        _run_after_commit(callback)
    else:
        _local.callbacks.append(callback)


def _run_after_commit(callback: Callable[[], object]) -> None:
    try:
        callback()
    except Exception:
        log.exception("after_commit_failed")


# -- schema ---------------------------------------------------------------------------------------


def tables() -> list[type[Row]]:
    """Every table whose module has been imported."""
    found: list[type[Row]] = []
    waiting = list(Row.__subclasses__())
    while waiting:
        table = waiting.pop()
        waiting.extend(table.__subclasses__())
        if table is not TenantRow:
            found.append(table)
    return sorted(found, key=lambda table: str(table._meta.table_name))


def create_all(which: Sequence[type[Row]] | None = None) -> None:
    """Create missing tables as the code now describes them: for tests. A deployment uses `migrate`."""
    with connection():
        db.obj.create_tables(which if which is not None else tables(), safe=True)


def pending_migrations() -> list[str]:
    """The names of the migrations that this database lacks."""
    with connection():
        return [
            step.name for step in Runner(db.obj, directory=str(MIGRATIONS_DIR)).status() if not step.applied
        ]


def migrate() -> list[str]:
    """Apply the migrations that are missing, in order, and return their names.

    Safe to call from several processes.
    """
    with one_at_a_time("migrate"):
        return list(Runner(db.obj, directory=str(MIGRATIONS_DIR)).up())
