"""The files of a test's router go through the real file server and the real queue."""

from __future__ import annotations

import time

from backend import database
from backend.devices import files, queue, records
from backend.simulator.transfers import DONE
from workflows.effects import Download, Upload, effect_to_json


def ask(home, effect, owner):
    with database.transaction():
        queue.enqueue(
            home.tenant_id,
            home.device_id,
            owner_key=owner,
            request=effect_to_json(effect),
            deadline_at=time.time() + 60,
            now=time.time(),
        )
    home.contact("6 CONNECTION REQUEST")
    home.settle()


def test_a_configuration_goes_up_and_comes_back(home):
    ask(home, Upload("1 Vendor Configuration File"), "test:1")
    backup = files.latest_backup(home.tenant_id, home.device_id)
    assert backup is not None
    ask(home, Download("3 Vendor Configuration File", backup["file_id"]), "test:2")
    assert [line["rpc"] for line in home.router.applied][-1] == "Download"
    assert not [one for one in home.router.transfers.every() if one.state == DONE]


def test_firmware(open_home):
    old = open_home("old-firmware")
    facts = records.facts(old.tenant_id, old.device_id)
    offered = files.firmware_for(old.tenant_id, facts)
    assert offered is not None
    ask(old, Download("1 Firmware Upgrade Image", offered["file_id"]), "test:1")
    assert old.router.software_version == offered["version"]
    assert records.facts(old.tenant_id, old.device_id)["software_version"] == offered["version"]
