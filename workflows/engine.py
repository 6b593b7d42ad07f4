"""Deciding is a function: `decide(workflow, run, event, facts, now) -> (run, commands)`.

The same arguments give the same result, and nothing is done: `backend/runs/perform.py` makes the
commands real (invariant 2). An event that no longer fits (a second reply, an old deadline, an answer
to a closed question) changes nothing and commands nothing. `decide` never raises over what people,
devices or authors do; `refusal` says beforehand what is wrong with a person's answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from widgets.kinds import field_of
from widgets.messages import FALLBACK, has_message, message
from widgets.widget import InvalidAnswer, InvalidAnswers, parse_all
from workflows.commands import Command, SetDeadline, Withdraw
from workflows.effects import WRITES, LedgerNote, Reply
from workflows.facts import Facts
from workflows.graph import Workflow
from workflows.requests import WITHDRAWN
from workflows.run import (
    Answered,
    Cancelled,
    Chosen,
    Consented,
    Ending,
    Event,
    HandedBack,
    Held,
    Phase,
    Progressed,
    Replied,
    Run,
    Sent,
    Start,
    TimedOut,
    Undo,
    Unreached,
    Withdrawn,
)
from workflows.secrecy import is_ours
from workflows.stepping import REPLY_GRACE_S, Stepping
from workflows.way_back import undoable

NO_DURATIONS: Mapping[str, int] = MappingProxyType({})

IDLE = (Phase.HELD, Phase.ESCALATED, Phase.ENDED)
"""Phases from which staff may hand a run back."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an event of a person does not fit: `code` is "question_closed", "action_not_offered",
    "answer_invalid" (with `errors`), "not_held" or "step_unknown"."""

    code: str
    errors: tuple[InvalidAnswer, ...] = ()


def refusal(workflow: Workflow, run: Run, event: Event) -> Refusal | None:
    """What is wrong with a person's event, or None when the run waits for it."""
    match event:
        case Chosen(target):
            if run.phase is not Phase.CHOOSING or run.offer is None:
                return Refusal("question_closed")
            targets = {follow.target for follow in run.offer.follow_ups}
            return None if target in targets else Refusal("action_not_offered")
        case Consented():
            return None if run.phase is Phase.CONSENT else Refusal("question_closed")
        case Undo(visit):
            if run.phase not in (Phase.CHOOSING, Phase.ENDED):
                return Refusal("question_closed")
            offered = {visited.number for visited in undoable(workflow, run)}
            return None if visit in offered else Refusal("action_not_offered")
        case Answered(values):
            if run.phase is not Phase.ASKING:
                return Refusal("question_closed")
            parsed = _parsed(run, values)
            return parsed if isinstance(parsed, Refusal) else None
        case HandedBack(node):
            if run.phase not in IDLE:
                return Refusal("not_held")
            return None if node in workflow.steps else Refusal("step_unknown")
        case _:
            return None


def decide(
    workflow: Workflow,
    run: Run,
    event: Event,
    facts: Facts,
    now: float,
    expected_s: Mapping[str, int] = NO_DURATIONS,
) -> tuple[Run, tuple[Command, ...]]:
    """What `event` makes of `run`, and what is to be done about it.

    `facts` hold what the workflow's settings cover as stored at `now` (seconds, UTC). `expected_s`,
    by template name, comes from past durations; it is only shown and never changes the run.
    """
    if refusal(workflow, run, event) is not None:
        return run, ()
    decision = Stepping(workflow, run, facts, now, expected_s)
    _take(decision, event)
    if decision.run.deadline != run.deadline:
        deadline = decision.run.deadline
        decision.commands.append(
            SetDeadline(None, "") if deadline is None else SetDeadline(deadline.at, deadline.token)
        )
    return decision.run, tuple(decision.commands)


def _take(decision: Stepping, event: Event) -> None:
    match event:
        case Start():
            _start(decision, event)
        case Sent(visit, k):
            _sent(decision, visit, k)
        case Unreached():
            _unreached(decision)
        case Progressed(visit, k):
            if _waits_for(decision.run, visit, k):
                _progressed(decision, event)
        case Withdrawn(visit, k, at):
            if _waits_for(decision.run, visit, k):
                _replied(decision, Reply(ok=False, at=at, fault_code=WITHDRAWN))
        case Replied(visit, k, reply):
            if _waits_for(decision.run, visit, k):
                _replied(decision, reply)
        case TimedOut(token):
            if decision.run.deadline is not None and decision.run.deadline.token == token:
                _timed_out(decision)
        case Chosen(target):
            decision.enter(target)
        case Consented(yes):
            _consented(decision, yes)
        case Undo(visit):
            decision.undo(visit)
        case Answered(values):
            _answered(decision, values)
        case Held():
            _held(decision)
        case HandedBack(node):
            _handed_back(decision, node)
        case Cancelled():
            _cancelled(decision)


def _start(decision: Stepping, start: Start) -> None:
    run, workflow = decision.run, decision.workflow
    if run.visits or run.phase is not Phase.WORKING:
        return
    if start.inputs:
        decision.change(answers=dict(start.inputs))
    node = start.node
    decision.enter(node if node is not None and node in workflow.steps else workflow.start)


