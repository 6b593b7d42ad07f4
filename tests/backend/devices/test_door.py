"""What stands at the door by the settings."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from backend.acs import Acs
from backend.config import ConfigError
from backend.devices import door, natted, wake, waking
from backend.devices.sessions import Sessions
from backend.devices.shared_sessions import SharedSessions
from backend.serving import serve_health

pytestmark = pytest.mark.network


@pytest.fixture(autouse=True)
def _bound():
    yield
    wake.bind(None)
    natted.bind("", 0)


def made(config, **more):
    return Acs(**door.settings_of(replace(config, **more)))


def test_one_process_keeps_its_own_sessions(config):
    acs = made(config)
    assert type(acs.sessions) is Sessions
    assert acs._direct


def test_with_redis_sessions_are_shared_and_behind_a_proxy_connections_say_nothing(config):
    acs = made(config, redis_url="redis://127.0.0.1:9/0", trusted_proxies=1)
    assert isinstance(acs.sessions, SharedSessions)
    assert not acs._direct


def test_certificates_count_where_the_header_is_set(config):
    assert made(config)._authenticator._certificates is None
    believed = made(config, certificate_header="X-CN", certificate_proxies=("10.0.0.0/8",))
    assert believed._authenticator._certificates.proxies == ("10.0.0.0/8",)


def test_a_taken_stun_port_is_said_by_its_setting(config):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(ConfigError, match="CAREFLOW_STUN_PORT"):
            door.opened(replace(config, stun_port=taken.getsockname()[1]), Acs())


@pytest.mark.parametrize("stun_port", [0, None])
def test_what_is_opened_can_be_closed(config, stun_port):
    if stun_port is None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", 0))
            stun_port = free.getsockname()[1]
    stops = door.opened(replace(config, stun_port=stun_port), Acs())
    assert (waking._send is None) is (stun_port == 0)
    assert wake.bound() is not None
    for stop in stops:
        stop()


def test_a_process_without_routers_wakes_all_the_same(config):
    assert door.opened(config, None) == []
    assert wake.bound() is not None


def test_a_taken_health_port_is_said_by_its_setting(config):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match="CAREFLOW_HEALTH_PORT"):
            serve_health(lambda *_: [], replace(config, health_port=port))
    serve_health(lambda *_: [], config)()  # none asked for
