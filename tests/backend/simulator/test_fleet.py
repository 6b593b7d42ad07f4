"""The whole fleet as a process of its own, as `simulate` and the demo run it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time

import pytest
import requests
from requests.auth import HTTPDigestAuth

from backend.cwmp import rpc
from backend.simulator.homes import HOMES, demo_wake_password, numbered

pytestmark = pytest.mark.network

ENABLE = "Device.DHCPv4.Server.Enable"


@pytest.fixture
def start(acs, tmp_path):
    """start(homes, *options) -> (process, address of its page)."""
    running = []

    def of(homes, *options):
        command = [sys.executable, "-m", "backend.simulator", "--acs", acs.url]
        command += [part for home in homes for part in ("--story", home.story)]
        ports = ["--control-port", "0", "--wake-port", "0", "--data-dir", str(tmp_path)]
        process = subprocess.Popen([*command, *ports, *options], stdout=subprocess.PIPE, text=True)
        running.append(process)
        for line in process.stdout:
            found = re.search(r"page=\S*?(http://[\d.:]+/routers)", line)
            if found:
                return process, found[1]
        raise AssertionError(f"ended with {process.wait(10)}")

    yield of
    for process in running:
        process.kill()
        process.wait(10)
        process.stdout.close()


def wake_urls(acs):
    return {
        inform.device.serial_number: value.value
        for inform in acs.informs
        for value in inform.values
        if value.name.endswith("ConnectionRequestURL")
    }


def test_ten_routers_boot_are_woken_written_and_remember(acs, start):
    process, page = start(HOMES[:10])
    acs.wait_for_sessions(10)
    urls = wake_urls(acs)
    assert set(urls) == {home.serial for home in HOMES[:10]}

    home = HOMES[0]
    acs.script = [rpc.SetParameterValues((rpc.ParameterValue(ENABLE, "1", "xsd:boolean"),), "k1")]
    auth = HTTPDigestAuth(home.username, demo_wake_password(home.serial))
    assert requests.get(urls[home.serial], auth=auth, timeout=5).status_code == 204
    acs.wait_for_sessions(1)
    seen = requests.get(f"{page}/{home.serial}", timeout=5).json()
    assert seen["parameters"][ENABLE]["value"] == "true"
    assert seen["joined"] == len(home.stations)
    with pytest.raises(requests.ConnectionError):
        requests.get(urls["NV0000000010"], timeout=5)

    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 0
    assert time.monotonic() - began < 2

    _, page = start(HOMES[:10])
    acs.wait_for_sessions(10)
    assert requests.get(f"{page}/{home.serial}", timeout=5).json()["applied"][0]["command"] == "k1"
    assert [event.code for event in acs.informs[-1].events] == ["1 BOOT"]


def test_it_stops_when_its_parent_is_gone(acs, tmp_path):
    command = [sys.executable, "-m", "backend.simulator", "--acs", acs.url, "--with-parent"]
    command += ["--story", "healthy"]
    ports = ["--control-port", "0", "--wake-port", "0", "--data-dir", str(tmp_path)]
    parent = (
        "import subprocess, sys\n"
        "subprocess.Popen(sys.argv[1:])\n"
        "sys.stdin.read()\n"
    )
    whole = [sys.executable, "-c", parent, *command, *ports]
    with subprocess.Popen(whole, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        acs.wait_for_sessions(1)
        process.kill()
        # the child holds the other end of the pipe: end of file means that it is gone
        assert "parent_gone" in process.stdout.read()


def test_a_port_that_is_taken_is_said_so(acs, tmp_path):
    port = acs.url.rpartition(":")[2].partition("/")[0]
    command = [sys.executable, "-m", "backend.simulator", "--acs", acs.url, "--control-port", port]
    done = subprocess.run([*command, "--data-dir", str(tmp_path)], capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert "in use" in done.stderr


def test_with_any_port_it_takes_another(acs, start, tmp_path):
    port = acs.url.rpartition(":")[2].partition("/")[0]
    _, page = start(HOMES[:1], "--any-port", "--control-port", port)
    assert f":{port}/" not in page
    assert (tmp_path / "routers" / "page").read_text().strip() == page
    acs.wait_for_sessions(1)


def test_so_many_new_ones_come_with_the_credential_of_their_kind(acs, tmp_path):
    command = [sys.executable, "-m", "backend.simulator", "--acs", acs.url, "--count", "3"]
    command += ["--data-dir", str(tmp_path)]
    with subprocess.Popen(command) as process:
        acs.wait_for_sessions(3)
        process.terminate()
        assert process.wait(10) == 0
    assert {inform.device.serial_number for inform in acs.informs} == {home.serial for home in numbered(3)}
    assert (tmp_path / "numbered" / "page").exists()
