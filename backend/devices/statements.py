"""SQL of the busiest path, written once by hand.

Building a query from objects costs more than running it (about 80 us against 10), and one CWMP session runs
five. Texts are written with `?`; PostgreSQL gets its own marks. Only this package uses them, and every text
names the device or the tenant it is about (invariant 10).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import peewee

from backend.database import db


class Statement:
    """One SQL text, ready for both stores. Call it with its values; gives the driver's cursor."""

    __slots__ = ("_formatted", "_plain")

    def __init__(self, text: str) -> None:
        self._plain = text
        self._formatted = text.replace("%", "%%").replace("?", "%s")

    def __call__(self, *values: Any) -> Any:
        database = db.obj
        return database.execute_sql(self._plain if database.param == "?" else self._formatted, values)


@lru_cache(maxsize=256)
def repeated(text: str, count: int, group: str = "?") -> Statement:
    """`text` with its one `...` replaced by `count` groups, e.g. "(?, ?)" for rows of two values."""
    return Statement(text.replace("...", ", ".join([group] * count)))


def postgres() -> bool:
    """Whether the rows are in PostgreSQL, whose text order depends on the locale unless told otherwise."""
    return isinstance(db.obj, peewee.PostgresqlDatabase)
