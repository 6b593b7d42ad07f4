"""CPU per CWMP session, all layers and the store included, beside a bare server doing the same POSTs.

python bench/cwmp.py [--rounds N] [--only NAME]

Both are Flask on the same gunicorn with one gevent worker, over SQLite with the same settings. The bare one
answers 401 to a POST without Authorization, parses with lxml, upserts one row an Inform, and sends what it
was given. Ours authenticates by digest, challenge included, and does everything else it does for a router.
A session is: POST without Authorization (401), Inform of 30 parameters, empty POST, the answers to what is
asked; a connection each.

figure cwmp_inform_cpu_ms       Inform, empty POST, 204 figure cwmp_gpv8_cpu_ms         and a
GetParameterValues of 8, one of which has changed figure cwmp_gpv200_cpu_ms       and a GetParameterValues
of 200, one of which has changed figure cwmp_inform_1000_cpu_ms  Inform of a device with 1,000 stored
parameters
"""

from __future__ import annotations

import sys

if __name__ == "__main__" and "--serve" in sys.argv:
    from gevent import monkey

    monkey.patch_all()

import argparse
import http.client
import os
import select
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask import Flask, Response, request  # noqa: E402
from lxml import etree  # noqa: E402

from backend.cwmp import digest, rpc  # noqa: E402
from backend.cwmp.soap import decode, encode  # noqa: E402

DEVICES = 100
SERIALS = [f"B{n:05d}" for n in range(DEVICES)]
OUI, PRODUCT, PASSWORD = "00D09E", "Bench", "bench password"
KEY = "0123456789abcdef" * 4
NAMESPACE = "urn:dslforum-org:cwmp-1-2"
DEADLINE_S = 3600.0
START_LIMIT_S = 30.0


@dataclass(frozen=True)
class Scenario:
    """One figure: how many parameters are asked for in a session, and how many are stored beforehand."""

    name: str
    asked: int = 0
    stored: int = 0


SCENARIOS = (
    Scenario("inform"),
    Scenario("gpv8", asked=8),
    Scenario("gpv200", asked=200),
    Scenario("inform_1000", stored=1000),
)


def names(count: int) -> tuple[str, ...]:
    """Paths of `count` parameters, as they stand in an object of a router."""
    return tuple(f"Device.WiFi.AccessPoint.{n // 10 + 1}.Stats.Counter{n % 10}" for n in range(count))


def inform(serial: str) -> bytes:
    """An Inform of 30 parameters, about 5 KB."""
    values = [
        rpc.ParameterValue("Device.RootDataModelVersion", "2.16"),
        rpc.ParameterValue("Device.DeviceInfo.SoftwareVersion", "1.2.3"),
        rpc.ParameterValue("Device.DeviceInfo.HardwareVersion", "rev B"),
        rpc.ParameterValue("Device.ManagementServer.ParameterKey", ""),
    ]
    values += [
        rpc.ParameterValue(f"Device.IP.Interface.{n}.IPv4Address.1.IPAddress", f"10.0.0.{n}")
        for n in range(26)
    ]
    message = rpc.Inform(
        rpc.DeviceId("Acme", OUI, PRODUCT, serial),
        (rpc.Event("2 PERIODIC"),),
        tuple(values),
        "2024-01-01T00:00:00Z",
    )
    return encode(message, "1", NAMESPACE)


# -- the servers ----------------------------------------------------------------------------------


def bare_app(folder: Path, asked: int) -> Flask:
    """The least a server can do with the same POSTs."""
    store = sqlite3.connect(folder / "bare.db", isolation_level=None, check_same_thread=False)
    store.executescript(
        "PRAGMA journal_mode = wal; PRAGMA synchronous = full;"
        "CREATE TABLE IF NOT EXISTS device (serial TEXT PRIMARY KEY, body TEXT, at REAL)"
    )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    answer = encode(rpc.InformResponse(), "1", NAMESPACE)
    ask = encode(rpc.GetParameterValues(names(asked)), "1", NAMESPACE) if asked else b""
    app = Flask("bare")
    waiting: set[str] = set()

    @app.post("/acs")
    def acs() -> Response:
        body, who = request.get_data(), request.cookies.get("who", "")
        if "Authorization" not in request.headers:
            return Response("", 401, {"WWW-Authenticate": 'Digest realm="bare", qop="auth", nonce="n"'})
        if not body:
            if ask:
                waiting.add(who)
                return Response(ask, content_type="text/xml")
            return Response(status=204)
        tree = etree.fromstring(body, parser)
        values = [(one.findtext("Name"), one.findtext("Value")) for one in tree.iter("ParameterValueStruct")]
        if who in waiting:
            waiting.discard(who)
            return Response(status=204)
        store.execute(
            "INSERT INTO device VALUES (?, ?, ?) ON CONFLICT (serial) DO UPDATE SET body = excluded.body,"
            " at = excluded.at",
            (tree.findtext(".//SerialNumber"), str(len(values)), time.time()),
        )
        response = Response(answer, content_type="text/xml")
        response.set_cookie("who", str(time.perf_counter_ns()))
        return response

    return app


