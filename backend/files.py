"""/files and /speed on the port of the ACS: what devices fetch and send beside CWMP.

Plain WSGI in front of the application, as the ACS is. Whoever holds a live link may use it and nothing else
(`devices.links`); every other address is 404, whatever the reason. GET and HEAD with ranges for a Download,
PUT (and POST, as some devices do) for an Upload. Nothing is ever whole in memory; everything has a limit in
bytes and in seconds; progress is written at most once a second.

/speed is what the devices' own speed tests talk to (TR-143): bytes that cannot be compressed, as many as
asked for, and a sink. One test a device at a time.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import Any, Final

import structlog
from prometheus_client import Counter

from backend import database
from backend.devices import files, links, transfers
from backend.devices.links import Link
from backend.devices.streams import (
    PIECE_BYTES,
    Environ,
    Refusal,
    Rooms,
    Stall,
    Streamed,
    allow,
    body_of,
    broken,
    length_of,
    or_broken,
)
from backend.errors import NotFound, UserError

StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]

log = structlog.get_logger(__name__)

FILES: Final = "/files/"
SPEED_DOWN: Final = "/speed/down/"
SPEED_UP: Final = "/speed/up/"
PREFIXES: Final = (FILES, "/speed/")

TRANSFERS_LIMIT: Final = 200
SPEED_TESTS_LIMIT: Final = 8
PROGRESS_EVERY_S: Final = 1.0
UNSENT_BYTES: Final = 128 * 1024
DOWN_LIMIT_S: Final = 2 * 3600.0
UP_LIMIT_S: Final = 900.0
SPEED_BYTES: Final = 25 * 1024 * 1024
SPEED_LIMIT_BYTES: Final = 1024 * 1024 * 1024
SPEED_LIMIT_S: Final = 60.0

_NAMES: Final = {"configuration": "cfg", "log": "log"}
_RANGE: Final = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)
_NOISE: Final = os.urandom(PIECE_BYTES)

MOVED = Counter("careflow_file_bytes", "Bytes moved for devices", ["direction"])
REFUSED = Counter("careflow_file_requests_refused", "Requests for files that were refused", ["status"])


class FileServer:
    """One process's file server; `clock` gives seconds since 1970."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._transfers = Rooms(TRANSFERS_LIMIT)
        self._tests = Rooms(SPEED_TESTS_LIMIT)

    def in_front_of(self, application: Wsgi) -> Wsgi:
        """WSGI that answers at PREFIXES itself and leaves all else to `application`."""

        def wsgi(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
            path = environ.get("PATH_INFO", "")
            if not path.startswith(PREFIXES):
                return application(environ, start_response)
            try:
                return self._answer(environ, start_response, path)
            except Refusal as refusal:
                return _refused(environ, start_response, refusal)
            except UserError as error:
                status = 413 if error.code == "file_too_large" else error.status
                return _refused(environ, start_response, Refusal(status, error.message))

        return wsgi

    def _answer(self, environ: Environ, start_response: StartResponse, path: str) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if path.startswith(FILES):
            token = path.removeprefix(FILES).partition("/")[0]
            with database.connection():
                link = links.of_token(token, self._clock())
            if link is None:
                raise Refusal(404, "Nothing here.")
            if link.direction == "down":
                allow(method, "GET", "HEAD")
                return self._serve(environ, start_response, link, method == "HEAD")
            allow(method, "PUT", "POST")
            return self._receive(environ, start_response, link)
        for prefix, methods, answer in (
            (SPEED_DOWN, ("GET", "HEAD"), self._speed_down),
            (SPEED_UP, ("PUT", "POST"), self._speed_up),
        ):
            if path.startswith(prefix):
                token, _, rest = path.removeprefix(prefix).partition("/")
                device_id = links.speed_device(token, self._clock())
                if device_id is None:
                    break
                allow(method, *methods)
                return answer(environ, start_response, device_id, rest)
        raise Refusal(404, "Nothing here.")

    # -- files --------------------------------------------------------------------------------

    def _serve(
        self, environ: Environ, start_response: StartResponse, link: Link, head: bool
    ) -> Iterable[bytes]:
        try:
            with database.connection():
                file = files.get(link.tenant_id, link.file_id or "")
        except NotFound as error:
            raise Refusal(404, "Nothing here.") from error
        size = int(file["size_bytes"])
        start, end, status = _span(environ, size, file["sha256"])
        headers = [
            ("Content-Type", "application/octet-stream"),
            ("Content-Length", str(end - start)),
            ("Accept-Ranges", "bytes"),
            ("ETag", f'"{file["sha256"]}"'),
            ("Cache-Control", "no-store"),
        ]
        if status == 206:
            headers.append(("Content-Range", f"bytes {start}-{end - 1}/{size}"))
        if head:
            return _answered(start_response, status, headers)
        held = self._hold(link)
        leave = self._transfers.enter(f"{held.id}.{held.opened}")
        stall = Stall(environ, UNSENT_BYTES)
        pieces = or_broken(self._pieces(held, start, end, size))
        start_response(f"{status} {HTTPStatus(status).phrase}", headers)
        return Streamed(pieces, [leave, stall.end])

    def _hold(self, link: Link) -> Link:
        with database.transaction():
            held = links.opened(link)
        if held is None:
            raise Refusal(404, "Nothing here.")
        return held

    def _pieces(self, link: Link, start: int, end: int, size: int) -> Iterator[bytes]:
        """The bytes, for as long as this request holds the link; all of it gone through ends the link."""
        at, told_s, until_s = start, time.monotonic() - PROGRESS_EVERY_S, time.monotonic() + DOWN_LIMIT_S
        for whole in files.content(link.tenant_id, link.file_id or "", start, end):
            for offset in range(0, len(whole), PIECE_BYTES):
                now_s = time.monotonic()
                if now_s - told_s >= PROGRESS_EVERY_S:
                    told_s = now_s
                    if now_s > until_s or not transfers.moved(link, at, size, self._clock()):
                        log.info("transfer_ended_early", link=link.id, at_bytes=at, device=link.device_id)
                        raise broken("the link is no longer this request's")
                piece = whole[offset : offset + PIECE_BYTES]
                yield piece
                at += len(piece)
                MOVED.labels("down").inc(len(piece))
        if at >= size:
            transfers.sent(link, at, self._clock())

    def _receive(self, environ: Environ, start_response: StartResponse, link: Link) -> Iterable[bytes]:
        kind = files.kind_of(link.file_type)
        total = length_of(environ)
        if total is not None and total > files.LIMIT_BYTES[kind]:
            raise Refusal(413, f"The file is larger than {files.LIMIT_BYTES[kind]} bytes.")
        now = self._clock()
        name = time.strftime("%Y-%m-%d %H.%M.%S", time.gmtime(now)) + "." + _NAMES.get(kind, "bin")
        held = self._hold(link)
        leave = self._transfers.enter(f"{held.id}.{held.opened}")
        try:
            coming = transfers.receiving(held, name, now)
            try:
                self._take(environ, held, coming, total)
                if not coming.size_bytes:
                    raise Refusal(400, "The file is empty.")
                if not transfers.received(held, coming, self._clock()):
                    raise Refusal(404, "Nothing here.")
            except BaseException:
                coming.abandon()
                raise
        finally:
            leave()
        return _answered(start_response, 201, [("Content-Length", "0")])

    def _take(self, environ: Environ, link: Link, coming: files.Receiving, total: int | None) -> None:
        told_s = time.monotonic() - PROGRESS_EVERY_S
        for piece in body_of(environ, total, UP_LIMIT_S):
            coming.add(piece)
            MOVED.labels("up").inc(len(piece))
            if time.monotonic() - told_s >= PROGRESS_EVERY_S:
                told_s = time.monotonic()
                if not transfers.moved(link, coming.size_bytes, total or 0, self._clock()):
                    raise Refusal(404, "Nothing here.")

    # -- speed tests --------------------------------------------------------------------------

    def _speed_down(
        self, environ: Environ, start_response: StartResponse, device_id: str, rest: str
    ) -> Iterable[bytes]:
        if rest and not (rest.isdecimal() and rest.isascii() and len(rest) < 12):
            raise Refusal(404, "Nothing here.")
        size = min(int(rest) if rest else SPEED_BYTES, SPEED_LIMIT_BYTES)
        headers = [
            ("Content-Type", "application/octet-stream"),
            ("Content-Length", str(size)),
            ("Cache-Control", "no-store"),
        ]
        if environ["REQUEST_METHOD"] == "HEAD":
            return _answered(start_response, 200, headers)
        leave = self._tests.enter(device_id)
        stall = Stall(environ)
        start_response("200 OK", headers)
        return Streamed(_noise(size), [leave, stall.end])

    def _speed_up(
        self, environ: Environ, start_response: StartResponse, device_id: str, rest: str
    ) -> Iterable[bytes]:
        total = length_of(environ)
        if rest or (total is not None and total > SPEED_LIMIT_BYTES):
            raise Refusal(413 if not rest else 404, "Too much.")
        leave = self._tests.enter(device_id)
        try:
            got = 0
            for piece in body_of(environ, total, SPEED_LIMIT_S):
                got += len(piece)
                if got > SPEED_LIMIT_BYTES:
                    raise Refusal(413, "Too much.")
        finally:
            leave()
        return _answered(start_response, 200, [("Content-Length", "0")])


def _noise(size: int) -> Iterator[bytes]:
    until_s = time.monotonic() + SPEED_LIMIT_S
    left = size
    while left > 0:
        if time.monotonic() > until_s:
            raise broken("the speed test took too long")
        piece = _NOISE[: min(left, PIECE_BYTES)]
        yield piece
        left -= len(piece)


def _span(environ: Environ, size: int, etag: str) -> tuple[int, int, int]:
    """(start, end, status) of what is asked for (RFC 9110 14.2): one range, or all of it."""
    condition = environ.get("HTTP_IF_RANGE", "").strip()
    found = _RANGE.fullmatch(environ.get("HTTP_RANGE", "").replace(" ", ""))
    if found is None or not (found[1] or found[2]) or (condition and condition != f'"{etag}"'):
        return 0, size, 200
    if not found[1]:
        start, end = max(0, size - int(found[2])), size
    else:
        start, end = int(found[1]), min(int(found[2]) + 1, size) if found[2] else size
    if start >= end:
        raise Refusal(416, "There is no such part.", ("Content-Range", f"bytes */{size}"))
    return start, end, 206


def _answered(start_response: StartResponse, status: int, headers: list[tuple[str, str]]) -> list[bytes]:
    start_response(f"{status} {HTTPStatus(status).phrase}", headers)
    return [b""]


def _refused(environ: Environ, start_response: StartResponse, refusal: Refusal) -> list[bytes]:
    REFUSED.labels(str(refusal.status)).inc()
    log.info(
        "file_refused",
        status=refusal.status,
        method=environ.get("REQUEST_METHOD", "")[:10],
        source=environ.get("REMOTE_ADDR"),
    )
    body = b"" if environ.get("REQUEST_METHOD") == "HEAD" else f"{refusal.text}\n".encode()
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
        *refusal.headers,
    ]
    start_response(f"{refusal.status} {HTTPStatus(refusal.status).phrase}", headers)
    return [body]
