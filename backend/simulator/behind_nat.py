"""The way to a router behind NAT, from its side (TR-069 Annex G): STUN kept alive, UDP connection requests
heard.

While STUNEnable is set, the router sends Binding Requests from the port it listens at, so that its NAT keeps
the way open; what the server saw of it becomes UDPConnectionRequestAddress, and a change of that is told to
the ACS by "4 VALUE CHANGE" (it is watched by force) and to the server by BINDING-CHANGE. A signed datagram
wakes the router like any connection request; what is not signed, or comes again, is passed over in silence.
"""

from __future__ import annotations

import random
import socket
from collections.abc import Callable
from typing import Final, Protocol
from urllib.parse import urlsplit

import structlog

from backend.cwmp import stun
from backend.cwmp.faults import RemoteError
from backend.simulator.standing import Standing

log = structlog.get_logger(__name__)

ANSWER_TIMEOUT_S: Final = 2.0
IDLE_S: Final = 5.0  # how often a router without STUN looks whether it has been switched on
KEEP_ALIVE_S: Final = (1.0, 300.0)  # least and most, whatever was written


class Woken(Protocol):
    """What of a `cpe.Cpe` is needed here."""

    @property
    def router(self) -> Standing: ...

    def wake(self) -> bool: ...
    def nudge(self) -> None: ...
    def pause(self, seconds: float) -> bool: ...


class WayThroughNat:
    """One router's UDP port; `run` until the router stops. `clock` gives seconds UTC."""

    def __init__(self, cpe: Woken, clock: Callable[[], float], host: str = "127.0.0.1") -> None:
        self._cpe = cpe
        self._clock = clock
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, 0))
        self._chance = random.Random(cpe.router.home.serial)  # noqa: S311 - transaction ids of a simulation
        self._last: stun.UdpConnectionRequest | None = None
        self._asked = b""
        self._signs = False

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._socket.getsockname()[1])

    def run(self) -> None:
        """Keep the way open and hear who knocks."""
        try:
            while not self._cpe.pause(0.0):
                if not self._enabled():
                    if self._cpe.pause(IDLE_S):
                        return
                    continue
                self.ask()
                self.listen(self._keep_alive_s())
        finally:
            self._socket.close()

    def ask(self) -> None:
        """Send one Binding Request (G.2.1.2)."""
        management = self._cpe.router.management
        self._asked = self._chance.randbytes(16)
        request = stun.binding_request(
            self._asked,
            username=management("STUNUsername"),
            password=management("STUNPassword") if self._signs else None,
        )
        host = management("STUNServerAddress") or urlsplit(management("URL")).hostname or ""
        try:
            self._socket.sendto(request, (host, int(management("STUNServerPort"))))
        except OSError as error:
            log.info("stun_failed", serial=self._cpe.router.home.serial, why=str(error))

    def listen(self, for_s: float) -> None:
        """Take what comes, for so long."""
        until = self._clock() + for_s
        while (left_s := until - self._clock()) > 0:
            self._socket.settimeout(min(left_s, ANSWER_TIMEOUT_S))
            try:
                datagram = self._socket.recv(stun.DATAGRAM_LIMIT_BYTES)
            except TimeoutError:
                if self._cpe.pause(0.0):
                    return
                continue
            except OSError:  # the server's port is closed for the moment: asked again in time
                if self._cpe.pause(1.0):
                    return
                continue
            try:
                self.take(datagram)
            except RemoteError:
                continue

    def take(self, datagram: bytes) -> None:
        """One datagram: an answer of the server, or a connection request. RemoteError for neither."""
        if stun.is_stun(datagram):
            self._answered(stun.parse(datagram))
            return
        management = self._cpe.router.management
        self._last = stun.check_udp_connection_request(
            datagram,
            username=management("ConnectionRequestUsername"),
            password=management("ConnectionRequestPassword"),
            last=self._last,
        )
        self._cpe.wake()

    def _answered(self, message: stun.Message) -> None:
        if message.transaction_id != self._asked:
            return
        if message.error is not None:
            if message.error[0] in (401, 432) and not self._signs:
                self._signs = True
                self.ask()
            return
        if message.mapped is not None:
            self._mapped(message.mapped)

    def _mapped(self, mapped: stun.Address) -> None:
        router = self._cpe.router
        with router.lock:
            root = f"{router.model.ROOT}ManagementServer."
            address, detected = root + "UDPConnectionRequestAddress", root + "NATDetected"
            before = router.tree.value(address)
            if before == f"{mapped.host}:{mapped.port}":
                return
            for path in (address, detected):
                router.watch.expect(path, router.tree.value(path))
            router.tree.put(address, f"{mapped.host}:{mapped.port}")
            router.tree.put(detected, mapped.host != router.home.words()["wan_ip"])
            router.look(self._clock())
        self._cpe.nudge()

    def _enabled(self) -> bool:
        return self._cpe.router.tree.is_true(f"{self._cpe.router.model.ROOT}ManagementServer.STUNEnable")

    def _keep_alive_s(self) -> float:
        least, most = KEEP_ALIVE_S
        return min(max(least, float(self._cpe.router.management("STUNMinimumKeepAlivePeriod"))), most)
