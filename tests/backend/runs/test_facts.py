"""What conditions may read: gathered as stored now, and only as far as a workflow asks."""

from __future__ import annotations

import pytest

from backend.devices import files
from backend.runs import catalogue, facts
from tests.backend.runs.household import NOW

pytestmark = pytest.mark.store


def gathered(home, workflow: str):
    known = catalogue.get(home.tenant_id, workflow)
    return facts.gather(home.tenant_id, known, home.device_id, home.customer_id, NOW).device


def put(home, kind: str, name: str, **more):
    return files.put(home.tenant_id, kind=kind, name=name, content=[b"image"], by="", now=NOW, **more)


def test_the_image_that_fits_is_offered_to_who_asks(move_in):
    home = move_in("old-firmware")
    assert gathered(home, "firmware-upgrade")["firmware_version"] == ""
    assert gathered(home, "firmware-upgrade")["firmware_file"] is None
    image = put(home, "firmware", "new.bin", version="99.1", models=[home.home.model])
    found = gathered(home, "firmware-upgrade")
    assert (found["firmware_file"], found["firmware_version"]) == (image, "99.1")
    assert "firmware_file" not in gathered(home, "dhcp-configuration")


def test_the_newest_backup_is_told_with_its_moment(move_in):
    home = move_in("lost-configuration")
    assert "backup_file" not in gathered(home, "backup-and-restore")
    backup = put(home, "configuration", "b.cfg", device_id=home.device_id)
    found = gathered(home, "backup-and-restore")
    assert (found["backup_file"], found["backup_at"]) == (backup, NOW)


def test_a_speed_test_has_its_address_the_same_for_a_while(move_in):
    home = move_in("healthy")
    first = gathered(home, "speed-download")["speed_down_url"]
    assert "/speed/down/" in first
    assert gathered(home, "speed-download")["speed_down_url"] == first
