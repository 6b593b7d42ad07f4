"""The messages of TR-069 Annex A, one frozen dataclass each, and one union each way.

A class is named as its method on the wire, so `method_of` is the class's own name. Every value is
kept as the sender spelt it; `datamodel` turns spelling into booleans, numbers and times. Nothing
here knows XML, HTTP or a clock. Those of parameters, files and software modules stand in modules of
their own; all are named from here, `rpc.Download`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, get_args

from backend.cwmp.rpc_modules import (
    AutonomousDUStateChangeComplete,
    AutonomousDUStateChangeCompleteResponse,
    ChangeDUState,
    ChangeDUStateResponse,
    DUStateChangeComplete,
    DUStateChangeCompleteResponse,
    InstallOperation,
    Operation,
    OperationResult,
    UninstallOperation,
    UpdateOperation,
)
from backend.cwmp.rpc_parameters import (
    AddObject,
    AddObjectResponse,
    DeleteObject,
    DeleteObjectResponse,
    GetParameterAttributes,
    GetParameterAttributesResponse,
    GetParameterNames,
    GetParameterNamesResponse,
    GetParameterValues,
    GetParameterValuesResponse,
    ParameterAttribute,
    ParameterInfo,
    ParameterValue,
    SetParameterAttribute,
    SetParameterAttributes,
    SetParameterAttributesResponse,
    SetParameterValues,
    SetParameterValuesResponse,
)
from backend.cwmp.rpc_transfers import (
    AllQueuedTransfer,
    Argument,
    AutonomousTransferComplete,
    AutonomousTransferCompleteResponse,
    CancelTransfer,
    CancelTransferResponse,
    Download,
    DownloadResponse,
    GetAllQueuedTransfers,
    GetAllQueuedTransfersResponse,
    GetQueuedTransfers,
    GetQueuedTransfersResponse,
    QueuedTransfer,
    RequestDownload,
    RequestDownloadResponse,
    ScheduleDownload,
    ScheduleDownloadResponse,
    TimeWindow,
    TransferComplete,
    TransferCompleteResponse,
    Upload,
    UploadResponse,
)

__all__ = [
    "ACS_METHODS", "AcsRequest", "AcsResponse", "AddObject", "AddObjectResponse", "AllQueuedTransfer",
    "Argument", "AutonomousDUStateChangeComplete", "AutonomousDUStateChangeCompleteResponse",
    "AutonomousTransferComplete", "AutonomousTransferCompleteResponse", "CPE_METHODS", "CancelTransfer",
    "CancelTransferResponse", "ChangeDUState", "ChangeDUStateResponse", "CpeRequest", "CpeResponse",
    "DUStateChangeComplete", "DUStateChangeCompleteResponse", "DeleteObject", "DeleteObjectResponse",
    "DeviceId", "Download", "DownloadResponse", "Event", "FactoryReset", "FactoryResetResponse", "Fault",
    "FromAcs", "FromCpe", "GetAllQueuedTransfers", "GetAllQueuedTransfersResponse", "GetOptions",
    "GetOptionsResponse", "GetParameterAttributes", "GetParameterAttributesResponse", "GetParameterNames",
    "GetParameterNamesResponse", "GetParameterValues", "GetParameterValuesResponse", "GetQueuedTransfers",
    "GetQueuedTransfersResponse", "GetRPCMethods", "GetRPCMethodsResponse", "Inform", "InformResponse",
    "InstallOperation", "Kicked", "KickedResponse", "Message", "Operation", "OperationResult", "Option",
    "ParameterAttribute", "ParameterInfo", "ParameterValue", "QueuedTransfer", "Reboot", "RebootResponse",
    "RequestDownload", "RequestDownloadResponse", "ScheduleDownload", "ScheduleDownloadResponse",
    "ScheduleInform", "ScheduleInformResponse", "SetParameterAttribute", "SetParameterAttributes",
    "SetParameterAttributesResponse", "SetParameterFault", "SetParameterValues", "SetParameterValuesResponse",
    "SetVouchers", "SetVouchersResponse", "TimeWindow", "TransferComplete", "TransferCompleteResponse",
    "UninstallOperation", "Unsupported", "UpdateOperation", "Upload", "UploadResponse", "is_response",
    "method_of",
]


class Event(NamedTuple):
    """EventStruct (Table 8): a code such as "1 BOOT" or "M Reboot", and the command's key."""

    code: str
    command_key: str = ""


class SetParameterFault(NamedTuple):
    """SetParameterValuesFault: which parameter was refused, with which code, and why."""

    name: str
    code: str
    text: str = ""


