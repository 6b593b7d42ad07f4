"""The diagnoses of a router: ping, trace route, download, upload, and what WiFi it hears.

Ping and trace route play on a small made-up internet, since a test must not reach a real one: public
addresses answer, private ones outside the home do not, names under `.invalid` and names without a dot do
not resolve. Download and upload really move the bytes of the URL they are given, no faster than the line
of the home is. The survey hears the neighbours of `air`.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from ipaddress import AddressValueError, IPv4Address
from typing import Any, Final

from backend.simulator.air import Neighbour
from backend.simulator.fetching import NO_SERVER, UNSUPPORTED_PROTOCOL, Files, Measured, TransferFailed
from backend.simulator.home import Seen
from backend.simulator.model import ParameterTree
from backend.simulator.parameter import Parameter, read_table
from backend.simulator.variants import Place

COMPLETE: Final = "Complete"
ROWS_LIMIT: Final = 64
_HOST: Final = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*\.?")
_STEPS: Final = ("core-1.isp.example", "core-2.isp.example", "exchange.example", "far.example")
_NAMES: Final[Mapping[str, str]] = {
    "Host": "host", "HopHost": "host", "HostAddress": "address", "HopHostAddress": "address",
    "ErrorCode": "error", "HopErrorCode": "error", "RTTimes": "times", "HopRTTimes": "times",
    "SSID": "ssid", "BSSID": "bssid", "Channel": "channel", "SignalStrength": "signal", "RSSI": "signal",
    "Noise": "noise", "OperatingChannelBandwidth": "width", "Bandwidth": "width",
    "OperatingFrequencyBand": "band", "Band": "band",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class World:
    """What a router can see: its home and its line. `mbps` is (down, up)."""

    router_ip: str
    wan_gateway: str
    seen: Sequence[Seen]
    neighbours: Sequence[Neighbour]
    mbps: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Found:
    """What a diagnosis gave: the DiagnosticsState, values by name within the object, and rows by the
    keys of `variants.Place`."""

    state: str
    values: dict[str, str] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)


def run(kind: str, asked: Mapping[str, str], world: World, files: Files) -> Found:
    """Carry one out; `asked` are the object's own values by name."""
    match kind:
        case "ping":
            return ping(asked, world)
        case "traceroute":
            return trace(asked, world)
        case "download":
            return _speed(asked, world, files, down=True)
        case "upload":
            return _speed(asked, world, files, down=False)
        case _:
            return survey(world)


def write(tree: ParameterTree, where: str, place: Place, found: Found) -> None:
    """Show what was found in the object at `where`."""
    for name, value in found.values.items():
        tree.show(where + name, value)
    if place.table:
        rows = [_row(place, row) for row in found.rows[:ROWS_LIMIT]]
        tree.set_rows(f"{where}{place.table}.", rows)
        tree.show(f"{where}{place.table}NumberOfEntries", len(rows))
    tree.put(where + "DiagnosticsState", found.state)


def clear(tree: ParameterTree, where: str, place: Place) -> None:
    """Take away what an earlier run found."""
    if place.table:
        tree.set_rows(f"{where}{place.table}.", [])
        tree.show(f"{where}{place.table}NumberOfEntries", 0)


def _row(place: Place, row: Mapping[str, Any]) -> list[Parameter]:
    made = []
    for one in read_table(place.row):
        key = place.names.get(one.path) or _NAMES.get(one.path, "")
        made.append(replace(one, value=str(row[key])) if key in row else one)
    return made


# -- the made-up internet --------------------------------------------------------------------------


