"""What becomes of a task, by its kind: pure, so every case is one line."""

from __future__ import annotations

import pytest

from backend.devices import settling
from backend.devices.links import Moved
from backend.devices.settling import ASK, BEFORE, COLLECT, SETTLE, STOP, Ended, Queued, Running, Work
from workflows.effects import (
    AddObject,
    AwaitContact,
    DeleteObject,
    Diagnose,
    Download,
    FactoryReset,
    GetMethods,
    GetNames,
    GetValues,
    Reboot,
    Reply,
    ScheduleInform,
    SetAttributes,
    SetValues,
    Upload,
)

NOW = 5.0
OK = Reply(ok=True, at=NOW)
FAULT = Reply(ok=False, at=NOW, fault_code="9002")
NO_SUCH = Reply(ok=False, at=NOW, fault_code="9005")
NOT_KNOWN = Reply(ok=False, at=NOW, fault_code="9000")
UNCERTAIN = Ended(Reply(ok=False, at=NOW, uncertain=True))
WRITE = SetValues((("D.A", "1", "xsd:boolean"),))
ADD, DELETE = AddObject("D.Pool."), DeleteObject("D.Pool.3.")
DOWN, UP = Download("1 Firmware Upgrade Image", "F"), Upload("1 Vendor Configuration File")
PING = Diagnose("D.Ping.", (("D.Ping.Host", "a.example", "xsd:string"),))


def work(request, stage=ASK, attempts=0, **context):
    return Work(request, "T1", stage, attempts, context)


def names(*numbers):
    told = tuple((f"D.Pool.{number}.", True) for number in numbers)
    return Reply(ok=True, at=NOW, names=(*told, ("D.Pool.Enable", True)))


NOTHING = Moved()


def answered(request, reply, moved=NOTHING, stage=ASK, attempts=0, **context):
    return settling.answered(work(request, stage, attempts, **context), reply, moved)


def state(value, reply=OK):
    from dataclasses import replace

    return replace(reply, values={"D.Ping.DiagnosticsState": (value, "xsd:string")})


@pytest.mark.parametrize(
    "request_",
    [
        GetValues(("D.",)),
        GetNames("D."),
        GetMethods(),
        WRITE,
        ADD,
        DELETE,
        SetAttributes((("D.A", 2),)),
        Reboot(),
        FactoryReset(),
        ScheduleInform(60),
    ],
)
@pytest.mark.parametrize("reply", [OK, FAULT])
def test_a_reply_to_the_request_itself_is_the_reply(request_, reply):
    assert answered(request_, reply) == Ended(reply)


# -- objects --------------------------------------------------------------------------------------


def test_an_object_is_added_after_a_look_at_what_is_there():
    assert settling.first_stage(ADD) == BEFORE
    assert answered(ADD, names(1, 2), stage=BEFORE) == Queued(ASK, {"before": [1, 2]})
    assert answered(ADD, FAULT, stage=BEFORE) == Queued(ASK, {"before": None})


@pytest.mark.parametrize(
    ("before", "reply", "then"),
    [
        ([1, 2], names(1, 2, 4), Ended(Reply(ok=True, at=NOW, status=0, instance=4))),
        ([1, 2], names(1, 2), Queued(ASK, {"before": [1, 2]}, 1)),
        ([1, 2], names(2), Queued(ASK, {"before": [1, 2]}, 1)),
        ([1], names(1, 2, 3), UNCERTAIN),
        ([1], FAULT, UNCERTAIN),
        (None, names(1), UNCERTAIN),
    ],
)
def test_a_lost_addition_is_found_by_its_number(before, reply, then):
    assert answered(ADD, reply, stage=SETTLE, before=before) == then


@pytest.mark.parametrize(
    ("reply", "then"),
    [
        (NO_SUCH, Ended(Reply(ok=True, at=NOW, status=0))),
        (OK, Ended(Reply(ok=True, at=NOW, status=0))),
        (Reply(ok=True, at=NOW, names=(("D.Pool.3.Enable", True),)), Queued(ASK, {}, 1)),
        (FAULT, UNCERTAIN),
    ],
)
def test_a_lost_deletion_is_found_by_looking(reply, then):
    assert answered(DELETE, reply, stage=SETTLE) == then


