"""A setting's value out of the stored parameters, a table's rows; what must be loaded or read for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from workflows.facts import Datum, Facts
from workflows.profiles import Fitting
from workflows.settings_definitions import Column, Setting
from workflows.settings_paths import SELF, Rule, below, found, found_all, table_of, to_load, via_of
from workflows.settings_values import SAME, Conversion, Missing, spelt, typed

TABLE_LIMIT_ROWS = 256


def value_of(setting: Setting, fitting: Fitting, facts: Facts) -> Any:
    """The setting's value; Missing when the stored parameters do not hold it."""
    if setting.type == "table":
        return rows(setting, fitting, facts)
    for rule in setting.rules:
        if rule.every:
            if paths := found_all(rule, fitting.places, facts):
                return _combined([value_at(path, setting, rule, facts) for path in paths], setting)
        elif (path := found(rule, fitting.places, facts)) is not None:
            return value_at(path, setting, rule, facts)
    raise Missing((setting.name,))


def value_at(path: str, setting: Setting, rule: Rule, facts: Facts) -> Any:
    """The typed value of one parameter in our spelling; Missing when it was never read or says nothing."""
    datum = facts.parameters.get(path)
    if datum is None:
        raise Missing((setting.name,))
    text = datum.value
    if rule.conversion is not SAME:
        text = rule.conversion.read(text, setting.type, setting.name, beside(path, facts))
    return typed(text, setting.type, setting.name)


def beside(path: str, facts: Facts) -> Callable[[str], str | None]:
    """The value of another parameter of the same object, None while unknown."""
    parent = path.rpartition(".")[0]

    def told(name: str) -> str | None:
        datum = facts.parameters.get(f"{parent}.{name}")
        return datum.value if datum else None

    return told


def age_of(setting: Setting, fitting: Fitting, facts: Facts) -> float:
    """Seconds since the oldest of what the value is made of was read; Missing when there is none."""
    if setting.type == "table":
        rows(setting, fitting, facts)
        data = _table_data(setting, fitting, facts)
        return max(datum.age_s(facts.now) for datum in data)
    for rule in setting.rules:
        if paths := _paths(rule, fitting, facts):
            stored = [facts.parameters.get(path) for path in paths]
            if None not in stored:
                return max(datum.age_s(facts.now) for datum in stored if datum is not None)
            break
    raise Missing((setting.name,))


def rows(setting: Setting, fitting: Fitting, facts: Facts) -> list[dict[str, Any]]:
    """The rows of a table, in the order of its rules. Without any, the device must have said that there are
    none, else Missing."""
    made: list[dict[str, Any]] = []
    for rule in setting.rules:
        for row in found_all(rule, fitting.places, facts):
            if len(made) < TABLE_LIMIT_ROWS:
                made.append(_row(setting, rule, row, facts))
    if not made:
        counts = [
            facts.parameters.get(path) for rule in setting.counts for path in _paths(rule, fitting, facts)
        ]
        if not counts or any(count is None or count.value.strip() != "0" for count in counts):
            raise Missing((setting.name,))
    return made


def loads(name: str, fitting: Fitting, *, for_write: bool) -> frozenset[str]:
    """What to load for a setting or a diagnostic: full paths, and partial ones ending in ".".
    `for_write`: with what writing it needs beside it."""
    wanted: set[str] = set()
    if (setting := fitting.settings.get(name)) is not None:
        for rule in (*setting.rules, *setting.counts):
            wanted |= to_load(rule, fitting.places)
            if "{" not in rule.path:
                parent = rule.path.rpartition(".")[0]
                wanted |= {f"{parent}.{n}" for s in rule.conversion.spellings for n, _ in s.where}
                wanted |= {f"{parent}.{also.name}" for also in rule.also if for_write}
        if for_write:
            for companion in fitting.companions:
                if companion.covers(name) and companion.also != name and companion.also in fitting.settings:
                    for rule in fitting.settings[companion.also].rules:
                        wanted |= to_load(rule, fitting.places)
    if (diagnostic := fitting.diagnostics.get(name)) is not None:
        for rule in diagnostic.objects:
            if "{" in rule.path:
                wanted |= to_load(rule, fitting.places)
        for place in fitting.places.get(diagnostic.interface, ()):
            wanted |= to_load(Rule(place.model, f"{{{diagnostic.interface}}}."), fitting.places)
    return frozenset(wanted)


def read_again(setting: Setting, fitting: Fitting, facts: Facts) -> set[str]:
    """What a GetParameterValues must name to have the setting afresh; empty while that is not known."""
    if setting.type == "table":
        return set()
    for rule in setting.rules:
        if paths := _paths(rule, fitting, facts):
            wanted = set(paths)
            if rule.via:
                via = via_of(rule.place, facts, fitting.places)
                wanted.add(via or rule.place.via_prefix())
            for path in paths:
                parent = path.rpartition(".")[0]
                wanted |= {f"{parent}.{n}" for s in rule.conversion.spellings for n, _ in s.where}
            return wanted
    return set()


def uncovered(paths: set[str]) -> tuple[str, ...]:
    """The paths, sorted, without those that a partial one already covers."""
    partial = [p for p in paths if p.endswith(".")]
    return tuple(sorted(p for p in paths if not any(p != q and p.startswith(q) for q in partial)))


def table_objects(setting: Setting, fitting: Fitting, facts: Facts) -> list[str]:
    """The objects that rows of a table are added to, each ending in "."."""
    found_ = [table_of(rule, fitting.places, facts) for rule in setting.rules]
    return list(dict.fromkeys(path for path in found_ if path))


def _paths(rule: Rule, fitting: Fitting, facts: Facts) -> tuple[str, ...]:
    if rule.every:
        return found_all(rule, fitting.places, facts)
    path = found(rule, fitting.places, facts)
    return (path,) if path is not None else ()


def _table_data(setting: Setting, fitting: Fitting, facts: Facts) -> list[Datum]:
    wanted = {
        path
        for rule in setting.rules
        for row in found_all(rule, fitting.places, facts)
        for path in below(row, facts)
    }
    wanted |= {path for rule in setting.counts for path in _paths(rule, fitting, facts)}
    return [datum for path in wanted if (datum := facts.parameters.get(path)) is not None]


def _row(setting: Setting, rule: Rule, prefix: str, facts: Facts) -> dict[str, Any]:
    row: dict[str, Any] = dict(rule.constants)
    for column in setting.columns:
        path = column.paths.get(rule.model, "")
        if path == SELF:
            row[column.name] = prefix
            continue
        datum = facts.parameters.get(prefix + path)
        if datum is not None:
            try:
                row[column.name] = _column(column, rule.model, prefix + path, datum, facts)
            except Missing:
                continue
    return row


def _column(column: Column, model: str, path: str, datum: Datum, facts: Facts) -> Any:
    conversion: Conversion = column.conversions.get(model, SAME)
    text = datum.value
    if conversion is not SAME:
        text = conversion.read(text, column.type, column.name, beside(path, facts))
    return typed(text, column.type, column.name)


def _combined(values: Sequence[Any], setting: Setting) -> Any:
    """One value of those at several places: lists together; else the first that does something."""
    if setting.type == "list":
        return list(dict.fromkeys(item for value in values for item in value))
    return next((value for value in values if spelt(value, "", None) != setting.rest), values[0])
