"""What a step found: codes, readings with their age, changes made, a status. Plain, frozen data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

ENGINE_READINGS = frozenset({"parameter", "label", "fault_code", "fault_text", "why", "missing", "reason"})
"""Readings of findings the engine itself reports."""


class Status(StrEnum):
    """How a step or a run ended; the names of the task language."""

    SUCCESS = "SUCCESS"
    WARNING = "WARNING"
    ERROR = "ERROR"
    IN_PROGRESS = "IN_PROGRESS"
    NOT_STARTED = "NOT_STARTED"


@dataclass(frozen=True, slots=True)
class Reading:
    """A measured or read value. `age_s` is None when it is not a stored datum. Numbers are raw."""

    name: str
    value: Any
    unit: str = ""
    age_s: float | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a step found, e.g. code "dns-not-allowed", severity INFO, WARN or ERROR."""

    code: str
    severity: str
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the device. `kind`: "set" (a value), "added" or "deleted" (an instance: `path` ends in
    ".").

    `before` is None when it is not known, and for instances; so is `after` for instances. `verified` is
    None until it was read back, and stays so where the device shows nothing. `type` is the value's xsd type,
    `setting` the name of the setting, "" without one. `held` is what a deleted instance held and may be
    written again: (path below it, value, type).
    """

    path: str
    before: str | None
    after: str | None
    verified: bool | None = None
    kind: str = "set"
    type: str = ""
    setting: str = ""
    held: tuple[tuple[str, str, str], ...] = ()

    def to_json(self) -> list[Any]:
        """The stored form."""
        held = [list(one) for one in self.held]
        return [self.path, self.before, self.after, self.verified, self.kind, self.type, self.setting, held]

    @staticmethod
    def from_json(data: Sequence[Any]) -> Change:
        """Read back what `to_json` wrote, also the four columns that were once all."""
        if len(data) == 4:
            return Change(*data)
        path, before, after, verified, kind, of_type, setting, held = data
        triples = tuple((name, value, of) for name, value, of in held)
        return Change(path, before, after, verified, kind, of_type, setting, triples)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one step. `message` is the author's own words of `finish`, if any."""

    status: Status
    findings: tuple[Finding, ...] = ()
    readings: tuple[Reading, ...] = ()
    changes: tuple[Change, ...] = ()
    message: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the findings, in the order found."""
        return tuple(finding.code for finding in self.findings)

    def reading_values(self) -> dict[str, Any]:
        """Readings by name, the findings' own included (later ones win)."""
        named = {r.name: r.value for r in self.readings}
        for finding in self.findings:
            named.update({r.name: r.value for r in finding.readings})
        return named

    def to_json(self) -> dict[str, Any]:
        """The stored form; `from_json` gives back an equal object."""
        return {
            "status": self.status.value,
            "findings": [[f.code, f.severity, [_reading(r) for r in f.readings]] for f in self.findings],
            "readings": [_reading(r) for r in self.readings],
            "changes": [change.to_json() for change in self.changes],
            "message": self.message,
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Outcome:
        """Read back what `to_json` wrote."""
        return Outcome(
            status=Status(data["status"]),
            findings=tuple(
                Finding(code, severity, tuple(Reading(*r) for r in readings))
                for code, severity, readings in data["findings"]
            ),
            readings=tuple(Reading(*r) for r in data["readings"]),
            changes=tuple(Change.from_json(change) for change in data["changes"]),
            message=data["message"],
        )


def _reading(reading: Reading) -> list[Any]:
    return [reading.name, reading.value, reading.unit, reading.age_s]
