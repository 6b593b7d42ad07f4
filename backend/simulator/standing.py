"""How one simulated router stands: its tree, its household, what it has to tell the ACS, and what of that
survives a restart.

What it does with an RPC is in `methods`, what it does outside sessions in `working`; `router.Router` is all
three together. What a router was told is on disk before it answers (`diary`), so that nothing is forgotten
and nothing is done twice.

The clock comes in as `now` (seconds UTC). Sessions and work may be in two threads: whatever reads or changes
the router holds `lock`, and nobody holds it over HTTP.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from backend.cwmp import rpc
from backend.simulator import air, tr098, tr181, variants
from backend.simulator.air import Link, Radio
from backend.simulator.diagnosis import World
from backend.simulator.diary import Diary, Line
from backend.simulator.fetching import Files
from backend.simulator.home import Lan, Seen, household
from backend.simulator.house import Home
from backend.simulator.model import Change, ParameterTree
from backend.simulator.transfers import Transfer, Transfers
from backend.simulator.variants import Place
from backend.simulator.watching import ACTIVE, Watch

MASKED = "********"
EVENTS_LIMIT = 64
SCHEDULED_LIMIT = 32
WATCH_LOOK_S = 5.0  # how often an actively watched value is looked at
FLASH_S = 3.0  # how long an image or a configuration takes to install

BOOTSTRAP, BOOT, PERIODIC, SCHEDULED = "0 BOOTSTRAP", "1 BOOT", "2 PERIODIC", "3 SCHEDULED"
VALUE_CHANGE, WAKE = "4 VALUE CHANGE", "6 CONNECTION REQUEST"
TRANSFERRED, DIAGNOSED = "7 TRANSFER COMPLETE", "8 DIAGNOSTICS COMPLETE"
REBOOTED = "M Reboot"
RESTART, RESET = "restart", "reset"


class DataModel(Protocol):
    """What `tr181` and `tr098` both offer."""

    ROOT: str
    INFORM: tuple[str, ...]
    REFUSED: str
    CHANNEL: str
    DIAGNOSES: dict[str, Place]

    def build(self, home: Home, acs_url: str, periodic_s: int, retry_s: int) -> ParameterTree: ...
    def lan(self, tree: ParameterTree) -> Lan: ...
    def radios(self, tree: ParameterTree) -> dict[str, Radio]: ...
    def radio_of(self, path: str) -> str: ...
    def chooses_channel(self, tree: ParameterTree, band: str) -> bool: ...
    def channels(self, tree: ParameterTree, band: str) -> list[int]: ...
    def take_channel(self, tree: ParameterTree, band: str, channel: int) -> None: ...
    def follows(self, written: Mapping[str, str], tree: ParameterTree) -> dict[str, str]: ...
    def show(
        self, tree: ParameterTree, seen: Sequence[Seen], links: Mapping[str, Link] | None = None
    ) -> None: ...


DATA_MODELS: dict[str, DataModel] = {"tr181": tr181, "tr098": tr098}


class Standing:
    """A home's router as it stands. Create it once per directory; two would write over each other."""

    def __init__(
        self,
        home: Home,
        directory: Path,
        *,
        acs_url: str,
        periodic_s: int,
        retry_s: int,
        now: float,
        files: Files | None = None,
    ) -> None:
        """Opens or begins the router's files in `directory`. `periodic_s` and `retry_s` fill
        PeriodicInformInterval and CWMPRetryMinimumWaitInterval until the ACS writes them; `files` is its
        HTTP for files and speed tests."""
        self.home = home
        self.model = DATA_MODELS[home.data_model]
        self.variant = variants.found()[home.variant]
        self.places: dict[str, Place] = {**self.model.DIAGNOSES, **self.variant.places}
        self.files = files or Files()
        self.flash_s = FLASH_S
        self.lock = threading.RLock()
        self.ordered = ""  # RESTART or RESET: what follows once the session has ended
        self.booted_at = now
        self.bootstrapped = False
        self.late: dict[str, str] = {}  # written, and to count from the next boot
        self.events: list[rpc.Event] = []  # to be told until an Inform with them was answered
        self.scheduled: list[tuple[float, str]] = []  # ScheduleInform: when, and its key
        self.diagnosing: list[str] = []  # objects whose diagnosis was asked for
        self.transfers = Transfers()
        self.watch = Watch(self.model.ROOT)
        self.radio_began: dict[str, float] = {}
        self._leases: dict[str, str] = {}
        self._looked_at = now
        self._telling: dict[str, str] = {}
        self._made = (acs_url, periodic_s, retry_s)
        self.diary = Diary(directory, home.serial)
        self.tree = self.model.build(replace(home, overrides={}), *self._made)
        self.factory = self.tree.values()
        self._load()
        self.settle(now)
        if self.ordered:
            self.restart(now)

    @property
    def applied(self) -> list[Line]:
        """What was applied to it, oldest first: {"seq", "at", "rpc", "path", "before", "after",
        "command"}; secrets are masked."""
        return self.diary.lines

    def management(self, name: str) -> str:
        """The value of ManagementServer.`name`."""
        return self.tree.value(f"{self.model.ROOT}ManagementServer.{name}")

    @property
    def software_version(self) -> str:
        """The firmware that runs."""
        return self.tree.value(self.model.ROOT + "DeviceInfo.SoftwareVersion")

    def set_wake_url(self, url: str) -> None:
        """Where this router listens for connection requests (TR-069 3.2.2)."""
        self.tree.put(self.model.ROOT + "ManagementServer.ConnectionRequestURL", url)

    # -- the household -------------------------------------------------------------------------

    def settle(self, now: float) -> tuple[Seen, ...]:
        """Let the household react and bring clocks and hosts up to date."""
        with self.lock:
            links = self.links(now)
            away = {mac: link.trouble for mac, link in links.items() if not link.joined}
            slow = {mac: link.trouble for mac, link in links.items() if link.joined and link.trouble}
            lan = self.model.lan(self.tree)
            seen = tuple(household(lan, self.home.stations, self._leases, now, away, slow))
            self._leases |= {one.station.mac: one.ip for one in seen if one.ip}
            self.model.show(self.tree, seen, links)
            self.tree.show(self.model.ROOT + "DeviceInfo.UpTime", int(now - self.booted_at))
            self.tree.show(self.model.ROOT + "Time.CurrentLocalTime", iso(now))
            return seen

    def links(self, now: float) -> dict[str, Link]:
        """The WiFi link of every wireless station, by MAC address."""
        return air.links(
            self.model.radios(self.tree),
            self.home.stations,
            self.home.neighbours,
            knows=self.home.knows,
            restarted_at=self.radio_began,
            drops=version_of(self.software_version) < version_of(self.home.fixed_in),
            now=now,
        )

    def world(self, now: float) -> World:
        """What its diagnoses can see."""
        return World(
            router_ip=self.model.lan(self.tree).router,
            wan_gateway=str(self.home.words()["wan_gateway"]),
            seen=self.settle(now),
            neighbours=self.home.neighbours,
            mbps=self.home.mbps,
        )

    def radio_restarts(self, paths: Sequence[str], now: float) -> None:
        """Something of a radio was changed: it goes off the air, and chooses a channel where it may."""
        for band in {self.model.radio_of(path) for path in paths} - {""}:
            self.radio_began[band] = now
            self.choose_channel(band)

    def choose_channel(self, band: str) -> None:
        """Take the calmest channel, when the router chooses for itself."""
        if self.model.chooses_channel(self.tree, band):
            radio = self.model.radios(self.tree)[band]
            channels = self.model.channels(self.tree, band)
            self.model.take_channel(self.tree, band, air.calmest(radio, channels, self.home.neighbours))

    # -- what it tells the ACS -----------------------------------------------------------------

    def power_events(self) -> tuple[rpc.Event, ...]:
        """What power-on adds (Table 8): BOOTSTRAP until an ACS has answered one."""
        first = () if self.bootstrapped else (rpc.Event(BOOTSTRAP),)
        return (*first, rpc.Event(BOOT))

    def boot_events(self) -> tuple[rpc.Event, ...]:
        """All that the Inform after power-on says."""
        return (*self.power_events(), *self.pending_events())

    def pending_events(self) -> tuple[rpc.Event, ...]:
        """What it has to tell besides, e.g. "8 DIAGNOSTICS COMPLETE"; those of transfers stay until the
        TransferComplete was answered (Table 8)."""
        done = self.transfers.done()
        keys = (rpc.Event(f"M {one.method}", one.command_key) for one in done)
        told = [*self.events, *([rpc.Event(TRANSFERRED)] if done else []), *keys]
        return tuple(dict.fromkeys(told))

    def own_requests(self) -> tuple[rpc.TransferComplete, ...]:
        """What it asks the ACS in a session: a TransferComplete for each transfer that is done."""
        return tuple(_complete(one) for one in self.transfers.done())

    def inform(self, events: Sequence[rpc.Event], retry_count: int, now: float) -> rpc.Inform:
        """The Inform (A.3.3.1): the forced parameters of the data model, and the watched ones that have
        changed, then with "4 VALUE CHANGE"."""
        with self.lock:
            self.settle(now)
            home, changed = self.home, self.watch.changed(self.tree)
            told = tuple(events)
            if changed and all(event.code != VALUE_CHANGE for event in told):
                told = (*told, rpc.Event(VALUE_CHANGE))
            self._telling = self.watch.now(self.tree)
            forced = self.variant.inform or self.model.INFORM
            return rpc.Inform(
                rpc.DeviceId(home.manufacturer, home.oui, home.product_class, home.serial),
                told,
                tuple(self.tree.tell(dict.fromkeys((*forced, *changed)))),
                iso(now),
                retry_count,
            )

    def informed(self, events: Sequence[rpc.Event]) -> None:
        """The ACS has answered an Inform with these events: they need not be told again (3.7.1.5)."""
        with self.lock:
            before = (self.bootstrapped, list(self.events))
            self.bootstrapped = self.bootstrapped or any(event.code == BOOTSTRAP for event in events)
            self.events = [event for event in self.events if event not in events]
            told = self.watch.told(self._telling)  # what changed after the Inform left is news still
            self.events = [event for event in self.events if event.code != VALUE_CHANGE]
            if self.watch.changed(self.tree, ACTIVE):
                self.add_event(rpc.Event(VALUE_CHANGE))
            if told or before != (self.bootstrapped, self.events):
                self.save()

    def delivered(self, request: rpc.CpeRequest) -> None:
        """The ACS has answered a request of ours: a transfer that was told is forgotten."""
        with self.lock:
            if not isinstance(request, rpc.TransferComplete):
                return
            done = self.transfers.find(request.command_key)
            if done is not None:
                self.transfers.forget(done)
                self.save()

    def add_event(self, *events: rpc.Event) -> None:
        """Tell these in the next Inform, which is made as soon as may be."""
        self.events = list(dict.fromkeys((*self.events, *events)))[-EVENTS_LIMIT:]

    # -- what others do to it ------------------------------------------------------------------

    def due_at(self, now: float) -> float:
        """When `work` has something to do; inf for never."""
        with self.lock:
            if self.ordered or self.diagnosing:
                return now
            look_at = self._looked_at + WATCH_LOOK_S if self.watch.is_active else math.inf
            scheduled_at = min((at for at, _ in self.scheduled), default=math.inf)
            return min(look_at, scheduled_at, self.transfers.due_at())

    def restart(self, now: float) -> None:
        """Off and on: the uptime begins again; settings, leases and events to report stay, unless a factory
        reset was ordered."""
        with self.lock:
            if self.ordered == RESET:
                self._reset()
            self.ordered = ""
            self.booted_at = now
            self.diagnosing = []
            self._forget_diagnoses()
            changes = [Change(path, self.tree.value(path), after) for path, after in self.late.items()]
            self.tree.apply(changes)
            self.late = {}
            for band in air.BANDS:
                self.choose_channel(band)
            self.commit([("Boot", change) for change in changes], "", now)
            self.settle(now)

    def _reset(self) -> None:
        """Everything as it left the factory (A.4.1.6); the firmware stays."""
        url, version = self.management("ConnectionRequestURL"), self.software_version
        self.tree = self.model.build(replace(self.home, overrides={}), *self._made)
        self.set_wake_url(url)
        self.tree.put(self.model.ROOT + "DeviceInfo.SoftwareVersion", version)
        self.bootstrapped, self.late, self.events, self.scheduled = False, {}, [], []
        self.transfers.drop_all()
        self.watch = Watch(self.model.ROOT)
        self._leases = {}

    def _forget_diagnoses(self) -> None:
        """What they found is gone with the power."""
        for where in self.places:
            self.tree.show(where + "DiagnosticsState", "None")

    def reset_by_hand(self, now: float) -> None:
        """The reset pin: what FactoryReset does, without the ACS."""
        self.ordered = RESET
        self.commit([("reset pin", Change("", "", ""))], "", now)

    def saves_change(self, path: str, value: str, now: float) -> None:
        """Somebody at home changes a setting on the router's own page: the ACS did not do it."""
        with self.lock:
            change = Change(path, self.tree.value(path), value)
            self.tree.apply([change])
            self.radio_restarts([path], now)
            self.commit([("at home", change)], "", now)
            self.look(now)

    def look(self, now: float) -> None:
        """Notice what has changed of the actively watched."""
        self._looked_at = now
        self.settle(now)
        if self.watch.changed(self.tree, ACTIVE):
            self.add_event(rpc.Event(VALUE_CHANGE))

    # -- what survives -------------------------------------------------------------------------

    def commit(self, done: Sequence[tuple[str, Change]], command: str, now: float) -> None:
        """Put what was applied on disk, one line each, with the state as it is now."""
        lines: list[Line] = []
        for method, change in done:
            hidden = change.path in self.tree and self.tree.parameter(change.path).hidden
            lines.append(
                {
                    "at": round(now, 3),
                    "rpc": method,
                    "path": change.path,
                    "before": MASKED if hidden else change.before,
                    "after": MASKED if hidden else change.after,
                    "command": command,
                }
            )
        self.diary.save(self._state(), lines)

    def save(self) -> None:
        """Put the state on disk."""
        self.diary.save(self._state())

    def _state(self) -> dict[str, Any]:
        return {
            "bootstrapped": self.bootstrapped,
            "ordered": self.ordered,
            "events": self.events,
            "scheduled": self.scheduled,
            "leases": self._leases,
            "late": self.late,
            "transfers": self.transfers.saved(),
            "watch": self.watch.saved(),
            "software_version": self.software_version,
            "parameter_key": self.management("ParameterKey"),
            "rows": self.tree.saved_rows(),
            "values": self.tree.written(self.factory),
        }

    def _load(self) -> None:
        state = self.diary.open()
        if state is None:
            self.tree.restore(self.home.overrides)
            return
        self.bootstrapped, self.ordered = state["bootstrapped"], state["ordered"]
        self.events = [rpc.Event(*event) for event in state["events"]]
        self.scheduled = [(at, key) for at, key in state["scheduled"]]
        self._leases, self.late = state["leases"], state["late"]
        self.transfers = Transfers(state["transfers"])
        self.watch = Watch(self.model.ROOT, state["watch"])
        self.tree.restore_rows(state["rows"])
        self.tree.restore(state["values"])
        self.tree.put(self.model.ROOT + "DeviceInfo.SoftwareVersion", state["software_version"])
        self.tree.put(self.model.ROOT + "ManagementServer.ParameterKey", state["parameter_key"])
        self._forget_diagnoses()


def _complete(transfer: Transfer) -> rpc.TransferComplete:
    return rpc.TransferComplete(
        transfer.command_key,
        transfer.fault_code,
        transfer.fault_text,
        iso(transfer.started_at),
        iso(transfer.ended_at),
    )


def version_of(text: str) -> tuple[int, ...]:
    """A version's numbers, to be compared."""
    return tuple(int(part) for part in text.split(".") if part.isdecimal())


def iso(now: float) -> str:
    """A time as CWMP writes it; the unknown time for 0."""
    if not now:
        return "0001-01-01T00:00:00Z"
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
