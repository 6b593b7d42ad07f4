"""POST /acs face to face with the CPE's side: whole sessions, what a reply starts, what a lost one leaves."""

from __future__ import annotations

import time

import pytest

from backend import announcements, database
from backend.acs import COOKIE, Acs
from backend.announcements import Hearers
from backend.cwmp import rpc
from backend.devices import parameters, provisioning, queue, records, wake
from backend.devices.announcements import DeviceContacted, TaskFinished, TaskStarted
from backend.devices.wake import Waker
from tests.backend.acs_face_to_face import VALUES, Router, app_of, enrolled
from workflows.effects import GetMethods, GetValues, Reboot, SetValues, effect_to_json

pytestmark = pytest.mark.store
READ = GetValues(("Device.DHCPv4.Server.",))
WRITE = SetValues((("Device.DHCPv4.Server.Enable", "1", "xsd:boolean"),))


@pytest.fixture
def acs(tenant_id):
    return Acs()


@pytest.fixture
def device(tenant_id):
    return enrolled(tenant_id)


@pytest.fixture
def home():
    """What the router holds.

    GetParameterValues reads it and SetParameterValues writes it, as often as it says.
    """
    return {"Device.DHCPv4.Server.Enable": "0", "Device.DHCPv4.Server.PoolNumberOfEntries": "1"}


@pytest.fixture
def router(acs, device, home):
    router = Router(app_of(acs))
    router.writes = []

    def get(message):
        found = {
            path: value
            for path, value in home.items()
            if any(path == name or name.endswith(".") and path.startswith(name) for name in message.names)
        }
        return rpc.GetParameterValuesResponse(tuple(rpc.ParameterValue(*pair) for pair in found.items()))

    def put(message):
        for path, value, _ in message.values:
            home[path] = value
            router.writes.append((path, value))
        return rpc.SetParameterValuesResponse(0)

    router.answers = {
        rpc.GetParameterValues: get,
        rpc.SetParameterValues: put,
        rpc.Reboot: rpc.RebootResponse(),
        rpc.GetRPCMethods: rpc.GetRPCMethodsResponse(("Reboot", "Download")),
    }
    return router


@pytest.fixture
def heard():
    told = []
    kinds = (TaskStarted, TaskFinished, DeviceContacted)
    with announcements.wired({kind: Hearers(inside=[told.append]) for kind in kinds}, database.after_commit):
        yield told


def put(tenant, device, request, key="k", deadline_s=60.0):
    now = time.time()
    return queue.enqueue(
        tenant, device, owner_key=key, request=effect_to_json(request), deadline_at=now + deadline_s, now=now
    )


def finished(heard):
    return [(one.owner_key, one.reply) for one in heard if isinstance(one, TaskFinished)]


def test_a_session_without_tasks(router, tenant_id, device, heard):
    assert router.session() == []
    assert router.statuses == [200, 204]
    assert heard == [DeviceContacted(tenant_id, device, ("2 PERIODIC",))]
    facts = records.facts(tenant_id, device)
    assert (facts["software_version"], facts["data_model"]) == ("1.2.3", "tr181")
    assert time.time() - facts["last_inform_at"] < 5


def test_the_informs_parameters_are_stored(router, device):
    router.session()
    assert (
        parameters.load(device, ["Device.DeviceInfo."])["Device.DeviceInfo.SoftwareVersion"].value == "1.2.3"
    )


def test_a_read_is_stored_and_told(router, tenant_id, device, heard):
    put(tenant_id, device, READ)
    assert router.session() == [rpc.GetParameterValues(READ.names)]
    ((_, reply),) = finished(heard)
    assert reply.ok
    assert reply.values["Device.DHCPv4.Server.Enable"] == ("0", "xsd:string")
    assert len(parameters.load(device, ["Device.DHCPv4."])) == 2


def test_the_last_reply_starts_the_next_rpc_in_the_same_session(router, tenant_id, device):
    def go_on(told):
        if told.owner_key == "1":
            put(tenant_id, device, WRITE, "2")
        elif told.owner_key == "2":
            put(tenant_id, device, READ, "3")

    put(tenant_id, device, READ, "1")
    with announcements.wired({TaskFinished: Hearers(inside=[go_on])}, database.after_commit):
        seen = router.session()
    assert [type(one).__name__ for one in seen] == [
        "GetParameterValues",
        "SetParameterValues",
        "GetParameterValues",
    ]
    assert router.statuses == [200, 200, 200, 200, 204]
    assert parameters.load(device, ["Device.DHCPv4."])["Device.DHCPv4.Server.Enable"].value == "1"


