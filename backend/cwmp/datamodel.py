"""Typed values and paths of the data models TR-181 (`Device.`) and TR-098
(`InternetGatewayDevice.`); their simple types are those of TR-106 3.2.

A value travels as text with a type name "xsd:..."; `parse` and `write` convert it. A path is a
dotted name; a partial path ends in "." and names an object with all below it.
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

Value = bool | int | str | bytes | datetime

STRING: Final = "xsd:string"
BOOLEAN: Final = "xsd:boolean"
INT: Final = "xsd:int"
UNSIGNED_INT: Final = "xsd:unsignedInt"
LONG: Final = "xsd:long"
UNSIGNED_LONG: Final = "xsd:unsignedLong"
DATE_TIME: Final = "xsd:dateTime"
BASE64: Final = "xsd:base64Binary"
HEX: Final = "xsd:hexBinary"

RANGES: Final = MappingProxyType(
    {
        INT: (-(2**31), 2**31 - 1),
        UNSIGNED_INT: (0, 2**32 - 1),
        LONG: (-(2**63), 2**63 - 1),
        UNSIGNED_LONG: (0, 2**64 - 1),
    }
)
TYPES: Final = frozenset({STRING, BOOLEAN, DATE_TIME, BASE64, HEX, *RANGES})

UNKNOWN_TIME: Final = "0001-01-01T00:00:00Z"
"""TR-106 3.2.1: the value of a time that is not known or does not apply."""

ROOTS: Final = MappingProxyType({"Device": "tr181", "InternetGatewayDevice": "tr098"})
PATH_LIMIT_CHARS: Final = 256

_BOOLEANS: Final = MappingProxyType({"1": True, "true": True, "0": False, "false": False})
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,20}", re.ASCII)
_PATH: Final = re.compile(r"(?:[A-Za-z_][A-Za-z0-9_-]*\.(?:[1-9][0-9]*\.)*)*[A-Za-z0-9_-]*")
_TIME: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)


def parse(value: str, type_name: str) -> Value:
    """The typed value of a spelling; ValueError when it is none of that type's.

    Booleans are 0, 1, true or false (TR-106 3.2); a time without a zone is taken as UTC.
    """
    if type_name == STRING:
        return value
    text = value.strip()
    if type_name == BOOLEAN:
        truth = _BOOLEANS.get(text.lower())
        if truth is None:
            raise ValueError(f"not a boolean: {value!r}")
        return truth
    if type_name in RANGES:
        low, high = RANGES[type_name]
        if not _NUMBER.fullmatch(text) or not low <= int(text) <= high:
            raise ValueError(f"not of type {type_name}: {value!r}")
        return int(text)
    if type_name == DATE_TIME:
        return parse_time(text)
    if type_name == BASE64:
        try:
            return base64.b64decode("".join(text.split()), validate=True)
        except binascii.Error as error:
            raise ValueError(f"not base64: {error}") from error
    if type_name == HEX:
        return bytes.fromhex(text)
    raise ValueError(f"unknown type {type_name!r}")


def parse_time(text: str) -> datetime:
    """An aware datetime from an xsd:dateTime; ValueError when it is none."""
    found = _TIME.fullmatch(text)
    if not found:
        raise ValueError(f"not a dateTime: {text!r}")
    fraction = (found[7] or ".0")[:7]
    made = datetime.fromisoformat(f"{text[:19]}{fraction.ljust(7, '0')}")
    zone = found[8] or "Z"
    if zone == "Z":
        return made.replace(tzinfo=UTC)
    return datetime.fromisoformat(made.isoformat() + zone)


def write(value: Value, type_name: str) -> str:
    """The plainest spelling of a typed value; ValueError when it does not fit the type.

    Booleans are written "1" and "0", which every device reads.
    """
    match value:
        case bool():
            if type_name != BOOLEAN:
                raise ValueError(f"a boolean is not of type {type_name}")
            return "1" if value else "0"
        case datetime():
            if value.tzinfo is None:
                raise ValueError("a time needs its zone")
            text = value.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
        case bytes():
            text = value.hex() if type_name == HEX else base64.b64encode(value).decode("ascii")
        case _:
            text = str(value)
    parse(text, type_name)
    return text


def same(left: str, right: str, type_name: str) -> bool:
    """True when two spellings mean one value: "1" and "true" of a boolean, "05" and "5"."""
    if left == right:
        return True
    try:
        return parse(left, type_name) == parse(right, type_name)
    except ValueError:
        return False


def data_model_of(path: str) -> str | None:
    """ "tr181" or "tr098" by a path's root object; None for anything else."""
    return ROOTS.get(path.partition(".")[0])


def is_path(path: str) -> bool:
    """True for a path that may be asked of a device: full, or partial when it ends in "."."""
    root, dot, _ = path.partition(".")
    return bool(dot) and root in ROOTS and len(path) <= PATH_LIMIT_CHARS and _PATH.fullmatch(path) is not None


def is_partial(path: str) -> bool:
    """True when the path names an object (it ends in ".") and not one parameter."""
    return path.endswith(".")


def covers(asked: str, path: str) -> bool:
    """True when reading `asked` also reads `path`."""
    return path == asked or (asked.endswith(".") and path.startswith(asked))
