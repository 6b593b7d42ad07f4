"""The queue of tasks: order, what a lost reply leaves open and how it is settled, deadlines."""

from __future__ import annotations

import pytest

from backend import announcements, database
from backend.announcements import Hearers
from backend.devices import queue, records
from backend.devices.announcements import TaskFinished, TaskStarted
from backend.devices.statements import Statement
from workflows.effects import GetMethods, GetValues, LedgerNote, Reboot, Reply, SetValues, effect_to_json

pytestmark = pytest.mark.store
NOW = 1_700_000_000.0
NOTHING = ()
READ = GetValues(("Device.A.",))
WRITE = SetValues((("Device.A.On", "1", "xsd:boolean"), ("Device.A.N", "5", "xsd:int")))


@pytest.fixture
def device(tenant_id):
    return records.enrol(
        tenant_id, oui="00D09E", product_class="Hub", serial_number="R1", password="x", now=NOW
    )


@pytest.fixture
def heard():
    told = []
    table = {TaskStarted: Hearers(inside=[told.append]), TaskFinished: Hearers(inside=[told.append])}
    with announcements.wired(table, database.after_commit):
        yield told


def put(tenant, device, request, key="k", deadline_s=60.0, now=NOW):
    return queue.enqueue(
        tenant, device, owner_key=key, request=effect_to_json(request), deadline_at=now + deadline_s, now=now
    )


def read_back(claim, *values):
    assert claim.settles
    assert claim.rpc == GetValues(("Device.A.On", "Device.A.N"))
    return Reply(ok=True, at=NOW + 2, values={path: (value, "xsd:string") for path, value in values})


def lose(device, now=NOW + 1, events=NOTHING):
    """The session dies after the RPC left; the device begins another."""
    return queue.release(device, events, now)


def finished(heard):
    return [one.reply for one in heard if isinstance(one, TaskFinished)]


def test_tasks_leave_in_their_order_and_once(tenant_id, device, heard):
    for key in ("a", "b"):
        put(tenant_id, device, WRITE, key)
    first = queue.claim_next(device, NOW)
    second = queue.claim_next(device, NOW)
    assert (first.owner_key, second.owner_key, queue.claim_next(device, NOW)) == ("a", "b", None)
    assert heard == [TaskStarted(tenant_id, device, "a"), TaskStarted(tenant_id, device, "b")]


def test_a_read_stays_first_until_its_reply_is_here(tenant_id, device, heard):
    for key in ("a", "b"):
        put(tenant_id, device, READ, key)
    claim = queue.claim_next(device, NOW)
    assert queue.claim_next(device, NOW) == claim
    queue.complete(claim, Reply(ok=True, at=NOW))
    assert queue.claim_next(device, NOW).owner_key == "b"


def test_the_same_owner_key_is_the_same_task(tenant_id, device):
    assert put(tenant_id, device, WRITE) == put(tenant_id, device, READ)
    assert queue.claim_next(device, NOW).request == WRITE
    assert queue.claim_next(device, NOW) is None


def test_what_is_no_rpc_is_refused(tenant_id, device):
    with pytest.raises(KeyError):
        put(tenant_id, device, LedgerNote("hello"))


def test_a_reply_ends_the_task_and_is_told_once(tenant_id, device, heard):
    put(tenant_id, device, READ)
    claim = queue.claim_next(device, NOW)
    reply = Reply(ok=True, at=NOW + 1, values={"Device.A.On": ("1", "xsd:boolean")})
    queue.complete(claim, reply)
    queue.complete(claim, reply)
    assert heard[1:] == [TaskFinished(tenant_id, device, "k", reply)]
    assert lose(device) == 0


def test_a_fault_is_a_reply(tenant_id, device, heard):
    put(tenant_id, device, WRITE)
    reply = Reply(ok=False, at=NOW + 1, fault_code="9003", fault_text="no")
    queue.complete(queue.claim_next(device, NOW), reply)
    assert finished(heard) == [reply]


def test_what_a_hearer_queues_can_be_claimed_in_the_same_transaction(tenant_id, device):
    def next_one(told):
        put(tenant_id, device, GetMethods(), "next")

    put(tenant_id, device, READ)
    claim = queue.claim_next(device, NOW)
    with (
        announcements.wired({TaskFinished: Hearers(inside=[next_one])}, database.after_commit),
        database.transaction(),
    ):
        queue.complete(claim, Reply(ok=True, at=NOW))
        assert queue.claim_next(device, NOW).owner_key == "next"


