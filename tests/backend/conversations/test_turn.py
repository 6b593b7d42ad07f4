"""What an answer means: only what is open and offered has an effect."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backend.conversations.turn import (
    Answers,
    Consent,
    Follow,
    Refused,
    Restart,
    open_question,
    turn,
)
from widgets.choice import Choice

JOINED = Choice("joined", "Did it join?", (("yes", "Yes"), ("no", "Not yet")))


def event(
    seq: int, type: str, body: dict[str, Any] | None = None, reply_to: str | None = None
) -> dict[str, Any]:
    return {"id": f"e{seq}", "seq": seq, "type": type, "body": body or {}, "reply_to": reply_to}


OFFER = event(1, "step.offered", {"actions": [{"id": "follow:enable", "label": "Turn it on"}]})
FORM = event(
    3,
    "input.form",
    {
        "input": {"id": "i", "fields": [JOINED.describe()]},
        "actions": [
            {"id": "answer", "label": "Yes", "values": {"joined": "yes"}},
            {"id": "answer", "label": "Not yet", "values": {"joined": "no"}},
        ],
    },
)
CONSENT = event(
    4, "input.form", {"actions": [{"id": "consent:yes", "label": "OK"}, {"id": "consent:no", "label": "No"}]}
)


def test_the_last_unanswered_question_is_open() -> None:
    question = open_question([OFFER, event(2, "message", {"text": "hello"})])
    assert question is not None and question.id == "e1"


def test_an_answered_question_is_closed() -> None:
    assert open_question([OFFER, event(2, "input.answer", {}, reply_to="e1")]) is None


def test_an_answer_to_an_older_question_leaves_the_newer_open() -> None:
    question = open_question([OFFER, FORM, event(5, "input.answer", {}, reply_to="e1")])
    assert question is not None and question.id == "e3"


def test_a_person_taking_over_closes_the_question() -> None:
    assert open_question([OFFER, event(2, "handoff.initiate", {"reason": "asked"})]) is None


def test_the_end_may_offer_a_new_start() -> None:
    question = open_question(
        [OFFER, event(2, "session.ended", {"actions": [{"id": "restart", "label": "Again"}]})]
    )
    assert turn(question, "e2", "restart", {}) == Restart("Again")


def test_an_offered_follow_up_is_followed() -> None:
    assert turn(open_question([OFFER]), "e1", "follow:enable", {}) == Follow("enable", "Turn it on")


def test_what_was_not_offered_is_refused() -> None:
    assert turn(open_question([OFFER]), "e1", "follow:technician", {}) == Refused("action_not_offered")
    assert turn(open_question([OFFER]), "e1", "drop tables", {}) == Refused("action_not_offered")


def test_a_late_answer_is_refused() -> None:
    assert turn(open_question([OFFER, FORM]), "e1", "follow:enable", {}) == Refused("question_closed")
    assert turn(None, "e1", "follow:enable", {}) == Refused("question_closed")


def test_a_consent_is_given_or_not() -> None:
    assert turn(open_question([CONSENT]), "e4", "consent:yes", {}) == Consent(True, "OK")
    assert turn(open_question([CONSENT]), "e4", "consent:no", {}) == Consent(False, "No")


def test_a_button_of_a_choice_answers_the_form() -> None:
    assert turn(open_question([FORM]), "e3", "answer", {"joined": "no"}) == Answers(
        {"joined": "no"}, "Not yet"
    )


def test_a_broken_answer_names_the_field() -> None:
    refused = turn(open_question([FORM]), "e3", "answer", {"joined": "perhaps"})
    assert isinstance(refused, Refused) and refused.code == "answer_invalid"
    assert [error.field for error in refused.errors] == ["joined"]


@given(st.text(), st.text(), st.dictionaries(st.text(), st.none() | st.text() | st.integers()))
def test_no_input_can_do_more_than_was_offered(reply_to: str, action: str, values: dict[str, Any]) -> None:
    result = turn(open_question([OFFER]), reply_to, action, values)
    assert isinstance(result, Refused) or (reply_to == "e1" and action == "follow:enable")
