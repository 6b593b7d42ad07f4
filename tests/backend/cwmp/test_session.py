"""Both sides of a session, face to face through memory and each against bytes."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.cwmp import rpc, session
from backend.cwmp.envelope import CWMP_1_0, CWMP_1_2, Limits
from backend.cwmp.faults import LocalError, RemoteError, fault
from backend.cwmp.session import AcsSession, AcsState, CpeSession, CpeState
from backend.cwmp.soap import decode, encode
from tests.backend.cwmp.messages import FIXTURES, INFORM, READ, REFUSED, SAID, UNHURRIED, WRITTEN
from tests.backend.cwmp.strategies import (
    ACS_REQUESTS,
    CPE_REQUESTS,
    CPE_RESPONSES,
    FAULTS,
    INFORMS,
    TEXTS,
)

READING = rpc.GetParameterValues(("Device.DHCPv4.",))
DONE = rpc.TransferComplete("upgrade-9")
VENDOR = b'<v:Sing xmlns:v="urn:vendor" soap:mustUnderstand="1">loud</v:Sing>'
"""A header that must be understood, and is the vendor's own."""


def fixture(name: str) -> bytes:
    return (FIXTURES / f"{name}.xml").read_bytes()


def ready_acs() -> AcsSession:
    acs = AcsSession("a")
    acs.receive(fixture("cpe_Inform"))
    acs.receive(b"")
    return acs


def waiting_acs() -> AcsSession:
    acs = ready_acs()
    acs.send(READING)
    return acs


def listening_cpe() -> CpeSession:
    cpe = CpeSession("c")
    cpe.send(INFORM)
    cpe.receive(encode(rpc.InformResponse(), "c1"))
    cpe.finish()
    return cpe


def test_a_whole_session() -> None:
    acs, cpe = AcsSession("a"), CpeSession("c", CWMP_1_2)
    informed = acs.receive(cpe.send(INFORM))
    assert isinstance(informed, session.Informed)
    assert informed.inform == INFORM
    assert isinstance(cpe.receive(informed.reply), session.Answered)

    asked = acs.receive(cpe.send(DONE))
    assert isinstance(asked, session.Asked)
    assert asked.message == DONE
    answered = cpe.receive(asked.reply)
    assert isinstance(answered, session.Answered)
    assert answered.response == rpc.TransferCompleteResponse()

    assert acs.receive(cpe.finish()) == session.Ready()
    requested = cpe.receive(acs.send(READING))
    assert isinstance(requested, session.Requested)
    assert requested.message == READING
    assert acs.outstanding == "GetParameterValues"
    read = acs.receive(cpe.reply(READ))
    assert isinstance(read, session.Answered)
    assert (read.method, read.response) == ("GetParameterValues", READ)

    cpe.receive(acs.send(WRITTEN))
    refused = acs.receive(cpe.reply(REFUSED))
    assert isinstance(refused, session.Refused)
    assert (refused.method, refused.fault) == ("SetParameterValues", REFUSED)
    assert refused.envelope.cwmp_namespace == CWMP_1_2

    cpe.receive(acs.send(rpc.Reboot("k")))
    acs.receive(cpe.reply(rpc.RebootResponse()))
    assert cpe.receive(acs.end()) == session.Ended()
    assert (acs.state, cpe.state, acs.lenient_messages) == (AcsState.ENDED, CpeState.ENDED, 0)


@UNHURRIED
@given(
    INFORMS,
    st.lists(CPE_REQUESTS, max_size=3),
    st.lists(st.tuples(ACS_REQUESTS, CPE_RESPONSES | FAULTS), max_size=4),
    st.tuples(TEXTS, TEXTS),
)
def test_any_session_says_what_was_said(inform, own, asked, prefixes) -> None:
    acs, cpe = AcsSession(prefixes[0]), CpeSession(prefixes[1])
    event = acs.receive(cpe.send(inform))
    assert event.inform == inform
    cpe.receive(event.reply)
    for request in own:
        event = acs.receive(cpe.send(request))
        assert event.message == request
        assert rpc.method_of(cpe.receive(event.reply).response) == f"{rpc.method_of(request)}Response"
    acs.receive(cpe.finish())
    for request, response in asked:
        assert cpe.receive(acs.send(request)).message == request
        acs = AcsSession.from_json(json.loads(json.dumps(acs.to_json())))
        if isinstance(response, rpc.Fault):
            assert acs.receive(cpe.reply(response)).fault == response
        elif rpc.method_of(response) == f"{rpc.method_of(request)}Response":
            assert acs.receive(cpe.reply(response)).response == response
        else:
            with pytest.raises(LocalError):
                cpe.reply(response)
            return
    assert cpe.receive(acs.end()) == session.Ended()


