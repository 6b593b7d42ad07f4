"""SOAP bytes to messages: strictly first, leniently second (TR-069 3.5).

The strict pass takes well-formed SOAP 1.1 with a known CWMP namespace. What it cannot take goes to
`mending`, which gives back either a regular tree or a RemoteError; the same readers then read it,
and the envelope says `lenient`. Small oddities (a missing arrayType, spaces around a name, a value
without a type) are read in the first pass and marked the same way.

Never: DOCTYPE, entities, network, huge trees, recursion over what was sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from lxml import etree

from backend.cwmp import datamodel, mending, rpc
from backend.cwmp.envelope import (
    LIMITS,
    NAMESPACES,
    SEEN_NAMESPACES,
    SOAP,
    SOAP_ENCODING,
    XSI,
    Envelope,
    Limits,
)
from backend.cwmp.faults import RemoteError

_ENVELOPE: Final = f"{{{SOAP}}}Envelope"
_HEADER: Final = f"{{{SOAP}}}Header"
_BODY: Final = f"{{{SOAP}}}Body"
_FAULT: Final = f"{{{SOAP}}}Fault"
_ARRAY_TYPE: Final = f"{{{SOAP_ENCODING}}}arrayType"
_TYPE: Final = f"{{{XSI}}}type"
_OLD_TYPE: Final = "{http://www.w3.org/1999/XMLSchema-instance}type"

_TYPE_NAMES: Final = MappingProxyType(
    {
        **{name.partition(":")[2]: name for name in datamodel.TYPES},
        **{name: name for name in datamodel.TYPES},
        "base64": datamodel.BASE64,
    }
)
_STRICT: Final = mending.parser(recover=False)


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
        return _Reading(limits, lenient=False).envelope(root)
    except RemoteError as error:
        if error.reason != "malformed":
            raise
    return _leniently(body, limits)


def _leniently(body: bytes, limits: Limits) -> Envelope:
    root = mending.mended(body, limits)
    return _Reading(limits, lenient=True).envelope(root)


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


class _Reading:
    """One pass over one regular tree; `lenient` becomes true with the first oddity."""

    __slots__ = ("lenient", "limits")

    def __init__(self, limits: Limits, lenient: bool) -> None:
        self.limits = limits
        self.lenient = lenient

    def envelope(self, root: etree._Element) -> Envelope:
        id = use_version = ""
        timeout_s: int | None = None
        versions: tuple[str, ...] = ()
        if root[0].tag == _HEADER:
            for item in root[0]:
                name = item.tag.rpartition("}")[2]
                if name == "ID":
                    id = item.text or ""
                elif name == "SessionTimeout":
                    timeout_s = _integer(item.text, name)
                elif name == "SupportedCWMPVersions":
                    versions = tuple(v.strip() for v in (item.text or "").split(","))[:16]
                elif name == "UseCWMPVersion":
                    use_version = (item.text or "").strip()
        body = root[-1]
        first = body[0]
        message: rpc.Message
        if len(body) > 1:
            self.lenient = True  # MaxEnvelopes is 1: the rest is not read
        if first.tag == _FAULT:
            message, namespace = self._soap_fault(first)
        else:
            namespace, _, method = first.tag[1:].partition("}")
            reader = _READERS.get(method)
            message = reader(self, first) if reader else rpc.Unsupported(method)
        if namespace in SEEN_NAMESPACES:
            self.lenient = True
        return Envelope(id, message, namespace, self.lenient, timeout_s, versions, use_version)

    def fields(self, element: etree._Element) -> dict[str, etree._Element]:
        return {child.tag: child for child in element}

    def array(self, element: etree._Element | None, what: str) -> etree._Element | tuple[()]:
        """The items of a SOAP array; a missing one is empty and odd."""
        if element is None:
            self.lenient = True
            return ()
        count = len(element)
        if count > self.limits.parameters:
            raise RemoteError("too_many", f"{count} items in {what}")
        declared = element.get(_ARRAY_TYPE)
        if declared is None or not declared.endswith(f"[{count}]"):
            self.lenient = True
        return element

    def name(self, text: str | None) -> str:
        """A parameter's name without the spaces some devices put around it."""
        found = (text or "").strip()
        if found != text:
            self.lenient = True
        if len(found) > self.limits.name_chars:
            raise RemoteError("too_large", f"a name of {len(found)} characters")
        return found

    def values(self, listed: etree._Element | None) -> tuple[rpc.ParameterValue, ...]:
        """ParameterList: a tuple of ParameterValue."""
        items = self.array(listed, "ParameterList")
        if isinstance(items, tuple):
            return ()
        names = [name.text or "" for name in items.iter("Name")]
        values = list(items.iter("Value"))
        if not len(names) == len(values) == len(items):
            raise RemoteError("malformed", "a parameter without name and value")
        if not _are_tidy(names, self.limits.name_chars):
            names = [self.name(name) for name in names]
        made = []
        known, make, string = _TYPE_NAMES, rpc.ParameterValue, datamodel.STRING
        for name, value in zip(names, values, strict=True):
            spelt = value.get(_TYPE)
            kind = known.get(spelt or "") or self._odd_type(value, spelt)
            text = value.text or ""
            made.append(make(name, text if kind == string else text.strip(), kind))
        return tuple(made)

    def _odd_type(self, value: etree._Element, spelt: str | None) -> str:
        """The type behind a prefix of the sender's own, else a string."""
        if spelt is None:
            self.lenient = True
            spelt = value.get(_OLD_TYPE) or ""
        kind = _TYPE_NAMES.get(spelt.strip().rpartition(":")[2])
        if kind is None:
            self.lenient = True
        return kind or datamodel.STRING

    def strings(self, listed: etree._Element | None, what: str) -> tuple[str, ...]:
        return tuple([self.name(item.text) for item in self.array(listed, what)])

    def _soap_fault(self, element: etree._Element) -> tuple[rpc.Fault, str]:
        outer = self.fields(element)
        detail = outer.get("detail")
        inner = None if detail is None or not len(detail) else detail[0]
        if inner is None or inner.tag.rpartition("}")[2] != "Fault":
            self.lenient = True
            return rpc.Fault("", _text(outer, "faultstring")), ""
        inside = self.fields(inner)
        listed = []
        for item in inner:
            if item.tag == "SetParameterValuesFault":
                one = self.fields(item)
                listed.append(
                    rpc.SetParameterFault(
                        _text(one, "ParameterName").strip(),
                        _text(one, "FaultCode").strip(),
                        _text(one, "FaultString"),
                    )
                )
        if len(listed) > self.limits.parameters:
            raise RemoteError("too_many", f"{len(listed)} parameter faults")
        code = _text(inside, "FaultCode").strip()
        fault = rpc.Fault(code, _text(inside, "FaultString"), tuple(listed))
        return fault, _namespace(inner)


