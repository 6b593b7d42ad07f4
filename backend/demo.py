"""The demo: its processes, and what only it shows, the logins of its people and the last one-time codes.

`supervise` starts the server and the simulated routers as processes of their own, waits until both are up,
prints where everything is, and stops them within two seconds. The endpoints are registered only when
`Config.demo` is set; codes are kept in memory, a few, and never logged.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import requests
from flask import Blueprint, Flask, Response, jsonify

from backend.config import Config
from backend.edge import limiter
from backend.identity.announcements import CodeIssued
from backend.wire import iso

CODES_KEPT = 20
START_LIMIT_S = 90.0
STOP_LIMIT_S = 1.8
LOOK_S = 0.1
ROUTERS_PAGE_OFFSET_PORTS = 33
ROUTERS_WAKE_OFFSET_PORTS = 34

_codes: deque[CodeIssued] = deque(maxlen=CODES_KEPT)
_accounts: dict[str, Any] = {}

blueprint = Blueprint("demo", __name__, url_prefix="/demo")


def show(accounts_of_demo: Mapping[str, Any]) -> None:
    """Show these accounts: {"tenant", "customers": [...], "staff": [...]}."""
    _accounts.clear()
    _accounts.update(accounts_of_demo)


def register(app: Flask) -> None:
    """Add the demo's endpoints."""
    limiter.exempt(blueprint)
    app.register_blueprint(blueprint)


def code_issued(event: CodeIssued) -> None:
    """Keep a code for the page that stands in for the phone. Hears CodeIssued, after commit."""
    _codes.appendleft(event)


@blueprint.get("/accounts")
def accounts() -> Response:
    """Who can sign in here, with what."""
    return jsonify(_accounts)


@blueprint.get("/codes")
def codes() -> Response:
    """The last codes, newest first."""
    return jsonify(
        codes=[
            {"phone": event.phone, "code": event.code, "expires_at": iso(event.expires_at)}
            for event in _codes
        ]
    )


# -- processes ------------------------------------------------------------------------------------


@dataclass
class _Processes:
    """The demo's processes, by name, and whether it is to end."""

    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)

    def start(self, name: str, command: Sequence[str]) -> None:
        environment = {**os.environ, "CAREFLOW_PARENT": str(os.getpid())}
        self.running[name] = subprocess.Popen(list(command), env=environment, stdin=subprocess.DEVNULL)

    def ended(self) -> str | None:
        """The name of a process that ended by itself."""
        return next((name for name, process in self.running.items() if process.poll() is not None), None)

    def stop(self) -> None:
        """End them all; what has not ended after STOP_LIMIT_S is killed."""
        deadline_s = time.monotonic() + STOP_LIMIT_S
        for process in self.running.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.running.values():
            try:
                process.wait(max(0.0, deadline_s - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def supervise(config: Config, careflow: Sequence[str]) -> int:
    """Run the demo until Ctrl-C. `careflow` is the command line of app.py. Exit code 1 when a part failed."""
    processes = _Processes()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: processes.stopping.set())
    web_url = f"http://{_reachable(config.host)}:{config.port}"
    page_port = config.acs_port + ROUTERS_PAGE_OFFSET_PORTS
    try:
        processes.start("server", [*careflow, "web", "--demo"])
        if not _wait_until_ready(processes, web_url):
            return 0 if processes.stopping.is_set() else 1
        processes.start(
            "routers",
            [
                *careflow,
                "simulate",
                "--acs",
                config.acs_url,
                "--data-dir",
                str(config.data_dir),
                "--with-parent",
                "--control-port",
                str(page_port),
                "--wake-port",
                str(config.acs_port + ROUTERS_WAKE_OFFSET_PORTS),
            ],
        )
        known = requests.get(f"{web_url}/demo/accounts", timeout=10).json()
        print(_table(config, web_url, f"http://127.0.0.1:{page_port}/routers", known), flush=True)
        while not processes.stopping.wait(LOOK_S):
            if (name := processes.ended()) is not None:
                print(f"careflow: the {name} ended by itself; stopping", flush=True)
                return 1
        return 0
    finally:
        processes.stop()


def _wait_until_ready(processes: _Processes, web_url: str) -> bool:
    deadline_s = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline_s and not processes.stopping.wait(LOOK_S):
        if processes.ended() is not None:
            return False
        try:
            if requests.get(f"{web_url}/readyz", timeout=2).ok:
                return True
        except requests.RequestException:
            continue
    return False


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
