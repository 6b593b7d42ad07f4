"""The codec against hand-written bytes, odd devices, and every message it can say."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from backend.cwmp import rpc
from backend.cwmp.envelope import CWMP_1_0, CWMP_1_2, NAMESPACES, Limits
from backend.cwmp.faults import LocalError, RemoteError
from backend.cwmp.soap import decode, encode
from tests.backend.cwmp.messages import ENABLE, FIXTURES, INFORM, INSTALLED, SAID, UNHURRIED
from tests.backend.cwmp.strategies import MESSAGES, TEXTS

ODD = sorted(path.stem for path in (FIXTURES / "odd").glob("*.xml"))
ENABLED = rpc.GetParameterValuesResponse((rpc.ParameterValue(ENABLE, "1", "xsd:boolean"),))


def fixture(name: str) -> bytes:
    return (FIXTURES / f"{name}.xml").read_bytes()


def said(body: bytes) -> tuple[object, ...]:
    """A body's information: names and types resolved, so that prefixes and layout do not count."""

    def resolved(element: etree._Element, spelt: str) -> str:
        prefix, colon, local = spelt.partition(":")
        return f"{{{element.nsmap[prefix]}}}{local}" if colon else spelt

    def of(element: etree._Element) -> tuple[object, ...]:
        attributes = sorted(
            (name, resolved(element, text) if name.endswith(("}type", "}arrayType")) else text)
            for name, text in element.items()
        )
        text = "" if len(element) else element.text or ""
        return element.tag, attributes, text, [of(child) for child in element]

    return of(etree.fromstring(body))


def test_every_message_has_a_fixture() -> None:
    covered = {type(message) for _, _, message in SAID.values()}
    assert covered == set(rpc.Message.__args__) - {rpc.Unsupported}
    assert {path.stem for path in FIXTURES.glob("*.xml")} == set(SAID)


@pytest.mark.parametrize("name", SAID)
def test_reads_the_fixture(name: str) -> None:
    id, namespace, message = SAID[name]
    envelope = decode(fixture(name))
    assert (envelope.id, envelope.cwmp_namespace, envelope.message) == (id, namespace, message)
    assert not envelope.lenient


@pytest.mark.parametrize("name", SAID)
def test_writes_what_the_fixture_says(name: str) -> None:
    id, namespace, message = SAID[name]
    assert said(encode(message, id, namespace)) == said(fixture(name))


@pytest.mark.parametrize("name", ODD)
def test_an_odd_device_is_understood_and_counted(name: str) -> None:
    envelope = decode(fixture(f"odd/{name}"))
    assert (envelope.id, envelope.message, envelope.lenient) == ("o1", ENABLED, True)
    assert envelope.cwmp_namespace in NAMESPACES
    assert decode(encode(envelope.message, envelope.id, envelope.cwmp_namespace)).message == ENABLED


@UNHURRIED
@given(MESSAGES, TEXTS, st.sampled_from(sorted(NAMESPACES)))
def test_reads_back_all_it_writes(message: rpc.Message, id: str, namespace: str) -> None:
    envelope = decode(encode(message, id, namespace))
    assert envelope.message == message
    assert (envelope.id, envelope.cwmp_namespace) == (id, namespace)
    assert envelope.lenient == (namespace[-1] in "34")


@UNHURRIED
@given(st.binary(max_size=300))
def test_noise_is_refused(body: bytes) -> None:
    with pytest.raises(RemoteError):
        decode(body)


@UNHURRIED
@given(st.sampled_from(sorted(SAID)), st.data())
def test_a_cut_message_is_never_half_understood(name: str, data: st.DataObject) -> None:
    body = fixture(name).rstrip()
    with pytest.raises(RemoteError):
        decode(body[: data.draw(st.integers(0, len(body) - 1))])


@UNHURRIED
@given(st.sampled_from(sorted(SAID)), st.data())
def test_a_damaged_message_raises_nothing_else(name: str, data: st.DataObject) -> None:
    body = bytearray(fixture(name))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    with contextlib.suppress(RemoteError):
        decode(bytes(body))


def test_the_id_is_echoed_verbatim_and_escaped() -> None:
    body = encode(rpc.InformResponse(), '<"&> ]]> 1')
    assert b'<cwmp:ID soap:mustUnderstand="1">&lt;"&amp;&gt; ]]&gt; 1</cwmp:ID>' in body
    assert decode(body).id == '<"&> ]]> 1'


