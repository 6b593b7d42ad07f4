"""Scenario tests of workflows: a device snapshot and people's answers in; path, writes and notes out.

A scenario is an author's document (schema/scenarios.xsd) beside the workflow it tests. It is played
through `engine.decide` itself, against a device that is only a table of values, so that what passes
here is what runs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from workflows.commands import Command, End, Escalate, Request, Show
from workflows.conditions import Scope
from workflows.documents import Document, words
from workflows.effects import GetValues, LedgerNote
from workflows.engine import decide, refusal
from workflows.facts import Datum, Facts
from workflows.graph import Connection, Workflow
from workflows.inputs import parsed
from workflows.outcome import Change
from workflows.run import (
    Answered,
    Chosen,
    Consented,
    Event,
    Phase,
    Replied,
    Run,
    Sent,
    Start,
    TimedOut,
    Undo,
    Visit,
    Visited,
)
from workflows.scenario_home import Home, Value

__all__ = ["Home", "Played", "Scenario", "judge", "play", "scenarios"]

EVENTS_LIMIT = 500
STARTED_AT = 1_700_000_000.0  # any moment will do: nothing here looks at a clock
REQUEST_S = 1.0
UNDO = "undo"
"""How a path shows a visit that undid another."""

TENANT = {"id": "t", "name": "Provider", "dns_allowed": ["9.9.9.9", "1.1.1.1"], "dns": ["9.9.9.9", "1.1.1.1"]}
CUSTOMER = {"id": "c", "first_name": "Anna", "last_name": "Nowak", "locale": "en"}
DEVICE = {"id": "d", "manufacturer": "Maker", "model": "Router", "software_version": "1.0"}


@dataclass(frozen=True, slots=True)
class UndoStep:
    """A person wants back what the last visit of this step has changed."""

    node: str


@dataclass(slots=True)
class Played:
    """What came out of one scenario. `followed` are the connections the run took; `undone` are the codes
    of undos, by the step that was undone."""

    path: list[str] = field(default_factory=list)
    followed: list[Connection] = field(default_factory=list)
    codes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    undone: dict[str, tuple[str, ...]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    ends: str = "waiting"
    unplayed: int = 0
    stuck: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario of a document, ready to be played."""

    name: str
    element: Any
    audience: str
    locale: str
    facts: Facts
    home: Home
    events: tuple[Event | UndoStep, ...]
    inputs: Mapping[str, Any] = field(default_factory=dict)


def scenarios(document: Document) -> Iterator[Scenario]:
    """The scenarios of a document; mistakes are recorded in it."""
    devices = {d.get("name"): d for d in document.root.findall("device")}
    for element in document.root.findall("scenario"):
        device = devices.get(element.get("device"))
        if device is None:
            document.error(element, f"unknown device '{element.get('device')}'", "device")
        else:
            yield _scenario(element, device)


def _scenario(element: Any, device: Any) -> Scenario:
    both = (device, element)
    values = {v.get("path"): _value(v) for part in both for v in part.findall("value")}
    home = Home(
        values,
        {r.get("path"): (r.get("code"), int(r.get("times", 1_000))) for r in element.findall("refuses")},
        {i.get("path"): int(i.get("times", 1_000)) for i in element.findall("ignores")},
        {int(s.get("request")): s.get("uncertain") in ("true", "1") for s in element.findall("silent")},
        {
            f.get("what"): (f.get("code", "9002"), int(f.get("times", 1_000)))
            for f in element.findall("fails")
        },
        {a.get("what"): _values(a) for part in both for a in part.findall("after")},
        {r.get("parent"): _values(r) for part in both for r in part.findall("row")},
    )
    locale = element.get("locale", "en")
    stored: dict[str, Datum] = {}
    if (age := element.get("stored-age")) is not None:
        stored = {p: Datum(value, kind, STARTED_AT - int(age)) for p, (value, kind) in values.items()}
    facts = Facts(
        now=STARTED_AT,
        device={
            **DEVICE,
            "data_model": device.get("model"),
            **{f.get("name"): _fact(f) for part in both for f in part.findall("fact")},
        },
        parameters=stored,
        customer={**CUSTOMER, "locale": locale},
        tenant=TENANT,
    )
    events = tuple(event for child in element if (event := _event(child)) is not None)
    inputs = {i.get("name"): _input(i) for i in element.findall("input")}
    return Scenario(
        element.get("name"), element, element.get("audience", "customer"), locale, facts, home, events, inputs
    )


