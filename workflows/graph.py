"""A workflow: one start step, any number of connections, each with a condition. Frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workflows.steps import StepTemplate, Texts

GROUPS = ("check", "repair", "file", "power", "other")
LAST_RANK = 1_000

if TYPE_CHECKING:
    from workflows.conditions import Condition, Template
    from workflows.inputs import Input
    from workflows.settings import Settings


@dataclass(frozen=True, slots=True)
class Step:
    """A step template placed in a graph; `arguments` are the `<with>` values, compiled."""

    id: str
    template: StepTemplate
    arguments: Mapping[str, Template] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True, slots=True)
class Connection:
    """An edge. `when` None always holds.

    `auto`: an automatic run may follow it. `direct`: every run follows it at once without asking
    (the target does not write). `priority`: lower goes first among those that hold.
    """

    source: str
    target: str
    when: Condition | None = None
    reason: Texts = field(default_factory=dict)
    label: Texts = field(default_factory=dict)
    auto: bool = False
    direct: bool = False
    priority: int | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Workflow:
    """A published graph. `version` is the content hash over everything it uses (invariant 6);
    `audiences` is a subset of customer, agent, operator, automation. `text` says in a sentence what it is
    for; `group` is one of GROUPS, by which staff find it; `rank` (the lowest first) and `icon` are how its
    symptom is shown."""

    name: str
    version: str
    start: str
    audiences: frozenset[str]
    title: Texts
    symptom: str
    steps: Mapping[str, Step]
    connections: tuple[Connection, ...]
    settings: Settings
    inputs: tuple[Input, ...] = ()
    text: Texts = field(default_factory=dict)
    group: str = "check"
    rank: int = LAST_RANK
    icon: str = ""

    @property
    def is_operation(self) -> bool:
        """A piece of work for staff, such as a ping: whatever it finds is what they asked for."""
        return self.audiences == {"operator"} and not self.connections

    @property
    def writes(self) -> bool:
        """Whether any of its steps changes the device."""
        return any(step.template.writes for step in self.steps.values())

    @property
    def disrupts_s(self) -> int:
        """The longest time that one of its steps may cut the home off."""
        return max((step.template.disrupts_s for step in self.steps.values()), default=0)

    def leaving(self, step_id: str) -> tuple[Connection, ...]:
        """The connections that leave a step, by priority, then in the author's order."""
        leaving = [c for c in self.connections if c.source == step_id]
        return tuple(sorted(leaving, key=lambda c: c.priority if c.priority is not None else 1_000))
