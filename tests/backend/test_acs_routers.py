"""Simulated routers over real HTTP against the real ACS and file server: files, diagnostics, rows, resets.

The routers do their work when told to (`work`), so nothing here waits for a clock. What they log as applied
shows that nothing was done twice, also when the ACS is another process from one moment to the next.
"""

from __future__ import annotations

import random
import time

import pytest
from flask import Flask

from backend import announcements, database
from backend.acs import Acs
from backend.announcements import Hearers
from backend.config import Config
from backend.devices import files, links, queue, records
from backend.devices.announcements import TaskFinished, TaskProgressed
from backend.files import FileServer
from backend.identity import people, secrets
from backend.simulator.cpe import Cpe
from backend.simulator.firmware import build_image
from backend.simulator.homes import HOMES
from backend.simulator.router import Router
from backend.simulator.seed import seed
from tests.backend.simulator.test_with_acs import Serving
from workflows.effects import (
    AddObject,
    AwaitContact,
    DeleteObject,
    Diagnose,
    Download,
    FactoryReset,
    ScheduleInform,
    Upload,
    effect_to_json,
)

pytestmark = pytest.mark.network
FIRMWARE = "1 Firmware Upgrade Image"
CONFIGURATION = "3 Vendor Configuration File"
BACKUP = "1 Vendor Configuration File"
POOL = "Device.DHCPv4.Server.Pool.1.StaticAddress."


class Processes:
    """The ACS and file server as one WSGI; `restart` puts others in their place."""

    def __init__(self):
        self.restart()

    def restart(self):
        inner = Flask("none").wsgi_app
        self.application = Acs().in_front_of(FileServer().in_front_of(inner))

    def __call__(self, environ, start_response):
        return self.application(environ, start_response)


class House:
    """One simulated router, its row, and what was told of its tasks."""

    def __init__(self, story, tenant_id, folder, processes, acs_url):
        self.tenant_id = tenant_id
        self.processes = processes
        self.told = []
        home = next(one for one in HOMES if one.story == story)
        self.router = Router(home, folder, acs_url=acs_url, periodic_s=300, retry_s=1, now=time.time())
        self.router.flash_s = 0.0
        self.cpe = Cpe(self.router, retry_limit_s=0.01, chance=random.Random(1))
        with database.connection():
            self.device_id = records.credentials(home.username).device_id
        self.restarted()
        self.session()
        self.told.clear()

    def restarted(self):
        """The router was switched off and on, as `Cpe.run` does after what orders it."""
        self.router.restart(time.time())
        self.cpe._add(*self.router.power_events())

    def put(self, request, key="run:0:0"):
        with database.connection():
            return queue.enqueue(
                self.tenant_id,
                self.device_id,
                owner_key=key,
                request=effect_to_json(request),
                deadline_at=time.time() + 900,
                now=time.time(),
            )

    def session(self):
        assert self.cpe.attempt()

    def work(self):
        """What is due outside a session; a restart it orders, and the session that tells of it."""
        self.router.work(time.time)
        if self.router.ordered:
            self.restarted()
        if self.cpe._waits():
            self.session()

    def replies(self):
        return [one.reply for one in self.told if isinstance(one, TaskFinished)]

    def applied(self, *methods):
        return [line for line in self.router.applied if line["rpc"] in methods]

    @property
    def version(self):
        with database.connection():
            return records.facts(self.tenant_id, self.device_id)["software_version"]


