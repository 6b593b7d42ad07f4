"""The elements of the messages that are plain lists of fields (Annex A): one table for reader and writer.

Each message's elements stand in the order of the schema, which is also that of its dataclass, so a row
needs no attribute names. What is read often (Inform, values, names), or is not plain, has code of its own
in `readers` and `encode`. Hand-written bytes in the tests say what each row must mean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

from backend.cwmp import rpc
from backend.cwmp.rpc_transfers import UNKNOWN_TIME


class Kind(Enum):
    """How a leaf's text is taken, and what a missing or empty one means (None: the message is malformed)."""

    TEXT = (1, "")  # verbatim
    TOKEN = (2, "")  # without the spaces around it
    TIME = (3, UNKNOWN_TIME)
    FAULT_CODE = (4, "0")
    NUMBER = (5, 0)  # xsd:unsignedInt
    SIGNED = (6, 0)  # xsd:int
    TRUTH = (7, False)
    DONE = (8, 0)  # Status 0 or 1; an answer without one is taken as done,
    STARTED = (9, 1)  # and that of a transfer as under way: TransferComplete will tell

    INSTANCE = (10, None)  # one or more; without it nothing was added

    @property
    def missing(self) -> Any:
        """The value where the sender left it out."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One attribute in one element."""

    name: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Group:
    """Several attributes, each in an element within this one."""

    name: str
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class Structs:
    """One attribute: a SOAP array of `item` elements, a tuple of what `make` makes of their fields."""

    name: str
    item: str
    make: Callable[..., Any]
    elements: tuple[Leaf | Group, ...]


@dataclass(frozen=True, slots=True)
class Strings:
    """One attribute: a SOAP array of strings."""

    name: str


Element = Leaf | Group | Structs | Strings

_KEY: Final = Leaf("CommandKey")
_TIMES: Final = (Leaf("StartTime", Kind.TIME), Leaf("CompleteTime", Kind.TIME))
_FAULT_LEAVES: Final = (Leaf("FaultCode", Kind.FAULT_CODE), Leaf("FaultString"))
_TRANSFER_FAULT: Final = Group("FaultStruct", _FAULT_LEAVES)
_LOGIN: Final = (Leaf("Username"), Leaf("Password"))
_SOURCE: Final = (_KEY, Leaf("FileType", Kind.TOKEN), Leaf("URL", Kind.TOKEN), *_LOGIN)
_FILE: Final = (Leaf("FileSize", Kind.NUMBER), Leaf("TargetFileName"))
_QUEUED: Final = (_KEY, Leaf("State", Kind.NUMBER))
_DONE: Final = Leaf("Status", Kind.DONE)
_OBJECT: Final = (Leaf("ObjectName", Kind.TOKEN), Leaf("ParameterKey"))
_STARTED: Final = (Leaf("Status", Kind.STARTED), *_TIMES)

OPERATION_RESULT: Final = (
    Leaf("UUID", Kind.TOKEN),
    Leaf("DeploymentUnitRef", Kind.TOKEN),
    Leaf("Version"),
    Leaf("CurrentState", Kind.TOKEN),
    Leaf("Resolved", Kind.TRUTH),
    Leaf("ExecutionUnitRefList", Kind.TOKEN),
    *_TIMES,
    Group("Fault", _FAULT_LEAVES),
)
OPERATION_PERFORMED: Final = Leaf("OperationPerformed", Kind.TOKEN)

OPERATIONS: Final[Mapping[str, tuple[type[rpc.Operation], tuple[Leaf, ...]]]] = MappingProxyType(
    {
        "InstallOpStruct": (
            rpc.InstallOperation,
            (Leaf("URL", Kind.TOKEN), Leaf("UUID", Kind.TOKEN), *_LOGIN, Leaf("ExecutionEnvRef", Kind.TOKEN)),
        ),
        "UpdateOpStruct": (
            rpc.UpdateOperation,
            (Leaf("UUID", Kind.TOKEN), Leaf("Version"), Leaf("URL", Kind.TOKEN), *_LOGIN),
        ),
        "UninstallOpStruct": (
            rpc.UninstallOperation,
            (Leaf("UUID", Kind.TOKEN), Leaf("Version"), Leaf("ExecutionEnvRef", Kind.TOKEN)),
        ),
    }
)
"""The subtypes of OperationStruct by name. What is empty is left out: an empty UUID is none."""

