"""Setting values: names such as `dhcp.enabled` that hold for every vendor and both data models.

One file of the library maps each name to its TR-181 and TR-098 path. `{i}` in a path stands for an
instance number, found in the stored parameters: the lowest that fulfils the author's `where`.
Nothing here fetches; what the stored parameters do not hold is Missing, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows.facts import Datum, Facts

DATA_MODELS = ("tr181", "tr098")
TABLE_LIMIT_ROWS = 256

CEL_TYPES = {"boolean": "bool", "int": "int", "string": "string", "list": "list", "table": "table"}
_XSD_TYPES = {"boolean": "xsd:boolean", "int": "xsd:unsignedInt"}
_WHOLE = re.compile(r"[+-]?\d{1,18}")
_INTEGERS = frozenset({"int", "unsignedInt", "long", "unsignedLong", "integer", "short", "byte"})


class Missing(Exception):
    """There is no value: `names` says of what."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(", ".join(names))
        self.names = names


@dataclass(frozen=True, slots=True)
class Rule:
    """Where one data model keeps a setting. `path` may hold `{i}` and, when `via` is given, `{via}`:
    the path that the parameter `via` refers to. `where` are (name below the first instance, value)
    pairs that the instance must have. `within` is what to load or read to find it; "" for what
    comes before the first `{i}`."""

    model: str
    path: str
    via: str = ""
    where: tuple[tuple[str, str], ...] = ()
    within: str = ""

    def prefix(self) -> str:
        """What to load or read when nothing is known: a full path, or a partial one ending in "."."""
        return self.within or self.path.partition("{i}")[0]

    def resolve(self, facts: Facts) -> str | None:
        """The path on this device, or None while an instance or a reference is unknown."""
        path = self.path
        if self.via:
            via = _instances_filled(self.via, (), facts)
            datum = facts.parameters.get(via) if via else None
            if datum is None or not datum.value.strip():
                return None
            path = path.replace("{via}", datum.value.strip().rstrip("."))
        return _instances_filled(path, self.where, facts)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table setting: the name below each row, by data model."""

    name: str
    type: str
    paths: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Setting:
    """One named setting. `type`: boolean, int, string, list (a comma-separated text), or table.
    `rules` are tried in order; `xsd_type` is used for a write when the device's own is unknown.
    `counts` (tables) names, by data model, the parameter that tells the number of rows."""

    name: str
    type: str
    rules: tuple[Rule, ...]
    xsd_type: str = ""
    unit: str = ""
    columns: tuple[Column, ...] = ()
    counts: Mapping[str, str] = field(default_factory=dict)

    def rules_for(self, data_model: str) -> tuple[Rule, ...]:
        """The rules of one data model, in the author's order."""
        return tuple(r for r in self.rules if r.model == data_model)


@dataclass(frozen=True, slots=True)
class Settings:
    """The setting values of a library. Data model "" or an unknown one has no paths: all is Missing."""

    by_name: Mapping[str, Setting] = field(default_factory=dict)

    def value(self, name: str, facts: Facts) -> Any:
        """bool, int, str, list of str, or (table) list of rows; Missing when it was never read, is not
        on this device, or is not of its type."""
        setting = self._setting(name)
        if setting.type == "table":
            return self._rows(setting, facts)
        datum = facts.parameters.get(self._path(setting, facts))
        if datum is None:
            raise Missing((name,))
        return typed(datum.value, setting.type, name)

    def age_s(self, name: str, facts: Facts) -> float:
        """Seconds since the value was read (of a table: since its oldest datum was); Missing as `value`."""
        setting = self._setting(name)
        if setting.type == "table":
            self._rows(setting, facts)
            below = self._table_prefixes(setting, facts)
            read = [d.read_at for p, d in facts.parameters.items() if p.startswith(below)]
            return max(0.0, facts.now - min(read))
        datum = facts.parameters.get(self._path(setting, facts))
        if datum is None:
            raise Missing((name,))
        return datum.age_s(facts.now)

    def path_of(self, name: str, facts: Facts) -> tuple[str, str]:
        """(full path, xsd type such as "xsd:boolean") to write the setting; Missing when the device's
        instance is unknown, and for tables."""
        setting = self._setting(name)
        if setting.type == "table":
            raise Missing((name,))
        path = self._path(setting, facts)
        datum = facts.parameters.get(path)
        stored = datum.type if datum else ""
        return path, stored or setting.xsd_type or _XSD_TYPES.get(setting.type, "xsd:string")

    def named_by(self, path: str, facts: Facts) -> Setting | None:
        """The setting that has this full path on this device, if any."""
        for setting in self.by_name.values():
            if setting.type != "table" and any(
                rule.resolve(facts) == path for rule in setting.rules_for(_model(facts))
            ):
                return setting
        return None

    def prefixes(self, names: Iterable[str], data_model: str) -> tuple[str, ...]:
        """What to load from the stored parameters: full paths, and partial ones ending in "."."""
        found: set[str] = set()
        for name in names:
            setting = self._setting(name)
            for rule in setting.rules_for(data_model):
                found.add(rule.prefix())
                if rule.via:
                    found.add(rule.via.partition("{i}")[0])
            if data_model in setting.counts:
                found.add(setting.counts[data_model])
        return _uncovered(found)

    def paths_to_read(
        self, names: Iterable[str], data_model: str, facts: Facts | None = None
    ) -> tuple[str, ...]:
        """Names for a GetParameterValues: the full path where `facts` tell the instance, else partial."""
        found: set[str] = set()
        for name in names:
            setting = self._setting(name)
            for rule in setting.rules_for(data_model):
                path = rule.resolve(facts) if facts is not None and setting.type != "table" else None
                found.add(path or rule.prefix())
                if rule.via:
                    via = _instances_filled(rule.via, (), facts) if facts is not None else None
                    found.add(via or rule.via.partition("{i}")[0])
                if path:
                    break
            if data_model in setting.counts:
                found.add(setting.counts[data_model])
        return _uncovered(found)

    def vocabulary(self) -> tuple[tuple[str, str], ...]:
        """(name, type for expressions) of every setting."""
        return tuple((name, CEL_TYPES[s.type]) for name, s in sorted(self.by_name.items()))

    def _setting(self, name: str) -> Setting:
        if (setting := self.by_name.get(name)) is None:
            raise Missing((name,))
        return setting

    def _path(self, setting: Setting, facts: Facts) -> str:
        for rule in setting.rules_for(_model(facts)):
            if (path := rule.resolve(facts)) is not None:
                return path
        raise Missing((setting.name,))

    def _table_prefixes(self, setting: Setting, facts: Facts) -> tuple[str, ...]:
        model = _model(facts)
        counts = (setting.counts[model],) if model in setting.counts else ()
        return tuple(r.path.partition("{i}")[0] for r in setting.rules_for(model)) + counts

    def _rows(self, setting: Setting, facts: Facts) -> list[dict[str, Any]]:
        model = _model(facts)
        rows: list[dict[str, Any]] = []
        for rule in setting.rules_for(model):
            before, _, after = rule.path.partition("{i}")
            for number in _instances(before, facts)[:TABLE_LIMIT_ROWS]:
                rows.append(_row(setting, model, f"{before}{number}{after}", facts))
        if not rows:
            count = facts.parameters.get(setting.counts.get(model, ""))
            if count is None or count.value.strip() != "0":
                raise Missing((setting.name,))
        return rows


