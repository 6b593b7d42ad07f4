"""The server as a process: two ports, sockets across them, broken bodies, one address for one server."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import gevent
import pytest
import requests
import websocket

from backend.config import ConfigError
from backend.serving import Edge, refuse_unless_free
from tests.journeys.stack import free_port

ROOT = Path(__file__).resolve().parents[2]
WAIT_S = 60


class Server:
    """`app.py web --demo` over SQLite, in a process group of its own."""

    def __init__(self, data_dir: Path, **environment: str) -> None:
        self.port, self.acs_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CAREFLOW_")}
        self.environment = {
            **kept,
            "CAREFLOW_DATA_DIR": str(data_dir),
            "CAREFLOW_PORT": str(self.port),
            "CAREFLOW_ACS_PORT": str(self.acs_port),
            "CAREFLOW_LOG": "json",
            **environment,
        }
        self.lines: list[str] = []
        self._started = threading.Event()
        self.process = self.command("web", "--demo", stderr=subprocess.PIPE)
        self._drain = threading.Thread(target=self._read, daemon=True)
        self._drain.start()
        self._started.wait(WAIT_S)
        if self.process.poll() is not None or not self._started.is_set():
            self.stop()
            raise AssertionError("the server did not start:\n" + "".join(self.lines[-20:]))

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)
            if '"serving"' in line:
                self._started.set()
        self._started.set()

    def command(self, *arguments: str, stderr: int | None = None) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "app.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            text=True,
            stderr=stderr,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(WAIT_S)
        self._drain.join(WAIT_S)
        for stream in (self.process.stderr, self.process.stdout):
            if stream is not None:
                stream.close()
        return code


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("data"))
    yield running
    assert running.stop() == 0
    refuse_unless_free("127.0.0.1", running.port, "CAREFLOW_PORT")


def sign_in(server: Server, role: str = "operator") -> str:
    body = {"tenant": "demo", "login": f"{role}@demo", "password": "careflow-demo"}
    answer = requests.post(f"{server.url}/api/v1/auth/staff/token", json=body, timeout=WAIT_S)
    return str(answer.json()["access_token"])


def connect(server: Server, token: str) -> websocket.WebSocket:
    opened = websocket.create_connection(
        f"ws://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=websocket", timeout=WAIT_S
    )
    assert opened.recv().startswith("0")
    opened.send("40" + json.dumps({"token": token}))
    return opened


def said_first(port: int, sent: bytes) -> bytes:
    """The first that the server says."""
    with socket.create_connection(("127.0.0.1", port), timeout=WAIT_S) as connection:
        connection.sendall(sent)
        return connection.recv(65536)


def raw(port: int, sent: bytes) -> bytes:
    """Everything the server says until it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=WAIT_S) as connection:
        connection.sendall(sent)
        said = b""
        while piece := connection.recv(65536):
            said += piece
        return said


