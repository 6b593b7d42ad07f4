"""POST /acs: where routers call (TR-069 3.4, 3.7). HTTP only: the protocol is `backend.cwmp`, what a message
does to rows is `backend.devices.turns`.

Order of every POST, which must not change:
1. the body, bounded in bytes and seconds; 2. who is it: digest, or the cookie of a session that digest
   opened;
3. only then rows: at most one durable transaction, none when nothing changes.

An error costs one session, never the process: what the session had sent is settled at the device's next
Inform (`devices.queue.release`).

It is plain WSGI in front of the application: what every request of a person needs (its token, its rate
limit, its line in the log) would cost a router's POST more than the protocol and the store together.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import structlog
from prometheus_client import Counter

from backend import database
from backend.cwmp.envelope import Limits
from backend.cwmp.faults import ACS_INVALID_ARGUMENTS, ACS_REQUEST_DENIED, RemoteError, fault
from backend.cwmp.session import AcsEvent, AcsSession, Answered, Asked, Informed, Ready, Refused, Superseded
from backend.cwmp.soap import encode
from backend.devices import queue, records, request_body, turns, wake
from backend.devices.authentication import NEEDED, Authenticator, NotAuthenticated
from backend.devices.records import Known
from backend.devices.request_body import BODY_LIMIT_BYTES, BadBody
from backend.devices.sessions import Session, Sessions, TurnBusy
from backend.errors import UserError

StartResponse = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

log = structlog.get_logger(__name__)

PATHS: Final = frozenset({"/acs", "/acs/"})
COOKIE: Final = "careflow_acs"
RETRY_AFTER_S: Final = "5"
LIMITS: Final = Limits(body_bytes=BODY_LIMIT_BYTES)
XML: Final = "text/xml; charset=utf-8"
TEXT: Final = "text/plain; charset=utf-8"

INFORMS = Counter("careflow_cwmp_informs", "Informs answered")
ENDED = Counter("careflow_cwmp_sessions_ended", "CWMP sessions that ended with 204")
LENIENT = Counter("careflow_cwmp_lenient", "Messages that broke the rules and were understood all the same")
REFUSED = Counter("careflow_cwmp_refused", "POSTs that were refused", ["reason"])


class Refusal(Exception):
    """The POST is refused: nothing was changed.

    `reason` is a word for the log, `text` for the person at the CPE.
    """

    def __init__(self, status: int, reason: str, text: str, *, device: str = "", stale: bool = False) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.text = text
        self.device = device
        self.stale = stale


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


class Acs:
    """One process's ACS: its open sessions and the nonces it has seen used."""

    def __init__(self) -> None:
        self.sessions = Sessions(ended=_session_ended)
        self._authenticator = Authenticator()

    def in_front_of(self, application: Wsgi) -> Wsgi:
        """WSGI that answers at PATHS itself and leaves all else to `application`."""

        def wsgi(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
            if environ.get("PATH_INFO") not in PATHS:
                return application(environ, start_response)
            return self.answer(environ).wsgi(start_response)

        return wsgi

    def sweep(self, now: float) -> None:
        """End the sessions that fell silent."""
        self.sessions.end_silent(now)

    def answer(self, environ: dict[str, Any]) -> Answer:
        """The answer to one request of a CPE; its body is read here."""
        if environ["REQUEST_METHOD"] != "POST":
            return Answer(405, b"POST only.\n", TEXT, (("Allow", "POST"),))
        try:
            return self._answer(environ, request_body.read(environ), time.time())
        except BadBody as error:
            refusal = Refusal(error.status, error.reason, error.text)
        except NotAuthenticated as error:
            refusal = Refusal(401, error.reason, error.text, device=error.username, stale=error.stale)
        except Refusal as error:
            refusal = error
        except TurnBusy:
            refusal = Refusal(503, "turn_busy", "Another message of this device is being answered.")
        except UserError as error:
            refusal = Refusal(503, error.code, "Please try again.")
        return self._refused(environ, refusal)

    # -- who is it ------------------------------------------------------------------------------------

    def _answer(self, environ: dict[str, Any], body: bytes, now: float) -> Answer:
        cookie = _cookie(environ)
        session = self.sessions.by_key(cookie, now) if cookie else None
        header = environ.get("HTTP_AUTHORIZATION")
        if header is None and session is None:
            return self._challenge(now)
        with database.connection():
            expected = session.known if session is not None else None
            if header is None:
                assert expected is not None
                known = expected
            else:
                known = self._authenticator.device(environ, header, expected, now)
            with self.sessions.turn(known.device_id):
                if not cookie:
                    session = self.sessions.by_device(known.device_id, now)
                elif session is not None and not self.sessions.is_open(session, known.device_id):
                    session = None  # superseded while we waited, or another device's cookie
                return self._converse(environ, known, session, body, now)

    def _challenge(self, now: float, *, stale: bool = False, text: str = NEEDED) -> Answer:
        header = self._authenticator.challenge(now, stale=stale)
        return Answer(401, f"{text}\n".encode(), TEXT, (("WWW-Authenticate", header),))

    # -- what does it say -----------------------------------------------------------------------------

    def _converse(
        self, environ: dict[str, Any], known: Known, session: Session | None, body: bytes, now: float
    ) -> Answer:
        cwmp = session.cwmp if session is not None else _opening()
        try:
            event: AcsEvent = cwmp.receive(body)
            if isinstance(event, Superseded):
                session, cwmp = None, _opening()
                event = cwmp.receive(event.envelope)
            if not isinstance(event, Ready) and event.envelope.lenient:
                LENIENT.inc()
            if isinstance(event, Informed):
                return self._informed(environ, known, cwmp, event, now)
            if session is None:
                raise RemoteError("unexpected", "a session begins with an Inform")
            self.sessions.touch(session, now)
            if isinstance(event, Asked):
                return Answer(200, turns.asked(session, event, now))
            assert isinstance(event, Ready | Answered | Refused)
            return self._worked(session, event, now)
        except RemoteError as error:
            self._abandon(session)
            raise Refusal(error.http_status, error.reason, error.detail, device=known.device_id) from error
        except (Refusal, UserError):
            self._abandon(session)
            raise
        except Exception:
            self._abandon(session)
            log.exception("acs_failed", device=known.device_id)
            REFUSED.labels("internal_error").inc()
            return Answer(500, b"Internal error.\n", TEXT)

    def _informed(
        self, environ: dict[str, Any], known: Known, cwmp: AcsSession, event: Informed, now: float
    ) -> Answer:
        """Begin a session.

        An older one is over, what it left open is settled, the record is brought up to date.
        """
        inform = event.inform
        if not known.is_named(inform.device):
            raise Refusal(
                403,
                "identity_differs",
                "The Inform names another device than the one authenticated.",
                device=known.device_id,
            )
        older = self.sessions.by_device(known.device_id, now)
        if older is not None:
            known = records.credentials(known.username) or known
        session = Session(known, cwmp, now, told=frozenset([value.name for value in inform.values]))
        self.sessions.begin(session)
        _session_began(session)
        try:
            turns.informed(session, inform, event.envelope, str(environ.get("REMOTE_ADDR", "")), now)
        except Exception:
            self.sessions.end(session)
            raise
        INFORMS.inc()
        secure = "; Secure" if environ.get("wsgi.url_scheme") == "https" else ""
        cookie = f"{COOKIE}={session.key}; Path=/; HttpOnly{secure}"
        return Answer(200, event.reply, headers=(("Set-Cookie", cookie),))

    def _worked(self, session: Session, event: Ready | Answered | Refused, now: float) -> Answer:
        """Take the answer to the last RPC, if any, and send the next."""
        body = turns.worked(session, event, now)
        if body:
            return Answer(200, body)
        self.sessions.end(session, well=True)
        ENDED.inc()
        return Answer(204)

    def _abandon(self, session: Session | None) -> None:
        if session is not None:
            self.sessions.end(session)

    def _refused(self, environ: dict[str, Any], refusal: Refusal) -> Answer:
        """The one answer and the one log line of a refused POST."""
        REFUSED.labels(refusal.reason).inc()
        log.warning(
            "acs_refused",
            reason=refusal.reason,
            status=refusal.status,
            detail=refusal.text[:200],
            device=refusal.device[:256],
            source=environ.get("REMOTE_ADDR"),
        )
        if refusal.status == 401:
            return self._challenge(time.time(), stale=refusal.stale, text=refusal.text)
        if refusal.status in (400, 403):
            code = ACS_INVALID_ARGUMENTS if refusal.status == 400 else ACS_REQUEST_DENIED
            return Answer(refusal.status, encode(fault(code, ascii(refusal.text)[1:-1]), ""))
        later = (("Retry-After", RETRY_AFTER_S),) if refusal.status == 503 else ()
        return Answer(refusal.status, f"{refusal.text}\n".encode(), TEXT, later)


def _cookie(environ: dict[str, Any]) -> str:
    """The session key that the CPE sent back, or ""; other cookies are not ours."""
    for part in environ.get("HTTP_COOKIE", "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            return str(value).strip('"')
    return ""


def _opening() -> AcsSession:
    return AcsSession(secrets.token_hex(6) + "-", LIMITS)


def _session_began(session: Session) -> None:
    waker = wake.bound()
    if waker is not None:
        waker.session_began(session.known.device_id)


def _session_ended(session: Session, well: bool) -> None:
    """Whoever queued a task too late for this session is not left waiting.

    The device is called again at once.
    """
    waker = wake.bound()
    known = session.known
    if waker is None or not waker.session_ended(known.device_id, well=well):
        return
    with database.connection():
        waits = queue.waits(known.device_id, time.time())
    if waits:
        waker.wake(known.tenant_id, known.device_id)
