"""An ACS in a few lines, over real HTTP on the loopback: digest, a cookie, and a script of requests.

`script` is what it will ask, in order, over all sessions; `failures` are HTTP statuses it answers the
next POSTs with, before anything else.
"""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from backend.cwmp import digest, rpc
from backend.cwmp.session import AcsSession, Answered, Asked, Informed, Ready, Refused
from backend.simulator.house import FACTORY_PASSWORD, FACTORY_USERNAME, demo_password

REALM, KEY = "acs", b"k" * 32


class TinyAcs:
    def __init__(self) -> None:
        self.script: list[rpc.AcsRequest] = []
        self.failures: list[tuple[int, dict[str, str]]] = []
        self.informs: list[rpc.Inform] = []
        self.asked: list[rpc.Message] = []
        self.answers: list[rpc.Message] = []
        self.headers: list[dict[str, str]] = []
        self.challenges = 0
        self.connections = 0
        self.hang_up_after_requests = 0
        self.ended = threading.Semaphore(0)
        self._sessions: dict[str, AcsSession] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/acs"

    def __enter__(self) -> TinyAcs:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def wait_for_sessions(self, count: int, limit_s: float = 20.0) -> None:
        for _ in range(count):
            assert self.ended.acquire(timeout=limit_s), "no session ended in time"

    def next_request(self, session: AcsSession) -> bytes:
        if self.script:
            return session.send(self.script.pop(0))
        return session.end()

    def take(self, cookie: str, body: bytes) -> tuple[bytes, bool]:
        """The answer's body, and whether the session is over."""
        session = self._sessions.setdefault(cookie, AcsSession("acs-"))
        match session.receive(body):
            case Informed(_, inform, reply):
                self.informs.append(inform)
                return reply, False
            case Asked(_, message, reply):
                self.asked.append(message)
                return reply, False
            case Answered(_, _, response):
                self.answers.append(response)
            case Refused(_, _, fault):
                self.answers.append(fault)
            case Ready():
                pass
        reply = self.next_request(session)
        return reply, reply == b""


def password_of(username: str) -> str:
    """What the simulated routers log in with."""
    return FACTORY_PASSWORD if username == FACTORY_USERNAME else demo_password(username.rpartition("-")[2])


def _handler(acs: TinyAcs) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            acs.connections += 1
            super().setup()

        def log_message(self, *_: object) -> None:
            pass

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if acs.failures:
                status, headers = acs.failures.pop(0)
                self.answer(status, b"", headers)
                return
            if not self.is_known():
                return
            acs.headers.append(dict(self.headers))
            cookie = self.headers.get("Cookie", "").partition("session=")[2]
            fresh = {} if cookie else {"Set-Cookie": f"session={len(acs.informs)}"}
            reply, over = acs.take(cookie or str(len(acs.informs)), body)
            if acs.hang_up_after_requests and len(acs.headers) >= acs.hang_up_after_requests:
                acs.hang_up_after_requests = 0
                self.close_connection = True
                return
            self.answer(200 if reply else 204, reply, fresh)
            if over:
                acs.ended.release()

        def is_known(self) -> bool:
            given = digest.parse_authorization(self.headers.get("Authorization", ""))
            if given is not None:
                verdict = digest.verify(
                    given,
                    password=password_of(given.username),
                    method="POST",
                    target=self.path,
                    realm=REALM,
                    key=KEY,
                    now=time.time(),
                )
                if verdict is digest.Verdict.OK:
                    return True
            acs.challenges += 1
            challenge = digest.challenge(REALM, key=KEY, now=time.time(), salt=str(acs.challenges))
            self.answer(401, b"", {"WWW-Authenticate": challenge})
            return False

        def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