PLAIN: Final[Mapping[type, tuple[Element, ...]]] = MappingProxyType(
    {
        rpc.GetRPCMethods: (),
        rpc.GetRPCMethodsResponse: (Strings("MethodList"),),
        rpc.SetParameterValuesResponse: (_DONE,),
        rpc.GetParameterValues: (Strings("ParameterNames"),),
        rpc.GetParameterNames: (Leaf("ParameterPath", Kind.TOKEN), Leaf("NextLevel", Kind.TRUTH)),
        rpc.SetParameterAttributesResponse: (),
        rpc.GetParameterAttributes: (Strings("ParameterNames"),),
        rpc.AddObject: _OBJECT,
        rpc.AddObjectResponse: (Leaf("InstanceNumber", Kind.INSTANCE), _DONE),
        rpc.DeleteObject: _OBJECT,
        rpc.DeleteObjectResponse: (_DONE,),
        rpc.Download: (
            *_SOURCE,
            *_FILE,
            Leaf("DelaySeconds", Kind.NUMBER),
            Leaf("SuccessURL", Kind.TOKEN),
            Leaf("FailureURL", Kind.TOKEN),
        ),
        rpc.DownloadResponse: _STARTED,
        rpc.Reboot: (_KEY,),
        rpc.RebootResponse: (),
        rpc.GetQueuedTransfers: (),
        rpc.GetQueuedTransfersResponse: (
            Structs("TransferList", "QueuedTransferStruct", rpc.QueuedTransfer, _QUEUED),
        ),
        rpc.ScheduleInform: (Leaf("DelaySeconds", Kind.NUMBER), _KEY),
        rpc.ScheduleInformResponse: (),
        rpc.SetVouchersResponse: (),
        rpc.GetOptions: (Leaf("OptionName"),),
        rpc.GetOptionsResponse: (
            Structs(
                "OptionList",
                "OptionStruct",
                rpc.Option,
                (
                    Leaf("OptionName"),
                    Leaf("VoucherSN", Kind.NUMBER),
                    Leaf("State", Kind.NUMBER),
                    Leaf("Mode", Kind.NUMBER),
                    Leaf("StartDate", Kind.TOKEN),
                    Leaf("ExpirationDate", Kind.TOKEN),
                    Leaf("IsTransferable", Kind.NUMBER),
                ),
            ),
        ),
        rpc.Upload: (*_SOURCE, Leaf("DelaySeconds", Kind.NUMBER)),
        rpc.UploadResponse: _STARTED,
        rpc.FactoryReset: (),
        rpc.FactoryResetResponse: (),
        rpc.GetAllQueuedTransfers: (),
        rpc.GetAllQueuedTransfersResponse: (
            Structs(
                "TransferList",
                "AllQueuedTransferStruct",
                rpc.AllQueuedTransfer,
                (*_QUEUED, Leaf("IsDownload", Kind.TRUTH), Leaf("FileType", Kind.TOKEN), *_FILE),
            ),
        ),
        rpc.ScheduleDownload: (
            *_SOURCE,
            *_FILE,
            Structs(
                "TimeWindowList",
                "TimeWindowStruct",
                rpc.TimeWindow,
                (
                    Leaf("WindowStart", Kind.NUMBER),
                    Leaf("WindowEnd", Kind.NUMBER),
                    Leaf("WindowMode", Kind.TOKEN),
                    Leaf("UserMessage"),
                    Leaf("MaxRetries", Kind.SIGNED),
                ),
            ),
        ),
        rpc.ScheduleDownloadResponse: (),
        rpc.CancelTransfer: (_KEY,),
        rpc.CancelTransferResponse: (),
        rpc.ChangeDUStateResponse: (),
        rpc.TransferComplete: (_KEY, _TRANSFER_FAULT, *_TIMES),
        rpc.TransferCompleteResponse: (),
        rpc.AutonomousTransferComplete: (
            Leaf("AnnounceURL", Kind.TOKEN),
            Leaf("TransferURL", Kind.TOKEN),
            Leaf("IsDownload", Kind.TRUTH),
            Leaf("FileType", Kind.TOKEN),
            *_FILE,
            _TRANSFER_FAULT,
            *_TIMES,
        ),
        rpc.AutonomousTransferCompleteResponse: (),
        rpc.Kicked: (Leaf("Command"), Leaf("Referer"), Leaf("Arg"), Leaf("Next")),
        rpc.KickedResponse: (Leaf("NextURL"),),
        rpc.RequestDownload: (
            Leaf("FileType", Kind.TOKEN),
            Structs("FileTypeArg", "ArgStruct", rpc.Argument, (Leaf("Name"), Leaf("Value"))),
        ),
        rpc.RequestDownloadResponse: (),
        rpc.DUStateChangeCompleteResponse: (),
        rpc.AutonomousDUStateChangeCompleteResponse: (),
    }
)
