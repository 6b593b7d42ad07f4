"""Files and speed tests over real HTTP: what a router fetches and sends on the ACS's word.

What fails is a `TransferFailed` with the fault code of A.5 (9010 to 9019); it never ends the router.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import requests
from requests.auth import HTTPDigestAuth

CONNECT_TIMEOUT_S: Final = 5.0
READ_TIMEOUT_S: Final = 30.0
FILE_LIMIT_BYTES: Final = 64 * 1024 * 1024
TEST_LIMIT_BYTES: Final = 1024**3
TEST_LIMIT_S: Final = 60.0
PIECE_BYTES: Final = 16 * 1024
TRIES_LIMIT: Final = 4

DOWNLOAD_FAILED: Final = "9010"
UPLOAD_FAILED: Final = "9011"
NOT_AUTHENTICATED: Final = "9012"
UNSUPPORTED_PROTOCOL: Final = "9013"
NO_SERVER: Final = "9015"
NO_FILE: Final = "9016"
NOT_WHOLE: Final = "9017"


class TransferFailed(Exception):
    """A transfer ended badly: `code` is the fault to tell."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Measured:
    """A speed test: seconds UTC of the request, the first byte and the last, and how many bytes."""

    asked_at: float
    began_at: float
    ended_at: float
    moved_bytes: int


def _session() -> requests.Session:
    http = requests.Session()
    http.trust_env = False
    return http


class Files:
    """A router's HTTP client for files.

    `open` gives a session; `pause` waits that many seconds and gives True when the router is switched off
    meanwhile; `bytes_per_s` is how fast the line moves a file, 0 for as fast as it goes.
    """

    def __init__(
        self,
        *,
        open: Callable[[], requests.Session] = _session,
        pause: Callable[[float], bool] = lambda _: False,
        clock: Callable[[], float] = time.time,
        bytes_per_s: float = 0.0,
    ) -> None:
        self._open = open
        self._pause = pause
        self._clock = clock
        self._bytes_per_s = bytes_per_s

    def fetch(self, url: str, username: str, password: str, target: Path, size_bytes: int = 0) -> None:
        """Bring a file to `target`; what is there already from an earlier try is kept, and the rest asked
        for (RFC 9110 14.2). `size_bytes` is 0 when not known."""
        _check(url)
        for tried in range(1, TRIES_LIMIT + 1):
            there = target.stat().st_size if target.exists() else 0
            if size_bytes and there == size_bytes:
                return
            try:
                self._fetch(url, username, password, target, there)
                return
            except requests.ConnectionError as error:
                if tried == TRIES_LIMIT or self._pause(1.0):
                    raise TransferFailed(NO_SERVER, f"no connection to the file server: {error}") from error
            except (requests.RequestException, OSError) as error:
                if tried == TRIES_LIMIT or self._pause(1.0):
                    raise TransferFailed(NOT_WHOLE, f"the transfer broke off: {error}") from error

    def _fetch(self, url: str, username: str, password: str, target: Path, there: int) -> None:
        headers = {"Range": f"bytes={there}-"} if there else {}
        with self._open() as http, http.get(url, headers=headers, **_how(username, password)) as answer:
            _refuse_unless_well(answer)
            whole_bytes = int(answer.headers.get("Content-Length") or 0)
            began_at, moved = self._clock(), 0
            with target.open("ab" if there and answer.status_code == 206 else "wb") as file:
                for piece in answer.iter_content(PIECE_BYTES):
                    moved += file.write(piece)
                    if there + moved > FILE_LIMIT_BYTES:
                        raise TransferFailed(DOWNLOAD_FAILED, f"more than {FILE_LIMIT_BYTES} bytes")
                    self._keep_pace(began_at, moved)
            if whole_bytes and moved < whole_bytes:
                raise OSError(f"{moved} of {whole_bytes} bytes")

    def send(self, url: str, username: str, password: str, content: bytes) -> None:
        """PUT a file (A.4.1.5)."""
        _check(url)
        body = _Paced(content, self._keep_pace, self._clock())
        headers = {"Content-Type": "application/octet-stream"}
        for tried in range(1, TRIES_LIMIT + 1):
            body.rewind(self._clock())
            try:
                with (
                    self._open() as http,
                    http.put(url, data=body, headers=headers, **_how(username, password)) as answer,
                ):
                    _refuse_unless_well(answer, UPLOAD_FAILED)
                return
            except (requests.RequestException, OSError) as error:
                if tried == TRIES_LIMIT or self._pause(1.0):
                    raise TransferFailed(UPLOAD_FAILED, f"the file could not be sent: {error}") from error

    def measure_down(self, url: str, mbps: float) -> Measured:
        """Fetch a test file and throw it away, no faster than the line is (TR-143)."""
        _check(url)
        asked_at = self._clock()
        try:
            with self._open() as http, http.get(url, **_how("", "")) as answer:
                _refuse_unless_well(answer)
                began_at, moved = self._clock(), 0
                for piece in answer.iter_content(PIECE_BYTES):
                    moved += len(piece)
                    self._keep_line(began_at, moved, mbps)
                    if moved > TEST_LIMIT_BYTES or self._clock() - began_at > TEST_LIMIT_S:
                        break
        except (requests.RequestException, OSError) as error:
            raise TransferFailed(NO_SERVER, str(error)) from error
        return Measured(asked_at, began_at, max(self._clock(), began_at + moved * 8e-6 / mbps), moved)

    def measure_up(self, url: str, size_bytes: int, mbps: float) -> Measured:
        """Send a test file of so many bytes, no faster than the line is."""
        _check(url)
        if size_bytes > TEST_LIMIT_BYTES:
            raise TransferFailed(UPLOAD_FAILED, f"more than {TEST_LIMIT_BYTES} bytes")
        asked_at = self._clock()
        body = _Paced(bytes(size_bytes), lambda began, moved: self._keep_line(began, moved, mbps), asked_at)
        try:
            with self._open() as http, http.put(url, data=body, **_how("", "")) as answer:
                _refuse_unless_well(answer, UPLOAD_FAILED)
        except (requests.RequestException, OSError) as error:
            raise TransferFailed(UPLOAD_FAILED, str(error)) from error
        ended_at = max(self._clock(), asked_at + size_bytes * 8e-6 / mbps)
        return Measured(asked_at, asked_at, ended_at, size_bytes)

    def _keep_pace(self, began_at: float, moved_bytes: int) -> None:
        if self._bytes_per_s:
            self._wait(began_at + moved_bytes / self._bytes_per_s)

    def _keep_line(self, began_at: float, moved_bytes: int, mbps: float) -> None:
        self._wait(began_at + moved_bytes * 8e-6 / mbps)

    def _wait(self, until: float) -> None:
        left_s = until - self._clock()
        if left_s > 0.01 and self._pause(left_s):
            raise TransferFailed(NOT_WHOLE, "switched off")


