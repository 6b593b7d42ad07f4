"""Fault codes of TR-069 A.5, and the two errors of this package.

A fault that a device *sends* is a message (`rpc.Fault`) and never an exception. `RemoteError` is
what the other side did wrong on the wire; `LocalError` is our own misuse of this package.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from backend.cwmp.rpc import Fault, SetParameterFault


class CwmpError(Exception):
    """Either side broke the protocol."""


class RemoteError(CwmpError):
    """The other side sent what the protocol does not allow.

    `reason` is one of "too_large", "malformed", "doctype", "too_deep", "too_many", "unexpected",
    "wrong_id", "wrong_method", "not_understood" (a header that must be), and by UDP "not_authenticated",
    "replayed"; `http_status` is what an HTTP server should answer, with a fault of `fault_code`.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail

    @property
    def http_status(self) -> int:
        """413 for a body over its limit, else 400."""
        return 413 if self.reason == "too_large" else 400

    @property
    def fault_code(self) -> str:
        """The code of a fault that says so."""
        return MUST_UNDERSTAND if self.reason == "not_understood" else ACS_INVALID_ARGUMENTS


class LocalError(CwmpError):
    """We tried to send what the protocol, or the state of the session, does not allow."""


MUST_UNDERSTAND: Final = "MustUnderstand"
"""In place of a code: the SOAP fault (SOAP 1.1 4.4.1) that has no CWMP detail."""
METHOD_NOT_SUPPORTED: Final = "9000"
REQUEST_DENIED: Final = "9001"
INTERNAL_ERROR: Final = "9002"
INVALID_ARGUMENTS: Final = "9003"
RESOURCES_EXCEEDED: Final = "9004"
INVALID_NAME: Final = "9005"
INVALID_TYPE: Final = "9006"
INVALID_VALUE: Final = "9007"
NOT_WRITABLE: Final = "9008"
NOTIFICATION_REJECTED: Final = "9009"
TRANSFER_FAILURE: Final = "9010"
UPLOAD_FAILURE: Final = "9011"
TRANSFER_NOT_AUTHENTICATED: Final = "9012"
PROTOCOL_NOT_SUPPORTED: Final = "9013"
SERVER_NOT_REACHED: Final = "9015"
FILE_NOT_ACCESSED: Final = "9016"
DOWNLOAD_NOT_COMPLETED: Final = "9017"
FILE_CORRUPTED: Final = "9018"
FILE_NOT_AUTHENTICATED: Final = "9019"
OUTSIDE_TIME_WINDOWS: Final = "9020"
CANCEL_NOT_PERMITTED: Final = "9021"
ACS_METHOD_NOT_SUPPORTED: Final = "8000"
ACS_REQUEST_DENIED: Final = "8001"
ACS_INTERNAL_ERROR: Final = "8002"
ACS_INVALID_ARGUMENTS: Final = "8003"
ACS_RESOURCES_EXCEEDED: Final = "8004"
ACS_RETRY: Final = "8005"
ACS_VERSION_MISMATCH: Final = "8006"

TEXTS: Final = MappingProxyType(
    {
        "9000": "Method not supported",
        "9001": "Request denied",
        "9002": "Internal error",
        "9003": "Invalid arguments",
        "9004": "Resources exceeded",
        "9005": "Invalid parameter name",
        "9006": "Invalid parameter type",
        "9007": "Invalid parameter value",
        "9008": "Attempt to set a non-writable parameter",
        "9009": "Notification request rejected",
        "9010": "File transfer failure",
        "9011": "Upload failure",
        "9012": "File transfer server authentication failure",
        "9013": "Unsupported protocol for file transfer",
        "9014": "File transfer failure: unable to join multicast group",
        "9015": "File transfer failure: unable to contact file server",
        "9016": "File transfer failure: unable to access file",
        "9017": "File transfer failure: unable to complete download",
        "9018": "File transfer failure: file corrupted",
        "9019": "File transfer failure: file authentication failure",
        "9020": "File transfer failure: unable to complete download within the time windows",
        "9021": "Cancelation of file transfer not permitted",
        "9022": "Invalid UUID format",
        "9023": "Unknown execution environment",
        "9024": "Disabled execution environment",
        "9025": "Deployment unit to execution environment mismatch",
        "9026": "Duplicate deployment unit",
        "9027": "System resources exceeded",
        "9028": "Unknown deployment unit",
        "9029": "Invalid deployment unit state",
        "9030": "Invalid deployment unit update: downgrade not permitted",
        "9031": "Invalid deployment unit update: version not specified",
        "9032": "Invalid deployment unit update: version already exists",
        "8000": "Method not supported",
        "8001": "Request denied",
        "8002": "Internal error",
        "8003": "Invalid arguments",
        "8004": "Resources exceeded",
        "8005": "Retry request",
        "8006": "ACS version incompatible with CPE",
    }
)

_CLIENT_SIDE: Final = frozenset(
    {"8003", "9003", "9005", "9006", "9007", "9008", "9021", "9022", "9023", "9024", "9025", "9026"}
    | {"9028", "9029", "9030", "9031", "9032"}
)


def fault(code: str, text: str = "", parameters: tuple[SetParameterFault, ...] = ()) -> Fault:
    """A Fault with the table's own text where none is given."""
    return Fault(code, text or TEXTS.get(code, "Vendor defined fault"), parameters)


def soap_fault_code(code: str) -> str:
    """ "Client" or "Server": the SOAP faultcode that belongs to a CWMP code (A.5.1, A.5.2)."""
    if code == MUST_UNDERSTAND:
        return code
    return "Client" if code in _CLIENT_SIDE else "Server"
