"""How a model wants to be written to: limits, its own spellings, what must go along, and in which order.

Pure. A write that this model cannot take is refused here, with a reason in words, before it leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workflows.facts import Facts
from workflows.profiles import Fitting
from workflows.secrecy import STORED
from workflows.settings_definitions import Companion, Setting, Texts, matches
from workflows.settings_paths import Rule, found, found_all
from workflows.settings_values import SAME, Missing, holds, plain_words, spelt

Written = tuple[str, str, str]
"""(full path, value, type such as "xsd:boolean")."""

WRITES_LIMIT = 256


class Refused(Exception):
    """This model cannot take that value: `setting` is its name, `texts` the reason by language."""

    def __init__(self, setting: str, texts: Texts) -> None:
        super().__init__(f"{setting}: {plain_words(texts)}")
        self.setting = setting
        self.texts = texts
        self.reason = plain_words(texts)


_NOT_ALLOWED = {
    "en": "This router cannot take this value.",
    "pl": "Ten router nie przyjmie tej wartości.",
}
_NOT_KNOWN = {
    "en": "This router needs another value written along, and that is not known.",
    "pl": "Ten router wymaga zapisania jeszcze jednej wartości, a nie jest ona znana.",
}
_LEFT_ALONE = {
    "en": "This entry was made by other means and is left as it is.",
    "pl": "Ten wpis powstał w inny sposób i pozostaje bez zmian.",
}


def named_by(path: str, fitting: Fitting, facts: Facts) -> tuple[Setting, Rule] | None:
    """The setting, and the rule of it, that has this full path on this device."""
    for setting, rule in fitting.by_last.get(path.rpartition(".")[2], ()):
        if (
            path in found_all(rule, fitting.places, facts)
            if rule.every
            else path == _found(rule, fitting, facts)
        ):
            return setting, rule
    return None


def together(written: Sequence[Written], fitting: Fitting, facts: Facts, *, spelled: bool) -> list[Written]:
    """The writes as this model wants them: see `settings.Settings.together`."""
    done: dict[str, Written] = {}
    names: dict[str, str] = {}
    ours: dict[str, str] = {}
    for path, text, kind in written:
        leave_alone(path, fitting, facts)
        named = named_by(path, fitting, facts)
        if named is None:
            done[path] = (path, text, kind)
            continue
        setting, rule = named
        if spelled:
            done[path] = (path, text, rule.conversion.xsd or kind)
        else:
            check(setting, text)
            ours[setting.name] = text
            done[path] = (path, *encoded(text, kind, setting, rule))
        names[path] = setting.name
    for path, name in tuple(names.items()):
        for other in _mirrors(path, name, fitting, facts):
            done.setdefault(other, (other, *done[path][1:]))
            names.setdefault(other, name)
    if not spelled:
        _add_beside(done, names, ours, fitting, facts)
    for name in tuple(dict.fromkeys(names.values())):
        _add_companions(name, ours.get(name), done, names, fitting, facts)
    return _ordered(list(done.values())[:WRITES_LIMIT], names, fitting)


def apart(ordered: Sequence[Written], fitting: Fitting, facts: Facts) -> list[list[Written]]:
    """The ordered writes as one list for each request that this model wants."""
    groups: list[list[Written]] = [[]]
    names: list[str] = []
    for one in ordered:
        named = named_by(one[0], fitting, facts)
        name = named[0].name if named else ""
        if any(
            p.apart and matches(p.then, name) and any(matches(p.first, n) for n in names)
            for p in fitting.precedences
        ):
            groups.append([])
            names = []
        groups[-1].append(one)
        names.append(name)
    return groups


def check(setting: Setting, text: str) -> None:
    """Refused when a value, spelt as ours, breaks a limit of the setting; of a list, any of its items."""
    for limit in setting.limits:
        items = [text]
        if setting.type == "list":  # an empty list breaks nothing
            items = [item.strip() for item in text.split(",") if item.strip()]
        if not all(limit.allows(item) for item in items):
            raise Refused(setting.name, limit.reasons or _NOT_ALLOWED)


def encoded(text: str, kind: str, setting: Setting, rule: Rule) -> tuple[str, str]:
    """(the device's text, its type); Refused when the model has no spelling for the value."""
    try:
        return rule.conversion.write(text, setting.type, setting.name), rule.conversion.xsd or kind
    except (ValueError, Missing):
        raise Refused(setting.name, _NOT_ALLOWED) from None


def encoded_row(setting: Setting, model: str, values: Mapping[str, Any]) -> list[Written]:
    """(path below the row, the device's text, type) of a new row's columns. KeyError for an unknown column,
    Refused for a value that the model has no spelling for."""
    columns = {column.name: column for column in setting.columns}
    written = []
    for name, value in values.items():
        column = columns[name]
        conversion = column.conversions.get(model, SAME)
        kind = conversion.xsd or _XSD_TYPES.get(column.type, "xsd:string")
        try:
            text = conversion.write(spelt(value, kind, None), column.type, name)
        except (ValueError, Missing):
            raise Refused(setting.name, _NOT_ALLOWED) from None
        written.append((column.paths[model], text, kind))
    return written


def leave_alone(path: str, fitting: Fitting, facts: Facts) -> None:
    """Refused for a row, or a parameter of one, that a profile says must be left as it is."""
    for one in fitting.left_alone:
        table = fitting.settings.get(one.table)
        for rule in table.rules if table else ():
            for row in found_all(rule, fitting.places, facts):
                if path.startswith(row) and not all(_is(facts, row + n, wish) for n, wish in one.where):
                    raise Refused(one.table, one.reasons or _LEFT_ALONE)


def _found(rule: Rule, fitting: Fitting, facts: Facts) -> str | None:
    return found(rule, fitting.places, facts)


def _is(facts: Facts, path: str, wish: str) -> bool:
    datum = facts.parameters.get(path)
    return datum is not None and holds(wish, datum.value)


def _mirrors(path: str, name: str, fitting: Fitting, facts: Facts) -> Iterable[str]:
    for rule in fitting.settings[name].rules:
        if rule.every:
            paths = found_all(rule, fitting.places, facts)
            if path in paths:
                return [other for other in paths if other != path]
    return ()


def _add_beside(
    done: dict[str, Written],
    names: Mapping[str, str],
    ours: Mapping[str, str],
    fitting: Fitting,
    facts: Facts,
) -> None:
    """The parameters beside a written one that go along with its value, where the device has them."""
    for path, name in names.items():
        named = named_by(path, fitting, facts)
        for also in named[1].also if named else ():
            other = f"{path.rpartition('.')[0]}.{also.name}"
            if (not also.when or ours.get(name) in also.when.split("|")) and other in facts.parameters:
                done.setdefault(other, (other, also.value, facts.parameters[other].type or also.type))


def _add_companions(
    name: str,
    text: str | None,
    done: dict[str, Written],
    names: dict[str, str],
    fitting: Fitting,
    facts: Facts,
) -> None:
    for companion in fitting.companions:
        if not companion.covers(name) or (companion.when and companion.when != text):
            continue
        setting = fitting.settings.get(companion.also)
        if setting is None or companion.also in names.values():
            continue
        place = _where(setting, fitting, facts)
        if place is None:
            if companion.value is None:
                raise Refused(name, companion.reasons or _NOT_KNOWN)
            continue
        path, rule = place
        done[path] = (path, *_companion(companion, name, setting, path, rule, facts))
        names[path] = companion.also


def _companion(
    companion: Companion, name: str, setting: Setting, path: str, rule: Rule, facts: Facts
) -> tuple[str, str]:
    datum = facts.parameters.get(path)
    kind = rule.conversion.xsd or (datum.type if datum else "") or xsd_of(setting)
    if companion.value is not None:
        return encoded(spelt(companion.value, kind, datum), kind, setting, rule)
    if datum is None or not datum.value:
        raise Refused(name, companion.reasons or _NOT_KNOWN)
    return (STORED if setting.secret else datum.value), kind


def _where(setting: Setting, fitting: Fitting, facts: Facts) -> tuple[str, Rule] | None:
    for rule in setting.rules:
        if (path := _found(rule, fitting, facts)) is not None:
            return path, rule
    return None


def xsd_of(setting: Setting) -> str:
    """The type a write names where the device's own is not known."""
    return setting.xsd_type or _XSD_TYPES.get(setting.type, "xsd:string")


_XSD_TYPES = {"boolean": "xsd:boolean", "int": "xsd:unsignedInt"}


def _ordered(written: list[Written], names: Mapping[str, str], fitting: Fitting) -> list[Written]:
    """The writes in an order that keeps every precedence; else as they came."""
    for precedence in fitting.precedences:
        firsts = [w for w in written if matches(precedence.first, names.get(w[0], ""))]
        thens = [at for at, w in enumerate(written) if matches(precedence.then, names.get(w[0], ""))]
        if firsts and thens:
            rest = [w for w in written if w not in firsts]
            at = sum(1 for w in written[: thens[0]] if w not in firsts)
            written = rest[:at] + firsts + rest[at:]
    return written
