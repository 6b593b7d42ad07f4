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
    "wrong_id", "wrong_method"; `http_status` is what an HTTP server should answer.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail

    @property
    def http_status(self) -> int:
        """413 for a body over its limit, else 400."""
        return 413 if self.reason == "too_large" else 400


class LocalError(CwmpError):
    """We tried to send what the protocol, or the state of the session, does not allow."""


METHOD_NOT_SUPPORTED: Final = "9000"
REQUEST_DENIED: Final = "9001"
INTERNAL_ERROR: Final = "9002"
INVALID_ARGUMENTS: Final = "9003"
RESOURCES_EXCEEDED: Final = "9004"
INVALID_NAME: Final = "9005"
INVALID_TYPE: Final = "9006"
INVALID_VALUE: Final = "9007"
NOT_WRITABLE: Final = "9008"
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

_SERVER_SIDE: Final = frozenset({"9001", "9002", "9004", "9009", "9010", "9011", "9012"})


def fault(code: str, text: str = "", parameters: tuple[SetParameterFault, ...] = ()) -> Fault:
    """A Fault with the table's own text where none is given."""
    return Fault(code, text or TEXTS.get(code, "Vendor defined fault"), parameters)


def soap_fault_code(code: str) -> str:
    """ "Client" or "Server": the SOAP faultcode that belongs to a CWMP code (A.5.1, A.5.2)."""
    if code in _SERVER_SIDE or code in ("8002", "8004", "8005") or "9014" <= code <= "9032":
        return "Server"
    return "Client"