def _are_tidy(names: list[str], limit_chars: int) -> bool:
    """True when no name has a space in it, is empty, or is over the limit: one look at them all."""
    joined = "".join(names)
    return not names or (
        joined.split() == [joined] and "" not in names and len(max(names, key=len)) <= limit_chars
    )


def _text(fields: Mapping[str, etree._Element], name: str) -> str:
    found = fields.get(name)
    return "" if found is None else found.text or ""


def _integer(text: str | None, what: str) -> int:
    spelt = (text or "").strip()
    if not (spelt.isascii() and spelt.isdigit() and len(spelt) <= 20):
        raise RemoteError("malformed", f"{what} is not a number: {spelt[:40]!r}")
    return int(spelt)


def _truth(text: str, what: str) -> bool:
    try:
        return datamodel.parse(text, datamodel.BOOLEAN) is True
    except ValueError as error:
        raise RemoteError("malformed", f"{what}: {error}") from error


def _inform(reading: _Reading, element: etree._Element) -> rpc.Inform:
    fields = reading.fields(element)
    if "DeviceId" not in fields:
        raise RemoteError("malformed", "Inform without DeviceId")
    device = reading.fields(fields["DeviceId"])
    events = []
    for item in reading.array(fields.get("Event"), "Event"):
        event = reading.fields(item)
        code = _text(event, "EventCode").strip()
        events.append(rpc.Event(code, _text(event, "CommandKey")))
    identity = rpc.DeviceId(
        _text(device, "Manufacturer"),
        _text(device, "OUI").strip(),
        _text(device, "ProductClass").strip(),
        _text(device, "SerialNumber").strip(),
    )
    if not identity.serial_number:
        raise RemoteError("malformed", "Inform without a serial number")
    return rpc.Inform(
        identity,
        tuple(events),
        reading.values(fields.get("ParameterList")),
        _text(fields, "CurrentTime").strip(),
        _integer(_text(fields, "RetryCount") or "0", "RetryCount"),
        _integer(_text(fields, "MaxEnvelopes") or "1", "MaxEnvelopes"),
    )


