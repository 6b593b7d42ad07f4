"""The stored data model as people look through it: a level at a time, or by words; secrets masked.

Everything here is what the router told at some time; `read_at` says when. Values of one page are loaded, no
more; of the rest only the names. The caller has found the device under its tenant (`records`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from backend import database
from backend.cwmp import datamodel
from backend.devices import names
from backend.devices.secret_values import is_secret, masked, opened
from backend.devices.statements import Statement, postgres, repeated
from backend.errors import Invalid, NotFound
from backend.identity import audit
from backend.identity.permissions import Subject

PAGE_LIMIT_ITEMS: Final = 200
NAMES_LIMIT_ROWS: Final = 50_000
WORDS_LIMIT: Final = 6
VALUE_LIMIT_CHARS: Final = 4_000
OBJECT: Final = "object"
PARAMETER: Final = "parameter"

_RANGE: Final = (
    "SELECT path, {columns} FROM stored_parameter WHERE device_id = ? AND path{bytewise} >= ?"
    " AND path{bytewise} < ? LIMIT ?"
)
_PATHS = Statement(_RANGE.format(columns="1", bytewise=""))
_PATHS_COLLATED = Statement(_RANGE.format(columns="1", bytewise=' COLLATE "C"'))
_ROWS = Statement(_RANGE.format(columns="value, type, read_at", bytewise=""))
_ROWS_COLLATED = Statement(_RANGE.format(columns="value, type, read_at", bytewise=' COLLATE "C"'))
_AT: Final = "SELECT path, value, type, read_at FROM stored_parameter WHERE device_id = ? AND path IN (...)"
_NUMBERS: Final = re.compile(r"(\d+)")
_LAST: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Level:
    """A page of what is below `path`. `next_path` is the cursor of the page after, None at the end."""

    path: str
    items: list[dict[str, Any]]
    next_path: str | None


def level(device_id: str, path: str, after: str | None, limit: int) -> Level:
    """What is directly below an object ("" is the root): objects and parameters, instances by number."""
    path = _object(path)
    stored: dict[str, int] = {}
    for found, _ in _under(_PATHS, _PATHS_COLLATED, device_id, path):
        name, dot, rest = found.removeprefix(path).partition(".")
        child = path + name + dot
        stored[child] = stored.get(child, 0) + (1 if rest else 0)
    told = names.below(device_id, path)
    children = sorted({*stored, *(path + name for name in told)}, key=_natural)
    page, more = _page(children, after, limit)
    rows = _at(device_id, [child for child in page if not child.endswith(".")])
    items = [_item(child, path, rows, stored.get(child, 0), told) for child in page]
    return Level(path, items, page[-1] if more else None)


def find(device_id: str, path: str, text: str, after: str | None, limit: int) -> Level:
    """Parameters at any depth below an object that have each of the words in their path or value.

    The value of a secret is not searched.
    """
    path = _object(path)
    words = text.casefold().split()[:WORDS_LIMIT]
    fitting: dict[str, tuple[str, str, float]] = {}
    for found, value, kind, read_at in _under(_ROWS, _ROWS_COLLATED, device_id, path):
        said = found.casefold() if is_secret(found) else f"{found}\n{value}".casefold()
        if all(word in said for word in words):
            fitting[found] = (value, kind, read_at)
    page, more = _page(sorted(fitting, key=_natural), after, limit)
    told: dict[str, dict[str, bool]] = {}
    items = []
    for one in page:
        parent = names.parent_of(one)
        if parent not in told:
            told[parent] = names.below(device_id, parent)
        items.append(_item(one, parent, fitting, 0, told[parent]))
    return Level(path, items, page[-1] if more else None)


def reveal(subject: Subject, device_id: str, path: str, reason: str, now: float) -> str:
    """The value in clear of one stored parameter, written down in the audit in the same transaction.

    NotFound where it was never read; Invalid without a reason.
    """
    if not reason.strip():
        raise Invalid("reason_missing", fields={"reason": ["Say why it must be seen."]})
    row = _at(device_id, [path]).get(path)
    if row is None:
        raise NotFound()
    with database.transaction():
        detail = {"path": path}
        audit.write(
            subject,
            "device.reveal",
            thing="device",
            thing_id=device_id,
            now=now,
            reason=reason,
            detail=detail,
        )
    return opened(subject.tenant_id, path, row[0])


def check(device_id: str, path: str, value: str, type_name: str) -> tuple[str, str]:
    """(value, type) as they would be written; Invalid with the errors by field. Nothing is written.

    The type is the one the router told; another one is an error, since it would refuse it (9006).
    """
    if not datamodel.is_path(path) or path.endswith("."):
        raise Invalid("value_invalid", fields={"path": ["Not the path of one parameter."]})
    row = _at(device_id, [path]).get(path)
    told = row[1] if row is not None else ""
    if type_name and not type_name.startswith("xsd:"):
        type_name = f"xsd:{type_name}"
    kind = type_name or told or datamodel.STRING
    errors: dict[str, list[str]] = {}
    if kind not in datamodel.TYPES:
        errors["type"] = ["Not a type that can be written."]
    elif told in datamodel.TYPES and kind != told:
        errors["type"] = [f"The router says that this is {told.removeprefix('xsd:')}."]
    if names.writable(device_id, path) is False:
        errors["path"] = ["The router does not let this be written."]
    if not errors:
        try:
            return _spelt(value, kind), kind
        except ValueError:
            errors["value"] = [_wanted(kind)]
    raise Invalid("value_invalid", fields=errors)


def _spelt(value: str, kind: str) -> str:
    if len(value) > VALUE_LIMIT_CHARS or any(letter < " " and letter not in "\t\n\r" for letter in value):
        raise ValueError("not a text that XML can hold")
    if kind == datamodel.STRING:
        return value
    return datamodel.write(datamodel.parse(value, kind), kind)


def _wanted(kind: str) -> str:
    if kind in datamodel.RANGES:
        low, high = datamodel.RANGES[kind]
        return f"A whole number from {low} to {high}."
    return {
        datamodel.BOOLEAN: "true or false.",
        datamodel.DATE_TIME: "A moment such as 2030-01-31T12:00:00Z.",
        datamodel.BASE64: "Base64 letters.",
        datamodel.HEX: "Hexadecimal digits, two for each byte.",
    }.get(kind, f"A text of at most {VALUE_LIMIT_CHARS} characters, without control characters.")


def _object(path: str) -> str:
    """A path as an object's: ending in ".", or "" for the root."""
    return path if not path or path.endswith(".") else f"{path}."


