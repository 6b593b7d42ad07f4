"""Undo as people meet it: to whom it is offered, what it does to the run, and what it leaves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.workflows.engine_graphs import CHECK, ENABLE, ENABLE_STEP, NOW, Router, graph, when
from tests.workflows.engine_telling import Told
from workflows.commands import Escalate, Request
from workflows.effects import Reply, SetValues
from workflows.engine import refusal
from workflows.graph import Connection
from workflows.run import Chosen, Consented, Ending, Phase, Progressed, Replied, Sent, Start, Undo, Unreached
from workflows.way_back import undoable

STAY = Connection("enable", "enable", label={"en": "Again"})


def home(
    undo: str = "customer",
    audience: str = "customer",
    *,
    stays: bool = True,
    router: Router | None = None,
) -> tuple[Told, Router]:
    """A run whose repair has just been made."""
    step = replace(ENABLE_STEP, undo=undo)
    connections = (Connection("check", "enable", when("'off' in outcome.codes")), *((STAY,) if stays else ()))
    told, router = Told(graph({"check": CHECK, "enable": step}, connections), audience), router or Router()
    told.tell(Start())
    told.tell(Chosen("enable"))
    told.tell(Consented(True))
    told.answer(router)
    return told, router


def offered_undos(told: Told) -> list[str]:
    last = (told.shown("session.ended") or told.shown("step.offered"))[-1]
    return [action["id"] for action in last["actions"] if action["id"].startswith("undo:")]


@pytest.mark.parametrize(
    ("undo", "audience", "offered"),
    [
        ("customer", "customer", ["undo:2"]),
        ("staff", "customer", []),
        ("staff", "agent", ["undo:2"]),
        ("customer", "operator", ["undo:2"]),
        ("none", "agent", []),
    ],
)
def test_it_is_offered_to_whom_the_author_allows(undo: str, audience: str, offered: list[str]) -> None:
    told, _ = home(undo, audience)
    assert offered_undos(told) == offered


def test_it_puts_back_at_once_and_returns_to_the_offer() -> None:
    told, router = home()
    told.tell(Undo(2))
    assert told.run.phase is Phase.WORKING
    assert told.run.visit is not None and told.run.visit.undoes == 2
    told.answer(router)
    assert router.applied[-1] == ((ENABLE, "false", "xsd:boolean"),)
    assert told.shown("step.result")[-1]["text"] == "Done: your router has its earlier settings back."
    assert told.run.phase is Phase.CHOOSING
    assert offered_undos(told) == []
    assert told.run.outcomes["enable"].codes == ()  # conditions see the repair, not its undo
    assert refusal(told.workflow, told.run, Undo(2)) is not None
    stages = told.shown("step.state")[-1]["stages"]
    assert [stage["id"] for stage in stages] == ["contact", "read", "write", "verify"]


def test_an_ended_run_opens_for_it_and_ends_as_it_had_ended() -> None:
    told, router = home(stays=False)
    assert told.run.ending is Ending.SUCCESS
    assert offered_undos(told) == ["undo:2"]
    told.tell(Undo(2))
    assert told.run.ending is None
    told.answer(router)
    assert told.run.ending is Ending.SUCCESS
    assert offered_undos(told) == []


def test_an_undo_nobody_can_be_sure_of_goes_to_a_person() -> None:
    told, router = home()
    told.tell(Undo(2))
    request = told.request()
    told.tell(Replied(request.visit, request.k, router.answer(request.effect)))
    request = told.request()
    assert isinstance(request.effect, SetValues)
    told.tell(Replied(request.visit, request.k, Reply(ok=False, at=NOW, uncertain=True)))
    assert [c.reason for c in told.commands if isinstance(c, Escalate)] == ["uncertain"]


def test_a_router_out_of_reach_leaves_the_undo_on_offer() -> None:
    told, _ = home()
    told.tell(Undo(2))
    request = told.request()
    told.tell(Replied(request.visit, request.k, Reply(ok=False, at=NOW, timed_out=True)))
    assert told.run.phase is Phase.CHOOSING
    assert offered_undos(told) == ["undo:2"]


def test_only_what_has_changed_something_can_be_undone() -> None:
    told, _ = home()
    assert [v.number for v in undoable(told.workflow, told.run)] == [2]
    assert refusal(told.workflow, told.run, Undo(1)) is not None
    assert told.tell(Undo(99)) == []


def test_what_never_took_has_nothing_to_undo() -> None:
    told, _ = home(router=Router(applies=False))
    assert told.shown("step.result")[-1]["changes"][0]["verified"] is False
    assert offered_undos(told) == []


def test_progress_is_shown_with_numbers() -> None:
    told, _ = home()
    told.tell(Undo(2))
    told.tell(Sent(3, 0))
    told.tell(Progressed(3, 0, "transferring", 5_000, 20_000, "bytes"))
    body = told.shown("step.state")[-1]
    assert body["text"] == "The file is on its way"
    assert body["progress"] == {"phase": "transferring", "done": 5_000, "total": 20_000, "unit": "bytes"}
    assert told.tell(Progressed(3, 7, "transferring")) == []


def test_a_step_may_wait_for_the_next_contact_longer_than_for_an_answer() -> None:
    patient = replace(ENABLE_STEP, wait_s=3_600)
    told = Told(graph({"check": CHECK, "enable": patient}, (Connection("check", "enable"),)))
    told.tell(Start())
    told.tell(Chosen("enable"))
    told.tell(Consented(True))
    assert told.request().deadline_at == NOW + 3_600
    told.tell(Unreached("no_answer"))
    assert told.shown("step.state")[-1]["deadline_at"] == "2023-11-14T23:13:20.000Z"
    told.tell(Sent(2, 0))
    told.tell(Replied(2, 0, Router().answer(told.request().effect)))
    requests = [c for c in told.commands if isinstance(c, Request)]
    assert requests[-1].deadline_at == NOW + patient.timeout_s
