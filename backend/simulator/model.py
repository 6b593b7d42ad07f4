"""A router's parameter tree: what GetParameterValues and SetParameterValues do to it.

The rules are those of TR-069 Amendment 6, Annex A.3.2: a write is atomic (every parameter or none);
a refused write is fault 9003 with one entry per bad parameter (9005 unknown name, 9006 wrong type,
9007 wrong value, 9008 not writable); reading an unknown name is fault 9005; a hidden parameter
(a key, a password) reads as the empty string.

The module knows no router, no home and no time. It must never half-apply a write.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address

from backend.cwmp import datamodel
from backend.cwmp.faults import (
    INVALID_ARGUMENTS,
    INVALID_NAME,
    INVALID_TYPE,
    INVALID_VALUE,
    NOT_WRITABLE,
    TEXTS,
)
from backend.cwmp.rpc import ParameterInfo, ParameterValue, SetParameterFault

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_MAC = re.compile(r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}")
_RANGE = re.compile(r"(-?\d+)?\.\.(-?\d+)?")


class ModelFault(Exception):
    """The CPE answers with this fault; `parameters` is filled only for code 9003."""

    def __init__(self, code: str, text: str = "", parameters: Sequence[SetParameterFault] = ()) -> None:
        self.code = code
        self.text = text or TEXTS[code]
        self.parameters = tuple(parameters)
        super().__init__(f"{code} {self.text}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. `value` is the lexical form; `type` such as "xsd:boolean"; `rule` limits the
    value: "1..64" (number), "len 8..63" (length), "a|b" (one of), "ipv4", "ipv4s" (comma separated),
    "mac", or empty. A `hidden` one reads as the empty string (TR-181 1.3, hidden)."""

    path: str
    type: str
    value: str
    writable: bool = False
    hidden: bool = False
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One applied write, in the order of the request. A write of the same value is also a change."""

    path: str
    before: str
    after: str


def read_table(table: str, booleans: tuple[str, str] = ("false", "true")) -> Iterator[Parameter]:
    """Read a tree written as text: a line that ends in "." opens an object; the others are
    `Name type access value ; rule`, access being r (read), w (write) or h (write, hidden).

    `booleans` is how this router spells false and true on the wire.
    """
    prefix = ""
    for line in filter(None, map(str.strip, table.splitlines())):
        if " " not in line:
            prefix = line
            continue
        head, _, rule = line.partition(";")
        name, kind, access, *rest = head.split(None, 3)
        value = rest[0].strip() if rest else ""
        if kind == "boolean":
            value = booleans[_BOOLEANS[value]]
        yield Parameter(prefix + name, f"xsd:{kind}", value, access in "wh", access == "h", rule.strip())


class ParameterTree:
    """The parameters of one router by full path.

    `booleans` spells false and true; a value written in the other spelling is kept in the router's
    own, as real routers do. `agree` checks parameters against each other on the values as they
    would be after a write, and gives the faults.
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        booleans: tuple[str, str] = ("false", "true"),
        agree: Callable[[Callable[[str], str]], list[SetParameterFault]] | None = None,
    ) -> None:
        self._parameters = {p.path: p for p in parameters}
        self._paths = sorted(self._parameters)
        self._booleans = booleans
        self._agree = agree

    def __len__(self) -> int:
        return len(self._parameters)

    def __contains__(self, path: str) -> bool:
        return path in self._parameters

    def value(self, path: str) -> str:
        """The true value, hidden or not; KeyError for an unknown path."""
        return self._parameters[path].value

    def is_true(self, path: str) -> bool:
        """A boolean parameter's value; KeyError for an unknown path."""
        return _BOOLEANS[self._parameters[path].value]

    def parameter(self, path: str) -> Parameter:
        """The whole parameter; KeyError for an unknown path."""
        return self._parameters[path]

    def values(self) -> dict[str, str]:
        """Every true value by path, hidden ones too."""
        return {path: self._parameters[path].value for path in self._paths}

    def put(self, path: str, value: str | bool | int) -> None:
        """The router itself changes a value (a counter, a lease, a host); no rule is checked."""
        if isinstance(value, bool):
            value = self._booleans[value]
        old = self._parameters[path]
        if old.value != value:
            self._parameters[path] = replace(old, value=str(value))

    def get(self, names: Sequence[str]) -> list[ParameterValue]:
        """GetParameterValues (A.3.2.2): each name's value; one that ends in "." or
        is empty reads everything below. Raises ModelFault 9005 for a name that is not there."""
        found: list[ParameterValue] = []
        for name in names:
            paths = self._below(name) if not name or name.endswith(".") else [name]
            if not paths or paths[0] not in self._parameters:
                raise ModelFault(INVALID_NAME, f"{TEXTS[INVALID_NAME]}: {name}")
            for path in paths:
                parameter = self._parameters[path]
                value = "" if parameter.hidden else parameter.value
                found.append(ParameterValue(path, value, parameter.type))
        return found

    def names(self, path: str, next_level: bool) -> list[ParameterInfo]:
        """GetParameterNames (A.3.2.3). Objects end in "." and are never writable
        here, since no object can be added. Raises ModelFault 9005, and 9003 for `next_level` with a
        full path."""
        if path in self._parameters:
            if next_level:
                raise ModelFault(INVALID_ARGUMENTS)
            return [ParameterInfo(path, self._parameters[path].writable)]
        below = self._below(path)
        if not below or (path and not path.endswith(".")):
            raise ModelFault(INVALID_NAME, f"{TEXTS[INVALID_NAME]}: {path}")
        names: dict[str, bool] = {} if next_level else {path: False}
        for full in below:
            parts = full[len(path) :].split(".")
            for depth in range(1, len(parts)):
                names.setdefault(path + ".".join(parts[:depth]) + ".", False)
            names[full] = self._parameters[full].writable
        names.pop("", None)
        found = (ParameterInfo(name, writable) for name, writable in names.items())
        return [i for i in found if not next_level or "." not in i.name[len(path) :].rstrip(".")]

    def plan(self, values: Sequence[ParameterValue]) -> list[Change]:
        """What SetParameterValues (A.3.2.1) would change, in order; nothing is changed yet.

        Raises ModelFault 9003, which names every bad parameter.
        """
        meant, faults = self._meant(values)
        if not faults and self._agree:
            found = self._agree(lambda path: meant.get(path, self._parameters[path].value))
            faults = [fault for fault in found if fault.name in meant]
        if faults:
            raise ModelFault(INVALID_ARGUMENTS, parameters=faults)
        return [Change(path, self._parameters[path].value, after) for path, after in meant.items()]

    def apply(self, changes: Iterable[Change]) -> None:
        """Carry out what `plan` gave: every change of it."""
        for change in changes:
            self.put(change.path, change.after)

    def written(self, since: Mapping[str, str]) -> dict[str, str]:
        """The writable values that differ from `since`: what a restart must bring back."""
        return {
            path: parameter.value
            for path, parameter in self._parameters.items()
            if parameter.writable and since.get(path) != parameter.value
        }

    def restore(self, values: Mapping[str, str | bool | int]) -> None:
        """Bring back stored values; paths this model no longer has are left out."""
        for path, value in values.items():
            if path in self._parameters:
                self.put(path, value)

    def _meant(
        self, values: Sequence[ParameterValue]
    ) -> tuple[dict[str, str], list[SetParameterFault]]:
        meant: dict[str, str] = {}
        faults: list[SetParameterFault] = []
        for path, value, kind in values:
            code = INVALID_ARGUMENTS if path in meant else self._refusal(path, value, kind)
            if code:
                text = "Named twice in one request" if path in meant else TEXTS[code]
                faults.append(SetParameterFault(path, code, text))
                continue
            if self._parameters[path].type == "xsd:boolean":
                value = self._booleans[_BOOLEANS[value.strip()]]
            meant[path] = value
        return meant, faults

    def _refusal(self, path: str, value: str, kind: str) -> str:
        parameter = self._parameters.get(path)
        if parameter is None:
            return INVALID_NAME
        if not parameter.writable:
            return NOT_WRITABLE
        if kind != parameter.type:
            return INVALID_TYPE
        try:
            datamodel.parse(value, kind)
        except ValueError:
            return INVALID_VALUE
        return "" if _is_allowed(parameter.rule, value) else INVALID_VALUE

    def _below(self, prefix: str) -> list[str]:
        start = bisect_left(self._paths, prefix)
        end = bisect_left(self._paths, prefix + "\U0010ffff", start)
        return self._paths[start:end]


def _is_allowed(rule: str, value: str) -> bool:
    if not rule:
        return True
    if rule == "mac":
        return value == "" or _MAC.fullmatch(value) is not None
    if rule == "ipv4":
        return value == "" or _is_address(value)
    if rule == "ipv4s":
        return value == "" or all(_is_address(part.strip()) for part in value.split(","))
    if rule.startswith("len "):
        return _is_within(rule[4:], len(value))
    if _RANGE.fullmatch(rule):
        return _is_within(rule, int(value))
    return value in rule.split("|")


def _is_within(limits: str, number: int) -> bool:
    lowest, _, highest = limits.partition("..")
    return (not lowest or number >= int(lowest)) and (not highest or number <= int(highest))


def _is_address(text: str) -> bool:
    try:
        IPv4Address(text)
    except ValueError:
        return False
    return True
