"""What a simulated router does outside its sessions: transfers, diagnoses, and what was scheduled.

`work` does whatever is due, one thing after the other, and may take as long as its HTTP does; what it has
to tell is then among the router's pending events. The router's lock is never held over HTTP.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog

from backend.cwmp import faults, rpc
from backend.simulator import configuration, diagnosis, firmware
from backend.simulator.configuration import Configuration
from backend.simulator.diagnosis import Found
from backend.simulator.fetching import TransferFailed
from backend.simulator.firmware import BadFile
from backend.simulator.model import Change
from backend.simulator.standing import DIAGNOSED, RESTART, SCHEDULED, Standing, iso
from backend.simulator.transfers import (
    CONFIGURATION,
    DONE,
    FETCHED,
    FIRMWARE,
    RUNNING,
    WINDOW_MISSED,
    Transfer,
)

log = structlog.get_logger(__name__)

ROUNDS_LIMIT = 20  # things done in one call


def work(router: Standing, clock: Callable[[], float]) -> bool:
    """Do what is due at `clock()`, until nothing is or a restart is ordered; True when anything was done."""
    did = False
    for _ in range(ROUNDS_LIMIT):
        if router.ordered or not _one(router, clock):
            break
        did = True
    return did


def _one(router: Standing, clock: Callable[[], float]) -> bool:
    now = clock()
    with router.lock:
        if router.watch.is_active:
            router.look(now)
        if _scheduled(router, now):
            return True
        transfer = router.transfers.due(now)
        where = router.diagnosing[0] if router.diagnosing and transfer is None else ""
    if transfer is not None:
        _transfer(router, transfer, clock)
    elif where:
        _diagnosis(router, where, clock)
    return transfer is not None or bool(where)


def _scheduled(router: Standing, now: float) -> bool:
    due = [(at, key) for at, key in router.scheduled if at <= now]
    if due:
        router.scheduled = [one for one in router.scheduled if one not in due]
        keys = [rpc.Event("M ScheduleInform", key) for _, key in due]
        router.add_event(rpc.Event(SCHEDULED), *keys)
        router.save()
    return bool(due)


# -- transfers -------------------------------------------------------------------------------------


def _transfer(router: Standing, transfer: Transfer, clock: Callable[[], float]) -> None:
    if transfer.state == FETCHED:
        _install(router, transfer, clock())
        return
    if clock() > transfer.until:
        _end(router, transfer, clock(), WINDOW_MISSED, faults.TEXTS[WINDOW_MISSED])
        return
    with router.lock:
        content = _content(router, transfer, clock()) if not transfer.is_download else b""
        if not transfer.started_at:  # else it was begun before a restart, and what is there is kept
            router.diary.fetched_path(transfer.number).unlink(missing_ok=True)
        transfer = router.transfers.change(transfer, state=RUNNING, started_at=clock())
        router.save()
    try:
        _move(router, transfer, content)
    except (TransferFailed, BadFile) as failed:
        _end(router, transfer, clock(), failed.code, str(failed))
        return
    if transfer.is_download:
        with router.lock:
            router.transfers.change(transfer, state=FETCHED, due_at=clock() + router.flash_s)
            router.save()
    else:
        _end(router, transfer, clock())


def _move(router: Standing, transfer: Transfer, content: bytes) -> None:
    """Fetch or send; what was fetched is looked at before it is kept."""
    if not transfer.is_download:
        router.files.send(transfer.url, transfer.username, transfer.password, content)
        return
    target = router.diary.fetched_path(transfer.number)
    router.files.fetch(transfer.url, transfer.username, transfer.password, target, transfer.file_size)
    _read(router, transfer)


def _read(router: Standing, transfer: Transfer) -> firmware.Image | Configuration:
    fetched = router.diary.fetched_path(transfer.number).read_bytes()
    if transfer.kind == FIRMWARE:
        return firmware.read_image(fetched, router.home.model, router.home.hardware_version)
    return configuration.read(fetched, router.home.model)


def _content(router: Standing, transfer: Transfer, now: float) -> bytes:
    """What an Upload sends: the settings, or the log of what happened."""
    if transfer.kind == CONFIGURATION:
        return configuration.backup(router.home.model, router.tree, router.factory)
    home = router.home
    lines = [f"{iso(now)} {home.model} {home.serial} firmware {router.software_version}"]
    for one in router.applied:
        lines.append(f"{iso(one['at'])} {one['rpc']} {one['path']} {one['after']}".rstrip())
    for seen in router.settle(now):
        lines.append(f"{iso(now)} station {seen.station.mac} {seen.trouble or 'online'}")
    return ("\n".join(lines) + "\n").encode()


def _install(router: Standing, transfer: Transfer, now: float) -> None:
    """Apply what was fetched: with the state that says so, in one step on disk."""
    with router.lock:
        try:
            read = _read(router, transfer)
        except (BadFile, OSError) as failed:
            _end(router, transfer, now, getattr(failed, "code", firmware.CORRUPTED), str(failed))
            return
        if isinstance(read, firmware.Image):
            path = router.model.ROOT + "DeviceInfo.SoftwareVersion"
            changes = [Change(path, router.software_version, read.version)]
            router.tree.put(path, read.version)
        else:
            changes = configuration.restore(router.tree, router.factory, read)
            router.radio_restarts([one.path for one in changes], now)
            changes = changes or [Change("", "", "")]
        if isinstance(read, firmware.Image) or router.home.data_model == "tr098":
            router.ordered = RESTART
        router.transfers.change(transfer, state=DONE, ended_at=now)
        router.commit([(transfer.method, one) for one in changes], transfer.command_key, now)
        router.diary.fetched_path(transfer.number).unlink(missing_ok=True)


def _end(router: Standing, transfer: Transfer, now: float, code: str = "0", text: str = "") -> None:
    with router.lock:
        started_at = transfer.started_at or now
        router.transfers.change(
            transfer, state=DONE, fault_code=code, fault_text=text[:256], started_at=started_at, ended_at=now
        )
        router.commit([(transfer.method, Change("", "", text[:256]))], transfer.command_key, now)
        if transfer.is_download:
            router.diary.fetched_path(transfer.number).unlink(missing_ok=True)
    if code != "0":
        log.info("transfer_failed", serial=router.home.serial, code=code, why=text)


def transferred_at_once(router: Standing, transfer: Transfer, now: float) -> rpc.CpeResponse | rpc.Fault:
    """A router that answers only when all is done (status 0), and sends no TransferComplete."""
    try:
        _move(router, transfer, _content(router, transfer, now) if not transfer.is_download else b"")
    except (TransferFailed, BadFile) as failed:
        router.transfers.forget(transfer)
        router.save()
        return faults.fault(failed.code, str(failed))
    if transfer.is_download:
        _install(router, transfer, now)
    else:
        _end(router, transfer, now)
    router.transfers.forget(router.transfers.change(transfer, state=DONE))
    router.save()
    response = rpc.DownloadResponse if transfer.is_download else rpc.UploadResponse
    return response(0, iso(now), iso(now))


# -- diagnoses -------------------------------------------------------------------------------------


def _diagnosis(router: Standing, where: str, clock: Callable[[], float]) -> None:
    place, variant = router.places[where], router.variant
    with router.lock:
        diagnosis.clear(router.tree, where, place)
        asked = {path[len(where) :]: router.tree.value(path) for path in router.tree.below(where)}
        world = router.world(clock())
    if place.kind in variant.fails:
        found = Found(variant.fails[place.kind])
    else:
        found = diagnosis.run(place.kind, asked, world, router.files)
    if variant.diagnosed:
        found = Found(found.state, dict(variant.diagnosed(place.kind, found.values)), found.rows)
    with router.lock:
        if where not in router.diagnosing:  # ended meanwhile, by a write or a restart
            return
        router.diagnosing.remove(where)
        diagnosis.write(router.tree, where, place, found)
        router.watch.told(router.watch.now(router.tree, router.tree.below(where)))
        if place.kind not in variant.no_event:
            router.add_event(rpc.Event(DIAGNOSED))
        router.save()
