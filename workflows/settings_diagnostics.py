"""Diagnostics of one device: what must be written to run one, and its results as typed values.

A diagnostic of the data models is an object with inputs, a DiagnosticsState and results (TR-181 2.16
"IP.Diagnostics", "WiFi.NeighboringWiFiDiagnostic"; TR-098 1.8; TR-143 for speed). Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflows.facts import Facts
from workflows.profiles import Fitting
from workflows.settings_definitions import DiagnosticDefinition, Input, Limit, Output, Texts
from workflows.settings_paths import found_all, place_of
from workflows.settings_values import Missing, plain_words, spelt, typed
from workflows.settings_writing import Refused

ROWS_LIMIT = 256
_XSD = {"string": "xsd:string", "int": "xsd:unsignedInt", "boolean": "xsd:boolean"}
_ROW = re.compile(r"(\d+)\.(.+)")


class NotCapable(Exception):
    """This model cannot do that: `name` of the capability, `texts` the reason by language."""

    def __init__(self, name: str, texts: Texts) -> None:
        super().__init__(f"{name}: {plain_words(texts)}")
        self.name = name
        self.texts = texts
        self.reason = plain_words(texts)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One diagnostic as this device runs it. `object` ends in "."; `poll_s` as `effects.Diagnose`;
    `interface` is the path that goes along as an input, "" for none. `apart`: the others of the same name
    that must be run after it, one by one (a scan for each radio)."""

    name: str
    object: str
    poll_s: int
    interface: str
    definition: DiagnosticDefinition
    apart: tuple[Diagnostic, ...] = ()

    def inputs(self, given: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
        """(full path, value, type) to be written, without DiagnosticsState. `given` by our names; what is
        not given has its default. Refused for an unknown name, a missing or an impossible value."""
        known = {one.name for one in self.definition.inputs}
        for name in given:
            if name not in known:
                raise Refused(f"{self.name}.{name}", {"en": f"{self.name} takes no input '{name}'."})
        written = []
        if self.interface:
            path = self.object + self.definition.interface_path
            written.append((path, self.interface, "xsd:string"))
        for one in self.definition.inputs:
            text = self._text(one, given.get(one.name))
            if text is not None:
                written.append((self.object + one.path, text, one.xsd or _XSD.get(one.type, "xsd:string")))
        return tuple(written)

    def _text(self, one: Input, value: Any) -> str | None:
        if one.fixed is not None:
            return one.fixed
        if value is None or value == "":
            if one.required and not one.default:
                raise Refused(f"{self.name}.{one.name}", {"en": f"{self.name} needs '{one.name}'."})
            return one.default
        text = spelt(value, _XSD.get(one.type, "xsd:string"), None)
        try:
            typed(text, one.type, one.name)
        except Missing:
            raise Refused(f"{self.name}.{one.name}", {"en": f"'{text}' is not of type {one.type}."}) from None
        if one.limit != Limit() and not one.limit.allows(text):
            reasons = one.limit.reasons or {"en": f"'{text}' is outside what {one.name} may be."}
            raise Refused(f"{self.name}.{one.name}", reasons)
        return text


def diagnostic_of(definition: DiagnosticDefinition, fitting: Fitting, facts: Facts) -> Diagnostic:
    """The diagnostic on this device. Missing while an instance or the interface is unknown."""
    interface = ""
    if definition.interface:
        place = place_of(definition.interface, fitting.places, facts)
        if place is None:
            raise Missing((definition.interface,))
        interface = place if fitting.model == "tr181" else place.rstrip(".")
    objects = objects_of(definition, fitting, facts)
    if not objects:
        raise Missing((definition.name,))
    made = [Diagnostic(definition.name, one, definition.poll_s, interface, definition) for one in objects]
    first = made[0]
    return Diagnostic(first.name, first.object, first.poll_s, interface, definition, tuple(made[1:]))


def diagnosed(
    definition: DiagnosticDefinition, values: Mapping[str, tuple[str, str]], objects: Sequence[str]
) -> dict[str, Any]:
    """The typed results of a diagnostic's objects: see `settings.Settings.diagnosed`."""
    result: dict[str, Any] = {}
    rows: list[dict[str, Any]] = []
    for prefix in objects:
        below = {p[len(prefix) :]: v for p, (v, _) in values.items() if p.startswith(prefix)}
        for output in definition.outputs:
            _put(result, output, below.get)
        if definition.rows:
            rows.extend(row for row in _rows(definition, below) if row not in rows)
    if definition.rows:
        result[definition.rows] = rows[:ROWS_LIMIT]
    if {"bytes", "began", "ended"} <= result.keys() and result["ended"] > result["began"]:
        result["mbps"] = round(result["bytes"] * 8 / (result["ended"] - result["began"]) / 1e6, 2)
    return result


def objects_of(definition: DiagnosticDefinition, fitting: Fitting, facts: Facts) -> list[str]:
    """The objects that carry the diagnostic out on this device, each ending in "."."""
    found: list[str] = []
    for rule in definition.objects:
        found.extend(o for o in found_all(rule, fitting.places, facts) if o not in found)
    return found


def _rows(definition: DiagnosticDefinition, below: Mapping[str, str]) -> list[dict[str, Any]]:
    table = definition.rows_path.partition("{i}")[0]
    found: dict[int, dict[str, str]] = {}
    for path, text in below.items():
        if path.startswith(table) and (match := _ROW.fullmatch(path[len(table) :])):
            found.setdefault(int(match.group(1)), {})[match.group(2)] = text
    rows = []
    for number in sorted(found):
        row: dict[str, Any] = {}
        for column in definition.columns:
            _put(row, column, found[number].get)
        if "channel" in row and not row.get("band"):
            row["band"] = band_of(row["channel"])
        rows.append({name: value for name, value in row.items() if value is not None})
    return rows


def band_of(channel: int) -> str | None:
    """The band of a WiFi channel as the data models name it, where the device does not say."""
    return "2.4GHz" if 1 <= channel <= 14 else "5GHz" if 32 <= channel <= 177 else None


def _put(into: dict[str, Any], output: Output, told: Callable[[str], str | None]) -> None:
    for path in output.paths:
        text = told(path)
        if text is None or not text.strip():
            continue
        try:
            ours = output.conversion.read(text, output.type, output.name, told)
            into[output.name] = typed(ours, output.type, output.name)
        except Missing:
            continue
        return
