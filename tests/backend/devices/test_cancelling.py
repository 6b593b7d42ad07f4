"""Work that is taken back: as far as that is still possible, and no further."""

from __future__ import annotations

import pytest

from backend import announcements, database
from backend.announcements import Hearers
from backend.cwmp import rpc
from backend.devices import files, links, queue, records
from backend.devices.announcements import TaskFinished
from backend.devices.queue import Cancelled
from backend.errors import TooMany
from workflows.effects import (
    AwaitContact,
    Diagnose,
    Download,
    GetValues,
    Reply,
    SetValues,
    effect_to_json,
)

pytestmark = pytest.mark.store
NOW = 1_700_000_000.0
READ = GetValues(("Device.A.",))
WRITE = SetValues((("Device.A.N", "5", "xsd:int"),))
TAKEN = Reply(ok=True, at=NOW, status=1)


@pytest.fixture
def device(tenant_id):
    return records.enrol(
        tenant_id, oui="00D09E", product_class="Hub", serial_number="R1", password="x", now=NOW
    )


@pytest.fixture
def heard():
    told = []
    table = {TaskFinished: Hearers(inside=[lambda news: told.append((news.owner_key, news.reply))])}
    with announcements.wired(table, database.after_commit):
        yield told


def put(tenant, device, request, key="run:0:0"):
    return queue.enqueue(
        tenant, device, owner_key=key, request=effect_to_json(request), deadline_at=NOW + 900, now=NOW
    )


@pytest.fixture
def order(tenant_id, device):
    """A Download that waits in the queue."""
    file_id = files.put(
        tenant_id, kind="firmware", name="a", version="2", models=["M"], content=[b"x"], now=NOW
    )
    return put(tenant_id, device, Download("1 Firmware Upgrade Image", file_id))


def codes(heard):
    return [(key, reply.ok, reply.fault_code) for key, reply in heard]


def test_what_has_not_left_ends(tenant_id, device, heard):
    task = put(tenant_id, device, WRITE)
    put(tenant_id, device, READ, "other:0:0")
    assert queue.cancel(tenant_id, device, task_id=task, now=NOW) == Cancelled(ended=1)
    assert codes(heard) == [("run:0:0", False, "cancelled")]
    assert queue.claim_next(device, NOW).owner_key == "other:0:0"
    assert queue.cancel(tenant_id, device, task_id=task, now=NOW) == Cancelled()


def test_an_owner_takes_back_all_of_its_own_and_hears_nothing(tenant_id, device, heard):
    put(tenant_id, device, WRITE, "run:0:0")
    put(tenant_id, device, AwaitContact(), "run:0:1")
    put(tenant_id, device, READ, "run2:0:0")
    assert queue.cancel(tenant_id, device, owner_prefix="run:", now=NOW, tell=False) == Cancelled(ended=2)
    assert heard == []
    assert queue.claim_next(device, NOW).owner_key == "run2:0:0"


def test_another_tenant_takes_nothing_back(tenant_id, device, make_tenant):
    task = put(tenant_id, device, WRITE)
    other = make_tenant("south").tenant_id
    assert queue.cancel(other, device, task_id=task, now=NOW) == Cancelled()


def test_a_write_that_has_left_cannot_be_stopped(tenant_id, device, heard):
    task = put(tenant_id, device, WRITE)
    claim = queue.claim_next(device, NOW)
    assert queue.cancel(tenant_id, device, task_id=task, now=NOW) == Cancelled(cannot=1)
    queue.release(device, (), NOW)
    assert queue.cancel(tenant_id, device, task_id=task, now=NOW) == Cancelled(cannot=1)
    queue.complete(claim, Reply(ok=True, at=NOW, status=0))
    assert codes(heard) == [("run:0:0", True, "")]


