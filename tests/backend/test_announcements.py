"""Who hears what, and when."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from backend import announcements
from backend import database as store
from backend.announcements import Hearers, announce


@dataclass(frozen=True)
class Happened:
    what: str


@pytest.fixture
def heard(database):
    told = []
    table = {
        Happened: Hearers(
            inside=[lambda event: told.append(("inside", event.what, store.in_transaction()))],
            after=[lambda event: told.append(("after", event.what, store.in_transaction()))],
        )
    }
    with announcements.wired(table, store.after_commit):
        yield told


def test_inside_at_once_and_after_when_committed(heard):
    with store.transaction():
        announce(Happened("a"))
        announce(Happened("b"))
        assert heard == [("inside", "a", True), ("inside", "b", True)]
    assert heard[2:] == [("after", "a", False), ("after", "b", False)]


def test_what_is_undone_is_not_told_after(heard):
    def undone():
        with store.transaction():
            announce(Happened("a"))
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        undone()
    assert heard == [("inside", "a", True)]


def test_an_inside_hearer_that_fails_fails_the_caller(heard, database):
    def broken(_: object) -> None:
        raise RuntimeError("cannot")

    table = {Happened: Hearers(inside=[broken])}
    with announcements.wired(table, store.after_commit), pytest.raises(RuntimeError, match="cannot"):
        announce(Happened("a"))
    announce(Happened("b"))
    assert [what for _, what, _ in heard] == ["b", "b"]


def test_nobody_has_to_listen(heard):
    announce("a text that nobody waits for")
    assert heard == []
