"""What GetParameterNames told (TR-069 A.3.2.3): which names there are, and which a router lets us write.

Kept by object, one row each, so that a level of the data model is one row. Only what was asked is known: a
name that no row speaks of may be writable or not.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from backend.devices.statements import Statement, repeated

PATH_LIMIT_CHARS: Final = 256
CHILDREN_LIMIT_NAMES: Final = 4_000
OBJECTS_LIMIT: Final = 5_000
BATCH_ROWS: Final = 200

Name = tuple[str, bool]
"""(full path, an object's ending in ".", writable), as `effects.Reply.names` has them."""

_UPSERT: Final = (
    "INSERT INTO seen_names (tenant_id, device_id, path, names, read_at) VALUES ..."
    " ON CONFLICT (device_id, path) DO UPDATE SET names = excluded.names, read_at = excluded.read_at"
)
_AT = Statement("SELECT names FROM seen_names WHERE device_id = ? AND path = ?")
_DROP = Statement("DELETE FROM seen_names WHERE device_id = ?")


def parent_of(path: str) -> str:
    """The object a name stands in, ending in "."; "" for a root."""
    return path.rstrip(".").rpartition(".")[0] + "." if "." in path.rstrip(".") else ""


def keep(tenant_id: str, device_id: str, asked: str, names: Sequence[Name], now: float) -> int:
    """Keep what a GetParameterNames of `asked` told, inside a transaction; gives the number of objects.

    The children of an object come together, so what it had and is not told any more is forgotten; of one
    parameter alone only that one is brought up to date.
    """
    if asked.endswith(".") or not asked:
        levels: dict[str, dict[str, bool]] = {asked: {}}
    else:
        levels = {parent_of(asked): below(device_id, parent_of(asked))}
    for path, is_writable in names:
        parent = parent_of(path)
        asked_for = path == asked if not asked.endswith(".") and asked else parent.startswith(asked)
        if not asked_for or len(path) > PATH_LIMIT_CHARS:
            continue
        level = levels.setdefault(parent, {})
        if len(level) < CHILDREN_LIMIT_NAMES:
            level[path.removeprefix(parent)] = is_writable
    known = list(levels.items())[:OBJECTS_LIMIT]
    for start in range(0, len(known), BATCH_ROWS):
        batch = known[start : start + BATCH_ROWS]
        flat: list[object] = []
        for path, children in batch:
            flat += (tenant_id, device_id, path, json.dumps(list(children.items())), now)
        repeated(_UPSERT, len(batch), "(?, ?, ?, ?, ?)")(*flat)
    return len(known)


def below(device_id: str, path: str) -> dict[str, bool]:
    """The direct children of an object, writable or not; empty where it was never asked about."""
    row = _AT(device_id, path).fetchone()
    return {name: bool(writable) for name, writable in json.loads(row[0])} if row is not None else {}


def writable(device_id: str, path: str) -> bool | None:
    """Whether one parameter may be written; None where the router was never asked."""
    parent = parent_of(path)
    return below(device_id, parent).get(path.removeprefix(parent))


def drop(device_id: str) -> None:
    """Forget all, as after "0 BOOTSTRAP" (Table 8) and with the device."""
    _DROP(device_id)
