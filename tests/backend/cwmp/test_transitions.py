"""Both sides allow what their table lists and nothing else; the words say the same."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping

import pytest

from backend.cwmp import rpc, transitions
from backend.cwmp.faults import LocalError, RemoteError, fault
from backend.cwmp.session import AcsSession, AcsState, CpeSession, CpeState
from backend.cwmp.soap import encode
from backend.cwmp.transitions import ACS_TRANSITIONS, CPE_TRANSITIONS, What
from tests.backend.cwmp.messages import FIXTURES, INFORM, READ, REFUSED

READING = rpc.GetParameterValues(("Device.DHCPv4.",))
DONE = rpc.TransferComplete("upgrade-9")
INFORMED = (FIXTURES / "cpe_Inform.xml").read_bytes()


def acs_in(state: AcsState) -> AcsSession:
    return AcsSession.from_json(
        {**AcsSession("a").to_json(), "state": state.value, "id": "a1", "method": "GetParameterValues"}
    )


ACS_ACTS = {
    What.INFORM: lambda acs: acs.receive(INFORMED),
    What.REQUEST: lambda acs: acs.receive(encode(DONE, "1")),
    What.RESPONSE: lambda acs: acs.receive(encode(READ, "a1")),
    What.FAULT: lambda acs: acs.receive(encode(REFUSED, "a1")),
    What.EMPTY: lambda acs: acs.receive(b""),
    What.SEND: lambda acs: acs.send(READING),
    What.END: lambda acs: acs.end(),
}


@pytest.mark.parametrize(("state", "what"), list(itertools.product(AcsState, ACS_ACTS)))
def test_the_acs_allows_its_table_and_nothing_else(state: AcsState, what: What) -> None:
    acs = acs_in(state)
    following = ACS_TRANSITIONS.get((state, what))
    if following is None:
        with pytest.raises((RemoteError, LocalError)):
            ACS_ACTS[what](acs)
        assert acs.state in (state, AcsState.ENDED)
    else:
        ACS_ACTS[what](acs)
        assert acs.state is following


def cpe_in(state: CpeState) -> CpeSession:
    cpe = CpeSession("c")
    if state is CpeState.CLOSED:
        return cpe
    cpe.send(INFORM)
    if state is CpeState.OPENING:
        return cpe
    cpe.receive(encode(rpc.InformResponse(), "c1"))
    if state is CpeState.ASKING:
        cpe.send(DONE)
    elif state is not CpeState.TALKING:
        cpe.finish()
    if state is CpeState.ANSWERING:
        cpe.receive(encode(READING, "a1"))
    elif state is CpeState.ENDED:
        cpe.receive(b"")
    return cpe


def answer_to(cpe: CpeSession) -> bytes:
    if cpe.state is CpeState.ASKING:
        return encode(rpc.TransferCompleteResponse(), "c2")
    return encode(rpc.InformResponse(), "c1")


CPE_ACTS = {
    What.INFORM: lambda cpe: cpe.send(INFORM),
    What.SEND: lambda cpe: cpe.send(DONE),
    What.END: lambda cpe: cpe.finish(),
    What.REPLY: lambda cpe: cpe.reply(READ),
    What.RESPONSE: lambda cpe: cpe.receive(answer_to(cpe)),
    What.FAULT: lambda cpe: cpe.receive(encode(fault("8002"), "")),
    What.RETRY: lambda cpe: cpe.receive(encode(fault("8005"), "")),
    What.REQUEST: lambda cpe: cpe.receive(encode(READING, "a1")),
    What.EMPTY: lambda cpe: cpe.receive(b""),
}


@pytest.mark.parametrize(("state", "what"), list(itertools.product(CpeState, CPE_ACTS)))
def test_the_cpe_allows_its_table_and_nothing_else(state: CpeState, what: What) -> None:
    cpe = cpe_in(state)
    assert cpe.state is state
    following = CPE_TRANSITIONS.get((state, what))
    if following is None:
        with pytest.raises((RemoteError, LocalError)):
            CPE_ACTS[what](cpe)
        assert cpe.state in (state, CpeState.ENDED)
    else:
        CPE_ACTS[what](cpe)
        assert cpe.state is following


def test_the_words_of_the_module_are_its_tables() -> None:
    rows = re.findall(r"^    (\w+) +(\S.*?) {2,}(\w+)$", transitions.__doc__ or "", re.MULTILINE)
    tables: list[Mapping] = [ACS_TRANSITIONS, CPE_TRANSITIONS]
    listed = [(s.value, what.value, f.value) for table in tables for (s, what), f in table.items()]
    assert sorted(rows) == sorted(listed)
