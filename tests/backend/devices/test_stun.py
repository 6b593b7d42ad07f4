"""The STUN server: what it answers, whom it believes, and that it floods nobody."""

from __future__ import annotations

import socket

import pytest

from backend.cwmp import stun as codec
from backend.cwmp.faults import RemoteError
from backend.cwmp.stun import Address
from backend.devices import known as known_devices
from backend.devices import records, stun
from backend.devices.stun import PER_SOURCE_BURST, StunServer, answer, password_of, record

NOW = 1_700_000_000.0
HERE, PEER = Address("192.0.2.1", 3478), Address("198.51.100.7", 40_000)
ID = bytes(range(16))
WAIT_S = 10.0


def request(**more):
    return codec.binding_request(ID, **more)


def reply_to(**more):
    reply, binding = answer(request(**more), PEER, HERE)
    return codec.parse(reply), binding


@pytest.fixture(autouse=True)
def _keys(database):
    """The key of STUN passwords."""


def test_whoever_asks_is_told_where_from():
    message, binding = reply_to()
    assert (message.mapped, message.transaction_id, binding) == (PEER, ID, None)


def test_a_binding_is_believed_where_it_is_signed():
    signed = {"username": "d", "password": password_of("d")}
    message, binding = reply_to(**signed)
    assert message.authenticated_by(password_of("d"))
    assert binding == stun.Binding("d", PEER)
    assert reply_to(**signed, connection_request=False)[1] is None


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"username": "d", "password": "guess"}, 431),
        ({"username": "", "password": "guess"}, 431),
        ({"username": "e", "password": "of d"}, 431),
        ({"username": "d", "binding_change": True}, 401),
    ],
)
def test_what_is_not_proved_changes_nothing(more, code):
    message, binding = reply_to(**more)
    assert (message.error[0], binding) == (code, None)


def test_answers_are_hardly_longer_than_questions():
    asked = request()
    assert len(answer(asked, PEER, HERE)[0]) <= 2 * len(asked)


@pytest.mark.parametrize("datagram", [b"", b"x" * 40, b"GET / HTTP/1.1", request()[:-1], b"\0" * 2000])
def test_what_is_no_request_is_passed_over(datagram):
    with pytest.raises(RemoteError):
        answer(datagram, PEER, HERE)


def test_an_answer_is_no_request():
    reply, _ = answer(request(), PEER, HERE)
    with pytest.raises(RemoteError):
        answer(reply, PEER, HERE)


def test_each_device_has_a_password_of_its_own():
    assert len({password_of(name) for name in ("a", "b", "c")}) == 3
    assert len(password_of("a")) == 32


@pytest.mark.store
def test_a_binding_is_kept_where_it_is_new(tenant_id):
    device_id = records.enrol(
        tenant_id, oui="00D09E", product_class="Hub", serial_number="1", password="p", username="d", now=NOW
    )
    assert record("d", PEER)
    assert not record("d", PEER)
    assert record("d", Address("2001:db8::7", 9))
    assert not record("nobody", PEER)
    target = records.wake_target(tenant_id, device_id)
    assert (target.udp_address, target.nat_detected) == ("[2001:db8::7]:9", True)
    assert known_devices.credentials("d").udp_address == "[2001:db8::7]:9"


@pytest.mark.network
class TestTheServer:
    @pytest.fixture
    def told(self):
        return []

    @pytest.fixture
    def server(self, told):
        made = StunServer("127.0.0.1", 0, lambda *binding: told.append(binding))
        stop = made.start()
        yield made
        stop()

    @pytest.fixture
    def device(self, server):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
            made.settimeout(WAIT_S)
            made.connect(server.here)
            yield made

    def test_it_answers_over_udp_and_tells_a_change_once(self, server, device, told):
        signed = request(username="d", password=password_of("d"))
        for _ in range(3):
            device.send(signed)
            message = codec.parse(device.recv(2000))
        assert message.mapped == device.getsockname()
        assert told == [("d", Address(*device.getsockname()))]

    def test_rubbish_in_between_costs_nothing(self, device):
        for rubbish in (b"", b"\xff" * 1500, b"\x00\x01" * 10):
            device.send(rubbish)
        device.send(request())
        assert codec.parse(device.recv(2000)).mapped is not None

    def test_a_connection_request_leaves_from_its_port(self, server, device):
        assert server.send(b"hello", Address(*device.getsockname()))
        assert device.recvfrom(100) == (b"hello", server.here)
        assert not server.send(b"x" * 100_000, Address(*device.getsockname()))

    def test_a_hearer_that_fails_costs_one_binding(self, server, device):
        server._bound = lambda *binding: 1 / 0
        device.send(request(username="d", password=password_of("d")))
        assert codec.parse(device.recv(2000)).mapped is not None
        device.send(request())
        assert codec.parse(device.recv(2000)).mapped is not None


@pytest.mark.network
def test_a_source_that_floods_is_not_answered():
    server = StunServer("127.0.0.1", 0, lambda *binding: None)
    sent = []
    server.send = lambda datagram, address: sent.append(address)
    for _ in range(PER_SOURCE_BURST * 2):
        server.take(request(), PEER, NOW)
    assert len(sent) == PER_SOURCE_BURST
    server.take(request(), Address("198.51.100.8", 1), NOW)
    assert len(sent) == PER_SOURCE_BURST + 1
    server._socket.close()
