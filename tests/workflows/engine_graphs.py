"""Small workflows for the tests of the engine, and a device that answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows import tasks
from workflows.conditions import Condition, Template
from workflows.effects import GetValues, LedgerNote, Reply, SetValues
from workflows.expressions import Vocabulary
from workflows.facts import Datum, Facts
from workflows.graph import Connection, Step, Workflow
from workflows.outcome import Status
from workflows.run import Run
from workflows.settings import Rule, Setting, Settings
from workflows.steps import IfAsked, Meaning, PanelWidget, Prompt, Stage, StepKind, StepTemplate

ENABLE = "Device.DHCPv4.Server.Enable"
NOW = 1_700_000_000.0

SETTINGS = Settings({"dhcp.enabled": Setting("dhcp.enabled", "boolean", (Rule("tr181", ENABLE),))})
VOCABULARY = Vocabulary(SETTINGS.vocabulary(), answers=None)


def when(source: str) -> Condition:
    return Condition("${" + source + "}", VOCABULARY)


def value(source: str) -> Template:
    return Template(source, VOCABULARY)


CHECK = StepTemplate(
    name="t-check",
    kind=StepKind.OFFLINE,
    title={"en": "Look at the router", "pl": "Sprawdzenie routera"},
    max_age_s=600,
    settings=frozenset({"dhcp.enabled"}),
    say={"en": "Let me look, {customer.first_name}."},
    prompt=Prompt(
        say={"en": "I will look now, {customer.first_name}."},
        if_asked=(IfAsked({"en": "Why?"}, {"en": "So."}),),
    ),
    stages=(Stage("read", {"en": "Reading the settings"}),),
    meanings=(
        Meaning("off", {"en": "The router hands out no addresses.", "pl": "Router nie rozdaje adresów."}),
    ),
    body=(tasks.If(when("!sv('dhcp.enabled')"), (tasks.Found("off", "WARN"),)),),
)
ENABLE_STEP = StepTemplate(
    name="t-enable",
    kind=StepKind.ONLINE,
    title={"en": "Switch it on"},
    writes=True,
    disrupts_s=5,
    settings=frozenset({"dhcp.enabled"}),
    say={"en": "I can switch it on."},
    consent={"en": "This changes one setting."},
    stages=(Stage("write", {"en": "Writing"}), Stage("verify", {"en": "Checking"})),
    meanings=(Meaning("not-applied", {"en": "The router said yes but did not change."}),),
    body=(
        tasks.Set(value("${path('dhcp.enabled')}"), value("true"), stage="write"),
        tasks.Verify(value("${path('dhcp.enabled')}"), "held", stage="verify"),
    ),
)
JOINED = StepTemplate(
    name="t-joined",
    kind=StepKind.GUI,
    title={"en": "Did it work?"},
    say={"en": "Can the device join now?"},
    panel=(
        PanelWidget(
            "choice",
            "joined",
            texts={"label": {"en": "Joined?"}},
            options=(("yes", {"en": "Yes"}), ("no", {"en": "No"})),
        ),
    ),
)
PERSON = StepTemplate(
    name="t-person", kind=StepKind.INFORMATION, title={"en": "A technician"}, say={"en": "Someone comes."}
)
NOTE = StepTemplate(
    name="t-note", kind=StepKind.BUSINESS, title={"en": "Note it"}, body=(tasks.Note({"en": "Solved."}),)
)
PAUSE = StepTemplate(
    name="t-pause", kind=StepKind.ONLINE, title={"en": "Wait"}, body=(tasks.Wait(30, "One moment"),)
)


def graph(
    steps: Mapping[str, StepTemplate], connections: tuple[Connection, ...], start: str = "check"
) -> Workflow:
    return Workflow(
        name="small",
        version="v1",
        start=start,
        audiences=frozenset({"customer", "agent", "operator", "automation"}),
        title={"en": "Small"},
        symptom="devices_cannot_connect",
        steps={id: Step(id, template) for id, template in steps.items()},
        connections=connections,
        settings=SETTINGS,
    )


REPAIR = graph(
    {"check": CHECK, "enable": ENABLE_STEP, "joined": JOINED, "person": PERSON, "note": NOTE},
    (
        Connection(
            "check",
            "enable",
            when("'off' in outcome.codes"),
            reason={"en": "It is off, {customer.first_name}."},
            auto=True,
            priority=1,
        ),
        Connection("check", "joined", when("outcome.status == 'SUCCESS'")),
        Connection("check", "person", when("outcome.readings.level == 'bad'")),
        Connection("enable", "joined", when("outcome.status == 'SUCCESS'"), direct=True),
        Connection("enable", "check", when("'unreachable' in outcome.codes"), label={"en": "Try again"}),
        Connection("joined", "note", when("answers.joined == 'yes'"), direct=True),
        Connection("joined", "person", when("answers.joined == 'no'"), direct=True),
    ),
)


def run_of(audience: str = "customer", locale: str = "en") -> Run:
    return Run("RUN", "small", "v1", audience, locale)


def facts(enabled: str | None = "false", *, age_s: float = 5.0, now: float = NOW) -> Facts:
    stored = {} if enabled is None else {ENABLE: Datum(enabled, "xsd:boolean", now - age_s)}
    return Facts(
        now=now,
        device={"data_model": "tr181", "model": "HG-1"},
        parameters=stored,
        customer={"first_name": "Anna", "locale": "en"},
    )


class Router:
    """Answers requests from a small state, and logs what was applied."""

    def __init__(self, enabled: str = "false", *, applies: bool = True) -> None:
        self.values = {ENABLE: enabled}
        self.applies = applies
        self.applied: list[Any] = []

    def answer(self, effect: Any, at: float = NOW) -> Reply:
        match effect:
            case GetValues(names):
                found = {p: (v, "xsd:boolean") for p, v in self.values.items() if p.startswith(names)}
                return Reply(ok=True, at=at, values=found)
            case SetValues(values):
                self.applied.append(values)
                if self.applies:
                    self.values.update({path: spelling for path, spelling, _ in values})
                return Reply(ok=True, at=at, status=0)
            case LedgerNote():
                return Reply(ok=True, at=at)
        raise AssertionError(effect)


STATUS_OK = Status.SUCCESS
