"""The CWMP client of one simulated router: its sessions over real HTTP, and when it holds them.

- A session is Inform, the router's own requests, an empty POST, then the ACS's requests one by one
  until its empty answer (TR-069 3.7.1), over one keep-alive connection with cookies and digest. The
  digest answers are those of `requests`, not of `backend.cwmp`, so that a mistake there shows.
- A session that fails in any way, also after its Inform was answered, is tried again with its
  events after a wait that doubles (3.2.1.1), starting from CWMPRetryMinimumWaitInterval; a
  connection request ends the wait.
- A connection request during a session leads to exactly one session after it (3.2.2).

One thread (a greenlet, where gevent has patched the process) runs `run`. Nothing here may end it but
`stop`: what the ACS does wrong costs one session.
"""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Callable
from typing import Any, Final

import requests
import structlog
from requests.auth import HTTPDigestAuth
from requests.cookies import RequestsCookieJar

from backend.cwmp import rpc
from backend.cwmp.faults import ACS_RETRY, METHOD_NOT_SUPPORTED, CwmpError
from backend.cwmp.session import Answered, CpeEvent, CpeSession, Ended, Refused, Requested
from backend.simulator.habits import SessionFailed, Transport
from backend.simulator.router import Router
from backend.simulator.standing import BOOTSTRAP, PERIODIC, WAKE

log = structlog.get_logger(__name__)

SESSION_RPCS_LIMIT: Final = 1000
SAME_AGAIN_LIMIT: Final = 3  # times one message is sent again on fault 8005
RETRY_STEPS_LIMIT: Final = 10  # 3.2.1.1: the wait no longer grows after the tenth
RETRY_AFTER_LIMIT_S: Final = 300.0
OFF_S: Final = 2.0  # how long a reboot takes


