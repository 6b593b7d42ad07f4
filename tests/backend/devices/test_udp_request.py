"""The way to a device behind NAT: which way is taken, where to, and that the datagram is right."""

from __future__ import annotations

import pytest

from backend.cwmp import stun as codec
from backend.cwmp.stun import Address
from backend.devices import connection_request, udp_request
from backend.devices.connection_request import Target

UDP = Address("198.51.100.7", 40_000)


def target(**more):
    given = {
        "url": "http://192.168.1.1:7547/",
        "username": "u",
        "password": "p",
        "source_address": UDP.host,
        "udp_address": f"{UDP.host}:{UDP.port}",
        "nat_detected": True,
    }
    return Target(**{**given, **more})


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(udp_request, "COPIES_AFTER_S", (0.0, 0.0, 0.0))


@pytest.fixture
def sent():
    return []


@pytest.fixture
def send(sent):
    def one(datagram, address):
        sent.append((datagram, address))
        return True

    return one


@pytest.fixture
def http(monkeypatch):
    """What the request over HTTP comes to, and how often it was made."""
    made = {"result": "accepted", "count": 0}

    def request(target, **more):
        made["count"] += 1
        return made["result"]

    monkeypatch.setattr(connection_request, "request", request)
    return made


def test_behind_nat_it_goes_by_udp_alone(send, sent, http):
    assert udp_request.ask(target(), send) == "accepted"
    assert http["count"] == 0
    assert {address for _, address in sent} == {UDP}


def test_the_copies_count_once_and_are_signed_with_the_password(send, sent, http):
    udp_request.ask(target(), send)
    datagrams = {datagram for datagram, _ in sent}
    assert (len(sent), len(datagrams)) == (3, 1)
    taken = codec.check_udp_connection_request(*datagrams, username="u", password="p", last=None)
    assert taken.username == "u"
    udp_request.ask(target(), send)
    assert len({datagram for datagram, _ in sent}) == 2


def test_without_nat_http_is_enough(send, sent, http):
    assert udp_request.ask(target(nat_detected=False), send) == "accepted"
    assert (http["count"], sent) == (1, [])


@pytest.mark.parametrize("result", ["no_address", "address_not_allowed", "no_answer"])
def test_where_http_does_not_reach_udp_is_tried(send, sent, http, result):
    http["result"] = result
    assert udp_request.ask(target(nat_detected=False), send) == "accepted"
    assert len(sent) == 3
    assert udp_request.ask(target(nat_detected=False, udp_address=""), send) == result


@pytest.mark.parametrize("result", ["busy", "refused"])
def test_a_device_that_answers_is_not_asked_otherwise(send, sent, http, result):
    http["result"] = result
    assert udp_request.ask(target(nat_detected=False), send) == result
    assert sent == []


@pytest.mark.parametrize(
    ("change", "result"),
    [
        ({"source_address": "203.0.113.1"}, "address_not_allowed"),
        ({"source_address": "203.0.113.1", "networks": ("198.51.100.0/24",)}, "accepted"),
        ({"udp_address": "a name:80"}, "no_address"),
        ({"udp_address": "224.0.0.1:80"}, "address_not_allowed"),
        ({"udp_address": "127.0.0.1:53"}, "address_not_allowed"),
    ],
)
def test_it_goes_only_where_an_http_one_might(send, sent, change, result):
    assert udp_request.request(target(**change), send) == result
    assert bool(sent) is (result == "accepted")


def test_where_no_process_can_send_it_goes_by_http(http):
    http["result"] = "no_answer"
    assert udp_request.ask(target(), lambda datagram, address: False) == "no_answer"
    assert udp_request.ask(target(), None) == "no_answer"
    assert http["count"] == 2
