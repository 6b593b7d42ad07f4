"""The whole ACS as a target: the door, the queue and the store, before one hostile device with its password.

Each input is a device's day: steps that it POSTs, and steps ("!...") in which somebody queues a task for it.
Whatever it sends is answered, with anything but 500; and afterwards it is served as if nothing had been.
"""

from __future__ import annotations

import logging
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import structlog

from backend import acs as door
from backend import announcements, database
from backend.acs import Acs
from backend.announcements import Hearers
from backend.config import Config
from backend.devices import files, history, queue, records
from backend.devices.announcements import TaskFinished
from backend.devices.history import History
from backend.identity import people, secrets
from tests.backend.acs_face_to_face import NOW, PASSWORD, Router, app_of
from tests.backend.cwmp.messages import FIXTURES, IMAGE
from tests.fuzz.mutating import STEP, steps
from tests.fuzz.targets import CWMP, Target, sessions_of_cpes
from workflows import effects

STEPS_LIMIT = 25
ALLOWED = frozenset({200, 204, 400, 401, 403, 413, 415, 503})
FOLDERS = (CWMP, CWMP.parent / "devices", CWMP.parent / "acs.py")
KEPT = frozenset({"tenant", "device", "stored_file", "file_piece"})

_ID = re.compile(rb"<cwmp:ID[^>]*>([^<]*)<")
_KEY = re.compile(rb"<(?:CommandKey|ParameterKey)>([^<]*)<")
_DEVICE = "Home", "00AABB", "HomeGateway", "SN0001"
"""That of the fixtures: manufacturer, OUI, product class and serial number."""


class _Ear:
    """Stands where the door logs, and keeps the exception behind a 500."""

    def __init__(self, log: Any) -> None:
        self._log = log
        self.heard: BaseException | None = None

    def exception(self, event: str, **more: Any) -> None:
        self.heard = sys.exc_info()[1]

    def warning(self, event: str, **more: Any) -> None:
        """What is refused is no news here."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)


class Door:
    """One ACS over one small store, which every input finds as it was at first."""

    def __init__(self, tenant_id: str, device_id: str, image_id: str, ear: _Ear) -> None:
        self._tenant_id, self._device_id, self._ear = tenant_id, device_id, ear
        pool = "Device.DHCPv4.Server.Pool.1."
        self._tasks: tuple[effects.Effect, ...] = (
            effects.GetValues((pool,)),
            effects.SetValues(((f"{pool}LeaseTime", "60", "xsd:int"),)),
            effects.GetNames("Device.", True),
            effects.AddObject(f"{pool}StaticAddress."),
            effects.DeleteObject(f"{pool}StaticAddress.1."),
            effects.SetAttributes(((f"{pool}LeaseTime", 2),)),
            effects.Reboot(),
            effects.FactoryReset(),
            effects.ScheduleInform(60),
            effects.Download(IMAGE, image_id),
            effects.Upload("1 Vendor Configuration File"),
            effects.Diagnose("Device.IP.Diagnostics.IPPing.", ((f"{pool}Host", "x", "xsd:string"),)),
            effects.AwaitContact(("2 PERIODIC",)),
            effects.GetMethods(),
        )
        with database.connection():
            self._rows = {
                table: list(table.select().dicts())
                for table in database.tables()
                if str(table._meta.table_name) in KEPT
            }

    def run(self, data: bytes) -> None:
        """One device's day."""
        self._as_at_first()
        history.bind(History())
        router = self._router()
        said = b""
        for count, step in enumerate(data.split(STEP)[:STEPS_LIMIT]):
            if step.startswith(b"!"):
                self._queue(count, len(step))
                continue
            said = self._post(router, self._filled(step, said)) or said
        with database.connection():
            history.flush(NOW + 1e9)
        self._is_served()

    def _router(self) -> Router:
        acs = Acs()
        _, oui, product, serial = _DEVICE
        return Router(app_of(acs), serial=serial, username=f"{oui}-{product}-{serial}")

    def _filled(self, step: bytes, said: bytes) -> bytes:
        """The step with the ID and the key of what the ACS said last."""
        for mark, found in ((b"@ID@", _ID.search(said)), (b"@KEY@", _KEY.search(said))):
            step = step.replace(mark, found[1] if found else b"")
        return step

    def _post(self, router: Router, body: bytes) -> bytes:
        self._ear.heard = None
        response = router.post(body)
        if self._ear.heard is not None:
            raise self._ear.heard
        assert response.status_code in ALLOWED, response.status_code
        return response.get_data()

    def _queue(self, count: int, number: int) -> None:
        with database.connection(), database.transaction():
            queue.enqueue(
                self._tenant_id,
                self._device_id,
                owner_key=f"fuzz {count}",
                request=effects.effect_to_json(self._tasks[number % len(self._tasks)]),
                deadline_at=NOW + 1e9,
                now=NOW,
            )

    def _is_served(self) -> None:
        """A new session of the same device goes well, whatever it did before."""
        router = self._router()
        assert self._post(router, (FIXTURES / "cpe_Inform.xml").read_bytes())
        assert router.statuses[-1] == 200, router.statuses
        for _ in range(40):
            body = self._post(router, b"")
            if router.statuses[-1] != 200:
                break
        assert router.statuses[-1] == 204, (router.statuses, body)

    def _as_at_first(self) -> None:
        with database.connection(), database.transaction():
            database.db.obj.execute_sql("PRAGMA defer_foreign_keys = ON")
            for table in database.tables():
                table.delete().execute()
            for table, rows in self._rows.items():
                if rows:
                    table.insert_many(rows).execute()


