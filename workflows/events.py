"""What may happen to a run, as frozen data that can be stored in its log and read back (invariant 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows.effects import Reply


@dataclass(frozen=True, slots=True)
class Start:
    """Begin at `node`, else at the workflow's start. `inputs` are what the run was given, by name."""

    node: str | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """Request `k` of visit `visit` is on its way in an open session."""

    visit: int
    k: int


@dataclass(frozen=True, slots=True)
class Unreached:
    """The device did not answer a connection request; it is served at its next contact."""

    reason: str


@dataclass(frozen=True, slots=True)
class Replied:
    """Request `k` of visit `visit` was answered."""

    visit: int
    k: int
    reply: Reply


@dataclass(frozen=True, slots=True)
class Progressed:
    """Request `k` of visit `visit` goes on: `phase` is accepted, transferring, measuring or answered;
    `done` of `total` in `unit`, 0 where it is not known."""

    visit: int
    k: int
    phase: str
    done: int = 0
    total: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Request `k` of visit `visit` was taken back before it left."""

    visit: int
    k: int
    at: float


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The deadline `token` passed."""

    token: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """A person chose the follow-up that leads to `target`."""

    target: str


@dataclass(frozen=True, slots=True)
class Consented:
    """A person agreed, or did not."""

    yes: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """A person answered the open question: field id -> value."""

    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Undo:
    """A person wants back what visit `visit` changed."""

    visit: int


@dataclass(frozen=True, slots=True)
class Held:
    """A person of the staff took over: the run is silent until it is handed back."""


@dataclass(frozen=True, slots=True)
class HandedBack:
    """Staff give the run back at `node`; the device is checked again."""

    node: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Nobody needs the run any more. What the router is doing is finished first, so that it is known."""


PersonEvent = Chosen | Consented | Answered | Undo
DeviceEvent = Sent | Unreached | Progressed | Replied | Withdrawn
Event = Start | DeviceEvent | TimedOut | PersonEvent | Held | HandedBack | Cancelled

_EVENTS: dict[str, type[Any]] = {
    "start": Start,
    "sent": Sent,
    "unreached": Unreached,
    "progressed": Progressed,
    "withdrawn": Withdrawn,
    "replied": Replied,
    "timed_out": TimedOut,
    "chosen": Chosen,
    "consented": Consented,
    "answered": Answered,
    "undo": Undo,
    "held": Held,
    "handed_back": HandedBack,
    "cancelled": Cancelled,
}
_EVENT_NAMES = {kind: name for name, kind in _EVENTS.items()}


def event_to_json(event: Event) -> dict[str, Any]:
    """The stored form, e.g. {"event": "chosen", "target": "fix-dns"}."""
    data: dict[str, Any] = {name: getattr(event, name) for name in event.__dataclass_fields__}
    if isinstance(event, Replied):
        data["reply"] = event.reply.to_json()
    if isinstance(event, Answered):
        data["values"] = dict(event.values)
    if isinstance(event, Start):
        data["inputs"] = dict(event.inputs)
    return {"event": _EVENT_NAMES[type(event)], **data}


def event_from_json(data: Mapping[str, Any]) -> Event:
    """Read back what `event_to_json` wrote; KeyError for an unknown event."""
    given = {name: value for name, value in data.items() if name != "event"}
    if data["event"] == "replied":
        given["reply"] = Reply.from_json(given["reply"])
    made: Event = _EVENTS[data["event"]](**given)
    return made
