"""A home whose router differs from the others, at the real ACS: queue, sessions, store and settings are real;
only the router's HTTP is Flask's test client."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from backend.acs import Acs
from backend.cwmp import rpc
from backend.database import transaction
from backend.devices import parameters, queue, records
from backend.simulator.homes import by_story, demo_password
from backend.simulator.router import Router
from tests.backend import acs_face_to_face as acs_side
from workflows.effects import Diagnose, Effect, GetValues, Reply, SetValues, effect_to_json
from workflows.facts import Facts
from workflows.reader import read_library

SETTINGS = read_library().settings

LATER_S = 600.0


class Field:
    """One such home. Time goes on by a second with each contact."""

    def __init__(self, tenant_id: str, story: str, directory: Path, replies: dict[str, Reply]) -> None:
        self.tenant_id = tenant_id
        self.home = by_story(story)
        self.now = time.time()
        self.replies = replies
        self.device_id = records.enrol(
            tenant_id,
            oui=self.home.oui,
            product_class=self.home.product_class,
            serial_number=self.home.serial,
            password=demo_password(self.home.serial),
            now=self.now,
            username=self.home.username,
        )
        self.router = Router(
            self.home, directory, acs_url="http://127.0.0.1/acs", periodic_s=300, retry_s=1, now=self.now
        )
        self.acs = acs_side.Router(
            acs_side.app_of(Acs()),
            serial=self.home.serial,
            password=demo_password(self.home.serial),
            username=self.home.username,
        )
        self.acs.answer = self._answer  # type: ignore[method-assign]
        self._numbers = itertools.count()
        self.seen: list[rpc.Message] = []

    def _answer(self, message: Any) -> Any:
        self.seen.append(message)
        return self.router.answer(message, f"{next(self._numbers)}", self.now)

    def contact(self, *events: str) -> None:
        """One whole session."""
        self.now += 1
        mine = tuple(rpc.Event(event) for event in events) or self.router.power_events()
        told = tuple(dict.fromkeys((*mine, *self.router.pending_events())))
        informed = self.router.inform(told, 0, self.now)
        self.acs.cwmp = acs_side.CpeSession("cpe-", self.acs.namespace)
        response = self.acs.post(self.acs.cwmp.send(informed))
        assert response.status_code == 200, response.get_data()
        self.acs.cwmp.receive(response.get_data())
        self.router.informed(told)
        for request in self.router.own_requests():
            response = self.acs.post(self.acs.cwmp.send(request))
            self.acs.cwmp.receive(response.get_data())
            self.router.delivered(request)
        self.acs.finish()
        if self.router.ordered:
            self.restart()

    def restart(self) -> None:
        """The router goes off and on, and calls."""
        self.router.restart(self.now)
        self.contact(*(event.code for event in self.router.power_events()))

    def do(self, effect: Effect) -> Reply:
        """Ask the device for one thing through the queue, and hold the sessions that it takes."""
        owner = f"test:{self.home.serial}:{next(self._numbers)}"
        with transaction():
            queue.enqueue(
                self.tenant_id,
                self.device_id,
                owner_key=owner,
                request=effect_to_json(effect),
                deadline_at=self.now + LATER_S,
                now=self.now,
            )
        for _ in range(5):
            self.contact("6 CONNECTION REQUEST")
            if owner in self.replies:
                break
            self.router.work(lambda: self.now)
            if self.router.ordered:
                self.restart()
        return self.replies[owner]

    # -- settings ----------------------------------------------------------------------------------

    def facts(self, names: Iterable[str] = ()) -> Facts:
        """What is stored for these settings."""
        device = records.facts(self.tenant_id, self.device_id)
        loaded = parameters.load(self.device_id, SETTINGS.prefixes(names, device))
        return Facts(self.now, device, loaded)

    def read(self, *names: str) -> Facts:
        """Read settings from the device, as a step does."""
        known = self.facts(names)
        reply = self.do(GetValues(SETTINGS.paths_to_read(names, known.device, known)))
        assert reply.ok, reply
        return self.facts(names)

    def value(self, name: str) -> Any:
        """The value of one setting, read afresh."""
        return SETTINGS.value(name, self.read(name))

    def write(self, values: dict[str, Any], *, also_known: Sequence[str] = ()) -> list[Reply]:
        """Write settings as a step does: in this model's own way."""
        known = self.read(*values, *also_known)
        wanted = [
            SETTINGS.written(SETTINGS.path_of(name, known)[0], value, known) for name, value in values.items()
        ]
        together = SETTINGS.together(wanted, known)
        return [self.do(SetValues(tuple(group))) for group in SETTINGS.apart(together, known)]

    def diagnose(self, name: str, **given: Any) -> tuple[Reply, dict[str, Any]]:
        """Run a diagnostic with all its parts; the last reply and the typed results."""
        known = self.facts((name,))
        if missing := SETTINGS.paths_to_read((name,), known.device, known):
            assert self.do(GetValues(missing)).ok
            known = self.facts((name,))
        first = SETTINGS.diagnostic(name, known)
        values: dict[str, tuple[str, str]] = {}
        for part in (first, *first.apart):
            reply = self.do(Diagnose(part.object, part.inputs(given), part.poll_s))
            values |= reply.values or {}
        return reply, SETTINGS.diagnosed(name, values, known)