def test_without_an_id_there_is_no_header() -> None:
    assert b"Header" not in encode(rpc.InformResponse(), "")
    assert decode(encode(rpc.InformResponse(), "")).id == ""


def test_header_elements_of_version_1_4() -> None:
    body = encode(INFORM, "1", CWMP_1_2, session_timeout_s=45, supported_versions=("1.0", "1.4"))
    envelope = decode(body)
    assert (envelope.session_timeout_s, envelope.supported_versions) == (45, ("1.0", "1.4"))
    assert decode(encode(rpc.InformResponse(), "1", use_version="1.4")).use_version == "1.4"


HEADERS = {
    b'<v:X xmlns:v="urn:v" soap:mustUnderstand="1"/>': ("X",),
    b'<v:X xmlns:v="urn:v" soap:mustUnderstand=" true "/>': ("X",),
    b'<v:X xmlns:v="urn:v" soap:mustUnderstand="0"/>': (),
    b'<v:X xmlns:v="urn:v"/>': (),
    b'<v:X xmlns:v="urn:v" soap:mustUnderstand="1" soap:actor="urn:somebody-else"/>': (),
    b'<v:X xmlns:v="urn:v" soap:mustUnderstand="1"'
    b' soap:actor="http://schemas.xmlsoap.org/soap/actor/next"/>': ("X",),
    b'<cwmp:HoldRequests soap:mustUnderstand="1">1</cwmp:HoldRequests>': (),
    b'<cwmp:NoMoreRequests soap:mustUnderstand="1">1</cwmp:NoMoreRequests>': (),
}


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("broken", [False, True])
def test_headers_that_must_be_understood(header: bytes, broken: bool) -> None:
    body = encode(ENABLED, "1").replace(b"<soap:Header>", b"<soap:Header>" + header)
    if broken:
        body = body.replace(b"<Name>", b"<Name>\x00")
    envelope = decode(body)
    assert (envelope.not_understood, envelope.message, envelope.lenient) == (HEADERS[header], ENABLED, broken)


def test_a_session_timeout_that_is_no_number_is_none() -> None:
    body = encode(INFORM, "1", session_timeout_s=45).replace(b">45<", b">soon<")
    envelope = decode(body)
    assert (envelope.session_timeout_s, envelope.message, envelope.lenient) == (None, INFORM, True)


def test_the_version_to_use_must_be_understood() -> None:
    """The schema of 1.4 demands it."""
    body = encode(rpc.InformResponse(), "1", use_version="1.4")
    assert b'<cwmp:UseCWMPVersion soap:mustUnderstand="1">1.4<' in body


LEFT_OUT = {
    "<c:SetParameterValuesResponse/>": rpc.SetParameterValuesResponse(),
    "<c:DeleteObjectResponse><Status/></c:DeleteObjectResponse>": rpc.DeleteObjectResponse(),
    "<c:DownloadResponse/>": rpc.DownloadResponse(1),
    "<c:UploadResponse><Status>0</Status></c:UploadResponse>": rpc.UploadResponse(0),
    "<c:TransferComplete><CommandKey>k</CommandKey></c:TransferComplete>": rpc.TransferComplete("k"),
    "<c:AddObjectResponse><InstanceNumber>3 </InstanceNumber></c:AddObjectResponse>": (
        rpc.AddObjectResponse(3)
    ),
    "<c:RequestDownload><FileType>1 Firmware Upgrade Image</FileType></c:RequestDownload>": (
        rpc.RequestDownload("1 Firmware Upgrade Image")
    ),
    "<c:GetAllQueuedTransfersResponse/>": rpc.GetAllQueuedTransfersResponse(()),
    "<c:GetParameterNamesResponse><ParameterList><ParameterInfoStruct><Name>Device.A</Name><Writable/>"
    "</ParameterInfoStruct></ParameterList></c:GetParameterNamesResponse>": (
        rpc.GetParameterNamesResponse((rpc.ParameterInfo("Device.A", False),))
    ),
}


def cpe_body(inner: str) -> bytes:
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:c="urn:dslforum-org:cwmp-1-0">'
        f"<s:Body>{inner}</s:Body></s:Envelope>"
    ).encode()


