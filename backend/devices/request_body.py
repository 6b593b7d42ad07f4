"""The body of a POST to the ACS, bounded in bytes and seconds (TR-069 3.4: chunked, gzip and deflate are
accepted).

A body over the limit is read on and dropped for a while, so that the sender hears the 413 instead of a
broken connection; then the connection's reading side is shut, which also ends a body without end.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import zlib
from typing import Any, Final

from gevent import Timeout
from gunicorn.http.errors import ParseException

BODY_LIMIT_BYTES: Final = 1024 * 1024
BODY_TIMEOUT_S: Final = 15.0
DROP_TIMEOUT_S: Final = 5.0
DROPS_LIMIT: Final = 1_000
SMALL_BYTES: Final = 32 * 1024
DRAIN_LIMIT_BYTES: Final = 16 * 1024 * 1024
DRAIN_TIMEOUT_S: Final = 2.0
PIECE_BYTES: Final = 64 * 1024

_dropping = threading.BoundedSemaphore(DROPS_LIMIT)
_GZIP: Final = 16 + zlib.MAX_WBITS
_IDENTITIES: Final = frozenset({"", "identity"})


class BadBody(Exception):
    """The body cannot be used: an HTTP status, a word for the log and a sentence."""

    def __init__(self, status: int, reason: str, text: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.text = text


def read(
    environ: dict[str, Any], *, limit_bytes: int = BODY_LIMIT_BYTES, timeout_s: float = BODY_TIMEOUT_S
) -> bytes:
    """The whole body, unpacked. BadBody: 413 too large, 408 too slow, 415 unknown encoding, 400 broken."""
    encoding = environ.get("HTTP_CONTENT_ENCODING", "").strip().lower()
    length = environ.get("CONTENT_LENGTH") or ""
    chunked = not length and "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
    if not chunked and length in ("", "0"):
        return b""
    if length and not (length.isascii() and length.isdecimal() and len(length) < 19):
        raise BadBody(400, "length_malformed", "Content-Length is not a number.")
    try:
        with Timeout(timeout_s, TimeoutError):
            body = (
                _read_chunked(environ, limit_bytes)
                if chunked
                else _read_sized(environ, int(length), limit_bytes)
            )
    except TimeoutError:
        _shut(environ)
        raise BadBody(408, "body_too_slow", f"The body did not arrive within {timeout_s:g} s.") from None
    except (OSError, ParseException) as error:
        _shut(environ)
        raise BadBody(400, "body_broken_off", "The body broke off.") from error
    if encoding in _IDENTITIES:
        return body
    if encoding in ("gzip", "x-gzip", "deflate"):
        return _inflated(body, encoding, limit_bytes)
    raise BadBody(415, "encoding_unknown", "Content-Encoding must be gzip or deflate.")


def is_small(environ: dict[str, Any]) -> bool:
    """Whether a body is announced as so small that reading it costs less than thinking about it."""
    length = environ.get("CONTENT_LENGTH") or "0"
    chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
    return not chunked and length.isascii() and length.isdecimal() and int(length[:9]) <= SMALL_BYTES


def drop(environ: dict[str, Any], *, timeout_s: float = DROP_TIMEOUT_S) -> None:
    """Let go of a body nobody will read, so that the connection can go on; of at most BODY_LIMIT_BYTES.

    What is longer or slower than that ends the connection.
    """
    length = environ.get("CONTENT_LENGTH") or ""
    chunked = not length and "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
    sized = length.isascii() and length.isdecimal() and len(length) < 19
    left = BODY_LIMIT_BYTES if chunked else int(length) if sized else 0
    if left == 0:
        return
    if left > BODY_LIMIT_BYTES:
        _drain(environ, left)
        return
    if not _dropping.acquire(blocking=False):
        _shut(environ)  # too many at it already: this one may come again on another connection
        return
    try:
        with Timeout(timeout_s, TimeoutError):
            while left > 0 and (piece := environ["wsgi.input"].read(min(PIECE_BYTES, left))):
                left -= len(piece)
        if left <= 0 and chunked:
            _shut(environ)
    except (TimeoutError, OSError, ParseException):
        _shut(environ)
    finally:
        _dropping.release()


def _read_sized(environ: dict[str, Any], length: int, limit_bytes: int) -> bytes:
    if length > limit_bytes:
        _drain(environ, length)
        raise _too_large(limit_bytes)
    source = environ["wsgi.input"]
    body: bytes = source.read(length)
    while len(body) < length:
        piece = source.read(length - len(body))
        if not piece:
            raise BadBody(400, "body_broken_off", "The body is shorter than its Content-Length.")
        body += piece
    return body


def _read_chunked(environ: dict[str, Any], limit_bytes: int) -> bytes:
    source = environ["wsgi.input"]
    pieces: list[bytes] = []
    size = 0
    while piece := source.read(PIECE_BYTES):
        size += len(piece)
        if size > limit_bytes:
            _drain(environ, DRAIN_LIMIT_BYTES)
            raise _too_large(limit_bytes)
        pieces.append(piece)
    return b"".join(pieces)


def _drain(environ: dict[str, Any], length: int) -> None:
    """Drop what still comes, at most DRAIN_LIMIT_BYTES, for at most DRAIN_TIMEOUT_S; then hear no more.

    By time too, since bytes in very small chunks cost far more to read than to send.
    """
    source = environ["wsgi.input"]
    left = min(length, DRAIN_LIMIT_BYTES)
    with contextlib.suppress(TimeoutError, OSError), Timeout(DRAIN_TIMEOUT_S, TimeoutError):
        while left > 0 and (piece := source.read(min(PIECE_BYTES, left))):
            left -= len(piece)
    _shut(environ)


def _shut(environ: dict[str, Any]) -> None:
    """Shut the reading side where the server shows its socket (gunicorn); the answer still goes out."""
    connection = environ.get("gunicorn.socket")
    if connection is not None:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RD)


def _too_large(limit_bytes: int) -> BadBody:
    return BadBody(413, "body_too_large", f"The body is larger than {limit_bytes} bytes.")


def _inflated(body: bytes, encoding: str, limit_bytes: int) -> bytes:
    """Unpack at most `limit_bytes`. "deflate" is zlib by the standard and bare deflate with some senders."""
    windows = (zlib.MAX_WBITS, -zlib.MAX_WBITS) if encoding == "deflate" else (_GZIP,)
    for window in windows:
        unpacker = zlib.decompressobj(window)
        try:
            plain = unpacker.decompress(body, limit_bytes + 1)
        except zlib.error:
            continue
        if len(plain) > limit_bytes:
            raise _too_large(limit_bytes)
        if unpacker.eof:
            return plain
        break
    raise BadBody(400, "encoding_broken", f"The body is not {encoding}.")
