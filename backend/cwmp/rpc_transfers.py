"""Messages about files: asked for, under way, done (TR-069 A.3.2.8, A.3.3, A.4.1, A.4.2.2).

A transfer is known by its CommandKey, at most 32 characters. Its times are the device's own, as it
spelt them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

UNKNOWN_TIME: Final = "0001-01-01T00:00:00Z"
"""TR-106 3.2.1, as `datamodel.UNKNOWN_TIME`: not known, or not yet."""


class TimeWindow(NamedTuple):
    """TimeWindowStruct: from `start_s` to `end_s` seconds after the request.

    `mode` is e.g. "1 At Any Time", "2 Immediately", "3 When Idle", "4 Confirmation Needed" (then
    `user_message` is shown); `max_retries` -1 leaves it to the device.
    """

    start_s: int
    end_s: int
    mode: str
    user_message: str = ""
    max_retries: int = 0


class QueuedTransfer(NamedTuple):
    """QueuedTransferStruct: `state` is 1 not yet started, 2 in progress, 3 completed (finishing cleanup)."""

    command_key: str
    state: int


class AllQueuedTransfer(NamedTuple):
    """AllQueuedTransferStruct: any transfer, asked for by the ACS or not; `state` as of QueuedTransfer."""

    command_key: str
    state: int
    is_download: bool
    file_type: str
    file_size: int = 0
    target_file_name: str = ""


class Argument(NamedTuple):
    """ArgStruct of RequestDownload."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Download:
    """A.3.2.8: fetch `url` as `file_type`, e.g. "1 Firmware Upgrade Image", "3 Vendor Configuration File".

    `file_size` is in bytes, 0 when not known. The device may answer at once, or with TransferComplete.
    """

    command_key: str
    file_type: str
    url: str
    username: str = ""
    password: str = ""
    file_size: int = 0
    target_file_name: str = ""
    delay_s: int = 0
    success_url: str = ""
    failure_url: str = ""


@dataclass(frozen=True, slots=True)
class DownloadResponse:
    """A.3.2.8: status 0 done and applied; 1 TransferComplete will follow, and the times mean nothing."""

    status: int
    start_time: str = UNKNOWN_TIME
    complete_time: str = UNKNOWN_TIME


@dataclass(frozen=True, slots=True)
class Upload:
    """A.4.1.5: send `file_type` to `url` by HTTP PUT.

    "1 Vendor Configuration File", "2 Vendor Log File"; "3 Vendor Configuration File <i>" and "4 Vendor
    Log File <i>" name one of several by its instance.
    """

    command_key: str
    file_type: str
    url: str
    username: str = ""
    password: str = ""
    delay_s: int = 0


@dataclass(frozen=True, slots=True)
class UploadResponse:
    """A.4.1.5: status as of DownloadResponse."""

    status: int
    start_time: str = UNKNOWN_TIME
    complete_time: str = UNKNOWN_TIME


@dataclass(frozen=True, slots=True)
class ScheduleDownload:
    """A.4.1.8: as Download, within one or two windows; always answered by TransferComplete later."""

    command_key: str
    file_type: str
    url: str
    username: str = ""
    password: str = ""
    file_size: int = 0
    target_file_name: str = ""
    windows: tuple[TimeWindow, ...] = ()


@dataclass(frozen=True, slots=True)
class ScheduleDownloadResponse:
    """A.4.1.8."""


@dataclass(frozen=True, slots=True)
class CancelTransfer:
    """A.4.1.9: of this key; refused with 9021 where the transfer cannot be stopped any more."""

    command_key: str


@dataclass(frozen=True, slots=True)
class CancelTransferResponse:
    """A.4.1.9: cancelled, or never known (a key that is not known is no fault)."""


@dataclass(frozen=True, slots=True)
class GetQueuedTransfers:
    """A.4.1.1; deprecated in favour of GetAllQueuedTransfers, and all that some devices have."""


@dataclass(frozen=True, slots=True)
class GetQueuedTransfersResponse:
    """A.4.1.1."""

    transfers: tuple[QueuedTransfer, ...]


@dataclass(frozen=True, slots=True)
class GetAllQueuedTransfers:
    """A.4.1.7."""


@dataclass(frozen=True, slots=True)
class GetAllQueuedTransfersResponse:
    """A.4.1.7."""

    transfers: tuple[AllQueuedTransfer, ...]


@dataclass(frozen=True, slots=True)
class TransferComplete:
    """A.3.3.2: a file transfer ended; `fault_code` is "0" when it succeeded.

    It may come in the same session, in a later one, or twice: it is always answered.
    """

    command_key: str
    fault_code: str = "0"
    fault_text: str = ""
    start_time: str = UNKNOWN_TIME
    complete_time: str = UNKNOWN_TIME


@dataclass(frozen=True, slots=True)
class TransferCompleteResponse:
    """A.3.3.2."""


@dataclass(frozen=True, slots=True)
class AutonomousTransferComplete:
    """A.3.3.3: a transfer ended that this ACS did not ask for; `fault_code` as of TransferComplete."""

    announce_url: str
    transfer_url: str
    is_download: bool
    file_type: str
    file_size: int = 0
    target_file_name: str = ""
    fault_code: str = "0"
    fault_text: str = ""
    start_time: str = UNKNOWN_TIME
    complete_time: str = UNKNOWN_TIME


@dataclass(frozen=True, slots=True)
class AutonomousTransferCompleteResponse:
    """A.3.3.3."""


@dataclass(frozen=True, slots=True)
class RequestDownload:
    """A.4.2.2: the device would like a Download of this type; the ACS may send one, or not."""

    file_type: str
    args: tuple[Argument, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestDownloadResponse:
    """A.4.2.2."""
