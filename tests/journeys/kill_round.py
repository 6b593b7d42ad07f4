"""One round of the kill test: a customer repairs the DHCP home, and the system is killed while he does.

Nobody may be left hanging: the conversation ends, or waits for a person. Nothing may happen twice: neither an
answer in the log nor a write on the router. Used by `test_kill.py` and, for many rounds, by `bench/kill.py`.
"""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.journeys.people import action, begin, customer
from tests.journeys.stack import Stack
from tests.journeys.wire import Event, Follower, message_id

HOME, SERIAL = "dhcp-disabled", "NV0000000001"
# Written at first contact, not by the repair, and again whenever a first contact was not finished: a password
# cannot be read back, and writing the same one again changes nothing.
CREDENTIALS = "ManagementServer.ConnectionRequest"
ROUND_LIMIT_S = 180.0
ANSWERS_MAX = 25
EVENTS_OF_A_REPAIR = 17  # kills are spread over these events of the log; some more follow
DELAYS_MAX_S = (0.02, 0.1)  # and over this long after each: some while one message is under way
LOST = (ConnectionError, requests.ConnectionError, requests.Timeout)


@dataclass
class Round:
    """What one round came to. `lost`: neither ended nor with a person. `doubled`: what happened twice."""

    seed: int
    kills: list[str] = field(default_factory=list)
    lost: bool = False
    doubled: list[str] = field(default_factory=list)
    ending: str = ""
    log: list[str] = field(default_factory=list)

    def told(self) -> str:
        """All of it, for whoever looks into a failure."""
        head = f"seed {self.seed}: killed {', '.join(self.kills) or 'nothing'}; {self.ending or 'LOST'}"
        return "\n".join([head, *self.doubled, *self.log])


def play(seed: int, data_dir: Path) -> Round:
    """Plays one round; every choice of its moments comes from the seed."""
    chance = random.Random(seed)
    result = Round(seed)
    with Stack(data_dir) as stack:
        follower = begin(customer(stack.url, HOME))
        client = Answering(follower)
        for _ in range(chance.randint(1, 3)):
            killer = _Killer(stack, follower, chance)
            finished = client.drive()
            if killer.disarm():
                result.kills.append(killer.what)
            if finished:
                break
            stack.start_again(killer.what)
        result.lost = not client.drive_to_the_end(stack)
        result.ending = _ending(follower)
        result.doubled = doubled(stack, follower)
        result.log = list(follower.told()) if result.lost or result.doubled else []
        follower.close()
    return result


class _Killer:
    """Kills once: when the log has so many events, and so much later."""

    def __init__(self, stack: Stack, follower: Follower, chance: random.Random) -> None:
        self.what = chance.choice(("power", "server", "worker"))
        seen = len(follower.events)
        self._events = chance.randint(seen, max(seen, EVENTS_OF_A_REPAIR))
        self._delay_s = chance.uniform(0.0, chance.choice(DELAYS_MAX_S))
        self._stack, self._follower = stack, follower
        self._done = threading.Lock()
        self._fired = self._disarmed = False
        self._timer: threading.Timer | None = None
        follower.watch(self._look)
        self._look()

    def disarm(self) -> bool:
        """No kill from now on; whether there was one."""
        self._follower.watch(None)
        with self._done:
            self._disarmed = True
            return self._fired

    def _look(self) -> None:
        if self._timer is None and len(self._follower.events) >= self._events:
            self._timer = threading.Timer(self._delay_s, self._fire)
            self._timer.daemon = True
            self._timer.start()

    def _fire(self) -> None:
        with self._done:
            if not self._disarmed:
                self._fired = True
                self._stack.kill(self.what)


class Answering:
    """Answers whatever is asked. An answer whose receipt was lost is sent again with the same message id."""

    def __init__(self, follower: Follower) -> None:
        self._log = follower
        self._pending: dict[str, Any] | None = None
        self._answered = 0
        self._last_asked: Event | None = None

    def drive(self) -> bool:
        """Goes on until the conversation is over (True) or the connection is (False)."""
        try:
            if self._log.dropped:
                self._log.connect()
            while True:
                if self._pending is not None:
                    self._log.send_answer(self._pending)
                    self._pending = None
                moved = self._log.wait(self._moved, "the next question or the end", ROUND_LIMIT_S)
                if moved == "dropped":
                    return False
                if moved == "over":
                    return True
                self._answer(self._log.open_question())
        except LOST:
            return False

    def drive_to_the_end(self, stack: Stack) -> bool:
        """The same without further kills; False when the conversation does not come to an end."""
        for _ in range(20):
            try:
                if self.drive():
                    return True
            except AssertionError:
                return False
            stack.await_ready()
        return False

    def _moved(self, log: Follower) -> str:
        if log.over():
            return "over"
        if log.dropped:
            return "dropped"
        question = log.open_question()
        return "asked" if question and question is not self._last_asked else ""

    def _answer(self, question: Event | None) -> None:
        assert question is not None
        self._last_asked = question
        self._answered += 1
        assert self._answered <= ANSWERS_MAX, "asked without end"
        wanted = action(question, "consent:yes", "answer", "follow:")
        values = next(one.get("values") for one in question["body"]["actions"] if one["id"] == wanted)
        self._pending = {
            "client_message_id": message_id(),
            "reply_to": question["id"],
            "action": wanted,
            "values": values or {},
        }


def _ending(follower: Follower) -> str:
    ends = [event for event in follower.log() if event["type"] in ("session.ended", "handoff.initiate")]
    return f"{ends[-1]['type']} {ends[-1]['body'].get('status') or ''}".strip() if ends else ""


def doubled(stack: Stack, follower: Follower, serial: str = SERIAL) -> list[str]:
    """Answers that stand twice in the log, and writes that the router applied twice."""
    found = []
    seen: set[Any] = set()
    for event in follower.of_type("input.answer"):
        if event["reply_to"] in seen:
            found.append(f"answered twice: {event['reply_to']}")
        seen.add(event["reply_to"])
    for line in stack.applied(serial):
        write = (line["rpc"], line["path"], line["after"])
        if write in seen:
            found.append(f"applied twice: {line}")
        seen.add(write)
    return found