def config_of(folder: Path, port: int) -> Any:
    """Careflow's settings, as it reads them from an environment with this data folder."""
    from backend.config import from_environment

    return from_environment(
        {
            "CAREFLOW_DATA_DIR": str(folder),
            "CAREFLOW_PORT": str(port + 1),
            "CAREFLOW_ACS_PORT": str(port),
            "CAREFLOW_SECRET_KEY": KEY,
            "CAREFLOW_LOG": "json",
            "CAREFLOW_LOG_LEVEL": "warning",
        }
    )


def serve(kind: str, folder: Path, port: int, asked: int) -> None:
    """Run one server in this process until it is told to stop. Ours is the whole application."""
    from backend import telemetry
    from backend.devices import history
    from backend.serving import Server

    def make() -> Flask:
        if kind == "bare":
            return bare_app(folder, asked)
        from app import create_app

        config = config_of(folder, port)
        telemetry.configure(config.log_format, config.log_level)
        history.start()
        return create_app(config)

    Server([("127.0.0.1", port)], make, lambda: None, stop_limit_s=1).run()


@contextmanager
def served(kind: str, folder: Path, asked: int) -> Iterator[tuple[int, int]]:
    """A server in a process of its own: (port, process id of the worker)."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, __file__, "--serve", kind, str(folder), str(port), str(asked)]
    process = subprocess.Popen(command)
    try:
        yield port, _worker_of(process.pid, port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def _worker_of(pid: int, port: int) -> int:
    """The one child of gunicorn's master, once it serves."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    deadline_s = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline_s:
        try:
            post(http.client.HTTPConnection("127.0.0.1", port, timeout=5), b"")
            return int(children.read_text().split()[0])
        except (OSError, http.client.HTTPException, IndexError):
            pause(0.05)
    raise TimeoutError(f"nothing serves at port {port}")


def pause(seconds: float) -> None:
    """Let others go on."""
    select.select([], [], [], seconds)


# -- the routers ----------------------------------------------------------------------------------


def post(connection: http.client.HTTPConnection, body: bytes, **headers: str) -> Any:
    """One POST; gives the response with its body read into `.content`."""
    sent = {name.replace("_", "-"): value for name, value in headers.items() if value}
    if body:
        sent["Content-Type"] = "text/xml"
    connection.request("POST", "/acs", body, sent)
    response: Any = connection.getresponse()
    response.content = response.read()
    return response