# -- the device -----------------------------------------------------------------------------------


def _waits_for(run: Run, visit: int, k: int) -> bool:
    return run.visit is not None and run.visit.number == visit and run.visit.waits_for == k


def _sent(decision: Stepping, visit: int, k: int) -> None:
    if not _waits_for(decision.run, visit, k) or decision.visit.sent:
        return
    news = decision.visit.unreached or not decision.visit.contacted
    decision.change_visit(sent=True, contacted=True, unreached=False)
    if news:
        decision.show_running()


def _unreached(decision: Stepping) -> None:
    visit = decision.run.visit
    if visit is None or visit.waits_for is None or visit.unreached or visit.sent:
        return
    decision.change_visit(unreached=True)
    deadline = decision.run.deadline
    until = deadline.at - REPLY_GRACE_S if deadline is not None else None
    decision.show_state("waiting", message(decision.run.locale, "state-waiting"), deadline_at=until)


def _progressed(decision: Stepping, news: Progressed) -> None:
    decision.change_visit(contacted=True, unreached=False)
    there = news.phase == "transferring" and 0 < news.total <= news.done
    id = "progress-transferred" if there else f"progress-{news.phase}"
    text = message(decision.run.locale, id if has_message(FALLBACK, id) else "state-running")
    decision.show_state("running", text, progress=news)


def _replied(decision: Stepping, reply: Reply) -> None:
    exchange = decision.visit.exchanges[-1]
    decision.change(visit=decision.visit.replied(reply))
    silent = reply.timed_out or reply.uncertain or reply.fault_code == WITHDRAWN
    if not isinstance(exchange.effect, LedgerNote) and not silent:
        decision.change_visit(contacted=True, unreached=False)
    decision.work()


def _timed_out(decision: Stepping) -> None:
    run, visit = decision.run, decision.run.visit
    if visit is not None and visit.waits_for is not None:
        write = isinstance(visit.exchanges[-1].effect, WRITES)
        uncertain = write and visit.sent
        _replied(decision, Reply(ok=False, at=decision.now, timed_out=not uncertain, uncertain=uncertain))
    elif visit is not None and run.phase in (Phase.PAUSED, Phase.HELD):
        decision.change_visit(pauses_over=visit.pauses_over + 1)
        decision.work()
    else:
        if visit is not None:
            decision.remember(visit.outcome)
        decision.end(Ending.EXPIRED)


# -- people ---------------------------------------------------------------------------------------


def _consented(decision: Stepping, yes: bool) -> None:
    if yes:
        decision.change_visit(since=decision.now, facts=decision.facts)
        decision.work()
        return
    decision.remember(None)
    decision.show("message", {"text": message(decision.run.locale, "nothing-changed")})
    if decision.run.offer is None:
        decision.end(Ending.CANCELLED)
    else:
        decision.put_offer()


def _answered(decision: Stepping, values: Mapping[str, Any]) -> None:
    parsed = _parsed(decision.run, values)
    outcome = decision.visit.outcome
    if isinstance(parsed, Refusal) or outcome is None:
        return
    decision.change(answers={**decision.run.answers, **parsed})
    decision.conclude(outcome)


def _parsed(run: Run, values: Mapping[str, Any]) -> dict[str, Any] | Refusal:
    fields = [field_of(described) for described in run.visit.fields] if run.visit else []
    try:
        parsed = parse_all(fields, values)
    except InvalidAnswers as invalid:
        return Refusal("answer_invalid", tuple(invalid.errors))
    ours = [name for name, value in parsed.items() if isinstance(value, str) and is_ours(value)]
    errors = tuple(InvalidAnswer(name, "answer-does-not-fit") for name in ours)
    return Refusal("answer_invalid", errors) if errors else parsed


def _held(decision: Stepping) -> None:
    run, visit = decision.run, decision.run.visit
    if run.phase in (Phase.HELD, Phase.ENDED):
        return
    if _works(run):
        decision.change(phase=Phase.HELD)
        return
    if visit is not None:
        decision.remember(visit.outcome)
    decision.rest_held()


def _works(run: Run) -> bool:
    """Whether the router is at work, or between two requests of a step."""
    return run.visit is not None and run.phase in (Phase.WORKING, Phase.PAUSED, Phase.HELD)


def _handed_back(decision: Stepping, node: str) -> None:
    if _works(decision.run):
        decision.change(next_node=node)
        return
    decision.change(ending=None, offer=None)
    decision.enter(node, afresh=True)


def _cancelled(decision: Stepping) -> None:
    if decision.run.phase is Phase.ENDED:
        return
    if _works(decision.run):
        decision.change(phase=Phase.HELD, cancelling=True)
        visit = decision.visit
        if visit.waits_for is not None and not isinstance(visit.exchanges[-1].effect, LedgerNote):
            decision.commands.append(Withdraw(visit.number, visit.waits_for))
        return
    if decision.run.visit is not None:
        decision.remember(decision.run.visit.outcome)
    decision.end(Ending.CANCELLED)
