"""The simulated homes against the real ACS: over HTTP, digest and SQLite, as in the demo."""

from __future__ import annotations

import threading
import time

import pytest
from flask import Flask
from werkzeug.serving import make_server

from backend import announcements, database
from backend.acs import Acs
from backend.announcements import Hearers
from backend.config import Config
from backend.cwmp import rpc
from backend.devices import (
    connection_request,
    enrolment,
    files,
    links,
    parameters,
    queue,
    records,
    udp_request,
)
from backend.devices.announcements import TaskFinished
from backend.devices.stun import StunServer
from backend.files import FileServer
from backend.identity import people, secrets
from backend.simulator import cpe as cpe_module
from backend.simulator.behind_nat import WayThroughNat
from backend.simulator.cpe import Cpe
from backend.simulator.homes import HOMES, HOST_098, numbered
from backend.simulator.house import FACTORY_PASSWORD, FACTORY_USERNAME
from backend.simulator.listener import Listener
from backend.simulator.router import Router
from backend.simulator.seed import seed
from workflows.effects import (
    AwaitContact,
    Diagnose,
    Download,
    FactoryReset,
    ScheduleInform,
    SetValues,
    Upload,
    effect_to_json,
)

pytestmark = pytest.mark.network

ENABLE = {"tr181": "Device.DHCPv4.Server.Enable", "tr098": HOST_098 + "DHCPServerEnable"}


