"""Work that outlives its session, face to face with a router over the real ACS and the real file server."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from backend import announcements, database
from backend.announcements import Hearers
from backend.cwmp import rpc
from backend.devices import files, queue, retrying
from backend.devices.announcements import TaskFinished, TaskStarted
from tests.backend.acs_face_to_face import Router, enrolled
from tests.backend.home_with_files import Home, accepts, heard
from workflows.effects import (
    AddObject,
    DeleteObject,
    Download,
    FactoryReset,
    GetNames,
    GetValues,
    Reboot,
    Reply,
    ScheduleInform,
    SetAttributes,
    Upload,
)

pytestmark = pytest.mark.store
FIRMWARE = "1 Firmware Upgrade Image"
BACKUP = "1 Vendor Configuration File"


@pytest.fixture
def home(tenant_id):
    with heard(Home(tenant_id)) as made:
        yield made


def plain(reply):
    return replace(reply, at=0.0)


def ok(**more):
    return Reply(ok=True, at=0.0, **more)


# -- one session ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "answer", "sent", "reply"),
    [
        (
            GetNames("Device.A."),
            rpc.GetParameterNamesResponse((rpc.ParameterInfo("Device.A.1.", True),)),
            rpc.GetParameterNames("Device.A.", True),
            ok(names=(("Device.A.1.", True),)),
        ),
        (
            SetAttributes((("Device.A", 2),)),
            rpc.SetParameterAttributesResponse(),
            rpc.SetParameterAttributes((rpc.SetParameterAttribute("Device.A", 2),)),
            ok(),
        ),
        (DeleteObject("Device.A.1."), rpc.DeleteObjectResponse(0), rpc.DeleteObject, ok(status=0)),
        (FactoryReset(), rpc.FactoryResetResponse(), rpc.FactoryReset(), ok()),
        (ScheduleInform(60), rpc.ScheduleInformResponse(), rpc.ScheduleInform, ok()),
        (Reboot(), rpc.RebootResponse(), rpc.Reboot, ok()),
    ],
)
def test_what_is_answered_at_once(home, request_, answer, sent, reply):
    home.router.answers = {sent if isinstance(sent, type) else type(sent): answer}
    home.put(request_)
    (seen,) = home.session()
    assert isinstance(seen, sent) if isinstance(sent, type) else seen == sent
    assert [plain(one) for one in home.replies()] == [reply]


def test_an_object_is_added(home):
    there = rpc.GetParameterNamesResponse((rpc.ParameterInfo("Device.A.1.", True),))
    home.answers(GetParameterNames=there, AddObject=rpc.AddObjectResponse(2, 0))
    task = home.put(AddObject("Device.A."))
    assert home.session() == [rpc.GetParameterNames("Device.A.", True), rpc.AddObject("Device.A.", task)]
    assert [plain(one) for one in home.replies()] == [ok(status=0, instance=2)]
    assert sum(isinstance(one, TaskStarted) for one in home.told) == 1


# -- transfers ------------------------------------------------------------------------------------


def test_firmware_goes_to_the_device_and_the_task_ends_with_its_transfer_complete(home):
    home.answers(Download=accepts(home))
    task = home.put(Download(FIRMWARE, home.image()))
    (order,) = home.session()
    assert (order.command_key, order.file_type, order.file_size) == (task, FIRMWARE, 5)
    assert order.target_file_name == "hub-2.0.bin"
    assert home.fetched == [b"image"]
    assert home.replies() == []
    complete = rpc.TransferComplete(task, "0")
    home.session("1 BOOT", "7 TRANSFER COMPLETE", ("M Download", task), asks=[complete])
    assert [plain(one) for one in home.replies()] == [ok(status=0)]
    assert home.phases() == ["transferring", "transferring", "accepted", "answered"]
    assert home.fetch(order.url).status_code == 404


def test_a_transfer_that_is_done_at_once(home):
    home.answers(Download=rpc.DownloadResponse(0))
    home.put(Download("3 Vendor Configuration File", home.image()))
    home.session()
    assert [plain(one) for one in home.replies()] == [ok(status=0)]


def test_a_transfer_complete_may_come_twice_and_is_always_answered(home):
    home.answers(Download=accepts(home))
    task = home.put(Download(FIRMWARE, home.image()))
    home.session()
    complete = rpc.TransferComplete(task, "9018", "corrupted")
    home.session("7 TRANSFER COMPLETE", asks=[complete, complete])
    home.session("7 TRANSFER COMPLETE", asks=[complete, rpc.TransferComplete("", "0")])
    assert home.router.replies == [rpc.TransferCompleteResponse()] * 4
    assert [plain(one) for one in home.replies()] == [
        Reply(ok=False, at=0.0, fault_code="9018", fault_text="corrupted")
    ]


def test_another_devices_key_ends_nothing(home):
    home.answers(Download=accepts(home))
    task = home.put(Download(FIRMWARE, home.image()))
    home.session()
    enrolled(home.tenant_id, "R0002")
    other = Router(home.app, serial="R0002")
    other.asks = [rpc.TransferComplete(task)]
    other.session()
    assert home.replies() == []


def test_what_a_reply_leads_to_leaves_in_the_session_of_the_transfer_complete(home):
    home.answers(Download=accepts(home), GetParameterValues=rpc.GetParameterValuesResponse(()))
    task = home.put(Download(FIRMWARE, home.image()))
    home.session()

    def next_one(news):
        home.told.append(news)
        if news.owner_key == "run:0:0":
            home.put(GetValues(("Device.DeviceInfo.SoftwareVersion",)), "run:0:1")

    with announcements.wired({TaskFinished: Hearers(inside=[next_one])}, database.after_commit):
        seen = home.session("7 TRANSFER COMPLETE", asks=[rpc.TransferComplete(task)])
    assert seen == [rpc.GetParameterValues(("Device.DeviceInfo.SoftwareVersion",))]


def test_a_backup_comes_in(home):
    def upload(message):
        assert home.send(message.url, b"settings").status_code == 201
        return rpc.UploadResponse(1)

    home.answers(Upload=upload)
    task = home.put(Upload(BACKUP))
    (order,) = home.session()
    assert (order.command_key, order.file_type) == (task, BACKUP)
    home.session("7 TRANSFER COMPLETE", ("M Upload", task), asks=[rpc.TransferComplete(task)])
    (reply,) = home.replies()
    kept = files.latest_backup(home.tenant_id, home.device_id)
    assert (reply.ok, reply.file_id) == (True, kept["file_id"])
    assert b"".join(files.content(home.tenant_id, reply.file_id)) == b"settings"


def test_an_upload_that_did_not_arrive_is_no_success(home, monkeypatch):
    monkeypatch.setattr(retrying, "TRANSFER_FIRST_S", 0.0)
    home.answers(Upload=rpc.UploadResponse(1))
    home.put(Upload("2 Vendor Log File"))
    keys = []
    (order,) = home.session()
    while not home.replies():
        keys.append(order.command_key)
        (order,) = home.session(asks=[rpc.TransferComplete(keys[-1])]) or (None,)
    assert len(set(keys)) == retrying.TRANSFERS_LIMIT
    assert [(one.ok, one.fault_code) for one in home.replies()] == [(False, "9011")]


def test_a_transfer_that_broke_is_ordered_again_by_itself(home):
    home.answers(Download=accepts(home, fetch=False))
    task = home.put(Download(FIRMWARE, home.image()))
    (first,) = home.session()
    home.session("7 TRANSFER COMPLETE", asks=[rpc.TransferComplete(task, "9015", "no server")])
    now = time.time()
    assert home.replies() == []
    assert queue.claim_next(home.device_id, now) is None
    again = queue.claim_next(home.device_id, now + 10)
    assert again.key == f"{task}.1"
    assert again.transfer.url != first.url
    assert home.fetch(first.url).status_code == 404


def test_a_download_whose_file_is_gone_is_our_own_fault_and_the_next_leaves(home):
    home.answers(Reboot=rpc.RebootResponse())
    home.put(Download(FIRMWARE, "gone"))
    home.put(Reboot(), "run:0:1")
    assert [type(one) for one in home.session()] == [rpc.Reboot]
    assert [(one.ok, one.fault_code) for one in home.replies()] == [(False, "8003"), (True, "")]


def test_an_autonomous_transfer_is_answered(home):
    home.session(asks=[rpc.AutonomousTransferComplete("", "http://elsewhere", True, FIRMWARE)])
    assert home.router.replies == [rpc.AutonomousTransferCompleteResponse()]
