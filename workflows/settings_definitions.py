"""What a settings file and vendor profiles define, as frozen data: settings, diagnostics, what a model can
do and how it wants to be written to. Nothing here knows a device."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from workflows.settings_paths import Rule
from workflows.settings_values import SAME, Conversion

Texts = Mapping[str, str]
"""By language."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table setting: the name below each row, by data model, and how it is converted."""

    name: str
    type: str
    paths: Mapping[str, str]
    conversions: Mapping[str, Conversion] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limit:
    """What a value must be like to be written: the whole of it matches `pattern`; it is none of
    `excludes`; a number between `least` and `most`; at most `limit_bytes` in UTF-8. `reasons` tell people
    why not."""

    pattern: str = ""
    excludes: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    limit_bytes: int | None = None
    reasons: Texts = field(default_factory=dict)

    def allows(self, text: str) -> bool:
        """Whether a value, spelt as ours, keeps it."""
        if self.pattern and not re.fullmatch(self.pattern, text):
            return False
        if text in self.excludes or (self.limit_bytes is not None and len(text.encode()) > self.limit_bytes):
            return False
        if self.least is None and self.most is None:
            return True
        try:
            number = float(text)
        except ValueError:
            return False
        return (self.least is None or number >= self.least) and (self.most is None or number <= self.most)


@dataclass(frozen=True, slots=True)
class Setting:
    """One named setting. `type`: boolean, int, double, string, list (a comma-separated text), or table.
    `rules` are tried in order; `xsd_type` is used for a write when the device's own is unknown. `counts`
    (tables) tell the number of rows. `secret`: what is read back may be empty though a value is set.
    `rest` is the value that a setting kept at several places has where it does nothing."""

    name: str
    type: str
    rules: tuple[Rule, ...]
    xsd_type: str = ""
    unit: str = ""
    columns: tuple[Column, ...] = ()
    counts: tuple[Rule, ...] = ()
    limits: tuple[Limit, ...] = ()
    secret: bool = False
    rest: str = ""
    label: Texts = field(default_factory=dict)

    def rules_for(self, data_model: str) -> tuple[Rule, ...]:
        """The rules of one data model, in the author's order."""
        return tuple(r for r in self.rules if r.model == data_model)


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a diagnostic: our name and the parameter below its object. `fixed`: what this model
    must always be given, whatever was asked for. `default` None without `required`: not written."""

    name: str
    path: str
    type: str
    xsd: str = ""
    default: str | None = None
    required: bool = False
    fixed: str | None = None
    limit: Limit = Limit()


@dataclass(frozen=True, slots=True)
class Output:
    """One result: our name, type and unit, and the parameters that may hold it, the better first."""

    name: str
    type: str
    paths: tuple[str, ...]
    unit: str = ""
    conversion: Conversion = SAME


@dataclass(frozen=True, slots=True)
class DiagnosticDefinition:
    """One diagnostic of one data model. `objects` ends in "." each; with several, each is run apart.
    `rows` names the list of rows below `rows_path` ("Result.{i}."); `interface` is the place whose path
    goes into `interface_path`, "" where none must be named. `poll_s`: see `effects.Diagnose`."""

    name: str
    model: str
    objects: tuple[Rule, ...]
    inputs: tuple[Input, ...] = ()
    outputs: tuple[Output, ...] = ()
    rows: str = ""
    rows_path: str = ""
    columns: tuple[Output, ...] = ()
    interface: str = ""
    interface_path: str = "Interface"
    poll_s: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """What a profile says of a capability; `limits` such as {"mbps": 95.0}."""

    available: bool
    reasons: Texts = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Companion:
    """Writing `setting` needs `also` in the same request: with `value`, or (None) the value it has now.
    `reasons` tell why it is refused when that is unknown. `when` limits it to one value of `setting`."""

    setting: str
    also: str
    value: str | None = None
    when: str = ""
    reasons: Texts = field(default_factory=dict)

    def covers(self, name: str) -> bool:
        """Whether it speaks of this setting."""
        return matches(self.setting, name)


@dataclass(frozen=True, slots=True)
class Precedence:
    """`first` is written before `then`; `apart`: and in a request of its own."""

    first: str
    then: str
    apart: bool = False


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """Rows of a table that are never changed or deleted: those that are not `where`."""

    table: str
    where: tuple[tuple[str, str], ...]
    reasons: Texts = field(default_factory=dict)


def matches(pattern: str, name: str) -> bool:
    """Whether a setting's name is the pattern, or begins as one that ends in ".*"."""
    return name.startswith(pattern[:-1]) if pattern.endswith(".*") else name == pattern
