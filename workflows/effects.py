"""What a script may ask the world for, and what comes back.

An effect is only a description; `backend/runs/perform.py` is the one place that makes it real.
The k-th request of a replay must equal the k-th recorded one (invariant 3), so effects are frozen
and compare by value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class GetValues:
    """Rpc: GetParameterValues (TR-069 A.3.2.2). A name that ends in "." reads the whole object."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetValues:
    """Rpc: SetParameterValues (TR-069 A.3.2.1): (path, value, type such as "xsd:boolean")."""

    values: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class GetNames:
    """Rpc: GetParameterNames (TR-069 A.3.2.3): what is below `path`, which ends in "."."""

    path: str
    next_level: bool = True


@dataclass(frozen=True, slots=True)
class AddObject:
    """Rpc: AddObject (TR-069 A.3.2.6): a new instance of the object `name`, which ends in "."."""

    name: str


@dataclass(frozen=True, slots=True)
class DeleteObject:
    """Rpc: DeleteObject (TR-069 A.3.2.7): the instance `name`, which ends in "."."""

    name: str


@dataclass(frozen=True, slots=True)
class SetAttributes:
    """Rpc: SetParameterAttributes (TR-069 A.3.2.4): (path, notification 0 off, 1 passive, 2 active)."""

    attributes: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Reboot:
    """Rpc: Reboot (TR-069 A.3.2.9)."""


@dataclass(frozen=True, slots=True)
class FactoryReset:
    """Rpc: FactoryReset (TR-069 A.4.1.6)."""


@dataclass(frozen=True, slots=True)
class ScheduleInform:
    """Rpc: ScheduleInform (TR-069 A.4.1.2): the device calls again after `delay_s`; answered at once."""

    delay_s: int


@dataclass(frozen=True, slots=True)
class Download:
    """Rpc: Download (TR-069 A.3.2.8) of a stored file; answered when its TransferComplete has come.

    `file_type` is e.g. "1 Firmware Upgrade Image" or "3 Vendor Configuration File"; `file_id` names the
    stored file. Its one-time link is made when the request leaves, so no link is ever recorded.
    """

    file_type: str
    file_id: str


@dataclass(frozen=True, slots=True)
class Upload:
    """Rpc: Upload (TR-069 A.4.1.5); answered when its TransferComplete has come, with `Reply.file_id`.

    `file_type` is e.g. "1 Vendor Configuration File" or "2 Vendor Log File".
    """

    file_type: str


@dataclass(frozen=True, slots=True)
class Diagnose:
    """A diagnostics run (TR-181 "DiagnosticsState"): inputs and DiagnosticsState=Requested in one
    SetParameterValues, last in the list; the session ends; event 8; the whole object is read.

    `object` ends in "."; `inputs` are (full path, value, type). `poll_s` over 0: the device is known to
    send no event 8, so its state is read again every `poll_s` seconds.
    """

    object: str
    inputs: tuple[tuple[str, str, str], ...] = ()
    poll_s: int = 0


@dataclass(frozen=True, slots=True)
class AwaitContact:
    """No RPC: answered when the device begins a session with one of these events (any, when empty)."""

    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GetMethods:
    """Rpc: GetRPCMethods (TR-069 A.3.1.1)."""


@dataclass(frozen=True, slots=True)
class LedgerNote:
    """Business: write a note on the customer's ledger in the CRM."""

    text: str


Rpc = (
    GetValues
    | SetValues
    | GetNames
    | AddObject
    | DeleteObject
    | SetAttributes
    | Reboot
    | FactoryReset
    | ScheduleInform
    | Download
    | Upload
    | Diagnose
    | AwaitContact
    | GetMethods
)
"""What a device is asked for, one task each; some take more than one message, or more than one session."""

Effect = Rpc | LedgerNote

WRITES = (SetValues, AddObject, DeleteObject, SetAttributes, Reboot, FactoryReset, Download)
"""What changes the device: after a crash never blindly sent again (invariant 3)."""