class _Paced:
    """A body whose length is known, read piece by piece; `pace(began_at, moved_bytes)` may wait."""

    def __init__(self, content: bytes, pace: Callable[[float, int], None], began_at: float) -> None:
        self._content = memoryview(content)
        self._pace = pace
        self._at = 0
        self._began_at = began_at

    def __len__(self) -> int:
        return len(self._content)

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.read(PIECE_BYTES):
            yield piece

    def read(self, size: int = -1) -> bytes:
        """The next piece."""
        end = len(self._content) if size < 0 else self._at + min(size, PIECE_BYTES)
        piece = bytes(self._content[self._at : end])
        self._at += len(piece)
        self._pace(self._began_at, self._at)
        return piece

    def rewind(self, began_at: float) -> None:
        """Begin again."""
        self._at, self._began_at = 0, began_at


def _how(username: str, password: str) -> dict[str, Any]:
    return {
        "auth": HTTPDigestAuth(username, password) if username else None,
        "timeout": (CONNECT_TIMEOUT_S, READ_TIMEOUT_S),
        "stream": True,
        "allow_redirects": False,
    }


def _check(url: str) -> None:
    if not url.startswith(("http://", "https://")):
        scheme = url.partition(":")[0][:20]
        raise TransferFailed(UNSUPPORTED_PROTOCOL, f"not a protocol of this router: {scheme}")


def _refuse_unless_well(answer: requests.Response, code: str = NO_FILE) -> None:
    if answer.status_code in (401, 403) and code == NO_FILE:
        code = NOT_AUTHENTICATED
    if not 200 <= answer.status_code < 300:
        raise TransferFailed(code, f"HTTP {answer.status_code}")
