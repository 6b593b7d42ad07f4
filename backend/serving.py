"""The server around the application: gunicorn with one gevent worker, two ports, and bounded bodies.

One worker process listens on the web port and on the port of the ACS; by the port a request came in on
(never by its Host header) it sees the one half or the other. A socket opened on one is pushed to by a POST
on the other, since it is the same process. More capacity is more of these processes, over PostgreSQL and
Redis.
"""

from __future__ import annotations

import errno
import io
import logging
import os
import signal
import socket
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any

import gevent
import structlog
from gevent.event import Event
from gevent.pool import Pool
from gevent.pywsgi import WSGIServer
from gevent.server import StreamServer
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.workers.ggevent import GeventWorker

from backend.config import Config, ConfigError
from backend.devices import request_body
from backend.edge import BODY_LIMIT_BYTES, HEADERS, STREAMED

log = structlog.get_logger(__name__)

CONNECTIONS_MAX = 10_000
WAITING_MAX = 8_000
KEEPALIVE_S = 75
FIRST_S = 20
HEARTBEAT_S = 1.0
FINISH_S = 0.3
WORKER_SILENCE_MAX_S = 60
BODY_DEADLINE_S = 10.0
REQUEST_LIMIT_BYTES = 20 * 1024 * 1024
STREAM_LIMIT_BYTES = 1100 * 1024 * 1024
TURN_BYTES = 4 * 1024
HEALTH_PATHS = ("/healthz", "/readyz", "/metrics")
ACS_PATHS = ("/acs", "/acs/", "/healthz", "/readyz")
ACS_STREAMS = ("/files/", "/speed/")
"""What devices fetch and send beside CWMP (`backend.files`): bounded there, and never held whole."""

StartResponse = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


class Edge:
    """WSGI around the application: the right half for the port, and every body read before the view runs.

    A body that is too large, or drips, or never ends is refused (413, 408) within BODY_DEADLINE_S, and its
    connection closed. What a router POSTs to the ACS is bounded there, by TR-069's rules for encodings.
    """

    def __init__(
        self,
        application: Wsgi,
        web_port: int | None,
        acs_port: int | None,
        *,
        body_deadline_s: float = BODY_DEADLINE_S,
    ) -> None:
        self._body_deadline_s = body_deadline_s
        self._application = application
        self._web_port = str(web_port) if web_port else None
        self._acs_port = str(acs_port) if acs_port else None

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        port, path = environ.get("SERVER_PORT", ""), environ.get("PATH_INFO", "")
        streams = path.startswith(ACS_STREAMS)
        for_acs = streams or path in ACS_PATHS[:2]
        known = streams or path in ACS_PATHS
        nothing_here = port == self._acs_port and not known or port == self._web_port and for_acs
        method = environ.get("REQUEST_METHOD")
        large = (method, path) in STREAMED and not nothing_here
        if nothing_here or not (for_acs or large) or (method != "POST" and not streams):
            try:
                body = request_body.read(
                    environ, limit_bytes=BODY_LIMIT_BYTES, timeout_s=self._body_deadline_s
                )
            except request_body.BadBody as error:
                log.warning(
                    "body_refused",
                    reason=error.reason,
                    status=error.status,
                    path=path[:200],
                    source=environ.get("REMOTE_ADDR"),
                )
                status = f"{error.status} {error.reason.replace('_', ' ').capitalize()}"
                return _plain(environ, start_response, status, error.text + "\n", close=True)
            if nothing_here:
                return _plain(environ, start_response, "404 Not Found", "Nothing here.\n", close=False)
            if body:
                environ["wsgi.input"] = io.BytesIO(body)
                environ["CONTENT_LENGTH"] = str(len(body))
                environ.pop("HTTP_TRANSFER_ENCODING", None)
                environ.pop("HTTP_CONTENT_ENCODING", None)
        if path.startswith("/socket.io"):
            return self._application(environ, _with_headers(start_response))
        return self._application(environ, start_response)


