"""Devices behind NAT are told to use STUN, and others are not."""

from __future__ import annotations

import pytest

from backend.acs import Acs
from backend.cwmp import rpc
from backend.devices import natted, stun
from tests.backend.acs_face_to_face import VALUES, Router, app_of, enrolled

pytestmark = pytest.mark.store
URL = "Device.ManagementServer.ConnectionRequestURL"


@pytest.fixture(autouse=True)
def _server():
    natted.bind("acs.example", 3478)
    yield
    natted.bind("", 0)


@pytest.fixture
def told(tenant_id):
    """told(url, *events) -> what a router with that ConnectionRequestURL is given of STUN."""
    enrolled(tenant_id)
    written = {}

    def put(message):
        written.update({path.rpartition(".")[2]: value for path, value, _ in message.values})
        return rpc.SetParameterValuesResponse(0)

    router = Router(app_of(Acs()), answers={rpc.SetParameterValues: put})

    def session(url, *events):
        written.clear()
        values = [rpc.ParameterValue(URL, url) if one.name == URL else one for one in VALUES]
        router.session(*events, values=values)
        return {name: value for name, value in written.items() if name.startswith("STUN")}

    session.username = router.username
    return session


def test_behind_nat_a_device_is_told_at_each_boot(told):
    given = told("http://192.168.7.1:7547/", "1 BOOT")
    assert given == {
        "STUNEnable": "1",
        "STUNServerAddress": "acs.example",
        "STUNServerPort": "3478",
        "STUNUsername": told.username,
        "STUNPassword": stun.password_of(told.username),
        "STUNMinimumKeepAlivePeriod": "20",
        "STUNMaximumKeepAlivePeriod": "60",
    }
    assert told("http://192.168.7.1:7547/", "2 PERIODIC") == {}
    assert told("http://192.168.7.1:7547/", "0 BOOTSTRAP") == given


@pytest.mark.parametrize("url", ["http://127.0.0.1:7547/", "http://cpe.example/", "", "not an address"])
def test_a_device_that_can_be_reached_is_left_alone(told, url):
    assert told(url, "1 BOOT") == {}


def test_without_a_server_nobody_is_told(told):
    natted.bind("acs.example", 0)
    assert told("http://192.168.7.1:7547/", "1 BOOT") == {}
