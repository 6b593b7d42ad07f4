"""The whole system as its own processes: `python app.py demo` on free ports, its data in a folder of its own.

It is started, stopped and killed from outside, as on a customer's machine. Nothing here imports the system.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import random
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil
import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

ROOT = Path(__file__).resolve().parents[2]
START_LIMIT_S = 60
STOP_LIMIT_S = 15
KEPT_LINES = 400


ROUTERS_PORTS = (33, 34)  # the demo's routers listen this far above the ACS


PORTS = range(10_000, 32_000)  # below those the system gives to outgoing connections


def free_port(beside: tuple[int, ...] = ()) -> int:
    """A TCP port of 127.0.0.1 that nobody listens on just now, nor on those so far above it."""
    for port in random.sample(PORTS, k=1000):
        with contextlib.ExitStack() as held, contextlib.suppress(OSError):
            for offset in (0, *beside):
                listener = held.enter_context(socket.socket())
                listener.bind(("127.0.0.1", port + offset))
            return port
    raise AssertionError("no free port")


@dataclass
class Stack:
    """One running demo. `data_dir` outlives stops and kills, as the data folder of an installation does."""

    data_dir: Path
    port: int = field(default_factory=free_port)
    acs_port: int = field(default_factory=lambda: free_port(ROUTERS_PORTS))
    environment: dict[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ("demo",)
    signs: tuple[str, ...] = ("Ctrl-C", "routers_started")  # lines that say that all is up
    process: subprocess.Popen[str] | None = None
    lines: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Stack:
        """Starts the processes and returns when their output says that all is up."""
        assert self.process is None
        self.process = subprocess.Popen(
            [sys.executable, "app.py", *self.arguments],
            cwd=ROOT,
            env=self._environ(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        printed: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._drain, args=(self.process, printed), daemon=True).start()
        waited_for = set(self.signs)
        while (line := printed.get(timeout=START_LIMIT_S)) is not None:
            waited_for -= {sign for sign in waited_for if sign in line}
            if not waited_for:
                return self
        self.process.wait(timeout=STOP_LIMIT_S)
        self.process = None
        raise AssertionError("the demo ended before it was ready:\n" + "".join(self.lines[-60:]))

    def stop(self) -> int:
        """Ctrl-C; returns the exit code. What is left of the process group after the limit is killed."""
        process, self.process = self.process, None
        assert process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        try:
            return process.wait(timeout=STOP_LIMIT_S)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    def kill(self, what: str) -> None:
        """SIGKILL, no warning: "power" takes every process, "server" the web server's, which the demo does
        not outlive, "worker" only the process that does the work, which its own parent starts again.
        """
        assert self.process is not None
        demo = psutil.Process(self.process.pid)
        servers = [child for child in demo.children() if "web" in child.cmdline()]
        workers = [child for server in servers for child in server.children()]
        victims = {"power": [demo, *demo.children(recursive=True)], "server": [*servers, *workers]}
        for victim in victims.get(what, workers):
            with contextlib.suppress(psutil.NoSuchProcess):
                victim.kill()

    def start_again(self, killed: str) -> None:
        """Starts what that kill ended."""
        assert self.process is not None
        if killed != "worker":
            self.process.wait(timeout=STOP_LIMIT_S)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process = None
            self.start()
        self.await_ready()

    def await_ready(self) -> None:
        """Returns when the server answers again; its own parent may just be starting it."""
        tries = {"connect": 60, "status": 60, "total": 60, "backoff_factor": 0.1, "backoff_max": 1.0}
        retry = Retry(**tries, status_forcelist=[503])
        with requests.Session() as http:
            http.mount("http://", HTTPAdapter(max_retries=retry))
            http.get(f"{self.url}/readyz", timeout=START_LIMIT_S).raise_for_status()

    def applied(self, serial: str) -> list[dict[str, Any]]:
        """What a simulated router has applied: the lines of its own log, {"rpc", "path", "after", ...}."""
        log = self.data_dir / "routers" / f"{serial}.log"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    def _environ(self) -> dict[str, str]:
        ours = ("CAREFLOW_", "DATABASE_URL", "REDIS_URL")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return {
            **kept,
            "PYTHONUNBUFFERED": "1",
            "CAREFLOW_HOST": "127.0.0.1",
            "CAREFLOW_PORT": str(self.port),
            "CAREFLOW_ACS_PORT": str(self.acs_port),
            "CAREFLOW_DATA_DIR": str(self.data_dir),
            **self.environment,
        }

    def _drain(self, process: subprocess.Popen[str], printed: queue.Queue[str | None]) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                self.lines.append(line)
                del self.lines[:-KEPT_LINES]
                printed.put(line)
        printed.put(None)

    def __enter__(self) -> Stack:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if error is not None:
            print("".join(self.lines[-80:]))
        if self.process is not None:
            self.stop()
