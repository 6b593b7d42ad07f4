"""What a device's page says of a home, from what is stored: its networks, who is in it, how it can be woken.

Both data models' standard objects; what was never read is None or missing, never guessed. `home_of` is pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from backend.devices import parameters
from backend.devices.tables import Device
from workflows.facts import Datum

HOSTS_LIMIT: Final = 200
NETWORKS_LIMIT: Final = 32
INSTANCES_LIMIT: Final = 1_000
LANS_LIMIT: Final = 8
HIGHEST_2G_CHANNEL: Final = 14

PREFIXES: Final[Mapping[str, tuple[str, ...]]] = {
    "tr181": (
        "Device.DeviceInfo.UpTime",
        "Device.ManagementServer.PeriodicInformInterval",
        "Device.WiFi.SSID.",
        "Device.WiFi.Radio.",
        "Device.Hosts.Host.",
    ),
    "tr098": (
        "InternetGatewayDevice.DeviceInfo.UpTime",
        "InternetGatewayDevice.ManagementServer.PeriodicInformInterval",
        "InternetGatewayDevice.LANDevice.",
    ),
}

LAN: Final = "InternetGatewayDevice.LANDevice."
Stored = Mapping[str, Datum]


@dataclass(frozen=True, slots=True)
class Home:
    """`networks`: band, ssid, enabled, channel, auto; `hosts`: name, mac, ip, active; times in seconds."""

    networks: tuple[dict[str, Any], ...]
    hosts: tuple[dict[str, Any], ...]
    uptime_s: float | None
    inform_every_s: float | None


@dataclass(frozen=True, slots=True)
class Reach:
    """How a device can be asked to call: "http", "udp" (through a NAT) or "none".

    `later`: it has not taken our password for that yet, and will be able to when it has.
    """

    kind: str
    later: bool = False


@dataclass(frozen=True, slots=True)
class Door:
    """Whether a device stands outside. `knocked_at`: since its last session it came by a shared credential
    and was refused; None: it did not. `open`: a shared credential of the tenant opens it at its next call."""

    knocked_at: float | None
    open: bool


def home(device_id: str, data_model: str, now: float) -> Home:
    """The home as last read. The caller has found the device under its tenant."""
    return home_of(parameters.load(device_id, PREFIXES.get(data_model, ())), now)


def reach(tenant_id: str, device_id: str) -> Reach:
    """How the device can be woken. NotFound."""
    row: Device = Device.find(tenant_id, device_id)
    by_udp = bool(row.udp_address and row.nat_detected)
    if (by_udp or row.connection_request_url) and row.cr_password_sealed and row.cr_held_at is None:
        return Reach("none", later=True)
    if by_udp:
        return Reach("udp")
    return Reach("http" if row.connection_request_url else "none")


def door(tenant_id: str, device_id: str) -> Door:
    """Whether the device is let in as it comes now. NotFound."""
    row: Device = Device.find(tenant_id, device_id)
    knocked_at = row.knocked_at
    if knocked_at is not None and row.last_inform_at is not None and knocked_at <= row.last_inform_at:
        knocked_at = None
    return Door(knocked_at, bool(row.factory_id) and row.credentials_at is None)


def home_of(stored: Stored, now: float) -> Home:
    """The same from parameters given."""
    networks = (*_networks_tr181(stored), *_networks_tr098(stored))[:NETWORKS_LIMIT]
    up = next((one for path, one in stored.items() if path.endswith(".DeviceInfo.UpTime")), None)
    uptime_s = _number(up)
    every = next((one for path, one in stored.items() if path.endswith(".PeriodicInformInterval")), None)
    return Home(
        networks,
        tuple(_hosts(stored))[:HOSTS_LIMIT],
        None if uptime_s is None or up is None else uptime_s + max(0.0, now - up.read_at),
        _number(every),
    )


def _networks_tr181(stored: Stored) -> Iterator[dict[str, Any]]:
    for ssid in _instances(stored, "Device.WiFi.SSID."):
        lower = stored.get(f"{ssid}LowerLayers")
        radio = f"{lower.value.split(',')[0].strip().rstrip('.')}." if lower and lower.value else ""
        channel = _number(stored.get(f"{radio}Channel")) if radio else None
        band = stored.get(f"{radio}OperatingFrequencyBand") if radio else None
        yield {
            "band": _band(band.value) if band is not None else _band_of(channel),
            "ssid": _value(stored, f"{ssid}SSID"),
            "enabled": _truth(stored.get(f"{ssid}Enable")),
            "channel": int(channel) if channel else None,
            "auto": _truth(stored.get(f"{radio}AutoChannelEnable")) if radio else None,
        }


def _networks_tr098(stored: Stored) -> Iterator[dict[str, Any]]:
    for lan in _instances(stored, LAN)[:LANS_LIMIT]:
        for wlan in _instances(stored, f"{lan}WLANConfiguration."):
            channel = _number(stored.get(f"{wlan}Channel"))
            told = _value(stored, f"{wlan}OperatingFrequencyBand") or _value(stored, f"{wlan}X_FrequencyBand")
            yield {
                "band": _band(told)
                or _band_of(channel)
                or _band_of_standard(_value(stored, f"{wlan}Standard")),
                "ssid": _value(stored, f"{wlan}SSID"),
                "enabled": _truth(stored.get(f"{wlan}Enable")),
                "channel": int(channel) if channel else None,
                "auto": _truth(stored.get(f"{wlan}AutoChannelEnable")),
            }


def _hosts(stored: Stored) -> Iterator[dict[str, Any]]:
    tables = ["Device.Hosts.Host."]
    tables += [f"{lan}Hosts.Host." for lan in _instances(stored, LAN)[:LANS_LIMIT]]
    for table in tables:
        for host in _instances(stored, table):
            mac = _value(stored, f"{host}PhysAddress") or _value(stored, f"{host}MACAddress")
            yield {
                "name": _value(stored, f"{host}HostName"),
                "mac": mac.upper(),
                "ip": _value(stored, f"{host}IPAddress"),
                "active": _truth(stored.get(f"{host}Active")),
            }


def _instances(stored: Stored, table: str) -> list[str]:
    """The first INSTANCES_LIMIT instances of a table that anything is stored of, in the order of their
    numbers. Each look goes over all that is stored, so a router with tables without end must not decide how
    many there are."""
    numbers = {path[len(table) :].partition(".")[0] for path in stored if path.startswith(table)}
    found = sorted((n for n in numbers if n.isascii() and n.isdecimal()), key=int)
    return [f"{table}{number}." for number in found[:INSTANCES_LIMIT]]


def _value(stored: Stored, path: str) -> str:
    found = stored.get(path)
    return found.value if found is not None else ""


def _number(found: Datum | None) -> float | None:
    text = found.value.strip() if found is not None else ""
    return float(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None


def _truth(found: Datum | None) -> bool | None:
    return (
        {"1": True, "true": True, "0": False, "false": False}.get(found.value.strip().lower())
        if found
        else None
    )


def _band(text: str) -> str | None:
    for band in ("2.4", "5", "6"):
        if text.strip().startswith(band):
            return f"{band} GHz"
    return None


def _band_of(channel: float | None) -> str | None:
    """By a channel; 0 is "chosen by itself" and says nothing. 6 GHz uses numbers of its own: not told."""
    if not channel:
        return None
    return "2.4 GHz" if channel <= HIGHEST_2G_CHANNEL else "5 GHz"


def _band_of_standard(text: str) -> str | None:
    standards = {part.strip().lower() for part in text.split(",")}
    if standards & {"b", "g"}:
        return "2.4 GHz"
    return "5 GHz" if standards & {"a", "ac"} else None
