"""What stands before several ACS processes: each request goes to the next one, on a connection of its own.

So no two messages of a session are answered by the same process, and connections say nothing of routers.
"""

from __future__ import annotations

import http.client
import itertools
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PIECE_BYTES = 16 * 1024
ANSWER_LIMIT_S = 60.0
AHEAD_BYTES = 32 * 1024  # no more of a file than this lies between an ACS and a router
OF_ONE_CONNECTION = {"connection", "keep-alive", "transfer-encoding"}


class Balancer(ThreadingHTTPServer):
    """Listens at `port` and hands each request to the next of `backends` that is there, until closed."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int, backends: tuple[int, ...]) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.by_connection = False  # whether all requests of a connection go to the same one
        self.turns = itertools.count()
        self._backends = backends
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def close(self) -> None:
        """No more requests."""
        self.shutdown()
        self.server_close()

    def connected(self, first: int) -> http.client.HTTPConnection | None:
        """A connection to the first, from this one on, that is there; None when none is."""
        for offset in range(len(self._backends)):
            port = self._backends[(first + offset) % len(self._backends)]
            made = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_LIMIT_S)
            made.sock = socket.socket()
            made.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, AHEAD_BYTES)
            made.sock.settimeout(ANSWER_LIMIT_S)
            try:
                made.sock.connect(("127.0.0.1", port))
            except OSError:
                made.close()
            else:
                return made
        return None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Balancer
    turn: int | None = None

    def setup(self) -> None:
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, AHEAD_BYTES)
        super().setup()

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""

    def _hand_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: text for name, text in self.headers.items() if name.lower() not in OF_ONE_CONNECTION}
        headers["X-Forwarded-For"] = str(self.client_address[0])
        if self.turn is None or not self.server.by_connection:
            self.turn = next(self.server.turns)
        server = self.server.connected(self.turn)
        self.close_connection = True  # unless all goes well
        try:
            if server is None:
                raise ConnectionError("no backend")
            server.request(self.command, self.path, body, headers)
            answer = server.getresponse()
        except (OSError, http.client.HTTPException):
            self.send_error(502)
            return
        try:
            self.send_response_only(answer.status, answer.reason)
            for name, text in answer.getheaders():
                if name.lower() not in OF_ONE_CONNECTION:
                    self.send_header(name, text)
            self.end_headers()
            left = int(answer.getheader("Content-Length") or 0)
            while piece := answer.read1(PIECE_BYTES):
                self.wfile.write(piece)
                left -= len(piece)
            self.close_connection = left > 0
        except (OSError, http.client.HTTPException):
            self.close_connection = True
        finally:
            server.close()

    do_GET = do_HEAD = do_POST = do_PUT = _hand_on  # noqa: N815 - the names http.server looks for