def test_a_hearer_that_fails_leaves_the_task_as_it_was(tenant_id, device):
    def fails(told):
        raise ZeroDivisionError

    put(tenant_id, device, READ)
    claim = queue.claim_next(device, NOW)
    with (
        announcements.wired({TaskFinished: Hearers(inside=[fails])}, database.after_commit),
        pytest.raises(ZeroDivisionError),
    ):
        queue.complete(claim, Reply(ok=True, at=NOW))
    assert queue.claim_next(device, NOW) == claim


def test_a_read_whose_reply_was_lost_is_asked_again(tenant_id, device, heard):
    put(tenant_id, device, READ)
    claim = queue.claim_next(device, NOW)
    assert lose(device) == 0
    assert queue.claim_next(device, NOW + 1) == claim
    assert finished(heard) == []


def test_a_write_whose_reply_was_lost_is_found_done_by_reading_back(tenant_id, device, heard):
    put(tenant_id, device, WRITE)
    queue.claim_next(device, NOW)
    lose(device)
    claim = queue.claim_next(device, NOW + 1)
    queue.complete(claim, read_back(claim, ("Device.A.On", "true"), ("Device.A.N", "05")))
    assert finished(heard) == [Reply(ok=True, at=NOW + 2, status=0)]
    assert queue.claim_next(device, NOW + 3) is None


def test_a_write_that_never_happened_is_sent_again(tenant_id, device, heard):
    put(tenant_id, device, WRITE)
    queue.claim_next(device, NOW)
    lose(device)
    claim = queue.claim_next(device, NOW + 1)
    queue.complete(claim, read_back(claim, ("Device.A.On", "0"), ("Device.A.N", "5")))
    assert finished(heard) == []
    again = queue.claim_next(device, NOW + 3)
    assert (again.rpc, again.settles) == (WRITE, False)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(ok=False, at=NOW + 2, fault_code="9005"),
        Reply(ok=True, at=NOW + 2, values={"Device.A.On": ("1", "xsd:boolean")}),
    ],
)
def test_a_write_that_cannot_be_read_back_is_uncertain(tenant_id, device, heard, reply):
    put(tenant_id, device, WRITE)
    queue.claim_next(device, NOW)
    lose(device)
    queue.complete(queue.claim_next(device, NOW + 1), reply)
    assert finished(heard) == [Reply(ok=False, at=NOW + 2, uncertain=True)]


def test_a_written_secret_that_reads_empty_is_uncertain(tenant_id, device, heard):
    path = "Device.WiFi.AccessPoint.1.Security.KeyPassphrase"
    put(tenant_id, device, SetValues(((path, "new key", "xsd:string"),)))
    queue.claim_next(device, NOW)
    lose(device)
    queue.complete(
        queue.claim_next(device, NOW + 1), Reply(ok=True, at=NOW + 2, values={path: ("", "xsd:string")})
    )
    assert finished(heard) == [Reply(ok=False, at=NOW + 2, uncertain=True)]


def test_a_settling_read_that_is_lost_too_is_read_again(tenant_id, device, heard):
    put(tenant_id, device, WRITE)
    queue.claim_next(device, NOW)
    lose(device)
    queue.claim_next(device, NOW + 1)
    lose(device, NOW + 2)
    claim = queue.claim_next(device, NOW + 3)
    assert claim.settles
    assert isinstance(claim.rpc, GetValues)


def test_a_write_that_never_arrives_is_given_up(tenant_id, device, heard):
    put(tenant_id, device, WRITE)
    sent = 0
    while (claim := queue.claim_next(device, NOW)) is not None:
        if claim.settles:
            queue.complete(claim, read_back(claim, ("Device.A.On", "0"), ("Device.A.N", "0")))
        else:
            sent += 1
            lose(device)
    assert sent == queue.ATTEMPTS_LIMIT
    assert finished(heard) == [Reply(ok=False, at=NOW + 2, uncertain=True)]


@pytest.mark.parametrize(
    ("keys", "reply"),
    [
        ("own", Reply(ok=True, at=NOW + 1)),
        ("other", Reply(ok=False, at=NOW + 1, uncertain=True)),
    ],
)
def test_a_reboot_is_settled_by_its_command_key(tenant_id, device, heard, keys, reply):
    task = put(tenant_id, device, Reboot())
    assert len(task) <= 32
    queue.claim_next(device, NOW)
    lose(device, events=[("1 BOOT", ""), ("M Reboot", task if keys == "own" else "somebody else")])
    assert finished(heard) == [reply]


