"""Device records: enrolment, tenants, what an Inform changes, what people see."""

from __future__ import annotations

import pytest

from backend import database
from backend.cwmp import rpc
from backend.devices import parameters, records
from backend.errors import NotFound
from backend.identity import people

pytestmark = pytest.mark.store
NOW = 1_700_000_000.0


def enrol(tenant, serial="R1", **more):
    return records.enrol(
        tenant, oui="00d09e", product_class="Hub", serial_number=serial, password="pw", now=NOW, **more
    )


def inform(*values, events=("2 PERIODIC",), serial="R1"):
    return rpc.Inform(
        rpc.DeviceId("Acme", "00D09E", "Hub", serial),
        tuple(rpc.Event(code) for code in events),
        tuple(rpc.ParameterValue(*value) for value in values),
    )


def contacted(known, message, now=NOW):
    with database.transaction():
        records.contacted(
            known, message, cwmp_namespace="urn:dslforum-org:cwmp-1-2", source_address="10.0.0.7", now=now
        )


def test_enrolment_names_the_user_by_identity(tenant_id):
    device = enrol(tenant_id)
    known = records.credentials("00D09E-Hub-R1")
    assert known is not None
    assert (known.device_id, known.tenant_id) == (device, tenant_id)
    assert known.is_named(rpc.DeviceId("Acme", "00d09e", "Hub", "R1"))
    assert not known.is_named(rpc.DeviceId("Acme", "00D09E", "Hub", "R2"))
    assert "pw" not in repr(known)


def test_enrolling_again_changes_the_same_device(tenant_id):
    first = enrol(tenant_id, username="a")
    assert enrol(tenant_id, username="b", tags=["new"]) == first
    assert records.credentials("a") is None
    assert records.facts(tenant_id, first)["tags"] == ["new"]


def test_nobody_is_known_by_an_unknown_name(tenant_id):
    assert records.credentials("nobody") is None
    assert records.credentials("") is None


def test_another_tenants_device_is_not_found(tenant_id):
    device = enrol(tenant_id)
    other = people.ensure_tenant("other", "Other", {}, NOW)
    for ask in (records.facts, records.wake_target, records.remove):
        with pytest.raises(NotFound):
            ask(other, device)
    with pytest.raises(NotFound):
        records.overview(other, device, NOW)
    assert records.search(other, "R1") == []
    assert records.of_customer(other, "c") == []


def test_the_owner_sees_their_devices_in_order(tenant_id):
    mine = [enrol(tenant_id, serial, customer_id="c1") for serial in ("R1", "R2")]
    enrol(tenant_id, "R3", customer_id="c2")
    assert [one["id"] for one in records.of_customer(tenant_id, "c1")] == mine
    found = records.of_customers(tenant_id, ["c1", "c2", "c3"])
    assert [len(found[name]) for name in ("c1", "c2", "c3")] == [2, 1, 0]
    assert records.of_customers(tenant_id, []) == {}


def test_search_finds_by_the_beginning_of_a_serial_number(tenant_id):
    enrol(tenant_id, "AB12")
    enrol(tenant_id, "AB13")
    enrol(tenant_id, "XAB1")
    assert [one["serial_number"] for one in records.search(tenant_id, " ab1")] == ["AB12", "AB13"]
    assert records.search(tenant_id, "") == []
    assert records.search(tenant_id, "%") == []


def test_an_inform_brings_the_record_up_to_date(tenant_id):
    device = enrol(tenant_id)
    contacted(
        records.credentials("00D09E-Hub-R1"),
        inform(
            ("Device.DeviceInfo.SoftwareVersion", "2.0"),
            ("Device.DeviceInfo.HardwareVersion", "B"),
            ("Device.ManagementServer.ConnectionRequestURL", "http://10.0.0.7:7547/x"),
            events=("1 BOOT",),
        ),
    )
    facts = records.facts(tenant_id, device)
    assert facts["software_version"] == "2.0"
    assert facts["hardware_version"] == "B"
    assert facts["data_model"] == "tr181"
    assert facts["manufacturer"] == "Acme"
    assert facts["model"] == "Hub"
    assert facts["last_inform_at"] == facts["last_boot_at"] == NOW
    target = records.wake_target(tenant_id, device)
    assert (target.url, target.source_address, target.networks) == (
        "http://10.0.0.7:7547/x",
        "10.0.0.7",
        (),
    )
    assert set(parameters.load(device, ["Device."])) == {
        "Device.DeviceInfo.SoftwareVersion",
        "Device.DeviceInfo.HardwareVersion",
        "Device.ManagementServer.ConnectionRequestURL",
    }


