"""Upward news without upward imports.

A package announces what happened as an object of its own type; who hears it is written in one table in
`app.py`. Two kinds of hearer (invariant 4):

- *inside* hearers run at once, in the transaction of the caller: what they do is committed with it or not
  at all;
- *after* hearers run when the outermost transaction has committed. They may be lost (the process may die in
  between), so each must be something that a cursor or a sweep does again. Their failures are logged, not
  raised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

Hearer = Callable[[Any], object]
AfterCommit = Callable[[Callable[[], object]], object]


@dataclass(frozen=True, slots=True)
class Hearers:
    """Who hears one type of announcement, in this order."""

    inside: Sequence[Hearer] = ()
    after: Sequence[Hearer] = ()


Table = Mapping[type, Hearers]

_table: Table = {}
_after_commit: AfterCommit = lambda fn: fn()  # noqa: E731 - before wiring there is no transaction to wait for


def wire(table: Table, after_commit: AfterCommit) -> None:
    """Set the table, once, at start; `after_commit` is `backend.database.after_commit`."""
    global _table, _after_commit
    _table, _after_commit = dict(table), after_commit


@contextmanager
def wired(table: Table, after_commit: AfterCommit) -> Iterator[None]:
    """The same for the length of a test; the table before it comes back."""
    before = _table, _after_commit
    wire(table, after_commit)
    try:
        yield
    finally:
        wire(*before)


def announce(event: object) -> None:
    """Tell everyone who wants to know about `event` (matched by exact type). No hearer is no error."""
    hearers = _table.get(type(event))
    if hearers is None:
        return
    for hear in hearers.inside:
        hear(event)
    for hear in hearers.after:
        _after_commit(lambda hear=hear: hear(event))  # type: ignore[misc]
