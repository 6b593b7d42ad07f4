"""The simulated homes against the real ACS: over HTTP, digest and SQLite, as in the demo."""

from __future__ import annotations

import threading
import time

import pytest
from flask import Flask
from werkzeug.serving import make_server

from backend import database
from backend.acs import Acs
from backend.config import Config
from backend.cwmp import rpc
from backend.devices import connection_request, parameters, queue, records
from backend.identity import people, secrets
from backend.simulator.cpe import Cpe
from backend.simulator.homes import HOMES, HOST_098
from backend.simulator.listener import Listener
from backend.simulator.seed import seed
from workflows.effects import SetValues, effect_to_json

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
    made = people.ensure_tenant("demo", "Demo", {}, time.time())
    seed(made, time.time())
    yield made
    database.unbind()


@pytest.fixture
def acs_url(tenant_id):
    app = Flask("acs-over-http")
    app.wsgi_app = Acs().in_front_of(app.wsgi_app)  # type: ignore[method-assign]
    with Serving(app) as url:
        yield f"{url}/acs"


@pytest.fixture
def fleet(opened, acs_url):
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