def test_the_fixtures_make_a_session() -> None:
    acs = AcsSession("a")
    informed = acs.receive(fixture("cpe_Inform"))
    assert isinstance(informed, session.Informed)
    assert decode(informed.reply) == decode(fixture("acs_InformResponse"))
    asked = acs.receive(fixture("cpe_GetRPCMethods"))
    assert isinstance(asked, session.Asked)
    assert decode(asked.reply) == decode(fixture("acs_GetRPCMethodsResponse"))
    assert acs.receive(b"\r\n") == session.Ready()
    acs.send(rpc.GetRPCMethods())
    assert isinstance(acs.receive(fixture("cpe_GetRPCMethodsResponse")), session.Answered)
    acs.send(READING)
    read = acs.receive(fixture("cpe_GetParameterValuesResponse"))
    assert isinstance(read, session.Answered)
    assert read.response == READ
    acs.send(WRITTEN)
    refused = acs.receive(fixture("cpe_Fault_SetParameterValues"))
    assert isinstance(refused, session.Refused)
    assert refused.fault == REFUSED
    assert acs.end() == b""


@pytest.mark.parametrize("method", rpc.ACS_METHODS[1:])
def test_every_request_of_the_device_is_answered(method: str) -> None:
    acs = AcsSession("a")
    acs.receive(fixture("cpe_Inform"))
    asked = acs.receive(fixture(f"cpe_{method}"))
    assert isinstance(asked, session.Asked)
    id, _, said = SAID[f"cpe_{method}"]
    assert asked.message == said
    answer = decode(asked.reply)
    assert (answer.id, rpc.method_of(answer.message)) == (id, f"{method}Response")
    assert acs.receive(b"") == session.Ready()


def test_a_kicked_browser_is_sent_nowhere() -> None:
    """A.4.2.1: what Kicked carries came from a web page that nobody has checked."""
    acs = AcsSession("a")
    acs.receive(fixture("cpe_Inform"))
    asked = acs.receive(fixture("cpe_Kicked"))
    assert isinstance(asked, session.Asked)
    assert decode(asked.reply).message == rpc.KickedResponse("")


def test_a_transfer_that_completes_while_an_answer_is_due_is_answered() -> None:
    acs = waiting_acs()
    asked = acs.receive(encode(DONE, "x"))
    assert isinstance(asked, session.Asked)
    assert decode(asked.reply).message == rpc.TransferCompleteResponse()
    assert acs.outstanding == "GetParameterValues"
    assert isinstance(acs.receive(encode(READ, "a1")), session.Answered)


@pytest.mark.parametrize(
    ("request_", "code"),
    [(READING, "9002"), (rpc.Reboot(), "9002"), (rpc.GetOptions(), "9000"), (rpc.FactoryReset(), "9000")],
)
def test_an_empty_answer_is_a_refusal_that_leaves_doubt(request_: rpc.AcsRequest, code: str) -> None:
    acs = ready_acs()
    acs.send(request_)
    refused = acs.receive(b" \r\n")
    assert isinstance(refused, session.Refused)
    assert (refused.method, refused.fault.code, refused.silent) == (rpc.method_of(request_), code, True)
    assert refused.envelope.lenient
    assert acs.end() == b""


def test_a_device_that_never_stops_asking_is_stopped() -> None:
    acs = AcsSession("a")
    acs.receive(fixture("cpe_Inform"))
    for _ in range(session.REQUESTS_LIMIT):
        acs.receive(fixture("cpe_GetRPCMethods"))
        acs = AcsSession.from_json(json.loads(json.dumps(acs.to_json())))
    with pytest.raises(RemoteError, match="too_many"):
        acs.receive(fixture("cpe_GetRPCMethods"))


def test_spaces_around_an_echoed_id_do_no_harm() -> None:
    assert isinstance(waiting_acs().receive(encode(READ, " a1\n")), session.Answered)


def test_a_request_with_an_unknown_header_that_must_be_understood_is_not_done() -> None:
    acs = AcsSession("a")
    acs.receive(fixture("cpe_Inform"))
    asked = acs.receive(encode(DONE, "9").replace(b"<soap:Header>", b"<soap:Header>" + VENDOR))
    assert isinstance(asked, session.Asked)
    assert asked.message == rpc.Unsupported("TransferComplete")
    answer = decode(asked.reply)
    assert (answer.id, answer.message) == ("9", rpc.Fault("MustUnderstand", "Sing"))
    assert acs.receive(b"") == session.Ready()


def test_an_inform_with_an_unknown_header_that_must_be_understood_opens_nothing() -> None:
    acs = AcsSession("a")
    with pytest.raises(RemoteError, match="Sing") as caught:
        acs.receive(encode(INFORM, "1").replace(b"<soap:Header>", b"<soap:Header>" + VENDOR))
    assert (caught.value.reason, caught.value.fault_code) == ("not_understood", "MustUnderstand")
    assert acs.state is AcsState.ENDED


