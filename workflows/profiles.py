"""Vendor profiles: what one maker's models do otherwise, as data; and the settings as one device has them.

A profile is chosen by exact match on what the device says of itself, never by a part of a name. Several may
fit: the more a profile demands, the later it is laid over the others. `Fitting` is the outcome; it is worked
out once for each kind of device and remembered (`settings.Settings.fitted`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from workflows.settings_definitions import (
    Companion,
    DiagnosticDefinition,
    Input,
    LeftAlone,
    Limit,
    Output,
    Precedence,
    Setting,
    Statement,
    Texts,
)
from workflows.settings_paths import Place, Places, Rule
from workflows.settings_values import Conversion

IDENTITY = (
    "data_model",
    "manufacturer",
    "oui",
    "product_class",
    "model",
    "hardware_version",
    "software_version",
)
"""The facts of a device that choose its profiles."""

_PIECES = re.compile(r"\d+|[A-Za-z]+")

Identity = tuple[str, ...]


def identity_of(device: Mapping[str, Any]) -> Identity:
    """What profiles are chosen by, in the order of IDENTITY."""
    return tuple(str(device.get(name) or "").strip() for name in IDENTITY)


def version_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """A firmware version to compare by: "1.10" comes after "1.9", "2.0b" after "2.0a"."""
    return tuple(
        (1, int(piece), "") if piece.isdecimal() else (0, 0, piece.lower()) for piece in _PIECES.findall(text)
    )


@dataclass(frozen=True, slots=True)
class Match:
    """What a device must be; "" is any. Firmware: `since` itself fits, `below` itself does not."""

    manufacturer: str = ""
    oui: str = ""
    product_class: str = ""
    model: str = ""
    hardware_version: str = ""
    since: str = ""
    below: str = ""

    @property
    def demands(self) -> int:
        """How much it demands; a later name weighs more than all before it."""
        weights = (self.manufacturer, self.oui, self.product_class, self.model, self.hardware_version)
        named = sum(1 << place for place, wanted in enumerate(weights) if wanted)
        return named + ((1 << len(weights)) if self.since or self.below else 0)

    def fits(self, identity: Identity) -> bool:
        """Whether a device of this identity is meant."""
        _, manufacturer, oui, product_class, model, hardware, software = identity
        pairs = (
            (self.manufacturer, manufacturer),
            (self.oui.upper(), oui.upper()),
            (self.product_class, product_class),
            (self.model, model),
            (self.hardware_version, hardware),
        )
        if any(wanted and wanted != told for wanted, told in pairs):
            return False
        if not (self.since or self.below):
            return True
        running = version_key(software)
        return bool(running) and self._runs(running)

    def _runs(self, version: tuple[tuple[int, int, str], ...]) -> bool:
        if self.since and version < version_key(self.since):
            return False
        return not self.below or version < version_key(self.below)

    def meets(self, other: Match) -> bool:
        """Whether some device may fit both."""
        pairs = (
            (self.manufacturer, other.manufacturer),
            (self.oui.upper(), other.oui.upper()),
            (self.product_class, other.product_class),
            (self.model, other.model),
            (self.hardware_version, other.hardware_version),
        )
        if any(mine and theirs and mine != theirs for mine, theirs in pairs):
            return False
        for one, another in ((self, other), (other, self)):
            if one.below and another.since and version_key(one.below) <= version_key(another.since):
                return False
        return True


@dataclass(frozen=True, slots=True)
class SettingChange:
    """What a profile says of one setting: `rules` and `columns` replace those of the settings file by
    name, `limits` are added; a `conversion` or `xsd` alone is laid over the rules that are there."""

    name: str
    rules: tuple[Rule, ...] = ()
    counts: tuple[Rule, ...] = ()
    columns: Mapping[str, tuple[str, Conversion]] = field(default_factory=dict)
    limits: tuple[Limit, ...] = ()
    conversion: Conversion | None = None
    absent: bool = False


@dataclass(frozen=True, slots=True)
class DiagnosticChange:
    """What a profile says of one diagnostic; what it does not say stays. None or empty: not said."""

    name: str
    objects: tuple[Rule, ...] = ()
    inputs: tuple[Input, ...] = ()
    outputs: tuple[Output, ...] = ()
    rows: str = ""
    rows_path: str = ""
    columns: tuple[Output, ...] = ()
    interface: str = ""
    interface_path: str = ""
    poll_s: int | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """One vendor profile. `matches`: one of them must fit. `quirks` are in words, for people."""

    name: str
    model: str
    matches: tuple[Match, ...]
    title: Texts = field(default_factory=dict)
    quirks: tuple[Texts, ...] = ()
    places: Places = field(default_factory=dict)
    settings: tuple[SettingChange, ...] = ()
    diagnostics: tuple[DiagnosticChange, ...] = ()
    capabilities: Mapping[str, Statement] = field(default_factory=dict)
    companions: tuple[Companion, ...] = ()
    precedences: tuple[Precedence, ...] = ()
    reboots_after: tuple[str, ...] = ()
    left_alone: tuple[LeftAlone, ...] = ()


@dataclass(frozen=True, slots=True)
class Profiles:
    """All profiles of a library, indexed by the first thing each match demands."""

    by_name: Mapping[str, Profile] = field(default_factory=dict)
    index: Mapping[tuple[str, str], tuple[tuple[Match, Profile], ...]] = field(default_factory=dict)

    @staticmethod
    def of(profiles: Iterable[Profile]) -> Profiles:
        """Profiles with their index."""
        by_name = {profile.name: profile for profile in profiles}
        index: dict[tuple[str, str], list[tuple[Match, Profile]]] = {}
        for profile in by_name.values():
            for match in profile.matches:
                index.setdefault(_key(match), []).append((match, profile))
        return Profiles(by_name, {key: tuple(found) for key, found in index.items()})

    def fitting(self, identity: Identity) -> tuple[Profile, ...]:
        """Those a device of this identity has, the least demanding first; one of each."""
        _, manufacturer, oui, product_class, model, _, _ = identity
        keys = (
            ("model", model),
            ("product_class", product_class),
            ("oui", oui.upper()),
            ("manufacturer", manufacturer),
        )
        found: dict[str, tuple[int, Profile]] = {}
        for key in keys:
            for match, profile in self.index.get(key, ()):
                if profile.model == identity[0] and match.fits(identity):
                    known = found.get(profile.name, (-1, profile))
                    found[profile.name] = (max(known[0], match.demands), profile)
        return tuple(p for _, p in sorted(found.values(), key=lambda one: (one[0], one[1].name)))


def _key(match: Match) -> tuple[str, str]:
    if match.model:
        return ("model", match.model)
    if match.product_class:
        return ("product_class", match.product_class)
    return ("oui", match.oui.upper()) if match.oui else ("manufacturer", match.manufacturer)


class Fitting:
    """The settings, diagnostics and ways of one kind of device: a library's, its profiles laid over them."""

    def __init__(
        self,
        model: str,
        settings: Mapping[str, Setting],
        places: Iterable[tuple[str, Place]],
        diagnostics: Iterable[DiagnosticDefinition],
        profiles: tuple[Profile, ...],
    ) -> None:
        self.model = model
        self.profiles = profiles
        self.places: dict[str, tuple[Place, ...]] = {}
        for name, place in places:
            if place.model == model:
                self.places[name] = (*self.places.get(name, ()), place)
        self.settings = {
            name: replace(
                setting,
                rules=setting.rules_for(model),
                counts=tuple(c for c in setting.counts if c.model == model),
            )
            for name, setting in settings.items()
        }
        self.diagnostics = {d.name: d for d in diagnostics if d.model == model}
        self.capabilities: dict[str, Statement] = {}
        self.companions: tuple[Companion, ...] = ()
        self.precedences: tuple[Precedence, ...] = ()
        self.reboots_after: frozenset[str] = frozenset()
        self.left_alone: tuple[LeftAlone, ...] = ()
        for profile in profiles:
            self._lay(profile)
        self.by_last: dict[str, list[tuple[Setting, Rule]]] = {}
        for setting in self.settings.values():
            if setting.type != "table":
                for rule in setting.rules:
                    last = rule.path.rpartition(".")[2]
                    self.by_last.setdefault(last, []).append((setting, rule))
        self.loads: dict[tuple[str, bool], frozenset[str]] = {}

    def _lay(self, profile: Profile) -> None:
        self.places.update(profile.places)
        for change in profile.settings:
            if change.name in self.settings:
                self.settings[change.name] = _changed(self.settings[change.name], change)
        for diagnostic in profile.diagnostics:
            base = self.diagnostics.get(diagnostic.name) or DiagnosticDefinition(
                diagnostic.name, self.model, ()
            )
            self.diagnostics[diagnostic.name] = _rediagnosed(base, diagnostic)
        self.capabilities.update(profile.capabilities)
        self.companions += profile.companions
        self.precedences += profile.precedences
        self.reboots_after |= frozenset(profile.reboots_after)
        self.left_alone += profile.left_alone