@pytest.fixture
def move_in(tmp_path):
    database.bind(Config(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'careflow.db'}"))
    secrets.bind(b"k" * 32)
    database.create_all()
    tenant_id = people.ensure_tenant("demo", "Demo", {}, time.time())
    seed(tenant_id, time.time())
    processes = Processes()
    with Serving(processes) as url, announcements.wired({}, database.after_commit):
        links.bind(f"{url}/files")

        def make(story="healthy"):
            made = House(story, tenant_id, tmp_path, processes, f"{url}/acs")
            hear = Hearers(inside=[made.told.append])
            announcements.wire({TaskFinished: hear, TaskProgressed: hear}, database.after_commit)
            return made

        yield make
    links.bind("http://127.0.0.1:7547/files")
    database.unbind()


def image(house, version="9.9.9", model=None, content=None):
    home = house.router.home
    whole = content or build_image(model or home.model, version)
    return files.put(
        house.tenant_id,
        kind="firmware",
        name=f"{version}.bin",
        version=version,
        models=[home.model],
        content=[whole],
        now=time.time(),
    )


@pytest.fixture
def house(move_in):
    return move_in(next(one.story for one in HOMES if one.reachable and one.data_model == "tr181"))


def test_new_firmware_runs(house):
    house.put(Download(FIRMWARE, image(house)))
    house.session()
    house.work()
    house.work()
    assert [one.ok for one in house.replies()] == [True]
    assert house.version == "9.9.9"
    assert len(house.applied("Download")) == 1
    phases = [one.phase for one in house.told if isinstance(one, TaskProgressed)]
    assert phases[0] == "accepted"
    assert {"transferring", "answered"} <= set(phases)


@pytest.mark.parametrize("restarts", [(0,), (1,), (2,), (0, 1, 2)])
def test_new_firmware_runs_once_though_every_process_is_another(house, restarts):
    task = house.put(Download(FIRMWARE, image(house)))
    for step, do in enumerate((house.session, house.work, house.work)):
        if step in restarts:
            house.processes.restart()
        do()
    assert [one.ok for one in house.replies()] == [True]
    assert house.version == "9.9.9"
    assert len(house.applied("Download")) == 1
    with database.connection():
        assert links.of_task(task).whole


def test_a_wrong_image_is_a_fault_with_its_reason(house):
    house.put(Download(FIRMWARE, image(house, content=b"no image at all")))
    house.session()
    house.work()
    (reply,) = house.replies()
    assert (reply.ok, reply.fault_code, reply.fault_text) == (
        False,
        "9018",
        "not a firmware image of this maker",
    )


def test_a_backup_comes_back(house):
    path = f"{house.router.model.ROOT}DeviceInfo.ProvisioningCode"
    house.put(Upload(BACKUP))
    house.session()
    house.work()
    (reply,) = house.replies()
    assert reply.ok
    before = house.router.tree.value(path)
    house.router.tree.put(path, "lost")
    house.put(Download(CONFIGURATION, reply.file_id), "run:0:1")
    house.session()
    house.work()
    house.work()
    assert [one.ok for one in house.replies()] == [True, True]
    assert house.router.tree.value(path) == before


def test_a_log_comes_in(house):
    house.put(Upload("2 Vendor Log File"))
    house.session()
    house.work()
    (reply,) = house.replies()
    kept = b"".join(files.content(house.tenant_id, reply.file_id))
    assert house.router.home.serial.encode() in kept


def test_rows_are_added_and_deleted(house):
    house.put(AddObject(POOL))
    house.session()
    (added,) = house.replies()
    assert added.ok
    house.put(DeleteObject(f"{POOL}{added.instance}."), "run:0:1")
    house.session()
    assert [one.ok for one in house.replies()] == [True, True]


def test_a_ping_is_measured(house):
    where = f"{house.router.model.ROOT}IP.Diagnostics.IPPing."
    house.put(Diagnose(where, ((f"{where}Host", "192.0.2.1", "xsd:string"),)))
    house.session()
    house.processes.restart()
    house.work()
    (reply,) = house.replies()
    assert reply.ok, reply
    assert f"{where}SuccessCount" in reply.values


def test_a_speed_test_fetches_from_us(house):
    where = f"{house.router.model.ROOT}IP.Diagnostics.DownloadDiagnostics."
    url = links.speed_urls(house.device_id, time.time())["down"] + "/300000"
    house.put(Diagnose(where, ((f"{where}DownloadURL", url, "xsd:string"),)))
    house.session()
    house.work()
    (reply,) = house.replies()
    assert reply.ok, reply
    assert reply.values[f"{where}TestBytesReceived"][0] == "300000"


def test_a_factory_reset_and_the_contact_after_it(house):
    house.put(AwaitContact(("0 BOOTSTRAP",)), "run:0:1")
    house.put(FactoryReset())
    house.session()
    assert [one.ok for one in house.replies()] == [True]
    house.restarted()
    house.session()
    assert [one.ok for one in house.replies() if one.values is None][:2] == [True, True]
    assert len(house.applied("FactoryReset")) == 1


def test_a_scheduled_inform(house):
    house.put(ScheduleInform(1))
    house.put(AwaitContact(("3 SCHEDULED",)), "run:0:1")
    house.session()
    assert len(house.replies()) == 1
    with house.router.lock:
        house.router.scheduled = [(0.0, key) for _, key in house.router.scheduled]
    house.work()
    assert [one.ok for one in house.replies()] == [True, True]
