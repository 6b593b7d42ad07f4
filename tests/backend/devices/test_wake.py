"""Who is asked to call, when, and what happens when the device is busy, silent or gone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend import announcements, database
from backend.announcements import Hearers
from backend.devices import wake
from backend.devices.announcements import DeviceUnreachable
from backend.devices.connection_request import Target
from backend.devices.wake import BACKOFF_FIRST_S, OUTSTANDING_S, Waiting, Waker
from backend.errors import NotFound, Unavailable

pytestmark = [pytest.mark.store, pytest.mark.usefixtures("database")]
NOW = 1_700_000_000.0


class House:
    """A device whose answers the test writes down beforehand; requests run only when the test says so."""

    def __init__(self, *answers, on_ask=None):
        self.answers = list(answers)
        self.asked = 0
        self.started = []
        self.on_ask = on_ask
        self.now = NOW
        self.waker = Waker(self.find, self.ask, self.started.append, busy_wait_s=0.0, clock=lambda: self.now)

    def find(self, tenant_id, device_id):
        if device_id == "gone":
            raise NotFound()
        return Target("http://10.0.0.1/", "u", "p", "10.0.0.1")

    def ask(self, target):
        self.asked += 1
        if self.on_ask:
            self.on_ask()
        return self.answers.pop(0)

    def run(self):
        while self.started:
            self.started.pop(0)()


@pytest.fixture
def unreachable():
    told = []
    with announcements.wired({DeviceUnreachable: Hearers(inside=[told.append])}, database.after_commit):
        yield told


def test_one_request_is_outstanding_at_a_time(unreachable):
    house = House("accepted", "accepted")
    assert house.waker.wake("t", "d")
    assert not house.waker.wake("t", "d")
    house.run()
    assert not house.waker.wake("t", "d")
    house.now += OUTSTANDING_S
    assert house.waker.wake("t", "d")
    house.run()
    assert house.asked == 2
    assert unreachable == []


def test_a_new_request_is_allowed_as_soon_as_the_session_has_ended(unreachable):
    house = House("accepted", "accepted")
    house.waker.wake("t", "d")
    house.run()
    house.waker.session_began("d")
    assert not house.waker.session_ended("d", well=True)
    assert house.waker.wake("t", "d")


def test_a_device_in_session_is_not_called_but_remembered(unreachable):
    house = House()
    house.waker.session_began("d")
    assert house.waker.in_session("d")
    assert not house.waker.wake("t", "d")
    assert house.waker.session_ended("d", well=True)
    assert not house.waker.in_session("d")
    assert not house.waker.session_ended("d", well=True)


def test_a_device_that_does_not_answer_is_told_and_left_alone_for_a_while(unreachable):
    house = House("no_answer", "no_answer", "no_answer")
    house.waker.wake("t", "d")
    house.run()
    assert unreachable == [DeviceUnreachable("t", "d", "no_answer")]
    waiting = [Waiting("t", "d", None)]
    assert house.waker.rewake(waiting) == 0
    house.now += BACKOFF_FIRST_S
    assert house.waker.rewake(waiting) == 1
    house.run()
    house.now += BACKOFF_FIRST_S
    assert house.waker.rewake(waiting) == 0
    house.now += BACKOFF_FIRST_S
    assert house.waker.rewake(waiting) == 1


def test_a_person_who_waits_does_not_wait_for_the_back_off(unreachable):
    house = House("no_answer", "accepted")
    house.waker.wake("t", "d")
    house.run()
    assert house.waker.wake("t", "d")


def test_busy_is_asked_again_and_is_not_unreachable(unreachable):
    house = House("busy", "busy", "accepted")
    house.waker.wake("t", "d")
    house.run()
    assert house.asked == 3
    house = House("busy", "busy", "busy", "busy")
    house.waker.wake("t", "d")
    house.run()
    assert (house.asked, unreachable) == (4, [])


def test_an_inform_while_asking_ends_the_asking(unreachable):
    house = House("busy", on_ask=lambda: house.waker.session_began("d"))
    house.waker.wake("t", "d")
    house.run()
    assert house.asked == 1


def test_a_device_that_agreed_and_never_came_is_told(unreachable):
    house = House("accepted", "accepted")
    house.waker.wake("t", "d")
    house.run()
    waiting = [Waiting("t", "d", NOW - 100)]
    assert house.waker.rewake(waiting) == 0
    house.now += OUTSTANDING_S
    assert house.waker.rewake(waiting) == 0
    assert unreachable == [DeviceUnreachable("t", "d", "no_session")]


def test_a_session_held_by_another_process_counts(unreachable):
    house = House("accepted", "accepted")
    house.waker.wake("t", "d")
    house.run()
    waiting = [Waiting("t", "d", NOW + 1)]
    house.now += 5
    assert house.waker.rewake(waiting) == 0
    house.now += BACKOFF_FIRST_S
    assert house.waker.rewake(waiting) == 1
    assert unreachable == []


def test_a_device_that_is_gone_is_nobodys_news(unreachable):
    house = House()
    house.waker.wake("t", "gone")
    house.run()
    assert (house.asked, unreachable) == (0, [])


def test_an_error_while_asking_costs_one_request(unreachable):
    house = House("accepted")
    house.answers.insert(0, None)
    house.on_ask = lambda: 1 / 0 if house.asked == 1 else None
    house.waker.wake("t", "d")
    house.run()
    assert house.waker.wake("t", "d")
    house.run()
    assert house.asked == 2


def test_a_session_that_broke_off_is_not_begun_again_at_once(unreachable):
    house = House(*["accepted"] * 9)
    waiting = [Waiting("t", "d", None)]
    for wait_s in (BACKOFF_FIRST_S, BACKOFF_FIRST_S * 2, BACKOFF_FIRST_S * 4):
        house.waker.session_began("d")
        assert house.waker.rewake(waiting) == 0
        assert not house.waker.session_ended("d", well=False)
        house.now += wait_s - 0.1
        assert house.waker.rewake(waiting) == 0
        house.now += 0.1
        assert house.waker.rewake(waiting) == 1
        house.run()
    house.waker.session_began("d")
    house.waker.session_ended("d", well=True)
    assert house.waker.rewake(waiting) == 1


class Others:
    """What the other processes have told: `shared.SharedCalls` without Redis."""

    def __init__(self):
        self.sessions = set()
        self.asked = set()
        self.away = False

    def _reached(self):
        if self.away:
            raise Unavailable("sessions_unavailable", "away")

    def in_session(self, device_id):
        self._reached()
        return device_id in self.sessions

    def ask(self, device_id):
        self._reached()
        is_first = device_id not in self.asked
        self.asked.add(device_id)
        return is_first

    def give_up(self, device_id):
        self._reached()
        self.asked.discard(device_id)


class TestOneOfSeveralProcesses:
    """Each process that commits tasks wakes; devices call whichever ACS process they reach."""

    def house(self, *answers, heard_at=None):
        house = House(*answers)
        house.heard_at = heard_at
        house.others = Others()
        find = lambda tenant_id, device_id: replace(house.find(tenant_id, device_id), heard_at=house.heard_at)  # noqa: E731
        house.waker = Waker(
            find,
            house.ask,
            house.started.append,
            shared=house.others,
            busy_wait_s=0.0,
            session_wait_s=0.0,
            clock=lambda: house.now,
        )
        return house

    def test_one_request_is_outstanding_over_all_of_them(self, unreachable):
        house = self.house("accepted", heard_at=NOW + 1)
        house.others.asked.add("d")
        house.waker.wake("t", "d")
        house.run()
        assert house.asked == 0
        house.others.asked.clear()  # its Inform has come, to whichever process
        house.waker.wake("t", "d")
        house.waker.wake("t", "d")
        house.run()
        assert house.asked == 1
        assert unreachable == []

    def test_a_device_in_session_with_another_process_is_not_asked(self, unreachable):
        house = self.house()
        house.others.sessions.add("d")
        house.waker.wake("t", "d")
        house.run()
        assert (house.asked, house.others.asked) == (0, set())

    def test_the_process_that_ends_a_session_always_looks_what_waits(self):
        house = self.house()
        house.waker.session_began("d")
        assert house.waker.session_ended("d", well=True)
        assert not house.waker.session_ended("d", well=False)
        assert len(house.waker._devices) == 0

    def test_busy_with_another_process_ends_the_asking(self, unreachable):
        house = self.house("busy", "busy")
        house.on_ask = lambda: house.others.sessions.add("d")
        house.waker.wake("t", "d")
        house.run()
        assert (house.asked, unreachable) == (1, [])

    def test_a_request_that_failed_may_be_followed_at_once(self, unreachable):
        house = self.house("no_answer", "accepted", heard_at=NOW)
        for _ in range(2):
            house.waker.wake("t", "d")
            house.run()
        assert house.asked == 2
        assert unreachable == [DeviceUnreachable("t", "d", "no_answer")]

    def test_whoever_asked_finds_out_that_nobody_came(self, unreachable):
        house = self.house("accepted", heard_at=NOW - 60)
        house.waker.wake("t", "d")
        house.run()
        assert unreachable == [DeviceUnreachable("t", "d", "no_session")]

    def test_a_sweep_does_not_ask_after_each_second(self, unreachable):
        house = self.house()
        house.others.asked.add("d")
        waiting = [Waiting("t", "d", None)]
        assert house.waker.rewake(waiting) == 1
        house.run()
        assert house.waker.rewake(waiting) == 0
        house.now += BACKOFF_FIRST_S
        assert house.waker.rewake(waiting) == 1

    def test_without_redis_a_device_is_asked_all_the_same(self, unreachable):
        house = self.house("busy", "no_answer")
        house.others.away = True
        house.waker.wake("t", "d")
        house.run()
        assert house.asked == 2
        assert len(unreachable) == 1

    def test_what_is_remembered_has_a_limit(self, unreachable, monkeypatch):
        monkeypatch.setattr(wake, "DEVICES_LIMIT", 3)
        house = self.house(*["accepted"] * 12, heard_at=NOW * 2)
        for number in range(10):
            house.waker.wake("t", f"d{number}")
            house.run()
            house.now += OUTSTANDING_S
        assert len(house.waker._devices) <= 5
