"""Open sessions: one a device, found by cookie or device, over when silent."""

from __future__ import annotations

import pytest

from backend.cwmp.session import AcsSession
from backend.devices import sessions as module
from backend.devices.known import Known
from backend.devices.sessions import Session, Sessions, TurnBusy

NOW = 1_700_000_000.0


def session(device="d1", at=NOW):
    known = Known(device, "t", "u", "", "00D09E", "Hub", "R1")
    return Session(known, AcsSession("x"), at, login=known)


@pytest.fixture
def ended():
    return []


@pytest.fixture
def sessions(ended):
    return Sessions(lambda session, how: ended.append(session))


def test_found_by_cookie_and_by_device(sessions):
    one = session()
    sessions.begin(one)
    assert sessions.by_key(one.key, NOW) is sessions.by_device("d1", NOW) is one
    assert sessions.by_key("guess", NOW) is sessions.by_device("d2", NOW) is None
    assert len(one.key) >= 32
    assert one.key not in repr(one)


def test_a_new_session_ends_the_old_one_of_the_same_device(sessions, ended):
    old, other, new = session(), session("d2"), session()
    for one in (old, other, new):
        sessions.begin(one)
    assert ended == [old]
    assert old.cwmp.state == "ended"
    assert sessions.current(old, NOW) is None
    assert sessions.current(new, NOW) is new
    assert sessions.by_key(old.key, NOW) is None
    assert len(sessions) == 2


def test_ending_twice_is_ending_once(sessions, ended):
    one = session()
    sessions.begin(one)
    sessions.end(one, "failed")
    sessions.end(one, "failed")
    assert ended == [one]


def test_ending_an_old_session_leaves_the_new_one(sessions):
    old, new = session(), session()
    sessions.begin(old)
    sessions.begin(new)
    sessions.end(old, "failed")
    assert sessions.by_device("d1", NOW) is new


def test_a_silent_session_is_over(sessions, ended):
    one, two = session(), session("d2")
    sessions.begin(one)
    sessions.begin(two)
    sessions.keep(two, NOW + 20)
    assert sessions.end_silent(NOW + 30) == 0
    assert sessions.end_silent(NOW + 31) == 1
    assert ended == [one]
    assert sessions.by_key(two.key, NOW + 51) is None
    assert ended == [one, two]


def test_the_number_of_sessions_is_limited(sessions, ended, monkeypatch):
    monkeypatch.setattr(module, "SESSIONS_LIMIT", 2)
    opened = [session(f"d{n}") for n in range(3)]
    for one in opened:
        sessions.begin(one)
    assert ended == opened[:1]
    assert len(sessions) == 2


def test_posts_of_one_device_take_turns(sessions, monkeypatch):
    monkeypatch.setattr(module, "TURN_WAIT_S", 0.01)
    with sessions.turn("d1"), pytest.raises(TurnBusy), sessions.turn("d1"):
        pass
    with sessions.turn("d1"):
        pass
