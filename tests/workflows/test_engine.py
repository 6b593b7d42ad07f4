"""The engine decides: what is shown, what the device is asked, and what happens when things go wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.workflows.engine_graphs import (
    CHECK,
    ENABLE,
    JOINED,
    NOW,
    PAUSE,
    PERSON,
    REPAIR,
    Router,
    facts,
    graph,
    run_of,
    when,
)
from workflows.commands import End, Escalate, Request, SetDeadline, Show
from workflows.effects import GetValues, LedgerNote, Reply, SetValues
from workflows.engine import decide, refusal
from workflows.facts import Facts
from workflows.graph import Connection, Workflow
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
    Run,
    Sent,
    Start,
    TimedOut,
    Unreached,
)


class Told:
    """A run under test: takes events, keeps every command, answers the device's requests on demand."""

    def __init__(self, workflow: Workflow = REPAIR, audience: str = "customer", locale: str = "en") -> None:
        self.workflow = workflow
        self.run: Run = run_of(audience, locale)
        self.now = NOW
        self.facts: Facts = facts()
        self.commands: list[Any] = []

    def tell(self, event: Any) -> list[Any]:
        self.run, commands = decide(self.workflow, self.run, event, self.facts, self.now)
        self.commands += commands
        assert Run.from_json(self.run.to_json()) == self.run
        return list(commands)

    def request(self) -> Request:
        return [c for c in self.commands if isinstance(c, Request)][-1]

    def answer(self, router: Router) -> None:
        """Answer requests until the run waits for something else."""
        while self.run.visit is not None and self.run.visit.waits_for is not None:
            request = self.request()
            self.tell(Sent(request.visit, request.k))
            self.tell(Replied(request.visit, request.k, router.answer(request.effect, self.now)))

    def shown(self, type: str) -> list[dict[str, Any]]:
        return [dict(c.body) for c in self.commands if isinstance(c, Show) and c.type == type]

    def types(self) -> list[str]:
        return [c.type for c in self.commands if isinstance(c, Show)]


def offered(told: Told) -> list[str]:
    return [action["id"] for action in told.shown("step.offered")[-1]["actions"]]


def test_stored_data_young_enough_are_used_and_only_what_holds_is_offered():
    told = Told()
    told.tell(Start())
    assert told.types() == ["message", "step.result", "step.offered"]
    assert told.shown("message")[0]["text"] == "Let me look, Anna."
    assert told.shown("step.result")[0]["text"] == "The router hands out no addresses."
    [action] = told.shown("step.offered")[0]["actions"]
    assert action == {
        "id": "follow:enable",
        "label": "Switch it on",
        "reason": "It is off, Anna.",
        "style": "primary",
        "seconds": 10,
        "disrupts_s": 5,
        "writes": True,
    }
    assert told.run.phase is Phase.CHOOSING


def test_old_data_are_read_afresh_first():
    told = Told()
    told.facts = facts("true", age_s=3_600)
    told.tell(Start())
    assert told.request().effect == GetValues((ENABLE,))
    assert told.shown("step.state")[0]["state"] == "contacting"
    assert [s["state"] for s in told.shown("step.state")[0]["stages"]] == ["active", "waiting"]
    told.answer(Router("false"))
    assert told.shown("step.state")[-1]["state"] == "done"
    assert offered(told) == ["follow:enable"]


def test_a_repair_asks_warns_writes_reads_back_and_goes_on():
    told, router = Told(), Router()
    told.tell(Start())
    told.tell(Chosen("enable"))
    form = told.shown("input.form")[0]
    assert [a["id"] for a in form["actions"]] == ["consent:yes", "consent:no"]
    assert form["widgets"][0]["type"] == "consent"
    assert form["widgets"][0]["text"] == "This changes one setting."
    assert router.applied == []
    assert told.run.phase is Phase.CONSENT
    told.tell(Consented(True))
    assert told.types()[-2:] == ["connectivity.expect_loss", "step.state"]
    assert told.shown("connectivity.expect_loss") == [{"seconds": 5}]
    told.answer(router)
    assert router.applied == [((ENABLE, "true", "xsd:boolean"),)]
    states = [body["state"] for body in told.shown("step.state")]
    assert states == ["contacting", "running", "running", "done"]
    change = told.shown("step.result")[-1]["changes"][0]
    assert change == {"path": ENABLE, "before": "false", "after": "true", "verified": True}
    question = told.shown("input.form")[-1]
    assert question["text"] == "Can the device join now?"
    assert [a["values"] for a in question["actions"]] == [{"joined": "yes"}, {"joined": "no"}]
    assert question["input"]["fields"][0]["id"] == "joined"
    told.tell(Answered({"joined": "yes"}))
    assert isinstance(told.request().effect, LedgerNote)
    told.answer(router)
    assert told.run.phase is Phase.ENDED
    assert told.commands[-2] == End(Ending.SUCCESS)
    assert told.commands[-1] == SetDeadline(None, "")
    assert told.shown("session.ended")[0]["actions"][0]["id"] == "restart"
    assert [v.node for v in told.run.history] == ["check", "enable", "joined", "note"]


def test_refused_consent_changes_nothing_and_returns_to_the_offer():
    told = Told()
    told.tell(Start())
    told.tell(Chosen("enable"))
    commands = told.tell(Consented(False))
    assert [c.type for c in commands if isinstance(c, Show)] == ["message", "step.offered"]
    assert commands[0].body["text"] == "Nothing was changed."
    assert told.run.phase is Phase.CHOOSING
    assert not [c for c in told.commands if isinstance(c, Request)]
    assert [c.step["visit"] for c in told.commands if isinstance(c, Show) and c.type == "step.offered"] == [
        1,
        2,
    ]
    told.tell(Chosen("enable"))
    assert told.run.phase is Phase.CONSENT


