"""Bodies too large to be held: taken and given piece by piece, each with limits in bytes and in seconds.

For WSGI under gunicorn and gevent. Raises Refusal, which the caller turns into an answer.
"""

from __future__ import annotations

import errno
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

from gevent import Timeout

from backend.errors import UserError

Environ = dict[str, Any]

PIECE_BYTES: Final = 64 * 1024
STALL_LIMIT_S: Final = 60.0
RETRY_AFTER_S: Final = "30"


class Refusal(Exception):
    """The request is answered with this status and a sentence."""

    def __init__(self, status: int, text: str, *headers: tuple[str, str]) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.headers = headers


class Rooms:
    """So many transfers at once in this process, and, where a name is given, one of that name."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._names: set[str] = set()
        self._lock = threading.Lock()

    def enter(self, name: str) -> Callable[[], None]:
        """Take a place; gives what gives it back (any number of times). Refuses with 503."""
        with self._lock:
            if len(self._names) >= self._limit or name in self._names:
                raise Refusal(503, "Too many transfers; try again later.", ("Retry-After", RETRY_AFTER_S))
            self._names.add(name)
        return lambda: self._leave(name)

    def _leave(self, name: str) -> None:
        with self._lock:
            self._names.discard(name)


class Stall:
    """While bytes go out, a receiver that takes none for STALL_LIMIT_S loses its connection (gunicorn's).

    `unsent_bytes` limits what waits in the kernel (socket(7), SO_SNDBUF): megabytes of a slow receiver's file
    would count as sent, and be held for each."""

    def __init__(self, environ: Environ, unsent_bytes: int | None = None) -> None:
        self._connection: socket.socket | None = environ.get("gunicorn.socket")
        if self._connection is not None:
            if unsent_bytes is not None:
                self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, unsent_bytes)
            self._before_s = self._connection.gettimeout()
            self._connection.settimeout(STALL_LIMIT_S)

    def end(self) -> None:
        if self._connection is not None:
            with suppress(OSError):
                self._connection.settimeout(self._before_s)


class Streamed:
    """An answer's pieces, with what is to be done when it is over, however it ends."""

    def __init__(self, pieces: Iterator[bytes], ended: list[Callable[[], None]]) -> None:
        self._pieces = pieces
        self._ended = ended

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        """Called by the server in any case."""
        close = getattr(self._pieces, "close", None)
        try:
            if close is not None:
                close()
        finally:
            for end in self._ended:
                end()


def broken(why: str) -> OSError:
    """Ends an answer that has begun: the server closes the connection, and the device sees that it broke."""
    return ConnectionResetError(errno.ECONNRESET, why)


def or_broken(pieces: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from pieces
    except UserError as error:
        raise broken(error.code) from error


def body_of(environ: Environ, total: int | None, limit_s: float) -> Iterator[bytes]:
    """The pieces of a request's body; refuses what is too slow, broken off or packed."""
    if environ.get("HTTP_CONTENT_ENCODING", "").strip().lower() not in ("", "identity"):
        raise Refusal(415, "The file must not be packed in transport.")
    source, got = environ["wsgi.input"], 0
    until_s = time.monotonic() + limit_s
    while total is None or got < total:
        wait_s = min(STALL_LIMIT_S, until_s - time.monotonic())
        try:
            with Timeout(max(wait_s, 0.001), TimeoutError):
                piece = source.read(PIECE_BYTES if total is None else min(PIECE_BYTES, total - got))
        except TimeoutError:
            _shut(environ)
            raise Refusal(408, "The file came too slowly.") from None
        except OSError as error:
            raise Refusal(400, "The file broke off.") from error
        if not piece:
            break
        got += len(piece)
        yield piece
    if total is not None and got < total:
        raise Refusal(400, "The file broke off.")


def _shut(environ: Environ) -> None:
    connection = environ.get("gunicorn.socket")
    if connection is not None:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RD)


def length_of(environ: Environ) -> int | None:
    """The body's length; None where it comes in chunks."""
    text = environ.get("CONTENT_LENGTH") or ""
    if not text:
        return None if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower() else 0
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise Refusal(400, "Content-Length is not a number.")
    return int(text)


def allow(method: str, *allowed: str) -> None:
    if method not in allowed:
        raise Refusal(405, "Not here.", ("Allow", ", ".join(allowed)))
