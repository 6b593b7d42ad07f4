"""POST /acs: where routers call (TR-069 3.4, 3.7). HTTP only: the protocol is `backend.cwmp`, what a message
does to rows is `backend.devices.turns`.

Order of every POST, which must not change:
1. who is it: digest, a client certificate, or the session that one of them opened, found by cookie or TCP
   connection; 2. the body, bounded in bytes and seconds (a small one first, since one connection to the store
   is then enough; nothing is kept of what a stranger sends);
3. the device's turn, and whether there is room for its events; 4. only then rows: at most one durable
   transaction, none when nothing changes.

An error costs one session, never the process: what the session had sent is settled at the device's next
Inform (`devices.queue.release`).

It is plain WSGI in front of the application: what every request of a person needs (its token, its rate
limit, its line in the log) would cost a router's POST more than the protocol and the store together.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from random import random as chance
from typing import Any, Final, cast

import structlog
from prometheus_client import Counter, Gauge

from backend import database
from backend.cwmp.faults import RemoteError
from backend.cwmp.session import AcsEvent, AcsSession, Answered, Asked, Informed, Ready, Refused, Superseded
from backend.devices import (
    admission,
    answers,
    enrolment,
    history,
    opening,
    queue,
    request_body,
    turns,
    waking,
)
from backend.devices.answers import TEXT, Answer, Refusal, StartResponse
from backend.devices.authentication import NEEDED, WRONG, Authenticator, NotAuthenticated, replayed
from backend.devices.known import Known, Shared, credentials
from backend.devices.request_body import BadBody
from backend.devices.sessions import LIMITS, Connections, Ended, Login, Session, Sessions, TurnBusy
from backend.errors import NotFound, UserError

Wsgi = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

log = structlog.get_logger(__name__)

PATHS: Final = frozenset({"/acs", "/acs/"})
COOKIE: Final = "careflow_acs"
COOKIES_LIMIT: Final = 4
PROXY_SIGNS: Final = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_VIA")

INFORMS = Counter("careflow_cwmp_informs", "Informs answered")
ENDED = Counter("careflow_cwmp_sessions_ended", "CWMP sessions that ended with 204")
LENIENT = Counter("careflow_cwmp_lenient", "Messages that broke the rules and were understood all the same")
OPEN = Gauge("careflow_cwmp_sessions_open", "CWMP sessions that are open")
REFUSED = Counter("careflow_cwmp_refused", "POSTs that were refused", ["reason"])


@dataclass(frozen=True, slots=True)
class Call:
    """One POST, once it is known who speaks. `fresh`: it proved itself just now, with nothing used before."""

    environ: dict[str, Any]
    connection: Any
    login: Login
    fresh: bool
    body: bytes
    now: float


class Acs:
    """One process's ACS.

    `sessions` are those of this process unless given; `direct`: no proxy stands between, so that a TCP
    connection is one router's.
    """

    def __init__(
        self,
        *,
        sessions: Callable[[Ended], Sessions] = Sessions,
        authenticator: Authenticator | None = None,
        limits: admission.Limits = admission.LIMITS,
        direct: bool = True,
    ) -> None:
        self.sessions = sessions(_session_ended)
        self._authenticator = authenticator or Authenticator()
        self._gate = admission.Gate(limits)
        self._direct = direct
        self._connections = Connections()
        self._answering = 0
        self.lag_s = 0.0

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
        OPEN.set(len(self.sessions))

    def answer(self, environ: dict[str, Any]) -> Answer:
        """The answer to one request of a CPE; its body is read here."""
        if environ["REQUEST_METHOD"] != "POST":
            return Answer(405, b"POST only.\n", TEXT, (("Allow", "POST"),))
        try:
            return self._answer(environ, time.time())
        except BadBody as error:
            refusal = Refusal(error.status, error.reason, error.text)
        except NotAuthenticated as error:
            request_body.drop(environ)
            refusal = Refusal(401, error.reason, error.text, device=error.username, stale=error.stale)
        except Refusal as error:
            refusal = error
        except TurnBusy:
            refusal = Refusal(503, "turn_busy", "Another message of this device is being answered.")
        except NotFound:
            refusal = Refusal(403, "device_gone", "This device is not known here any more.")
        except UserError as error:
            refusal = Refusal(503, error.code, "Please try again.")
        except Exception:
            log.exception("acs_failed", source=environ.get("REMOTE_ADDR"))
            REFUSED.labels("internal_error").inc()
            return Answer(500, b"Internal error.\n", TEXT)
        return self._refused(environ, refusal)

    # -- who is it ------------------------------------------------------------------------------------

    def _answer(self, environ: dict[str, Any], now: float) -> Answer:
        connection = self._connection(environ)
        found = None
        for key in (*_cookies(environ), self._connections.key_of(connection)):
            if key and (found := self.sessions.by_key(key, now)) is not None:
                break
        with ExitStack() as stack:
            body = None
            if request_body.is_small(environ) and ("HTTP_AUTHORIZATION" in environ or found is not None):
                body = request_body.read(environ)
                stack.enter_context(database.connection())
            login, fresh = self._login(environ, found, now)
            if login is None:
                request_body.drop(environ)
                return self._challenge(environ, now)
            if found is not None and not found.is_of(login):
                found = None  # another device's cookie
            if found is None and not fresh:
                raise replayed(login)
            if body is None:
                body = request_body.read(environ)
                stack.enter_context(database.connection())
            return self._answer_to(Call(environ, connection, login, fresh, body, now), found)

    def _answer_to(self, call: Call, found: Session | None) -> Answer:
        self._answering += 1
        try:
            if found is None and isinstance(call.login, Shared):
                return self._first_contact(call)
            device_id = found.known.device_id if found is not None else cast(Known, call.login).device_id
            with self.sessions.turn(device_id):
                return self._in_turn(call, found, device_id)
        finally:
            self._answering -= 1

    def _login(self, environ: dict[str, Any], found: Session | None, now: float) -> tuple[Login | None, bool]:
        """Who speaks, None when nobody has said so; and whether that was proved anew, just now."""
        header = environ.get("HTTP_AUTHORIZATION")
        if header is not None:
            return self._authenticator.login(environ, header, found.login if found else None, now)
        if found is not None:
            return found.login, False
        return self._authenticator.certified(environ), True

    def _connection(self, environ: dict[str, Any]) -> Any:
        """The TCP connection, where it can be no other router's, else None."""
        if not self._direct or any(name in environ for name in PROXY_SIGNS):
            return None
        return environ.get("gunicorn.socket")

    def _challenge(
        self, environ: dict[str, Any], now: float, *, stale: bool = False, text: str = NEEDED
    ) -> Answer:
        secure = environ.get("wsgi.url_scheme") == "https"
        offered = self._authenticator.challenges(now, stale=stale, secure=secure)
        headers = tuple(("WWW-Authenticate", one) for one in offered)
        return Answer(401, f"{text}\n".encode(), TEXT, headers)

    # -- what does it say -----------------------------------------------------------------------------

    def _first_contact(self, call: Call) -> Answer:
        """Under a credential that many share, only an Inform says which device this is."""
        cwmp = _opening()
        try:
            event = cwmp.receive(call.body)
            if not isinstance(event, Informed):
                raise RemoteError("unexpected", "a session begins with an Inform")
        except RemoteError as error:
            raise answers.unfit(error, call.login.username, self.sessions.complete) from error
        known = self._newcomer(cast(Shared, call.login), event, call.now)
        with self.sessions.turn(known.device_id):
            return self._informed(call, known, cwmp, event)

    def _in_turn(self, call: Call, found: Session | None, device_id: str) -> Answer:
        """Answer a message while no other of the same device is answered."""
        if found is not None:
            session = self.sessions.current(found, call.now)
            if session is None and not call.fresh:
                raise NotAuthenticated("session_over", NEEDED, call.login.username)
            return self._converse(call, session, session)
        session = self.sessions.by_device(device_id, call.now)
        return self._converse(call, session, None)

    def _converse(self, call: Call, session: Session | None, sure: Session | None) -> Answer:
        """`sure` is `session` where cookie or connection name it.

        Where only the device does, the message may be of another session, so it is tried on a copy, and what
        does not fit changes nothing.
        """
        cwmp = session.cwmp if session is not None else _opening()
        if session is not sure:
            cwmp = AcsSession.from_json(cwmp.to_json(), LIMITS)
        try:
            event: AcsEvent = cwmp.receive(call.body)
            if isinstance(event, Superseded):
                cwmp = _opening()
                event = cwmp.receive(event.envelope)
            if isinstance(event, Informed):
                known = self._named(call.login, event, call.now, again=session is not None)
                if session is not None and known.device_id != session.known.device_id:
                    text = "The Inform names another device than the session's."
                    raise Refusal(403, "identity_differs", text, device=known.username)
                return self._informed(call, known, cwmp, event)
            if session is None:
                raise RemoteError("unexpected", "a session begins with an Inform")
            session.cwmp, sure = cwmp, session
            return self._goes_on(call, session, event)
        except RemoteError as error:
            if sure is not None:
                history.message(sure, history.IN, call.body, call.now)
            self._abandon(sure)
            raise answers.unfit(error, call.login.username, self.sessions.complete) from error
        except BaseException:
            self._abandon(sure)
            raise

    def _named(self, login: Login, event: Informed, now: float, *, again: bool) -> Known:
        """The device of an Inform; it must be the one that authenticated.

        Its row is read `again` where it may have changed since: there was a session.
        """
        if isinstance(login, Shared):
            return self._newcomer(login, event, now)
        known = credentials(login.username) if again else login
        if known is None:
            raise NotAuthenticated("unknown_device", WRONG, login.username)
        if not known.is_named(event.inform.device):
            text = "The Inform names another device than the one authenticated."
            raise Refusal(403, "identity_differs", text, device=login.username)
        return known

    def _newcomer(self, login: Shared, event: Informed, now: float) -> Known:
        """The device that an Inform under a shared credential names, as the tenant's policy has it."""
        self._put_off(self._gate.newcomer(login.tenant_id, now, chance()), login.username)
        try:
            return enrolment.device_of(login, event.inform.device, now)
        except enrolment.NotEnrolled as error:
            raise Refusal(403, error.reason, error.text, device=login.username) from error

    def _informed(self, call: Call, known: Known, cwmp: AcsSession, event: Informed) -> Answer:
        """Begin a session, if there is room.

        An older one is over, what it left open is settled, the record is brought up to date.
        """
        inform, now = event.inform, call.now
        codes = tuple(one.code for one in inform.events)
        self._admit(known, codes, now)
        session = Session(
            known,
            cwmp,
            now,
            login=known if isinstance(call.login, Known) else call.login,
            told=frozenset([value.name for value in inform.values]),
            began_at=now,
            source=str(call.environ.get("REMOTE_ADDR", "")),
            events=codes,
        )
        self.sessions.begin(session)
        waking.session_began(session)
        try:
            opening.informed(session, event, now)
        except Exception:
            self.sessions.end(session, "failed")
            raise
        INFORMS.inc()
        LENIENT.inc(event.envelope.lenient)
        self.sessions.keep(session, now)
        self._connections.tie(call.connection, session)
        history.message(session, history.IN, call.body, now)
        history.message(session, history.OUT, event.reply, now)
        secure = "; Secure" if call.environ.get("wsgi.url_scheme") == "https" else ""
        cookie = f"{COOKIE}={session.key}; Path=/; HttpOnly{secure}"
        return Answer(200, event.reply, headers=(("Set-Cookie", cookie),))

    def _admit(self, known: Known, codes: Sequence[str], now: float) -> None:
        """Refusal 503 when the device calls too often, or there is no room for such events now."""
        load = admission.Load(
            len(self.sessions), self.sessions.of_tenant(known.tenant_id), self._answering, self.lag_s
        )
        self._put_off(self._gate.call(known.device_id, load, codes, now, chance()), known.username)

    def _put_off(self, why: admission.PutOff | None, device: str) -> None:
        if why is not None:
            text = "Please come again later."
            raise Refusal(503, why.reason, text, device=device, retry_after_s=why.retry_after_s)

    def _goes_on(self, call: Call, session: Session, event: Asked | Ready | Answered | Refused) -> Answer:
        """A message inside a session: take the answer to the last RPC, if any, and send the next."""
        history.message(session, history.IN, call.body, call.now)
        if not isinstance(event, Ready):
            LENIENT.inc(event.envelope.lenient)
        if isinstance(event, Asked):
            body = event.reply if session.quarantined else turns.asked(session, event, call.now)
        elif session.quarantined:
            body = session.cwmp.end()
        else:
            body = turns.worked(session, event, call.now)
        history.message(session, history.OUT, body, call.now)
        if body:
            self.sessions.keep(session, call.now)
            self._connections.tie(call.connection, session)
            return Answer(200, body)
        self.sessions.end(session, "well")
        ENDED.inc()
        return Answer(204)

    def _abandon(self, session: Session | None) -> None:
        if session is not None:
            self.sessions.end(session, "failed")

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
            return self._challenge(environ, time.time(), stale=refusal.stale, text=refusal.text)
        later_s = refusal.retry_after_s or admission.spread(admission.URGENT_WAIT_S, chance())
        return answers.refused(refusal, later_s)


def _cookies(environ: dict[str, Any]) -> list[str]:
    """The session keys that the CPE sent back, perhaps an old one too; other cookies are not ours.

    A comma parts cookies by RFC 2109, and where a header for each of them came.
    """
    sent = environ.get("HTTP_COOKIE", "").replace(",", ";").split(";")
    pairs = [part.partition("=") for part in sent]
    return [value.strip(' \t"') for name, _, value in pairs if name.strip() == COOKIE][:COOKIES_LIMIT]


def _opening() -> AcsSession:
    return AcsSession(secrets.token_hex(6) + "-", LIMITS)


def _session_ended(session: Session, how: str) -> None:
    now = time.time()
    history.ended(session, how, now)
    if session.claim is not None:
        try:
            with database.connection():
                queue.unanswered(session.claim, now)
        except Exception:  # it is asked once more than it should be; what ended the session matters more
            log.exception("task_not_counted", device=session.known.device_id, task=session.claim.task_id)
    waking.session_ended(session, how)
