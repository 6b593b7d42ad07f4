"""What a router checks about an address pool beyond each value alone."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address

from backend.cwmp.faults import INVALID_VALUE
from backend.cwmp.rpc import SetParameterFault


def disagreements(value: Callable[[str], str], lowest: str, highest: str) -> list[SetParameterFault]:
    """A fault for each end of the pool when its first address lies above its last.

    A pool outside the LAN's subnet is taken, as many routers do; that is what one story is about.
    `value` gives a path's value as it would be after the write.
    """
    first, last = value(lowest), value(highest)
    if not first or not last or IPv4Address(first) <= IPv4Address(last):
        return []
    text = f"MinAddress {first} is above MaxAddress {last}"
    return [SetParameterFault(path, INVALID_VALUE, text) for path in (lowest, highest)]