class Cpe:
    """A router and its sessions. `retry_limit_s` caps the wait between tries; `clock` gives seconds
    UTC; `chance` gives the waits their jitter. All but `run` and `attempt` may be called from any thread."""

    def __init__(
        self,
        router: Router,
        *,
        retry_limit_s: float = math.inf,
        clock: Callable[[], float] = time.time,
        chance: random.Random | None = None,
    ) -> None:
        self.router = router
        self._retry_limit_s = retry_limit_s
        self._clock = clock
        self._chance = chance or random.Random(router.home.serial)  # noqa: S311 - jitter, no secret
        self._bell = threading.Event()
        self._stopping = threading.Event()
        self._events: list[rpc.Event] = []
        self._requests: list[rpc.CpeRequest] = []
        self._auth: HTTPDigestAuth | None = None
        self._cookies: RequestsCookieJar | None = None
        self._failures = 0
        self._retry_at = 0.0
        self._contact_at = clock()
        self.sessions = 0
        self.failed = 0
        self._off = False
        self._cycle = False
        self._working = False

    # -- what others ask of it -----------------------------------------------------------------

    def wake(self) -> bool:
        """A connection request came (3.2.2): a session follows. False while it is switched off."""
        if self._off or self._stopping.is_set():
            return False
        self._retry_at = 0.0
        self._add(rpc.Event(WAKE))
        return True

    def nudge(self) -> None:
        """The router has something new to tell: let `run` look."""
        self._bell.set()

    def pause(self, seconds: float) -> bool:
        """Wait so long; True when `run` is to end."""
        return self._stopping.wait(seconds)

    def tell(self, request: rpc.CpeRequest, *events: rpc.Event) -> None:
        """Begin a session with these events in which the router sends this request, e.g. a
        TransferComplete with "7 TRANSFER COMPLETE"; it is sent until the ACS has answered it."""
        self._requests.append(request)
        self._add(*events)

    def power_cycle(self) -> None:
        """Somebody switches it off and on."""
        self._cycle = True
        self._bell.set()

    def press_reset(self) -> None:
        """Somebody presses the reset pin: everything as it left the factory."""
        with self.router.lock:
            self.router.reset_by_hand(self._clock())
        self._bell.set()

    def stop(self) -> None:
        """Let `run` end as soon as it can; an HTTP exchange under way is not waited for."""
        self._stopping.set()
        self._bell.set()

    def summary(self, now: float) -> dict[str, Any]:
        """How it is, for the control page."""
        home, seen = self.router.home, self.router.settle(now)
        connection = "off" if self._off else "retrying" if self._failures else "ok"
        return {
            "serial": home.serial,
            "story": home.story,
            "title": home.title,
            "tries": home.tries,
            "model": f"{home.manufacturer} {home.model}",
            "firmware": self.router.software_version,
            "data_model": home.data_model,
            "customer": f"{home.person.first_name} {home.person.last_name}",
            "phone": home.person.phone,
            "connection": connection if self.sessions or self._failures else "starting",
            "sessions": self.sessions,
            "failed": self.failed,
            "last_contact_at": self._contact_at if self.sessions else None,
            "writes": len(self.router.applied),
            "joined": sum(one.opens_pages for one in seen),
            "stations": [
                {
                    "name": one.station.name,
                    "mac": one.station.mac,
                    "ip": one.ip,
                    "active": one.active,
                    "trouble": one.trouble,
                    "band": one.station.band,
                }
                for one in seen
            ],
        }

    # -- when ----------------------------------------------------------------------------------

    def run(self) -> None:
        """Hold sessions until `stop`: the boot Inform at once, then whatever is due."""
        self.router.restart(self._clock())
        self._add(*self.router.power_events())
        while not self._stopping.is_set():
            self._bell.wait(self._wait_s())
            self._bell.clear()
            if self._stopping.is_set():
                return
            if self._cycle or (self.router.ordered and not self._working):
                self._switch_off_and_on()
            if self._is_due(self._clock()):
                self.attempt()
            self._begin_work()

    def attempt(self) -> bool:
        """One session now with all events that wait; True when it ended in order."""
        mine, self._events = self._events, []  # what comes from now on is for the next one
        told = tuple(dict.fromkeys((*mine, *self.router.pending_events())))
        try:
            self._session(told)
        except (SessionFailed, CwmpError, requests.RequestException, OSError) as error:
            self._failures += 1
            self.failed += 1
            # What an InformResponse acknowledged was delivered (3.7.1.5): BOOTSTRAP is not told again.
            again = [event for event in mine if not (event.code == BOOTSTRAP and self.router.bootstrapped)]
            self._events = list(dict.fromkeys((*again, *self._events)))
            self._retry_at = self._clock() + self._retry_wait_s(error)
            log.info("session_failed", serial=self.router.home.serial, tries=self._failures, why=str(error))
        else:
            self._failures = 0
            self.sessions += 1
        self._contact_at = self._clock()
        if self.router.ordered and not self._working:
            self._switch_off_and_on()
        return not self._failures

    def _begin_work(self) -> None:
        """Let the router do what is due outside sessions, beside them."""
        if self._working or self.router.ordered or self.router.due_at(self._clock()) > self._clock():
            return
        self._working = True
        threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        try:
            self.router.work(self._clock)
        finally:
            self._working = False
            self._bell.set()

    def _add(self, *events: rpc.Event) -> None:
        self._events += [event for event in events if event not in self._events]
        self._bell.set()

    def _waits(self) -> bool:
        """Whether there is anything to tell the ACS."""
        router = self.router
        return bool(self._events or self._requests or router.pending_events() or router.own_requests())

    def _wait_s(self) -> float | None:
        now = self._clock()
        if self._cycle or (self.router.ordered and not self._working):
            return 0.0
        session_at = self._retry_at if self._waits() else self._periodic_at()
        work_at = math.inf if self._working else self.router.due_at(now)
        until = min(session_at, work_at)
        return None if math.isinf(until) else max(0.0, until - now)

    def _is_due(self, now: float) -> bool:
        if not self._waits() and now >= self._periodic_at():
            self._events.append(rpc.Event(PERIODIC))
        return self._waits() and now >= self._retry_at

    def _periodic_at(self) -> float:
        """When the next periodic Inform is due; never for a router that reports once only."""
        enabled = self.router.tree.is_true(f"{self.router.model.ROOT}ManagementServer.PeriodicInformEnable")
        if not enabled or not self.router.home.reachable:
            return math.inf
        return self._contact_at + int(self.router.management("PeriodicInformInterval"))

    def _retry_wait_s(self, error: Exception) -> float:
        """3.2.1.1: the n-th wait lies between m*k^(n-1) and m*k^n seconds."""
        least_s = int(self.router.management("CWMPRetryMinimumWaitInterval"))
        growth = int(self.router.management("CWMPRetryIntervalMultiplier")) / 1000
        step = min(self._failures, RETRY_STEPS_LIMIT)
        wait_s = least_s * self._chance.uniform(growth ** (step - 1), growth**step)
        asked_s = min(getattr(error, "retry_after_s", 0.0), RETRY_AFTER_LIMIT_S)
        return max(min(wait_s, self._retry_limit_s), asked_s)

    def _switch_off_and_on(self) -> None:
        self._off, self._cycle = True, False
        self._stopping.wait(OFF_S)
        self._off = False
        self._failures, self._retry_at = 0, 0.0
        self.router.restart(self._clock())
        self._events = []
        self._add(*self.router.power_events())

    # -- one session ---------------------------------------------------------------------------

    def _session(self, told: tuple[rpc.Event, ...]) -> None:
        router, habits = self.router, self.router.variant.habits
        cwmp = CpeSession(f"{router.home.serial}-{self.sessions}-", habits.namespace)
        with Transport(habits, self._digest(), self._cookies) as http:
            inform = router.inform(told, self._failures, self._clock())
            self._ask(http, cwmp, inform)
            self._cookies = http.cookies.copy()
            router.informed(told)
            for _ in range(habits.chatty):
                self._ask(http, cwmp, rpc.GetRPCMethods())
            for request in (*self._requests, *router.own_requests()):
                self._ask(http, cwmp, request)
                if request in self._requests:
                    self._requests.remove(request)
                router.delivered(request)
            event = cwmp.receive(self._post(http, cwmp.finish()))
            for _ in range(SESSION_RPCS_LIMIT):
                if isinstance(event, Ended):
                    return
                event = self._serve(http, cwmp, event)
        raise SessionFailed(f"more than {SESSION_RPCS_LIMIT} requests in one session")

    def _ask(self, http: Transport, cwmp: CpeSession, request: rpc.CpeRequest) -> None:
        """Send one of our own requests until it is answered; 8005 means the same again (A.5.2)."""
        for _ in range(SAME_AGAIN_LIMIT):
            versions = ("1.0", "1.1", "1.2", "1.3", "1.4") if isinstance(request, rpc.Inform) else ()
            event = cwmp.receive(self._post(http, cwmp.send(request, supported_versions=versions)))
            if isinstance(event, Answered):
                return
            if isinstance(event, Refused) and event.fault.code != ACS_RETRY:
                if isinstance(request, rpc.Inform):
                    raise SessionFailed(f"the ACS refused the Inform: {event.fault.code} {event.fault.text}")
                return  # it will never be answered otherwise; the session goes on
        raise SessionFailed("the ACS asks for the same again and again")

    def _serve(self, http: Transport, cwmp: CpeSession, event: CpeEvent) -> CpeEvent:
        """Answer one request of the ACS, as slowly as this home does."""
        if not isinstance(event, Requested):
            raise SessionFailed(f"unexpected {type(event).__name__}")
        habits = self.router.variant.habits
        shortest_s, slowest_s = max(self.router.home.slow_s, habits.slow_s)
        if slowest_s and self._stopping.wait(self._chance.uniform(shortest_s, slowest_s)):
            raise SessionFailed("stopped")
        message: Any = event.message
        answer = self.router.answer(message, event.envelope.id, self._clock())
        body = cwmp.reply(answer)
        if habits.empty_for_unknown and isinstance(answer, rpc.Fault) and answer.code == METHOD_NOT_SUPPORTED:
            body = b""
        return cwmp.receive(self._post(http, body))

    def _digest(self) -> HTTPDigestAuth:
        """The credentials as they are set now; kept between sessions, so that a nonce still good
        saves a challenge."""
        username, password = self.router.management("Username"), self.router.management("Password")
        if self._auth is None or (self._auth.username, self._auth.password) != (username, password):
            self._auth = HTTPDigestAuth(username, password)
        return self._auth

    def _post(self, http: Transport, body: bytes) -> bytes:
        return http.post(self.router.management("URL"), body)
