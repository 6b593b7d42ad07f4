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
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import gevent
import structlog
from gevent.event import Event
from gevent.pywsgi import WSGIServer

from backend.simulator.behind_nat import WayThroughNat
from backend.simulator.control import Control
from backend.simulator.cpe import Cpe
from backend.simulator.fetching import Files
from backend.simulator.homes import every, numbered
from backend.simulator.house import FACTORY_USERNAME, Home
from backend.simulator.listener import Listener
from backend.simulator.router import Router
from backend.simulator.standing import DATA_MODELS

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
    spreads the first Informs; `file_bytes_per_s` is how fast a router moves a file, so that its progress
    can be seen; `folder` is where the routers live below `data_dir`.
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
    stun_port: int = 3478
    file_bytes_per_s: float = 400_000.0
    folder: str = "routers"


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
        if home.nat:
            root = DATA_MODELS[home.data_model].ROOT
            port = {f"{root}ManagementServer.STUNServerPort": settings.stun_port}
            home = replace(home, overrides={**home.overrides, **port})
        router = Router(
            home,
            settings.data_dir / settings.folder,
            acs_url=settings.acs_url,
            periodic_s=settings.periodic_s,
            retry_s=settings.retry_s,
            now=time.time(),
        )
        cpe = Cpe(router, retry_limit_s=settings.retry_limit_s)
        router.files = Files(pause=cpe.pause, bytes_per_s=settings.file_bytes_per_s)
        return cpe

    def start(self) -> None:
        """Open both ports and switch the routers on; OSError when a port is taken.

        The address of the page that shows them is then `control_url`, and in `<data_dir>/routers/page`.
        """
        settings = self._settings
        wake_port = self._serve(settings.host, settings.wake_port, Listener(self.cpes, time.time))
        control_port = self._serve("127.0.0.1", settings.control_port, Control(self.cpes, time.time))
        self.control_url = f"http://127.0.0.1:{control_port}/routers"
        (settings.data_dir / settings.folder / "page").write_text(self.control_url + "\n", "utf-8")
        for place, (serial, cpe) in enumerate(self.cpes.items()):
            home = cpe.router.home
            url = f"http://{settings.host}:{wake_port}{Listener.path(serial)}"
            if home.nat:
                url = f"http://{home.words()['wan_ip']}:7547/"  # its own address: nobody outside reaches it
                way = WayThroughNat(cpe, time.time, settings.host)
                self._greenlets.append(gevent.spawn_later(place / settings.boots_per_s, way.run))
            elif not home.reachable:
                url = NOWHERE.format(host=settings.host)
            cpe.router.set_wake_url(url)
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
    """The command `simulate`: routers against any ACS. `data_dir` is where they live unless told."""
    parser = argparse.ArgumentParser(
        prog="app.py simulate",
        description="Simulated routers against any ACS: the homes of the demo, each with its story, or with "
        "--count so many healthy ones that the ACS does not know yet (they come with the shared credential "
        f"{FACTORY_USERNAME} and take their own when it gives them).",
    )
    parser.add_argument("--count", type=int, default=0, help="so many new ones, not the demo's homes")
    parser.add_argument("--story", action="append", metavar="NAME", help="this home only; may be repeated")
    parser.add_argument("--acs", required=True, metavar="URL", help="e.g. http://127.0.0.1:7547/acs")
    parser.add_argument("--data-dir", type=Path, default=data_dir, help="where the routers live")
    parser.add_argument("--host", default="127.0.0.1", help="address the ACS can wake the routers at")
    parser.add_argument("--control-port", type=int, help="page that shows the routers; usually 7580")
    parser.add_argument("--wake-port", type=int, help="port for connection requests; usually 7581")
    parser.add_argument("--stun-port", type=int, help="the ACS's port for STUN; usually that of its URL")
    parser.add_argument("--file-bytes-per-s", type=float, default=400_000.0, help="pace of files; 0: none")
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
        control_port=7580 if given.control_port is None else given.control_port,
        wake_port=7581 if given.wake_port is None else given.wake_port,
        periodic_s=given.periodic_s,
        retry_s=given.retry_s,
        retry_limit_s=given.retry_limit_s,
        # Beside a demo its ports are taken, and which ones these take does not matter.
        any_port=given.any_port or (given.count > 0 and given.control_port is None),
        stun_port=given.stun_port or urlsplit(given.acs).port or 3478,
        file_bytes_per_s=given.file_bytes_per_s,
        folder="numbered" if given.count else "routers",
    )
    homes = numbered(given.count) if given.count else every()
    if given.story:
        homes = tuple(home for home in every() if home.story in given.story)
    try:
        run(homes, settings, parent_id=os.getppid() if given.with_parent else None)
    except OSError as error:
        parser.exit(1, f"simulate: {error}\n")
    return 0
