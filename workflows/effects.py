"""What a script may ask the world for, and what comes back.

An effect is only a description; `backend/runs/perform.py` is the one place that makes it real.
The k-th request of a replay must equal the k-th recorded one (invariant 3), so effects are frozen
and compare by value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class GetValues:
    """Rpc: GetParameterValues (TR-069 A.3.2.2). A name that ends in "." reads the whole object."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetValues:
    """Rpc: SetParameterValues (TR-069 A.3.2.1): (path, value, type such as "xsd:boolean")."""

    values: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Reboot:
    """Rpc: Reboot (TR-069 A.3.2.8)."""


@dataclass(frozen=True, slots=True)
class GetMethods:
    """Rpc: GetRPCMethods (TR-069 A.3.1.1)."""


@dataclass(frozen=True, slots=True)
class LedgerNote:
    """Business: write a note on the customer's ledger in the CRM."""

    text: str


Rpc = GetValues | SetValues | Reboot | GetMethods
Effect = Rpc | LedgerNote

_BY_NAME: dict[str, type[Any]] = {
    "GetParameterValues": GetValues,
    "SetParameterValues": SetValues,
    "Reboot": Reboot,
    "GetRPCMethods": GetMethods,
    "LedgerNote": LedgerNote,
}


def effect_to_json(effect: Effect) -> dict[str, Any]:
    """The stored form, e.g. {"rpc": "GetParameterValues", "names": [...]}."""
    match effect:
        case GetValues(names):
            return {"rpc": "GetParameterValues", "names": list(names)}
        case SetValues(values):
            return {"rpc": "SetParameterValues", "values": [list(v) for v in values]}
        case Reboot():
            return {"rpc": "Reboot"}
        case GetMethods():
            return {"rpc": "GetRPCMethods"}
        case LedgerNote(text):
            return {"rpc": "LedgerNote", "text": text}


def effect_from_json(data: Mapping[str, Any]) -> Effect:
    """Read back what `effect_to_json` wrote; KeyError for an unknown name."""
    kind = _BY_NAME[data["rpc"]]
    if kind is GetValues:
        return GetValues(tuple(data["names"]))
    if kind is SetValues:
        return SetValues(tuple((p, v, t) for p, v, t in data["values"]))
    if kind is LedgerNote:
        return LedgerNote(data["text"])
    made: Effect = kind()
    return made


@dataclass(frozen=True, slots=True)
class ParameterFault:
    """One bad parameter of a SetParameterValues fault (TR-069 A.3.2.1)."""

    name: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for one effect.

    Exactly one of these holds: `ok`; a CPE fault (`fault_code` such as "9003"); `timed_out` (the
    device was not heard within the step's time); `uncertain` (it may or may not have happened).
    `values` maps path to (value, type) for GetValues; `at` is when it arrived (seconds, UTC).
    """

    ok: bool
    at: float
    values: Mapping[str, tuple[str, str]] | None = None
    status: int | None = None
    fault_code: str = ""
    fault_text: str = ""
    fault_parameters: tuple[ParameterFault, ...] = ()
    timed_out: bool = False
    uncertain: bool = False

    def to_json(self) -> dict[str, Any]:
        """The stored form; `from_json` gives back an equal object."""
        return {
            "ok": self.ok,
            "at": self.at,
            "values": None if self.values is None else {p: list(v) for p, v in self.values.items()},
            "status": self.status,
            "fault_code": self.fault_code,
            "fault_text": self.fault_text,
            "fault_parameters": [[f.name, f.code, f.text] for f in self.fault_parameters],
            "timed_out": self.timed_out,
            "uncertain": self.uncertain,
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Reply:
        """Read back what `to_json` wrote."""
        values = data["values"]
        return Reply(
            ok=data["ok"],
            at=data["at"],
            values=None if values is None else {p: (v[0], v[1]) for p, v in values.items()},
            status=data["status"],
            fault_code=data["fault_code"],
            fault_text=data["fault_text"],
            fault_parameters=tuple(ParameterFault(*f) for f in data["fault_parameters"]),
            timed_out=data["timed_out"],
            uncertain=data["uncertain"],
        )
