"""The home behind NAT: its Binding Requests, and the datagrams that wake it or do not."""

from __future__ import annotations

import socket

import pytest

from backend.cwmp import stun
from backend.cwmp.faults import RemoteError
from backend.simulator.behind_nat import WayThroughNat
from backend.simulator.cpe import Cpe
from backend.simulator.standing import VALUE_CHANGE

pytestmark = pytest.mark.network

NOW = 1_700_000_000.0
SERVER = "Device.ManagementServer."


@pytest.fixture
def server():
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    made.settimeout(5)
    yield made
    made.close()


@pytest.fixture
def behind(opened, server):
    """(cpe, way): the home's router, whose STUN server is the socket of the test."""
    router = opened("behind-nat")
    router.tree.put(SERVER + "STUNServerPort", server.getsockname()[1])
    cpe = Cpe(router, clock=lambda: NOW)
    way = WayThroughNat(cpe, lambda: NOW)
    yield cpe, way
    way._socket.close()


def answered(server, way, *, mapped=None, error=0):
    """Answer the request that is there as the server does, and let the router take it."""
    datagram, (host, port) = server.recvfrom(2000)
    request = stun.parse(datagram)
    seen = mapped or stun.Address(host, port)
    source = stun.Address(*server.getsockname())
    well = stun.binding_response(request, seen, source=source)
    way.take(stun.error_response(request, error) if error else well)
    return request


def knock(cpe, way, *, at=int(NOW), number=1, password=None, name=None):
    management = cpe.router.management
    request = stun.UdpConnectionRequest(at, number, name or management("ConnectionRequestUsername"), "c0ffee")
    signed = password or management("ConnectionRequestPassword")
    way.take(stun.udp_connection_request(stun.Address("127.0.0.1", way.port), request, signed))


def test_what_the_server_saw_is_told_to_the_acs(behind, server):
    cpe, way = behind
    way.ask()
    assert answered(server, way).connection_request
    assert cpe.router.management("UDPConnectionRequestAddress") == f"127.0.0.1:{way.port}"
    assert cpe.router.tree.is_true(SERVER + "NATDetected")
    inform = cpe.router.inform(cpe.router.pending_events(), 0, NOW)
    assert [event.code for event in inform.events] == [VALUE_CHANGE]
    assert SERVER + "UDPConnectionRequestAddress" in [value.name for value in inform.values]
    cpe.router.informed(inform.events)
    way.ask()
    answered(server, way)
    assert cpe.router.pending_events() == ()
    way.ask()
    answered(server, way, mapped=stun.Address("203.0.113.9", 4000))
    assert cpe.router.pending_events() != ()


def test_it_signs_when_the_server_wants_that(behind, server):
    cpe, way = behind
    cpe.router.tree.put(SERVER + "STUNUsername", "u")
    cpe.router.tree.put(SERVER + "STUNPassword", "p")
    way.ask()
    assert not answered(server, way, error=401).signed
    assert answered(server, way).authenticated_by("p")


def test_an_answer_to_nobody_is_passed_over(behind, server):
    cpe, way = behind
    way.ask()
    datagram, _ = server.recvfrom(2000)
    way.ask()
    late = stun.binding_response(
        stun.parse(datagram), stun.Address("203.0.113.9", 1), source=stun.Address("127.0.0.1", 1)
    )
    way.take(late)
    assert cpe.router.management("UDPConnectionRequestAddress") == ""


def test_a_signed_datagram_wakes_it_once(behind):
    cpe, way = behind
    knock(cpe, way)
    assert [event.code for event in cpe._events] == ["6 CONNECTION REQUEST"]
    for again in ({}, {"at": int(NOW) - 1, "number": 2}, {"at": int(NOW) + 9, "password": "wrong"}):
        with pytest.raises(RemoteError):
            knock(cpe, way, **again)
    with pytest.raises(RemoteError):
        way.take(b"GET / HTTP/1.1\r\n\r\n")