def test_lost_attributes_are_read_back():
    request = SetAttributes((("D.A", 2), ("D.B", 0)))
    told = {"D.A": ("2", "xsd:int"), "D.B": ("0", "xsd:int")}
    done = Reply(ok=True, at=NOW, values=told)
    assert answered(request, done, stage=SETTLE) == Ended(Reply(ok=True, at=NOW, status=0))
    other = Reply(ok=True, at=NOW, values={**told, "D.B": ("1", "xsd:int")})
    assert answered(request, other, stage=SETTLE) == Queued(ASK, {}, 1)
    assert answered(request, NOT_KNOWN, stage=SETTLE) == UNCERTAIN


@pytest.mark.parametrize("request_", [WRITE, DELETE])
def test_nothing_is_sent_for_ever(request_):
    there = Reply(ok=True, at=NOW, names=(("D.Pool.3.E", True),), values={"D.A": ("0", "xsd:boolean")})
    assert answered(request_, there, stage=SETTLE, attempts=settling.ATTEMPTS_LIMIT - 1) == UNCERTAIN


# -- at the next contact --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "events", "was_sent", "then"),
    [
        (WRITE, [], True, Queued(SETTLE)),
        (ADD, [], True, Queued(SETTLE)),
        (DELETE, [("1 BOOT", "")], True, Queued(SETTLE)),
        (SetAttributes(()), [], True, Queued(SETTLE)),
        (Reboot(), [("M Reboot", "T1")], True, Ended(OK)),
        (Reboot(), [("1 BOOT", ""), ("M Reboot", "T2")], True, UNCERTAIN),
        (FactoryReset(), [("0 BOOTSTRAP", "")], True, Ended(OK)),
        (FactoryReset(), [("1 BOOT", "")], True, UNCERTAIN),
        (ScheduleInform(60), [("3 SCHEDULED", ""), ("M ScheduleInform", "T1")], True, Ended(OK)),
        (ScheduleInform(60), [("2 PERIODIC", "")], True, Running()),
        (ScheduleInform(60), [("2 PERIODIC", "")], False, None),
        (ScheduleInform(60), [("M ScheduleInform", "T1")], False, Ended(OK)),
        (DOWN, [], True, Queued(SETTLE)),
        (DOWN, [("M Download", "T1")], True, Running({}, settling.STUCK_S, "accepted")),
        (UP, [("M Upload", "T1")], True, Running({}, settling.STUCK_S, "accepted")),
        (DOWN, [("M Download", "T1")], False, None),
        (PING, [], True, Queued(SETTLE)),
        (PING, [("8 DIAGNOSTICS COMPLETE", "")], True, Queued(COLLECT)),
        (PING, [("8 DIAGNOSTICS COMPLETE", "")], False, Queued(COLLECT)),
        (PING, [("1 BOOT", "")], False, Queued(COLLECT)),
        (PING, [("2 PERIODIC", "")], False, None),
        (Diagnose("D.Ping.", (), 5), [("2 PERIODIC", "")], False, Queued(COLLECT)),
        (AwaitContact(), [("2 PERIODIC", "")], False, Ended(OK)),
        (AwaitContact(("1 BOOT", "0 BOOTSTRAP")), [("1 BOOT", "")], False, Ended(OK)),
        (AwaitContact(("1 BOOT",)), [("2 PERIODIC", "")], False, None),
    ],
)
def test_what_an_inform_says(request_, events, was_sent, then):
    assert settling.called(work(request_), events, was_sent, NOW) == then


# -- transfers ------------------------------------------------------------------------------------

ACCEPTED = Running({}, settling.STUCK_S, "accepted")
LISTED = Reply(ok=True, at=NOW, values={"T1": ("2", "xsd:int")})
NONE_LISTED = Reply(ok=True, at=NOW, values={"other": ("1", "xsd:int")})
BEGUN, WHOLE = Moved(touched=True), Moved(True, True, "F9")


