"""One parameter of a router, and the text that whole trees are written as. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from sys import intern

_MAC = re.compile(r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}")
_RANGE = re.compile(r"(-?\d+)?\.\.(-?\d+)?")

BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. `value` is the lexical form; `type` such as "xsd:boolean"; `rule` limits the
    value: "1..64" (number), "len 8..63" (length), "a|b" (one of), "ipv4", "ipv4s" (comma separated),
    "mac", "macs", or empty. A `hidden` one reads as the empty string (TR-181 1.3, hidden)."""

    path: str
    type: str
    value: str
    writable: bool = False
    hidden: bool = False
    rule: str = ""


def read_table(table: str, booleans: tuple[str, str] = ("false", "true")) -> Iterator[Parameter]:
    """Read a tree written as text: a line that ends in "." opens an object; the others are
    `Name type access value ; rule`, access being r (read), w (write) or h (write, hidden).

    `booleans` is how this router spells false and true on the wire.
    """
    prefix = ""
    for line in filter(None, map(str.strip, table.splitlines())):
        if " " not in line:
            prefix = line
            continue
        head, _, rule = line.partition(";")
        name, kind, access, *rest = head.split(None, 3)
        value = rest[0].strip() if rest else ""
        if kind == "boolean":
            value = booleans[BOOLEANS[value]]
        # Interned, since hundreds of routers of one kind have the same paths.
        path, kind, rule = intern(prefix + name), intern(f"xsd:{kind}"), intern(rule.strip())
        yield Parameter(path, kind, value, access in "wh", access == "h", rule)


def is_allowed(rule: str, value: str) -> bool:
    """Whether a value keeps the rule of a parameter."""
    if not rule:
        return True
    if rule == "mac":
        return value == "" or _MAC.fullmatch(value) is not None
    if rule == "macs":
        return value == "" or all(_MAC.fullmatch(part.strip()) for part in value.split(","))
    if rule == "ipv4":
        return value == "" or _is_address(value)
    if rule == "ipv4s":
        return value == "" or all(_is_address(part.strip()) for part in value.split(","))
    if rule.startswith("len "):
        return _is_within(rule[4:], len(value))
    if _RANGE.fullmatch(rule):
        return _is_within(rule, int(value))
    return value in rule.split("|")


def _is_within(limits: str, number: int) -> bool:
    lowest, _, highest = limits.partition("..")
    return (not lowest or number >= int(lowest)) and (not highest or number <= int(highest))


def _is_address(text: str) -> bool:
    try:
        IPv4Address(text)
    except ValueError:
        return False
    return True
