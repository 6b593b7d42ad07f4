"""Where simulated routers hear connection requests (TR-069 3.2.2): HTTP GET with digest.

One listener serves a whole fleet; each router has a path of its own that cannot be guessed. The
answer comes before the session: 204 when one will follow, 401 with a challenge, 503 when the router
is busy or off, 404 for anything else. Only GET counts, as the specification says.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from backend.cwmp import digest
from backend.simulator.cpe import Cpe

REALM: Final = "router"
PREFIX: Final = "/wake/"


class Listener:
    """The WSGI application. `routers` is the fleet by serial number; `clock` gives seconds UTC."""

    def __init__(self, routers: Mapping[str, Cpe], clock: Callable[[], float], key: bytes = b"") -> None:
        self._by_path = {self.path(serial): cpe for serial, cpe in routers.items()}
        self._clock = clock
        self._key = key or secrets.token_bytes(32)
        self._counts = digest.NonceCounts()

    @staticmethod
    def path(serial: str) -> str:
        """The path a router listens at; the same after a restart, so that an old URL still works."""
        return PREFIX + hashlib.sha256(f"wake path {serial}".encode()).hexdigest()[:24]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        status, headers = self._answer(environ)
        if not status.startswith("204"):
            headers = [*headers, ("Content-Length", "0")]
        start_response(status, headers)
        return []

    def _answer(self, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]]]:
        path = environ.get("PATH_INFO", "")
        cpe = self._by_path.get(path)
        if cpe is None or not cpe.router.home.reachable or cpe.router.home.nat:
            return "404 Not Found", []
        if environ["REQUEST_METHOD"] != "GET":
            return "405 Method Not Allowed", [("Allow", "GET")]
        verdict = self._verdict(cpe, environ, path)
        if verdict is not digest.Verdict.OK:
            challenge = digest.challenge(
                REALM,
                key=self._key,
                now=self._clock(),
                salt=secrets.token_hex(8),
                stale=verdict is digest.Verdict.STALE,
            )
            return "401 Unauthorized", [("WWW-Authenticate", challenge)]
        return ("204 No Content", []) if cpe.wake() else ("503 Service Unavailable", [])

    def _verdict(self, cpe: Cpe, environ: dict[str, Any], path: str) -> digest.Verdict:
        given = digest.parse_authorization(environ.get("HTTP_AUTHORIZATION", ""))
        expected = cpe.router.management("ConnectionRequestUsername")
        if given is None or not expected or given.username != expected:
            return digest.Verdict.WRONG
        query = environ.get("QUERY_STRING", "")
        return digest.verify(
            given,
            password=cpe.router.management("ConnectionRequestPassword"),
            method="GET",
            target=f"{path}?{query}" if query else path,
            realm=REALM,
            key=self._key,
            now=self._clock(),
            is_new=self._counts.is_new,
        )
