"""What is kept of sessions: buffered, written in batches, in parts of several processes, bounded, masked."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from backend import announcements
from backend import database as store
from backend.announcements import Hearers
from backend.devices import history
from backend.devices.announcements import DeviceChanged
from backend.devices.history import IN, OUT, History
from backend.errors import NotFound
from tests.conftest import NOW

pytestmark = pytest.mark.store


@dataclass
class Spoken:
    """A session as the ACS tells of it."""

    known: SimpleNamespace
    id: str = field(default_factory=store.new_id)
    began_at: float = NOW
    source: str = "203.0.113.7"
    events: tuple[str, ...] = ("2 PERIODIC",)


@pytest.fixture
def spoken(tenant_id):
    return lambda device="device-1", **more: Spoken(
        SimpleNamespace(tenant_id=tenant_id, device_id=device), **more
    )


def never():
    return 1.0


def told(kept, session, *messages, how="well"):
    for number, (direction, body) in enumerate(messages):
        kept.message(session, direction, body, NOW + number)
    if how:
        kept.ended(session, how, NOW + len(messages))


def test_a_session_is_kept_with_its_messages(tenant_id, spoken):
    kept, one = History(never), spoken()
    told(kept, one, (IN, b"<Inform/>"), (OUT, b"<InformResponse/>"), (IN, b""), (OUT, b""))
    assert history.page(tenant_id, "device-1", None, 10) == ([], None)
    assert kept.flush(NOW + 9) == 1
    shown, messages = history.session(tenant_id, "device-1", one.id)
    assert shown == {
        "id": one.id,
        "began_at": NOW,
        "ended_at": NOW + 4,
        "events": ["2 PERIODIC"],
        "source": "203.0.113.7",
        "ending": "well",
        "messages": 4,
        "bytes_in": 9,
        "bytes_out": 17,
    }
    assert [(m["direction"], m["body"]) for m in messages] == [
        (IN, b"<Inform/>"),
        (OUT, b"<InformResponse/>"),
        (IN, b""),
        (OUT, b""),
    ]
    assert kept.flush(NOW + 99) == 0


def test_the_parts_of_several_processes_make_a_whole(tenant_id, spoken):
    here, there, one = History(never), History(never), spoken()
    here.message(one, IN, b"first", NOW)
    there.message(one, IN, b"second", NOW + 1)
    there.ended(one, "silent", NOW + 30)
    assert there.flush(NOW + 31) == 1
    assert here.flush(NOW + 31) == 1  # quiet for long enough, though it never heard of the end
    shown, messages = history.session(tenant_id, "device-1", one.id)
    assert [message["body"] for message in messages] == [b"first", b"second"]
    assert (shown["ending"], shown["ended_at"], shown["messages"], shown["bytes_in"]) == (
        "silent",
        NOW + 30,
        2,
        11,
    )


def test_an_open_session_is_seen_while_it_lasts(tenant_id, spoken):
    kept, one = History(never), spoken()
    kept.message(one, IN, b"x", NOW)
    assert kept.flush(NOW + 1) == 0
    assert kept.flush(NOW + history.QUIET_S) == 1
    (shown,), _ = history.page(tenant_id, "device-1", None, 10)
    assert (shown["ending"], shown["ended_at"]) == ("open", None)


def test_sessions_come_newest_first_in_pages_and_of_one_router_only(tenant_id, spoken):
    kept = History(never)
    mine = [spoken() for _ in range(3)]
    for one in (*mine, spoken("device-2")):
        told(kept, one, (IN, b""))
    kept.flush(NOW + 5)
    first, after = history.page(tenant_id, "device-1", None, 2)
    second, end = history.page(tenant_id, "device-1", after, 2)
    assert [one["id"] for one in (*first, *second)] == [one.id for one in reversed(mine)]
    assert end is None
    assert history.page("another tenant", "device-1", None, 10) == ([], None)
    with pytest.raises(NotFound):
        history.session(tenant_id, "device-2", mine[0].id)
    with pytest.raises(NotFound):
        history.session("another tenant", "device-1", mine[0].id)


def test_secrets_are_not_kept(tenant_id, spoken):
    kept, one = History(never), spoken()
    body = b"<P><Name>Device.X.Password</Name><Value>the secret</Value></P>"
    told(kept, one, (IN, body), (IN, b"password \x00 <<<"))
    kept.flush(NOW + 5)
    shown, messages = history.session(tenant_id, "device-1", one.id)
    assert b"the secret" not in messages[0]["body"]
    assert messages[1] == {"at": NOW + 1, "direction": IN, "bytes": 14, "body": None}
    assert shown["bytes_in"] == len(body) + 14


def test_a_session_a_buffer_and_a_router_have_their_bounds(tenant_id, spoken, monkeypatch):
    monkeypatch.setattr(history, "MESSAGES_LIMIT", 3)
    monkeypatch.setattr(history, "SESSION_LIMIT_BYTES", 10)
    monkeypatch.setattr(history, "BUFFER_LIMIT_SESSIONS", 1)
    kept, one, other = History(never), spoken(), spoken("device-2")
    told(kept, one, (IN, b"12345"), (IN, b"1234567"), (IN, b"123"), (IN, b"4"), (IN, b"5"))
    told(kept, other, (IN, b"x"))
    kept.flush(NOW + 9)
    shown, messages = history.session(tenant_id, "device-1", one.id)
    assert [message["body"] for message in messages] == [b"12345", None, b"123"]
    assert (shown["messages"], shown["bytes_in"]) == (5, 17)
    assert history.page(tenant_id, "device-2", None, 10) == ([], None)
    told(kept, other, (IN, b"x"))  # there is room again
    assert kept.flush(NOW + 9) == 1


def test_only_the_newest_sessions_of_a_router_are_kept(tenant_id, spoken, monkeypatch):
    monkeypatch.setattr(history, "KEEP_SESSIONS", 2)
    kept = History(lambda: 0.0)
    mine = [spoken() for _ in range(4)]
    for one in mine:
        told(kept, one, (IN, b"x"))
        kept.flush(NOW + 5)
    shown, _ = history.page(tenant_id, "device-1", None, 10)
    assert [one["id"] for one in shown] == [mine[3].id, mine[2].id]
    assert history.CwmpMessages.select().count() == 2


def test_old_sessions_and_those_of_a_router_that_is_gone_are_forgotten(tenant_id, spoken):
    kept = History(never)
    old, new, other = spoken(began_at=NOW - history.KEEP_S - 1), spoken(), spoken("device-2")
    for one in (old, new, other):
        told(kept, one, (IN, b"x"))
    kept.flush(NOW + 5)
    assert history.forget(NOW) == 1
    assert [one["id"] for one in history.page(tenant_id, "device-1", None, 10)[0]] == [new.id]
    with store.transaction():
        history.drop("device-1")
    assert history.page(tenant_id, "device-1", None, 10) == ([], None)
    assert history.CwmpMessages.select().count() == 1


def test_whoever_looks_is_told_after_the_rows_are_there(tenant_id, spoken):
    heard = []
    table = {DeviceChanged: Hearers(after=[heard.append])}
    with announcements.wired(table, store.after_commit):
        kept = History(never)
        told(kept, spoken(), (IN, b"x"))
        kept.flush(NOW + 5)
    assert heard == [DeviceChanged(tenant_id, "device-1", frozenset({"sessions"}))]


def test_without_a_buffer_nothing_is_kept_and_nothing_fails(spoken):
    history.bind(None)
    history.message(spoken(), IN, b"x", NOW)
    history.ended(spoken(), "well", NOW)
    history.flush(NOW)
