"""The processes of the demo: started together, watched, and stopped within two seconds.

The parent imports none of what it starts: it is up at once, hears Ctrl-C at once, and ends at once. Its
children get Ctrl-C from the terminal too; whoever has not ended after STOP_LIMIT_S is killed, which loses
nothing that was committed. A child whose parent was killed ends by itself (CAREFLOW_PARENT, --with-parent).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backend.config import Config, ConfigError, from_environment

START_LIMIT_S = 90.0
STOP_LIMIT_S = 1.5
LOOK_S = 0.1
ROOT_DIR = Path(__file__).resolve().parent.parent
ROUTERS_PAGE_OFFSET_PORTS = 33
ROUTERS_WAKE_OFFSET_PORTS = 34


@dataclass
class _Processes:
    """The children, by name, and whether they are to end."""

    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)

    def start(self, name: str, *arguments: str, cwd: Path | None = None) -> None:
        """Start this Python with `arguments`."""
        quiet = {"CAREFLOW_LOG_LEVEL": "warning"}  # the table of addresses stays in sight, unless asked for
        environment = {**quiet, **os.environ, "CAREFLOW_PARENT": str(os.getpid())}
        self.running[name] = subprocess.Popen(
            [sys.executable, *arguments], cwd=cwd, env=environment, stdin=subprocess.DEVNULL
        )

    def ended(self) -> str | None:
        """The name of a child that ended by itself."""
        return next((name for name, process in self.running.items() if process.poll() is not None), None)

    def stop(self) -> None:
        """End them all; what has not ended after STOP_LIMIT_S is killed."""
        deadline_s = time.monotonic() + STOP_LIMIT_S
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        for process in self.running.values():
            try:
                process.wait(max(0.0, deadline_s - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def main() -> int:
    """The command `demo`: until Ctrl-C. Exit code 1 when a part failed, 2 for an unusable setting."""
    try:
        return _run(from_environment(os.environ))
    except ConfigError as error:
        print(f"careflow: {error}", file=sys.stderr)
        return 2


def _run(config: Config) -> int:
    processes = _Processes()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: processes.stopping.set())
    web_url = f"http://{_reachable(config.host)}:{config.port}"
    page_port = config.acs_port + ROUTERS_PAGE_OFFSET_PORTS
    simulate = ["--acs", config.acs_url, "--data-dir", str(config.data_dir), "--with-parent"]
    simulate += ["--control-port", str(page_port), "--stun-port", str(config.stun_port)]
    simulate += ["--wake-port", str(config.acs_port + ROUTERS_WAKE_OFFSET_PORTS)]
    try:
        processes.start("server", str(ROOT_DIR / "app.py"), "web", "--demo")
        known = _accounts_when_ready(processes, web_url)
        if known is None:
            return 0 if processes.stopping.is_set() else 1
        if not config.embedded and config.redis_url:
            processes.start("ACS", str(ROOT_DIR / "app.py"), "acs")
            processes.start("worker", str(ROOT_DIR / "app.py"), "worker")
        processes.start("routers", "-m", "backend.simulator", *simulate, cwd=ROOT_DIR)
        print(_table(config, web_url, f"http://127.0.0.1:{page_port}/routers", known), flush=True)
        while not processes.stopping.wait(LOOK_S):
            if (name := processes.ended()) is not None:
                print(f"careflow: the {name} ended by itself; stopping", flush=True)
                return 1
        return 0
    finally:
        processes.stop()


def _accounts_when_ready(processes: _Processes, web_url: str) -> dict[str, Any] | None:
    """Who can sign in, once the server answers; None when it ended, was stopped or took too long."""
    deadline_s = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline_s and not processes.stopping.wait(LOOK_S):
        if processes.ended() is not None:
            return None
        try:
            with urllib.request.urlopen(f"{web_url}/demo/accounts", timeout=5) as answer:
                return dict(json.load(answer))
        except (urllib.error.URLError, OSError):
            continue
    return None


def _reachable(host: str) -> str:
    if host in ("0.0.0.0", "::"):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _table(config: Config, web_url: str, routers_url: str, known: Mapping[str, Any]) -> str:
    """Where everything is and who can sign in, for a terminal."""
    lines = [
        "",
        "Careflow is running.",
        "",
        f"  Start here          {web_url}/",
        f"  Customer (phone)    {web_url}/customer",
        f"  Agent               {web_url}/agent",
        f"  Operator            {web_url}/operator",
        f"  API description     {web_url}/api/v1/openapi.json",
        f"  Simulated routers   {routers_url}",
        f"  ACS for routers     {config.acs_url}",
        f"  Data                {config.data_dir}",
        "",
        "  Staff           login             password",
        *(f"  {one['role']:<14}  {one['login']:<16}  {one['password']}" for one in known["staff"]),
        "",
        f"  Customers sign in by phone; the code is shown on the page and at {web_url}/demo/codes",
        *(f"  {one['phone']:<14}  {one['name']:<20}  {one['title']}" for one in known["customers"]),
        "",
        "  Ctrl-C stops it. Everything is kept.",
        "",
    ]
    return "\n".join(lines)
