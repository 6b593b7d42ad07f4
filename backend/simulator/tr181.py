"""The Device:2 (TR-181) data model of a simulated home router, and how it shows its household.

The parameters themselves are in `tr181_parameters`. Interface 1 is the LAN, interface 2 the WAN;
radio, SSID and access point 1 are 2.4 GHz, 2 are 5 GHz; each member of the household has one row of
the hosts table, one of the DHCP pool's clients and, when wireless, one associated device.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from backend.cwmp.rpc import SetParameterFault
from backend.simulator import diagnosis_parameters
from backend.simulator import tr181_parameters as parameters
from backend.simulator.air import Link, Radio
from backend.simulator.building import build_tree
from backend.simulator.home import Lan, Seen, macs, width_mhz
from backend.simulator.house import Home
from backend.simulator.model import ParameterTree
from backend.simulator.pools import disagreements
from backend.simulator.variants import Place

ROOT = "Device."
BOOLEANS = ("false", "true")
POOL = "Device.DHCPv4.Server.Pool.1."
ADDRESS = "Device.IP.Interface.1.IPv4Address.1."
REFUSED = "Device.DHCPv4.Server."  # what the home that refuses writes will not have written
INFORM: tuple[str, ...] = (  # TR-181 2.16 forced Inform parameters
    "Device.RootDataModelVersion",
    "Device.DeviceInfo.HardwareVersion",
    "Device.DeviceInfo.SoftwareVersion",
    "Device.DeviceInfo.ProvisioningCode",
    "Device.ManagementServer.ConnectionRequestURL",
    "Device.ManagementServer.ParameterKey",
    "Device.ManagementServer.AliasBasedAddressing",
)

AUTO_CHANNEL = "Device.WiFi.Radio.{i}.AutoChannelEnable"
CHANNEL = "Device.WiFi.Radio.{i}.Channel"
DIAGNOSES: dict[str, Place] = {
    "Device.IP.Diagnostics.IPPing.": Place("ping"),
    "Device.IP.Diagnostics.TraceRoute.": Place("traceroute", "RouteHops", diagnosis_parameters.HOP_181),
    "Device.IP.Diagnostics.DownloadDiagnostics.": Place("download"),
    "Device.IP.Diagnostics.UploadDiagnostics.": Place("upload"),
    "Device.WiFi.NeighboringWiFiDiagnostic.": Place(
        "neighbours", "Result", diagnosis_parameters.NEIGHBOUR_181
    ),
}

_BANDS = {"2.4GHz": 1, "5GHz": 2}
_RADIO = re.compile(
    r"Device\.WiFi\.(?:Radio|SSID|AccessPoint)\.(\d+)\."
    r"(?:Enable|Channel|AutoChannelEnable|OperatingChannelBandwidth|SSID|Security\.\w+)\Z"
)


def build(home: Home, acs_url: str, periodic_s: int, retry_s: int) -> ParameterTree:
    """The tree of `home` as it is when the story begins."""
    words = home.words() | {"acs_url": acs_url, "periodic_s": periodic_s, "retry_s": retry_s}
    tree = build_tree(home, words, _tables(home, words), parameters.ROWS, BOOLEANS, _agree)
    tree.restore(home.overrides)
    return tree


def _tables(home: Home, words: dict[str, object]) -> Iterator[str]:
    yield parameters.SYSTEM.format_map(words)
    yield parameters.NETWORK.format_map(words)
    yield diagnosis_parameters.DIAGNOSTICS_181
    for i in (1, 2, 3):
        yield parameters.PORT.format(
            i=i, mac=home.mac(i), status="Down" if i == 2 else "Up", upstream=str(i == 3).lower()
        )
    yield "Device.WiFi.\nRadioNumberOfEntries unsignedInt r 2\nSSIDNumberOfEntries unsignedInt r 2\n"
    yield "Device.WiFi.\nAccessPointNumberOfEntries unsignedInt r 2\n"
    radios = (
        ("2.4GHz", 574, "g,n,ax", "1,2,3,4,5,6,7,8,9,10,11,12,13", 6, "20MHz"),
        ("5GHz", 2402, "a,n,ac,ax", "36,40,44,48,52,56,60,64,100,104,108,112", 36, "80MHz"),
    )
    for i, (band, rate, standards, channels, channel, width) in enumerate(radios, 1):
        yield parameters.RADIO.format_map(
            words
            | {"i": i, "band": band, "rate": rate, "standards": standards, "channels": channels}
            | {"channel": channel, "width": width, "mac": home.mac(16 + i)}
            | {"associated": sum(s.band == band for s in home.stations)}
        )
    yield from _household_tables(home)


def _household_tables(home: Home) -> Iterator[str]:
    count = len(home.stations)
    yield f"Device.Hosts.\nHostNumberOfEntries unsignedInt r {count}\n"
    places = {1: 0, 2: 0}
    clients = 0
    for i, station in enumerate(home.stations, 1):
        associated, layer1 = "", "Device.Ethernet.Interface.1."
        if station.band:
            ap = _BANDS[station.band]
            places[ap] += 1
            associated = f"Device.WiFi.AccessPoint.{ap}.AssociatedDevice.{places[ap]}."
            layer1 = f"Device.WiFi.SSID.{ap}."
            yield parameters.ASSOCIATED.format(
                ap=ap, i=places[ap], mac=station.mac, standard="ax", rate=240000 * ap, signal=-48 - 4 * i
            )
        source = "Static" if station.static_ip else "DHCP"
        yield parameters.HOST.format(
            i=i, mac=station.mac, name=station.name, associated=associated, layer1=layer1, source=source
        )
        if not station.static_ip:
            clients += 1
            yield parameters.CLIENT.format(i=clients, mac=station.mac)


def _agree(value: Callable[[str], str]) -> list[SetParameterFault]:
    return disagreements(value, POOL + "MinAddress", POOL + "MaxAddress")


def lan(tree: ParameterTree) -> Lan:
    """The LAN side as the tree has it now."""
    return Lan(
        router=tree.value(ADDRESS + "IPAddress"),
        mask=tree.value(ADDRESS + "SubnetMask"),
        dhcp_enabled=tree.is_true("Device.DHCPv4.Server.Enable") and tree.is_true(POOL + "Enable"),
        pool_min=tree.value(POOL + "MinAddress"),
        pool_max=tree.value(POOL + "MaxAddress"),
        lease_s=int(tree.value(POOL + "LeaseTime")),
        gateways=tuple(filter(None, tree.value(POOL + "IPRouters").split(","))),
        dns=tuple(s.strip() for s in tree.value(POOL + "DNSServers").split(",") if s.strip()),
    )


def radios(tree: ParameterTree) -> dict[str, Radio]:
    """Each band as it is set."""
    found = {}
    for band, i in _BANDS.items():
        radio, point = f"Device.WiFi.Radio.{i}.", f"Device.WiFi.AccessPoint.{i}."
        ssid = f"Device.WiFi.SSID.{i}."
        if radio + "Channel" not in tree:
            continue
        filters = tree.is_true(point + "MACAddressControlEnabled", False)
        found[band] = Radio(
            band,
            all(tree.is_true(one + "Enable", True) for one in (radio, point, ssid)),
            int(tree.value(radio + "Channel")),
            width_mhz(tree.text(radio + "OperatingChannelBandwidth"), band),
            tree.text(ssid + "SSID"),
            tree.text(point + "Security.KeyPassphrase"),
            macs(tree.text(point + "AllowedMACAddress")) if filters else None,
            macs(tree.text(point + "X_02CF01_DeniedMACAddress")),
        )
    return found


def radio_of(path: str) -> str:
    """The band whose radio begins again when this path is written, or ""."""
    found = _RADIO.match(path)
    return next((band for band, i in _BANDS.items() if found and found[1] == str(i)), "")


def chooses_channel(tree: ParameterTree, band: str) -> bool:
    """Whether the router picks this band's channel for itself."""
    return tree.is_true(AUTO_CHANNEL.format(i=_BANDS[band]), False)


