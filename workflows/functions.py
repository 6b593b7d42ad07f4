"""The few functions expressions have beside CEL's own: addresses, subnets, pools, devices, WiFi channels.

Pure and total over texts from devices: a text that is not an address is in no subnet; where a function
has no sensible answer it raises ValueError, which makes the expression fail, not the process.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError
from typing import Any

from cel_expr_python import cel

from workflows.channels import best_channel

POOL_LIMIT_ADDRESSES = 101
_MAC = re.compile(r"[0-9a-f]{12}")
_FIRST_HOST = 100  # leaves the low addresses for devices that keep one for themselves


def is_ip(text: str) -> bool:
    """Whether the text is one IPv4 address, and not 0.0.0.0."""
    try:
        return int(IPv4Address(text.strip())) != 0
    except AddressValueError:
        return False


def ip_number(text: str) -> int:
    """The address as a number, to compare two; ValueError when it is none."""
    return int(_address(text))


def ip_in_subnet(ip: str, network_ip: str, mask: str) -> bool:
    """Whether `ip` lies in the subnet of `network_ip`/`mask`; False when `ip` is no address.
    ValueError when the network itself is none."""
    network = _network(network_ip, mask)
    return is_ip(ip) and IPv4Address(ip.strip()) in network


def dhcp_pool(router_ip: str, mask: str) -> list[str]:
    """[first, last] of a sensible address pool in the router's subnet, without the router itself.
    ValueError when the subnet has no room for anyone else."""
    network, router = _network(router_ip, mask), ip_number(router_ip)
    lowest, highest = int(network.network_address) + 1, int(network.broadcast_address) - 1
    sides = [(lowest, router - 1), (router + 1, highest)]
    low, high = max(sides, key=lambda side: side[1] - side[0])
    if high < low:
        raise ValueError(f"no room for a pool in {network}")
    preferred = int(network.network_address) + _FIRST_HOST
    if low <= preferred and preferred + POOL_LIMIT_ADDRESSES - 1 <= high:
        low = preferred
    return [str(IPv4Address(low)), str(IPv4Address(min(high, low + POOL_LIMIT_ADDRESSES - 1)))]


def mac_in(mac: str, macs: list[str]) -> bool:
    """Whether a list of MAC addresses names this one, whatever the case and the separators."""
    plain = _mac(mac)
    return bool(plain) and any(_mac(one) == plain for one in macs)


def device_name(rows: list[dict[str, Any]], mac: str) -> str:
    """What people call the device with this MAC address, from rows with `mac` and `name` such as
    sv('hosts'): "console (06:0D:00:00:00:02)"; the address alone when no row names it."""
    plain = _mac(mac)
    same = (str(row.get("name") or "").strip() for row in rows if plain and _mac(row.get("mac", "")) == plain)
    name = next((name for name in same if name), "")
    return f"{name} ({mac})" if name else mac


def _mac(text: str) -> str:
    """The address without separators, in lower case; "" for what is no MAC address."""
    plain = re.sub(r"[:.\-\s]", "", str(text)).lower()
    return plain if _MAC.fullmatch(plain) else ""


def _address(text: str) -> IPv4Address:
    try:
        return IPv4Address(text.strip())
    except AddressValueError:
        raise ValueError(f"'{text}' is not an IPv4 address") from None


def _network(ip: str, mask: str) -> IPv4Network:
    try:
        return IPv4Network((str(_address(ip)), mask.strip()), strict=False)
    except (NetmaskValueError, ValueError):
        raise ValueError(f"'{ip}' with mask '{mask}' is not an IPv4 network") from None


@lru_cache(maxsize=1)
def declarations() -> list[Any]:
    """The functions as CEL wants them."""
    text, texts = cel.Type.STRING, cel.Type.List(cel.Type.STRING)
    row = cel.Type.Map(text, cel.Type.DYN)
    table: list[tuple[str, list[Any], Any, Any]] = [
        ("is_ip", [text], cel.Type.BOOL, is_ip),
        ("ip_number", [text], cel.Type.INT, ip_number),
        ("ip_in_subnet", [text, text, text], cel.Type.BOOL, ip_in_subnet),
        ("dhcp_pool", [text, text], texts, dhcp_pool),
        ("mac_in", [text, texts], cel.Type.BOOL, mac_in),
        ("device_name", [cel.Type.List(row), text], text, device_name),
        ("best_channel", [cel.Type.List(row), cel.Type.INT, texts, text], row, best_channel),
    ]
    return [
        cel.FunctionDecl(
            name,
            [cel.Overload(f"{name}_of", return_type=gives, parameters=takes, is_member=False, impl=function)],
        )
        for name, takes, gives, function in table
    ]
