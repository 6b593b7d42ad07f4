"""One simulated router: its tree, its household, its log of applied writes, and what survives a restart.

`answer` is the router's side of every RPC: a message in, a message out. A write is first appended
to `<directory>/<serial>.log` (one JSON object a line, synced), then applied, then the state file
`<directory>/<serial>.json` is replaced in one step; opening the router again applies what the log
has and the state has not. So a line in the log is a write that happened, once a line.

It must never answer a write as applied before its line is on disk. The clock comes in as `now`
(seconds UTC). Both files may hold what a customer must keep to himself, so only the owner reads them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from backend.cwmp import faults, rpc
from backend.simulator import tr098, tr181, variants
from backend.simulator.home import Lan, Seen, household
from backend.simulator.homes import Home
from backend.simulator.model import Change, ModelFault, ParameterTree

MASKED = "********"
LOG_LINES_LIMIT = 10_000  # kept in memory and shown; the file keeps all

BOOTSTRAP, BOOT, PERIODIC, WAKE = "0 BOOTSTRAP", "1 BOOT", "2 PERIODIC", "6 CONNECTION REQUEST"
REBOOTED = "M Reboot"


class DataModel(Protocol):
    """What `tr181` and `tr098` both offer."""

    ROOT: str
    INFORM: tuple[str, ...]
    REFUSED: str

    def build(self, home: Home, acs_url: str, periodic_s: int, retry_s: int) -> ParameterTree: ...
    def lan(self, tree: ParameterTree) -> Lan: ...
    def show(self, tree: ParameterTree, seen: Sequence[Seen]) -> None: ...


DATA_MODELS: dict[str, DataModel] = {"tr181": tr181, "tr098": tr098}


class Router:
    """A home's router as it stands. Create it once per directory; two would write over each other."""

    def __init__(
        self, home: Home, directory: Path, *, acs_url: str, periodic_s: int, retry_s: int, now: float
    ) -> None:
        """Opens or begins the router's files in `directory`. `periodic_s` and `retry_s` fill
        PeriodicInformInterval and CWMPRetryMinimumWaitInterval until the ACS writes them."""
        self.home = home
        self.model = DATA_MODELS[home.data_model]
        self.variant = variants.found()[home.variant]
        self.tree = self.model.build(home, acs_url, periodic_s, retry_s)
        self.booted_at = now
        self.bootstrapped = False
        self.applied: list[dict[str, Any]] = []
        self._initial = self.tree.values()
        self._leases: dict[str, str] = {}
        self._late: dict[str, str] = {}  # written, and to count from the next boot
        self._commands: list[str] = []  # keys of Reboots not yet reported
        self._seq = 0
        directory.mkdir(parents=True, exist_ok=True)
        self._log_path = directory / f"{home.serial}.log"
        self._state_path = directory / f"{home.serial}.json"
        self._load()
        self.settle(now)

    def management(self, name: str) -> str:
        """The value of ManagementServer.`name`."""
        return self.tree.value(f"{self.model.ROOT}ManagementServer.{name}")

    def set_wake_url(self, url: str) -> None:
        """Where this router listens for connection requests (TR-069 3.2.2)."""
        self.tree.put(self.model.ROOT + "ManagementServer.ConnectionRequestURL", url)

    def settle(self, now: float) -> tuple[Seen, ...]:
        """Let the household react and bring clocks and hosts up to date."""
        seen = tuple(household(self.model.lan(self.tree), self.home.stations, self._leases, now))
        self._leases |= {one.station.mac: one.ip for one in seen if one.ip}
        self.model.show(self.tree, seen)
        self.tree.put(self.model.ROOT + "DeviceInfo.UpTime", int(now - self.booted_at))
        self.tree.put(self.model.ROOT + "Time.CurrentLocalTime", _iso(now))
        return seen

    # -- CWMP ----------------------------------------------------------------------------------

    def boot_events(self) -> tuple[rpc.Event, ...]:
        """What the Inform after power-on says (Table 8): BOOTSTRAP until an ACS has answered one."""
        first = () if self.bootstrapped else (rpc.Event(BOOTSTRAP),)
        return (*first, rpc.Event(BOOT), *(rpc.Event(REBOOTED, key) for key in self._commands))

    def inform(self, events: Sequence[rpc.Event], retry_count: int, now: float) -> rpc.Inform:
        """The Inform (A.3.3.1) with the forced parameters of the data model."""
        self.settle(now)
        home = self.home
        return rpc.Inform(
            rpc.DeviceId(home.manufacturer, home.oui, home.product_class, home.serial),
            tuple(events),
            tuple(self.tree.tell(self.variant.inform or self.model.INFORM)),
            _iso(now),
            retry_count,
        )

    def informed(self, events: Sequence[rpc.Event]) -> None:
        """The ACS has answered an Inform with these events: they need not be told again (3.7.1.5)."""
        keys = {event.command_key for event in events if event.code == REBOOTED}
        bootstrapped = self.bootstrapped or any(event.code == BOOTSTRAP for event in events)
        commands = [key for key in self._commands if key not in keys]
        if (bootstrapped, commands) != (self.bootstrapped, self._commands):
            self.bootstrapped, self._commands = bootstrapped, commands
            self._save()

    def answer(
        self, request: rpc.AcsRequest | rpc.Unsupported, request_id: str, now: float
    ) -> rpc.CpeResponse | rpc.Fault:
        """What this router says to a request of the ACS; `request_id` is its cwmp:ID."""
        try:
            return self._answer(request, request_id, now)
        except ModelFault as fault:
            return rpc.Fault(fault.code, fault.text, fault.parameters)

    def restart(self, now: float) -> None:
        """Power off and on: the uptime begins again; settings, leases and events to report stay."""
        self.booted_at = now
        if self._late:
            changes = [Change(path, self.tree.value(path), after) for path, after in self._late.items()]
            self._note([("Boot", change) for change in changes], "", now)
            self.tree.apply(changes)
            self._late = {}
            self._save()
        self.settle(now)

    def _answer(
        self, request: rpc.AcsRequest | rpc.Unsupported, request_id: str, now: float
    ) -> rpc.CpeResponse | rpc.Fault:
        if rpc.method_of(request) in self.variant.lacks:
            return faults.fault(faults.METHOD_NOT_SUPPORTED)
        match request:
            case rpc.GetRPCMethods():
                return rpc.GetRPCMethodsResponse(
                    tuple(method for method in rpc.CPE_METHODS if method not in self.variant.lacks)
                )
            case rpc.GetParameterValues(names):
                self.settle(now)
                return rpc.GetParameterValuesResponse(tuple(self.tree.get(names)))
            case rpc.SetParameterValues():
                return self._set(request, request_id, now)
            case rpc.GetParameterNames(path, next_level):
                return rpc.GetParameterNamesResponse(tuple(self.tree.names(path, next_level)))
            case rpc.Reboot(command_key):
                self._note([("Reboot", Change("", "", ""))], command_key or request_id, now)
                self._commands.append(command_key)
                self._save()
                return rpc.RebootResponse()
            case rpc.AddObject(object_name) | rpc.DeleteObject(object_name):
                # No table of this router may grow or shrink at the ACS's wish (A.3.2.6).
                return faults.fault(faults.INVALID_NAME, f"Not an object to add or delete: {object_name}")
            case _:
                return faults.fault(faults.METHOD_NOT_SUPPORTED)

    def _set(self, request: rpc.SetParameterValues, request_id: str, now: float) -> rpc.CpeResponse:
        changes = self._complete(self.tree.plan(request.values))
        late = [change for change in changes if variants.covered(change.path, self.variant.after_reboot)]
        if not self.home.ignores_writes:
            at_once = [change for change in changes if change not in late]
            self._note([("SetParameterValues", c) for c in at_once], request.parameter_key or request_id, now)
            self.tree.apply(at_once)
            self._late |= {change.path: change.after for change in late}
        self.tree.put(self.model.ROOT + "ManagementServer.ParameterKey", request.parameter_key)
        self.settle(now)
        self._save()
        return rpc.SetParameterValuesResponse(1 if late else 0)

    def _complete(self, changes: list[Change]) -> list[Change]:
        """The changes with those that this model makes of its own; ModelFault when it refuses them."""
        written = {change.path: change.after for change in changes}

        def value(path: str) -> str:
            return written[path] if path in written else self.tree.value(path)

        locked = (*self.variant.refuses, *((self.model.REFUSED,) if self.home.refuses_writes else ()))
        text = "Request denied: locked by the manufacturer"
        refused = [
            rpc.SetParameterFault(self.tree.outward(path), faults.REQUEST_DENIED, text)
            for path in written
            if variants.covered(path, locked)
        ]
        if not refused and self.variant.checks:
            found = self.variant.checks(written, value)
            refused = [one._replace(name=self.tree.outward(one.name)) for one in found]
        if refused:
            raise ModelFault(faults.INVALID_ARGUMENTS, parameters=refused)
        follows = self.variant.follows(written, value) if self.variant.follows else {}
        more = [(path, after) for path, after in follows.items() if path not in written]
        return [*changes, *(Change(path, self.tree.value(path), after) for path, after in more)]

    # -- what survives -------------------------------------------------------------------------

    def _note(self, done: Sequence[tuple[str, Change]], command: str, now: float) -> None:
        """Append one line per applied change and sync it to disk before it is answered."""
        lines = []
        for method, change in done:
            self._seq += 1
            hidden = change.path in self.tree and self.tree.parameter(change.path).hidden
            lines.append(
                {
                    "seq": self._seq,
                    "at": round(now, 3),
                    "rpc": method,
                    "path": change.path,
                    "before": MASKED if hidden else change.before,
                    "after": MASKED if hidden else change.after,
                    "command": command,
                }
            )
        with _private(self._log_path, "a") as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
        self.applied = [*self.applied, *lines][-LOG_LINES_LIMIT:]

    def _save(self) -> None:
        state = {
            "seq": self._seq,
            "bootstrapped": self.bootstrapped,
            "commands": self._commands,
            "leases": self._leases,
            "late": self._late,
            "parameter_key": self.management("ParameterKey"),
            "values": self.tree.written(self._initial),
        }
        unfinished = self._state_path.with_suffix(".json.new")
        with _private(unfinished, "w") as file:
            json.dump(state, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self._state_path)

    def _load(self) -> None:
        seq = 0
        if self._state_path.exists():
            state = json.loads(self._state_path.read_text("utf-8"))
            seq = state["seq"]
            self.bootstrapped, self._commands = state["bootstrapped"], state["commands"]
            self._leases, self._late = state["leases"], state["late"]
            self.tree.restore(state["values"])
            self.tree.put(self.model.ROOT + "ManagementServer.ParameterKey", state["parameter_key"])
        self.applied = _read_log(self._log_path)[-LOG_LINES_LIMIT:]
        self._seq = max([seq, *(line["seq"] for line in self.applied)])
        for line in self.applied:
            if line["seq"] > seq and line["path"] in self.tree and line["after"] != MASKED:
                self.tree.put(line["path"], line["after"])


def _read_log(path: Path) -> list[dict[str, Any]]:
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


def _iso(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
