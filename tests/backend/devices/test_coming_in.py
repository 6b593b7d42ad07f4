"""What a router that comes in is given and asked; one that was reset knocks, and is let in anew."""

from __future__ import annotations

import time

import pytest
from structlog.testing import capture_logs

from backend.cwmp import rpc
from backend.devices import enrolment, overview, records
from backend.devices import known as known_devices
from backend.errors import Invalid, NotFound
from tests.backend.acs_face_to_face import OUI, PRODUCT
from tests.backend.devices.newcomers import NOW, device, own, router_of

pytestmark = [pytest.mark.store, pytest.mark.usefixtures("hears_enrolment")]


def test_a_router_reset_by_its_pin_knocks_and_staff_let_it_come_in_anew(acs, tenant_of):
    tenant_id = tenant_of("enrol")
    router_of(acs).session("0 BOOTSTRAP")
    device_id = known_devices.by_identity(tenant_id, device()).device_id
    assert overview.door(tenant_id, device_id) == overview.Door(None, False)
    with capture_logs() as logs:
        router_of(acs).post(router_of(acs).inform("0 BOOTSTRAP"))
    (said,) = [line for line in logs if line["event"] == "acs_refused"]
    assert f"{OUI}-{PRODUCT}-N0001" in said["detail"]
    door = overview.door(tenant_id, device_id)
    assert door.knocked_at is not None and not door.open
    enrolment.reopen(tenant_id, device_id)
    assert overview.door(tenant_id, device_id).open
    again = router_of(acs)
    again.session("0 BOOTSTRAP")
    assert overview.door(tenant_id, device_id) == overview.Door(None, False)
    own(again).session("2 PERIODIC")
    assert router_of(acs).post(router_of(acs).inform("2 PERIODIC")).status_code == 403


def test_a_newcomer_can_be_woken_as_soon_as_it_holds_the_password_for_that(acs, tenant_of):
    tenant_id = tenant_of("quarantine")
    router = router_of(acs)
    router.session("0 BOOTSTRAP")
    device_id = known_devices.by_identity(tenant_id, device()).device_id
    enrolment.admit(tenant_id, device_id, None, time.time())
    assert overview.reach(tenant_id, device_id) == overview.Reach("none", later=True)
    router.session("2 PERIODIC")
    given = router.given["Device.ManagementServer.ConnectionRequestPassword"]
    assert given == records.wake_target(tenant_id, device_id).password
    assert overview.reach(tenant_id, device_id) == overview.Reach("http")


def test_a_router_entered_by_hand_is_given_what_it_takes_to_wake_it(acs, tenant_of):
    tenant_id = tenant_of("refuse")
    entered = rpc.DeviceId("", OUI, PRODUCT, "N0001")
    device_id = enrolment.enter(tenant_id, entered, password="its own", customer_id=None, now=NOW)
    router = router_of(acs, username=f"{OUI}-{PRODUCT}-N0001", password="its own")
    router.session("2 PERIODIC")  # it has called before, elsewhere, and tells no bootstrap
    assert "Device.ManagementServer.ConnectionRequestPassword" in router.given
    assert "Device.ManagementServer.Password" not in router.given
    assert overview.reach(tenant_id, device_id) == overview.Reach("http")
    assert router.session("2 PERIODIC") == []
    with pytest.raises(NotFound):
        enrolment.enter(tenant_id, device("N0002"), password=None, customer_id=None, now=NOW)


def test_the_model_follows_what_the_router_tells_when_its_inform_does_not(acs, tenant_of):
    tenant_id = tenant_of("enrol")
    router = router_of(acs)
    name = "Device.DeviceInfo.ModelName"

    def told(message):
        values = (rpc.ParameterValue(name, "NV-7", "xsd:string"),) if name in message.names else ()
        return rpc.GetParameterValuesResponse(values)

    router.answers[rpc.GetParameterValues] = told
    router.begin("0 BOOTSTRAP")
    device_id = known_devices.by_identity(tenant_id, device()).device_id
    assert records.facts(tenant_id, device_id)["model"] == PRODUCT
    router.session("0 BOOTSTRAP")
    assert records.facts(tenant_id, device_id)["model"] == "NV-7"
    own(router).session("2 PERIODIC")
    assert records.facts(tenant_id, device_id)["model"] == "NV-7"
    assert not any(name in one.names for one in router.session("0 BOOTSTRAP") if hasattr(one, "names"))


@pytest.mark.parametrize("oui", ["", "00D0", "nonsense"])
def test_a_rule_for_certificates_needs_a_maker(tenant_of, oui):
    with pytest.raises(Invalid):
        enrolment.add_certificates(tenant_of(), oui, now=NOW)
