"""The STUN server, and the UDP connection requests that leave from its port (TR-069 Annex G).

A device behind NAT keeps a way open by Binding Requests; it tells us the address they come from in its Inform
(UDPConnectionRequestAddress), or we see it here. What we see is believed only where it is signed with the
STUN password that we gave the device, and reaches its record only when it has changed. Its NAT may let in
only what comes from where it sends to, so a UDP connection request leaves from this very socket.

Answers go to where a request came from and nowhere else, are hardly longer than it, and are limited by
source: nobody is flooded with our help. What is not STUN is passed over in silence.
"""

from __future__ import annotations

import socket
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
from prometheus_client import Counter

from backend import database
from backend.cwmp import stun
from backend.cwmp.faults import RemoteError
from backend.cwmp.stun import Address, Kind
from backend.devices.admission import Allowance
from backend.devices.statements import Statement
from backend.errors import UserError
from backend.identity import secrets

log = structlog.get_logger(__name__)

PER_SOURCE_BURST: Final = 50
PER_SOURCE_PER_S: Final = 10.0
SOURCES_LIMIT: Final = 50_000
BINDINGS_LIMIT: Final = 50_000
LOOK_S: Final = 1.0
REST_S: Final = 0.05
UNAUTHORIZED: Final = 401
WRONG_INTEGRITY: Final = 431

DATAGRAMS = Counter("careflow_stun_datagrams", "STUN datagrams that came", ["kind"])

_BOUND = Statement(
    "UPDATE device SET udp_address = ?, nat_detected = ? WHERE username = ?"
    " AND (udp_address <> ? OR NOT nat_detected)"
)

Bound = Callable[[str, Address], object]


@dataclass(frozen=True, slots=True)
class Binding:
    """Where the device of this user name is reached through its NAT; it has proved to be that device."""

    username: str
    address: Address


def password_of(username: str) -> str:
    """A device's STUN password: made of its name and our key, so that nothing has to be kept or read."""
    return secrets.digest("stun", username)[:32]


def answer(datagram: bytes, peer: Address, here: Address) -> tuple[bytes, Binding | None]:
    """What goes back for one datagram (b"" for nothing), and what is known by it.

    An unsigned request is answered; a change that is announced must be signed (G.2.2.1). RemoteError for what
    is no Binding Request.
    """
    request = stun.parse(datagram)
    if request.kind is not Kind.BINDING_REQUEST:
        raise RemoteError("malformed", "no Binding Request")
    if not request.signed:
        if request.binding_change and request.username:
            return stun.error_response(request, UNAUTHORIZED), None
        return stun.binding_response(request, peer, source=here), None
    password = password_of(request.username)
    if not request.username or not request.authenticated_by(password):
        return stun.error_response(request, WRONG_INTEGRITY), None
    binding = Binding(request.username, peer) if request.connection_request else None
    return stun.binding_response(request, peer, source=here, password=password), binding


def record(username: str, address: Address) -> bool:
    """Keep where a device is reached now; whether that is new."""
    spelt = spelt_address(address)
    with database.connection(), database.transaction():
        return bool(_BOUND(spelt, True, username, spelt).rowcount)


def spelt_address(address: Address) -> str:
    """An address as UDPConnectionRequestAddress spells it: host:port, an IPv6 host in brackets."""
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"{host}:{address.port}"


class StunServer:
    """One UDP port. `bound` is told of each binding that is not the last one of its device."""

    def __init__(self, host: str, port: int, bound: Bound = record) -> None:
        self._bound = bound
        self._socket = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.bind((host, port))
        except OSError:
            self._socket.close()
            raise
        self._socket.settimeout(LOOK_S)
        self.here = _address(self._socket.getsockname())
        self._allowed = Allowance(PER_SOURCE_BURST, PER_SOURCE_PER_S, SOURCES_LIMIT)
        self._last: OrderedDict[str, Address] = OrderedDict()
        self._stopping = threading.Event()

    def start(self) -> Callable[[], None]:
        """Begin to answer; gives what ends that."""
        threading.Thread(target=self._run, name="stun", daemon=True).start()
        return self._stopping.set

    def send(self, datagram: bytes, address: Address) -> bool:
        """Send a UDP connection request from this port; whether it left."""
        try:
            self._socket.sendto(datagram, (address.host, address.port))
        except OSError as error:
            log.info("udp_not_sent", to=spelt_address(address), why=str(error))
            return False
        return True

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                try:
                    datagram, peer = self._socket.recvfrom(stun.DATAGRAM_LIMIT_BYTES + 1)
                except TimeoutError:
                    continue
                except OSError as error:  # e.g. the last answer found no port: UDP tells it to the next call
                    log.debug("stun_receive_failed", why=str(error))
                    self._stopping.wait(REST_S)
                    continue
                self.take(datagram, _address(peer), time.time())
        finally:
            self._socket.close()

    def take(self, datagram: bytes, peer: Address, now: float) -> None:
        """Answer one datagram; whatever is wrong with it costs that one only."""
        if self._allowed.take(peer.host, now):
            DATAGRAMS.labels("too_many").inc()
            return
        try:
            reply, binding = answer(datagram, peer, self.here)
        except RemoteError:
            DATAGRAMS.labels("malformed").inc()
            return
        DATAGRAMS.labels("answered").inc()
        self.send(reply, peer)
        if binding is not None and self._last.get(binding.username) != binding.address:
            self._tell(binding)

    def _tell(self, binding: Binding) -> None:
        try:
            self._bound(binding.username, binding.address)
        except UserError as error:
            log.warning("binding_not_kept", why=error.code)
            return
        except Exception:
            log.exception("binding_failed")
            return
        self._last[binding.username] = binding.address
        self._last.move_to_end(binding.username)
        if len(self._last) > BINDINGS_LIMIT:
            self._last.popitem(last=False)


def _address(peer: tuple[object, ...]) -> Address:
    return Address(str(peer[0]).partition("%")[0], int(str(peer[1])))
