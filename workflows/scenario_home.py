"""The device of a scenario: a table of values, and what it does of its own when it is asked for something."""

from __future__ import annotations

from dataclasses import dataclass, field

from workflows.effects import (
    WRITES,
    AddObject,
    AwaitContact,
    DeleteObject,
    Diagnose,
    Download,
    Effect,
    FactoryReset,
    GetNames,
    GetValues,
    LedgerNote,
    ParameterFault,
    Reboot,
    Reply,
    ScheduleInform,
    SetAttributes,
    SetValues,
    Upload,
)
from workflows.requests import INVALID_NAME

Value = tuple[str, str]
"""(text, type such as "xsd:boolean")."""

WHAT: dict[type, str] = {
    AddObject: "add",
    DeleteObject: "delete",
    SetAttributes: "attributes",
    Reboot: "reboot",
    FactoryReset: "factory-reset",
    ScheduleInform: "schedule-inform",
    Download: "download",
    Upload: "upload",
    Diagnose: "diagnose",
    AwaitContact: "await",
}
"""What a scenario calls the effects that are no reads and no writes of values."""


@dataclass(slots=True)
class Home:
    """The device of a scenario. `refuses` and `ignores` map a path to how often it still does so;
    `silent` maps the number of a request (from 1) to whether its fate is uncertain. `fails` maps one of WHAT
    to its fault code and how often; `after` to the values it brings; `rows` an object to the values of its
    next new instances. `done` are the effects it carried out, as (what, of what)."""

    values: dict[str, Value]
    refuses: dict[str, tuple[str, int]] = field(default_factory=dict)
    ignores: dict[str, int] = field(default_factory=dict)
    silent: dict[int, bool] = field(default_factory=dict)
    fails: dict[str, tuple[str, int]] = field(default_factory=dict)
    after: dict[str, dict[str, Value]] = field(default_factory=dict)
    rows: dict[str, dict[str, Value]] = field(default_factory=dict)
    file_id: str = "uploaded"
    requests: int = 0
    writes: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    done: list[tuple[str, str]] = field(default_factory=list)

    def reply(self, effect: Effect, at: float) -> Reply:
        """What the world answers to one effect."""
        if isinstance(effect, LedgerNote):
            self.notes.append(effect.text)
            return Reply(ok=True, at=at)
        self.requests += 1
        if self.requests in self.silent:
            uncertain = self.silent[self.requests]
            return Reply(ok=False, at=at, timed_out=not uncertain, uncertain=uncertain)
        match effect:
            case GetValues(names):
                return self._get(names, at)
            case GetNames(path, next_level):
                return self._names(path, next_level, at)
            case SetValues(values):
                return self._set(values, at)
            case _:
                return self._do(effect, at)

    def _get(self, names: tuple[str, ...], at: float) -> Reply:
        found: dict[str, Value] = {}
        for name in names:
            whole = name.endswith(".")
            below = {p: v for p, v in self.values.items() if p == name or (whole and p.startswith(name))}
            if not below:
                return Reply(ok=False, at=at, fault_code=INVALID_NAME, fault_text=f"Invalid name {name}")
            found.update(below)
        return Reply(ok=True, at=at, values=found)

    def _names(self, path: str, next_level: bool, at: float) -> Reply:
        below = [p for p in self.values if p.startswith(path)]
        if not below:
            return Reply(ok=False, at=at, fault_code=INVALID_NAME, fault_text=f"Invalid name {path}")
        if next_level:
            rest = (p.removeprefix(path).partition(".") for p in below)
            below = list(dict.fromkeys(f"{path}{name}{dot}" for name, dot, _ in rest))
        return Reply(ok=True, at=at, names=tuple((name, True) for name in below))

    def _set(self, values: tuple[tuple[str, str, str], ...], at: float) -> Reply:
        self.writes.extend((path, value) for path, value, _ in values)
        faults = []
        for path, _, _ in values:
            code, times = self.refuses.get(path, ("", 0))
            if times > 0:
                self.refuses[path] = (code, times - 1)
                faults.append(ParameterFault(path, code, "refused by this home"))
        if faults:
            return Reply(ok=False, at=at, fault_code="9003", fault_parameters=tuple(faults))
        for path, value, kind in values:
            if self.ignores.get(path, 0) > 0:
                self.ignores[path] -= 1
            else:
                self.values[path] = (value, kind)
        return Reply(ok=True, at=at, status=0)

    def _do(self, effect: Effect, at: float) -> Reply:
        what = WHAT.get(type(effect), "")
        code, times = self.fails.get(what, ("", 0))
        if times > 0:
            self.fails[what] = (code, times - 1)
            away = isinstance(effect, AwaitContact)
            return Reply(ok=False, at=at, timed_out=away, fault_code="" if away else code or "9002")
        self.values.update(self.after.get(what, {}))
        match effect:
            case AddObject(parent):
                number = self._next_number(parent)
                self.done.append((what, f"{parent}{number}."))
                rows = self.rows.get(parent, {})
                self.values.update({f"{parent}{number}.{name}": value for name, value in rows.items()})
                return Reply(ok=True, at=at, status=0, instance=number)
            case DeleteObject(instance):
                self.done.append((what, instance))
                self.values = {p: v for p, v in self.values.items() if not p.startswith(instance)}
            case Download(file_type, file_id):
                self.done.append((what, f"{file_type}: {file_id}"))
            case Upload(file_type):
                self.done.append((what, file_type))
                return Reply(ok=True, at=at, file_id=self.file_id)
            case Diagnose(name):
                found = {p: v for p, v in self.values.items() if p.startswith(name)}
                return Reply(ok=True, at=at, values=found)
            case SetAttributes(attributes):
                self.done.append((what, ", ".join(f"{path} {number}" for path, number in attributes)))
            case _:
                if isinstance(effect, WRITES):
                    self.done.append((what, ""))
        return Reply(ok=True, at=at)

    def _next_number(self, parent: str) -> int:
        there = (p.removeprefix(parent).partition(".")[0] for p in self.values if p.startswith(parent))
        return max((int(number) for number in there if number.isdecimal()), default=0) + 1
