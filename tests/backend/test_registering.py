"""A provider without the demo: a tenant, its administrator, a customer and a router, by commands."""

from __future__ import annotations

import io
import time

import pytest

from backend import registering
from backend.cwmp.rpc import DeviceId
from backend.devices import enrolment, records
from backend.devices import known as known_devices
from backend.identity import authentication, people, secrets
from backend.runs import catalogue

PASSWORD = "a long enough password"
TENANT = ["north", "North Fibre", "--admin", "eva", "--dns", "9.9.9.9", "--cpe-networks", "10.0.0.0/8"]
ROUTER = ["north", "+48 600 700 800", "Anna", "Nowak", "00d09e", "Hub", "R77", "--plan", "Home 600"]


@pytest.fixture
def typed(monkeypatch):
    def of(text):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{text}\n"))

    return of


@pytest.fixture
def made(database, typed):
    typed(PASSWORD)
    assert registering.tenant(TENANT) == 0
    return people.tenants()[0].id


def test_the_administrator_can_sign_in_and_workflows_are_there(made):
    signed = authentication.staff_login("north", "eva", PASSWORD, time.time())
    assert signed.subject.role == "administrator"
    listed = {one["name"] for one in catalogue.listing(made, "customer", "en")}
    assert {"dhcp-configuration", "wifi-channel", "firmware-upgrade"} <= listed
    assert people.tenant(made).settings["dns_allowed"] == ["9.9.9.9"]


def test_the_same_administrator_twice_is_told(made, typed, capsys):
    typed(PASSWORD)
    assert registering.tenant(TENANT) == 1
    assert "already" in capsys.readouterr().err


def test_a_short_password_is_refused_and_says_where(database, typed, capsys):
    typed("short")
    assert registering.tenant(TENANT) == 1
    assert "password" in capsys.readouterr().err
    assert people.tenants() == []


def test_a_router_is_known_by_its_name_and_password(made, typed):
    typed("router secret")
    assert registering.enrol(ROUTER) == 0
    known = records.credentials("00D09E-Hub-R77")
    assert known is not None
    owner = records.facts(made, known.device_id)["customer_id"]
    assert people.customer(made, owner).phone == "+48600700800"
    typed("another secret")
    assert registering.enrol(ROUTER) == 0
    assert records.credentials("00D09E-Hub-R77").device_id == known.device_id


def test_a_tenant_that_is_not_there_is_told(database, typed, capsys):
    typed("x")
    assert registering.enrol(ROUTER) == 1
    assert "app.py tenant" in capsys.readouterr().err


def test_a_router_entered_by_hand_is_given_a_connection_request_password_once(made, typed):
    typed("router secret")
    registering.enrol(ROUTER)
    device_id = records.credentials("00D09E-Hub-R77").device_id
    given = records.wake_target(made, device_id)
    assert given.username == "00D09E-Hub-R77"
    assert len(given.password) >= 24
    typed("another secret")
    registering.enrol([*ROUTER, "--new-password"])
    assert records.wake_target(made, device_id).password == given.password


def test_a_router_that_is_known_keeps_its_password_unless_asked(made, typed):
    def password():
        return secrets.open_sealed(made, records.credentials("00D09E-Hub-R77").password_sealed)

    typed("router secret")
    registering.enrol(ROUTER)
    typed("another secret")
    registering.enrol(ROUTER)
    assert password() == "router secret"
    registering.enrol([*ROUTER, "--new-password"])
    assert password() == "another secret"


def test_a_router_held_back_is_let_in_to_its_customer_and_keeps_what_it_was_given(made, typed):
    enrolment.add_shared(made, "factory", "on every box", now=0.0)
    people.change_settings(made, enrolment="quarantine")
    known = enrolment.device_of(
        known_devices.shared_credentials("factory"), DeviceId("Acme", "00D09E", "Hub", "R77"), 0.0
    )
    before = records.wake_target(made, known.device_id).password
    typed("never asked for")
    assert registering.enrol(ROUTER) == 0
    after = records.credentials("00D09E-Hub-R77")
    assert (after.admission, after.password_sealed) == ("enrolled", known.password_sealed)
    assert records.wake_target(made, known.device_id).password == before
    assert records.facts(made, known.device_id)["customer_id"]


@pytest.mark.parametrize(
    ("router", "password"), [(ROUTER, ""), ([*ROUTER[:4], "nonsense", "Hub", "R1"], "x")]
)
def test_a_router_that_could_not_call_is_refused(made, typed, capsys, router, password):
    typed(password)
    assert registering.enrol(router) == 1
    assert ("password" if not password else "oui") in capsys.readouterr().err


class TestAdmission:
    """Which unknown routers may come in, by commands."""

    def said(self, capsys):
        return capsys.readouterr().out.splitlines()

    def test_nothing_is_let_in_unless_told(self, made, capsys):
        assert registering.admission(["north"]) == 0
        assert self.said(capsys)[-1] == "unknown routers: refuse"

    def test_policy_and_credentials_are_set_and_shown_without_passwords(self, made, typed, capsys):
        typed("on every box")
        told = ["north", "--policy", "quarantine", "--credential", "north-factory", "--oui", "00d09e"]
        assert registering.admission(told) == 0
        assert registering.admission(["north", "--certificates", "--oui", "00D09E"]) == 0
        said = self.said(capsys)
        assert said[-3:] == [
            "unknown routers: quarantine",
            "certificate: certificate 00D09E (00D09E)",
            "digest: north-factory (00D09E)",
        ]
        assert "on every box" not in str(said)
        assert people.tenant(made).settings["dns_allowed"] == ["9.9.9.9"]
        assert registering.admission(["north", "--remove", "north-factory"]) == 0
        assert self.said(capsys)[-1] == "certificate: certificate 00D09E (00D09E)"

    def test_a_router_that_was_reset_is_let_in_once_more(self, made, typed):
        typed("router secret")
        registering.enrol(ROUTER)
        assert not records.credentials("00D09E-Hub-R77").is_pending
        assert registering.admission(["north", "--reopen", "00D09E-Hub-R77"]) == 0
        assert records.credentials("00D09E-Hub-R77").is_pending
        typed("another secret")
        registering.enrol([*ROUTER, "--new-password"])
        assert not records.credentials("00D09E-Hub-R77").is_pending

    @pytest.mark.parametrize(
        "told",
        [
            ["south"],
            ["north", "--remove", "nothing"],
            ["north", "--reopen", "nobody"],
            ["north", "--credential", "x"],
        ],
    )
    def test_what_cannot_be_done_is_told(self, made, typed, capsys, told):
        typed("")
        assert registering.admission(told) == 1
        assert capsys.readouterr().err.strip()

    @pytest.mark.parametrize("told", [["north", "--policy", "all"], ["north", "--certificates"]])
    def test_what_makes_no_sense_is_refused(self, made, told):
        with pytest.raises(SystemExit):
            registering.admission(told)
