"""What of a router survives a restart: its state, and the log of what was applied to it.

`<directory>/<serial>.json` is replaced in one step, then the lines are appended to `<serial>.log` (one JSON
object a line, synced). The state holds its last lines too: a process that dies in between writes them when it
is opened again. So a line in the log is something that happened, once a line, and nothing is answered before
both are on disk. The files may hold what a customer must keep to himself, so only the owner reads them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Line = dict[str, Any]

LINES_LIMIT = 10_000  # kept in memory and shown; the file keeps all


class Diary:
    """The files of one router. Two processes must never have the same."""

    def __init__(self, directory: Path, serial: str) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._log_path = directory / f"{serial}.log"
        self._state_path = directory / f"{serial}.json"
        self._files = (directory, serial)
        self.lines: list[Line] = []
        self._seq = 0

    def fetched_path(self, number: int) -> Path:
        """Where the file of this transfer is kept until it is installed."""
        directory, serial = self._files
        return directory / f"{serial}.{number}.file"

    def open(self) -> dict[str, Any] | None:
        """The state as it was last saved, None for a new router; the log is made whole."""
        self.lines = _read_log(self._log_path)[-LINES_LIMIT:]
        self._seq = self.lines[-1]["seq"] if self.lines else 0
        if not self._state_path.exists():
            return None
        state: dict[str, Any] = json.loads(self._state_path.read_text("utf-8"))
        self._append([line for line in state.pop("lines") if line["seq"] > self._seq])
        self._seq = max(self._seq, state.pop("seq"))
        return state

    def save(self, state: dict[str, Any], happened: Sequence[Line] = ()) -> None:
        """Put the state, and what happened in it, on disk. The lines get their numbers here."""
        lines = []
        for line in happened:
            self._seq += 1
            lines.append({"seq": self._seq, **line})
        unfinished = self._state_path.with_suffix(".json.new")
        with _private(unfinished, "w") as file:
            json.dump({"seq": self._seq, "lines": lines, **state}, file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self._state_path)
        self._append(lines)

    def _append(self, lines: list[Line]) -> None:
        if not lines:
            return
        with _private(self._log_path, "a") as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
        self.lines = [*self.lines, *lines][-LINES_LIMIT:]


def _read_log(path: Path) -> list[Line]:
    """The lines of a log. A last line cut short by a crash was never answered, and is cut off."""
    if not path.exists():
        return []
    text = path.read_bytes()
    whole_bytes = text.rfind(b"\n") + 1
    if whole_bytes < len(text):
        os.truncate(path, whole_bytes)
    return [json.loads(line) for line in text[:whole_bytes].splitlines()]


def _private(path: Path, mode: str) -> Any:
    flags = os.O_CREAT | os.O_WRONLY | (os.O_APPEND if mode == "a" else os.O_TRUNC)
    return os.fdopen(os.open(path, flags, 0o600), mode, encoding="utf-8")
