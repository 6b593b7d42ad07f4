"""What an answer means, given the open question: a pure function.

The run is the only truth about where the dialogue is (invariant 7). An answer is checked against
the question as it was put, so a late, doubled or invented answer changes nothing. This module must
never read a table or a clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from widgets.kinds import field_of
from widgets.widget import InvalidAnswer, InvalidAnswers, parse_all

CLOSING = frozenset({"session.ended", "handoff.initiate"})
"""After one of these an earlier question is no longer open."""


@dataclass(frozen=True, slots=True)
class Question:
    """The open question: the session event that put it, by its id and parts."""

    id: str
    seq: int
    type: str
    actions: Sequence[Mapping[str, Any]]
    fields: Sequence[Mapping[str, Any]]

    def action(self, action_id: str, values: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The offered action an answer names; buttons of one choice share an id and differ by values."""
        named = [action for action in self.actions if action["id"] == action_id]
        exact = next((action for action in named if dict(action.get("values") or {}) == dict(values)), None)
        return exact or (named[0] if named else None)


def open_question(events: Sequence[Mapping[str, Any]]) -> Question | None:
    """The question open after `events` (session events of one conversation, in order), or None.

    It is the last event with actions or an input, unless an `input.answer` replies to it or the
    session ended or went to a person afterwards.
    """
    found: Question | None = None
    for event in events:
        body = event["body"]
        if body.get("actions") or body.get("input"):
            fields = (body.get("input") or {}).get("fields") or ()
            found = Question(event["id"], event["seq"], event["type"], body.get("actions") or (), fields)
        elif event["type"] in CLOSING or (
            found is not None and event["type"] == "input.answer" and event.get("reply_to") == found.id
        ):
            found = None
    return found


@dataclass(frozen=True, slots=True)
class Follow:
    """Go on with the follow-up at `node`."""

    node: str
    said: str


@dataclass(frozen=True, slots=True)
class Consent:
    """The person agrees, or does not, to what the question describes."""

    given: bool
    said: str


@dataclass(frozen=True, slots=True)
class Answers:
    """Typed values of a form."""

    values: Mapping[str, Any]
    said: str


@dataclass(frozen=True, slots=True)
class Undo:
    """Put back what visit `visit` of the run has changed."""

    visit: int
    said: str


@dataclass(frozen=True, slots=True)
class Restart:
    """Begin the same workflow again."""

    said: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The answer does not fit. `code` is "question_closed", "action_not_offered" or
    "answer_invalid"; `errors` are by field."""

    code: str
    errors: Sequence[InvalidAnswer] = field(default_factory=tuple)


Turn = Follow | Consent | Answers | Undo | Restart | Refused


def turn(question: Question | None, reply_to: str, action_id: str, values: Mapping[str, Any]) -> Turn:
    """What the answer `action_id` with `values` to the event `reply_to` does."""
    if question is None or question.id != reply_to:
        return Refused("question_closed")
    action = question.action(action_id, values)
    if action is None and not (action_id == "answer" and question.fields):
        return Refused("action_not_offered")
    said = str(action["label"]) if action else ""
    kind, _, rest = action_id.partition(":")
    match kind:
        case "follow":
            return Follow(rest, said)
        case "consent":
            return Consent(rest == "yes", said)
        case "undo" if rest.isdecimal():
            return Undo(int(rest), said)
        case "restart":
            return Restart(said)
        case "answer":
            return _answers(question, values, said)
        case _:
            return Refused("action_not_offered")


def _answers(question: Question, values: Mapping[str, Any], said: str) -> Answers | Refused:
    fields = [field_of(described) for described in question.fields]
    try:
        parsed = parse_all(fields, values)
    except InvalidAnswers as invalid:
        return Refused("answer_invalid", tuple(invalid.errors))
    words = "; ".join(f.say(parsed[f.id]) for f in fields)
    return Answers(parsed, words or said)