@pytest.mark.parametrize(
    ("request_", "reply", "moved", "then"),
    [
        (DOWN, Reply(ok=True, at=NOW, status=1), Moved(), ACCEPTED),
        (DOWN, Reply(ok=True, at=NOW, status=0), WHOLE, Ended(Reply(ok=True, at=NOW, status=0))),
        (DOWN, FAULT, Moved(), Ended(FAULT)),
        (UP, Reply(ok=True, at=NOW, status=0), WHOLE, Ended(Reply(ok=True, at=NOW, status=0, file_id="F9"))),
        (
            UP,
            Reply(ok=True, at=NOW, status=0),
            BEGUN,
            Ended(Reply(ok=False, at=NOW, fault_code="9011", fault_text="The file did not arrive.")),
        ),
    ],
)
def test_what_a_device_says_to_an_order(request_, reply, moved, then):
    assert answered(request_, reply, moved) == then


@pytest.mark.parametrize(
    ("request_", "reply", "moved", "then"),
    [
        (DOWN, LISTED, Moved(), ACCEPTED),
        (DOWN, NONE_LISTED, BEGUN, ACCEPTED),
        (DOWN, NONE_LISTED, WHOLE, ACCEPTED),
        (DOWN, NONE_LISTED, Moved(), Queued(ASK, {}, 1, revoke=True)),
        (DOWN, NOT_KNOWN, Moved(), Queued(SETTLE, {"older": True})),
        (DOWN, FAULT, Moved(), ACCEPTED),
        (UP, NONE_LISTED, WHOLE, Ended(Reply(ok=True, at=NOW, status=0, file_id="F9"))),
        (UP, LISTED, WHOLE, ACCEPTED),
    ],
)
def test_a_lost_order_is_asked_after(request_, reply, moved, then):
    assert answered(request_, reply, moved, SETTLE) == then


def test_a_device_that_cannot_tell_gets_the_order_again_only_without_its_link():
    older = {"older": True}
    assert answered(DOWN, NOT_KNOWN, Moved(), SETTLE, **older) == Queued(ASK, older, 1, revoke=True)
    assert answered(DOWN, NOT_KNOWN, BEGUN, SETTLE, **older) == Running(older, settling.STUCK_S, "accepted")


def test_an_order_that_never_arrives_is_given_up():
    assert answered(DOWN, NONE_LISTED, Moved(), SETTLE, 2) == UNCERTAIN


def test_a_transfer_is_stopped_where_the_device_can():
    gone = Ended(settling.cancelled(NOW))
    assert answered(DOWN, OK, Moved(), STOP, stop=True) == gone
    left = Running({"stop": True, "unstoppable": True}, settling.STUCK_S, "accepted")
    assert answered(DOWN, FAULT, Moved(), STOP, stop=True) == left
    assert answered(DOWN, NONE_LISTED, Moved(), SETTLE, stop=True) == gone
    taken = Reply(ok=True, at=NOW, status=1)
    assert answered(DOWN, taken, Moved(), ASK, stop=True) == Queued(STOP, {"stop": True})


@pytest.mark.parametrize(
    ("request_", "code", "moved", "reply"),
    [
        (DOWN, "0", WHOLE, Reply(ok=True, at=NOW, status=0)),
        (DOWN, "", Moved(), Reply(ok=True, at=NOW, status=0)),
        (DOWN, "9018", WHOLE, Reply(ok=False, at=NOW, fault_code="9018", fault_text="why")),
        (UP, "0", WHOLE, Reply(ok=True, at=NOW, status=0, file_id="F9")),
        (UP, "9011", WHOLE, Reply(ok=True, at=NOW, status=0, file_id="F9")),
        (UP, "9011", BEGUN, Reply(ok=False, at=NOW, fault_code="9011", fault_text="why")),
    ],
)
def test_what_transfer_complete_means(request_, code, moved, reply):
    assert settling.completed(work(request_), code, "why", moved, NOW) == reply