@contextmanager
def standing() -> Iterator[Target]:
    """The target, over a store of its own that goes with it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="careflow-fuzz-")))
        url = f"sqlite:///{folder / 'fuzz.db'}"
        database.bind(Config(data_dir=folder, database_url=url, sqlite_synchronous="OFF"))
        stack.callback(database.unbind)
        stack.callback(history.bind, None)
        stack.callback(structlog.configure, **structlog.get_config())
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
        secrets.bind(b"0123456789abcdef0123456789abcdef")
        database.create_all()
        ear = _Ear(door.log)
        stack.callback(setattr, door, "log", door.log)
        door.log = ear
        nobody = {TaskFinished: Hearers(inside=[lambda event: None])}
        stack.enter_context(announcements.wired(nobody, database.after_commit))
        yield Target("door", _made(ear).run, _seeds, (steps,), 6, FOLDERS)


def _made(ear: _Ear) -> Door:
    _, oui, product, serial = _DEVICE
    with database.connection():
        tenant_id = people.ensure_tenant("fuzz", "Fuzz", {}, NOW)
        device_id = records.enrol(
            tenant_id, oui=oui, product_class=product, serial_number=serial, password=PASSWORD, now=NOW
        )
        image_id = files.put(
            tenant_id,
            kind="firmware",
            name="image.bin",
            version="2.0",
            models=["HomeGateway"],
            content=[b"image"],
            now=NOW,
        )
    return Door(tenant_id, device_id, image_id, ear)


def _seeds() -> list[bytes]:
    """Every whole session there is, with each task queued once before it."""
    inform = (FIXTURES / "cpe_Inform.xml").read_bytes()
    made = []
    for number, session in enumerate(sessions_of_cpes()):
        made.append(STEP.join([b"!" * (number % 14 + 1), session]))
    done = (FIXTURES / "cpe_TransferComplete.xml").read_bytes().replace(b"upgrade-9", b"@KEY@")
    started = (FIXTURES / "cpe_DownloadResponse.xml").read_bytes().replace(b">b3<", b">@ID@<")
    made.append(STEP.join([b"!" * 10, inform, b"", started, inform, done, b""]))
    return made

