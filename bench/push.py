"""From a router's POST to the event on the customer's socket, with many sockets open.

    python bench/push.py [--sockets N] [--reads N]

The server is the real one over SQLite, in a process of its own; this process is the router (the simulated
one, over HTTP) and all the customers. Each read of the router is asked for by the customer's answer; the
clock runs from the moment the router begins to send a POST until an event that this POST caused is on the
socket. The other sockets are open on conversations of their own homes, as those of other customers are.

    figure push_p50_ms N ms
    figure push_p99_ms N ms
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from backend.cwmp import rpc  # noqa: E402
from backend.simulator.cpe import Cpe  # noqa: E402
from backend.simulator.homes import HOMES, demo_password  # noqa: E402
from backend.simulator.router import Router  # noqa: E402
from tests.journeys.people import begin, customer  # noqa: E402
from tests.journeys.stack import Stack  # noqa: E402
from tests.journeys.wire import Api, Event, Follower  # noqa: E402

STORY = "healthy"
CAUSED = ("step.state", "step.result", "input.form", "step.offered")
NOT_CAUSED = ("queued", "contacting", "waiting")  # the customer's answer and the wait caused these
READS_OF_A_CONVERSATION = 12


class TimedCpe(Cpe):
    """A router that knows when it last began to send a POST (seconds, monotonic)."""

    posted_at = 0.0

    def _post(self, http: Any, body: bytes) -> bytes:
        self.posted_at = time.monotonic()
        return super()._post(http, body)


class TimedFollower(Follower):
    """Notes, for each event that a POST of the router caused, how long ago that POST began."""

    def __init__(self, api: Api, session: str, cpe: TimedCpe) -> None:
        super().__init__(api, session)
        self._cpe = cpe
        self.delays_s: list[float] = []

    def _heard(self, name: str, event: Any) -> None:
        arrived_at = time.monotonic()
        if name == "event" and event["type"] in CAUSED and event["body"].get("state") not in NOT_CAUSED:
            self.delays_s.append(arrived_at - self._cpe.posted_at)
        super()._heard(name, event)


def router(folder: Path, stack: Stack) -> TimedCpe:
    """The simulated router of the measured home, in this process."""
    home = next(home for home in HOMES if home.story == STORY)
    now = time.time()
    url = f"http://127.0.0.1:{stack.acs_port}/acs"
    made = Router(home, folder, acs_url=url, periodic_s=3600, retry_s=1, now=now)
    assert made.management("Password") == demo_password(home.serial)
    return TimedCpe(made)


def crowd(stack: Stack, sockets: int) -> list[Follower]:
    """So many sockets, spread over the conversations of the other homes."""
    stories = [home.story for home in HOMES if home.story != STORY]
    apis: dict[str, tuple[Api, str]] = {}
    for story in stories:
        api = customer(stack.url, story)
        body = {"workflow": "dhcp-configuration", "device_id": api.get("home")["devices"][0]["id"]}
        started = api.post("conversations", {**body, "client_message_id": f"crowd-{story}"})
        apis[story] = (api, started["id"])
    return [Follower(*apis[stories[number % len(stories)]]).connect() for number in range(sockets)]


def conversation(api: Api, cpe: TimedCpe) -> list[float]:
    """One conversation in which the router is read again and again; the delay of every event caused (s)."""
    started = begin(api)
    started.close()
    log = TimedFollower(api, started.session, cpe)
    log.connect()
    question: Event | None = None
    for _ in range(READS_OF_A_CONVERSATION):
        question = log.question(after=question)
        chosen = look_again(question)
        log.answer(question, chosen["id"], chosen.get("values"))
        cpe.wake()
        cpe.attempt()
    log.question(after=question)
    log.close()
    return log.delays_s


def look_again(question: Event) -> dict[str, Any]:
    """The answer that has the router read once more: "still waiting", then the first follow-up."""
    actions: list[dict[str, Any]] = question["body"]["actions"]
    return next((one for one in actions if (one.get("values") or {}).get("joined") == "no"), actions[0])


def measure(stack: Stack, folder: Path, sockets: int, events: int) -> list[float]:
    """The delays (s) of so many events, or a few more, with so many sockets open."""
    delays_s: list[float] = []
    with stack:
        cpe = router(folder / "routers", stack)
        cpe.tell(rpc.GetRPCMethods(), *cpe.router.boot_events())
        assert cpe.attempt(), "the router could not report"
        others = crowd(stack, sockets - 1)
        api = customer(stack.url, STORY)
        while len(delays_s) < events:
            delays_s += conversation(api, cpe)
        for other in others:
            other.close()
    return delays_s


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sockets", type=int, default=200)
    parser.add_argument("--events", type=int, default=300)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="careflow-push-") as folder:
        stack = Stack(Path(folder), arguments=("web", "--demo"), signs=('"serving"',))
        delays_s = measure(stack, Path(folder), given.sockets, given.events)
    report(delays_s, given.sockets)


def report(delays_s: list[float], sockets: int) -> None:
    ordered = sorted(delays_s)
    print(f"{len(ordered)} events with {sockets} sockets open")
    for percent in (50, 99):
        place = min(len(ordered) - 1, len(ordered) * percent // 100)
        print(f"figure push_p{percent}_ms {ordered[place] * 1000:.1f} ms")


if __name__ == "__main__":
    main()