def test_reboot_methods_and_keys(router, tenant_id, device, heard):
    write, reboot = put(tenant_id, device, WRITE, "w"), put(tenant_id, device, Reboot(), "r")
    put(tenant_id, device, GetMethods(), "m")
    seen = router.session()
    assert (seen[0].parameter_key, seen[1].command_key) == (write, reboot)
    replies = dict(finished(heard))
    assert replies["w"].status == 0
    assert replies["r"].ok
    assert set(replies["m"].values) == {"Reboot", "Download"}


def test_a_fault_names_the_parameter_and_the_session_goes_on(router, tenant_id, device, heard):
    router.answers[rpc.SetParameterValues] = rpc.Fault(
        "9003",
        "Invalid arguments",
        (rpc.SetParameterFault("Device.DHCPv4.Server.Enable", "9007", "not now"),),
    )
    put(tenant_id, device, WRITE, "1")
    put(tenant_id, device, READ, "2")
    assert len(router.session()) == 2
    (_, refused), (_, read) = finished(heard)
    assert (refused.ok, refused.fault_code, refused.fault_parameters[0].code) == (False, "9003", "9007")
    assert read.ok


def test_a_request_that_cannot_be_written_is_our_fault_and_costs_nothing_else(
    router, tenant_id, device, heard
):
    put(tenant_id, device, SetValues((("Device.X", "bell \x07", "xsd:string"),)), "1")
    put(tenant_id, device, READ, "2")
    assert len(router.session()) == 1
    (_, unsendable), (_, read) = finished(heard)
    assert (unsendable.fault_code, read.ok) == ("8003", True)


@pytest.mark.parametrize("keeps_cookies", [True, False])
@pytest.mark.parametrize(
    "namespace", ["urn:dslforum-org:cwmp-1-0", "urn:dslforum-org:cwmp-1-2", "urn:dslforum-org:cwmp-1-4"]
)
def test_old_and_new_and_forgetful_devices(acs, tenant_id, device, router, keeps_cookies, namespace):
    other = Router(app_of(acs), keeps_cookies=keeps_cookies, namespace=namespace, answers=router.answers)
    put(tenant_id, device, READ, "1")
    put(tenant_id, device, WRITE, "2")
    assert len(other.session()) == 2
    assert len(acs.sessions) == 0


def test_the_cookie_alone_carries_a_session(router, tenant_id, device):
    put(tenant_id, device, READ)
    router.begin()
    router._once = lambda body, more: router.client.post("/acs", data=body)
    router.finish()
    assert router.statuses == [200, 200, 204]


def test_the_devices_own_requests_are_answered(router):
    router.asks = [
        rpc.GetRPCMethods(),
        rpc.TransferComplete("unknown key"),
        rpc.TransferComplete("unknown key"),
    ]
    router.session()
    assert router.replies == [
        rpc.GetRPCMethodsResponse(rpc.ACS_METHODS),
        rpc.TransferCompleteResponse(),
        rpc.TransferCompleteResponse(),
    ]


def test_a_second_inform_ends_the_first_session(acs, router, tenant_id, device, heard):
    put(tenant_id, device, READ)
    router.begin()
    first = router.cwmp
    body = router.post(first.finish()).get_data()
    assert b"GetParameterValues" in body
    assert router.session() == [rpc.GetParameterValues(READ.names)]
    assert len(finished(heard)) == 1
    assert len(acs.sessions) == 0


def test_a_late_reply_of_an_old_session_does_not_hurt_the_new_one(acs, router, tenant_id, device):
    put(tenant_id, device, READ)
    router.begin()
    asked = router.cwmp.receive(router.post(router.cwmp.finish()).get_data())
    late = router.cwmp.reply(router.answer(asked.message))
    old_cookie = router.client.get_cookie(COOKIE).value
    router.begin()
    new_cookie = router.client.get_cookie(COOKIE).value
    router.client.set_cookie(COOKIE, old_cookie)
    assert router.post(late).status_code == 400
    router.client.set_cookie(COOKIE, new_cookie)
    router.finish()


