"""Background work: the sweep, and the queue of jobs nobody waits for.

The rows say what is to be done; everything here only looks and rings (STACK: the queue is a doorbell). A
person's work never waits for it: wakes, pushes and next steps are started by the process that committed
them. What those lose, the sweep finds again: runs whose deadline has passed, tasks to expire, devices to
wake, silent sessions. Doing any of it twice changes nothing, so several workers may sweep at once.

Embedded, the sweep does the work itself, every second. As processes of their own, one worker sweeps (the one
that holds the claim in PostgreSQL; when it ends, the next takes over) and rings a job a run on Huey over
Redis, and whichever worker is free takes it. Housekeeping is a job of the hour. What only one process knows,
such as the open sessions of the ACS, is swept there (`Sweeper`).
"""

from __future__ import annotations

import json
import signal
import threading
import time
from collections.abc import Callable
from typing import Any, Final

import redis
import structlog
from flask import Flask
from gevent.monkey import is_module_patched
from huey import RedisHuey, SqliteHuey, crontab
from huey.api import Huey
from huey.consumer import Consumer
from huey.registry import Message
from huey.serializer import Serializer

from backend import database
from backend.config import Config
from backend.devices import files, history, links, queue, wake, waking
from backend.errors import Unavailable
from backend.identity import authentication
from backend.live import doorbell
from backend.postgresql import Only
from backend.runs import perform

log = structlog.get_logger(__name__)

SWEEP_EVERY_S: Final = 1.0
STOP_WAIT_S: Final = 1.0
JOBS_AT_ONCE: Final = 4
IDLE_POLL_LIMIT_S: Final = 2.0
WAKE_BATCH_DEVICES: Final = 200
WAKE_LEFT_S: Final = 3.0
"""Whoever queued a task wakes its device; after so long another process does."""
REDIS_WAIT_S: Final = 5.0

Sweep = Callable[[float], object]


class JsonMessages(Serializer):
    """Jobs as JSON: what lies in a store is data and never code."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps(list(data)).encode()

    def _deserialize(self, data: bytes) -> Message:
        return Message(*json.loads(data))


class JobConsumer(Consumer):
    """Huey's consumer inside a process that has signal handlers of its own."""

    def _set_signal_handlers(self) -> None:
        """Leave the process's handlers alone: with Huey's a stop would take half a minute."""


class Sweeper:
    """`sweeps` in turn, each costing only itself when it fails; with `only`, while this process has it."""

    def __init__(
        self, sweeps: list[Sweep], *, only: Only | None = None, every_s: float = SWEEP_EVERY_S
    ) -> None:
        self._sweeps = sweeps
        self._only = only
        self._every_s = every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweep", daemon=True)

    def start(self) -> None:
        """Begin sweeping."""
        self._thread.start()

    def stop(self) -> None:
        """End within about STOP_WAIT_S; what is left undone is found by the next sweep of whoever starts."""
        self._stopping.set()
        self._thread.join(STOP_WAIT_S)

    def working(self) -> bool:
        """Whether it still goes round."""
        return self._thread.is_alive()

    def sweep(self, now: float) -> None:
        """One round of all sweeps."""
        for sweep in self._sweeps:
            try:
                with database.connection():
                    sweep(now)
            except Unavailable as error:
                log.warning("sweep_put_off", why=error.code)
            except Exception:
                log.exception("sweep_failed", sweep=getattr(sweep, "__qualname__", repr(sweep)))

    def _run(self) -> None:
        sweeping = self._only is None
        while not self._stopping.wait(self._every_s):
            if self._only is not None:
                sweeping, before = self._only.held(), sweeping
                if sweeping is not before:
                    log.info("sweeping" if sweeping else "sweeping_ended")
            if sweeping:
                self.sweep(time.time())
        if self._only is not None:
            self._only.give_up()


