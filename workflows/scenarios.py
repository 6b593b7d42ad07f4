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
from workflows.effects import Effect, GetValues, LedgerNote, ParameterFault, Reply, SetValues
from workflows.engine import decide, refusal
from workflows.facts import Datum, Facts
from workflows.graph import Connection, Workflow
from workflows.requests import INVALID_NAME
from workflows.run import Answered, Chosen, Consented, Event, Phase, Replied, Run, Sent, Start, TimedOut

EVENTS_LIMIT = 500
STARTED_AT = 1_700_000_000.0  # any moment will do: nothing here looks at a clock
REQUEST_S = 1.0

TENANT = {"id": "t", "name": "Provider", "dns_allowed": ["9.9.9.9", "1.1.1.1"], "dns": ["9.9.9.9", "1.1.1.1"]}
CUSTOMER = {"id": "c", "first_name": "Anna", "last_name": "Nowak", "locale": "en"}
DEVICE = {"id": "d", "manufacturer": "Maker", "model": "Router", "software_version": "1.0"}


@dataclass(slots=True)
class Home:
    """The device of a scenario. `refuses` and `ignores` map a path to how often it still does so;
    `silent` maps the number of a request (from 1) to whether its fate is uncertain."""

    values: dict[str, tuple[str, str]]
    refuses: dict[str, tuple[str, int]] = field(default_factory=dict)
    ignores: dict[str, int] = field(default_factory=dict)
    silent: dict[int, bool] = field(default_factory=dict)
    requests: int = 0
    writes: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def reply(self, effect: Effect, at: float) -> Reply:
        """What the world answers to one effect."""
        if isinstance(effect, LedgerNote):
            self.notes.append(effect.text)
            return Reply(ok=True, at=at)
        self.requests += 1
        if self.requests in self.silent:
            uncertain = self.silent[self.requests]
            return Reply(ok=False, at=at, timed_out=not uncertain, uncertain=uncertain)
        match effect:
            case GetValues(names):
                return self._get(names, at)
            case SetValues(values):
                return self._set(values, at)
            case _:
                return Reply(ok=True, at=at)

    def _get(self, names: tuple[str, ...], at: float) -> Reply:
        found: dict[str, tuple[str, str]] = {}
        for name in names:
            whole = name.endswith(".")
            below = {p: v for p, v in self.values.items() if p == name or (whole and p.startswith(name))}
            if not below:
                return Reply(ok=False, at=at, fault_code=INVALID_NAME, fault_text=f"Invalid name {name}")
            found.update(below)
        return Reply(ok=True, at=at, values=found)

    def _set(self, values: tuple[tuple[str, str, str], ...], at: float) -> Reply:
        self.writes.extend((path, value) for path, value, _ in values)
        faults = []
        for path, _, _ in values:
            code, times = self.refuses.get(path, ("", 0))
            if times > 0:
                self.refuses[path] = (code, times - 1)
                faults.append(ParameterFault(path, code, "refused by this home"))
        if faults:
            return Reply(ok=False, at=at, fault_code="9003", fault_parameters=tuple(faults))
        for path, value, kind in values:
            if self.ignores.get(path, 0) > 0:
                self.ignores[path] -= 1
            else:
                self.values[path] = (value, kind)
        return Reply(ok=True, at=at, status=0)


@dataclass(slots=True)
class Played:
    """What came out of one scenario. `followed` are the connections the run took."""

    path: list[str] = field(default_factory=list)
    followed: list[Connection] = field(default_factory=list)
    codes: dict[str, tuple[str, ...]] = field(default_factory=dict)
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
    events: tuple[Event, ...]


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
    values = {v.get("path"): _value(v) for v in (*device.findall("value"), *element.findall("value"))}
    home = Home(
        values,
        {r.get("path"): (r.get("code"), int(r.get("times", 1_000))) for r in element.findall("refuses")},
        {i.get("path"): int(i.get("times", 1_000)) for i in element.findall("ignores")},
        {int(s.get("request")): s.get("uncertain") in ("true", "1") for s in element.findall("silent")},
    )
    locale = element.get("locale", "en")
    stored: dict[str, Datum] = {}
    if (age := element.get("stored-age")) is not None:
        stored = {p: Datum(value, kind, STARTED_AT - int(age)) for p, (value, kind) in values.items()}
    facts = Facts(
        now=STARTED_AT,
        device={**DEVICE, "data_model": device.get("model")},
        parameters=stored,
        customer={**CUSTOMER, "locale": locale},
        tenant=TENANT,
    )
    events = tuple(event for child in element if (event := _event(child)) is not None)
    return Scenario(
        element.get("name"), element, element.get("audience", "customer"), locale, facts, home, events
    )


def _value(element: Any) -> tuple[str, str]:
    return (element.text or "").strip(), f"xsd:{element.get('type', 'string')}"


def _event(element: Any) -> Event | None:
    match element.tag:
        case "choose":
            return Chosen(element.get("to"))
        case "agree" | "decline":
            return Consented(element.tag == "agree")
        case "answer":
            return Answered({element.get("field"): element.get("value")})
        case _:
            return None


class _Play:
    def __init__(self, workflow: Workflow, scenario: Scenario) -> None:
        self.workflow = workflow
        self.home = scenario.home
        self.facts = scenario.facts
        self.now = STARTED_AT
        self.run = Run("scenario", workflow.name, workflow.version, scenario.audience, scenario.locale)
        self.waiting: deque[Event] = deque([Start()])
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
        self.played.codes = {v.node: v.outcome.codes for v in self.run.history if v.outcome is not None}
        return self.played

    def _next(self) -> Event | None:
        if self.waiting:
            return self.waiting.popleft()
        if self.run.phase is Phase.PAUSED and self.run.deadline is not None:
            self.now = self.run.deadline.at
            return TimedOut(self.run.deadline.token)
        if self.people and self.run.phase not in (Phase.ESCALATED, Phase.ENDED):
            event = self.people.popleft()
            if (refused := refusal(self.workflow, self.run, event)) is not None:
                self.people.appendleft(event)
                self.played.stuck = f"{event} does not fit here: {refused.code}"
                return None
            return event
        return None

    def _take(self, event: Event) -> None:
        before = self.run
        facts = replace(self.facts, now=self.now)
        self.run, commands = decide(self.workflow, before, event, facts, self.now)
        for command in commands:
            self._obey(command)
        nodes = {v.number: v.node for v in self.run.history}
        if self.run.visit is not None:
            nodes[self.run.visit.number] = self.run.visit.node
        source = nodes.get(before.visits)
        if isinstance(event, Chosen) and before.offer is not None:
            source = before.offer.node
        for number in range(before.visits + 1, self.run.visits + 1):
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
            self.played.offers = [action["id"].removeprefix("follow:") for action in body["actions"]]
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
        got = list(played.codes.get(codes.get("step"), ()))
        differs(codes, f"what step '{codes.get('step')}' found", words(codes).split(), got)
    for offers in element.findall("offers"):
        differs(offers, "what is offered", words(offers).split(), played.offers)
    wanted = [(write.get("path"), words(write)) for write in element.findall("write")]
    differs(element, "what is written", wanted, scenario.home.writes)
    notes = [words(note) for note in element.findall("note")]
    differs(element, "the notes", notes, scenario.home.notes)
    for says in element.findall("says"):
        if not any(words(says) in said for said in played.said):
            document.error(says, f"scenario '{scenario.name}': nobody says '{words(says)}'")