def _under(plain: Statement, collated: Statement, device_id: str, path: str) -> list[tuple[Any, ...]]:
    statement = collated if postgres() else plain
    end = path[:-1] + "/" if path else _LAST
    rows: list[tuple[Any, ...]] = statement(device_id, path, end, NAMES_LIMIT_ROWS).fetchall()
    return rows


def _at(device_id: str, paths: Sequence[str]) -> dict[str, tuple[str, str, float]]:
    if not paths:
        return {}
    rows = repeated(_AT, len(paths))(device_id, *paths).fetchall()
    return {path: (value, kind, read_at) for path, value, kind, read_at in rows}


def _page(paths: Sequence[str], after: str | None, limit: int) -> tuple[list[str], bool]:
    """The paths after the cursor, in their order; a cursor whose path is gone counts by where it would be."""
    limit = max(1, min(limit, PAGE_LIMIT_ITEMS))
    rest = [path for path in paths if after is None or _natural(path) > _natural(after)]
    return rest[:limit], len(rest) > limit


def _natural(path: str) -> tuple[tuple[int, int, str], ...]:
    """Instances by number: "Host.9." before "Host.10."."""
    parts = _NUMBERS.split(path)
    return tuple((1, int(part[:18]), part) if part.isdecimal() else (0, 0, part) for part in parts if part)


def _item(
    path: str,
    parent: str,
    rows: dict[str, tuple[str, str, float]],
    children: int,
    told: dict[str, bool],
) -> dict[str, Any]:
    value, kind, read_at = rows.get(path, (None, None, None))
    name = path.removeprefix(parent)
    return {
        "path": path,
        "name": name.rstrip("."),
        "kind": OBJECT if path.endswith(".") else PARAMETER,
        "value": None if value is None else masked(path, value),
        "secret": not path.endswith(".") and is_secret(path),
        "type": kind,
        "writable": told.get(name),
        "read_at": read_at,
        "children": children,
    }
