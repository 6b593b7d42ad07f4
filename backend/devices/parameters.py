"""The stored data model: each parameter's value, type and when the device last told it.

Writes only what changed (CWMP.md, "Speed to reach"): an unchanged value is not written again, and its
`read_at` is refreshed only when it is older than REFRESH_S. Loads only what is asked for.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Final, TypeVar

import structlog

from backend.devices.secret_values import MASK, is_secret, opened
from backend.devices.statements import Statement, postgres, repeated
from backend.identity import secrets
from workflows.facts import Datum

log = structlog.get_logger(__name__)

REFRESH_S: Final = 60.0
PATH_LIMIT_CHARS: Final = 256
TYPE_LIMIT_CHARS: Final = 32
VALUE_LIMIT_CHARS: Final = 64 * 1024
DEVICE_LIMIT_ROWS: Final = 30_000
"""So many parameters are kept of one device; names beyond them, and values that are longer, are not."""
BATCH_ROWS: Final = 400

Value = tuple[str, str, str]
"""(path, value, type such as "xsd:boolean"); `cwmp.rpc.ParameterValue` is one."""

_AT = "SELECT path, value, type, read_at FROM stored_parameter WHERE device_id = ? AND path IN (...)"
_PLAIN = Statement(
    "SELECT path, value, type, read_at FROM stored_parameter WHERE device_id = ? AND path >= ? AND path < ?"
)
_COLLATED = Statement(
    "SELECT path, value, type, read_at FROM stored_parameter WHERE device_id = ?"
    ' AND path COLLATE "C" >= ? AND path COLLATE "C" < ?'
)
_UPSERT = (
    "INSERT INTO stored_parameter (tenant_id, device_id, path, value, type, read_at) VALUES ..."
    " ON CONFLICT (device_id, path) DO UPDATE SET value = excluded.value, type = excluded.type,"
    " read_at = excluded.read_at"
)
_REFRESH = "UPDATE stored_parameter SET read_at = ? WHERE device_id = ? AND path IN (...)"
_DELETE = "DELETE FROM stored_parameter WHERE device_id = ? AND path IN (...)"
_DROP = Statement("DELETE FROM stored_parameter WHERE device_id = ?")
_COUNT = Statement("SELECT COUNT(*) FROM stored_parameter WHERE device_id = ?")
_FORGET_INFORM = Statement("UPDATE device SET inform_digest = '' WHERE id = ? AND inform_digest <> ''")

Row = tuple[str, str, str, float]
T = TypeVar("T")


def load(device_id: str, prefixes: Iterable[str]) -> dict[str, Datum]:
    """Stored parameters by full path: those under each prefix that ends in ".", and each full path given.

    Secret values come masked. The caller has found the device under its tenant (`records`).
    """
    rows: list[Row] = []
    for prefix in _outermost(prefixes):
        rows.extend(_under(device_id, prefix) if prefix.endswith(".") else _at(device_id, [prefix]))
    return {
        path: Datum(MASK if value and is_secret(path) else value, kind, read_at)
        for path, value, kind, read_at in rows
    }


def store(
    tenant_id: str,
    device_id: str,
    values: Sequence[Value],
    now: float,
    *,
    whole: Sequence[str] = (),
    told: Container[str] | None = None,
) -> int:
    """Keep what the device told; inside a transaction. Gives the number of values that changed.

    `whole` names objects (ending in ".") that were read whole: what is stored under them and was not told
    is gone from the device, for example a host that left, and is forgotten. `told` are the parameters of the
    device's last Inform (None: not known): when one of them has changed, its next Inform is like no other.
    """
    fresh = {
        path: (path, value, kind)
        for path, value, kind in values
        if 0 < len(path) <= PATH_LIMIT_CHARS and len(value) <= VALUE_LIMIT_CHARS
    }
    known = _known(device_id, fresh, whole)
    changed: list[Value] = []
    older: list[str] = []
    for path, given in fresh.items():
        row = known.get(path)
        if row is None or row[2] != given[2][:TYPE_LIMIT_CHARS] or _opened(tenant_id, row) != given[1]:
            changed.append(given)
        elif now - row[3] > REFRESH_S:
            older.append(path)
    gone = [path for path in known if path not in fresh and any(path.startswith(o) for o in whole)]
    changed = _with_room(device_id, changed, known, len(gone))
    _write(tenant_id, device_id, changed, older, gone, now)
    if told is None or any(path in told for path, _, _ in changed) or any(path in told for path in gone):
        _FORGET_INFORM(device_id)
    return len(changed) + len(gone)


def secrets_of(tenant_id: str, device_id: str, paths: Sequence[str]) -> dict[str, str]:
    """The stored secrets among these parameters, in plain: for what is sent to the device, never shown."""
    return {row[0]: _opened(tenant_id, row) for row in _at(device_id, paths) if row[1] and is_secret(row[0])}


def drop(device_id: str) -> None:
    """Forget the stored model, as after "0 BOOTSTRAP" (Table 8): the device may be as new."""
    _DROP(device_id)


def _known(device_id: str, fresh: dict[str, Value], whole: Sequence[str]) -> dict[str, Row]:
    known: dict[str, Row] = {}
    for prefix in _outermost(whole):
        known.update((row[0], row) for row in _under(device_id, prefix))
    rest = [path for path in fresh if not any(path.startswith(prefix) for prefix in whole)]
    known.update((row[0], row) for row in _at(device_id, rest))
    return known


def _with_room(device_id: str, changed: list[Value], known: dict[str, Row], gone_rows: int) -> list[Value]:
    """What changed, without the new names that DEVICE_LIMIT_ROWS leaves no room for."""
    new_rows = sum(path not in known for path, _, _ in changed)
    if not new_rows:
        return changed
    surplus = int(_COUNT(device_id).fetchone()[0]) + new_rows - gone_rows - DEVICE_LIMIT_ROWS
    if surplus <= 0:
        return changed
    log.warning("parameters_too_many", device=device_id, dropped=min(surplus, new_rows))
    new = [given for given in changed if given[0] not in known]
    return [given for given in changed if given[0] in known] + new[: max(0, new_rows - surplus)]


def _write(
    tenant_id: str, device_id: str, changed: list[Value], older: list[str], gone: list[str], now: float
) -> None:
    for batch in _batches(changed):
        flat: list[object] = []
        for path, value, kind in batch:
            kept = secrets.seal(tenant_id, value) if value and is_secret(path) else value
            flat += (tenant_id, device_id, path, kept, kind[:TYPE_LIMIT_CHARS], now)
        repeated(_UPSERT, len(batch), "(?, ?, ?, ?, ?, ?)")(*flat)
    for paths in _batches(older):
        repeated(_REFRESH, len(paths))(now, device_id, *paths)
    for paths in _batches(gone):
        repeated(_DELETE, len(paths))(device_id, *paths)


def _at(device_id: str, paths: Sequence[str]) -> list[Row]:
    rows: list[Row] = []
    for batch in _batches(paths):
        rows += repeated(_AT, len(batch))(device_id, *batch).fetchall()
    return rows


def _under(device_id: str, prefix: str) -> list[Row]:
    """Everything under an object: a range, since "/" is the next character after "."."""
    select = _COLLATED if postgres() else _PLAIN
    rows: list[Row] = select(device_id, prefix, prefix[:-1] + "/").fetchall()
    return rows


def _opened(tenant_id: str, row: Row) -> str:
    return opened(tenant_id, row[0], row[1])


def _outermost(prefixes: Iterable[str]) -> list[str]:
    """Without those that lie within another: no row is read twice."""
    kept: list[str] = []
    for prefix in sorted(set(prefixes)):
        if prefix and not any(k.endswith(".") and prefix.startswith(k) for k in kept):
            kept.append(prefix)
    return kept


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), BATCH_ROWS):
        yield items[start : start + BATCH_ROWS]
