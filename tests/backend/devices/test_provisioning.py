"""What a device is given and asked at its first contact, and again later where it would not take it."""

from __future__ import annotations

import pytest

from backend import database
from backend.devices import provisioning, queue, records
from backend.devices.statements import Statement
from backend.identity import people
from workflows.effects import GetValues, Reply, SetValues

pytestmark = pytest.mark.store
NOW = 1_700_000_000.0


def enrolled(tenant_id, data_model="tr181", **more):
    device_id = records.enrol(
        tenant_id, oui="00D09E", product_class="Hub", serial_number="R1", password="x", now=NOW, **more
    )
    with database.transaction():
        Statement("UPDATE device SET data_model = ? WHERE id = ?")(data_model, device_id)
    return device_id


def bootstrap(tenant_id, device_id, now=NOW):
    with database.transaction():
        provisioning.bootstrapped(tenant_id, device_id, now)


def served(device_id, now=NOW, fault=""):
    """What leaves in one session in which every task is done, or gets this fault."""
    requests = []
    while (claim := queue.claim_next(device_id, now)) is not None:
        requests.append(claim.request)
        reply = Reply(ok=False, at=now, fault_code=fault) if fault else Reply(ok=True, at=now, values={})
        queue.complete(claim, reply)
    return requests


def test_credentials_are_pushed_and_the_model_is_read(tenant_id):
    device_id = enrolled(tenant_id, cr_username="acs", cr_password="hush")
    bootstrap(tenant_id, device_id)
    first, *reads = served(device_id)
    assert first == SetValues(
        (
            ("Device.ManagementServer.ConnectionRequestUsername", "acs", "xsd:string"),
            ("Device.ManagementServer.ConnectionRequestPassword", "hush", "xsd:string"),
        )
    )
    names = ("Device.ManagementServer.PeriodicInformInterval", *provisioning.OBJECTS["tr181"])
    assert reads == [GetValues((name,)) for name in names]


def test_a_tenant_may_set_the_inform_interval(database):
    tenant = people.ensure_tenant("timed", "Timed", {"inform_interval_s": 5}, NOW)
    device_id = enrolled(tenant, "tr098")
    bootstrap(tenant, device_id)
    root = "InternetGatewayDevice.ManagementServer"
    assert served(device_id)[0] == SetValues(
        (
            (f"{root}.PeriodicInformEnable", "1", "xsd:boolean"),
            (f"{root}.PeriodicInformInterval", "30", "xsd:unsignedInt"),
        )
    )


@pytest.mark.parametrize("wanted", ["60", True, None, 1.5])
def test_a_setting_that_is_no_number_sets_nothing(database, wanted):
    tenant = people.ensure_tenant("odd", "Odd", {"inform_interval_s": wanted}, NOW)
    device_id = enrolled(tenant)
    bootstrap(tenant, device_id)
    assert all(isinstance(one, GetValues) for one in served(device_id))


def test_an_unknown_data_model_is_left_alone(tenant_id):
    device_id = enrolled(tenant_id, "")
    bootstrap(tenant_id, device_id)
    assert served(device_id) == []


def test_what_is_refused_for_now_is_asked_again_and_keeps_nothing_else_waiting(tenant_id):
    device_id = enrolled(tenant_id)
    bootstrap(tenant_id, device_id)
    asked = served(device_id, fault="9002")
    assert len(asked) == 1 + len(provisioning.OBJECTS["tr181"])
    assert queue.claim_next(device_id, NOW + 10) is None
    assert queue.to_wake(NOW + 10, 10) == []
    assert len(queue.to_wake(NOW + 60, 10)) == 1
    assert served(device_id, NOW + 60, "9002") == asked
    assert queue.claim_next(device_id, NOW + 80) is None
    assert served(device_id, NOW + 200) == asked
    assert served(device_id, NOW + 9_000) == []


def test_what_is_never_taken_is_given_up(tenant_id):
    device_id = enrolled(tenant_id)
    bootstrap(tenant_id, device_id)
    rounds = 0
    while served(device_id, NOW + 5000.0 * rounds, "9002"):
        rounds += 1
    assert rounds == 8


def test_what_a_model_lacks_is_not_asked_again(tenant_id):
    device_id = enrolled(tenant_id)
    bootstrap(tenant_id, device_id)
    served(device_id, fault="9005")
    assert served(device_id, NOW + 9_000) == []


def test_a_device_that_begins_again_and_again_does_not_fill_its_queue(tenant_id):
    device_id = enrolled(tenant_id)
    for n in range(5):
        bootstrap(tenant_id, device_id, NOW + n)
    assert len(served(device_id, NOW + 5)) == 1 + len(provisioning.OBJECTS["tr181"])
