"""How a router is doing, in one of five words, from its record and what is stored of it. Pure.

excellent: heard on time, and all that is known is right; good: heard on time, something not known yet;
fair: it works, and one thing needs a look; poor: not heard for too long, or its WiFi is off; unknown: never
heard.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from workflows.facts import Datum

INFORM_INTERVAL_UNKNOWN_S: Final = 86_400.0
MISSED_INFORMS_LIMIT: Final = 2.5
LATE_LEEWAY_S: Final = 60.0

PREFIXES: Final[Mapping[str, tuple[str, ...]]] = {
    "tr181": (
        "Device.ManagementServer.PeriodicInformInterval",
        "Device.DeviceInfo.UpTime",
        "Device.DHCPv4.Server.",
        "Device.WiFi.SSID.",
    ),
    "tr098": (
        "InternetGatewayDevice.ManagementServer.PeriodicInformInterval",
        "InternetGatewayDevice.DeviceInfo.UpTime",
        "InternetGatewayDevice.LANDevice.",
    ),
}
"""What `condition_of` looks at, by data model."""

_ON: Final = frozenset({"1", "true"})


@dataclass(frozen=True, slots=True)
class Condition:
    """`state`: one of the five words; `reason`: why, as the id of a text; `None` is not known."""

    state: str
    reason: str
    online: bool
    dhcp_enabled: bool | None
    wifi_enabled: bool | None
    network_names: tuple[str, ...]


def condition_of(facts: Mapping[str, Any], parameters: Mapping[str, Datum], now: float) -> Condition:
    """The condition of a device from its `records.facts` and stored parameters."""
    dhcp = _dhcp_enabled(parameters)
    networks = _networks(parameters)
    wifi = any(on for _, on in networks) if networks else None
    online = is_online(facts.get("last_inform_at"), parameters, now)
    if facts.get("last_inform_at") is None:
        state, reason = "unknown", "never-heard"
    elif not online:
        state, reason = "poor", "not-heard"
    elif wifi is False:
        state, reason = "poor", "wifi-off"
    elif dhcp is False:
        state, reason = "fair", "dhcp-off"
    elif dhcp is None or wifi is None:
        state, reason = "good", "heard"
    else:
        state, reason = "excellent", "all-right"
    names = tuple(dict.fromkeys(name for name, on in networks if on and name))
    return Condition(state, reason, online, dhcp, wifi, names)


def is_online(last_inform_at: float | None, parameters: Mapping[str, Datum], now: float) -> bool:
    """Whether the device has been heard within 2.5 of its own Inform intervals (a day where none is
    known).
    """
    if last_inform_at is None:
        return False
    interval_s = INFORM_INTERVAL_UNKNOWN_S
    for path, datum in parameters.items():
        if path.endswith(".ManagementServer.PeriodicInformInterval") and datum.value.isdecimal():
            interval_s = float(datum.value)
    return now - last_inform_at <= MISSED_INFORMS_LIMIT * interval_s + LATE_LEEWAY_S


def _dhcp_enabled(parameters: Mapping[str, Datum]) -> bool | None:
    """TR-181: server and at least one pool; TR-098: any LAN device's server."""
    server = parameters.get("Device.DHCPv4.Server.Enable")
    if server is not None:
        pools = [
            _is_on(datum)
            for path, datum in parameters.items()
            if path.startswith("Device.DHCPv4.Server.Pool.")
            and path.count(".") == 5
            and path.endswith(".Enable")
        ]
        return _is_on(server) and (any(pools) or not pools)
    old = [
        _is_on(datum)
        for path, datum in parameters.items()
        if path.endswith(".LANHostConfigManagement.DHCPServerEnable")
    ]
    return any(old) if old else None


def _networks(parameters: Mapping[str, Datum]) -> list[tuple[str, bool]]:
    """(name, on) of each WiFi network."""
    networks = []
    for path, datum in sorted(parameters.items()):
        parent, _, name = path.rpartition(".")
        if name != "Enable" or not (
            (parent.startswith("Device.WiFi.SSID.") and parent.count(".") == 3)
            or ".WLANConfiguration." in parent
            and parent.rpartition(".")[0].endswith(".WLANConfiguration")
        ):
            continue
        ssid = parameters.get(f"{parent}.SSID")
        networks.append((ssid.value if ssid is not None else "", _is_on(datum)))
    return networks


def _is_on(datum: Datum) -> bool:
    return datum.value.strip().lower() in _ON