def _inform_response(reading: _Reading, element: etree._Element) -> rpc.InformResponse:
    spelt = _text(reading.fields(element), "MaxEnvelopes")
    return rpc.InformResponse(_integer(spelt or "1", "MaxEnvelopes"))


def _methods_response(reading: _Reading, element: etree._Element) -> rpc.GetRPCMethodsResponse:
    listed = reading.fields(element).get("MethodList")
    return rpc.GetRPCMethodsResponse(reading.strings(listed, "MethodList"))


def _transfer_complete(reading: _Reading, element: etree._Element) -> rpc.TransferComplete:
    fields = reading.fields(element)
    inner = fields.get("FaultStruct")
    fault = {} if inner is None else reading.fields(inner)
    return rpc.TransferComplete(
        _text(fields, "CommandKey"),
        _text(fault, "FaultCode").strip() or "0",
        _text(fault, "FaultString"),
        _text(fields, "StartTime").strip(),
        _text(fields, "CompleteTime").strip(),
    )


def _get_values(reading: _Reading, element: etree._Element) -> rpc.GetParameterValues:
    listed = reading.fields(element).get("ParameterNames")
    return rpc.GetParameterValues(reading.strings(listed, "ParameterNames"))


def _get_values_response(reading: _Reading, element: etree._Element) -> rpc.GetParameterValuesResponse:
    listed = reading.fields(element).get("ParameterList")
    return rpc.GetParameterValuesResponse(reading.values(listed))


def _set_values(reading: _Reading, element: etree._Element) -> rpc.SetParameterValues:
    fields = reading.fields(element)
    key = _text(fields, "ParameterKey")
    return rpc.SetParameterValues(reading.values(fields.get("ParameterList")), key)


def _get_names(reading: _Reading, element: etree._Element) -> rpc.GetParameterNames:
    fields = reading.fields(element)
    path = _text(fields, "ParameterPath").strip()
    return rpc.GetParameterNames(path, _truth(_text(fields, "NextLevel"), "NextLevel"))


def _get_names_response(reading: _Reading, element: etree._Element) -> rpc.GetParameterNamesResponse:
    made = []
    for item in reading.array(reading.fields(element).get("ParameterList"), "ParameterList"):
        one = reading.fields(item)
        name = reading.name(_text(one, "Name"))
        made.append(rpc.ParameterInfo(name, _truth(_text(one, "Writable"), "Writable")))
    return rpc.GetParameterNamesResponse(tuple(made))


def _object(reading: _Reading, element: etree._Element) -> tuple[str, str]:
    fields = reading.fields(element)
    return _text(fields, "ObjectName").strip(), _text(fields, "ParameterKey")


def _status(reading: _Reading, element: etree._Element) -> int:
    status = _integer(_text(reading.fields(element), "Status"), "Status")
    if status > 1:
        raise RemoteError("malformed", f"Status {status} is neither 0 nor 1")
    return status


def _add_response(reading: _Reading, element: etree._Element) -> rpc.AddObjectResponse:
    number = _integer(_text(reading.fields(element), "InstanceNumber"), "InstanceNumber")
    return rpc.AddObjectResponse(number, _status(reading, element))


def _reboot(reading: _Reading, element: etree._Element) -> rpc.Reboot:
    return rpc.Reboot(_text(reading.fields(element), "CommandKey"))


_READERS: Final[Mapping[str, Callable[[_Reading, etree._Element], rpc.Message]]] = MappingProxyType(
    {
        "Inform": _inform,
        "InformResponse": _inform_response,
        "GetRPCMethods": lambda r, e: rpc.GetRPCMethods(),
        "GetRPCMethodsResponse": _methods_response,
        "TransferComplete": _transfer_complete,
        "TransferCompleteResponse": lambda r, e: rpc.TransferCompleteResponse(),
        "GetParameterValues": _get_values,
        "GetParameterValuesResponse": _get_values_response,
        "SetParameterValues": _set_values,
        "SetParameterValuesResponse": lambda r, e: rpc.SetParameterValuesResponse(_status(r, e)),
        "GetParameterNames": _get_names,
        "GetParameterNamesResponse": _get_names_response,
        "AddObject": lambda r, e: rpc.AddObject(*_object(r, e)),
        "AddObjectResponse": _add_response,
        "DeleteObject": lambda r, e: rpc.DeleteObject(*_object(r, e)),
        "DeleteObjectResponse": lambda r, e: rpc.DeleteObjectResponse(_status(r, e)),
        "Reboot": _reboot,
        "RebootResponse": lambda r, e: rpc.RebootResponse(),
    }
)