@pytest.mark.network
class TestAddresses:
    def test_a_taken_port_is_said_by_its_setting(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(ConfigError, match=f"{port} of 127.0.0.1 is taken.*CAREFLOW_ACS_PORT"):
                refuse_unless_free("127.0.0.1", port, "CAREFLOW_ACS_PORT")

    def test_an_address_that_is_not_ours_is_said(self):
        with pytest.raises(ConfigError, match="CAREFLOW_HOST"):
            refuse_unless_free("192.0.2.1", 0, "CAREFLOW_PORT")


@pytest.mark.network
class TestServer:
    def test_each_port_serves_its_half(self, server):
        assert requests.get(f"{server.url}/readyz", timeout=WAIT_S).status_code == 200
        assert requests.post(f"{server.url}/acs", timeout=WAIT_S).status_code == 404
        acs = f"http://127.0.0.1:{server.acs_port}"
        assert requests.post(f"{acs}/acs", timeout=WAIT_S).status_code == 401
        assert requests.get(f"{acs}/api/v1/home", timeout=WAIT_S).status_code == 404
        lied = requests.get(f"{acs}/metrics", headers={"Host": f"127.0.0.1:{server.port}"}, timeout=WAIT_S)
        assert lied.status_code == 404

    def test_a_socket_speaks_and_is_closed_with_its_sign_in(self, server):
        with requests.Session() as session:
            body = {"tenant": "demo", "login": "operator@demo", "password": "careflow-demo"}
            token = session.post(f"{server.url}/api/v1/auth/staff/token", json=body, timeout=WAIT_S).json()
            opened = connect(server, token["access_token"])
            assert opened.recv().startswith("40")
            opened.send('421["join_desk",{}]')
            assert opened.recv() == '431[{"ok":true}]'
            assert (
                session.post(f"{server.url}/api/v1/auth/logout", json={}, timeout=WAIT_S).status_code == 204
            )
        assert opened.recv() == "41"
        said = opened.recv()
        assert said in ("1", "")
        again = connect(server, token["access_token"])
        assert again.recv() == '44{"message":"unauthenticated"}'
        again.shutdown()
        opened.shutdown()

    def test_sockets_of_another_sites_page_and_polling_are_refused(self, server):
        head = (
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            f"Host: 127.0.0.1:{server.port}\r\nOrigin: http://evil.example\r\n\r\n"
        )
        assert said_first(server.port, head.encode()).startswith(b"HTTP/1.1 400")
        ours = head.replace("evil.example", f"127.0.0.1:{server.port}")
        assert said_first(server.port, ours.encode()).startswith(b"HTTP/1.1 101")
        polled = requests.get(f"{server.url}/socket.io/?EIO=4&transport=polling", timeout=WAIT_S)
        assert polled.status_code == 400

    def test_a_message_without_end_closes_the_socket(self, server):
        opened = connect(server, sign_in(server))
        assert opened.recv().startswith("40")
        opened.send('421["join_desk",{"x":"' + "y" * 100_000 + '"}]')
        said = ["40"]
        with contextlib.suppress(websocket.WebSocketException, OSError):
            while said[-1]:
                said.append(opened.recv())
        opened.shutdown()
        assert not any(one.startswith("43") for one in said)

    def test_what_follows_a_body_too_large_is_not_taken_for_a_request(self, server):
        head = b"POST /api/v1/auth/refresh HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n"
        hidden = b"GET /demo/accounts HTTP/1.1\r\nHost: x\r\n\r\n"
        said = raw(server.port, head + hidden + b"x" * (200_000 - len(hidden)))
        assert said.startswith(b"HTTP/1.1 413")
        assert said.count(b"HTTP/1.1") == 1
        assert b"Connection: close" in said

    @pytest.mark.parametrize(
        "sent",
        [
            b"NONSENSE\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"POST /api/v1/auth/refresh HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"GET /" + b"x" * 5000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        ],
    )
    def test_what_is_no_request_is_refused_and_closed(self, server, sent):
        assert raw(server.port, sent).startswith(b"HTTP/1.1 4")

    def test_a_second_server_says_that_the_port_is_taken(self, server):
        second = server.command("web", stderr=subprocess.PIPE)
        said = second.communicate(timeout=WAIT_S)[1]
        assert second.returncode == 2
        assert f"port {server.port} of 127.0.0.1 is taken" in said

    @pytest.mark.parametrize("command", ["acs", "worker"])
    def test_one_of_many_refuses_to_share_sqlite(self, server, command):
        refused = server.command(command, stderr=subprocess.PIPE)
        said = refused.communicate(timeout=WAIT_S)[1]
        assert refused.returncode == 2
        assert "SQLite" in said


class TestEdge:
    def test_a_body_that_drips_is_refused_in_time(self):
        class Dripping:
            def read(self, _: int = -1) -> bytes:
                gevent.get_hub().wait(gevent.get_hub().loop.timer(30))
                return b"x"

        answered = []
        edge = Edge(lambda *_: [b"never"], 8000, 7547, body_deadline_s=0.05)
        environ = {
            "SERVER_PORT": "8000",
            "PATH_INFO": "/api/v1/auth/refresh",
            "REQUEST_METHOD": "POST",
            "CONTENT_LENGTH": "10",
            "wsgi.input": Dripping(),
        }
        list(edge(environ, lambda status, headers: answered.append(status)))
        assert answered[0].startswith("408")

    def test_the_view_gets_the_whole_body(self):
        seen = {}

        def view(environ, start_response):
            seen.update(body=environ["wsgi.input"].read(), length=environ["CONTENT_LENGTH"])
            return []

        edge = Edge(view, None, None)
        environ = {"PATH_INFO": "/x", "CONTENT_LENGTH": "5", "wsgi.input": io.BytesIO(b"12345678")}
        edge(environ, lambda *_: None)
        assert seen == {"body": b"12345", "length": "5"}
