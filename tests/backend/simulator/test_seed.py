"""The demo's people and routers in a tenant's tables."""

from __future__ import annotations

import pytest

from backend import database
from backend.config import Config
from backend.crm import ledger
from backend.devices import records
from backend.identity import authentication, people, secrets
from backend.simulator.homes import HOMES, demo_password, demo_wake_password
from backend.simulator.seed import STAFF_PASSWORD, seed

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
    assert [one["story"] for one in accounts["customers"]] == [home.story for home in HOMES]
    with database.connection():
        found = ledger.search(tenant_id, "", [], None, 50)["items"]
        assert [one["phone"] for one in found] == [home.person.phone.replace(" ", "") for home in HOMES]
        for customer, home in zip(found, HOMES, strict=True):
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
        assert len(ledger.search(tenant_id, "", [], None, 50)["items"]) == len(HOMES)
