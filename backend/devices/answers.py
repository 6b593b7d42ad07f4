"""What a CPE gets back for one POST, and why a POST is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from backend.cwmp.faults import (
    ACS_INVALID_ARGUMENTS,
    ACS_REQUEST_DENIED,
    MUST_UNDERSTAND,
    RemoteError,
    fault,
)
from backend.cwmp.soap import encode

StartResponse = Callable[..., Any]

XML: Final = "text/xml; charset=utf-8"
TEXT: Final = "text/plain; charset=utf-8"
OUT_OF_ORDER: Final = frozenset({"unexpected", "wrong_id", "wrong_method"})


class Refusal(Exception):
    """The POST is refused: nothing was changed.

    `reason` is a word for the log, `text` for the person at the CPE.
    """

    def __init__(
        self,
        status: int,
        reason: str,
        text: str,
        *,
        device: str = "",
        stale: bool = False,
        retry_after_s: int = 0,
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.text = text
        self.device = device
        self.stale = stale
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back for one POST. `headers` besides the length and, where there is a body, its type."""

    status: int
    body: bytes = b""
    content_type: str = XML
    headers: tuple[tuple[str, str], ...] = ()

    def wsgi(self, start_response: StartResponse) -> list[bytes]:
        """Give it to the server. An empty reply has neither body nor type (3.4.7)."""
        headers = [*self.headers, ("Content-Length", str(len(self.body)))]
        if self.body:
            headers.append(("Content-Type", self.content_type))
        start_response(f"{self.status} {HTTPStatus(self.status).phrase}", headers)
        return [self.body]


def unfit(error: RemoteError, device: str, complete: bool) -> Refusal:
    """What a message that cannot be taken is answered with.

    Unless the sessions known here are `complete`, one out of order may be in the order of another process's.
    """
    if error.reason in OUT_OF_ORDER and not complete:
        text = "Its session cannot be found just now; please begin again later."
        return Refusal(503, "session_elsewhere", text, device=device)
    return Refusal(error.http_status, error.reason, error.detail, device=device)


def refused(refusal: Refusal, later_s: int) -> Answer:
    """The answer to a refused POST: a fault where the message was at fault, otherwise a line of text."""
    if refusal.status in (400, 403):
        code = ACS_INVALID_ARGUMENTS if refusal.status == 400 else ACS_REQUEST_DENIED
        code = MUST_UNDERSTAND if refusal.reason == "not_understood" else code
        return Answer(refusal.status, encode(fault(code, ascii(refusal.text)[1:-1]), ""))
    later = (("Retry-After", str(later_s)),) if refusal.status == 503 else ()
    return Answer(refusal.status, f"{refusal.text}\n".encode(), TEXT, later)
