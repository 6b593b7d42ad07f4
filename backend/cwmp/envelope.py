"""What one SOAP envelope says, its namespaces, and the limits of what is read (TR-069 3.5).

CWMP 1.3 and 1.4 keep the namespace cwmp-1-2; "cwmp-1-3" and "cwmp-1-4" are seen in the wild, and
are answered in kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from backend.cwmp.rpc import Message

SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_ENCODING: Final = "http://schemas.xmlsoap.org/soap/encoding/"
XSD: Final = "http://www.w3.org/2001/XMLSchema"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
CWMP_1_0: Final = "urn:dslforum-org:cwmp-1-0"
CWMP_1_1: Final = "urn:dslforum-org:cwmp-1-1"
CWMP_1_2: Final = "urn:dslforum-org:cwmp-1-2"
STANDARD_NAMESPACES: Final = frozenset({CWMP_1_0, CWMP_1_1, CWMP_1_2})
SEEN_NAMESPACES: Final = frozenset({"urn:dslforum-org:cwmp-1-3", "urn:dslforum-org:cwmp-1-4"})
NAMESPACES: Final = STANDARD_NAMESPACES | SEEN_NAMESPACES


@dataclass(frozen=True, slots=True)
class Limits:
    """What one message may hold; more is a RemoteError, never a slow parse."""

    body_bytes: int = 4 * 1024 * 1024
    parameters: int = 20_000
    name_chars: int = 512
    depth_levels: int = 16


LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message with its header.

    `id` is cwmp:ID verbatim, "" when there was none (then the answer must have none, 3.5).
    `cwmp_namespace` is the sender's. `lenient` is true when the message broke the rules and was
    understood all the same; count it. `session_timeout_s` is the CPE's SessionTimeout header and
    `supported_versions` its SupportedCWMPVersions, e.g. ("1.0", "1.4"); `use_version` is the ACS's
    UseCWMPVersion. `not_understood` names the headers that must be understood and are not known (SOAP 1.1
    4.2.3): whoever reads such an envelope must not do what it says.
    """

    id: str
    message: Message
    cwmp_namespace: str = CWMP_1_0
    lenient: bool = False
    session_timeout_s: int | None = None
    supported_versions: tuple[str, ...] = ()
    use_version: str = ""
    not_understood: tuple[str, ...] = ()
