"""From queueing a task on an idle, reachable device to its result: the whole way, and nobody polls.

    python bench/wake.py [--tasks N] [--devices N]

The ACS is the real one over SQLite on its own server, and queues the tasks; the routers are simulated ones
in a process of their own, over HTTP. A read of one parameter is queued while its device is idle; the clock
runs from before the task's row is written until its result has been committed and told: the connection
request with its digest, the session with its Inform, the read. The devices take turns, so each has long been
idle.

    figure wake_to_result_p50_ms N ms
    figure wake_to_result_p99_ms N ms
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402 - nothing may be imported before the patching
import os  # noqa: E402
import signal  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable, Sequence  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import gevent  # noqa: E402
from gevent.event import AsyncResult  # noqa: E402

from app import create_app  # noqa: E402
from backend import announcements, database, telemetry  # noqa: E402
from backend.acs import Acs  # noqa: E402
from backend.announcements import Hearers  # noqa: E402
from backend.config import Config, from_environment  # noqa: E402
from backend.devices import door, enrolment, known, queue  # noqa: E402
from backend.devices.announcements import TaskFinished  # noqa: E402
from backend.identity import people, secrets  # noqa: E402
from backend.serving import Server  # noqa: E402
from backend.simulator.homes import numbered  # noqa: E402
from backend.simulator.house import FACTORY_PASSWORD, FACTORY_USERNAME  # noqa: E402
from tests.journeys.stack import ROOT, free_port  # noqa: E402
from workflows.effects import GetValues, effect_to_json  # noqa: E402

READ = {
    "tr181": effect_to_json(GetValues(("Device.DeviceInfo.UpTime",))),
    "tr098": effect_to_json(GetValues(("InternetGatewayDevice.DeviceInfo.UpTime",))),
}
START_LIMIT_S = 90.0
RESULT_LIMIT_S = 60.0
LOOK_S = 0.01


class Bench:
    """What runs in the server's process: it queues the tasks and is told of their results."""

    def __init__(self, config: Config) -> None:
        self._waits: dict[str, AsyncResult] = {}
        database.bind(config)
        secrets.bind(config.secret_key)
        database.migrate()
        now = time.time()
        settings = {"cpe_networks": ["127.0.0.0/8"], "enrolment": "enrol"}
        with database.connection():
            self.tenant_id = people.ensure_tenant("bench", "Bench", settings, now)
            enrolment.add_shared(self.tenant_id, FACTORY_USERNAME, FACTORY_PASSWORD, now=now)
        self.app = create_app(config, web=False)
        self.acs: Acs = self.app.extensions["careflow_acs"]
        table = {TaskFinished: Hearers(inside=[enrolment.task_finished], after=[self._finished])}
        announcements.wire(table, database.after_commit)
        door.opened(config, self.acs)

    def run(self, tasks: int, devices: int, ended: Callable[[], object]) -> None:
        """Measure, print the figures, and tell that it is over."""
        try:
            known_devices = self.devices(devices)
            delays_s = [self.result_s(known_devices[n % devices], n) for n in range(tasks)]
            report(delays_s[devices:], devices)  # the first round fills caches on both sides
        finally:
            ended()

    def devices(self, count: int) -> list[known.Known]:
        """The devices, once each has enrolled, has its own credentials and nothing waits for it."""
        names = [home.serial for home in numbered(count)]
        found: dict[str, known.Known] = {}
        deadline_s = time.monotonic() + START_LIMIT_S
        while len(found) < count:
            if time.monotonic() > deadline_s:
                raise TimeoutError(f"{len(found)} of {count} devices came")
            gevent.sleep(LOOK_S * 10)
            with database.connection():
                for name in names:
                    one = self._settled(name) if name not in found else None
                    if one is not None:
                        found[name] = one
        return list(found.values())

    def _settled(self, serial: str) -> known.Known | None:
        from backend.devices.tables import Device

        row = Device.of(self.tenant_id).where(Device.serial_number == serial).first()
        if row is None or queue.waits(row.id, time.time()):
            return None
        one = known.credentials(row.username)
        return one if one is not None and not one.is_pending and one.connection_request_url else None

    def result_s(self, device: known.Known, number: int) -> float:
        """Queue one read and wait for its result; the seconds between."""
        while self.acs.sessions.by_device(device.device_id, time.time()) is not None:
            gevent.sleep(LOOK_S)
        owner_key = f"bench {number}"
        done = self._waits[owner_key] = AsyncResult()
        now, began_s = time.time(), time.perf_counter()
        with database.connection():
            queue.enqueue(
                device.tenant_id,
                device.device_id,
                owner_key=owner_key,
                request=READ[device.data_model],
                deadline_at=now + RESULT_LIMIT_S,
                now=now,
            )
        ended_s: float = done.get(timeout=RESULT_LIMIT_S)
        return ended_s - began_s

    def _finished(self, event: TaskFinished) -> None:
        waiting = self._waits.pop(event.owner_key, None)
        if waiting is not None:
            assert event.reply.ok, event.reply
            waiting.set(time.perf_counter())


def report(delays_s: Sequence[float], devices: int) -> None:
    """The figures of these seconds."""
    ordered = sorted(delays_s)
    print(f"{len(ordered)} tasks on {devices} devices")
    for percent in (50, 99):
        place = min(len(ordered) - 1, len(ordered) * percent // 100)
        print(f"figure wake_to_result_p{percent}_ms {ordered[place] * 1000:.1f} ms", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tasks", type=int, default=400)
    parser.add_argument("--devices", type=int, default=20)
    given = parser.parse_args()
    telemetry.configure("json", "warning")
    with tempfile.TemporaryDirectory(prefix="careflow-bench-") as folder:
        config = from_environment(
            {
                "CAREFLOW_DATA_DIR": folder,
                "CAREFLOW_ACS_PORT": str(free_port()),
                "CAREFLOW_STUN_PORT": "0",
                "CAREFLOW_LOG": "json",
            }
        )
        command = [sys.executable, "-m", "backend.simulator", "--acs", config.acs_url, "--data-dir", folder]
        command += ["--count", str(given.devices), "--control-port", "0", "--wake-port", "0"]
        command += ["--periodic-s", "3600", "--with-parent"]
        routers = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        master = os.getpid()

        def make() -> Any:
            bench = Bench(config)
            gevent.spawn(bench.run, given.tasks, given.devices, lambda: os.kill(master, signal.SIGTERM))
            return bench.app

        try:
            Server([("127.0.0.1", config.acs_port)], make, lambda: None, stop_limit_s=1).run()
        finally:
            if os.getpid() == master:
                routers.terminate()
                routers.wait(10)


if __name__ == "__main__":
    main()
