"""A router's transfers, from the ACS's word to the TransferComplete that was answered. Pure.

A transfer waits (for its delay or window), runs, lies fetched until it is installed, and is done until the
ACS has answered its TransferComplete; then it is forgotten. Each step is in the router's state before it
is taken, so that a restart goes on where it was: what was fetched is not fetched again, what was applied is
not applied again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from backend.cwmp import rpc

FIRMWARE, CONFIGURATION, LOG = "firmware", "configuration", "log"
DOWNLOADS: Final = {"1 Firmware Upgrade Image": FIRMWARE, "3 Vendor Configuration File": CONFIGURATION}
UPLOADS: Final = {
    "1 Vendor Configuration File": CONFIGURATION,
    "2 Vendor Log File": LOG,
    "3 Vendor Configuration File 1": CONFIGURATION,
    "4 Vendor Log File 1": LOG,
}
QUEUE_LIMIT: Final = 8
WAITING, RUNNING, FETCHED, DONE = "waiting", "running", "fetched", "done"
_STATES: Final = {WAITING: 1, RUNNING: 2, FETCHED: 2, DONE: 3}
WINDOW_MISSED: Final = "9020"


@dataclass(frozen=True, slots=True)
class Transfer:
    """One transfer. `method` is the RPC that asked for it, `kind` what the file is; times are seconds UTC,
    0 for not yet; `until` is when its window ends; `fault_code` is "0" while all is well."""

    number: int
    method: str
    kind: str
    command_key: str
    file_type: str
    url: str
    username: str
    password: str
    file_size: int
    target_file_name: str
    due_at: float
    until: float = math.inf
    state: str = WAITING
    fault_code: str = "0"
    fault_text: str = ""
    started_at: float = 0.0
    ended_at: float = 0.0

    @property
    def is_download(self) -> bool:
        """Whether the router fetches (and does not send)."""
        return self.method != "Upload"


class Transfers:
    """The transfers of one router, oldest first."""

    def __init__(self, saved: Iterable[Mapping[str, Any]] = ()) -> None:
        self._all: list[Transfer] = []
        for one in saved:
            transfer = Transfer(**{**one, "until": one["until"] if one["until"] is not None else math.inf})
            # What ran when the process ended begins again.
            self._all.append(replace(transfer, state=WAITING) if transfer.state == RUNNING else transfer)

    def saved(self) -> list[dict[str, Any]]:
        """What `__init__` takes, as JSON."""
        return [{**asdict(one), "until": one.until if one.until < math.inf else None} for one in self._all]

    def add(
        self, request: rpc.Download | rpc.Upload | rpc.ScheduleDownload, kind: str, now: float
    ) -> Transfer:
        """Take a request; the caller has looked at `is_full`."""
        due_at, until = now, math.inf
        if isinstance(request, rpc.ScheduleDownload):
            due_at = now + min(window.start_s for window in request.windows)
            until = now + max(window.end_s for window in request.windows)
        else:
            due_at = now + request.delay_s
        transfer = Transfer(
            number=max((one.number for one in self._all), default=0) + 1,
            method=rpc.method_of(request),
            kind=kind,
            command_key=request.command_key,
            file_type=request.file_type,
            url=request.url,
            username=request.username,
            password=request.password,
            file_size=getattr(request, "file_size", 0),
            target_file_name=getattr(request, "target_file_name", ""),
            due_at=due_at,
            until=until,
        )
        self._all.append(transfer)
        return transfer

    @property
    def is_full(self) -> bool:
        """Whether no more are taken (fault 9004)."""
        return len(self._all) >= QUEUE_LIMIT

    def due_at(self) -> float:
        """When there is something to do next; never is inf."""
        return min((one.due_at for one in self._all if one.state in (WAITING, FETCHED)), default=math.inf)

    def due(self, now: float) -> Transfer | None:
        """The next transfer to begin, or to install."""
        ready = (one for one in self._all if one.state in (WAITING, FETCHED) and one.due_at <= now)
        return min(ready, key=lambda one: (one.state != FETCHED, one.due_at, one.number), default=None)

    def change(self, transfer: Transfer, **to: Any) -> Transfer:
        """The transfer with this changed, kept in its place."""
        changed = replace(transfer, **to)
        self._all = [changed if one.number == transfer.number else one for one in self._all]
        return changed

    def forget(self, transfer: Transfer) -> None:
        """It need not be told of any more."""
        self._all = [one for one in self._all if one.number != transfer.number]

    def cancel(self, command_key: str) -> bool:
        """CancelTransfer (A.4.1.9): False when one of this key is past stopping. Done ones are still told."""
        mine = [one for one in self._all if one.command_key == command_key]
        if any(one.state in (RUNNING, FETCHED) for one in mine):
            return False
        for one in mine:
            if one.state == WAITING:
                self.forget(one)
        return True

    def every(self) -> tuple[Transfer, ...]:
        """All of them, oldest first."""
        return tuple(self._all)

    def done(self) -> list[Transfer]:
        """Those whose TransferComplete the ACS has not answered."""
        return [one for one in self._all if one.state == DONE]

    def find(self, command_key: str) -> Transfer | None:
        """The done transfer with this key."""
        return next((one for one in self.done() if one.command_key == command_key), None)

    def queued(self) -> list[rpc.AllQueuedTransfer]:
        """What GetAllQueuedTransfers tells (A.4.1.7)."""
        return [
            rpc.AllQueuedTransfer(
                one.command_key,
                _STATES[one.state],
                one.is_download,
                one.file_type,
                one.file_size,
                one.target_file_name,
            )
            for one in self._all
        ]

    def drop_all(self) -> None:
        """After a factory reset nothing is left of them."""
        self._all = []