class Background(Sweeper):
    """The background work of one process: its sweeps, and the jobs of the queue."""

    def __init__(
        self,
        config: Config,
        sweeps: list[Sweep],
        *,
        only: Only | None = None,
        every_s: float = SWEEP_EVERY_S,
    ) -> None:
        super().__init__(sweeps, only=only, every_s=every_s)
        self.jobs = _jobs(config)
        self.housekeeping = self.jobs.periodic_task(crontab(minute="17"))(housekeeping)
        self.run_due = self.jobs.task()(run_due)
        self._consumer = JobConsumer(
            self.jobs,
            workers=JOBS_AT_ONCE,
            max_delay=IDLE_POLL_LIMIT_S,
            shutdown_timeout=STOP_WAIT_S,
            worker_type="greenlet" if is_module_patched("threading") else "thread",
        )

    def start(self) -> None:
        """Begin sweeping and taking jobs."""
        super().start()
        self._consumer.start()

    def stop(self) -> None:
        """End within about STOP_WAIT_S; what is left undone is found by the next sweep of whoever starts."""
        self._stopping.set()
        self._consumer.stop(graceful=True)
        super().stop()

    def ring_due(self, now: float) -> None:
        """A sweep for many workers.

        A job for each run whose deadline has passed, rung again until it is done. Without the queue the sweep
        does the work itself: nobody waits for Redis to come back.
        """
        for tenant_id, run_id, seq in perform.due_runs(now):
            try:
                self.run_due(tenant_id, run_id, seq)
            except (redis.RedisError, OSError) as error:
                log.warning("queue_unavailable", error=str(error))
                time_out_runs(now)
                return


def start_embedded(app: Flask) -> Callable[[], None]:
    """Begin the background work inside the process that also serves; gives what stops it."""
    config: Config = app.extensions["careflow_config"]
    sweeps: list[Sweep] = [time_out_runs, expire_tasks, look_after_tasks, wake_waiting]
    routers = app.extensions.get("careflow_acs")
    if routers is not None:
        sweeps.append(routers.sweep)
    background = Background(config, sweeps, only=database.only_one("sweep"))
    background.start()
    return background.stop


def run(app: Flask) -> int:
    """The `worker` command: work until SIGTERM or SIGINT. Gives the exit code."""
    config: Config = app.extensions["careflow_config"]
    sweeps: list[Sweep] = [expire_tasks, look_after_tasks, wake_left]
    waking.start(redis_url=config.redis_url)
    doorbell.start()
    background = Background(config, sweeps, only=database.only_one("sweep"))
    sweeps.append(background.ring_due)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    background.start()
    log.info("working")
    ended.wait()
    background.stop()
    return 0


# -- what is done ---------------------------------------------------------------------------------


def time_out_runs(now: float) -> None:
    """Let each run whose deadline has passed decide; one that fails does not keep the others waiting."""
    for tenant_id, run_id, seq in perform.due_runs(now):
        try:
            perform.timer_due(tenant_id, run_id, seq, now)
        except Exception:
            log.exception("run_timer_failed", run=run_id, tenant=tenant_id)


def run_due(tenant_id: str, run_id: str, seq: int) -> None:
    """The job of one deadline: it does nothing when `seq` is no longer the run's."""
    with database.connection():
        perform.timer_due(tenant_id, run_id, seq, time.time())


def expire_tasks(now: float) -> None:
    """End the tasks whose deadline has passed."""
    queue.expire_due(now)


def look_after_tasks(now: float) -> None:
    """Ask after transfers and measurements that have been silent for long."""
    queue.look_after(now)


def wake_waiting(now: float, queued_for_s: float = 0.0) -> None:
    """Call the devices again that have something to fetch, as their back-off allows."""
    waker = wake.bound()
    if waker is not None:
        waker.rewake(queue.to_wake(now, WAKE_BATCH_DEVICES, queued_for_s=queued_for_s))


def wake_left(now: float) -> None:
    """The same for a process that queues no tasks of people: those who did have woken the device already."""
    wake_waiting(now, WAKE_LEFT_S)


def housekeeping(now: float | None = None) -> None:
    """Forget what has had its time (every table has a retention time); as a job it takes the time itself."""
    now = time.time() if now is None else now
    with database.connection():
        tasks = queue.forget(now)
        codes = authentication.forget_expired(now)
        sessions = history.forget(now)
        ended_links, old_files = links.sweep(now), files.sweep(now)
        database.optimize()
    swept = {
        "tasks": tasks,
        "sign_ins": codes,
        "sessions": sessions,
        "links": ended_links,
        "files": old_files,
    }
    log.info("housekeeping", **swept)


def _jobs(config: Config) -> Huey:
    """The queue of jobs: a file in the data folder, or Redis for many processes."""
    settings: dict[str, Any] = {"results": False, "serializer": JsonMessages()}
    if config.redis_url:
        pool = redis.ConnectionPool.from_url(
            config.redis_url, socket_connect_timeout=REDIS_WAIT_S, socket_timeout=REDIS_WAIT_S
        )
        return RedisHuey("careflow", connection_pool=pool, **settings)
    return SqliteHuey("careflow", filename=str(config.data_dir / "jobs.db"), fsync=False, **settings)
