"""CWMP sessions a second over one ACS process and over two, with PostgreSQL and Valkey as in an installation.

    python bench/sessions.py [--seconds N]

Each session is a POST without Authorization (401), Inform, empty POST, 204, by digest, on a connection of its
own, of one of 400 devices; two processes of routers keep as many sessions going as the ACS takes. Over two
ACS processes half of the routers call each; "crossing" has each POST go to the other process, as behind a
load balancer that knows nothing of sessions. All of it shares this machine's cores, routers and servers of
rows included, so beside the sessions a second stands what one costs in the ACS: on a core of its own a
process does 1000 divided by that.

    figure sessions_1_acs_per_s N sessions/s
    figure sessions_2_acs_per_s N sessions/s
    figure sessions_2_acs_per_s_ratio N x
    figure sessions_2_acs_crossing_per_s N sessions/s
    figure sessions_acs_cpu_ms N ms            one process, shared sessions and PostgreSQL
    figure sessions_acs_crossing_cpu_ms N ms
"""

from __future__ import annotations

import argparse
import http.client
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psutil  # noqa: E402

from backend.cwmp import digest  # noqa: E402
from bench.cwmp import KEY, OUI, PASSWORD, PRODUCT, inform, post  # noqa: E402
from tests.journeys.installation import PostgreSql, Process, Valkey  # noqa: E402
from tests.journeys.stack import ROOT, free_port  # noqa: E402

DEVICES = 400
LOADS = 2
THREADS = 6
STARTED = '"serving"'


def serials(part: int) -> list[str]:
    """The devices of one process of routers."""
    return [f"B{n:05d}" for n in range(part, DEVICES, LOADS)]


# -- the routers, as a process of their own -------------------------------------------------------


def session(ports: Sequence[int], serial: str, body: bytes) -> None:
    """One whole session; with two ports each POST goes to the other one."""
    connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=30) for port in ports]
    challenge = post(connections[0], body).headers["WWW-Authenticate"]
    cookie = ""
    for count, sent in enumerate((body, b""), start=1):
        proof = digest.answer(
            [challenge],
            username=f"{OUI}-{PRODUCT}-{serial}",
            password=PASSWORD,
            method="POST",
            target="/acs",
            cnonce="c0ffee",
            count=count,
        )
        response = post(connections[count % len(ports)], sent, Authorization=proof, Cookie=cookie)
        if response.status not in (200, 204):
            raise RuntimeError(f"{response.status}: {response.content[:200]!r}")
        cookie = (response.headers.get("Set-Cookie") or cookie).partition(";")[0]
    for connection in connections:
        connection.close()


def load(ports: Sequence[int], part: int, seconds: float) -> int:
    """Sessions without a pause for so long, by THREADS threads; gives how many."""
    done = [0] * THREADS
    ends_s = time.monotonic() + seconds
    mine = serials(part)

    def run(thread: int) -> None:
        bodies = [(serial, inform(serial)) for serial in mine[thread::THREADS]]
        while True:
            for serial, body in bodies:
                if time.monotonic() > ends_s:
                    return
                session(ports, serial, body)
                done[thread] += 1

    threads = [threading.Thread(target=run, args=(thread,)) for thread in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done)


# -- the installation -----------------------------------------------------------------------------


class Servers:
    """PostgreSQL and Valkey with the devices in them, and ACS processes over them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.postgresql, self.valkey = PostgreSql(), Valkey()
        self._run("migrate")
        self._enrol()

    def environ(self, port: int = 0) -> dict[str, str]:
        """The settings of one process."""
        return {
            **os.environ,
            "CAREFLOW_DATA_DIR": str(self._folder),
            "CAREFLOW_ACS_PORT": str(port or 7547),
            "CAREFLOW_STUN_PORT": "0",
            "CAREFLOW_SECRET_KEY": KEY,
            "CAREFLOW_LOG": "json",
            "DATABASE_URL": self.postgresql.url,
            "REDIS_URL": self.valkey.url,
        }

    @contextmanager
    def acs(self, count: int) -> Iterator[tuple[list[int], list[psutil.Process]]]:
        """So many ACS processes: their ports, and the workers whose CPU counts."""
        ports = [free_port() for _ in range(count)]
        started = []
        try:
            for port in ports:
                running = subprocess.Popen(
                    [sys.executable, "app.py", "acs"],
                    cwd=ROOT,
                    env=self.environ(port),
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                )
                process = Process(running)
                threading.Thread(target=process.listen, daemon=True).start()
                started.append(process)
            for process in started:
                process.await_said(STARTED)
            yield ports, [psutil.Process(one.running.pid).children()[0] for one in started]
        finally:
            for process in started:
                process.running.terminate()
                process.running.wait(20)

    def end(self) -> None:
        self.valkey.stop()
        self.postgresql.end()

    def _run(self, command: str) -> None:
        subprocess.run([sys.executable, "app.py", command], cwd=ROOT, env=self.environ(), check=True)

    def _enrol(self) -> None:
        from backend import database
        from backend.config import from_environment
        from backend.devices import records
        from backend.identity import people, secrets

        config = from_environment(self.environ())
        database.bind(config)
        secrets.bind(config.secret_key)
        now = time.time()
        with database.connection(), database.transaction():
            tenant_id = people.ensure_tenant("bench", "Bench", {}, now)
            for number in range(DEVICES):
                records.enrol(
                    tenant_id,
                    oui=OUI,
                    product_class=PRODUCT,
                    serial_number=f"B{number:05d}",
                    password=PASSWORD,
                    now=now,
                )
        database.unbind()


def measured(servers: Servers, count: int, seconds: float, *, crossing: bool = False) -> tuple[float, float]:
    """(sessions a second, CPU milliseconds of one in the ACS) over `count` processes."""
    with servers.acs(count) as (ports, workers):
        for warm in (True, False):
            before = sum(sum(one.cpu_times()[:2]) for one in workers)
            loads = []
            for part in range(LOADS):
                used = ports if crossing else [ports[part % count]]
                arguments = [str(part), str(2.0 if warm else seconds), *map(str, used)]
                command = [sys.executable, __file__, "--load", *arguments]
                loads.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
            done = sum(int(one.communicate()[0]) for one in loads)
        cpu_s = sum(sum(one.cpu_times()[:2]) for one in workers) - before
    return done / seconds, cpu_s * 1000 / done


def main(given: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=12.0, help="how long each is measured")
    parser.add_argument("--load", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args(given)
    if options.load:
        part, seconds, *ports = options.load
        print(load([int(port) for port in ports], int(part), float(seconds)))
        return 0
    with tempfile.TemporaryDirectory(prefix="careflow-bench-") as folder:
        servers = Servers(Path(folder))
        try:
            one, one_ms = measured(servers, 1, options.seconds)
            print(f"figure sessions_1_acs_per_s {one:.0f} sessions/s")
            print(f"figure sessions_acs_cpu_ms {one_ms:.2f} ms", flush=True)
            two, _ = measured(servers, 2, options.seconds)
            print(f"figure sessions_2_acs_per_s {two:.0f} sessions/s")
            print(f"figure sessions_2_acs_per_s_ratio {two / one:.2f} x", flush=True)
            crossing, crossing_ms = measured(servers, 2, options.seconds, crossing=True)
            print(f"figure sessions_2_acs_crossing_per_s {crossing:.0f} sessions/s")
            print(f"figure sessions_acs_crossing_cpu_ms {crossing_ms:.2f} ms", flush=True)
        finally:
            servers.end()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
