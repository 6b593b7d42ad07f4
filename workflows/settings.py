"""Setting values: names such as `dhcp.enabled` that hold for every vendor and both data models.

One file of the library maps each name to its TR-181 and TR-098 paths; vendor profiles (`profiles`) say what
single models do otherwise, chosen by what `facts.device` says of the device. Nothing here fetches; what the
stored parameters do not hold is Missing, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workflows import settings_diagnostics, settings_reading, settings_writing
from workflows.expressions import CAPABILITY
from workflows.facts import Facts
from workflows.profiles import Fitting, Identity, Profiles, identity_of
from workflows.settings_definitions import (
    Column,
    DiagnosticDefinition,
    Setting,
    Statement,
    Texts,
    matches,
)
from workflows.settings_diagnostics import Diagnostic, NotCapable
from workflows.settings_paths import Place, Rule, found
from workflows.settings_values import SAME, Missing, plain_words, same, spelt, typed
from workflows.settings_writing import Refused, Written

__all__ = [
    "Capability",
    "Column",
    "Diagnostic",
    "Missing",
    "NotCapable",
    "Refused",
    "Rule",
    "Setting",
    "Settings",
    "Written",
    "same",
    "spelt",
    "typed",
]

DATA_MODELS = ("tr181", "tr098")
FITTED_LIMIT = 2_048  # kinds of devices remembered: models times firmware versions

CEL_TYPES = {
    "boolean": "bool",
    "int": "int",
    "double": "double",
    "string": "string",
    "list": "list",
    "table": "table",
}
_ABSENT: Texts = {
    "en": "This router has no such function.",
    "pl": "Ten router nie ma takiej funkcji.",
}


@dataclass(frozen=True, slots=True)
class Capability:
    """Whether a model can do something. `reasons` by language where not; `limits` such as {"mbps": 95.0}."""

    available: bool
    reasons: Texts = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """Why not, in English; "" when it can."""
        return "" if self.available else plain_words(self.reasons)


@dataclass(frozen=True, slots=True)
class Settings:
    """The setting values of a library. Data model "" or an unknown one has no paths: all is Missing."""

    by_name: Mapping[str, Setting] = field(default_factory=dict)
    places: tuple[tuple[str, Place], ...] = ()
    diagnostics: tuple[DiagnosticDefinition, ...] = ()
    profiles: Profiles = field(default_factory=Profiles)
    _fitted: dict[Identity, Fitting] = field(init=False, repr=False, compare=False, default_factory=dict)
    _shared: dict[tuple[str, ...], Fitting] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def fitted(self, device: Mapping[str, Any]) -> Fitting:
        """The settings as they hold for one kind of device, worked out once for each."""
        identity = identity_of(device)
        known = self._fitted.get(identity)
        if known is None:
            profiles = self.profiles.fitting(identity)
            key = (identity[0], *(profile.name for profile in profiles))
            known = self._shared.get(key)
            if known is None:
                known = Fitting(identity[0], self.by_name, self.places, self.diagnostics, profiles)
                self._shared[key] = known
            if len(self._fitted) >= FITTED_LIMIT:
                self._fitted.clear()
            self._fitted[identity] = known
        return known

    # -- values -------------------------------------------------------------------------------

    def value(self, name: str, facts: Facts) -> Any:
        """bool, int, float, str, list of str, or (table) list of rows; Missing when it was never read, is
        not on this device, or is not of its type."""
        fitting, setting = self._of(name, facts)
        return settings_reading.value_of(setting, fitting, facts)

    def value_at(self, path: str, facts: Facts) -> Any:
        """The value of a full path as its setting has it; by the device's own type where it has none."""
        named = settings_writing.named_by(path, self._fitting(facts), facts)
        if named is not None:
            return settings_reading.value_at(path, *named, facts)
        if (datum := facts.parameters.get(path)) is None:
            raise Missing((path,))
        return typed(datum.value, datum.type, path)

    def told(self, path: str, text: str, facts: Facts) -> str:
        """A device's text of a full path as people are told it: in our spelling and unit; else as it is."""
        named = settings_writing.named_by(path, self._fitting(facts), facts)
        if named is None or named[1].conversion is SAME:
            return text
        setting, rule = named
        try:
            return rule.conversion.read(
                text, setting.type, setting.name, settings_reading.beside(path, facts)
            )
        except Missing:
            return text

    def age_s(self, name: str, facts: Facts) -> float:
        """Seconds since the value was read (of several: since the oldest was); Missing as `value`."""
        fitting, setting = self._of(name, facts)
        return settings_reading.age_of(setting, fitting, facts)

    def path_of(self, name: str, facts: Facts) -> tuple[str, str]:
        """(full path, xsd type such as "xsd:boolean") to write the setting. Of a table the object that
        rows are added to, ending in ".", and "". Missing when the device's instance is unknown."""
        fitting, setting = self._of(name, facts)
        if setting.type == "table":
            if tables := settings_reading.table_objects(setting, fitting, facts):
                return tables[0], ""
            raise Missing((name,))
        for rule in setting.rules:
            if (path := found(rule, fitting.places, facts)) is not None:
                datum = facts.parameters.get(path)
                stored = datum.type if datum else ""
                return path, rule.conversion.xsd or stored or settings_writing.xsd_of(setting)
        raise Missing((name,))

    def named_by(self, path: str, facts: Facts) -> Setting | None:
        """The setting that has this full path on this device, if any."""
        named = settings_writing.named_by(path, self._fitting(facts), facts)
        return named[0] if named else None

    # -- what to load and read ----------------------------------------------------------------

    def prefixes(self, names: Iterable[str], device: Mapping[str, Any]) -> tuple[str, ...]:
        """What to load from the stored parameters: full paths, and partial ones ending in ".". `names` are
        settings or diagnostics; `device` as `Facts.device`."""
        fitting = self.fitted(device)
        return settings_reading.uncovered({p for n in names for p in _loads(n, fitting, for_write=True)})

    def paths_to_read(
        self, names: Iterable[str], device: Mapping[str, Any], facts: Facts | None = None
    ) -> tuple[str, ...]:
        """Names for a GetParameterValues: the full path where `facts` tell the instance, else partial."""
        fitting = self.fitted(device)
        wanted: set[str] = set()
        for name in names:
            setting = fitting.settings.get(name)
            exact = settings_reading.read_again(setting, fitting, facts) if facts and setting else set()
            wanted |= exact or _loads(name, fitting, for_write=False)
        return settings_reading.uncovered(wanted)

    def vocabulary(self) -> tuple[tuple[str, str], ...]:
        """(name, type for expressions) of every setting, and of what else can() may be asked about."""
        others = dict.fromkeys(self.capabilities(), CAPABILITY)
        named = others | {name: CEL_TYPES[s.type] for name, s in self.by_name.items()}
        return tuple(sorted(named.items()))

    # -- writes -------------------------------------------------------------------------------

    def written(self, path: str, value: Any, facts: Facts, kind: str = "") -> Written:
        """(path, our text, type) of a value to be written to a full path, as `together` takes it. `kind` is
        the author's type, "" the device's own."""
        named = settings_writing.named_by(path, self._fitting(facts), facts)
        datum = facts.parameters.get(path)
        stored = datum.type if datum else ""
        if named is None:
            kind = kind or stored or "xsd:string"
            return path, spelt(value, kind, datum), kind
        setting, rule = named
        kind = rule.conversion.xsd or kind or stored or settings_writing.xsd_of(setting)
        return path, spelt(value, setting.type, datum), kind

    def together(self, written: Sequence[Written], facts: Facts, *, spelled: bool = False) -> list[Written]:
        """The writes in this model's spelling, with what must go along added, in the order it wants.

        `spelled`: the values are the device's own already (undo), so nothing is converted or checked.
        Refused when the model cannot take a value; the value STORED stands for a stored secret."""
        return settings_writing.together(written, self._fitting(facts), facts, spelled=spelled)

    def apart(self, ordered: Sequence[Written], facts: Facts) -> list[list[Written]]:
        """What `together` gave, as one list for each SetParameterValues; nearly always one."""
        return settings_writing.apart(ordered, self._fitting(facts), facts)

    def row(self, parent: str, values: Mapping[str, Any], facts: Facts) -> list[Written] | None:
        """The columns of a new row below a table's object `parent`: (path below the row, value, type), in
        this model's spelling. None when no table of ours is there. KeyError for an unknown column, Refused
        for a value that this model has no word for."""
        fitting = self._fitting(facts)
        for setting in fitting.settings.values():
            if setting.type == "table" and parent in settings_reading.table_objects(setting, fitting, facts):
                return settings_writing.encoded_row(setting, fitting.model, values)
        return None

    def leave_alone(self, path: str, facts: Facts) -> None:
        """Refused for an object or parameter that must be left as it is; ask before a delete."""
        settings_writing.leave_alone(path, self._fitting(facts), facts)

    def after_write(self, names: Iterable[str], facts: Facts) -> dict[str, bool]:
        """{"reboot": whether this model needs one}; `names` are settings or full paths just written."""
        fitting = self._fitting(facts)
        for name in names:
            named = None if name in self.by_name else self.named_by(name, facts)
            setting = named.name if named else name
            if any(matches(pattern, setting) for pattern in fitting.reboots_after):
                return {"reboot": True}
        return {"reboot": False}

    # -- diagnostics and capabilities ---------------------------------------------------------

    def diagnostic(self, name: str, facts: Facts) -> Diagnostic:
        """How this device runs a diagnostic. NotCapable with the reason; Missing while its object or the
        interface it wants named is not known (`prefixes` tells what to read)."""
        capability = self.capability(name, facts)
        if not capability.available:
            raise NotCapable(name, capability.reasons)
        fitting = self._fitting(facts)
        return settings_diagnostics.diagnostic_of(fitting.diagnostics[name], fitting, facts)

    def diagnosed(self, name: str, values: Mapping[str, tuple[str, str]], facts: Facts) -> dict[str, Any]:
        """The typed results of what was read of a diagnostic's objects (path to (value, type)), in our units;
        what the device did not tell is left out. Rows are a list of dicts: `neighbours`, `hops`."""
        fitting = self._fitting(facts)
        if (definition := fitting.diagnostics.get(name)) is None:
            return {}
        objects = settings_diagnostics.objects_of(definition, fitting, facts)
        return settings_diagnostics.diagnosed(definition, values, objects)

    def capability(self, name: str, facts: Facts) -> Capability:
        """Whether this model can do a diagnostic, has a setting, or what else profiles speak of."""
        fitting = self._fitting(facts)
        stated: Statement | None = fitting.capabilities.get(name)
        if stated is not None:
            reasons = stated.reasons if stated.available else stated.reasons or _ABSENT
            return Capability(stated.available, reasons, stated.limits)
        definition = fitting.diagnostics.get(name)
        setting = fitting.settings.get(name)
        if (definition is not None and definition.objects) or (setting is not None and setting.rules):
            return Capability(True)
        return Capability(False, _ABSENT)

    def profile(self, device: Mapping[str, Any], language: str = "en") -> dict[str, Any]:
        """What the profiles of a device are, for people: {"name": the most exact one's title, "" for none;
        "quirks": [sentence]}."""
        profiles = self.fitted(device).profiles
        name = plain_words(profiles[-1].title, language) or profiles[-1].name if profiles else ""
        return {"name": name, "quirks": [plain_words(q, language) for p in profiles for q in p.quirks]}

    def capabilities(self) -> frozenset[str]:
        """Every name `capability` can be asked about: settings, diagnostics, and what profiles name."""
        stated = {name for p in self.profiles.by_name.values() for name in p.capabilities}
        changed = {d.name for p in self.profiles.by_name.values() for d in p.diagnostics}
        return frozenset(self.by_name) | {d.name for d in self.diagnostics} | stated | changed

    def _fitting(self, facts: Facts) -> Fitting:
        known: tuple[Settings, Fitting] | None = facts.memory.get("fitting")
        if known is None or known[0] is not self:
            known = facts.memory["fitting"] = (self, self.fitted(facts.device))
        return known[1]

    def _of(self, name: str, facts: Facts) -> tuple[Fitting, Setting]:
        fitting = self._fitting(facts)
        if (setting := fitting.settings.get(name)) is None:
            raise Missing((name,))
        return fitting, setting


def _loads(name: str, fitting: Fitting, *, for_write: bool) -> frozenset[str]:
    known = fitting.loads.get((name, for_write))
    if known is None:
        known = settings_reading.loads(name, fitting, for_write=for_write)
        fitting.loads[(name, for_write)] = known
    return known
