"""Messages to SOAP bytes with string templates (TR-069 3.5, A.3).

Plain in what it writes: UTF-8, no XML declaration (some devices cannot read one), one envelope, no
indentation. Everything that comes from outside passes `escaped`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from backend.cwmp import datamodel, rpc
from backend.cwmp.envelope import CWMP_1_0, NAMESPACES, SOAP, SOAP_ENCODING, XSD, XSI
from backend.cwmp.faults import LocalError, soap_fault_code

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
        header += f"<cwmp:UseCWMPVersion>{escaped(use_version)}</cwmp:UseCWMPVersion>"
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


def _methods_response(m: rpc.GetRPCMethodsResponse) -> str:
    listed = _strings("MethodList", m.methods)
    return f"<cwmp:GetRPCMethodsResponse>{listed}</cwmp:GetRPCMethodsResponse>"


def _transfer_complete(m: rpc.TransferComplete) -> str:
    return (
        f"<cwmp:TransferComplete><CommandKey>{escaped(m.command_key)}</CommandKey>"
        f"<FaultStruct><FaultCode>{escaped(m.fault_code)}</FaultCode>"
        f"<FaultString>{escaped(m.fault_text)}</FaultString></FaultStruct>"
        f"<StartTime>{escaped(m.start_time)}</StartTime>"
        f"<CompleteTime>{escaped(m.complete_time)}</CompleteTime></cwmp:TransferComplete>"
    )


def _get_values(m: rpc.GetParameterValues) -> str:
    return f"<cwmp:GetParameterValues>{_strings('ParameterNames', m.names)}</cwmp:GetParameterValues>"


def _get_values_response(m: rpc.GetParameterValuesResponse) -> str:
    return f"<cwmp:GetParameterValuesResponse>{_values(m.values)}</cwmp:GetParameterValuesResponse>"


def _set_values(m: rpc.SetParameterValues) -> str:
    return (
        f"<cwmp:SetParameterValues>{_values(m.values)}"
        f"<ParameterKey>{escaped(m.parameter_key)}</ParameterKey></cwmp:SetParameterValues>"
    )


def _get_names(m: rpc.GetParameterNames) -> str:
    return (
        f"<cwmp:GetParameterNames><ParameterPath>{escaped(m.path)}</ParameterPath>"
        f"<NextLevel>{m.next_level:d}</NextLevel></cwmp:GetParameterNames>"
    )


def _get_names_response(m: rpc.GetParameterNamesResponse) -> str:
    items = [
        f"<ParameterInfoStruct><Name>{escaped(name)}</Name>"
        f"<Writable>{writable:d}</Writable></ParameterInfoStruct>"
        for name, writable in m.names
    ]
    listed = _array("ParameterList", "cwmp:ParameterInfoStruct", items)
    return f"<cwmp:GetParameterNamesResponse>{listed}</cwmp:GetParameterNamesResponse>"


def _object(m: rpc.AddObject | rpc.DeleteObject) -> str:
    method = type(m).__name__
    return (
        f"<cwmp:{method}><ObjectName>{escaped(m.object_name)}</ObjectName>"
        f"<ParameterKey>{escaped(m.parameter_key)}</ParameterKey></cwmp:{method}>"
    )


def _status(m: rpc.SetParameterValuesResponse | rpc.DeleteObjectResponse) -> str:
    method = type(m).__name__
    return f"<cwmp:{method}><Status>{m.status:d}</Status></cwmp:{method}>"


def _add_response(m: rpc.AddObjectResponse) -> str:
    return (
        f"<cwmp:AddObjectResponse><InstanceNumber>{m.instance_number:d}</InstanceNumber>"
        f"<Status>{m.status:d}</Status></cwmp:AddObjectResponse>"
    )


def _reboot(m: rpc.Reboot) -> str:
    return f"<cwmp:Reboot><CommandKey>{escaped(m.command_key)}</CommandKey></cwmp:Reboot>"


def _fault(m: rpc.Fault) -> str:
    listed = "".join(
        f"<SetParameterValuesFault><ParameterName>{escaped(name)}</ParameterName>"
        f"<FaultCode>{escaped(code)}</FaultCode>"
        f"<FaultString>{escaped(text)}</FaultString></SetParameterValuesFault>"
        for name, code, text in m.set_parameter_faults
    )
    return (
        f"<soap:Fault><faultcode>{soap_fault_code(m.code)}</faultcode>"
        "<faultstring>CWMP fault</faultstring><detail><cwmp:Fault>"
        f"<FaultCode>{escaped(m.code)}</FaultCode><FaultString>{escaped(m.text)}</FaultString>"
        f"{listed}</cwmp:Fault></detail></soap:Fault>"
    )


def _empty(m: rpc.Message) -> str:
    return f"<cwmp:{type(m).__name__}/>"


_WRITERS: Final[Mapping[type, Callable[[Any], str]]] = MappingProxyType(
    {
        rpc.Inform: _inform,
        rpc.InformResponse: _inform_response,
        rpc.GetRPCMethods: _empty,
        rpc.GetRPCMethodsResponse: _methods_response,
        rpc.TransferComplete: _transfer_complete,
        rpc.TransferCompleteResponse: _empty,
        rpc.GetParameterValues: _get_values,
        rpc.GetParameterValuesResponse: _get_values_response,
        rpc.SetParameterValues: _set_values,
        rpc.SetParameterValuesResponse: _status,
        rpc.GetParameterNames: _get_names,
        rpc.GetParameterNamesResponse: _get_names_response,
        rpc.AddObject: _object,
        rpc.AddObjectResponse: _add_response,
        rpc.DeleteObject: _object,
        rpc.DeleteObjectResponse: _status,
        rpc.Reboot: _reboot,
        rpc.RebootResponse: _empty,
        rpc.Fault: _fault,
    }
)
