"""What only PostgreSQL needs: limits on every wait, troubles that pass, and locks between processes.

Many processes share one store. Some things only one of them may do at a time, or at all; its advisory locks
say who. A lock ends with the connection that holds it, so a process that was killed holds nobody up.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import peewee
import psycopg

from backend.errors import Unavailable

CONNECT_LIMIT_S: Final = 5
SILENCE_LIMIT_MS: Final = 20_000
OPTIONS: Final = "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
_PASSING_STATES: Final = ("08", "40", "53", "55P03", "57", "25P03", "25P04")


def settings(url: str) -> dict[str, Any]:
    """How every connection is opened: nothing waits without a limit, on either side."""
    made: dict[str, Any] = {
        "connect_timeout": CONNECT_LIMIT_S,
        "tcp_user_timeout": SILENCE_LIMIT_MS,
        "application_name": "careflow",
    }
    return made if "options=" in url else {**made, "options": OPTIONS}


def passing(error: BaseException) -> Unavailable | None:
    """What a user is told when the trouble is the server's and passes: it was restarted, is full, broke a
    deadlock or ended a wait. Nothing was changed, or the client's message id finds out. None: our mistake.
    """
    if not isinstance(error, peewee.OperationalError | peewee.InterfaceError):
        return None
    cause = error.__context__
    while cause is not None and not isinstance(cause, psycopg.Error):
        cause = cause.__context__
    if cause is None or (cause.sqlstate is not None and not cause.sqlstate.startswith(_PASSING_STATES)):
        return None
    return Unavailable("database_unavailable", "The database does not answer just now; try again.")


@contextmanager
def turn(database: Any, what: str) -> Iterator[None]:
    """Hold the lock of `what`, waiting for it as long as it takes; on the connection that is open."""
    key = _key(what)
    database.execute_sql("SET statement_timeout = 0; SET lock_timeout = 0")
    try:
        database.execute_sql("SELECT pg_advisory_lock(%s)", (key,))
        try:
            yield
        finally:
            database.execute_sql("SELECT pg_advisory_unlock(%s)", (key,))
    finally:
        database.execute_sql("RESET statement_timeout; RESET lock_timeout")


class Bytewise(peewee.WrappedNode):
    """A text compared byte by byte: PostgreSQL's own order depends on the locale, and would not find the
    texts that begin with a prefix between two others."""

    def __sql__(self, ctx: Any) -> Any:
        ctx.sql(self.node)
        return ctx.literal(' COLLATE "C"') if ctx.state.param == "%s" else ctx


class PrefixIndex(peewee.SQL):
    """An index for texts that begin with a prefix: the columns before, the text byte by byte, those after."""

    def __init__(
        self, name: str, table: str, text: str, before: tuple[str, ...], after: tuple[str, ...] = ()
    ) -> None:
        super().__init__(name)
        self._name, self._table, self._text = name, table, text
        self._before, self._after = before, after

    def __sql__(self, ctx: Any) -> Any:
        text = f'{self._text} COLLATE "C"' if ctx.state.param == "%s" else self._text
        columns = ", ".join((*self._before, text, *self._after))
        return ctx.literal(f"CREATE INDEX IF NOT EXISTS {self._name} ON {self._table} ({columns})")


class Only:
    """The claim of one process to be the only one that does `what`, on a connection of its own."""

    def __init__(self, url: str, what: str) -> None:
        self._url = url
        self._key = _key(what)
        self._connection: psycopg.Connection[Any] | None = None
        self._asking = threading.Lock()

    def held(self) -> bool:
        """Whether this process has it now; claims it when nobody does. False when the server is away: its
        end frees the lock, so nobody can be sure of having it.
        """
        with self._asking:
            try:
                if self._connection is not None:
                    self._connection.execute("SELECT 1")
                    return True
                return self._claim()
            except psycopg.Error:
                self._drop()
                return False

    def _claim(self) -> bool:
        self._connection = psycopg.connect(self._url, autocommit=True, **settings(self._url))
        claimed = self._connection.execute("SELECT pg_try_advisory_lock(%s)", (self._key,)).fetchone()
        if claimed is not None and claimed[0]:
            return True
        self._drop()
        return False

    def give_up(self) -> None:
        """Let another process have it."""
        with self._asking:
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _key(what: str) -> int:
    """The number PostgreSQL knows the lock by."""
    digest = hashlib.blake2b(f"careflow {what}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
