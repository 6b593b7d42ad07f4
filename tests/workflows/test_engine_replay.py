"""A run can be replayed from its log: whatever happens, its events give the equal state."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.engine_graphs import NOW, REPAIR, Router, facts, run_of
from workflows.commands import End, Escalate, Request, SetDeadline
from workflows.effects import Reply, SetValues
from workflows.engine import decide
from workflows.facts import Facts
from workflows.run import (
    Answered,
    Cancelled,
    Chosen,
    Consented,
    Event,
    HandedBack,
    Held,
    Phase,
    Replied,
    Run,
    Sent,
    Start,
    TimedOut,
    Unreached,
    event_from_json,
    event_to_json,
)

NODES = st.sampled_from([*REPAIR.steps, "nowhere"])
PEOPLE = st.one_of(
    st.builds(Chosen, NODES),
    st.builds(Consented, st.booleans()),
    st.builds(lambda joined: Answered({"joined": joined}), st.sampled_from(["yes", "no", "perhaps", None])),
    st.just(Held()),
    st.builds(HandedBack, NODES),
    st.just(Cancelled()),
)
WORLD = st.sampled_from(["sent", "reply", "fault", "lost", "uncertain", "late", "unreached", "again"])
STORED = st.sampled_from([None, "true", "false"])


class History:
    """Plays events against the engine as `perform` does, and keeps the log."""

    def __init__(self, audience: str) -> None:
        self.run: Run = run_of(audience)
        self.log: list[tuple[dict[str, Any], dict[str, Any], float]] = []
        self.commands: list[Any] = []
        self.requests: dict[tuple[int, int], Request] = {}
        self.router = Router()
        self.facts: Facts = facts()
        self.now = NOW

    def tell(self, event: Event) -> None:
        self.now += 1.0
        known = facts(None, now=self.now).over(self.facts.parameters)
        self.run, commands = decide(REPAIR, self.run, event, known, self.now)
        self.log.append((event_to_json(event), known.to_json(), self.now))
        self.commands += commands
        for command in commands:
            if isinstance(command, Request):
                assert (command.visit, command.k) not in self.requests, "a request is asked for once"
                self.requests[command.visit, command.k] = command

    def world(self, happening: str) -> None:
        if happening == "late":
            if self.run.deadline is not None:
                self.tell(TimedOut(self.run.deadline.token))
            return
        if happening == "unreached":
            self.tell(Unreached("no_answer"))
            return
        if not self.requests:
            return
        request = list(self.requests.values())[-1]
        if happening == "sent":
            self.tell(Sent(request.visit, request.k))
            return
        replies = {
            "fault": Reply(ok=False, at=self.now, fault_code="9002", fault_text="no"),
            "lost": Reply(ok=False, at=self.now, timed_out=True),
            "uncertain": Reply(ok=False, at=self.now, uncertain=True),
        }
        reply = replies.get(happening) or self.router.answer(request.effect, self.now)
        self.tell(Replied(request.visit, request.k, reply))
        if happening == "again":
            before = self.run
            self.tell(Replied(request.visit, request.k, reply))
            assert self.run == before


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["customer", "agent", "automation"]),
    st.lists(st.one_of(PEOPLE, WORLD, STORED), max_size=40),
)
def test_replaying_the_log_gives_the_equal_run(audience: str, happenings: list[Any]) -> None:
    history = History(audience)
    history.tell(Start())
    for happening in happenings:
        if happening is None or happening in ("true", "false"):
            history.facts = facts(happening, now=history.now)
        elif isinstance(happening, str):
            history.world(happening)
        else:
            history.tell(happening)
        check_sound(history)
    replayed = run_of(audience)
    for event, known, now in history.log:
        replayed, _ = decide(REPAIR, replayed, event_from_json(event), Facts.from_json(known), now)
        replayed = Run.from_json(replayed.to_json())
    assert replayed == history.run


def check_sound(history: History) -> None:
    """What must hold after every event."""
    run = history.run
    waits = run.visit is not None and run.visit.waits_for is not None
    if waits:
        assert run.phase in (Phase.WORKING, Phase.HELD)
        assert run.deadline is not None, "no wait without a limit"
    if run.phase in (Phase.CONSENT, Phase.ASKING, Phase.CHOOSING, Phase.PAUSED):
        assert run.deadline is not None
    if run.phase in (Phase.ENDED, Phase.ESCALATED):
        assert run.visit is None
        assert run.deadline is None
    assert (run.ending is not None) == (run.phase is Phase.ENDED)
    last = next((c for c in reversed(history.commands) if isinstance(c, SetDeadline)), None)
    if last is not None:
        deadline = run.deadline
        assert (last.at, last.token) == ((None, "") if deadline is None else (deadline.at, deadline.token))
    if run.phase is Phase.ENDED:
        assert isinstance([c for c in history.commands if isinstance(c, End | Escalate)][-1], End)
    writes = [r for r in history.requests.values() if isinstance(r.effect, SetValues)]
    agreed = [e for e, _, _ in history.log if e["event"] == "consented" and e["yes"]]
    if run.audience != "automation":
        assert len(writes) <= len(agreed), "nothing is written that nobody agreed to"