def effect_to_json(effect: Effect) -> dict[str, Any]:
    """The stored form, e.g. {"rpc": "GetParameterValues", "names": [...]}."""
    match effect:
        case GetValues(names):
            return {"rpc": "GetParameterValues", "names": list(names)}
        case SetValues(values):
            return {"rpc": "SetParameterValues", "values": [list(v) for v in values]}
        case GetNames(path, next_level):
            return {"rpc": "GetParameterNames", "path": path, "next_level": next_level}
        case AddObject(name):
            return {"rpc": "AddObject", "name": name}
        case DeleteObject(name):
            return {"rpc": "DeleteObject", "name": name}
        case SetAttributes(attributes):
            return {"rpc": "SetParameterAttributes", "attributes": [list(a) for a in attributes]}
        case ScheduleInform(delay_s):
            return {"rpc": "ScheduleInform", "delay_s": delay_s}
        case Download(file_type, file_id):
            return {"rpc": "Download", "file_type": file_type, "file_id": file_id}
        case Upload(file_type):
            return {"rpc": "Upload", "file_type": file_type}
        case Diagnose(name, inputs, poll_s):
            return {"rpc": "Diagnose", "object": name, "inputs": [list(i) for i in inputs], "poll_s": poll_s}
        case AwaitContact(events):
            return {"rpc": "AwaitContact", "events": list(events)}
        case Reboot() | FactoryReset() | GetMethods():
            return {"rpc": _PLAIN_NAMES[type(effect)]}
        case LedgerNote(text):
            return {"rpc": "LedgerNote", "text": text}


def effect_from_json(data: Mapping[str, Any]) -> Effect:
    """Read back what `effect_to_json` wrote; KeyError for an unknown name."""
    read = _READERS.get(data["rpc"])
    return read(data) if read is not None else _PLAIN[data["rpc"]]()


def _triples(rows: Iterable[Sequence[str]]) -> tuple[tuple[str, str, str], ...]:
    return tuple((path, value, kind) for path, value, kind in rows)


_PLAIN: Final[dict[str, type[Reboot | FactoryReset | GetMethods]]] = {
    "Reboot": Reboot,
    "FactoryReset": FactoryReset,
    "GetRPCMethods": GetMethods,
}
_PLAIN_NAMES: Final = {kind: name for name, kind in _PLAIN.items()}

_READERS: Final[dict[str, Callable[[Mapping[str, Any]], Effect]]] = {
    "GetParameterValues": lambda data: GetValues(tuple(data["names"])),
    "SetParameterValues": lambda data: SetValues(_triples(data["values"])),
    "GetParameterNames": lambda data: GetNames(data["path"], data["next_level"]),
    "AddObject": lambda data: AddObject(data["name"]),
    "DeleteObject": lambda data: DeleteObject(data["name"]),
    "SetParameterAttributes": lambda data: SetAttributes(tuple((p, n) for p, n in data["attributes"])),
    "ScheduleInform": lambda data: ScheduleInform(data["delay_s"]),
    "Download": lambda data: Download(data["file_type"], data["file_id"]),
    "Upload": lambda data: Upload(data["file_type"]),
    "Diagnose": lambda data: Diagnose(data["object"], _triples(data["inputs"]), data["poll_s"]),
    "AwaitContact": lambda data: AwaitContact(tuple(data["events"])),
    "LedgerNote": lambda data: LedgerNote(data["text"]),
}


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
    `values` maps path to (value, type) for GetValues and Diagnose, method to itself for GetMethods;
    `names` are (path, writable) for GetNames; `instance` is AddObject's new number; `file_id` the stored
    file of an Upload; `at` is when it arrived (seconds, UTC).
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
    names: tuple[tuple[str, bool], ...] = ()
    instance: int | None = None
    file_id: str = ""

    def to_json(self) -> dict[str, Any]:
        """The stored form; `from_json` gives back an equal object."""
        more = {
            "names": [list(name) for name in self.names] or None,
            "instance": self.instance,
            "file_id": self.file_id or None,
        }
        return {
            **{name: value for name, value in more.items() if value is not None},
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
            names=tuple((path, writable) for path, writable in data.get("names", ())),
            instance=data.get("instance"),
            file_id=data.get("file_id", ""),
        )