def session(port: int, serial: str, first: bytes, answer: Callable[[rpc.Message], rpc.Message]) -> int:
    """One whole session on a connection of its own; gives the number of POSTs."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    challenge = post(connection, first).headers["WWW-Authenticate"]
    body, cookie, count = first, "", 0
    while True:
        count += 1
        proof = digest.answer(
            [challenge],
            username=f"{OUI}-{PRODUCT}-{serial}",
            password=PASSWORD,
            method="POST",
            target="/acs",
            cnonce="c0ffee",
            count=count,
        )
        response = post(connection, body, Authorization=proof, Cookie=cookie)
        if response.status == 204:
            connection.close()
            return count + 1
        if response.status != 200:
            raise RuntimeError(f"{response.status}: {response.content[:200]!r}")
        cookie = (response.headers.get("Set-Cookie") or cookie).partition(";")[0]
        asked = decode(response.content)
        if isinstance(asked.message, rpc.InformResponse):
            body = b""
        else:
            body = encode(answer(asked.message), asked.id, NAMESPACE)


class Routers:
    """All routers of a scenario: each GetParameterValues is answered with one value that is new."""

    def __init__(self) -> None:
        self._turn = 0

    def answer(self, message: rpc.Message) -> rpc.Message:
        assert isinstance(message, rpc.GetParameterValues)
        self._turn += 1
        return rpc.GetParameterValuesResponse(
            tuple(
                rpc.ParameterValue(name, str(self._turn if n == 0 else n), "xsd:unsignedInt")
                for n, name in enumerate(message.names)
            )
        )


# -- measuring ------------------------------------------------------------------------------------


def cpu_s(pid: int) -> float:
    """CPU time of a process so far, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Store:
    """Our store, seen from here.

    Routers enrolled, with what they have stored and what they are to be asked.
    """

    def __init__(self, folder: Path, scenario: Scenario) -> None:
        from backend import database
        from backend.devices import parameters, records
        from backend.identity import people, secrets

        config = config_of(folder, 1)
        database.bind(config)
        secrets.bind(config.secret_key)
        database.migrate()
        self._asked = scenario.asked
        now = time.time()
        with database.connection(), database.transaction():
            self._tenant = people.ensure_tenant("bench", "Bench", {}, now)
            self._devices = [
                records.enrol(
                    self._tenant,
                    oui=OUI,
                    product_class=PRODUCT,
                    serial_number=serial,
                    password=PASSWORD,
                    now=now,
                )
                for serial in SERIALS
            ]
            values = [(name, str(n), "xsd:unsignedInt") for n, name in enumerate(names(scenario.stored))]
            for device in self._devices if values else ():
                parameters.store(self._tenant, device, values, now)

    def ask(self, turn: int) -> None:
        """Queue one read for each router."""
        from backend import database
        from backend.devices import queue
        from workflows.effects import GetValues, effect_to_json

        if not self._asked:
            return
        now, request_ = time.time(), effect_to_json(GetValues(names(self._asked)))
        with database.connection(), database.transaction():
            for device in self._devices:
                queue.enqueue(
                    self._tenant,
                    device,
                    owner_key=f"bench {turn} {device}",
                    request=request_,
                    deadline_at=now + DEADLINE_S,
                    now=now,
                )

    def close(self) -> None:
        """Leave the files to the server."""
        from backend import database

        database.unbind()


def measure(scenario: Scenario, rounds: int) -> tuple[float, float]:
    """CPU milliseconds of one session at (the bare server, ours), after a first round of all routers.

    The two are served in turn, so that whatever else the machine does befalls both.
    """
    bodies = {serial: inform(serial) for serial in SERIALS}
    routers = Routers()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="careflow-bench-")))
        store = Store(folder, scenario)
        stack.callback(store.close)
        bare_port, bare_pid = stack.enter_context(served("bare", folder, scenario.asked))
        our_port, our_pid = stack.enter_context(served("ours", folder, scenario.asked))
        before = (0.0, 0.0)
        for turn in range(rounds + 1):
            store.ask(turn)
            for serial in SERIALS:
                for port in (bare_port, our_port):
                    session(port, serial, bodies[serial], routers.answer)
            if turn == 0:
                before = cpu_s(bare_pid), cpu_s(our_pid)
        sessions = rounds * len(SERIALS)
        after = cpu_s(bare_pid), cpu_s(our_pid)
    return (after[0] - before[0]) * 1000 / sessions, (after[1] - before[1]) * 1000 / sessions


def main(given: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--rounds", type=int, default=4, help=f"measured sessions of each of {DEVICES} routers"
    )
    parser.add_argument("--only", default="", help="one scenario: " + ", ".join(s.name for s in SCENARIOS))
    parser.add_argument("--serve", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args(given)
    if options.serve:
        kind, folder, port, asked = options.serve
        serve(kind, Path(folder), int(port), int(asked))
        return 0
    for scenario in SCENARIOS:
        if options.only in ("", scenario.name):
            bare_ms, ours_ms = measure(scenario, options.rounds)
            print(f"figure cwmp_{scenario.name}_bare_cpu_ms {bare_ms:.3f} ms")
            print(f"figure cwmp_{scenario.name}_cpu_ms {ours_ms:.3f} ms")
            print(f"figure cwmp_{scenario.name}_cpu_ms_ratio {ours_ms / bare_ms:.2f} x", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
