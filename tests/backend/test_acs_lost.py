"""Killed in the middle: whatever a router was told last, nothing is done twice and nothing is forgotten."""

from __future__ import annotations

import pytest

from backend.cwmp import rpc
from tests.backend.home_with_files import Home, accepts, heard
from workflows.effects import (
    AddObject,
    DeleteObject,
    Download,
    FactoryReset,
    ScheduleInform,
    SetAttributes,
    SetValues,
)

pytestmark = pytest.mark.store
FIRMWARE = "1 Firmware Upgrade Image"
BACKUP = "1 Vendor Configuration File"


@pytest.fixture
def home(tenant_id):
    with heard(Home(tenant_id)) as made:
        yield made


# -- killed in the middle -------------------------------------------------------------------------


def test_a_transfer_survives_a_restart_of_everything(home):
    home.answers(Download=accepts(home, fetch=False))
    task = home.put(Download(FIRMWARE, home.image()))
    (order,) = home.session()
    home.restart()
    assert home.fetch(order.url).data == b"image"
    home.restart()
    home.session("1 BOOT", asks=[rpc.TransferComplete(task)])
    assert [one.ok for one in home.replies()] == [True]


def test_an_order_whose_answer_was_lost_is_not_given_twice(home):
    home.answers(Download=accepts(home))
    task = home.put(Download(FIRMWARE, home.image()))
    home.dies_before_answering()
    home.restart()
    home.answers(
        Download=accepts(home),
        GetAllQueuedTransfers=rpc.GetAllQueuedTransfersResponse(
            (rpc.AllQueuedTransfer(task, 2, True, FIRMWARE),)
        ),
    )
    assert home.session() == [rpc.GetAllQueuedTransfers()]
    assert home.session() == []
    home.session("7 TRANSFER COMPLETE", asks=[rpc.TransferComplete(task)])
    assert [one.ok for one in home.replies()] == [True]
    assert home.fetched == [b"image"]


def test_an_order_that_was_lost_and_done_is_known_by_its_transfer_complete(home):
    home.answers(Download=accepts(home))
    task = home.put(Download(FIRMWARE, home.image()))
    home.dies_before_answering()
    home.restart()
    seen = home.session(
        "1 BOOT", "7 TRANSFER COMPLETE", ("M Download", task), asks=[rpc.TransferComplete(task)]
    )
    assert seen == []
    assert [one.ok for one in home.replies()] == [True]


@pytest.mark.parametrize("knows", ["GetAllQueuedTransfers", "GetQueuedTransfers", ""])
def test_an_order_that_never_arrived_is_given_again_with_another_link(home, knows):
    home.answers(Download=rpc.DownloadResponse(1))
    task = home.put(Download(FIRMWARE, home.image()))
    first = home.dies_before_answering()
    home.restart()
    home.answers(Download=accepts(home))
    if knows:
        home.router.answers[getattr(rpc, knows)] = getattr(rpc, f"{knows}Response")(())
    *asked, again = home.session()
    assert asked[0] == rpc.GetAllQueuedTransfers()
    assert again.command_key == f"{task}.1"
    assert len(again.command_key) <= 32
    assert home.fetch(first.url).status_code == 404
    home.session(asks=[rpc.TransferComplete(task, "9016")])  # the first order fails, as it must
    assert home.replies() == []
    home.session(asks=[rpc.TransferComplete(again.command_key)])
    assert [one.ok for one in home.replies()] == [True]
    assert home.fetched == [b"image"]


class Table:
    """An object with instances, as a router has it."""

    def __init__(self):
        self.numbers = [1]
        self.applied = []

    def names(self, message):
        if message.path.count(".") > 2 and int(message.path.split(".")[2]) not in self.numbers:
            return rpc.Fault("9005", "no such object")
        below = message.path.count(".") > 2
        return rpc.GetParameterNamesResponse(
            (rpc.ParameterInfo(f"{message.path}Enable", True),)
            if below
            else tuple(rpc.ParameterInfo(f"Device.A.{n}.", True) for n in self.numbers)
        )

    def add(self, message):
        self.numbers.append(max(self.numbers) + 1)
        self.applied.append("add")
        return rpc.AddObjectResponse(self.numbers[-1], 0)

    def delete(self, message):
        self.numbers.remove(int(message.object_name.split(".")[2]))
        self.applied.append("delete")
        return rpc.DeleteObjectResponse(0)