def _changed(setting: Setting, change: SettingChange) -> Setting:
    if change.absent:
        return replace(setting, rules=(), counts=())
    rules = change.rules or setting.rules
    if change.conversion is not None:
        rules = tuple(replace(rule, conversion=change.conversion) for rule in rules)
    columns = setting.columns
    if change.columns and rules:
        model = rules[0].model
        columns = tuple(
            replace(
                column,
                paths={**column.paths, model: change.columns[column.name][0]},
                conversions={**column.conversions, model: change.columns[column.name][1]},
            )
            if column.name in change.columns
            else column
            for column in columns
        )
    counts = change.counts if change.counts or change.rules else setting.counts
    limits = (*setting.limits, *change.limits)
    return replace(setting, rules=rules, columns=columns, counts=counts, limits=limits)


def _rediagnosed(base: DiagnosticDefinition, change: DiagnosticChange) -> DiagnosticDefinition:
    return replace(
        base,
        objects=change.objects or base.objects,
        inputs=_laid(base.inputs, change.inputs),
        outputs=_laid(base.outputs, change.outputs),
        rows=change.rows or base.rows,
        rows_path=change.rows_path or base.rows_path,
        columns=_laid(base.columns, change.columns),
        interface=change.interface or base.interface,
        interface_path=change.interface_path or base.interface_path,
        poll_s=base.poll_s if change.poll_s is None else change.poll_s,
    )


def _laid(base: tuple[Any, ...], over: tuple[Any, ...]) -> tuple[Any, ...]:
    named = {one.name: one for one in base}
    named.update({one.name: one for one in over})
    return tuple(named.values())
