"""The HTTP connection request: one GET that asks a device to begin a session (TR-069 3.2.2.2).

The device's own Inform says where to, so a hostile one could point us anywhere: we go only to the address
its Inform came from or to the tenant's CPE networks, by plain `http`, to the address checked here, for 5 s
and 4 KB in all, and follow nothing. A connection and a digest challenge each close with `Connection:
close`; nothing is reused.
"""

from __future__ import annotations

import ipaddress
import secrets
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import urlsplit

from gevent import Timeout

from backend.cwmp import digest
from backend.cwmp.faults import RemoteError

TIMEOUT_S: Final = 5.0
ANSWER_LIMIT_BYTES: Final = 4096

Result = Literal["accepted", "busy", "refused", "no_answer", "no_address", "address_not_allowed"]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Target:
    """Where a device listens and what it wants to hear. `networks` are the tenant's, e.g. ("10.0.0.0/8",).

    `heard_at`: its last Inform, to whichever process; seconds since 1970. `udp_address`: "host:port" where a
    datagram reaches it, "" for nowhere; `nat_detected`: nothing else does.
    """

    url: str
    username: str
    password: str = field(repr=False)
    source_address: str = ""
    networks: tuple[str, ...] = ()
    heard_at: float | None = None
    udp_address: str = ""
    nat_detected: bool = False


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    challenges: tuple[str, ...]


def request(target: Target, *, timeout_s: float = TIMEOUT_S) -> Result:
    """Ask the device to call.

    200 or 204: accepted, its session follows within 30 s; 503: busy, not offline.
    """
    deadline_s = time.monotonic() + timeout_s
    parts = urlsplit(target.url)
    try:
        port = parts.port or 80
    except ValueError:
        return "no_address"
    if parts.scheme != "http" or not parts.hostname or any(c in target.url for c in "\r\n "):
        return "no_address"
    try:
        with Timeout(timeout_s):
            address = _allowed_address(parts.hostname, port, target)
    except Timeout:
        return "no_answer"  # the device names the host, so it could name one that is never found
    if address is None:
        return "address_not_allowed"
    uri = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        answer = _get(address, port, parts.netloc.rpartition("@")[2], uri, None, deadline_s)
        if answer.status == 401 and answer.challenges:
            credentials = digest.answer(
                answer.challenges,
                username=target.username,
                password=target.password,
                method="GET",
                target=uri,
                cnonce=secrets.token_hex(8),
            )
            answer = _get(address, port, parts.netloc.rpartition("@")[2], uri, credentials, deadline_s)
    except (OSError, ValueError, RemoteError):
        return "no_answer"
    if answer.status in (200, 204):
        return "accepted"
    return "busy" if answer.status == 503 else "refused"


def may_call(address: Address, source_address: str, networks: Iterable[str]) -> bool:
    """The address rule: the Inform's own source, or a network the tenant names as its CPEs'."""
    address = _plain(address)
    if address.is_multicast or address.is_unspecified:
        return False
    try:
        if source_address and address == _plain(ipaddress.ip_address(source_address)):
            return True
    except ValueError:
        pass
    return any(address in network for network in map(_network, networks) if network is not None)


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _plain(address: Address) -> Address:
    """An IPv4 address that came dressed as IPv6 (::ffff:a.b.c.d) as itself."""
    return getattr(address, "ipv4_mapped", None) or address


def _allowed_address(host: str, port: int, target: Target) -> str | None:
    """The first address of the host that the rule allows. What is checked is what is connected to."""
    try:
        candidates = [ipaddress.ip_address(host)]
    except ValueError:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            return None
        candidates = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    for address in candidates:
        if may_call(address, target.source_address, target.networks):
            return str(address)
    return None


def _get(
    address: str, port: int, host: str, uri: str, authorization: str | None, deadline_s: float
) -> _Answer:
    lines = [
        f"GET {uri} HTTP/1.1",
        f"Host: {host}",
        "User-Agent: Careflow",
        "Accept: */*",
        "Connection: close",
    ]
    if authorization:
        lines.append(f"Authorization: {authorization}")
    with socket.create_connection((address, port), timeout=_left_s(deadline_s)) as connection:
        connection.settimeout(_left_s(deadline_s))
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
        head = b""
        while b"\r\n\r\n" not in head and len(head) < ANSWER_LIMIT_BYTES:
            connection.settimeout(_left_s(deadline_s))
            piece = connection.recv(ANSWER_LIMIT_BYTES - len(head))
            if not piece:
                break
            head += piece
    return _parse(head)


def _left_s(deadline_s: float) -> float:
    left_s = deadline_s - time.monotonic()
    if left_s <= 0:
        raise TimeoutError
    return left_s


def _parse(head: bytes) -> _Answer:
    """Status and challenges of an answer; ValueError when it is no HTTP."""
    lines = head.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    version, _, rest = lines[0].partition(" ")
    if not version.startswith("HTTP/1.") or not rest[:3].isdecimal():
        raise ValueError("not HTTP")
    challenges = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon and name.strip().lower() == "www-authenticate":
            challenges.append(value.strip())
    return _Answer(int(rest[:3]), tuple(challenges))