def _with_headers(start_response: StartResponse) -> StartResponse:
    """What Socket.IO answers by itself never reaches the application: it gets the headers of pages here."""

    def started(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        return start_response(status, [*headers, *HEADERS.items()], *more)

    return started


def _plain(
    environ: dict[str, Any], start_response: StartResponse, status: str, text: str, *, close: bool
) -> Iterable[bytes]:
    answer = getattr(start_response, "__self__", None)
    if close and hasattr(answer, "force_close"):
        answer.force_close()  # what is left of the body must not be taken for the next request
    body = text.encode()
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    start_response(status, headers + list(HEADERS.items()))
    return [b"" if environ.get("REQUEST_METHOD") == "HEAD" else body]


def refuse_unless_free(host: str, port: int, setting: str) -> None:
    """Raise ConfigError, naming the setting, when we could not listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise ConfigError(f"port {port} of {host} is taken; choose another with {setting}") from error
            if error.errno == errno.EACCES:
                raise ConfigError(f"{setting}: this user may not listen on port {port}") from error
            raise ConfigError(f"CAREFLOW_HOST: cannot listen on {host}: {error.strerror}") from error


class Crowd:
    """The connections on which nothing whole has come yet, at most `limit` of them.

    For one more the one that waits longest is closed: whoever drips headers to hold connections, or only
    holds them, shortens its own wait and nobody else's chance.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waiting: OrderedDict[Any, gevent.Timeout] = OrderedDict()

    def __len__(self) -> int:
        return len(self._waiting)

    @contextmanager
    def waiting(self, seconds: float) -> Iterator[None]:
        """Wait no longer than that, or than there is room; the end of the wait is silent."""
        current, timeout = gevent.getcurrent(), gevent.Timeout(seconds, False)
        self._waiting[current] = timeout
        if len(self._waiting) > self._limit:
            longest = self._waiting.popitem(last=False)
            gevent.get_hub().loop.run_callback(_let_go, *longest)
        try:
            with timeout:
                yield
        finally:
            self._waiting.pop(current, None)


def _let_go(greenlet: Any, timeout: gevent.Timeout) -> None:
    """End a wait as its time-out would, unless it is over already."""
    if timeout.pending:
        greenlet.throw(timeout)


class Worker(GeventWorker):
    """gunicorn's gevent worker, with three differences.

    A stop is quick: open sockets are not waited for. Whoever sends faster than we read gets neither all of
    the process nor more than REQUEST_LIMIT_BYTES: reading lets the others go on, and what a request leaves
    unread ends its connection instead of being read to an end that may never come. And whoever sends slower
    than anybody would is not waited for: FIRST_S for the first request of a connection, KEEPALIVE_S for
    others.
    """

    def timeout_ctx(self) -> AbstractContextManager[None]:
        """Around the wait for each request of a connection, which has a greenlet of its own."""
        if not hasattr(self, "_crowd"):
            self._crowd = Crowd(WAITING_MAX)
        current = gevent.getcurrent()
        seconds = KEEPALIVE_S if hasattr(current, "careflow_asked") else FIRST_S
        current.careflow_asked = True
        return self._crowd.waiting(seconds)

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> None:
        """Answer one request."""
        streams = (req.method, req.path) in STREAMED or req.path.startswith(ACS_STREAMS)
        limit_bytes = STREAM_LIMIT_BYTES if streams else REQUEST_LIMIT_BYTES
        req.unreader.chunk = Metered(type(req.unreader).chunk, req.unreader, limit_bytes)
        super().handle_request(listener_name, req, sock, addr)
        if is_unread(req.body.reader):
            raise StopIteration  # for gunicorn: close the connection

    def run(self) -> None:
        """Serve every listening socket until told to stop."""
        self._stopping = Event()
        servers = []
        for listener in self.sockets:
            listener.setblocking(1)
            server = StreamServer(
                listener, handle=partial(self.handle, listener), spawn=Pool(self.worker_connections)
            )
            server.start()
            servers.append(server)
        while self.alive:
            self.notify()
            if not _parent_is_alive():
                os.kill(self.ppid, signal.SIGTERM)
            self._stopping.wait(HEARTBEAT_S)
        for server in servers:
            server.close()
        with gevent.Timeout(FINISH_S, False):
            self.cfg.worker_exit(None, self)
        with gevent.Timeout(FINISH_S, False):
            for server in servers:
                server.pool.join()
        # Sockets would hold the process for as long as they are open. Nothing is lost: what was not committed
        # has not happened, and clients ask the log for what they missed.
        logging.shutdown()
        os._exit(0)

    def handle_exit(self, sig: int, frame: Any) -> None:
        """SIGTERM, SIGINT and SIGQUIT alike: leave the loop."""
        self.alive = False
        if hasattr(self, "_stopping"):
            self._stopping.set()

    handle_quit = handle_exit


class Metered:
    """Reads of one request's connection: a turn for the others every TURN_BYTES, an end after a limit."""

    def __init__(
        self,
        read: Callable[[Any, int | None], bytes],
        source: Any,
        limit_bytes: int = REQUEST_LIMIT_BYTES,
    ) -> None:
        self._read = read
        self._source = source
        self._left_bytes = limit_bytes
        self._turn_bytes = 0

    def __call__(self, size_hint: int | None = None) -> bytes:
        """The next piece; empty at the end of the connection or of our patience."""
        if self._left_bytes <= 0:
            return b""
        if self._turn_bytes >= TURN_BYTES:
            self._turn_bytes = 0
            gevent.sleep(0)
        piece = self._read(self._source, min(size_hint or 0, request_body.PIECE_BYTES))
        self._left_bytes -= len(piece)
        self._turn_bytes += len(piece)
        return piece


def is_unread(reader: Any) -> bool:
    """Whether gunicorn's reader of a body (by length, or by chunks) has not come to its end."""
    return bool(getattr(reader, "length", 0)) or getattr(reader, "parser", None) is not None


def _parent_is_alive() -> bool:
    """Whether the process that asked for this server (CAREFLOW_PARENT) still is."""
    parent = os.environ.get("CAREFLOW_PARENT", "")
    if not parent:
        return True
    try:
        os.kill(int(parent), 0)
    except ProcessLookupError:
        return False
    return True


class Log(Logger):
    """gunicorn's own lines go where all others go."""

    def setup(self, cfg: Any) -> None:
        """Keep no handlers here."""
        super().setup(cfg)
        for logger in (self.error_log, self.access_log):
            logger.handlers[:] = []
            logger.propagate = True
        self.error_log.setLevel(logging.WARNING)


class Server(BaseApplication):
    """gunicorn, told in code what to do.

    `make` builds the application inside the worker process; `stopping` is called there before it ends.
    """

    def __init__(
        self,
        addresses: list[tuple[str, int]],
        make: Callable[[], Wsgi],
        stopping: Callable[[], None],
        *,
        stop_limit_s: int,
    ) -> None:
        self._addresses, self._make, self._stopping = addresses, make, stopping
        self._stop_limit_s = stop_limit_s
        super().__init__()

    def load_config(self) -> None:
        """Our settings; nothing is read from files or the command line."""
        binds = [f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host, port in self._addresses]
        settings: dict[str, Any] = {
            "bind": binds,
            "workers": 1,
            "worker_class": "backend.serving.Worker",
            "logger_class": Log,
            "worker_connections": CONNECTIONS_MAX,
            "keepalive": KEEPALIVE_S,
            "timeout": WORKER_SILENCE_MAX_S,
            "graceful_timeout": self._stop_limit_s,
            "control_socket_disable": True,
            "forwarded_allow_ips": "",
            "accesslog": None,
            "proc_name": "careflow",
            "worker_exit": lambda _, __: self._stopping(),
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Wsgi:
        """Called in the worker process."""
        return self._make()


def serve_health(application: Wsgi, config: Config) -> Callable[[], None]:
    """Answer HEALTH_PATHS of a process without people's pages on a port of their own; gives what ends that.

    Raises ConfigError when the port is taken; without one set nothing is served.
    """
    if not config.health_port:
        return lambda: None
    refuse_unless_free(config.host, config.health_port, "CAREFLOW_HEALTH_PORT")

    def wsgi(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        asks = environ.get("REQUEST_METHOD") in ("GET", "HEAD")
        if not asks or environ.get("PATH_INFO") not in HEALTH_PATHS:
            return _plain(environ, start_response, "404 Not Found", "Nothing here.\n", close=True)
        return application(environ, start_response)

    server = WSGIServer((config.host, config.health_port), wsgi, log=None, error_log=None)
    server.start()
    return server.stop