@pytest.mark.parametrize("inner", LEFT_OUT)
def test_what_is_left_out_means_the_least_it_can(inner: str) -> None:
    envelope = decode(cpe_body(inner))
    assert (envelope.message, envelope.lenient) == (LEFT_OUT[inner], True)


@pytest.mark.parametrize(
    "inner",
    [
        "<c:AddObjectResponse><Status>0</Status></c:AddObjectResponse>",
        "<c:AddObjectResponse><InstanceNumber>0</InstanceNumber></c:AddObjectResponse>",
        "<c:DownloadResponse><Status>2</Status></c:DownloadResponse>",
        "<c:ScheduleInform><DelaySeconds>4294967296</DelaySeconds></c:ScheduleInform>",
        "<c:ChangeDUState><Operations><URL>http://x</URL></Operations></c:ChangeDUState>",
        "<c:GetParameterNames><NextLevel>maybe</NextLevel></c:GetParameterNames>",
    ],
)
def test_what_would_be_a_guess_is_malformed(inner: str) -> None:
    with pytest.raises(RemoteError, match="malformed"):
        decode(cpe_body(inner))


def test_results_and_operations_in_an_array_are_understood() -> None:
    """Much that is in the field sends what the schema repeats as a SOAP array, faults wrapped once more."""
    result = re.search(rb"<Results>(.*?)</Results>", fixture("cpe_DUStateChangeComplete"), re.DOTALL)
    assert result is not None
    inner = result[1].replace(b"<Fault>", b"<Fault><FaultStruct>")
    inner = inner.replace(b"</Fault>", b"</FaultStruct></Fault>")
    listed = b"<Results><OpResultStruct>" + inner + b"</OpResultStruct></Results>"
    envelope = decode(cpe_body(f"<c:DUStateChangeComplete>{listed.decode()}</c:DUStateChangeComplete>"))
    assert (envelope.message, envelope.lenient) == (rpc.DUStateChangeComplete((INSTALLED,)), True)
    asked = "<UninstallOpStruct><UUID>u</UUID></UninstallOpStruct>"
    envelope = decode(cpe_body(f"<c:ChangeDUState><Operations>{asked}</Operations></c:ChangeDUState>"))
    assert envelope.message == rpc.ChangeDUState((rpc.UninstallOperation("u"),))


def test_a_fault_with_qualified_fields_keeps_its_code() -> None:
    inner = (
        "<s:Fault><s:faultcode>Client</s:faultcode><s:detail><c:Fault><c:FaultCode>9005</c:FaultCode>"
        "<c:FaultString>no</c:FaultString></c:Fault></s:detail></s:Fault>"
    )
    assert decode(cpe_body(inner)).message == rpc.Fault("9005", "no")


def test_cdata_comments_and_instructions_are_plain_text() -> None:
    value = b'xsd:boolean">1</Value>'
    mixed = b'xsd:string"><![CDATA[a<b]]> &amp;<!-- no --> c<?no x?></Value>'
    body = encode(ENABLED, "1").replace(value, mixed)
    envelope = decode(body)
    assert envelope.message.values[0].value == "a<b & c"  # type: ignore[union-attr]
    assert not envelope.lenient


def test_a_marked_section_keeps_its_ampersands_where_prefixes_are_undeclared() -> None:
    body = (
        b"<s:Envelope><s:Header><c:ID>1</c:ID></s:Header><s:Body><c:GetParameterValuesResponse><ParameterList>"
        b"<P><Name>Device.X</Name><Value><![CDATA[a & b &#65; <c>]]> d & e &#65;</Value></P></ParameterList>"
        b"</c:GetParameterValuesResponse></s:Body></s:Envelope>"
    )
    (value,) = decode(body).message.values
    assert value.value == "a & b &#65; <c> d & e A"


def test_a_bare_ampersand_is_kept() -> None:
    body = encode(ENABLED, "1").replace(b'xsd:boolean">1<', b'xsd:string">you & me &copy;<')
    envelope = decode(body)
    assert envelope.message.values[0].value == "you & me &copy;"  # type: ignore[union-attr]
    assert envelope.lenient


