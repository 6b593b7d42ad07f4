"""Annex G: messages of RFC 3489 by hand and both ways, and the connection request that comes by UDP."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.cwmp import stun
from backend.cwmp.faults import LocalError, RemoteError
from backend.cwmp.stun import Address, Kind, UdpConnectionRequest
from tests.backend.cwmp.messages import UNHURRIED

ID = bytes(range(16))
DEVICE = Address("203.0.113.9", 51_234)
SERVER = Address("198.51.100.1", 3478)
V4 = st.builds(Address, st.ip_addresses(v=4).map(str), st.integers(0, 65535))
V6 = st.builds(Address, st.ip_addresses(v=6).map(str), st.integers(0, 65535)).filter(
    lambda a: not a.host.startswith("::ffff:")
)
NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)

REQUEST = bytes.fromhex(
    "0001 0028 000102030405060708090a0b0c0d0e0f"  # Binding Request, 40 bytes, transaction
    "c001 0014 64736c666f72756d2e6f72672f54522d31313120"  # "dslforum.org/TR-111 "
    "c002 0000"  # BINDING-CHANGE, empty
    "0006 0008 686f6d652d312020"  # USERNAME "home-1", filled up with spaces
)
RESPONSE = bytes.fromhex(
    "0101 0024 000102030405060708090a0b0c0d0e0f"
    "0001 0008 0001c822cb007109"  # MAPPED-ADDRESS 203.0.113.9:51234
    "0004 0008 00010d96c6336401"  # SOURCE-ADDRESS 198.51.100.1:3478
    "0005 0008 00010d96c6336401"  # CHANGED-ADDRESS
)
ERROR = bytes.fromhex(
    "0111 0014 000102030405060708090a0b0c0d0e0f"
    "0009 0010 00000401 556e617574686f72697a6564"  # 401 "Unauthorized"
)


def test_a_binding_request_by_hand() -> None:
    assert stun.binding_request(ID, username="home-1", binding_change=True) == REQUEST
    read = stun.parse(REQUEST)
    assert (read.kind, read.transaction_id, read.username) == (Kind.BINDING_REQUEST, ID, "home-1")
    assert (read.connection_request, read.binding_change, read.signed) == (True, True, False)
    assert not read.authenticated_by("anything")


def test_a_binding_response_by_hand() -> None:
    assert stun.binding_response(stun.parse(REQUEST), DEVICE, source=SERVER) == RESPONSE
    read = stun.parse(RESPONSE)
    assert (read.kind, read.mapped, read.connection_request) == (Kind.BINDING_RESPONSE, DEVICE, False)


def test_a_refusal_by_hand() -> None:
    assert stun.error_response(stun.parse(REQUEST), 401) == ERROR
    assert stun.parse(ERROR).error == (401, "Unauthorized")


def test_the_example_of_rfc_5769() -> None:
    """A client of the newer STUN, whose signature covers no filling and is followed by a fingerprint."""
    request = bytes.fromhex(
        "00010058 2112a442 b7e7a701bc34d686fa87dfae"
        "80220010 5354554e207465737420636c69656e74 00240004 6e0001ff 80290008 932ff9b151263b36"
        "00060009 6576746a3a68367659202020 00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
        "80280004 e57a3bcf"
    )
    read = stun.parse(request)
    assert read.username == "evtj:h6vY"
    assert read.authenticated_by("VOkJxbRl1RmTxUk/WvJxBt")
    assert not read.authenticated_by("VOkJxbRl1RmTxUk/WvJxBT")


def test_a_newer_client_is_told_its_address_in_both_ways() -> None:
    request = stun.parse(stun.binding_request(stun.MAGIC_COOKIE + bytes(12)))
    answer = stun.binding_response(request, Address("192.0.2.1", 32853), source=SERVER)
    assert bytes.fromhex("00200008 0001a147 e112a643") in answer  # RFC 5769 2.2
    assert stun.parse(answer).mapped == Address("192.0.2.1", 32853)


def test_a_socket_for_both_versions_names_its_peers_as_they_are() -> None:
    answer = stun.binding_response(stun.parse(REQUEST), Address("::ffff:203.0.113.9", 51_234), source=SERVER)
    assert answer == RESPONSE


@UNHURRIED
@given(V4 | V6, st.binary(min_size=16, max_size=16), NAMES, TEXTS, st.booleans())
def test_both_sides_agree(address: Address, id: bytes, username: str, password: str, change: bool) -> None:
    sent = stun.binding_request(
        id, username=username, password=password, binding_change=change, response_address=address
    )
    request = stun.parse(sent)
    assert stun.is_stun(sent)
    assert (request.username, request.binding_change, request.response_address) == (username, change, address)
    assert request.authenticated_by(password)
    assert not request.authenticated_by(password + "x")
    answer = stun.parse(stun.binding_response(request, address, source=SERVER, password=password))
    assert (answer.transaction_id, answer.mapped) == (id, address)
    assert answer.authenticated_by(password)


@UNHURRIED
@given(st.binary(max_size=80) | st.binary(max_size=60).map(lambda tail: REQUEST[:20] + tail))
def test_noise_is_refused_or_read(datagram: bytes) -> None:
    with contextlib.suppress(RemoteError):
        stun.parse(datagram)
    with contextlib.suppress(RemoteError):
        checked(datagram)


@UNHURRIED
@given(st.data())
def test_a_damaged_message_raises_nothing_else(data: st.DataObject) -> None:
    datagram = bytearray(stun.binding_request(ID, username="home-1", password="p", response_address=DEVICE))
    for _ in range(data.draw(st.integers(1, 4))):
        datagram[data.draw(st.integers(0, len(datagram) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(RemoteError):
        stun.parse(bytes(datagram)).authenticated_by("p")


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        REQUEST[:19],
        REQUEST[:-4],
        REQUEST + b"\0\0\0\0",
        b"\x00\x02" + REQUEST[2:],
        bytes.fromhex("0001 0004 000102030405060708090a0b0c0d0e0f 0006 0008"),
        bytes.fromhex("0001 0008 000102030405060708090a0b0c0d0e0f 0008 0004 00000000"),
        bytes.fromhex("0101 0008 000102030405060708090a0b0c0d0e0f 0001 0004 00010d96"),
        b"\x00\x01" + (1600).to_bytes(2) + ID + bytes(1600),
    ],
)
def test_what_is_no_whole_message(datagram: bytes) -> None:
    with pytest.raises(RemoteError, match="malformed"):
        stun.parse(datagram)


def test_a_transaction_id_has_its_length() -> None:
    with pytest.raises(LocalError):
        stun.binding_request(b"short")


# -- the UDP connection request -------------------------------------------------------------------

ASKED = UdpConnectionRequest(1_120_673_700, 1234, "CPE57689", "XTGRWIPC6D3IPXS3")
"""The values of the example in G.2.2.3."""


def checked(
    datagram: bytes, *, username: str = ASKED.username, last: UdpConnectionRequest | None = None
) -> UdpConnectionRequest:
    return stun.check_udp_connection_request(datagram, username=username, password="password", last=last)


def test_a_connection_request_by_hand() -> None:
    datagram = stun.udp_connection_request(Address("10.1.1.1", 8080), ASKED, "password")
    assert datagram == (
        b"GET http://10.1.1.1:8080?ts=1120673700&id=1234&un=CPE57689&cn=XTGRWIPC6D3IPXS3"
        b"&sig=F749EE6D9E3BC469FB709EAD2A75EE7535F58552 HTTP/1.1\r\nHost: 10.1.1.1:8080\r\n\r\n"
    )
    assert not stun.is_stun(datagram)
    assert checked(datagram) == ASKED
    assert checked(datagram.partition(b"\r\n")[0]) == ASKED
    assert checked(datagram.replace(b"F749EE6D", b"f749ee6d")) == ASKED


@UNHURRIED
@given(st.integers(0, 2**40), st.integers(0, 2**31), TEXTS, TEXTS, TEXTS)
def test_any_names_and_passwords(ts: int, id: int, username: str, cnonce: str, password: str) -> None:
    asked = UdpConnectionRequest(ts, id, username, cnonce)
    datagram = stun.udp_connection_request(Address("2001:db8::1", 80), asked, password)
    taken = stun.check_udp_connection_request(datagram, username=username, password=password, last=None)
    assert taken == asked


def test_a_connection_request_counts_once() -> None:
    datagram = stun.udp_connection_request(DEVICE, ASKED, "password")
    for last in (
        ASKED,
        ASKED._replace(timestamp_s=ASKED.timestamp_s + 1, message_id=1),
        ASKED._replace(timestamp_s=ASKED.timestamp_s - 1),
    ):
        with pytest.raises(RemoteError, match="replayed"):
            checked(datagram, last=last)
    later = ASKED._replace(timestamp_s=ASKED.timestamp_s + 1, message_id=1235)
    assert checked(stun.udp_connection_request(DEVICE, later, "password"), last=ASKED) == later


def test_a_stranger_wakes_nobody() -> None:
    datagram = stun.udp_connection_request(DEVICE, ASKED, "guess")
    with pytest.raises(RemoteError, match="not_authenticated"):
        checked(datagram)
    with pytest.raises(RemoteError, match="not_authenticated"):
        checked(stun.udp_connection_request(DEVICE, ASKED, "password"), username="another")


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"POST http://x?ts=1&id=1&un=a&cn=b&sig=c HTTP/1.1",
        b"GET http://x HTTP/1.1",
        b"GET http://x?ts=1&id=1&un=a&cn=b HTTP/1.1",
        b"GET http://x?ts=-1&id=1&un=a&cn=b&sig=c HTTP/1.1",
        b"GET http://x?ts=1&id=1&un=%ff&cn=b&sig=c HTTP/1.1",
        b"GET http://x?" + b"a=b&" * 40 + b"ts=1&id=1&un=a&cn=b&sig=c HTTP/1.1",
    ],
)
def test_what_is_no_connection_request(datagram: bytes) -> None:
    with pytest.raises(RemoteError, match="malformed"):
        checked(datagram)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("203.0.113.9:51234", DEVICE),
        (" 203.0.113.9 ", Address("203.0.113.9", 80)),
        ("http://203.0.113.9:51234/", DEVICE),
        ("[2001:db8::1]:7547", Address("2001:db8::1", 7547)),
        ("2001:db8::1", Address("2001:db8::1", 80)),
    ],
)
def test_the_address_a_device_tells(text: str, address: Address) -> None:
    assert stun.parse_address(text) == address


@pytest.mark.parametrize("text", ["", "router.lan:80", "203.0.113.9:0", "203.0.113.9:99999", "203.0.113.9:x"])
def test_no_address(text: str) -> None:
    with pytest.raises(RemoteError):
        stun.parse_address(text)