# -- diagnostics ----------------------------------------------------------------------------------

MEASURING = Running({}, 90.0, "measuring")


def test_a_run_goes_on_beyond_its_session():
    assert answered(PING, OK) == MEASURING
    assert answered(PING, FAULT) == Ended(FAULT)
    assert answered(Diagnose("D.Ping.", (), 7), OK) == Running({}, 7.0, "measuring")


def test_what_is_read_of_a_run():
    assert answered(PING, state("Complete"), stage=COLLECT) == Ended(state("Complete"))
    assert answered(PING, state(" Completed "), stage=COLLECT) == Ended(state(" Completed "))
    assert answered(PING, state("0"), stage=COLLECT) == Ended(state("0"))  # a vendor's own, a boolean
    assert answered(PING, state("Requested"), stage=COLLECT) == MEASURING
    assert answered(PING, state("1"), stage=COLLECT) == MEASURING
    assert answered(PING, state("Vendor busy"), stage=COLLECT) == MEASURING
    assert answered(PING, FAULT, stage=COLLECT) == Ended(FAULT)
    failed = answered(PING, state("Error_CannotResolveHostName"), stage=COLLECT)
    assert (failed.reply.ok, failed.reply.fault_code) == (False, "Error_CannotResolveHostName")
    assert failed.reply.values is not None
    long = answered(PING, state("Error_" + "x" * 500), stage=COLLECT)
    assert len(long.reply.fault_code) == 64


@pytest.mark.parametrize("told", ["None", ""])
def test_a_run_that_a_restart_ended_begins_again(told):
    assert answered(PING, state(told), stage=COLLECT) == Queued(ASK, {}, 1)
    last = answered(PING, state(told), stage=COLLECT, attempts=2)
    assert (last.reply.ok, last.reply.fault_code) == (False, "interrupted")


def test_what_an_older_run_left_is_not_taken_for_this_one():
    assert answered(PING, state("Complete"), stage=SETTLE) == Queued(ASK, {}, 1)
    assert answered(PING, state("Requested"), stage=SETTLE) == MEASURING


# -- deadlines ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "stage", "row_state", "uncertain"),
    [
        (WRITE, ASK, "queued", False),
        (WRITE, ASK, "sent", True),
        (WRITE, SETTLE, "queued", True),
        (ADD, BEFORE, "queued", False),
        (DOWN, ASK, "running", True),
        (DOWN, STOP, "queued", True),
        (FactoryReset(), ASK, "sent", True),
        (ScheduleInform(5), ASK, "running", True),
        (UP, ASK, "running", False),
        (PING, ASK, "running", False),
        (AwaitContact(), ASK, "running", False),
        (GetValues(("D.",)), ASK, "queued", False),
    ],
)
def test_a_deadline_is_honest(request_, stage, row_state, uncertain):
    reply = settling.overdue(work(request_, stage), row_state, NOW)
    assert reply == Reply(ok=False, at=NOW, uncertain=uncertain, timed_out=not uncertain)


def test_who_is_silent_is_asked():
    assert settling.looked_after(work(PING)) == Queued(COLLECT)
    assert settling.looked_after(work(DOWN, older=True)) == Queued(SETTLE, {"older": True})


def test_what_is_marked_as_sent():
    for request_ in (WRITE, ADD, DELETE, DOWN, UP, PING, Reboot(), FactoryReset(), ScheduleInform(1)):
        assert settling.is_marked(request_, ASK)
        assert not settling.is_marked(request_, SETTLE)
    assert settling.is_marked(DOWN, STOP)
    for request_ in (GetValues(()), GetNames("D."), GetMethods()):
        assert not settling.is_marked(request_, ASK)


def test_instances_are_the_numbers_right_below():
    told = [("D.P.", True), ("D.P.10.", True), ("D.P.2.X", True), ("D.P.N", True), ("D.PX.4.", True)]
    assert settling.instances("D.P.", told) == [2, 10]
