"""The demo's people and routers in a tenant's tables."""

from __future__ import annotations

import pytest

from backend import database
from backend.config import Config
from backend.crm import ledger
from backend.devices import enrolment, files, records
from backend.identity import authentication, people, secrets
from backend.simulator import configuration
from backend.simulator.homes import HOMES, by_story, demo_password, demo_wake_password, every
from backend.simulator.house import FACTORY_USERNAME
from backend.simulator.seed import BACKUP_AGE_S, STAFF_PASSWORD, seed

NOW = 1_700_000_000.0


@pytest.fixture
def tenant_id(tmp_path):
    database.bind(Config(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'careflow.db'}"))
    secrets.bind(b"k" * 32)
    database.create_all()
    yield people.ensure_tenant("demo", "Demo", {"dns_allowed": []}, NOW)
    database.unbind()


def test_every_home_has_a_customer_a_subscription_and_a_router(tenant_id):
    accounts = seed(tenant_id, NOW)
    assert accounts["tenant"] == "demo"
    assert [one["story"] for one in accounts["customers"]] == [home.story for home in every()]
    with database.connection():
        found = ledger.search(tenant_id, "", [], None, 200)["items"]
        assert [one["phone"] for one in found] == [home.person.phone.replace(" ", "") for home in every()]
        for customer, home in zip(found, every(), strict=True):
            assert customer["locale"] == home.person.locale
            assert ledger.subscription(tenant_id, customer["id"])["plan"] == home.person.plan
            (device,) = records.of_customer(tenant_id, customer["id"])
            assert (device["serial_number"], device["model"]) == (home.serial, home.model)
            known = records.credentials(home.username)
            assert secrets.open_sealed(tenant_id, known.password_sealed) == demo_password(home.serial)
            assert records.wake_target(tenant_id, device["id"]).password == demo_wake_password(home.serial)


def test_every_member_of_staff_can_sign_in(tenant_id):
    for one in seed(tenant_id, NOW)["staff"]:
        assert one["password"] == STAFF_PASSWORD
        with database.connection():
            signed_in = authentication.staff_login("demo", one["login"], one["password"], NOW)
        assert signed_in.subject.role == one["role"]


def test_again_changes_nothing_and_brings_back_what_was_deleted(tenant_id):
    first = seed(tenant_id, NOW)
    with database.connection():
        device_id = records.credentials(HOMES[0].username).device_id
        kept = records.credentials(HOMES[1].username)
        records.remove(tenant_id, device_id)
    assert seed(tenant_id, NOW + 60) == first
    with database.connection():
        assert records.credentials(HOMES[0].username) is not None
        assert records.credentials(HOMES[1].username) == kept
        assert len(people.staff(tenant_id)) == len(first["staff"])
        assert len(ledger.search(tenant_id, "", [], None, 200)["items"]) == len(every())


def test_the_store_has_an_image_for_the_old_firmware_and_a_backup_of_the_lost_settings(tenant_id):
    seed(tenant_id, NOW)
    seed(tenant_id, NOW + 60)
    with database.connection():
        assert len(files.listing(tenant_id, kind="firmware")) == 3
        offered = {
            story: files.firmware_for(
                tenant_id, records.facts(tenant_id, records.credentials(by_story(story).username).device_id)
            )
            for story in ("old-firmware", "healthy", "slow")
        }
        assert offered["old-firmware"]["version"] == "3.4.12"
        assert offered["healthy"]["version"] == "3.4.12"  # it has not said yet what it runs
        lost = records.credentials(by_story("lost-configuration").username).device_id
        backup = files.latest_backup(tenant_id, lost)
    assert backup["at"] == NOW - BACKUP_AGE_S
    whole = b"".join(files.content(tenant_id, backup["file_id"]))
    assert configuration.read(whole, "Gateway 300").values[
        "InternetGatewayDevice.LANDevice.1.WLANConfiguration.1.SSID"
    ] == "Kowalski at home"


def test_the_shared_credential_of_new_routers_is_known(tenant_id):
    seed(tenant_id, NOW)
    with database.connection():
        assert [one["username"] for one in enrolment.shared_of(tenant_id)] == [FACTORY_USERNAME]