def typed(text: str, of_type: str, name: str) -> Any:
    """A device's text as bool, int, list of str or str. `of_type` is a setting's type or an xsd type.
    Missing when the text is not of that type."""
    plain = of_type.removeprefix("xsd:")
    if plain == "boolean":
        spelt = text.strip().lower()
        if spelt in ("1", "true"):
            return True
        if spelt in ("0", "false"):
            return False
        raise Missing((name,))
    if plain in _INTEGERS:
        if not _WHOLE.fullmatch(text.strip()):
            raise Missing((name,))
        return int(text)
    if plain == "list":
        return [item.strip() for item in text.split(",") if item.strip()]
    return text


def spelt(value: Any, xsd_type: str, stored: Datum | None) -> str:
    """A value as it goes to the device: booleans as this device spells them, lists with commas."""
    if xsd_type.removeprefix("xsd:") == "boolean":
        true = value is True or str(value).strip().lower() in ("1", "true")
        words = stored is not None and stored.value.strip().lower() in ("true", "false")
        return ("true" if true else "false") if words else ("1" if true else "0")
    if isinstance(value, list | tuple):
        return ",".join(str(v) for v in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def same(one: str, other: str, xsd_type: str) -> bool:
    """Whether two texts of a parameter mean the same value ("1" and "true"; spaces after commas)."""
    plain = xsd_type.removeprefix("xsd:")
    try:
        if plain == "boolean" or plain in _INTEGERS:
            return bool(typed(one, plain, "") == typed(other, plain, ""))
    except Missing:
        return one == other
    return [p.strip() for p in one.split(",")] == [p.strip() for p in other.split(",")]


def _model(facts: Facts) -> str:
    return str(facts.device.get("data_model") or "")


def _row(setting: Setting, model: str, prefix: str, facts: Facts) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column in setting.columns:
        datum = facts.parameters.get(prefix + column.paths.get(model, ""))
        if datum is not None:
            try:
                row[column.name] = typed(datum.value, column.type, column.name)
            except Missing:
                continue
    return row


def _instances(before: str, facts: Facts) -> list[int]:
    """The instance numbers stored below an object path that ends in ".", lowest first."""
    numbers = set()
    for path in facts.parameters:
        if path.startswith(before):
            number = path[len(before) :].partition(".")[0]
            if number.isdecimal():
                numbers.add(int(number))
    return sorted(numbers)


def _instances_filled(path: str, where: tuple[tuple[str, str], ...], facts: Facts) -> str | None:
    """The path with every `{i}` filled, depth first, or None when no instance fits."""
    before, mark, after = path.partition("{i}")
    if not mark:
        return path
    for number in _instances(before, facts):
        here = f"{before}{number}"
        if all(_has(facts, f"{here}.{name}", value) for name, value in where):
            filled = _instances_filled(here + after, (), facts)
            if filled is not None:
                return filled
    return None


def _has(facts: Facts, path: str, value: str) -> bool:
    datum = facts.parameters.get(path)
    return datum is not None and same(datum.value, value, datum.type)


def _uncovered(paths: set[str]) -> tuple[str, ...]:
    """The paths, sorted, without those that a partial one already covers."""
    partial = [p for p in paths if p.endswith(".")]
    return tuple(sorted(p for p in paths if not any(p != q and p.startswith(q) for q in partial)))