def test_an_unknown_request_of_the_device_is_answered_8000() -> None:
    acs = AcsSession("a")
    acs.receive(fixture("cpe_Inform"))
    body = encode(rpc.GetRPCMethods(), "<9>").replace(b"GetRPCMethods", b"X_Vendor_Sing")
    asked = acs.receive(body)
    assert isinstance(asked, session.Asked)
    assert asked.message == rpc.Unsupported("X_Vendor_Sing")
    answer = decode(asked.reply)
    assert (answer.id, answer.message) == ("<9>", fault("8000"))
    assert acs.receive(b"") == session.Ready()


def test_a_second_inform_ends_the_session() -> None:
    for acs in (ready_acs(), waiting_acs()):
        event = acs.receive(fixture("cpe_Inform"))
        assert isinstance(event, session.Superseded)
        assert acs.state is AcsState.ENDED
        assert isinstance(AcsSession("b").receive(event.envelope), session.Informed)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (encode(READ, "a2"), "wrong_id"),
        (encode(rpc.RebootResponse(), "a1"), "wrong_method"),
        (encode(REFUSED, "other"), "wrong_id"),
        (encode(READ, "a1").replace(b"<soap:Header>", b"<soap:Header>" + VENDOR), "not_understood"),
        (b"<x", "malformed"),
    ],
)
def test_a_wrong_answer_ends_the_session(body: bytes, reason: str) -> None:
    acs = waiting_acs()
    with pytest.raises(RemoteError) as caught:
        acs.receive(body)
    assert (caught.value.reason, acs.state) == (reason, AcsState.ENDED)
    with pytest.raises(LocalError):
        acs.send(READING)


def test_an_answer_without_an_id_is_taken_and_counted() -> None:
    acs = waiting_acs()
    assert isinstance(acs.receive(encode(READ, "")), session.Answered)
    assert acs.lenient_messages == 1


def test_the_device_chooses_namespace_version_and_timeout() -> None:
    acs, cpe = AcsSession("a"), CpeSession("c", CWMP_1_2)
    body = cpe.send(INFORM, session_timeout_s=90, supported_versions=("1.0", "1.2", "1.4"))
    informed = acs.receive(body)
    assert isinstance(informed, session.Informed)
    assert (acs.namespace, acs.session_timeout_s) == (CWMP_1_2, 90)
    assert decode(informed.reply).use_version == "1.4"
    acs.receive(b"")
    assert decode(acs.send(READING)).cwmp_namespace == CWMP_1_2


@pytest.mark.parametrize(("asked_s", "kept_s"), [(0, 30), (5, 30), (99_999, 300)])
def test_the_session_timeout_is_bounded(asked_s: int, kept_s: int) -> None:
    acs = AcsSession("a")
    acs.receive(encode(INFORM, "1", CWMP_1_0, session_timeout_s=asked_s))
    assert acs.session_timeout_s == kept_s


def test_what_opens_a_session_is_limited_like_all_else() -> None:
    inform = encode(dataclasses.replace(INFORM, values=READ.values * 600), "1")
    assert isinstance(AcsSession("a").receive(inform), session.Informed)
    for limits in (Limits(parameters=600), Limits(body_bytes=len(inform) - 1)):
        with pytest.raises(RemoteError, match="too_large|too_many"):
            AcsSession("a", limits).receive(inform)


def test_a_device_asked_to_retry_sends_again() -> None:
    acs, cpe = AcsSession("a"), CpeSession("c")
    informed = acs.receive(cpe.send(INFORM))
    assert isinstance(informed, session.Informed)
    refused = cpe.receive(acs.refuse(informed.envelope, "8005"))
    assert isinstance(refused, session.Refused)
    assert (refused.fault, acs.state) == (fault("8005"), AcsState.ENDED)
    assert isinstance(AcsSession("b").receive(cpe.send(INFORM)), session.Informed)


def test_a_refused_inform_ends_the_device_session() -> None:
    cpe = CpeSession("c")
    cpe.send(INFORM)
    assert isinstance(cpe.receive(encode(fault("8001"), "c1")), session.Refused)
    assert cpe.state is CpeState.ENDED


def test_a_device_answers_an_unknown_request_with_9000() -> None:
    cpe = listening_cpe()
    body = encode(rpc.Reboot(), "a1").replace(b"cwmp:Reboot", b"cwmp:X_Vendor_Sing")
    requested = cpe.receive(body)
    assert isinstance(requested, session.Requested)
    assert requested.message == rpc.Unsupported("X_Vendor_Sing")
    assert decode(cpe.reply(fault("9000"))).id == "a1"


def test_a_device_answers_only_what_it_was_asked() -> None:
    cpe = listening_cpe()
    cpe.receive(encode(READING, "a1"))
    with pytest.raises(LocalError):
        cpe.reply(rpc.RebootResponse())
    assert decode(cpe.reply(READ)).id == "a1"


def test_an_inform_from_the_acs_is_refused() -> None:
    with pytest.raises(RemoteError, match="unexpected"):
        CpeSession("c").receive(fixture("cpe_Inform"))
