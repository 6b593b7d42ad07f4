"""Many simulated routers in one process: `run`, and the command line of `app.py simulate`.

Each router is one greenlet; one port hears connection requests for all of them, another shows them
to whoever wants to look (`control`). Everything lives under `<data_dir>/routers`, so the same routers
are there again after a restart. The caller has patched the process for gevent before any import.
"""

from __future__ import annotations

import argparse
import errno
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import gevent
import structlog
from gevent.event import Event
from gevent.pywsgi import WSGIServer

from backend.simulator.control import Control
from backend.simulator.cpe import Cpe
from backend.simulator.homes import Home, numbered
from backend.simulator.listener import Listener
from backend.simulator.router import Router

log = structlog.get_logger(__name__)

STOP_LIMIT_S: Final = 1.0
PARENT_LOOK_S: Final = 0.5
NOWHERE: Final = "http://{host}:9/unplugged"  # nobody listens at the discard port


@dataclass(frozen=True, slots=True)
class Settings:
    """How a fleet runs.

    Port 0 takes a free one; with `any_port`, so does a port that is taken. `periodic_s` and `retry_s`
    are what the routers' own PeriodicInformInterval and CWMPRetryMinimumWaitInterval begin with;
    `retry_limit_s` caps the wait of 3.2.1.1, so that a demo is never long offline; `boots_per_s`
    spreads the first Informs.
    """

    acs_url: str
    data_dir: Path
    host: str = "127.0.0.1"
    control_port: int = 7580
    wake_port: int = 7581
    periodic_s: int = 300
    retry_s: int = 1
    retry_limit_s: float = 10.0
    boots_per_s: float = 20.0
    any_port: bool = False


class Fleet:
    """Routers that run between `start` and `stop`."""

    def __init__(self, homes: Sequence[Home], settings: Settings) -> None:
        self._settings = settings
        self.cpes = {home.serial: self._cpe(home) for home in homes}
        self._servers: list[Any] = []
        self.control_url = ""
        self._greenlets: list[Any] = []

    def _cpe(self, home: Home) -> Cpe:
        settings = self._settings
        router = Router(
            home,
            settings.data_dir / "routers",
            acs_url=settings.acs_url,
            periodic_s=settings.periodic_s,
            retry_s=settings.retry_s,
            now=time.time(),
        )
        return Cpe(router, retry_limit_s=settings.retry_limit_s)

    def start(self) -> None:
        """Open both ports and switch the routers on; OSError when a port is taken.

        The address of the page that shows them is then `control_url`, and in `<data_dir>/routers/page`.
        """
        settings = self._settings
        wake_port = self._serve(settings.host, settings.wake_port, Listener(self.cpes, time.time))
        control_port = self._serve("127.0.0.1", settings.control_port, Control(self.cpes, time.time))
        self.control_url = f"http://127.0.0.1:{control_port}/routers"
        (settings.data_dir / "routers" / "page").write_text(self.control_url + "\n", "utf-8")
        for place, (serial, cpe) in enumerate(self.cpes.items()):
            listening = f"http://{settings.host}:{wake_port}{Listener.path(serial)}"
            nowhere = NOWHERE.format(host=settings.host)
            cpe.router.set_wake_url(listening if cpe.router.home.reachable else nowhere)
            self._greenlets.append(gevent.spawn_later(place / settings.boots_per_s, cpe.run))

    def _serve(self, host: str, port: int, application: Any) -> int:
        server = WSGIServer((host, port), application, log=None, error_log=None)
        try:
            server.start()
        except OSError as error:
            if error.errno != errno.EADDRINUSE or not self._settings.any_port:
                raise
            server = WSGIServer((host, 0), application, log=None, error_log=None)
            server.start()
        self._servers.append(server)
        return int(server.server_port)

    def stop(self) -> None:
        """Switch everything off, within `STOP_LIMIT_S`."""
        for cpe in self.cpes.values():
            cpe.stop()
        for server in self._servers:
            server.stop(timeout=0)
        gevent.joinall(self._greenlets, timeout=STOP_LIMIT_S / 2)
        gevent.killall(self._greenlets, timeout=STOP_LIMIT_S / 2)


def run(homes: Sequence[Home], settings: Settings, *, parent_id: int | None = None) -> None:
    """Run until SIGTERM or SIGINT or, when `parent_id` is given, until that process is no longer our
    parent."""
    stopping = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, stopping.set)
    fleet = Fleet(homes, settings)
    fleet.start()
    log.info("routers_started", routers=len(homes), acs=settings.acs_url, page=fleet.control_url)
    try:
        while not stopping.wait(PARENT_LOOK_S if parent_id else None):
            if parent_id and os.getppid() != parent_id:
                log.info("parent_gone", parent=parent_id)
                break
    finally:
        fleet.stop()
        log.info("routers_stopped")


def main(argv: Sequence[str], data_dir: Path = Path("data")) -> int:
    """The command `simulate`: N routers against any ACS. `data_dir` is where they live unless told."""
    parser = argparse.ArgumentParser(prog="app.py simulate", description="Simulated routers against any ACS.")
    parser.add_argument("--count", type=int, default=10, help="routers; the first ten each have a story")
    parser.add_argument("--acs", required=True, metavar="URL", help="e.g. http://127.0.0.1:7547/acs")
    parser.add_argument("--data-dir", type=Path, default=data_dir, help="where the routers live")
    parser.add_argument("--host", default="127.0.0.1", help="address the ACS can wake the routers at")
    parser.add_argument("--control-port", type=int, default=7580, help="page that shows the routers")
    parser.add_argument("--wake-port", type=int, default=7581, help="port for connection requests")
    parser.add_argument("--any-port", action="store_true", help="take another port where one is taken")
    parser.add_argument("--periodic-s", type=int, default=300, help="seconds between periodic Informs")
    parser.add_argument("--retry-s", type=int, default=1, help="shortest wait after a failed session")
    parser.add_argument("--retry-limit-s", type=float, default=10.0, help="longest wait, likewise")
    parser.add_argument("--with-parent", action="store_true", help="stop when the parent process is gone")
    given = parser.parse_args(argv)
    settings = Settings(
        acs_url=given.acs,
        data_dir=given.data_dir,
        host=given.host,
        control_port=given.control_port,
        wake_port=given.wake_port,
        periodic_s=given.periodic_s,
        retry_s=given.retry_s,
        retry_limit_s=given.retry_limit_s,
        any_port=given.any_port,
    )
    try:
        run(numbered(given.count), settings, parent_id=os.getppid() if given.with_parent else None)
    except OSError as error:
        parser.exit(1, f"simulate: {error}\n")
    return 0
