"""SOAP bytes to messages: strictly first, leniently second (TR-069 3.5).

The strict pass takes well-formed SOAP 1.1 with a known CWMP namespace. What it cannot take goes to
`mending`, which gives back either a regular tree or a RemoteError; the same readers then read it,
and the envelope says `lenient`. Small oddities (a missing arrayType, spaces around a name, a value
without a type) are read in the first pass and marked the same way (`reading`).

Never: DOCTYPE, entities, network, huge trees, recursion over what was sent.
"""

from __future__ import annotations

from itertools import islice
from typing import Final

from lxml import etree

from backend.cwmp import mending, rpc
from backend.cwmp.envelope import CWMP_1_0, LIMITS, NAMESPACES, SEEN_NAMESPACES, SOAP, Envelope, Limits
from backend.cwmp.faults import MUST_UNDERSTAND, RemoteError
from backend.cwmp.readers import READERS
from backend.cwmp.reading import Reading, integer, text

_ENVELOPE: Final = f"{{{SOAP}}}Envelope"
_HEADER: Final = f"{{{SOAP}}}Header"
_BODY: Final = f"{{{SOAP}}}Body"
_FAULT: Final = f"{{{SOAP}}}Fault"
_MUST_UNDERSTAND: Final = f"{{{SOAP}}}mustUnderstand"
_ACTOR: Final = f"{{{SOAP}}}actor"
_ACTOR_NEXT: Final = "http://schemas.xmlsoap.org/soap/actor/next"
_STRICT: Final = mending.parser(recover=False)

HEADERS: Final = frozenset(
    {"ID", "HoldRequests", "NoMoreRequests", "SessionTimeout", "SupportedCWMPVersions", "UseCWMPVersion"}
)
"""The header elements that are understood (3.5). HoldRequests and NoMoreRequests are deprecated: they are
known and change nothing."""
HEADER_LIMIT: Final = 32
VERSIONS_LIMIT: Final = 16
CODE_LIMIT_CHARS: Final = 16


def decode(body: bytes, limits: Limits = LIMITS) -> Envelope:
    """One envelope from a body that is not empty; RemoteError for what cannot be understood."""
    if len(body) > limits.body_bytes:
        raise RemoteError("too_large", f"{len(body)} bytes, limit {limits.body_bytes}")
    if b"<!DOCTYPE" in body:
        raise RemoteError("doctype", "a document type is never read")
    try:
        root = etree.fromstring(body, _STRICT)
    except (etree.XMLSyntaxError, ValueError):
        return _leniently(body, limits)
    if not _is_regular(root):
        return _leniently(body, limits)
    mending.refuse_depth(root, limits.depth_levels)
    try:
        return _envelope(Reading(limits, lenient=False), root)
    except RemoteError as error:
        if error.reason != "malformed":
            raise
    return _leniently(body, limits)


def _leniently(body: bytes, limits: Limits) -> Envelope:
    root = mending.mended(body, limits)
    return _envelope(Reading(limits, lenient=True), root)


def _is_regular(root: etree._Element) -> bool:
    """True when Envelope, Body and the method stand where and as SOAP 1.1 and CWMP say."""
    if root.tag != _ENVELOPE or root.getroottree().docinfo.internalDTD is not None:
        return False
    if not len(root):
        return False
    body = root[-1]
    if body.tag != _BODY or not len(body):
        return False
    method = body[0]
    if method.tag == _FAULT:
        return True
    return _namespace(method) in NAMESPACES and not (len(method) and _namespace(method[0]))


def _namespace(element: etree._Element) -> str:
    tag = element.tag
    return tag[1:].partition("}")[0] if tag[0] == "{" else ""


def _local(element: etree._Element) -> str:
    return str(element.tag.rpartition("}")[2])


def _envelope(reading: Reading, root: etree._Element) -> Envelope:
    id = use_version = ""
    timeout_s: int | None = None
    versions: tuple[str, ...] = ()
    unknown: list[str] = []
    if root[0].tag == _HEADER:
        for item in islice(root[0], HEADER_LIMIT):
            name = _local(item)
            if name == "ID":
                id = item.text or ""
            elif name == "SessionTimeout":
                timeout_s = _timeout(reading, item.text)
            elif name == "SupportedCWMPVersions":
                spelt = (item.text or "").split(",", VERSIONS_LIMIT)[:VERSIONS_LIMIT]
                versions = tuple([version.strip() for version in spelt])
            elif name == "UseCWMPVersion":
                use_version = (item.text or "").strip()
            elif name not in HEADERS and _must_be_understood(item):
                unknown.append(name[:64])
    body = root[-1]
    first = body[0]
    message: rpc.Message
    if len(body) > 1:
        reading.lenient = True  # MaxEnvelopes is 1: the rest is not read
    if first.tag == _FAULT:
        message, namespace = _soap_fault(reading, first)
    else:
        namespace, _, method = first.tag[1:].partition("}")
        reader = READERS.get(method)
        message = reader(reading, first) if reader else rpc.Unsupported(method)
    if namespace in SEEN_NAMESPACES:
        reading.lenient = True
    return Envelope(
        id, message, namespace, reading.lenient, timeout_s, versions, use_version, tuple(unknown)
    )


def _timeout(reading: Reading, spelt: str | None) -> int | None:
    """SessionTimeout in seconds; one that cannot be read is as good as none."""
    try:
        return integer(spelt, "SessionTimeout")
    except RemoteError:
        reading.lenient = True
        return None


def _must_be_understood(item: etree._Element) -> bool:
    """SOAP 1.1 4.2: a header that whoever reads this must obey or refuse, and that is not another's."""
    if item.get(_ACTOR, _ACTOR_NEXT) not in ("", _ACTOR_NEXT):
        return False
    return item.get(_MUST_UNDERSTAND, "0").strip() in ("1", "true")


def _soap_fault(reading: Reading, element: etree._Element) -> tuple[rpc.Fault, str]:
    """A fault (3.5, A.5); its fields may be qualified, which some devices do."""
    outer = {_local(child): child for child in element}
    inner = next((child for child in outer.get("detail", ()) if _local(child) == "Fault"), None)
    if inner is None:
        soap_code = text(outer, "faultcode").strip().rpartition(":")[2]
        reading.lenient |= soap_code != MUST_UNDERSTAND
        code = MUST_UNDERSTAND if soap_code == MUST_UNDERSTAND else ""
        return rpc.Fault(code, text(outer, "faultstring")), CWMP_1_0
    inside = {_local(child): child for child in inner}
    listed = []
    for item in inner:
        if _local(item) == "SetParameterValuesFault":
            one = {_local(child): child for child in item}
            listed.append(
                rpc.SetParameterFault(
                    text(one, "ParameterName").strip(),
                    text(one, "FaultCode").strip()[:CODE_LIMIT_CHARS],
                    text(one, "FaultString"),
                )
            )
    if len(listed) > reading.limits.parameters:
        raise RemoteError("too_many", f"{len(listed)} parameter faults")
    code = text(inside, "FaultCode").strip()[:CODE_LIMIT_CHARS]
    fault = rpc.Fault(code, text(inside, "FaultString"), tuple(listed))
    namespace = _namespace(inner)
    return fault, namespace if namespace in NAMESPACES else CWMP_1_0