def test_a_write_lost_with_the_server_is_read_back_and_not_sent_again(router, tenant_id, device, heard, home):
    put(tenant_id, device, WRITE)
    router.begin()
    event = router.cwmp.receive(router.post(router.cwmp.finish()).get_data())
    router.answer(event.message)  # applied, and then the server is killed: nobody hears of it
    again = Router(app_of(Acs()), answers=router.answers)
    assert again.session("6 CONNECTION REQUEST") == [rpc.GetParameterValues(("Device.DHCPv4.Server.Enable",))]
    assert router.writes == [("Device.DHCPv4.Server.Enable", "1")]
    ((_, reply),) = finished(heard)
    assert (reply.ok, reply.status) == (True, 0)


def test_a_write_lost_before_it_arrived_is_sent_after_reading_back(router, tenant_id, device, heard):
    put(tenant_id, device, WRITE)
    router.begin()
    router.post(router.cwmp.finish())  # the answer never reaches the router
    again = Router(app_of(Acs()), answers=router.answers)
    assert [type(one).__name__ for one in again.session()] == ["GetParameterValues", "SetParameterValues"]
    assert router.writes == [("Device.DHCPv4.Server.Enable", "1")]
    assert len(finished(heard)) == 1


def test_a_reboot_lost_with_the_server_is_known_by_its_key(router, tenant_id, device, heard):
    task = put(tenant_id, device, Reboot())
    router.begin()
    router.post(router.cwmp.finish())
    again = Router(app_of(Acs()), answers=router.answers)
    assert again.session("1 BOOT", ("M Reboot", task)) == []
    ((_, reply),) = finished(heard)
    assert reply.ok


def test_bootstrap_forgets_and_reads_again(router, tenant_id, device, home):
    enrolled(tenant_id, cr_username="acs", cr_password="hush hush")
    router.session("0 BOOTSTRAP", "1 BOOT")
    names = [name for one in router.seen if isinstance(one, rpc.GetParameterValues) for name in one.names]
    assert names == [
        "Device.DeviceInfo.ModelName",  # which its Inform does not tell
        "Device.ManagementServer.PeriodicInformInterval",
        *provisioning.OBJECTS["tr181"],
    ]
    assert router.writes == [
        ("Device.ManagementServer.ConnectionRequestUsername", "acs"),
        ("Device.ManagementServer.ConnectionRequestPassword", "hush hush"),
    ]
    assert router.session("2 PERIODIC") == []


def test_a_hearer_that_fails_costs_one_session(acs, router, tenant_id, device):
    def fails(told):
        raise ZeroDivisionError

    put(tenant_id, device, READ)
    router.begin()
    event = router.cwmp.receive(router.post(router.cwmp.finish()).get_data())
    with announcements.wired({TaskFinished: Hearers(inside=[fails])}, database.after_commit):
        response = router.post(router.cwmp.reply(router.answer(event.message)))
    assert response.status_code == 500
    assert len(acs.sessions) == 0
    assert parameters.load(device, ["Device.DHCPv4."]) == {}
    assert len(router.session()) == 1


def test_a_device_deleted_in_session_ends_quietly(acs, router, tenant_id, device):
    put(tenant_id, device, READ)
    router.begin()
    event = router.cwmp.receive(router.post(router.cwmp.finish()).get_data())
    records.remove(tenant_id, device)
    assert router.post(router.cwmp.reply(router.answer(event.message))).status_code < 500
    assert parameters.load(device, ["Device."]) == {}
    assert router.post(router.inform()).status_code == 401


def test_a_task_queued_too_late_calls_the_device_again(acs, router, tenant_id, device):
    woken = []
    waker = Waker(records.wake_target, lambda target: "accepted", woken.append)
    wake.bind(waker)
    try:
        router.begin()
        assert not woken
        router.asks = []
        response = router.post(router.cwmp.finish())
        assert response.status_code == 204
        put(tenant_id, device, READ)
        assert len(woken) == 1
        router.session()
        assert len(woken) == 1
    finally:
        wake.bind(None)


def test_an_inform_like_the_last_writes_no_parameter(router, device):
    router.session()
    first = parameters.load(device, ["Device."])
    router.session()
    assert parameters.load(device, ["Device."]) == first
    router.session(values=[*VALUES, rpc.ParameterValue("Device.New", "1")])
    assert "Device.New" in parameters.load(device, ["Device."])


def test_the_sweep_ends_silent_sessions(acs, router):
    router.begin()
    acs.sweep(time.time() + 29)
    assert len(acs.sessions) == 1
    acs.sweep(time.time() + 31)
    assert len(acs.sessions) == 0
