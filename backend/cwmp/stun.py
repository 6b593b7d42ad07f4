"""A way to a device behind NAT (TR-069 Annex G): STUN as of RFC 3489, and the UDP connection request.

The device sends Binding Requests from the port where it listens, and so keeps a way open through its NAT;
the server answers with the address the request came from, which the device tells the ACS (or the server
does). When the ACS wants a session it sends one small datagram to that address: an HTTP GET that nobody
answers, signed with the device's connection request password. The session follows, as after any other
connection request.

Both sides are here, from bytes to bytes; no sockets, clocks or chance. Rules:
- Nothing is answered that is not a whole message of this protocol (RemoteError "malformed").
- An answer goes to where the request came from and nowhere else: RESPONSE-ADDRESS is read and written, and
  whoever serves must not obey it for another host, else it floods strangers (3489 12.1).
- A UDP connection request counts once: its time must be later than that of the last one taken (G.2.1.4).
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, quote

from backend.cwmp.faults import LocalError, RemoteError

DATAGRAM_LIMIT_BYTES: Final = 1500
USERNAME_LIMIT_BYTES: Final = 256
CONNECTION_REQUEST_BINDING: Final = b"dslforum.org/TR-111 "
MAGIC_COOKIE: Final = b"\x21\x12\xa4\x42"
"""The first bytes of a transaction id of RFC 5389; its senders are told XOR-MAPPED-ADDRESS, too."""

_HEADER: Final = struct.Struct("!HH16s")
_ATTRIBUTE: Final = struct.Struct("!HH")
_INTEGRITY_BYTES: Final = 20


class Kind(IntEnum):
    """What a STUN message is."""

    BINDING_REQUEST = 0x0001
    BINDING_RESPONSE = 0x0101
    BINDING_ERROR = 0x0111


class _A(IntEnum):
    """Attributes (RFC 3489 11.2, TR-069 G.2.2); those over 0x7fff may be passed over."""

    MAPPED_ADDRESS = 0x0001
    RESPONSE_ADDRESS = 0x0002
    SOURCE_ADDRESS = 0x0004
    CHANGED_ADDRESS = 0x0005
    USERNAME = 0x0006
    MESSAGE_INTEGRITY = 0x0008
    ERROR_CODE = 0x0009
    REFLECTED_FROM = 0x000B
    XOR_MAPPED_ADDRESS = 0x0020
    CONNECTION_REQUEST_BINDING = 0xC001
    BINDING_CHANGE = 0xC002


ERRORS: Final = {
    400: "Bad Request",
    401: "Unauthorized",
    420: "Unknown Attribute",
    430: "Stale Credentials",
    431: "Integrity Check Failure",
    432: "Missing Username",
    500: "Server Error",
}


class Address(NamedTuple):
    """Where a datagram goes to or came from; `host` is an IP address, version 4 or 6."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Message:
    """One STUN message as it was read.

    `mapped` is what the server saw (XOR-MAPPED-ADDRESS where there is one). `connection_request`: this is
    the binding to send UDP connection requests to; `binding_change`: it is not what it was. `error` is
    (code, text). `authenticated_by(password)` checks MESSAGE-INTEGRITY; `signed` says that there is one.
    """

    kind: Kind
    transaction_id: bytes
    datagram: bytes
    username: str = ""
    connection_request: bool = False
    binding_change: bool = False
    mapped: Address | None = None
    response_address: Address | None = None
    error: tuple[int, str] | None = None
    signed_at: int = 0

    @property
    def signed(self) -> bool:
        """True when the message carries MESSAGE-INTEGRITY, right or wrong."""
        return self.signed_at > 0

    def authenticated_by(self, password: str) -> bool:
        """True when the signature is this password's, in the manner of RFC 3489 or of RFC 5389."""
        if not self.signed:
            return False
        given = self.datagram[self.signed_at + _ATTRIBUTE.size :][:_INTEGRITY_BYTES]
        text = _with_length(self.datagram[: self.signed_at], self.signed_at + 24 - _HEADER.size)
        return any(hmac.compare_digest(given, _signature(one, password)) for one in (_padded(text), text))


def is_stun(datagram: bytes) -> bool:
    """True for what may be STUN; a UDP connection request begins with "GET"."""
    return len(datagram) >= _HEADER.size and datagram[0] in (0, 1)


def parse(datagram: bytes) -> Message:
    """One message; RemoteError when it is none that is known here, or is not whole."""
    if not _HEADER.size <= len(datagram) <= DATAGRAM_LIMIT_BYTES:
        raise RemoteError("malformed", f"a STUN message of {len(datagram)} bytes")
    number, length, transaction_id = _HEADER.unpack_from(datagram)
    if number not in Kind.__members__.values() or length != len(datagram) - _HEADER.size or length % 4:
        raise RemoteError("malformed", f"no STUN message: type {number:#06x}, length {length}")
    found: dict[str, object] = {}
    at = _HEADER.size
    while at < len(datagram):
        kind, size = _ATTRIBUTE.unpack_from(datagram, at)
        value = datagram[at + _ATTRIBUTE.size : at + _ATTRIBUTE.size + size]
        if len(value) != size:
            raise RemoteError("malformed", "a STUN attribute that is longer than its message")
        if kind == _A.MESSAGE_INTEGRITY:
            if size != _INTEGRITY_BYTES:
                raise RemoteError("malformed", "a MESSAGE-INTEGRITY that is none")
            found["signed_at"] = at
            break  # what follows is not signed: nothing but a fingerprint may
        _attribute(found, kind, value, transaction_id)
        at += _ATTRIBUTE.size + size + -size % 4
    return Message(Kind(number), transaction_id, datagram, **found)  # type: ignore[arg-type]


