"""Background work: what a sweep finds, what a failing one costs, jobs through Huey, a quick stop."""

from __future__ import annotations

import threading

import pytest
from huey.registry import Message
from structlog.testing import capture_logs

from backend import announcements, database, worker
from backend.announcements import Hearers
from backend.devices import queue, records, wake
from backend.devices.announcements import TaskFinished
from backend.devices.wake import Waker
from backend.worker import Background, JsonMessages
from workflows.effects import GetValues, effect_to_json

NOW = 1_800_000_000.0


@pytest.fixture
def device(tenant_id):
    return records.enrol(
        tenant_id, oui="00D09E", product_class="Hub", serial_number="R1", password="x", now=NOW
    )


def put(tenant_id, device):
    return queue.enqueue(
        tenant_id,
        device,
        owner_key="k",
        request=effect_to_json(GetValues(("Device.A",))),
        deadline_at=NOW + 60,
        now=NOW,
    )


def test_tasks_past_their_deadline_end(tenant_id, device):
    told = []
    put(tenant_id, device)
    with announcements.wired({TaskFinished: Hearers(inside=[told.append])}, database.after_commit):
        worker.expire_tasks(NOW + 59)
        assert told == []
        worker.expire_tasks(NOW + 61)
    assert told[0].reply.timed_out


def test_devices_with_tasks_are_called_again(tenant_id, device):
    started = []
    wake.bind(Waker(records.wake_target, lambda target: "accepted", started.append))
    try:
        worker.wake_waiting(NOW)
        assert started == []
        put(tenant_id, device)
        assert len(started) == 1
        wake.bind(Waker(records.wake_target, lambda target: "accepted", started.append))
        worker.wake_waiting(NOW + 1)
        assert len(started) == 2
    finally:
        wake.bind(None)


def test_a_deadline_of_a_run_that_is_gone_is_no_news(tenant_id):
    worker.time_out_runs(NOW)
    worker.run_due(tenant_id, "nothing", 1)


def test_one_failing_sweep_costs_itself_only(database_bound):
    done = []

    def fails(now):
        raise ZeroDivisionError

    background = Background(database_bound, [fails, done.append])
    with capture_logs() as logs:
        background.sweep(NOW)
    assert done == [NOW]
    assert [line["event"] for line in logs] == ["sweep_failed"]


def test_the_sweep_goes_round_until_it_is_stopped(database_bound):
    rounds, enough = [], threading.Event()

    def sweep(now):
        rounds.append(now)
        if len(rounds) == 3:
            enough.set()

    background = Background(database_bound, [sweep], every_s=0.001)
    background.start()
    assert enough.wait(10)
    background.stop()
    swept = len(rounds)
    assert not background.working()
    assert len(rounds) == swept


def test_a_job_is_taken_from_the_queue(database_bound, tenant_id, monkeypatch):
    taken, done = [], threading.Event()

    def due(*given):
        taken.append(given[:3])
        done.set()

    monkeypatch.setattr(worker.perform, "due_runs", lambda now: [(tenant_id, "run", 7)])
    monkeypatch.setattr(worker.perform, "timer_due", due)
    background = Background(database_bound, [])
    background.start()
    background.ring_due(NOW)
    assert done.wait(10)
    background.stop()
    assert taken == [(tenant_id, "run", 7)]


def test_jobs_are_kept_as_json():
    message = Message("id", "backend.worker.run_due", None, 0, 0, None, ("t", "r", 1), {})
    kept = JsonMessages().serialize(message)
    assert kept.startswith(b"[")
    read = JsonMessages().deserialize(kept)
    assert (read.name, list(read.args), read.kwargs) == ("backend.worker.run_due", ["t", "r", 1], {})


def test_housekeeping_forgets_what_has_had_its_time(tenant_id, device):
    put(tenant_id, device)
    queue.expire_due(NOW + 61)
    worker.housekeeping(NOW + queue.KEEP_DONE_S)
    assert queue.forget(NOW + queue.KEEP_DONE_S + 62) == 1