def ping(asked: Mapping[str, str], world: World) -> Found:
    """IPPing: counts, and times in milliseconds."""
    address, rtt_ms = _reach(asked.get("Host", ""), world)
    if not address:
        return Found("Error_CannotResolveHostName")
    times = int(asked.get("NumberOfRepetitions", "3"))
    lost = times if rtt_ms is None else 0
    taken = [] if rtt_ms is None else [_shaken(rtt_ms, place) for place in range(min(times, 50))]
    return Found(
        COMPLETE,
        {
            "SuccessCount": str(times - lost),
            "FailureCount": str(lost),
            "AverageResponseTime": str(sum(taken) // len(taken) if taken else 0),
            "MinimumResponseTime": str(min(taken, default=0)),
            "MaximumResponseTime": str(max(taken, default=0)),
            "IPAddressUsed": world.router_ip,
        },
    )


def trace(asked: Mapping[str, str], world: World) -> Found:
    """TraceRoute: the hops with their times in milliseconds."""
    address, rtt_ms = _reach(asked.get("Host", ""), world)
    if not address:
        return Found("Error_CannotResolveHostName")
    most, tries = int(asked.get("MaxHopCount", "30")), int(asked.get("NumberOfTries", "3"))
    whole_ms = rtt_ms or 30
    way = [(world.wan_gateway, world.wan_gateway)]
    steps = _STEPS[: 2 + zlib.crc32(address.encode()) % 3]
    way += [(name, f"203.0.113.{place}") for place, name in enumerate(steps, 1)]
    if whole_ms <= 1:
        way = []
    if rtt_ms is not None:
        way.append((asked.get("Host", ""), address))
    rows = []
    for place, (host, at) in enumerate(way[:most], 1):
        hop_ms = max(1, whole_ms * place // max(1, len(way)))
        times = ",".join(str(_shaken(hop_ms, one)) for one in range(tries))
        rows.append({"host": host, "address": at, "error": 0, "times": times})
    arrived = rtt_ms is not None and len(way) <= most
    values = {"ResponseTime": str(whole_ms if arrived else 0), "IPAddressUsed": world.router_ip}
    return Found(COMPLETE if arrived else "Error_MaxHopCountExceeded", values, rows)


def _reach(host: str, world: World) -> tuple[str, int | None]:
    """(address, round trip in ms); no address: the name does not resolve; no time: it does not answer."""
    try:
        address = IPv4Address(host)
    except AddressValueError:
        plain = host.rstrip(".").lower()
        if not _HOST.fullmatch(host) or "." not in plain or plain.endswith(".invalid"):
            return "", None
        made = zlib.crc32(plain.encode())
        return f"198.51.100.{made % 254 + 1}", 6 + made % 25
    if host == world.router_ip or address.is_loopback:
        return host, 1
    if any(one.ip == host and one.active for one in world.seen):
        return host, 1
    if address.is_private and not host.startswith(("192.0.2.", "198.51.100.", "203.0.113.")):
        return host, None
    return host, 6 + zlib.crc32(host.encode()) % 25


def _shaken(rtt_ms: int, place: int) -> int:
    """Times differ a little from one try to the next."""
    return rtt_ms + (place * 7 % 4 if rtt_ms > 1 else 0)


def survey(world: World) -> Found:
    """Every neighbour's network."""
    rows = [
        {
            "ssid": one.ssid,
            "bssid": one.bssid,
            "band": one.band,
            "channel": one.channel,
            "signal": one.signal_dbm,
            "noise": one.noise_dbm,
            "width": f"{one.width_mhz}MHz",
            "security": "WPA2",
        }
        for one in world.neighbours
    ]
    return Found(COMPLETE, {}, rows)


def _speed(asked: Mapping[str, str], world: World, files: Files, *, down: bool) -> Found:
    """DownloadDiagnostics and UploadDiagnostics: TR-143, with times to the microsecond."""
    try:
        if down:
            measured = files.measure_down(asked.get("DownloadURL", ""), world.mbps[0])
        else:
            size_bytes = int(asked.get("TestFileLength") or 0)
            measured = files.measure_up(asked.get("UploadURL", ""), size_bytes, world.mbps[1])
    except TransferFailed as failed:
        no_server = failed.code in (NO_SERVER, UNSUPPORTED_PROTOCOL)
        return Found("Error_InitConnectionFailed" if no_server else "Error_NoResponse")
    return Found(COMPLETE, _measured(measured, "Received" if down else "Sent"))


def _measured(measured: Measured, way: str) -> dict[str, str]:
    return {
        "TCPOpenRequestTime": _iso(measured.asked_at),
        "TCPOpenResponseTime": _iso(measured.asked_at),
        "ROMTime": _iso(measured.asked_at),
        "BOMTime": _iso(measured.began_at),
        "EOMTime": _iso(measured.ended_at),
        f"TestBytes{way}": str(measured.moved_bytes),
        f"TotalBytes{way}": str(measured.moved_bytes),
    }


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