def test_a_measurement_and_a_wait_end_at_once(tenant_id, device, heard):
    put(tenant_id, device, Diagnose("Device.Ping."))
    queue.complete(queue.claim_next(device, NOW), TAKEN)
    put(tenant_id, device, AwaitContact(), "run:0:1")
    put(tenant_id, device, SetValues((("Device.Ping.Host", "a", "xsd:string"),)), "next:0:0")
    assert queue.claim_next(device, NOW) is None
    assert queue.cancel(tenant_id, device, owner_prefix="run:", now=NOW) == Cancelled(ended=2)
    assert queue.claim_next(device, NOW).owner_key == "next:0:0"


def test_a_transfer_is_stopped_by_the_device(tenant_id, device, order, heard):
    claim = queue.claim_next(device, NOW)
    queue.complete(claim, TAKEN)
    assert queue.cancel(tenant_id, device, task_id=order, now=NOW) == Cancelled(stopping=1)
    assert links.of_token(claim.transfer.url.rpartition("/")[2], NOW) is None
    stop = queue.claim_next(device, NOW)
    assert stop.message == rpc.CancelTransfer(order)
    queue.complete(stop, Reply(ok=True, at=NOW))
    assert codes(heard) == [("run:0:0", False, "cancelled")]


def test_a_transfer_that_is_being_ordered_is_stopped_as_soon_as_it_is_taken(tenant_id, device, order, heard):
    claim = queue.claim_next(device, NOW)
    assert queue.cancel(tenant_id, device, task_id=order, now=NOW) == Cancelled(stopping=1)
    queue.complete(claim, TAKEN)
    assert queue.claim_next(device, NOW).message == rpc.CancelTransfer(order)


def test_a_device_that_cannot_stop_goes_on(tenant_id, device, order, heard):
    queue.complete(queue.claim_next(device, NOW), TAKEN)
    queue.cancel(tenant_id, device, task_id=order, now=NOW)
    queue.complete(queue.claim_next(device, NOW), Reply(ok=False, at=NOW, fault_code="9000"))
    assert queue.cancel(tenant_id, device, task_id=order, now=NOW) == Cancelled(cannot=1)
    assert queue.claim_next(device, NOW) is None
    assert heard == []


def test_a_stop_whose_answer_was_lost_is_asked_after(tenant_id, device, order, heard):
    queue.complete(queue.claim_next(device, NOW), TAKEN)
    queue.cancel(tenant_id, device, task_id=order, now=NOW)
    queue.claim_next(device, NOW)
    queue.release(device, (), NOW)
    asked = queue.claim_next(device, NOW)
    assert asked.message == rpc.GetAllQueuedTransfers()
    queue.complete(asked, Reply(ok=True, at=NOW, values={}))
    assert codes(heard) == [("run:0:0", False, "cancelled")]


def test_a_claim_is_found_again_by_another_process(tenant_id, device, order):
    claim = queue.claim_next(device, NOW)
    again = queue.resumed(device, order, claim.stage)
    assert (again.task_id, again.request, again.stage) == (order, claim.request, claim.stage)
    assert queue.resumed(device, order, "settle") is None
    queue.complete(again, TAKEN)
    assert queue.resumed(device, order, "ask") is None
    queue.complete(again, Reply(ok=False, at=NOW, fault_code="9018"))
    assert queue.resumed(device, order, "ask") is None


def test_a_devices_queue_has_an_end(tenant_id, device, monkeypatch):
    monkeypatch.setattr(queue, "OPEN_LIMIT_TASKS", 2)
    for n in range(2):
        put(tenant_id, device, READ, f"k{n}")
    with pytest.raises(TooMany):
        put(tenant_id, device, READ, "k2")


def test_a_silent_transfer_is_asked_after(tenant_id, device, order, heard):
    queue.complete(queue.claim_next(device, NOW), TAKEN)
    assert queue.look_after(NOW + 599) == 0
    assert queue.look_after(NOW + 600) == 1
    asked = queue.claim_next(device, NOW + 601)
    assert asked.message == rpc.GetAllQueuedTransfers()
    queue.complete(asked, Reply(ok=True, at=NOW + 601, values={order: ("2", "xsd:int")}))
    assert queue.look_after(NOW + 700) == 0
    assert heard == []
    assert queue.expire_due(NOW + 901) == 1
    assert heard[0][1].uncertain
