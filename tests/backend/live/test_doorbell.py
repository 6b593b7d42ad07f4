"""Rings are gathered by device, bounded, and delivered to everyone who delivers."""

from __future__ import annotations

import threading

from backend.devices.announcements import DeviceChanged, DeviceContacted
from backend.live import doorbell
from backend.live.doorbell import Doorbell


def test_what_is_rung_is_gathered_by_device():
    told: list = []
    bell = Doorbell(told.append)
    bell.ring("a", frozenset({"tasks"}))
    bell.ring("b", frozenset({"record"}))
    bell.ring("a", frozenset({"sessions", "tasks"}))
    assert bell.deliver() == 2
    assert told == [[("a", ["sessions", "tasks"]), ("b", ["record"])]]
    assert bell.deliver() == 0
    assert len(told) == 1


def test_one_that_fails_does_not_keep_the_others_from_hearing():
    told: list = []

    def fails(changes):
        raise OSError("away")

    bell = Doorbell(fails, told.append)
    bell.ring("a", frozenset({"tasks"}))
    bell.deliver()
    assert told == [[("a", ["tasks"])]]


def test_there_is_an_end_to_what_waits(monkeypatch):
    monkeypatch.setattr(doorbell, "PENDING_LIMIT_DEVICES", 2)
    monkeypatch.setattr(doorbell, "BATCH_DEVICES", 1)
    told: list = []
    bell = Doorbell(told.append)
    for device in ("a", "b", "c", "a"):
        bell.ring(device, frozenset({"tasks"}))
    assert bell.deliver() == 2
    assert told == [[("a", ["tasks"])], [("b", ["tasks"])]]


def test_it_rings_by_itself_once_started():
    heard = threading.Event()
    bell = Doorbell(lambda changes: heard.set())
    stop = bell.start()
    bell.ring("a", frozenset({"tasks"}))
    assert heard.wait(10)
    stop()


def test_announcements_ring_the_bell_of_the_process():
    told: list = []
    doorbell.changed(DeviceChanged("t", "nobody-hears", frozenset({"tasks"})))
    doorbell.bind(Doorbell(told.append))
    try:
        doorbell.changed(DeviceChanged("t", "d", frozenset({"files"})))
        doorbell.contacted(DeviceContacted("t", "d", ("2 PERIODIC",)))
        assert doorbell.deliver() == 1
        assert told == [[("d", ["files", "record"])]]
    finally:
        doorbell.bind(None)
