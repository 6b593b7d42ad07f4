"""The step templates of the language, as frozen data (LANGUAGE: step template, the five kinds)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workflows.conditions import Template
    from workflows.tasks import Node

Texts = Mapping[str, str]
"""Language code -> text with {placeholders}; English ("en") is always there."""


class StepKind(StrEnum):
    """Where a step does its work."""

    OFFLINE = "offline"
    ONLINE = "online"
    GUI = "gui"
    INFORMATION = "information-only"
    BUSINESS = "business"


@dataclass(frozen=True, slots=True)
class IfAsked:
    """A question customers ask at this point, and what the agent answers."""

    question: Texts
    answer: Texts


@dataclass(frozen=True, slots=True)
class Prompt:
    """Positive-scripting prompt of one step, for agents; an absent part is an empty mapping."""

    say: Texts = field(default_factory=dict)
    ask: Texts = field(default_factory=dict)
    do: Texts = field(default_factory=dict)
    listen_for: Texts = field(default_factory=dict)
    if_asked: tuple[IfAsked, ...] = ()


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one finding code means in the customer's words."""

    code: str
    text: Texts


@dataclass(frozen=True, slots=True)
class ReadingLabel:
    """What a reading is called on a screen."""

    reading: str
    text: Texts


@dataclass(frozen=True, slots=True)
class Stage:
    """One line of the customer's live checklist while a step works."""

    id: str
    text: Texts


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a template; None as `default` means it must be given."""

    name: str
    default: Template | None


@dataclass(frozen=True, slots=True)
class PanelWidget:
    """One widget of a GUI step: `kind` from widgets.kinds, `attributes` compiled and
    not yet evaluated, `texts` such as label or title, `options` as (value, label)."""

    kind: str
    id: str
    attributes: Mapping[str, Template] = field(default_factory=dict)
    texts: Mapping[str, Texts] = field(default_factory=dict)
    options: tuple[tuple[str, Texts], ...] = ()


@dataclass(frozen=True, slots=True)
class StepTemplate:
    """A reusable step.

    `disrupts_s`: how long the home may lose its connection, 0 for not at all. `max_age_s`: stored
    data older than this are read afresh before the script runs; None: whatever is stored will do.
    `timeout_s`: how long the device may take before the step ends with code "unreachable".
    `wait_s`: how long a device that is not reached may take to call by itself, 0 for no longer than that.
    `expected_s`: the author's guess, used until there are past durations.
    `undo`: who may have the changes put back: "staff", "customer" (staff, too) or "none".
    `settings`: names of setting values the template's script and panel read or write; `diagnoses`: of the
    diagnostics it runs.
    """

    name: str
    kind: StepKind
    title: Texts
    writes: bool = False
    disrupts_s: int = 0
    max_age_s: int | None = None
    timeout_s: int = 60
    wait_s: int = 0
    expected_s: int = 10
    undo: str = "staff"
    parameters: tuple[Parameter, ...] = ()
    say: Texts = field(default_factory=dict)
    prompt: Prompt | None = None
    consent: Texts = field(default_factory=dict)
    meanings: tuple[Meaning, ...] = ()
    stages: tuple[Stage, ...] = ()
    labels: tuple[ReadingLabel, ...] = ()
    body: tuple[Node, ...] = ()
    panel: tuple[PanelWidget, ...] = ()
    settings: frozenset[str] = frozenset()
    parameters_read: frozenset[str] = frozenset()
    diagnoses: frozenset[str] = frozenset()
    line: int = 0

    def meaning_of(self, code: str) -> Texts | None:
        """The customer's words for a finding code, or None."""
        return next((m.text for m in self.meanings if m.code == code), None)

    def label_of(self, reading: str) -> Texts | None:
        """What a reading is called, or None."""
        return next((label.text for label in self.labels if label.reading == reading), None)