def test_an_inform_without_parameters_forgets_nothing(tenant_id):
    device = enrol(tenant_id)
    name = "00D09E-Hub-R1"
    contacted(
        records.credentials(name),
        inform(("InternetGatewayDevice.DeviceInfo.SoftwareVersion", "2.0")),
    )
    contacted(records.credentials(name), inform(), NOW + 5)
    facts = records.facts(tenant_id, device)
    assert (facts["software_version"], facts["data_model"], facts["last_inform_at"]) == (
        "2.0",
        "tr098",
        NOW + 5,
    )
    assert facts["last_boot_at"] is None


def test_a_value_read_in_between_is_not_hidden_by_an_inform_like_the_last(tenant_id):
    device, name, path = enrol(tenant_id), "00D09E-Hub-R1", "Device.DeviceInfo.SoftwareVersion"
    contacted(records.credentials(name), inform((path, "old")))
    with database.transaction():
        parameters.store(tenant_id, device, [(path, "new", "xsd:string")], NOW + 1)
    contacted(records.credentials(name), inform((path, "old")), NOW + 2)
    assert parameters.load(device, [path])[path].value == "old"


def test_the_same_inform_again_writes_no_parameter_until_it_is_a_minute_old(tenant_id):
    device, name, path = enrol(tenant_id), "00D09E-Hub-R1", "Device.DeviceInfo.SoftwareVersion"
    for now, read_at in ((NOW, NOW), (NOW + 59, NOW), (NOW + 61, NOW + 61)):
        contacted(records.credentials(name), inform((path, "1")), now)
        assert parameters.load(device, [path])[path].read_at == read_at


def test_bootstrap_drops_the_stored_model(tenant_id):
    device, name = enrol(tenant_id), "00D09E-Hub-R1"
    with database.transaction():
        parameters.store(tenant_id, device, [("Device.WiFi.SSID.1.SSID", "home", "xsd:string")], NOW)
    contacted(records.credentials(name), inform(("Device.A", "1"), events=("0 BOOTSTRAP", "1 BOOT")))
    assert set(parameters.load(device, ["Device."])) == {"Device.A"}


def test_removing_a_device_takes_its_stored_model_along(tenant_id):
    device = enrol(tenant_id)
    with database.transaction():
        parameters.store(tenant_id, device, [("Device.A", "1", "xsd:string")], NOW)
    records.remove(tenant_id, device)
    assert parameters.load(device, ["Device."]) == {}
    assert records.credentials("00D09E-Hub-R1") is None


def test_overview_says_in_words_how_it_is(tenant_id):
    device = enrol(tenant_id, manufacturer="Acme", model="Hub 3")
    overview = records.overview(tenant_id, device, NOW)
    assert (overview["state"], overview["online"], overview["last_contact_at"]) == ("unknown", False, None)
    contacted(
        records.credentials("00D09E-Hub-R1"),
        inform(
            ("Device.DHCPv4.Server.Enable", "false", "xsd:boolean"),
            ("Device.WiFi.SSID.1.Enable", "1", "xsd:boolean"),
            ("Device.WiFi.SSID.1.SSID", "home"),
        ),
    )
    overview = records.overview(tenant_id, device, NOW + 60, "pl")
    assert (overview["state"], overview["online"], overview["dhcp_enabled"]) == ("fair", True, False)
    assert overview["network_names"] == ["home"]
    assert overview["state_text"].startswith("Twój router")
    assert "password" not in " ".join(overview)


def test_a_wake_target_knows_the_tenants_networks_and_opens_the_password(tenant):
    device = enrol(tenant.tenant_id, cr_username="acs", cr_password="hush hush")
    target = records.wake_target(tenant.tenant_id, device)
    assert (target.username, target.password, target.networks) == ("acs", "hush hush", ("127.0.0.0/8",))
    assert "hush" not in repr(target)