@pytest.mark.parametrize(
    ("request_", "sent", "reply"),
    [
        (READ, False, Reply(ok=False, at=NOW + 61, timed_out=True)),
        (READ, True, Reply(ok=False, at=NOW + 61, timed_out=True)),
        (WRITE, False, Reply(ok=False, at=NOW + 61, timed_out=True)),
        (WRITE, True, Reply(ok=False, at=NOW + 61, uncertain=True)),
        (Reboot(), True, Reply(ok=False, at=NOW + 61, uncertain=True)),
    ],
)
def test_a_deadline_ends_a_task_honestly(tenant_id, device, heard, request_, sent, reply):
    put(tenant_id, device, request_)
    claim = queue.claim_next(device, NOW) if sent else None
    assert queue.expire_due(NOW + 59) == 0
    assert queue.expire_due(NOW + 61) == 1
    assert finished(heard) == [reply]
    assert queue.expire_due(NOW + 62) == 0
    if claim is not None:  # a reply after the deadline changes nothing
        queue.complete(claim, Reply(ok=True, at=NOW + 63))
        assert len(finished(heard)) == 1


def test_a_write_waiting_to_be_settled_is_uncertain_at_its_deadline(tenant_id, device, heard):
    put(tenant_id, device, WRITE)
    queue.claim_next(device, NOW)
    lose(device)
    queue.expire_due(NOW + 61)
    assert finished(heard) == [Reply(ok=False, at=NOW + 61, uncertain=True)]


def test_an_expired_task_is_not_sent(tenant_id, device):
    put(tenant_id, device, READ)
    assert queue.claim_next(device, NOW + 60) is None
    assert not queue.waits(device, NOW + 60)
    assert queue.waits(device, NOW + 59)


def test_one_failing_hearer_does_not_keep_others_from_expiring(tenant_id, device):
    told = []

    def hear(event):
        if event.owner_key == "bad":
            raise ZeroDivisionError
        told.append(event.owner_key)

    for key in ("bad", "good"):
        put(tenant_id, device, READ, key)
    with announcements.wired({TaskFinished: Hearers(inside=[hear])}, database.after_commit):
        assert queue.expire_due(NOW + 61) == 1
    assert told == ["good"]


def test_whom_to_wake(tenant_id, device):
    assert queue.to_wake(NOW, 10) == []
    put(tenant_id, device, WRITE)
    (waiting,) = queue.to_wake(NOW + 1, 10)
    assert (waiting.tenant_id, waiting.device_id, waiting.heard_at) == (tenant_id, device, None)
    queue.claim_next(device, NOW + 2)
    assert queue.to_wake(NOW + 3, 10) == []
    assert len(queue.to_wake(NOW + 50, 10, lost_after_s=30)) == 1
    assert queue.to_wake(NOW + 60, 10, lost_after_s=30) == []


def test_a_request_with_a_secret_is_sealed(tenant_id, device):
    put(tenant_id, device, SetValues((("Device.WiFi.X.KeyPassphrase", "hush hush", "xsd:string"),)))
    kept = Statement("SELECT request FROM task WHERE device_id = ?")(device).fetchone()[0]
    assert "hush" not in kept
    assert queue.claim_next(device, NOW).request.values[0][1] == "hush hush"


def test_a_secret_that_was_read_is_masked_for_hearers(tenant_id, device, heard):
    put(tenant_id, device, GetValues(("Device.WiFi.",)))
    values = {"Device.WiFi.KeyPassphrase": ("hush", "xsd:string"), "Device.WiFi.SSID": ("home", "xsd:string")}
    queue.complete(queue.claim_next(device, NOW), Reply(ok=True, at=NOW, values=values))
    (reply,) = finished(heard)
    assert reply.values["Device.WiFi.SSID"][0] == "home"
    assert "hush" not in str(reply)


def test_old_tasks_are_forgotten(tenant_id, device):
    put(tenant_id, device, READ)
    queue.complete(queue.claim_next(device, NOW), Reply(ok=True, at=NOW))
    put(tenant_id, device, READ, "open")
    assert queue.forget(NOW + queue.KEEP_DONE_S) == 0
    assert queue.forget(NOW + queue.KEEP_DONE_S + 1) == 1


def test_what_is_asked_anew_is_taken_back_first(tenant_id, device, heard):
    put(tenant_id, device, READ, "bootstrap:one:a")
    put(tenant_id, device, READ, "bootstrap:one:b")
    put(tenant_id, device, READ, "run:0:0")
    assert queue.withdraw(device, "bootstrap:one:", NOW) == 2
    assert queue.claim_next(device, NOW).owner_key == "run:0:0"
    assert finished(heard) == []
