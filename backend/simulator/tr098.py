"""The InternetGatewayDevice:1 (TR-098) data model of a simulated router, and how it shows its household.

The parameters themselves are in `tr098_parameters`. LANDevice 1 is the home, WLANConfiguration 1 is
2.4 GHz and 2 is 5 GHz, WANDevice 1 the uplink. This router spells booleans 1 and 0, which TR-106 3.2
allows, so that nobody relies on the other spelling.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from backend.cwmp.rpc import SetParameterFault
from backend.simulator import tr098_parameters as parameters
from backend.simulator.building import build_tree
from backend.simulator.home import Lan, Seen
from backend.simulator.house import Home
from backend.simulator.model import ParameterTree
from backend.simulator.pools import disagreements

ROOT = "InternetGatewayDevice."
BOOLEANS = ("0", "1")
LAN = "InternetGatewayDevice.LANDevice.1."
HOST_CONFIG = LAN + "LANHostConfigManagement."
REFUSED = HOST_CONFIG  # what the home that refuses writes will not have written
INFORM: tuple[str, ...] = (  # TR-098 2.4.1 forced Inform parameters
    "InternetGatewayDevice.DeviceSummary",
    "InternetGatewayDevice.DeviceInfo.SpecVersion",
    "InternetGatewayDevice.DeviceInfo.HardwareVersion",
    "InternetGatewayDevice.DeviceInfo.SoftwareVersion",
    "InternetGatewayDevice.DeviceInfo.ProvisioningCode",
    "InternetGatewayDevice.ManagementServer.ConnectionRequestURL",
    "InternetGatewayDevice.ManagementServer.ParameterKey",
    "InternetGatewayDevice.WANDevice.1.WANConnectionDevice.1.WANIPConnection.1.ExternalIPAddress",
)

_BANDS = {"2.4GHz": 1, "5GHz": 2}
_CONNECTION = "InternetGatewayDevice.WANDevice.1.WANConnectionDevice.1.WANIPConnection.1"


def build(home: Home, acs_url: str, periodic_s: int, retry_s: int) -> ParameterTree:
    """The tree of `home` as it is when the story begins."""
    words = home.words() | {"acs_url": acs_url, "periodic_s": periodic_s, "retry_s": retry_s}
    words |= {"wan": _CONNECTION, "mac": home.mac(0)}
    tree = build_tree(home, words, _tables(home, words), parameters.ROWS, BOOLEANS, _agree)
    tree.restore(home.overrides)
    return tree


def _tables(home: Home, words: dict[str, object]) -> Iterator[str]:
    yield parameters.SYSTEM.format_map(words)
    yield parameters.LAN.format_map(words)
    for i in range(1, 5):
        yield parameters.PORT.format(i=i, mac=home.mac(i), status="Up" if i == 1 else "NoLink")
    for i, (band, channels, channel, standard) in enumerate(
        (("2.4GHz", "1-13", 6, "n"), ("5GHz", "36,40,44,48,52,56,60,64", 36, "ac")), 1
    ):
        yield parameters.WLAN.format_map(
            words
            | {"i": i, "channels": channels, "channel": channel, "standard": standard}
            | {"mac": home.mac(16 + i), "associated": sum(s.band == band for s in home.stations)}
        )
    yield parameters.WAN.format_map(words)
    yield f"{LAN}Hosts.\nHostNumberOfEntries unsignedInt r {len(home.stations)}\n"
    places = {1: 0, 2: 0}
    for i, station in enumerate(home.stations, 1):
        source = "Static" if station.static_ip else "DHCP"
        interface = "802.11" if station.band else "Ethernet"
        yield parameters.HOST.format(
            i=i, mac=station.mac, name=station.name, source=source, interface=interface
        )
        if station.band:
            wlan = _BANDS[station.band]
            places[wlan] += 1
            yield parameters.ASSOCIATED.format(wlan=wlan, i=places[wlan], mac=station.mac)


def _agree(value: Callable[[str], str]) -> list[SetParameterFault]:
    return disagreements(value, HOST_CONFIG + "MinAddress", HOST_CONFIG + "MaxAddress")


def lan(tree: ParameterTree) -> Lan:
    """The LAN side as the tree has it now."""
    interface = HOST_CONFIG + "IPInterface.1."
    return Lan(
        router=tree.value(interface + "IPInterfaceIPAddress"),
        mask=tree.value(interface + "IPInterfaceSubnetMask"),
        dhcp_enabled=tree.is_true(HOST_CONFIG + "DHCPServerEnable"),
        pool_min=tree.value(HOST_CONFIG + "MinAddress"),
        pool_max=tree.value(HOST_CONFIG + "MaxAddress"),
        lease_s=int(tree.value(HOST_CONFIG + "DHCPLeaseTime")),
        gateways=tuple(filter(None, tree.value(HOST_CONFIG + "IPRouters").split(","))),
        dns=tuple(s.strip() for s in tree.value(HOST_CONFIG + "DNSServers").split(",") if s.strip()),
    )


def show(tree: ParameterTree, seen: Sequence[Seen]) -> None:
    """Write what the household has into the hosts and the associated devices."""
    places = {1: 0, 2: 0}
    for i, one in enumerate(seen, 1):
        host = f"{LAN}Hosts.Host.{i}."
        tree.put(host + "IPAddress", one.ip)
        tree.put(host + "Active", one.active)
        tree.put(host + "LeaseTimeRemaining", one.lease_left_s)
        if one.station.band:
            wlan = _BANDS[one.station.band]
            places[wlan] += 1
            associated = f"{LAN}WLANConfiguration.{wlan}.AssociatedDevice.{places[wlan]}."
            tree.put(associated + "AssociatedDeviceIPAddress", one.ip)
