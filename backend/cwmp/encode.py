"""Messages to SOAP bytes with string templates (TR-069 3.5, A.3).

Plain in what it writes: UTF-8, no XML declaration (some devices cannot read one), one envelope, no
indentation. Everything that comes from outside passes `escaped`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, fields
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final

from backend.cwmp import datamodel, rpc
from backend.cwmp.elements import (
    OPERATION_RESULT,
    OPERATIONS,
    PLAIN,
    Element,
    Group,
    Kind,
    Leaf,
    Strings,
    Structs,
)
from backend.cwmp.envelope import CWMP_1_0, NAMESPACES, SOAP, SOAP_ENCODING, XSD, XSI
from backend.cwmp.faults import MUST_UNDERSTAND, LocalError, soap_fault_code

_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_HEADS: Final = MappingProxyType(
    {
        namespace: f'<soap:Envelope xmlns:soap="{SOAP}" xmlns:enc="{SOAP_ENCODING}"'
        f' xmlns:xsd="{XSD}" xmlns:xsi="{XSI}" xmlns:cwmp="{namespace}">'
        for namespace in NAMESPACES
    }
)


def escaped(text: str) -> str:
    """Text safe between two tags; LocalError for a character XML 1.0 cannot hold."""
    if text.isprintable() and "&" not in text and "<" not in text and ">" not in text:
        return text
    bad = _ILLEGAL.search(text)
    if bad:
        raise LocalError(f"character U+{ord(bad[0]):04X} cannot be sent in XML")
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;")


def encode(
    message: rpc.Message,
    id: str,
    namespace: str = CWMP_1_0,
    *,
    session_timeout_s: int | None = None,
    supported_versions: tuple[str, ...] = (),
    use_version: str = "",
) -> bytes:
    """One envelope. `id` "" writes no cwmp:ID; the other header elements are A.6's, 1.4 only.

    LocalError for an unknown namespace or type, a message that cannot be written (Unsupported),
    or a character that XML cannot hold.
    """
    head = _HEADS.get(namespace)
    writer = _WRITERS.get(type(message))
    if head is None or writer is None:
        raise LocalError(f"cannot write {rpc.method_of(message)} in namespace {namespace!r}")
    header = f'<cwmp:ID soap:mustUnderstand="1">{escaped(id)}</cwmp:ID>' if id else ""
    if session_timeout_s is not None:
        header += f"<cwmp:SessionTimeout>{session_timeout_s:d}</cwmp:SessionTimeout>"
    if supported_versions:
        versions = escaped(",".join(supported_versions))
        header += f"<cwmp:SupportedCWMPVersions>{versions}</cwmp:SupportedCWMPVersions>"
    if use_version:
        version = escaped(use_version)
        header += f'<cwmp:UseCWMPVersion soap:mustUnderstand="1">{version}</cwmp:UseCWMPVersion>'
    if header:
        header = f"<soap:Header>{header}</soap:Header>"
    return f"{head}{header}<soap:Body>{writer(message)}</soap:Body></soap:Envelope>".encode()


def _array(name: str, kind: str, items: list[str]) -> str:
    inner = "".join(items)
    return f'<{name} enc:arrayType="{kind}[{len(items)}]">{inner}</{name}>'


def _values(values: Iterable[rpc.ParameterValue]) -> str:
    items = []
    for name, value, kind in values:
        if kind not in datamodel.TYPES:
            raise LocalError(f"unknown type {kind!r} of {name}")
        items.append(
            f"<ParameterValueStruct><Name>{escaped(name)}</Name>"
            f'<Value xsi:type="{kind}">{escaped(value)}</Value></ParameterValueStruct>'
        )
    return _array("ParameterList", "cwmp:ParameterValueStruct", items)


def _strings(name: str, values: Iterable[str]) -> str:
    return _array(name, "xsd:string", [f"<string>{escaped(v)}</string>" for v in values])


def _inform(m: rpc.Inform) -> str:
    device = m.device
    events = [
        f"<EventStruct><EventCode>{escaped(code)}</EventCode>"
        f"<CommandKey>{escaped(key)}</CommandKey></EventStruct>"
        for code, key in m.events
    ]
    return (
        f"<cwmp:Inform><DeviceId><Manufacturer>{escaped(device.manufacturer)}</Manufacturer>"
        f"<OUI>{escaped(device.oui)}</OUI>"
        f"<ProductClass>{escaped(device.product_class)}</ProductClass>"
        f"<SerialNumber>{escaped(device.serial_number)}</SerialNumber></DeviceId>"
        f"{_array('Event', 'cwmp:EventStruct', events)}"
        f"<MaxEnvelopes>{m.max_envelopes:d}</MaxEnvelopes>"
        f"<CurrentTime>{escaped(m.current_time)}</CurrentTime>"
        f"<RetryCount>{m.retry_count:d}</RetryCount>{_values(m.values)}</cwmp:Inform>"
    )


def _inform_response(m: rpc.InformResponse) -> str:
    return f"<cwmp:InformResponse><MaxEnvelopes>{m.max_envelopes:d}</MaxEnvelopes></cwmp:InformResponse>"


def _get_values_response(m: rpc.GetParameterValuesResponse) -> str:
    return f"<cwmp:GetParameterValuesResponse>{_values(m.values)}</cwmp:GetParameterValuesResponse>"


def _set_values(m: rpc.SetParameterValues) -> str:
    return (
        f"<cwmp:SetParameterValues>{_values(m.values)}"
        f"<ParameterKey>{escaped(m.parameter_key)}</ParameterKey></cwmp:SetParameterValues>"
    )


def _get_names_response(m: rpc.GetParameterNamesResponse) -> str:
    items = [
        f"<ParameterInfoStruct><Name>{escaped(name)}</Name>"
        f"<Writable>{writable:d}</Writable></ParameterInfoStruct>"
        for name, writable in m.names
    ]
    listed = _array("ParameterList", "cwmp:ParameterInfoStruct", items)
    return f"<cwmp:GetParameterNamesResponse>{listed}</cwmp:GetParameterNamesResponse>"


def _fault(m: rpc.Fault) -> str:
    listed = "".join(
        f"<SetParameterValuesFault><ParameterName>{escaped(name)}</ParameterName>"
        f"<FaultCode>{escaped(code)}</FaultCode>"
        f"<FaultString>{escaped(text)}</FaultString></SetParameterValuesFault>"
        for name, code, text in m.set_parameter_faults
    )
    if m.code == MUST_UNDERSTAND:
        return (
            "<soap:Fault><faultcode>soap:MustUnderstand</faultcode>"
            f"<faultstring>{escaped(m.text)}</faultstring></soap:Fault>"
        )
    return (
        f"<soap:Fault><faultcode>{soap_fault_code(m.code)}</faultcode>"
        "<faultstring>CWMP fault</faultstring><detail><cwmp:Fault>"
        f"<FaultCode>{escaped(m.code)}</FaultCode><FaultString>{escaped(m.text)}</FaultString>"
        f"{listed}</cwmp:Fault></detail></soap:Fault>"
    )


def _set_attributes(m: rpc.SetParameterAttributes) -> str:
    items = [
        f"<SetParameterAttributesStruct><Name>{escaped(name)}</Name>"
        f"<NotificationChange>{notification is not None:d}</NotificationChange>"
        f"<Notification>{notification or 0:d}</Notification>"
        f"<AccessListChange>{access is not None:d}</AccessListChange>"
        f"{_strings('AccessList', access or ())}</SetParameterAttributesStruct>"
        for name, notification, access in m.attributes
    ]
    listed = _array("ParameterList", "cwmp:SetParameterAttributesStruct", items)
    return f"<cwmp:SetParameterAttributes>{listed}</cwmp:SetParameterAttributes>"


def _get_attributes_response(m: rpc.GetParameterAttributesResponse) -> str:
    items = [
        f"<ParameterAttributeStruct><Name>{escaped(name)}</Name>"
        f"<Notification>{notification:d}</Notification>"
        f"{_strings('AccessList', access)}</ParameterAttributeStruct>"
        for name, notification, access in m.attributes
    ]
    listed = _array("ParameterList", "cwmp:ParameterAttributeStruct", items)
    return f"<cwmp:GetParameterAttributesResponse>{listed}</cwmp:GetParameterAttributesResponse>"


def _set_vouchers(m: rpc.SetVouchers) -> str:
    items = [f"<base64>{escaped(voucher)}</base64>" for voucher in m.vouchers]
    return f"<cwmp:SetVouchers>{_array('VoucherList', 'enc:base64', items)}</cwmp:SetVouchers>"


def _change_state(m: rpc.ChangeDUState) -> str:
    operations = []
    for operation in m.operations:
        name, leaves = _OPERATION_NAMES[type(operation)]
        inner = "".join(
            f"<{leaf.name}>{escaped(value)}</{leaf.name}>"
            for leaf, value in zip(leaves, astuple(operation), strict=True)
            if value
        )
        operations.append(f'<Operations xsi:type="cwmp:{name}">{inner}</Operations>')
    key = f"<CommandKey>{escaped(m.command_key)}</CommandKey>"
    return f"<cwmp:ChangeDUState>{''.join(operations)}{key}</cwmp:ChangeDUState>"


def _results(results: Iterable[rpc.OperationResult], *, autonomous: bool) -> str:
    made = []
    for result in results:
        inner = _record(result, OPERATION_RESULT)
        if autonomous:
            inner += f"<OperationPerformed>{escaped(result.operation)}</OperationPerformed>"
        made.append(f"<Results>{inner}</Results>")
    return "".join(made)


def _state_complete(m: rpc.DUStateChangeComplete) -> str:
    listed = _results(m.results, autonomous=False)
    key = f"<CommandKey>{escaped(m.command_key)}</CommandKey>"
    return f"<cwmp:DUStateChangeComplete>{listed}{key}</cwmp:DUStateChangeComplete>"


def _autonomous_state_complete(m: rpc.AutonomousDUStateChangeComplete) -> str:
    listed = _results(m.results, autonomous=True)
    return f"<cwmp:AutonomousDUStateChangeComplete>{listed}</cwmp:AutonomousDUStateChangeComplete>"


def _record(values: Iterable[Any], elements: Iterable[Element]) -> str:
    """The elements of a message or struct, from its attributes in their order."""
    given = iter(values)
    made = []
    for one in elements:
        match one:
            case Leaf(name, kind):
                made.append(f"<{name}>{_leaf(next(given), kind)}</{name}>")
            case Group(name, leaves):
                made.append(f"<{name}>{_record(given, leaves)}</{name}>")
            case Strings(name):
                made.append(_strings(name, next(given)))
            case Structs(name, item, _, inner_elements):
                items = [f"<{item}>{_record(struct, inner_elements)}</{item}>" for struct in next(given)]
                made.append(_array(name, f"cwmp:{item}", items))
    return "".join(made)


def _leaf(value: Any, kind: Kind) -> str:
    return escaped(value) if kind in _TEXTS else f"{value:d}"


def _plain(kind: type, elements: tuple[Element, ...]) -> Callable[[Any], str]:
    """The writer of a message whose attributes are its elements, in their order."""
    method = kind.__name__
    if not elements:
        text = f"<cwmp:{method}/>"
        return lambda message: text
    names = [field.name for field in fields(kind)]
    if len(names) == 1:
        (name,) = names
        return lambda m: f"<cwmp:{method}>{_record((getattr(m, name),), elements)}</cwmp:{method}>"
    attributes = attrgetter(*names)
    return lambda m: f"<cwmp:{method}>{_record(attributes(m), elements)}</cwmp:{method}>"


_TEXTS: Final = frozenset({Kind.TEXT, Kind.TOKEN, Kind.TIME, Kind.FAULT_CODE})
_OPERATION_NAMES: Final = MappingProxyType(
    {kind: (name, leaves) for name, (kind, leaves) in OPERATIONS.items()}
)

_WRITERS: Final[Mapping[type, Callable[[Any], str]]] = MappingProxyType(
    {
        **{kind: _plain(kind, elements) for kind, elements in PLAIN.items()},
        rpc.Inform: _inform,
        rpc.InformResponse: _inform_response,
        rpc.GetParameterValuesResponse: _get_values_response,
        rpc.SetParameterValues: _set_values,
        rpc.GetParameterNamesResponse: _get_names_response,
        rpc.SetParameterAttributes: _set_attributes,
        rpc.GetParameterAttributesResponse: _get_attributes_response,
        rpc.SetVouchers: _set_vouchers,
        rpc.ChangeDUState: _change_state,
        rpc.DUStateChangeComplete: _state_complete,
        rpc.AutonomousDUStateChangeComplete: _autonomous_state_complete,
        rpc.Fault: _fault,
    }
)
