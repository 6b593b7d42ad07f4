"""The engine decides: what people are shown, what the device is asked, where a run goes next."""

from __future__ import annotations

from dataclasses import replace

from tests.workflows.engine_graphs import (
    CHECK,
    ENABLE,
    JOINED,
    NOW,
    PERSON,
    REPAIR,
    Router,
    facts,
    graph,
    run_of,
    when,
)
from tests.workflows.engine_telling import Told, offered
from workflows.commands import End, Escalate, Request, SetDeadline, Show
from workflows.effects import GetValues, LedgerNote
from workflows.engine import decide
from workflows.graph import Connection
from workflows.run import (
    Answered,
    Chosen,
    Consented,
    Ending,
    Phase,
    Start,
)


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
    assert told.request().effect == GetValues((ENABLE,))  # what was there before is read first
    told.answer(router)
    assert told.shown("connectivity.expect_loss") == [{"seconds": 5}]
    assert router.applied == [((ENABLE, "true", "xsd:boolean"),)]
    states = [body["state"] for body in told.shown("step.state")]
    assert states == ["contacting", "running", "running", "running", "done"]
    change = told.shown("step.result")[-1]["changes"][0]
    assert change == {
        "path": ENABLE,
        "label": "Enable",
        "kind": "set",
        "before": "false",
        "after": "true",
        "verified": True,
    }
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


def test_an_automatic_run_follows_only_what_is_marked_and_asks_nobody():
    told, router = Told(audience="automation"), Router()
    told.tell(Start())
    told.answer(router)
    assert router.applied
    assert "input.form" not in told.types()
    assert told.run.phase in (Phase.ENDED, Phase.ESCALATED)


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