def _value(element: Any) -> Value:
    return (element.text or "").strip(), f"xsd:{element.get('type', 'string')}"


def _values(element: Any) -> dict[str, Value]:
    return {v.get("path"): _value(v) for v in element.findall("value")}


def _fact(element: Any) -> Any:
    text = (element.text or "").strip()
    return float(text) if element.get("type") == "number" else text


def _input(element: Any) -> Any:
    """The text of an input; of a stored change what it changed, as a run is given it."""
    changed = element.findall("changed")
    if not changed:
        return (element.text or "").strip()
    items = [
        Change(c.get("path"), c.get("before"), c.get("after"), True, "set", f"xsd:{c.get('type', 'string')}")
        for c in changed
    ]
    return {"id": element.get("name"), "items": [change.to_json() for change in items]}


def _event(element: Any) -> Event | UndoStep | None:
    match element.tag:
        case "undo":
            return UndoStep(element.get("step"))
        case "choose":
            return Chosen(element.get("to"))
        case "agree" | "decline":
            return Consented(element.tag == "agree")
        case "answer":
            return Answered({element.get("field"): element.get("value")})
        case _:
            return None


def _parsed(workflow: Workflow, given: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs as the engine gets them; a stored change as it is."""
    changes = {one.name for one in workflow.inputs if one.type == "change"}
    plain = tuple(one for one in workflow.inputs if one.name not in changes)
    values = parsed(plain, {name: value for name, value in given.items() if name not in changes})
    return {**values, **{name: value for name, value in given.items() if name in changes}}


class _Play:
    def __init__(self, workflow: Workflow, scenario: Scenario) -> None:
        self.workflow = workflow
        self.home = scenario.home
        self.facts = scenario.facts
        self.now = STARTED_AT
        self.run = Run("scenario", workflow.name, workflow.version, scenario.audience, scenario.locale)
        self.waiting: deque[Event] = deque([Start(inputs=_parsed(workflow, scenario.inputs))])
        self.people = deque(scenario.events)
        self.played = Played()

    def play(self) -> Played:
        for _ in range(EVENTS_LIMIT):
            event = self._next()
            if event is None:
                break
            self._take(event)
        else:
            self.played.stuck = f"more than {EVENTS_LIMIT} events"
        self.played.unplayed = len(self.people)
        self.played.codes = {node: outcome.codes for node, outcome in self.run.outcomes.items()}
        undos = [v for v in self.run.history if v.undoes is not None and v.outcome is not None]
        self.played.undone = {v.node: v.outcome.codes for v in undos if v.outcome is not None}
        return self.played

    def _next(self) -> Event | None:
        if self.waiting:
            return self.waiting.popleft()
        if self.run.phase is Phase.PAUSED and self.run.deadline is not None:
            self.now = self.run.deadline.at
            return TimedOut(self.run.deadline.token)
        if self.people and self._listens(self.people[0]):
            said = self.people.popleft()
            event = Undo(self._visit_of(said.node)) if isinstance(said, UndoStep) else said
            if (refused := refusal(self.workflow, self.run, event)) is not None:
                self.people.appendleft(said)
                self.played.stuck = f"{event} does not fit here: {refused.code}"
                return None
            return event
        return None

    def _listens(self, said: Event | UndoStep) -> bool:
        """Whether the run may still be told something: after its end only that it is to be undone."""
        ended = self.run.phase is Phase.ENDED and not isinstance(said, UndoStep)
        return self.run.phase is not Phase.ESCALATED and not ended

    def _visit_of(self, node: str) -> int:
        """The number of the last visit of a step; 0 without one."""
        numbers = [v.number for v in self.run.history if v.node == node and v.undoes is None]
        return numbers[-1] if numbers else 0

    def _take(self, event: Event) -> None:
        before = self.run
        facts = replace(self.facts, now=self.now)
        self.run, commands = decide(self.workflow, before, event, facts, self.now)
        for command in commands:
            self._obey(command)
        visits: list[Visit | Visited] = list(self.run.history)
        visits += [self.run.visit] if self.run.visit is not None else []
        nodes = {v.number: v.node for v in visits}
        undos = {v.number for v in visits if v.undoes is not None}
        source = nodes.get(before.visits) if before.visits not in undos else None
        if isinstance(event, Chosen) and before.offer is not None:
            source = before.offer.node
        for number in range(before.visits + 1, self.run.visits + 1):
            if number in undos:
                self.played.path.append(UNDO)
                source = None
                continue
            self.played.path.append(nodes[number])
            if source is not None:
                self._follow(source, nodes[number])
            source = nodes[number]

    def _follow(self, source: str, target: str) -> None:
        """Remember the connection that led from one step to the next."""
        outcomes = self.run.outcomes
        scope = Scope(self.facts, self.workflow.settings, outcomes.get(source), outcomes, self.run.answers)
        for connection in self.workflow.leaving(source):
            holds = connection.when is None or connection.when.evaluate(scope).holds
            if connection.target == target and holds:
                self.played.followed.append(connection)
                return

    def _obey(self, command: Command) -> None:
        match command:
            case Request(visit, k, effect, _):
                self.now += REQUEST_S
                reply = self.home.reply(effect, self.now)
                if isinstance(effect, GetValues) and reply.values:
                    read = {p: Datum(v, kind, self.now) for p, (v, kind) in reply.values.items()}
                    self.facts = self.facts.over(read)
                if not reply.timed_out and not isinstance(effect, LedgerNote):
                    self.waiting.append(Sent(visit, k))
                self.waiting.append(Replied(visit, k, reply))
            case Show(type=type, body=body):
                self._hear(type, body)
            case Escalate(text=text):
                self.played.said.append(text)
                self.played.ends = "person"
            case End(status=status):
                self.played.ends = status.value
            case _:
                pass

    def _hear(self, type: str, body: Mapping[str, Any]) -> None:
        if text := body.get("text"):
            self.played.said.append(str(text))
        if type == "step.offered":
            ids = [str(action["id"]) for action in body["actions"]]
            self.played.offers = [id.removeprefix("follow:") for id in ids if not id.startswith("undo:")]
        for action in body.get("actions", ()):
            self.played.said.extend(str(action[key]) for key in ("label", "reason") if action.get(key))


def play(workflow: Workflow, scenario: Scenario) -> Played:
    """Play one scenario from the start to where it ends, waits or goes to a person."""
    return _Play(workflow, scenario).play()


def judge(document: Document, scenario: Scenario, played: Played) -> None:
    """Record in the document what came out otherwise than the author expects."""
    element = scenario.element

    def differs(place: Any, what: str, wanted: object, got: object) -> None:
        if wanted != got:
            document.error(place, f"scenario '{scenario.name}': {what} should be {wanted}, is {got}")

    if played.stuck or played.unplayed:
        left = f"{played.unplayed} answers are left over"
        document.error(element, f"scenario '{scenario.name}': {played.stuck or left}; path {played.path}")
    differs(element, "its end", element.get("ends"), played.ends)
    for path in element.findall("path"):
        differs(path, "the path", words(path).split(), played.path)
    for codes in element.findall("codes"):
        of = played.undone if codes.get("undo") in ("true", "1") else played.codes
        got = list(of.get(codes.get("step"), ()))
        differs(codes, f"what step '{codes.get('step')}' found", words(codes).split(), got)
    for offers in element.findall("offers"):
        differs(offers, "what is offered", words(offers).split(), played.offers)
    wanted = [(write.get("path"), words(write)) for write in element.findall("write")]
    differs(element, "what is written", wanted, scenario.home.writes)
    done = [(does.get("what"), words(does)) for does in element.findall("does")]
    differs(element, "what the device is told to do", done, scenario.home.done)
    notes = [words(note) for note in element.findall("note")]
    differs(element, "the notes", notes, scenario.home.notes)
    for says in element.findall("says"):
        if not any(words(says) in said for said in played.said):
            document.error(says, f"scenario '{scenario.name}': nobody says '{words(says)}'")
