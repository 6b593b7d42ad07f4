"""The bus over a real Valkey: what arrives, a break that is noticed, what was missed and is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from backend.identity.announcements import SignInRevoked
from backend.live import bus as bus_module
from backend.live.bus import Bus
from tests.journeys.installation import Valkey

pytestmark = pytest.mark.store
WAIT_S = 20.0


class Watched(Bus):
    """The bus of one process; whoever waits for a change of it is woken."""

    def __init__(self, url: str, changed: Callable[[], object]) -> None:
        super().__init__(url, write_only=False)
        self._on_change = changed

    def _tell(self) -> None:
        super()._tell()
        self._on_change()


class Listener:
    """One process's end of the bus, without Socket.IO around it."""

    def __init__(self, url: str) -> None:
        self.heard: list[dict] = []
        self.changed = threading.Condition()
        self.missed = 0
        self.ended: list[str] = []
        self.bus = Watched(url, lambda: self._note(lambda: None))
        self.rung: list[object] = []
        self.bus.missed = self._missed
        self.bus.show_devices = lambda changes: self._note(lambda: self.rung.extend(changes))
        self.bus.sign_in_ended = self._ended
        self.threads = [threading.Thread(target=one) for one in (self._listen, self.bus.beat)]
        for thread in self.threads:
            thread.start()
        self.wait(self.bus.up)

    def stop(self) -> None:
        self.bus.stop()
        for thread in self.threads:
            thread.join(WAIT_S)

    def wait(self, holds: Callable[[], object]) -> None:
        with self.changed:
            assert self.changed.wait_for(holds, WAIT_S)

    def _note(self, change: Callable[[], object]) -> None:
        with self.changed:
            change()
            self.changed.notify_all()

    def _missed(self) -> None:
        self._note(lambda: setattr(self, "missed", self.missed + 1))

    def _ended(self, family_id: str) -> None:
        self._note(lambda: self.ended.append(family_id))

    def _listen(self) -> None:
        for data in self.bus._listen():
            self._note(lambda data=data: self.heard.append(data))


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    made = Valkey()
    yield made
    made.stop()


@pytest.fixture
def ends(valkey: Valkey, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Listener, Listener]]:
    monkeypatch.setattr(bus_module, "BEAT_S", 0.05)
    monkeypatch.setattr(bus_module, "RECONNECT_S", 0.05)
    monkeypatch.setattr(bus_module, "REST_S", 0.05)
    monkeypatch.setattr(bus_module, "SILENT_LIMIT_S", 2.0)
    two = Listener(valkey.url), Listener(valkey.url)
    yield two
    for one in two:
        one.stop()


def test_what_one_publishes_the_other_hears(ends):
    here, there = ends
    here.bus._publish({"method": "emit", "event": "event", "host_id": here.bus.host_id})
    there.wait(lambda: any(data.get("event") == "event" for data in there.heard))
    assert (here.missed, there.missed) == (0, 0)


def test_a_sign_in_that_ended_is_told_to_the_others_alone(ends):
    here, there = ends
    here.bus.tell_sign_in_ended(SignInRevoked("t", "family", "logout"))
    there.wait(lambda: there.ended == ["family"])
    assert here.ended == []


def test_a_break_is_noticed_told_and_healed(ends, valkey):
    here, _ = ends
    valkey.stop()
    here.wait(lambda: here.missed)
    assert not here.bus.up()
    here.bus._publish({"method": "emit", "host_id": here.bus.host_id})  # lost, and nobody waits for it
    valkey.start()
    here.wait(here.bus.up)


def test_whoever_could_not_publish_says_so_when_it_can(ends):
    here, there = ends
    here.bus._lost = True
    here.bus._publish({"method": "emit", "event": "late", "host_id": here.bus.host_id})
    there.wait(lambda: there.missed == 1)
    assert here.bus.up()


def test_what_is_no_message_of_ours_is_passed_over(ends):
    here, there = ends
    for text in ("no json", "[]", "{}", '"text"'):
        here.bus._out.publish(bus_module.CHANNEL, text)
    here.bus._publish({"method": "emit", "event": "after", "host_id": "x"})
    there.wait(lambda: any(data.get("event") == "after" for data in there.heard))


def test_a_doorbell_rings_in_every_process_once(ends):
    here, there = ends
    here.bus.tell_devices([("device-1", ["tasks"]), ("device-2", ["record", "tasks"])])
    there.wait(lambda: len(there.rung) == 2)
    assert there.rung == [["device-1", ["tasks"]], ["device-2", ["record", "tasks"]]]
    there.bus.tell_devices([("device-3", ["files"])])
    here.wait(lambda: ["device-3", ["files"]] in here.rung)
    assert here.rung[:2] == [("device-1", ["tasks"]), ("device-2", ["record", "tasks"])]
    assert len(here.rung) == 3
