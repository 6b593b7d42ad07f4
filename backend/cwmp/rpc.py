"""The messages of TR-069 Annex A, one frozen dataclass each, and one union each way.

A class is named as its method on the wire, so `method_of` is the class's own name. Every value is
kept as the sender spelt it; `datamodel` turns spelling into booleans, numbers and times. Nothing
here knows XML, HTTP or a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class ParameterValue(NamedTuple):
    """ParameterValueStruct: a full path, its value as text, and its type such as "xsd:boolean"."""

    name: str
    value: str
    type: str = "xsd:string"


class ParameterInfo(NamedTuple):
    """ParameterInfoStruct of GetParameterNamesResponse: a path (an object ends in ".")."""

    name: str
    writable: bool


class Event(NamedTuple):
    """EventStruct (Table 8): a code such as "1 BOOT" or "M Reboot", and the command's key."""

    code: str
    command_key: str = ""


class SetParameterFault(NamedTuple):
    """SetParameterValuesFault: which parameter was refused, with which code, and why."""

    name: str
    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class DeviceId:
    """DeviceIdStruct (A.3.3.1). `oui` is six hexadecimal digits; `product_class` may be empty."""

    manufacturer: str
    oui: str
    product_class: str
    serial_number: str


@dataclass(frozen=True, slots=True)
class Inform:
    """A.3.3.1: opens a session. `current_time` is the device's own clock, as it spelt it."""

    device: DeviceId
    events: tuple[Event, ...]
    values: tuple[ParameterValue, ...] = ()
    current_time: str = "0001-01-01T00:00:00Z"
    retry_count: int = 0
    max_envelopes: int = 1


@dataclass(frozen=True, slots=True)
class InformResponse:
    """A.3.3.1: `max_envelopes` is always 1 since Amendment 1."""

    max_envelopes: int = 1


@dataclass(frozen=True, slots=True)
class GetRPCMethods:
    """A.3.1.1: both sides may ask it."""


@dataclass(frozen=True, slots=True)
class GetRPCMethodsResponse:
    """A.3.1.1: the names of the methods the answering side supports."""

    methods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TransferComplete:
    """A.3.3.2: a file transfer ended; `fault_code` is "0" when it succeeded."""

    command_key: str
    fault_code: str = "0"
    fault_text: str = ""
    start_time: str = "0001-01-01T00:00:00Z"
    complete_time: str = "0001-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class TransferCompleteResponse:
    """A.3.3.2."""


@dataclass(frozen=True, slots=True)
class GetParameterValues:
    """A.3.2.2: full paths, or partial ones ending in "." for a whole object."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GetParameterValuesResponse:
    """A.3.2.2."""

    values: tuple[ParameterValue, ...]


@dataclass(frozen=True, slots=True)
class SetParameterValues:
    """A.3.2.1: all are applied, or none. The device stores `parameter_key` on success only."""

    values: tuple[ParameterValue, ...]
    parameter_key: str = ""


@dataclass(frozen=True, slots=True)
class SetParameterValuesResponse:
    """A.3.2.1: status 0 applied; 1 accepted and not applied yet."""

    status: int = 0


@dataclass(frozen=True, slots=True)
class GetParameterNames:
    """A.3.2.3: the names under `path`; `next_level` asks for its direct children only."""

    path: str
    next_level: bool = False


@dataclass(frozen=True, slots=True)
class GetParameterNamesResponse:
    """A.3.2.3."""

    names: tuple[ParameterInfo, ...]


@dataclass(frozen=True, slots=True)
class AddObject:
    """A.3.2.6: `object_name` is a multi-instance object's path ending in "."."""

    object_name: str
    parameter_key: str = ""


@dataclass(frozen=True, slots=True)
class AddObjectResponse:
    """A.3.2.6: the new instance's number; status as of SetParameterValuesResponse."""

    instance_number: int
    status: int = 0


@dataclass(frozen=True, slots=True)
class DeleteObject:
    """A.3.2.7: `object_name` is an instance's path ending in "."."""

    object_name: str
    parameter_key: str = ""


@dataclass(frozen=True, slots=True)
class DeleteObjectResponse:
    """A.3.2.7."""

    status: int = 0


@dataclass(frozen=True, slots=True)
class Reboot:
    """A.3.2.8: the key comes back in the event "M Reboot"."""

    command_key: str = ""


@dataclass(frozen=True, slots=True)
class RebootResponse:
    """A.3.2.8: sent before the device restarts."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A SOAP fault with CWMP detail (3.5, A.5): `code` such as "9003".

    `code` is empty when the sender gave a bare SOAP fault without CWMP detail.
    """

    code: str
    text: str = ""
    set_parameter_faults: tuple[SetParameterFault, ...] = ()


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A well-formed message of a method not listed here; its arguments are not read."""

    method: str


CpeRequest = Inform | TransferComplete | GetRPCMethods
AcsResponse = InformResponse | TransferCompleteResponse | GetRPCMethodsResponse
AcsRequest = (
    GetRPCMethods
    | GetParameterValues
    | SetParameterValues
    | GetParameterNames
    | AddObject
    | DeleteObject
    | Reboot
)
CpeResponse = (
    GetRPCMethodsResponse
    | GetParameterValuesResponse
    | SetParameterValuesResponse
    | GetParameterNamesResponse
    | AddObjectResponse
    | DeleteObjectResponse
    | RebootResponse
)
FromCpe = CpeRequest | CpeResponse | Fault
FromAcs = AcsRequest | AcsResponse | Fault
Message = FromCpe | FromAcs | Unsupported

ACS_METHODS = ("Inform", "GetRPCMethods", "TransferComplete")
"""What our ACS answers to GetRPCMethods: the requests it accepts from a CPE."""

CPE_METHODS = (
    "GetRPCMethods",
    "SetParameterValues",
    "GetParameterValues",
    "GetParameterNames",
    "AddObject",
    "DeleteObject",
    "Reboot",
)
"""The requests of `AcsRequest`, by name."""


def method_of(message: Message) -> str:
    """The message's name on the wire, e.g. "GetParameterValuesResponse"."""
    return message.method if isinstance(message, Unsupported) else type(message).__name__


def is_response(message: Message) -> bool:
    """True for a message that answers a request (a Fault is neither)."""
    return method_of(message).endswith("Response")
