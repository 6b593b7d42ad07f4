"""Connection requests: digest, one path a router, 503 while off (TR-069 3.2.2)."""

from __future__ import annotations

import re

import pytest

from backend.cwmp import digest
from backend.simulator.cpe import Cpe
from backend.simulator.homes import demo_wake_password
from backend.simulator.listener import Listener

NOW = 1_700_000_000.0


@pytest.fixture
def fleet(opened):
    routers = [Cpe(opened(story)) for story in ("healthy", "unreachable")]
    return {cpe.router.home.serial: cpe for cpe in routers}


@pytest.fixture
def ask(fleet):
    listener = Listener(fleet, lambda: NOW, b"k" * 32)

    def of(serial="NV0000000006", *, path="", method="GET", authorization=""):
        started = []
        path = path or Listener.path(serial)
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "HTTP_AUTHORIZATION": authorization}
        assert list(listener(environ, lambda *given: started.append(given))) == []
        return started[0][0][:3], dict(started[0][1])

    return of


def credentials(challenge, serial="NV0000000006", **changed):
    given = {
        "username": f"02CF01-HR6-{serial}",
        "password": demo_wake_password(serial),
        "method": "GET",
        "target": Listener.path(serial),
        "cnonce": "c1",
    }
    return digest.answer([challenge], **{**given, **changed})


def test_a_challenge_then_204_and_a_session_is_due(ask, fleet):
    status, headers = ask()
    assert status == "401"
    authorization = credentials(headers["WWW-Authenticate"])
    assert ask(authorization=authorization)[0] == "204"
    assert fleet["NV0000000006"]._wait_s() == 0.0


def test_the_same_credentials_again_are_refused(ask):
    authorization = credentials(ask()[1]["WWW-Authenticate"])
    assert ask(authorization=authorization)[0] == "204"
    assert ask(authorization=authorization)[0] == "401"


@pytest.mark.parametrize("wrong", [{"password": "x"}, {"username": "x"}, {"target": "/"}, {"method": "POST"}])
def test_wrong_credentials_wake_nobody(ask, fleet, wrong):
    authorization = credentials(ask()[1]["WWW-Authenticate"], **wrong)
    assert ask(authorization=authorization)[0] == "401"
    assert not fleet["NV0000000006"]._events


def test_503_while_it_is_off(ask, fleet):
    fleet["NV0000000006"].stop()
    assert ask(authorization=credentials(ask()[1]["WWW-Authenticate"]))[0] == "503"


def test_only_get_and_only_known_paths(ask):
    assert ask(method="POST")[0] == "405"
    assert ask(path="/wake/nobody")[0] == "404"
    assert ask("NV0000000010")[0] == "404"  # the unreachable home


def test_a_path_tells_nothing_and_stays():
    assert re.fullmatch(r"/wake/[0-9a-f]{24}", Listener.path("NV1"))
    assert Listener.path("NV1") == Listener.path("NV1") != Listener.path("NV2")