class Option(NamedTuple):
    """OptionStruct of GetOptionsResponse. `state` 0 to 3, `mode` 0 to 2; dates as spelt, "" for no end."""

    name: str
    voucher_sn: int
    state: int
    mode: int
    start_date: str
    expiration_date: str = ""
    is_transferable: int = 0


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
class Reboot:
    """A.3.2.9: the key comes back in the event "M Reboot"."""

    command_key: str = ""


@dataclass(frozen=True, slots=True)
class RebootResponse:
    """A.3.2.9: sent before the device restarts."""


@dataclass(frozen=True, slots=True)
class ScheduleInform:
    """A.4.1.2: "3 SCHEDULED" and "M ScheduleInform" with this key, `delay_s` (over 0) from now."""

    delay_s: int
    command_key: str = ""


@dataclass(frozen=True, slots=True)
class ScheduleInformResponse:
    """A.4.1.2."""


@dataclass(frozen=True, slots=True)
class FactoryReset:
    """A.4.1.6: everything as it left the factory; "0 BOOTSTRAP" follows, and no key comes back."""


@dataclass(frozen=True, slots=True)
class FactoryResetResponse:
    """A.4.1.6: sent before the device resets."""


@dataclass(frozen=True, slots=True)
class SetVouchers:
    """A.4.1.3, deprecated: signed vouchers, each in base64."""

    vouchers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetVouchersResponse:
    """A.4.1.3."""


@dataclass(frozen=True, slots=True)
class GetOptions:
    """A.4.1.4, deprecated: one option, or all for ""."""

    option_name: str = ""


@dataclass(frozen=True, slots=True)
class GetOptionsResponse:
    """A.4.1.4."""

    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Kicked:
    """A.4.2.1, deprecated: the arguments of the web page that kicked the device, unchecked."""

    command: str
    referer: str
    arg: str
    next: str


@dataclass(frozen=True, slots=True)
class KickedResponse:
    """A.4.2.1: where the browser goes next."""

    next_url: str


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


CpeRequest = (
    Inform
    | GetRPCMethods
    | TransferComplete
    | AutonomousTransferComplete
    | RequestDownload
    | Kicked
    | DUStateChangeComplete
    | AutonomousDUStateChangeComplete
)
AcsResponse = (
    InformResponse
    | GetRPCMethodsResponse
    | TransferCompleteResponse
    | AutonomousTransferCompleteResponse
    | RequestDownloadResponse
    | KickedResponse
    | DUStateChangeCompleteResponse
    | AutonomousDUStateChangeCompleteResponse
)
AcsRequest = (
    GetRPCMethods
    | SetParameterValues
    | GetParameterValues
    | GetParameterNames
    | SetParameterAttributes
    | GetParameterAttributes
    | AddObject
    | DeleteObject
    | Download
    | Reboot
    | GetQueuedTransfers
    | ScheduleInform
    | SetVouchers
    | GetOptions
    | Upload
    | FactoryReset
    | GetAllQueuedTransfers
    | ScheduleDownload
    | CancelTransfer
    | ChangeDUState
)
CpeResponse = (
    GetRPCMethodsResponse
    | SetParameterValuesResponse
    | GetParameterValuesResponse
    | GetParameterNamesResponse
    | SetParameterAttributesResponse
    | GetParameterAttributesResponse
    | AddObjectResponse
    | DeleteObjectResponse
    | DownloadResponse
    | RebootResponse
    | GetQueuedTransfersResponse
    | ScheduleInformResponse
    | SetVouchersResponse
    | GetOptionsResponse
    | UploadResponse
    | FactoryResetResponse
    | GetAllQueuedTransfersResponse
    | ScheduleDownloadResponse
    | CancelTransferResponse
    | ChangeDUStateResponse
)
FromCpe = CpeRequest | CpeResponse | Fault
FromAcs = AcsRequest | AcsResponse | Fault
Message = FromCpe | FromAcs | Unsupported

ACS_METHODS: tuple[str, ...] = tuple(request.__name__ for request in get_args(CpeRequest))
"""What our ACS answers to GetRPCMethods: the requests it accepts from a CPE."""

CPE_METHODS: tuple[str, ...] = tuple(request.__name__ for request in get_args(AcsRequest))
"""The requests of `AcsRequest`, by name. A device supports some of them."""


def method_of(message: Message) -> str:
    """The message's name on the wire, e.g. "GetParameterValuesResponse"."""
    return message.method if isinstance(message, Unsupported) else type(message).__name__


def is_response(message: Message) -> bool:
    """True for a message that answers a request (a Fault is neither)."""
    return method_of(message).endswith("Response")
