"""The engine when things go wrong: silence, faults, lost replies, broken answers, people who step in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.workflows.engine_graphs import (
    CHECK,
    ENABLE,
    NOW,
    PAUSE,
    REPAIR,
    Router,
    facts,
    graph,
)
from tests.workflows.engine_telling import Told, offered
from widgets.text_field import TextField
from workflows.commands import Escalate, Withdraw
from workflows.effects import GetValues, Reply, SetValues
from workflows.engine import refusal
from workflows.graph import Connection
from workflows.run import (
    Answered,
    Cancelled,
    Chosen,
    Consented,
    Ending,
    HandedBack,
    Held,
    Phase,
    Replied,
    Sent,
    Start,
    TimedOut,
    Unreached,
    Withdrawn,
)


def test_unreachable_is_told_and_can_be_tried_again():
    told = Told()
    told.tell(Start())
    told.tell(Chosen("enable"))
    told.tell(Consented(True))
    told.tell(Unreached("no_answer"))
    assert told.shown("step.state")[-1]["state"] == "waiting"
    assert told.tell(Unreached("no_answer")) == []
    request = told.request()
    told.tell(Replied(request.visit, request.k, Reply(ok=False, at=NOW + 60, timed_out=True)))
    assert told.shown("step.state")[-1]["state"] == "timed_out"
    assert told.shown("step.state")[-1]["stages"][0]["state"] == "failed"
    result = told.shown("step.result")[-1]
    assert result["status"] == "ERROR"
    assert "nothing was changed" in result["text"]
    assert offered(told) == ["follow:check"]


def test_late_contact_goes_on():
    told, router = Told(), Router()
    told.tell(Start())
    told.tell(Chosen("enable"))
    told.tell(Consented(True))
    told.tell(Unreached("no_answer"))
    told.answer(router)
    assert [b["state"] for b in told.shown("step.state")] == [
        "contacting",
        "waiting",
        "running",
        "running",
        "running",
        "done",
    ]
    assert told.shown("step.state")[1]["deadline_at"] == "2023-11-14T22:14:20.000Z"


def test_the_same_reply_twice_changes_nothing():
    told = Told()
    told.tell(Start())
    told.tell(Chosen("enable"))
    told.tell(Consented(True))
    request = told.request()
    reply = Replied(request.visit, request.k, Router().answer(request.effect))
    told.tell(reply)
    before = told.run
    assert told.tell(reply) == []
    assert told.run == before
    assert told.tell(Replied(1, 0, Reply(ok=True, at=NOW))) == []


def test_an_uncertain_write_goes_to_a_person():
    told = Told()
    told.tell(Start())
    told.tell(Chosen("enable"))
    told.tell(Consented(True))
    request = told.request()
    told.tell(Replied(request.visit, request.k, Reply(ok=False, at=NOW, uncertain=True)))
    [escalation] = [c for c in told.commands if isinstance(c, Escalate)]
    assert escalation.reason == "uncertain"
    assert "Nothing was changed" not in told.shown("step.result")[-1]["text"]


@pytest.mark.parametrize(("sent", "field"), [(False, "unreachable"), (True, "uncertain")])
def test_a_lost_queue_is_noticed_by_the_runs_own_deadline(sent, field):
    told = Told()
    told.tell(Start())
    told.tell(Chosen("enable"))
    told.tell(Consented(True))
    if sent:
        told.tell(Replied(2, 0, Router().answer(told.request().effect)))
        told.tell(Sent(2, 1))
    deadline = told.run.deadline
    assert deadline is not None
    assert told.tell(TimedOut("another")) == []
    told.tell(TimedOut(deadline.token))
    assert field in told.run.outcomes["enable"].codes


def test_a_fault_nobody_expected_is_told_and_goes_to_a_person():
    told = Told()
    told.tell(Start())
    told.tell(Chosen("enable"))
    told.tell(Consented(True))
    told.tell(Replied(2, 0, Router().answer(told.request().effect)))
    request = told.request()
    told.tell(Replied(request.visit, request.k, Reply(ok=False, at=NOW, fault_code="9007", fault_text="no")))
    assert told.shown("step.state")[-1]["state"] == "failed"
    assert told.shown("step.result")[-1]["text"] == (
        "Your router did not accept the request. The router does not take this value. Nothing was changed."
    )
    assert [c.reason for c in told.commands if isinstance(c, Escalate)] == ["nothing-left"]


def test_a_reply_that_does_not_fit_the_script_ends_the_step_honestly():
    told = Told()
    told.tell(Start())
    told.tell(Chosen("enable"))
    told.tell(Consented(True))
    visit = told.run.visit
    assert visit is not None
    wrong = replace(visit.exchanges[0], effect=SetValues((("Device.Other", "1", "xsd:int"),)))
    told.run = replace(told.run, visit=replace(visit, exchanges=(wrong,)))
    told.tell(Replied(2, 0, Reply(ok=True, at=NOW, status=0)))
    [escalation] = [c for c in told.commands if isinstance(c, Escalate)]
    assert escalation.reason == "step-failed"
    assert "ReplayMismatch" in escalation.detail
    assert told.run.outcomes["enable"].changes[0].path == "Device.Other"


def test_a_condition_without_its_data_stops_the_step():
    broken = replace(CHECK, max_age_s=None)
    told = Told(graph({"check": broken}, ()))
    told.facts = facts(None)
    told.tell(Start())
    [escalation] = [c for c in told.commands if isinstance(c, Escalate)]
    assert escalation.reason == "step-failed"
    assert "dhcp.enabled" in escalation.detail


def test_circles_end_with_a_person():
    circle = graph({"check": CHECK}, (Connection("check", "check", None, direct=True),))
    told = Told(circle)
    told.tell(Start())
    assert told.run.visits == 50
    assert [c.reason for c in told.commands if isinstance(c, Escalate)] == ["too-many-steps"]


def test_broken_answers_leave_the_question_open():
    told = Told()
    told.facts = facts("true")
    told.tell(Start())
    told.tell(Chosen("joined"))
    bad = Answered({"joined": "perhaps", "other": 1})
    found = refusal(REPAIR, told.run, bad)
    assert found is not None
    assert {error.field for error in found.errors} == {"joined", "other"}
    assert told.tell(bad) == []
    assert told.run.phase is Phase.ASKING


def test_what_stands_for_a_secret_is_never_typed():
    told = Told()
    told.facts = facts("true")
    told.tell(Start())
    told.tell(Chosen("joined"))
    assert told.run.visit is not None
    asked = replace(told.run.visit, fields=(TextField("key", "Key").describe(),))
    told.run = replace(told.run, visit=asked)
    assert refusal(REPAIR, told.run, Answered({"key": "$tored"})) is None
    for text in ("${stored}", " ${sealed:x}", "${hidden}", "${as-written}"):
        found = refusal(REPAIR, told.run, Answered({"key": text}))
        assert found is not None
        assert [error.message_id for error in found.errors] == ["answer-does-not-fit"]


def test_answers_to_a_closed_question_are_refused():
    told = Told()
    told.tell(Start())
    for event, code in [
        (Chosen("person"), "action_not_offered"),
        (Consented(True), "question_closed"),
        (Answered({}), "question_closed"),
        (HandedBack("check"), "not_held"),
    ]:
        found = refusal(REPAIR, told.run, event)
        assert found is not None
        assert found.code == code
        assert told.tell(event) == []


def test_a_held_run_finishes_the_work_in_flight_and_is_silent_then():
    told, router = Told(), Router()
    told.tell(Start())
    told.tell(Chosen("enable"))
    told.tell(Consented(True))
    told.tell(Held())
    assert told.run.phase is Phase.HELD
    count = len(told.shown("input.form"))
    told.answer(router)
    assert told.run.outcomes["enable"].changes[0].verified is True
    assert told.run.phase is Phase.HELD
    assert told.run.visit is None
    assert len(told.shown("input.form")) == count
    assert told.run.deadline is None


def test_hand_back_checks_the_router_again():
    told = Told()
    told.tell(Start())
    told.tell(Held())
    told.tell(HandedBack("check"))
    assert told.request().effect == GetValues((ENABLE,))
    told.answer(Router("true"))
    assert offered(told) == ["follow:joined"]


def test_hand_back_waits_for_the_work_in_flight():
    told, router = Told(), Router()
    told.tell(Start())
    told.tell(Chosen("enable"))
    told.tell(Consented(True))
    told.tell(Held())
    told.tell(HandedBack("check"))
    assert told.run.next_node == "check"
    told.answer(router)
    assert [v.node for v in told.run.history] == ["check", "enable", "check"]
    assert offered(told) == ["follow:joined"]


def test_an_escalated_run_can_be_handed_back_and_cancelled():
    told = Told()
    told.facts = facts("true")
    told.tell(Start())
    told.tell(Chosen("joined"))
    told.tell(Answered({"joined": "no"}))
    told.tell(Held())
    told.tell(HandedBack("joined"))
    assert told.run.phase is Phase.ASKING
    told.tell(Cancelled())
    assert told.run.ending is Ending.CANCELLED
    assert told.tell(Cancelled()) == []


def test_a_pause_ends_by_its_deadline():
    told = Told(graph({"check": PAUSE}, ()))
    told.tell(Start())
    assert told.run.phase is Phase.PAUSED
    assert told.run.deadline is not None
    assert told.run.deadline.at == NOW + 30
    assert told.shown("step.state")[-1]["text"] == "One moment"
    told.tell(TimedOut(told.run.deadline.token))
    assert told.run.ending is Ending.SUCCESS


def test_a_question_nobody_answers_closes_the_run():
    told = Told()
    told.tell(Start())
    deadline = told.run.deadline
    assert deadline is not None
    assert deadline.at == NOW + 7 * 86_400
    told.tell(TimedOut(deadline.token))
    assert told.run.ending is Ending.EXPIRED


def test_cancelling_begins_nothing_new():
    told, router = Told(), Router()
    told.tell(Start())
    told.tell(Chosen("enable"))
    told.tell(Consented(True))
    assert Withdraw(2, 0) in told.tell(Cancelled())
    told.answer(router)
    assert router.applied == []
    assert told.run.ending is Ending.CANCELLED
    assert told.run.outcomes["enable"].codes == ("cancelled",)


def test_a_request_taken_back_ends_the_step_at_once():
    told = Told()
    told.tell(Start())
    told.tell(Chosen("enable"))
    told.tell(Consented(True))
    told.tell(Cancelled())
    told.tell(Withdrawn(2, 0, NOW))
    assert told.run.ending is Ending.CANCELLED
    assert (
        told.shown("step.result")[-1]["text"] == "This step was stopped before it began. Nothing was changed."
    )


def test_cancelling_lets_the_router_finish_what_it_has_begun():
    told, router = Told(), Router()
    told.tell(Start())
    told.tell(Chosen("enable"))
    told.tell(Consented(True))
    told.tell(Replied(2, 0, router.answer(told.request().effect)))
    told.tell(Sent(2, 1))
    told.tell(Cancelled())
    assert told.run.ending is None
    told.answer(router)
    assert told.run.ending is Ending.CANCELLED
    assert told.run.outcomes["enable"].changes[0].verified is True
