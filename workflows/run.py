"""One execution of one workflow version, as frozen data: its state; what may happen to it is in `events`.

`engine.decide` is the only thing that makes a new `Run` out of an old one. Everything here can be
written as JSON and read back equal, so that a run can be stored, and replayed from its log
(invariant 2). This module must never decide, fetch or look at a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from workflows.effects import Effect, Reply, effect_from_json, effect_to_json
from workflows.events import (
    Answered,
    Cancelled,
    Chosen,
    Consented,
    Event,
    HandedBack,
    Held,
    PersonEvent,
    Progressed,
    Replied,
    Sent,
    Start,
    TimedOut,
    Undo,
    Unreached,
    Withdrawn,
    event_from_json,
    event_to_json,
)
from workflows.facts import Facts
from workflows.outcome import Outcome

__all__ = [
    "VISITS_LIMIT",
    "Answered",
    "Cancelled",
    "Chosen",
    "Consented",
    "Deadline",
    "Ending",
    "Event",
    "Exchange",
    "HandedBack",
    "Held",
    "Offer",
    "Offered",
    "PersonEvent",
    "Phase",
    "Progressed",
    "Replied",
    "Run",
    "Sent",
    "Start",
    "TimedOut",
    "Undo",
    "Unreached",
    "Visit",
    "Visited",
    "Withdrawn",
    "event_from_json",
    "event_to_json",
]

VISITS_LIMIT = 50
"""Steps one run may visit before it is taken for a loop and goes to a person."""


class Phase(StrEnum):
    """What the run waits for."""

    CONSENT = "consent"
    WORKING = "working"
    ASKING = "asking"
    CHOOSING = "choosing"
    PAUSED = "paused"
    ESCALATED = "escalated"
    HELD = "held"
    ENDED = "ended"


class Ending(StrEnum):
    """How a run ended; the first three are the status of its last step."""

    SUCCESS = "SUCCESS"
    WARNING = "WARNING"
    ERROR = "ERROR"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


# -- state ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request of a script and, once it came, its reply."""

    effect: Effect
    reply: Reply | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """The step the run is in.

    `facts` were pinned when it started; `exchanges` lie over them. `since` is when its work began
    (after consent; seconds, UTC). `stage` is the author's stage reached. `rev` counts the session
    events shown. `contacted`: the device was heard; `sent`: the open request has left; `unreached`:
    the device could not be woken. `warned`: the loss of connection was announced. `afresh`: stored
    data are read again however young. `pauses_over` counts the script's waits that are over.
    `fields` are the described widgets of the question asked. `outcome` is what the script found,
    while the panel still asks. `undoes` is the number of the visit whose changes this one puts back.
    """

    number: int
    node: str
    since: float
    facts: Facts
    exchanges: tuple[Exchange, ...] = ()
    stage: str | None = None
    rev: int = 0
    contacted: bool = False
    sent: bool = False
    unreached: bool = False
    warned: bool = False
    afresh: bool = False
    pauses_over: int = 0
    fields: tuple[Mapping[str, Any], ...] = ()
    outcome: Outcome | None = None
    undoes: int | None = None

    @property
    def waits_for(self) -> int | None:
        """The number of the request without a reply, or None."""
        last = len(self.exchanges) - 1
        return last if last >= 0 and self.exchanges[last].reply is None else None

    def replied(self, reply: Reply) -> Visit:
        """The same visit with the open request answered."""
        last = self.exchanges[-1]
        return replace(self, exchanges=(*self.exchanges[:-1], Exchange(last.effect, reply)), sent=False)

    def to_json(self) -> dict[str, Any]:
        """The stored form; `from_json` gives back an equal object."""
        return {
            "number": self.number,
            "node": self.node,
            "since": self.since,
            "facts": self.facts.to_json(),
            "exchanges": [[effect_to_json(e.effect), e.reply and e.reply.to_json()] for e in self.exchanges],
            "stage": self.stage,
            "rev": self.rev,
            "contacted": self.contacted,
            "sent": self.sent,
            "unreached": self.unreached,
            "warned": self.warned,
            "afresh": self.afresh,
            "pauses_over": self.pauses_over,
            "fields": [dict(f) for f in self.fields],
            "outcome": self.outcome and self.outcome.to_json(),
            "undoes": self.undoes,
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Visit:
        """Read back what `to_json` wrote."""
        return Visit(
            **{
                **data,
                "facts": Facts.from_json(data["facts"]),
                "exchanges": tuple(
                    Exchange(effect_from_json(effect), reply and Reply.from_json(reply))
                    for effect, reply in data["exchanges"]
                ),
                "fields": tuple(data["fields"]),
                "outcome": data["outcome"] and Outcome.from_json(data["outcome"]),
            }
        )


@dataclass(frozen=True, slots=True)
class Visited:
    """A step the run has finished. `since` and `ended_at` are seconds, UTC; `rpcs` counts what its
    script asked of the device. `outcome` is None when it was left unfinished (refused, held, cancelled).
    `undoes` is the number of the visit of the same node that it put back."""

    number: int
    node: str
    since: float
    ended_at: float
    rpcs: int
    outcome: Outcome | None
    undoes: int | None = None

    def to_json(self) -> list[Any]:
        """The stored form."""
        outcome = self.outcome and self.outcome.to_json()
        return [self.number, self.node, self.since, self.ended_at, self.rpcs, outcome, self.undoes]

    @staticmethod
    def from_json(data: list[Any]) -> Visited:
        """Read back what `to_json` wrote."""
        number, node, since, ended_at, rpcs, outcome, *undoes = data
        return Visited(number, node, since, ended_at, rpcs, outcome and Outcome.from_json(outcome), *undoes)


@dataclass(frozen=True, slots=True)
class Offered:
    """One follow-up as it was offered, in the run's language."""

    target: str
    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class Offer:
    """The follow-ups a person may choose from after visit `number` of step `node`."""

    number: int
    node: str
    text: str
    follow_ups: tuple[Offered, ...]

    def to_json(self) -> list[Any]:
        """The stored form."""
        return [self.number, self.node, self.text, [[f.target, f.label, f.reason] for f in self.follow_ups]]

    @staticmethod
    def from_json(data: list[Any]) -> Offer:
        """Read back what `to_json` wrote."""
        number, node, text, follow_ups = data
        return Offer(number, node, text, tuple(Offered(*follow) for follow in follow_ups))


@dataclass(frozen=True, slots=True)
class Deadline:
    """When the run moves by itself; `token` says which wait it belongs to."""

    at: float
    token: str


@dataclass(frozen=True, slots=True)
class Run:
    """The whole state of a run. `ticks` counts deadlines set, `visits` steps begun. `next_node`: where
    a held run goes on when the work in flight is over; `cancelling`: it ends then instead."""

    id: str
    workflow: str
    version: str
    audience: str
    locale: str
    phase: Phase = Phase.WORKING
    visit: Visit | None = None
    visits: int = 0
    history: tuple[Visited, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    offer: Offer | None = None
    next_node: str | None = None
    cancelling: bool = False
    deadline: Deadline | None = None
    ticks: int = 0
    ending: Ending | None = None

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """The last outcome of every finished step, by node; what was put back afterwards apart."""
        return {v.node: v.outcome for v in self.history if v.outcome is not None and v.undoes is None}

    def to_json(self) -> dict[str, Any]:
        """The stored form; `from_json` gives back an equal object."""
        offer, deadline = self.offer, self.deadline
        return {
            "id": self.id,
            "workflow": self.workflow,
            "version": self.version,
            "audience": self.audience,
            "locale": self.locale,
            "phase": self.phase.value,
            "visit": self.visit and self.visit.to_json(),
            "visits": self.visits,
            "history": [visited.to_json() for visited in self.history],
            "answers": dict(self.answers),
            "offer": offer and offer.to_json(),
            "next_node": self.next_node,
            "cancelling": self.cancelling,
            "deadline": deadline and [deadline.at, deadline.token],
            "ticks": self.ticks,
            "ending": self.ending and self.ending.value,
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Run:
        """Read back what `to_json` wrote."""
        offer = data["offer"]
        return Run(
            **{
                **data,
                "phase": Phase(data["phase"]),
                "visit": data["visit"] and Visit.from_json(data["visit"]),
                "history": tuple(Visited.from_json(visited) for visited in data["history"]),
                "offer": offer and Offer.from_json(offer),
                "deadline": data["deadline"] and Deadline(*data["deadline"]),
                "ending": data["ending"] and Ending(data["ending"]),
            }
        )