@pytest.mark.parametrize("arrived", [True, False])
def test_an_addition_whose_answer_was_lost_is_done_once(home, arrived):
    table = Table()
    home.answers(GetParameterNames=table.names, AddObject=rpc.AddObjectResponse(9, 0))
    home.put(AddObject("Device.A."))
    home.router.begin()
    response = home.router.post(home.router.cwmp.finish())
    looked = home.router.cwmp.receive(response.get_data())
    response = home.router.post(home.router.cwmp.reply(table.names(looked.message)))
    added = home.router.cwmp.receive(response.get_data())
    assert isinstance(added.message, rpc.AddObject)
    if arrived:
        table.add(added.message)
    home.router.cwmp = type(home.router.cwmp)("again-", home.router.namespace)
    home.restart()
    home.answers(GetParameterNames=table.names, AddObject=table.add)
    home.session()
    assert table.applied == ["add"]
    assert [(one.ok, one.instance) for one in home.replies()] == [(True, 2)]


@pytest.mark.parametrize("arrived", [True, False])
def test_a_deletion_whose_answer_was_lost_is_done_once(home, arrived):
    table = Table()
    home.answers(DeleteObject=table.delete if arrived else rpc.DeleteObjectResponse(0))
    home.put(DeleteObject("Device.A.1."))
    home.dies_before_answering()
    home.restart()
    home.answers(GetParameterNames=table.names, DeleteObject=table.delete)
    home.session()
    assert table.applied == ["delete"]
    assert [one.ok for one in home.replies()] == [True]


@pytest.mark.parametrize(("events", "uncertain"), [(("0 BOOTSTRAP",), False), (("1 BOOT",), True)])
def test_a_factory_reset_whose_answer_was_lost(home, events, uncertain):
    home.answers(FactoryReset=rpc.FactoryResetResponse())
    home.put(FactoryReset())
    home.dies_before_answering()
    home.restart()
    home.answers()
    assert rpc.FactoryReset() not in home.session(*events)
    assert [(one.ok, one.uncertain) for one in home.replies() if one.fault_code == ""] == [
        (not uncertain, uncertain)
    ]


def test_a_scheduled_inform_whose_answer_was_lost_is_known_when_it_comes(home):
    home.answers(ScheduleInform=rpc.ScheduleInformResponse())
    task = home.put(ScheduleInform(60))
    home.dies_before_answering()
    home.restart()
    assert home.session("2 PERIODIC") == []
    assert home.replies() == []
    home.session("3 SCHEDULED", ("M ScheduleInform", task))
    assert [one.ok for one in home.replies()] == [True]


def test_attributes_whose_answer_was_lost_are_read_back(home):
    home.answers(SetParameterAttributes=rpc.SetParameterAttributesResponse())
    home.put(SetAttributes((("Device.A", 2),)))
    home.dies_before_answering()
    home.restart()
    told = rpc.GetParameterAttributesResponse((rpc.ParameterAttribute("Device.A", 2),))
    home.answers(GetParameterAttributes=told)
    assert home.session() == [rpc.GetParameterAttributes(("Device.A",))]
    assert [one.ok for one in home.replies()] == [True]


def test_a_write_answered_with_nothing_is_found_out_by_reading_back(home):
    """An empty message where an answer was due: done or not, it is not told as refused."""
    path = "Device.DHCPv4.Server.Enable"
    applied = []

    def write(message: rpc.SetParameterValues) -> rpc.SetParameterValuesResponse:
        applied.append(message.values)
        return rpc.SetParameterValuesResponse(0)

    home.answers(
        SetParameterValues=write,
        GetParameterValues=rpc.GetParameterValuesResponse((rpc.ParameterValue(path, "1", "xsd:boolean"),)),
    )
    home.put(SetValues(((path, "1", "xsd:boolean"),)))
    home.dies_before_answering()
    assert home.router.post(b"").status_code == 204
    assert home.replies() == []
    assert home.session() == [rpc.GetParameterValues((path,))]
    assert [one.ok for one in home.replies()] == [True]
    assert len(applied) == 1