def test_a_wrong_charset_is_mended() -> None:
    text = '<?xml version="1.0" encoding="UTF-8"?>' + encode(ENABLED, "é").decode()
    envelope = decode(text.encode("latin-1"))
    assert (envelope.id, envelope.message, envelope.lenient) == ("é", ENABLED, True)


def test_utf_16_is_xml_too() -> None:
    text = '<?xml version="1.0"?>' + encode(ENABLED, "é").decode()
    assert decode(text.encode("utf-16")).message == ENABLED
    assert decode(text.replace("soap:Body>", "Body>").encode("utf-16")).lenient


def test_a_type_that_is_missing_or_unknown_is_a_string() -> None:
    for odd in (b"", b' xsi:type="vendor:thing"'):
        envelope = decode(encode(ENABLED, "1").replace(b' xsi:type="xsd:boolean"', odd))
        assert envelope.message == rpc.GetParameterValuesResponse((rpc.ParameterValue(ENABLE, "1"),))
        assert envelope.lenient


def test_an_unknown_method_is_named_and_not_read() -> None:
    body = encode(rpc.RebootResponse(), "5").replace(b"RebootResponse", b"X_Vendor_Sing")
    assert decode(body).message == rpc.Unsupported("X_Vendor_Sing")


def test_a_fault_without_cwmp_detail_has_no_code() -> None:
    body = (
        b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>'
        b"<faultcode>s:Server</faultcode><faultstring>boom</faultstring>"
        b"</s:Fault></s:Body></s:Envelope>"
    )
    assert decode(body).message == rpc.Fault("", "boom")


REFUSED_BODIES = {
    "doctype": b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + encode(ENABLED, "1"),
    "doctype in utf-16": ('<!DOCTYPE x SYSTEM "file:///etc/passwd">' + encode(ENABLED, "1").decode()).encode(
        "utf-16"
    ),
    "malformed": b"<soap:Envelope",
    "malformed html": b"<html><body>no</body></html>",
    "malformed, empty body": encode(rpc.RebootResponse(), "1").replace(b"<cwmp:RebootResponse/>", b""),
    "malformed, no serial number": encode(INFORM, "1").replace(b"SN0001", b""),
    "malformed, a name without value": encode(ENABLED, "1").replace(
        b'<Value xsi:type="xsd:boolean">1</Value>', b""
    ),
    "malformed status": encode(rpc.SetParameterValuesResponse(0), "1").replace(b">0<", b">7<"),
    "malformed number": encode(rpc.AddObjectResponse(3, 0), "1").replace(b">3<", b">-3<"),
    "too_deep": encode(rpc.RebootResponse(), "1").replace(
        b"<cwmp:RebootResponse/>",
        b"<cwmp:RebootResponse>" + b"<a>" * 99 + b"</a>" * 99 + b"</cwmp:RebootResponse>",
    ),
    "too_many elements to mend": b"<x>" + b"<z:a/>" * 200_000,
    "too_many attributes to mend": b"<z:a " + b'z:b="" ' * 2_000 + b"/>",
    "too_large": b" " * (4 * 1024 * 1024 + 1),
    "too_large name": encode(ENABLED, "1").replace(b">Device.", b">" + b"D" * 600 + b"."),
}


@pytest.mark.parametrize("case", REFUSED_BODIES)
def test_what_is_never_read(case: str) -> None:
    with pytest.raises(RemoteError) as caught:
        decode(REFUSED_BODIES[case])
    assert caught.value.reason == case.replace(",", " ").split()[0]
    assert caught.value.http_status == (413 if case.startswith("too_large") else 400)


def test_the_number_of_parameters_is_limited() -> None:
    body = encode(rpc.GetParameterValuesResponse(ENABLED.values * 11), "1")
    with pytest.raises(RemoteError, match="too_many"):
        decode(body, Limits(parameters=10))


@pytest.mark.parametrize(
    "message",
    [
        rpc.Reboot("\x00"),
        rpc.SetParameterValues((rpc.ParameterValue("Device.X", "1", "boolean"),)),
        rpc.Unsupported("X"),
    ],
)
def test_what_is_never_written(message: rpc.Message) -> None:
    with pytest.raises(LocalError):
        encode(message, "1")


def test_no_unknown_namespace_is_written() -> None:
    with pytest.raises(LocalError):
        encode(rpc.RebootResponse(), "1", "urn:other")
    assert CWMP_1_0 in NAMESPACES