def _attribute(found: dict[str, object], kind: int, value: bytes, transaction_id: bytes) -> None:
    match kind:
        case _A.USERNAME:
            if len(value) > USERNAME_LIMIT_BYTES:
                raise RemoteError("malformed", "a USERNAME that is too long")
            found["username"] = value.decode("utf-8", "replace").rstrip(" \0")
        case _A.CONNECTION_REQUEST_BINDING:
            found["connection_request"] = True
        case _A.BINDING_CHANGE:
            found["binding_change"] = True
        case _A.MAPPED_ADDRESS:
            found.setdefault("mapped", _address(value))
        case _A.XOR_MAPPED_ADDRESS:
            found["mapped"] = _address(value[:2] + _xor(value[2:], transaction_id))
        case _A.RESPONSE_ADDRESS:
            found["response_address"] = _address(value)
        case _A.ERROR_CODE if len(value) >= 4:
            text = value[4:].decode("utf-8", "replace").rstrip(" \0")
            found["error"] = (value[2] % 8 * 100 + value[3], text)


def _address(value: bytes) -> Address:
    if len(value) not in (8, 20) or value[1] != (1 if len(value) == 8 else 2):
        raise RemoteError("malformed", "an address that is none")
    return Address(str(ipaddress.ip_address(value[4:])), int.from_bytes(value[2:4]))


def _xor(value: bytes, transaction_id: bytes) -> bytes:
    """The port and address under the magic cookie and the transaction (RFC 5389 15.2)."""
    mask = transaction_id[:2] + transaction_id
    return bytes(one ^ other for one, other in zip(value, mask, strict=False))


def _written(address: Address) -> bytes:
    host = ipaddress.ip_address(address.host)
    if isinstance(host, ipaddress.IPv6Address) and host.ipv4_mapped is not None:
        host = host.ipv4_mapped  # a socket for both versions names its IPv4 peers so
    return bytes([0, 1 if host.version == 4 else 2]) + address.port.to_bytes(2) + host.packed


def binding_request(
    transaction_id: bytes,
    *,
    username: str = "",
    password: str | None = None,
    connection_request: bool = True,
    binding_change: bool = False,
    response_address: Address | None = None,
) -> bytes:
    """The device's Binding Request (G.2.1.2). `transaction_id` is 16 bytes of chance.

    With a `password` it is signed, as after an error 401. `response_address` is for finding how long the
    NAT keeps a binding: sent from another port (G.2.1.1), and then without `connection_request`.
    """
    attributes = []
    if response_address is not None:
        attributes.append((_A.RESPONSE_ADDRESS, _written(response_address)))
    if connection_request:
        attributes.append((_A.CONNECTION_REQUEST_BINDING, CONNECTION_REQUEST_BINDING))
    if binding_change:
        attributes.append((_A.BINDING_CHANGE, b""))
    if username:
        spelt = username.encode()
        attributes.append((_A.USERNAME, spelt + b" " * (-len(spelt) % 4)))
    return _message(Kind.BINDING_REQUEST, transaction_id, attributes, password)


def binding_response(
    request: Message, mapped: Address, *, source: Address, password: str | None = None
) -> bytes:
    """The server's answer (RFC 3489 8.1): the request came from `mapped`, the answer leaves from `source`.

    There is no other address to change to, so CHANGED-ADDRESS is `source` too. With a `password` it is
    signed, as a signed request's answer must be.
    """
    attributes = [
        (_A.MAPPED_ADDRESS, _written(mapped)),
        (_A.SOURCE_ADDRESS, _written(source)),
        (_A.CHANGED_ADDRESS, _written(source)),
    ]
    if request.transaction_id.startswith(MAGIC_COOKIE):
        plain = _written(mapped)
        hidden = plain[:2] + _xor(plain[2:], request.transaction_id)
        attributes.append((_A.XOR_MAPPED_ADDRESS, hidden))
    return _message(Kind.BINDING_RESPONSE, request.transaction_id, attributes, password)