def test_refusing_the_first_step_ends_without_change():
    told = Told(replace(REPAIR, start="enable"))
    told.tell(Start())
    told.tell(Consented(False))
    assert told.run.ending is Ending.CANCELLED


def test_no_leads_to_a_person():
    told = Told()
    told.facts = facts("true")
    told.tell(Start())
    assert offered(told) == ["follow:joined"]
    told.tell(Chosen("joined"))
    told.tell(Answered({"joined": "no"}))
    [escalation] = [c for c in told.commands if isinstance(c, Escalate)]
    assert (escalation.reason, escalation.text) == ("information-only", "Someone comes.")
    assert told.shown("handoff.initiate") == [{"reason": "information-only", "text": "Someone comes."}]
    assert told.run.phase is Phase.ESCALATED


def test_what_is_not_offered_says_why_to_the_agent():
    told = Told(audience="agent")
    told.tell(Start())
    prompts = told.shown("script.prompt")
    assert prompts[0]["say"] == "I will look now, Anna."
    assert prompts[0]["if_asked"] == [{"q": "Why?", "a": "So."}]
    others = {entry["node"]: entry for entry in prompts[1]["not_offered"]}
    assert set(others) == {"joined", "person"}
    assert others["joined"]["missing"] == []
    assert others["person"]["missing"]
    assert all("customer" not in c.audience for c in told.commands if isinstance(c, Show))


def test_a_customer_gets_no_prompts():
    told = Told()
    told.tell(Start())
    assert "script.prompt" not in told.types()


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
        "done",
    ]


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
        told.tell(Sent(2, 0))
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
    request = told.request()
    told.tell(Replied(request.visit, request.k, Reply(ok=False, at=NOW, fault_code="9007", fault_text="no")))
    assert told.shown("step.state")[-1]["state"] == "failed"
    assert told.shown("step.result")[-1]["text"].startswith("Your router did not accept")
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


def test_nothing_wrong_and_nothing_to_do_is_the_end():
    told = Told(
        graph(
            {"check": CHECK, "person": PERSON},
            (Connection("check", "person", when("'off' in outcome.codes")),),
        )
    )
    told.facts = facts("true")
    told.tell(Start())
    assert told.run.ending is Ending.SUCCESS


def test_circles_end_with_a_person():
    circle = graph({"check": CHECK}, (Connection("check", "check", None, direct=True),))
    told = Told(circle)
    told.tell(Start())
    assert told.run.visits == 50
    assert [c.reason for c in told.commands if isinstance(c, Escalate)] == ["too-many-steps"]


def test_an_automatic_run_follows_only_what_is_marked_and_asks_nobody():
    told, router = Told(audience="automation"), Router()
    told.tell(Start())
    told.answer(router)
    assert router.applied
    assert "input.form" not in told.types()
    assert told.run.phase in (Phase.ENDED, Phase.ESCALATED)


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


def test_rev_rises_within_a_visit_and_the_step_is_named():
    told, router = Told(), Router()
    told.tell(Start())
    told.tell(Chosen("enable"))
    told.tell(Consented(True))
    told.answer(router)
    revs: dict[int, list[int]] = {}
    for command in told.commands:
        if isinstance(command, Show) and command.step is not None:
            revs.setdefault(command.step["visit"], []).append(command.step["rev"])
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in revs.values())
    first = next(c.step for c in told.commands if isinstance(c, Show))
    assert first == {
        "workflow": "small",
        "version": "v1",
        "node": "check",
        "run": "RUN",
        "rev": 1,
        "title": "Look at the router",
        "visit": 1,
    }


def test_polish_is_spoken_where_it_is_written():
    told = Told(locale="pl-PL")
    told.tell(Start())
    assert told.shown("step.result")[0]["text"] == "Router nie rozdaje adresów."
    told.tell(Chosen("enable"))
    assert told.shown("input.form")[0]["actions"][1]["label"] == "Nie teraz"


def test_past_durations_are_shown_and_change_nothing():
    quick, slow = run_of(), run_of()
    quick, told_quick = decide(REPAIR, quick, Start(), facts(), NOW)
    slow, told_slow = decide(REPAIR, slow, Start(), facts(), NOW, {"t-enable": 42})
    assert quick == slow
    [body] = [c.body for c in told_slow if isinstance(c, Show) and c.type == "step.offered"]
    assert body["actions"][0]["seconds"] == 42
    assert told_quick != told_slow


def test_joined_without_panel_choice_can_be_continued():
    plain = replace(JOINED, panel=())
    told = Told(graph({"check": plain}, ()))
    told.tell(Start())
    assert told.shown("input.form")[0]["actions"][0]["values"] == {}
    told.tell(Answered({}))
    assert told.run.ending is Ending.SUCCESS


def test_cancelling_lets_the_router_finish_first():
    told, router = Told(), Router()
    told.tell(Start())
    told.tell(Chosen("enable"))
    told.tell(Consented(True))
    told.tell(Cancelled())
    assert told.run.ending is None
    told.answer(router)
    assert told.run.ending is Ending.CANCELLED
    assert told.run.outcomes["enable"].changes[0].verified is True