class Serving:
    """A WSGI application on a free port of this machine, in threads."""

    def __init__(self, application) -> None:
        self._server = make_server("127.0.0.1", 0, application, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_port}"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def tenant_id(tmp_path):
    database.bind(Config(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'careflow.db'}"))
    secrets.bind(b"k" * 32)
    database.create_all()
    made = people.ensure_tenant("demo", "Demo", {"enrolment": "enrol"}, time.time())
    seed(made, time.time())
    yield made
    database.unbind()


@pytest.fixture
def acs_url(tenant_id):
    app = Flask("acs-over-http")
    app.wsgi_app = Acs().in_front_of(FileServer().in_front_of(app.wsgi_app))  # type: ignore[method-assign]
    with Serving(app) as url:
        links.bind(f"{url}/files")
        yield f"{url}/acs"


class Replies(dict):
    """What became of tasks by owner, as it is announced; `wait` until one is there."""

    def __init__(self):
        super().__init__()
        self._changed = threading.Condition()

    def hear(self, event):
        with self._changed:
            self[event.owner_key] = event.reply
            self._changed.notify_all()

    def wait(self, owner):
        with self._changed:
            assert self._changed.wait_for(lambda: owner in self, 30), (owner, dict(self))
            return self[owner]


@pytest.fixture
def replies():
    heard = Replies()
    table = {TaskFinished: Hearers(inside=[enrolment.task_finished], after=[heard.hear])}
    with announcements.wired(table, database.after_commit):
        yield heard


@pytest.fixture
def running(monkeypatch):
    """running(Cpe) holds its sessions in a thread until the test is over."""
    monkeypatch.setattr(cpe_module, "OFF_S", 0.01)
    stops = []

    def of(cpe):
        cpe.router.flash_s = 0.05
        thread = threading.Thread(target=cpe.run)
        thread.start()

        def stop():
            cpe.stop()
            thread.join(10)
            assert not thread.is_alive()

        stops.append(stop)

    yield of
    for stop in stops:
        stop()


def ask(tenant_id, cpe, effect, owner="test:1"):
    """Queue one thing for a router and wake it."""
    with database.connection():
        device_id = records.credentials(cpe.router.home.username).device_id
        with database.transaction():
            queue.enqueue(
                tenant_id,
                device_id,
                owner_key=owner,
                request=effect_to_json(effect),
                deadline_at=time.time() + 120,
                now=time.time(),
            )
        target = records.wake_target(tenant_id, device_id)
    if target is not None:
        connection_request.request(target)
    return device_id


@pytest.fixture
def fleet(opened, acs_url, replies):
    routers = [Cpe(opened(home.story, acs_url=acs_url), retry_limit_s=0.01) for home in HOMES]
    for cpe in routers:
        cpe.tell(rpc.GetRPCMethods(), *cpe.router.boot_events())
    made = {cpe.router.home.story: cpe for cpe in routers}
    by_serial = {cpe.router.home.serial: cpe for cpe in routers}
    with Serving(Listener(by_serial, time.time)) as url:
        for serial, cpe in by_serial.items():
            cpe.router.set_wake_url(url + Listener.path(serial))
        yield made


def stored(home, *prefixes):
    device_id = records.credentials(home.username).device_id
    return {path: datum.value for path, datum in parameters.load(device_id, prefixes).items()}


def test_after_the_boot_inform_the_acs_knows_the_home(fleet):
    for cpe in fleet.values():
        home = cpe.router.home
        if home.story == "slow":
            continue
        assert cpe.attempt()
        enable = ENABLE[home.data_model]
        with database.connection():
            values = stored(home, enable.rpartition(".")[0] + ".")
        assert values[enable] == cpe.router.tree.value(enable)
        assert len(values) > 10


def test_a_woken_router_is_repaired_once(fleet, tenant_id):
    cpe = fleet["dhcp-disabled"]
    home = cpe.router.home
    assert cpe.attempt()
    logged = len(cpe.router.applied)
    write = SetValues(((ENABLE["tr181"], "1", "xsd:boolean"),))
    with database.connection():
        device_id = records.credentials(home.username).device_id
        queue.enqueue(
            tenant_id,
            device_id,
            owner_key="test:1",
            request=effect_to_json(write),
            deadline_at=time.time() + 60,
            now=time.time(),
        )
        target = records.wake_target(tenant_id, device_id)
    assert connection_request.request(target) == "accepted"
    assert cpe.attempt()
    assert [line["path"] for line in cpe.router.applied[logged:]] == [ENABLE["tr181"]]
    with database.connection():
        assert not queue.waits(device_id, time.time())
    assert cpe.summary(time.time())["joined"] == len(home.stations)


def test_the_unreachable_home_cannot_be_woken(fleet, tenant_id):
    cpe = fleet["unreachable"]
    assert cpe.attempt()
    with database.connection():
        target = records.wake_target(tenant_id, records.credentials(cpe.router.home.username).device_id)
    assert connection_request.request(target) == "refused"


def test_an_image_goes_from_the_store_to_the_router_and_the_new_version_is_known(
    fleet, tenant_id, replies, running
):
    cpe = fleet["old-firmware"]
    running(cpe)
    with database.connection():
        (image,) = [one for one in files.listing(tenant_id, kind="firmware") if one["version"] == "3.4.12"]
    device_id = ask(tenant_id, cpe, Download("1 Firmware Upgrade Image", image["id"]))
    assert replies.wait("test:1").ok
    assert cpe.router.software_version == "3.4.12"
    with database.connection():
        assert records.facts(tenant_id, device_id)["software_version"] == "3.4.12"
    assert [line["rpc"] for line in cpe.router.applied].count("Download") == 1


def test_an_upgrade_goes_on_when_the_router_dies_between_fetching_and_installing(
    fleet, tenant_id, replies, running, opened, acs_url
):
    cpe = fleet["old-firmware"]
    assert cpe.attempt()
    with database.connection():
        (image,) = [one for one in files.listing(tenant_id, kind="firmware") if one["version"] == "3.4.12"]
    ask(tenant_id, cpe, Download("1 Firmware Upgrade Image", image["id"]))
    assert cpe.attempt()
    cpe.router.flash_s = 60
    assert cpe.router.work(time.time)
    again = Cpe(opened("old-firmware", acs_url=acs_url, now=time.time()), retry_limit_s=0.01)
    (fetched,) = again.router.transfers.every()
    assert fetched.state == "fetched"
    again.router.transfers.change(fetched, due_at=0.0)
    running(again)
    assert replies.wait("test:1").ok
    assert [line["after"] for line in again.router.applied if line["rpc"] == "Download"] == ["3.4.12"]


def test_an_image_that_is_not_for_this_router_comes_back_as_a_fault_with_its_reason(
    fleet, tenant_id, replies, running
):
    cpe = fleet["healthy"]
    running(cpe)
    with database.connection():
        (image,) = [one for one in files.listing(tenant_id, kind="firmware") if one["version"] == "1.08.77"]
    ask(tenant_id, cpe, Download("1 Firmware Upgrade Image", image["id"]))
    refused = replies.wait("test:1")
    assert (refused.ok, refused.fault_code) == (False, "9018")
    assert "Gateway 300" in refused.fault_text


def test_a_backup_is_sent_and_brought_back(fleet, tenant_id, replies, running):
    cpe = fleet["filtered-laptop"]
    running(cpe)
    ask(tenant_id, cpe, Upload("1 Vendor Configuration File"))
    sent = replies.wait("test:1")
    assert sent.ok
    name = "Device.WiFi.SSID.1.SSID"
    before = cpe.router.tree.value(name)
    ask(tenant_id, cpe, SetValues(((name, "somebody else's", "xsd:string"),)), "test:2")
    assert replies.wait("test:2").ok
    ask(tenant_id, cpe, Download("3 Vendor Configuration File", sent.file_id), "test:3")
    assert replies.wait("test:3").ok
    assert cpe.router.tree.value(name) == before


def test_the_stored_backup_brings_the_lost_home_back(fleet, tenant_id, replies, running):
    cpe = fleet["lost-configuration"]
    running(cpe)
    with database.connection():
        device_id = records.credentials(cpe.router.home.username).device_id
        backup = files.latest_backup(tenant_id, device_id)
    ask(tenant_id, cpe, Download("3 Vendor Configuration File", backup["file_id"]))
    assert replies.wait("test:1").ok
    assert {one.trouble for one in cpe.router.settle(time.time() + 60)} == {""}


def test_diagnoses_a_reset_and_a_scheduled_inform(fleet, tenant_id, replies, running):
    cpe = fleet["crowded-channel"]
    running(cpe)
    ask(tenant_id, cpe, Diagnose("Device.WiFi.NeighboringWiFiDiagnostic."), "test:scan")
    scan = replies.wait("test:scan")
    assert scan.ok
    assert scan.values["Device.WiFi.NeighboringWiFiDiagnostic.Result.1.Channel"][0] == "6"
    host = ("Device.IP.Diagnostics.IPPing.Host", "nowhere.invalid", "xsd:string")
    ask(tenant_id, cpe, Diagnose("Device.IP.Diagnostics.IPPing.", (host,)), "test:ping")
    assert replies.wait("test:ping").fault_code == "Error_CannotResolveHostName"
    ask(tenant_id, cpe, ScheduleInform(1), "test:later")
    assert replies.wait("test:later").ok
    ask(tenant_id, cpe, AwaitContact(("0 BOOTSTRAP",)), "test:back")
    ask(tenant_id, cpe, FactoryReset(), "test:reset")
    assert replies.wait("test:reset").ok
    assert replies.wait("test:back").ok
    assert cpe.router.tree.is_true("Device.WiFi.Radio.1.AutoChannelEnable")


def test_a_numbered_router_enrols_and_takes_credentials_of_its_own(tmp_path, acs_url, tenant_id, replies):
    (home,) = numbered(1)
    router = Router(home, tmp_path / "n", acs_url=acs_url, periodic_s=300, retry_s=1, now=time.time())
    cpe = Cpe(router, retry_limit_s=0.01)
    cpe.tell(rpc.GetRPCMethods(), *router.boot_events())
    assert cpe.attempt()
    assert router.management("Username") != FACTORY_USERNAME
    cpe.wake()
    assert cpe.attempt()
    router.tree.put("Device.ManagementServer.Username", FACTORY_USERNAME)
    router.tree.put("Device.ManagementServer.Password", FACTORY_PASSWORD)
    cpe.wake()
    assert not cpe.attempt()


def test_the_home_behind_nat_is_woken_by_udp(fleet, tenant_id, replies, running):
    cpe = fleet["behind-nat"]
    server = StunServer("127.0.0.1", 0)
    stop_server = server.start()
    root = "Device.ManagementServer."
    cpe.router.tree.put(root + "STUNServerAddress", server.here.host)
    cpe.router.tree.put(root + "STUNServerPort", server.here.port)
    way = WayThroughNat(cpe, time.time)
    thread = threading.Thread(target=way.run)
    ask(tenant_id, cpe, AwaitContact(("4 VALUE CHANGE",)), "test:bound")
    thread.start()
    running(cpe)
    write = SetValues(((ENABLE["tr181"], "1", "xsd:boolean"),))
    assert replies.wait("test:bound").ok
    with database.connection():
        device_id = records.credentials(cpe.router.home.username).device_id
        queue.enqueue(
            tenant_id,
            device_id,
            owner_key="test:1",
            request=effect_to_json(write),
            deadline_at=time.time() + 60,
            now=time.time(),
        )
        target = records.wake_target(tenant_id, device_id)
    assert target.udp_address == f"127.0.0.1:{way.port}"
    assert udp_request.ask(target, server.send) == "accepted"
    assert replies.wait("test:1").ok
    assert cpe.summary(time.time())["joined"] == len(cpe.router.home.stations)
    cpe.stop()
    thread.join(10)
    stop_server()
