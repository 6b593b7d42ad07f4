"""A firmware upgrade and a backup survive the end of every process in their middle, and happen once."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.stack import ROOT, Stack

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

SERIAL = "NV0000000001"
INSTALLED = ("Download", "9.9.9")
LIMIT_S = 150.0
LOOK_S = 0.05
Row = dict[str, Any]


def order(stack: Stack, what: str, version: str = "9.9.9") -> str:
    command = [sys.executable, "-m", "tests.journeys.order", SERIAL, what, version]
    done = subprocess.run(
        command, cwd=ROOT, env=stack._environ(), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


def seen(stack: Stack, task: str) -> Row:
    """The task as the database has it: state, phase of its progress, reply, and its link's bytes."""
    with closing(sqlite3.connect(f"file:{stack.data_dir}/careflow.db?mode=ro", uri=True)) as store:
        state, progress, reply = store.execute(
            "SELECT state, progress, reply FROM task WHERE id = ?", (task,)
        ).fetchone()
        moved = store.execute(
            "SELECT COALESCE(MAX(moved_bytes), 0) FROM transfer_link WHERE task_id = ?", (task,)
        ).fetchone()[0]
    phase = json.loads(progress)["phase"] if progress else ""
    return {"state": state, "phase": phase, "moved": moved, "reply": json.loads(reply) if reply else None}


def until(stack: Stack, task: str, holds: Callable[[Row], bool]) -> Row:
    """The task as soon as that holds of it, or as it has ended."""
    deadline_s, quiet = time.monotonic() + LIMIT_S, threading.Event()
    while True:
        row = seen(stack, task)
        if holds(row) or row["state"] in ("done", "expired"):
            return row
        assert time.monotonic() < deadline_s, row
        quiet.wait(LOOK_S)


def ended(stack: Stack, task: str) -> Row:
    return until(stack, task, lambda row: False)


MOMENTS: dict[str, Callable[[Row], bool]] = {
    "ordered": lambda row: row["state"] != "queued",
    "under way": lambda row: row["moved"] > 300_000,
    "all of it there": lambda row: row["moved"] >= 1_500_000,
}
SHORT = {("ordered", "server"), ("under way", "power"), ("all of it there", "server")}
ALL = [
    pytest.param(moment, what, marks=() if (moment, what) in SHORT else pytest.mark.soak)
    for moment in MOMENTS
    for what in ("power", "server")
]


@pytest.mark.parametrize(("moment", "what"), ALL)
def test_firmware_is_installed_once(moment: str, what: str, tmp_path: Path):
    with Stack(tmp_path) as stack:
        task = order(stack, "firmware")
        until(stack, task, MOMENTS[moment])
        stack.kill(what)
        stack.start_again(what)
        row = ended(stack, task)
        assert row["reply"]["ok"], row
        installed = [line for line in stack.applied(SERIAL) if (line["rpc"], line["after"]) == INSTALLED]
        assert len(installed) == 1


def test_a_backup_is_kept_whole(tmp_path: Path):
    with Stack(tmp_path) as stack:
        task = order(stack, "backup")
        until(stack, task, lambda row: row["state"] != "queued")
        stack.kill("power")
        stack.start_again("power")
        row = ended(stack, task)
        assert row["reply"]["ok"], row
        assert row["reply"]["file_id"]
