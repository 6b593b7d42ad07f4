"""What the household notices: which of its devices get an address, and which can open web pages.

Pure: the LAN's settings, the stations and the time go in; what each station has comes out. The data
model modules turn a parameter tree into a `Lan` and write the result into the hosts table, so a
changed parameter changes the home and the home changes what the router tells.

The rules are those of a real network: without a DHCP server a station keeps only an address it gave
itself; an address outside the LAN's subnet reaches nothing; an empty pool leaves the last ones out;
a very short lease makes stations drop off and come back; a name server that is neither the router
nor a public address does not answer from a home.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network

SHORT_LEASE_S = 300  # below this, stations spend more time asking than using
_OFF_SHARE = 0.25  # of a short lease, the part in which a station is off the network
_APART_S = 17  # between the lease starts of two neighbouring stations
POOL_LIMIT = 1024  # addresses looked at, however large a pool is written


@dataclass(frozen=True, slots=True)
class Station:
    """A device of the household. `static_ip` is set for one that never asks for an address;
    `band` is "2.4GHz", "5GHz" or "" for a cable; `signal_dbm` is how well the router hears it, 0 for as
    well as its place in the list says."""

    name: str
    mac: str
    band: str = "5GHz"
    static_ip: str = ""
    signal_dbm: int = 0


@dataclass(frozen=True, slots=True)
class Lan:
    """The router's LAN side as set. Addresses are texts as the router holds them, perhaps wrong;
    `lease_s` is seconds, -1 for ever."""

    router: str
    mask: str
    dhcp_enabled: bool
    pool_min: str
    pool_max: str
    lease_s: int
    gateways: tuple[str, ...]
    dns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """One station now. `ip` is empty when the router knows no address of it; `trouble` is empty when
    all is well, else one of "no-address", "outside-subnet", "pool-full", "lease-expired",
    "no-gateway", "no-names", or what its WiFi suffers from (`air.Link`). `lease_left_s` is 0 without a
    lease."""

    station: Station
    ip: str
    active: bool
    opens_pages: bool
    trouble: str
    lease_left_s: int


def household(
    lan: Lan,
    stations: Sequence[Station],
    leases: Mapping[str, str],
    now: float,
    away: Mapping[str, str] | None = None,
    slow: Mapping[str, str] | None = None,
) -> list[Seen]:
    """What every station has at `now` (seconds UTC), in the order given.

    `leases` maps a MAC address to the address it had before: a station keeps it where the pool
    still allows, as DHCP servers do (RFC 2131 4.3.1). `away` and `slow` map a MAC address to the trouble of
    a station that is not on the WiFi, or that is and gets nothing done.
    """
    away, slow = away or {}, slow or {}
    network = _network(lan)
    addresses = _assign(lan, network, [one for one in stations if one.mac not in away], leases)
    seen = []
    for place, station in enumerate(stations):
        if station.mac in away:
            seen.append(Seen(station, "", False, False, away[station.mac], 0))
            continue
        one = _see(lan, network, station, addresses.get(station.mac, ""), now + place * _APART_S)
        if not one.trouble and station.mac in slow:
            one = replace(one, opens_pages=False, trouble=slow[station.mac])
        seen.append(one)
    return seen


def dns_answers(server: str, router: str) -> bool:
    """Whether a name server answers from inside this home: the router itself or a public one."""
    try:
        return server == router or IPv4Address(server).is_global
    except ValueError:
        return False


def macs(text: str) -> frozenset[str]:
    """The MAC addresses of a comma-separated list, in upper case."""
    return frozenset(part.strip().upper() for part in text.split(",") if part.strip())


def width_mhz(text: str, band: str) -> int:
    """A channel's width, "Auto" being the widest that is usual on the band."""
    number = text.removesuffix("MHz")
    return int(number) if number.isdecimal() else (20 if band == "2.4GHz" else 80)


def _network(lan: Lan) -> IPv4Network | None:
    try:
        return IPv4Network(f"{lan.router}/{lan.mask}", strict=False)
    except ValueError:
        return None


def _assign(
    lan: Lan, network: IPv4Network | None, stations: Sequence[Station], leases: Mapping[str, str]
) -> dict[str, str]:
    """An address for each station that asks, by MAC; static ones keep theirs."""
    given = {s.mac: s.static_ip for s in stations if s.static_ip}
    if not lan.dhcp_enabled or network is None:
        return given
    pool = list(_pool(lan))
    taken = {lan.router, *given.values()}
    asking = [s for s in stations if not s.static_ip]
    for station in asking:
        kept = leases.get(station.mac, "")
        if kept in pool and kept not in taken:
            given[station.mac] = kept
            taken.add(kept)
    free = (address for address in pool if address not in taken)
    for station in asking:
        if station.mac not in given:
            address = next(free, "")
            if not address:
                break
            given[station.mac] = address
    return given


def _pool(lan: Lan) -> Iterator[str]:
    try:
        first, last = int(IPv4Address(lan.pool_min)), int(IPv4Address(lan.pool_max))
    except ValueError:
        return
    for number in range(first, min(last, first + POOL_LIMIT - 1) + 1):
        yield str(IPv4Address(number))


def _see(lan: Lan, network: IPv4Network | None, station: Station, ip: str, moment: float) -> Seen:
    def out(trouble: str) -> Seen:
        return Seen(station, "", False, False, trouble, 0)

    if not ip:
        return out("pool-full" if lan.dhcp_enabled else "no-address")
    if network is None or IPv4Address(ip) not in network:
        return out("outside-subnet")
    left_s = 0
    if not station.static_ip:
        lease_s = lan.lease_s
        left_s = -1 if lease_s < 0 else lease_s - int(moment) % max(1, lease_s)
        if 0 <= lease_s < SHORT_LEASE_S and left_s <= lease_s * _OFF_SHARE:
            return out("lease-expired")
        if lan.gateways and lan.router not in lan.gateways:
            return Seen(station, ip, True, False, "no-gateway", left_s)
        if lan.dns and not any(dns_answers(server, lan.router) for server in lan.dns):
            return Seen(station, ip, True, False, "no-names", left_s)
    return Seen(station, ip, True, True, "", left_s)