def channels(tree: ParameterTree, band: str) -> list[int]:
    """The channels this band's radio may take."""
    text = tree.text(f"Device.WiFi.Radio.{_BANDS[band]}.PossibleChannels")
    return [int(one) for one in text.split(",") if one]


def take_channel(tree: ParameterTree, band: str, channel: int) -> None:
    """The router goes to a channel."""
    tree.show(CHANNEL.format(i=_BANDS[band]), channel)


def follows(written: Mapping[str, str], tree: ParameterTree) -> dict[str, str]:
    """What a write changes besides: a channel that is chosen by hand is no longer the router's choice
    (TR-181, Radio.Channel)."""
    found = {}
    for i in _BANDS.values():
        auto = AUTO_CHANNEL.format(i=i)
        if CHANNEL.format(i=i) in written and auto not in written and tree.is_true(auto, False):
            found[auto] = BOOLEANS[0]
    return found


def show(tree: ParameterTree, seen: Sequence[Seen], links: Mapping[str, Link] | None = None) -> None:
    """Write what the household has into the hosts, the pool's clients and the associated devices."""
    links = links or {}
    enabled = lan(tree).dhcp_enabled
    tree.show(POOL + "Status", "Enabled" if enabled else "Disabled")
    clients = 0
    for i, one in enumerate(seen, 1):
        host = f"Device.Hosts.Host.{i}."
        tree.show(host + "IPAddress", one.ip)
        tree.show(host + "Active", one.active)
        tree.show(host + "LeaseTimeRemaining", one.lease_left_s)
        associated = tree.text(host + "AssociatedDevice")
        if associated and associated + "Active" in tree:
            link = links.get(one.station.mac) or Link("")
            tree.show(associated + "Active", link.joined)
            tree.show(associated + "SignalStrength", link.signal_dbm)
            tree.show(associated + "LastDataDownlinkRate", link.rate_kbps)
            tree.show(associated + "LastDataUplinkRate", link.rate_kbps // 2)
            tree.show(associated + "Retransmissions", link.retransmissions)
        if not one.station.static_ip:
            clients += 1
            client = f"{POOL}Client.{clients}."
            tree.show(client + "Active", bool(one.ip))
            tree.show(host + "DHCPClient", client if one.ip else "")
    tree.show(POOL + "ClientNumberOfEntries", clients)