def error_response(request: Message, code: int) -> bytes:
    """The server's refusal (RFC 3489 11.2.9): 401 asks for a signature, 431 found it wrong."""
    text = ERRORS[code].encode()
    value = bytes([0, 0, code // 100, code % 100]) + text + b" " * (-len(text) % 4)
    return _message(Kind.BINDING_ERROR, request.transaction_id, [(_A.ERROR_CODE, value)], None)


def _message(
    kind: Kind, transaction_id: bytes, attributes: list[tuple[_A, bytes]], password: str | None
) -> bytes:
    if len(transaction_id) != 16:
        raise LocalError("a STUN transaction id is 16 bytes")
    inner = b"".join(_ATTRIBUTE.pack(name, len(value)) + value for name, value in attributes)
    length = len(inner) + (24 if password is not None else 0)
    made = _HEADER.pack(kind, length, transaction_id) + inner
    if password is None:
        return made
    signed = _signature(_padded(made), password)
    return made + _ATTRIBUTE.pack(_A.MESSAGE_INTEGRITY, _INTEGRITY_BYTES) + signed


def _with_length(datagram: bytes, length: int) -> bytes:
    return datagram[:2] + length.to_bytes(2) + datagram[4:]


def _padded(text: bytes) -> bytes:
    """RFC 3489 11.2.8: what is signed is filled up with zeros; RFC 5389 no longer does."""
    return text + b"\0" * (-len(text) % 64)


def _signature(text: bytes, password: str) -> bytes:
    return hmac.new(password.encode(), text, hashlib.sha1).digest()


# -- the UDP connection request (G.2.2.3, G.2.1.4) ------------------------------------------------


class UdpConnectionRequest(NamedTuple):
    """One that is to be sent, or was taken. `message_id` differs from that of the last one.

    To make up for what UDP loses the same datagram may be sent several times: it counts once.
    """

    timestamp_s: int
    message_id: int
    username: str
    cnonce: str


_REQUEST_LINE: Final = re.compile(rb"GET [^ ?\r\n]*\?([^ \r\n]{1,1200}) HTTP/1\.[01](?:\r?\n|\Z)")
_NUMBER: Final = re.compile(r"[0-9]{1,20}", re.ASCII)


def udp_connection_request(address: Address, request: UdpConnectionRequest, password: str) -> bytes:
    """The datagram for a device at `address`, signed with its connection request password."""
    host = f"[{address.host}]" if ":" in address.host else address.host
    query = (
        f"ts={request.timestamp_s}&id={request.message_id}&un={quote(request.username, safe='')}"
        f"&cn={quote(request.cnonce, safe='')}"
    )
    text = f"{request.timestamp_s}{request.message_id}{request.username}{request.cnonce}"
    sig = _signature(text.encode(), password).hex().upper()
    where = f"{host}:{address.port}"
    return f"GET http://{where}?{query}&sig={sig} HTTP/1.1\r\nHost: {where}\r\n\r\n".encode()


def check_udp_connection_request(
    datagram: bytes, *, username: str, password: str, last: UdpConnectionRequest | None
) -> UdpConnectionRequest:
    """What the device makes of a datagram; `last` is the one it took before.

    RemoteError "malformed", "not_authenticated", or "replayed" for what counts no more: it is passed over in
    silence (G.2.1.4).
    """
    found = _REQUEST_LINE.match(datagram[:DATAGRAM_LIMIT_BYTES])
    if found is None:
        raise RemoteError("malformed", "no UDP connection request")
    spelt = found[1].decode("latin-1")
    raw = dict(part.partition("=")[::2] for part in spelt.split("&"))
    try:
        given = dict(parse_qsl(spelt, keep_blank_values=True, max_num_fields=16, errors="strict"))
    except ValueError as error:
        raise RemoteError("malformed", str(error)[:100]) from error
    if not {"ts", "id", "un", "cn", "sig"} <= given.keys():
        raise RemoteError("malformed", "a UDP connection request needs ts, id, un, cn and sig")
    if not _NUMBER.fullmatch(given["ts"]) or not _NUMBER.fullmatch(given["id"]):
        raise RemoteError("malformed", "ts and id are numbers")
    texts = ["".join(one[name] for name in ("ts", "id", "un", "cn")) for one in (given, raw)]
    sig = given["sig"].upper().encode("utf-8", "replace")
    signed = [
        hmac.compare_digest(sig, _signature(text.encode(), password).hex().upper().encode()) for text in texts
    ]
    if given["un"] != username or not any(signed):
        raise RemoteError("not_authenticated", "another's name, or not signed with the password")
    request = UdpConnectionRequest(int(given["ts"]), int(given["id"]), username, given["cn"])
    if last is not None and (
        request.timestamp_s <= last.timestamp_s or request.message_id == last.message_id
    ):
        raise RemoteError("replayed", "not later than the last one")
    return request


def parse_address(text: str) -> Address:
    """UDPConnectionRequestAddress: an IP address, and a port where it is not 80; else RemoteError."""
    bare = text.strip().removeprefix("http://").rstrip("/")
    host, colon, port = bare.rpartition(":")
    if not colon or (":" in host and not host.endswith("]")):
        host, port = bare, "80"
    try:
        return Address(str(ipaddress.ip_address(host.strip("[]"))), _port(port))
    except ValueError as error:
        raise RemoteError("malformed", f"no address: {text[:64]!r}") from error


def _port(spelt: str) -> int:
    if not _NUMBER.fullmatch(spelt) or not 0 < int(spelt) < 65536:
        raise ValueError(spelt)
    return int(spelt)
