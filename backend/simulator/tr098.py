"""The InternetGatewayDevice:1 (TR-098) data model of a simulated router, and how it shows its household.

The parameters themselves are in `tr098_parameters`. LANDevice 1 is the home, WLANConfiguration 1 is
2.4 GHz and 2 is 5 GHz, WANDevice 1 the uplink. This router spells booleans 1 and 0, which TR-106 3.2
allows, so that nobody relies on the other spelling.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from backend.cwmp.rpc import SetParameterFault
from backend.simulator import diagnosis_parameters
from backend.simulator import tr098_parameters as parameters
from backend.simulator.air import Link, Radio
from backend.simulator.building import build_tree
from backend.simulator.home import Lan, Seen, macs, width_mhz
from backend.simulator.house import Home
from backend.simulator.model import ParameterTree
from backend.simulator.pools import disagreements
from backend.simulator.variants import Place

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

AUTO_CHANNEL = LAN + "WLANConfiguration.{i}.AutoChannelEnable"
CHANNEL = LAN + "WLANConfiguration.{i}.Channel"
DIAGNOSES: dict[str, Place] = {
    ROOT + "IPPingDiagnostics.": Place("ping"),
    ROOT + "TraceRouteDiagnostics.": Place("traceroute", "RouteHops", diagnosis_parameters.HOP_098),
    ROOT + "DownloadDiagnostics.": Place("download"),
    ROOT + "UploadDiagnostics.": Place("upload"),
    LAN + "X_02CF02_WiFiSurvey.": Place("neighbours", "Result", diagnosis_parameters.NEIGHBOUR_098),
}

_BANDS = {"2.4GHz": 1, "5GHz": 2}
_RADIO = re.compile(
    r"InternetGatewayDevice\.LANDevice\.1\.WLANConfiguration\.(\d+)\."
    r"(?:Enable|RadioEnabled|Channel|AutoChannelEnable|SSID|KeyPassphrase|BeaconType|\w+Modes?"
    r"|PreSharedKey\.1\.\w+|X_02CF02_ChannelBandwidth)\Z"
)
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
    for i, (band, channels, channel, standard, width) in enumerate(
        (("2.4GHz", "1-13", 6, "n", "20MHz"), ("5GHz", "36,40,44,48,52,56,60,64", 36, "ac", "80MHz")), 1
    ):
        yield parameters.WLAN.format_map(
            words
            | {"i": i, "channels": channels, "channel": channel, "standard": standard, "width": width}
            | {"mac": home.mac(16 + i), "associated": sum(s.band == band for s in home.stations)}
        )
    yield parameters.WAN.format_map(words)
    yield diagnosis_parameters.DIAGNOSTICS_098
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


def radios(tree: ParameterTree) -> dict[str, Radio]:
    """Each band as it is set. Two filters count: the standard one, which lets in AllowedMACAddresses of the
    LAN, and this maker's own, which has a list of its own for each way."""
    found = {}
    for band, i in _BANDS.items():
        wlan = f"{LAN}WLANConfiguration.{i}."
        if wlan + "Channel" not in tree:
            continue
        allow, deny = None, frozenset[str]()
        if tree.is_true(wlan + "MACAddressControlEnabled", False):
            allow = macs(tree.text(HOST_CONFIG + "AllowedMACAddresses"))
        mode = tree.text(wlan + "X_02CF02_MACFilterMode")
        if mode == "Allow":
            allow = macs(tree.text(wlan + "X_02CF02_AllowedMACAddresses"))
        elif mode == "Deny":
            deny = macs(tree.text(wlan + "X_02CF02_DeniedMACAddresses"))
        found[band] = Radio(
            band,
            tree.is_true(wlan + "Enable", True) and tree.is_true(wlan + "RadioEnabled", True),
            int(tree.value(wlan + "Channel")),
            width_mhz(tree.text(wlan + "X_02CF02_ChannelBandwidth"), band),
            tree.text(wlan + "SSID"),
            tree.text(wlan + "KeyPassphrase"),
            allow,
            deny,
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
    """The channels this band's radio may take; ranges such as "1-13" are spelt out."""
    found: list[int] = []
    for part in tree.text(f"{LAN}WLANConfiguration.{_BANDS[band]}.PossibleChannels").split(","):
        first, _, last = part.partition("-")
        if first:
            found += range(int(first), int(last or first) + 1)
    return found


def take_channel(tree: ParameterTree, band: str, channel: int) -> None:
    """The router goes to a channel."""
    tree.show(CHANNEL.format(i=_BANDS[band]), channel)


def follows(written: Mapping[str, str], tree: ParameterTree) -> dict[str, str]:
    """What a write changes besides: a channel that is chosen by hand is no longer the router's choice, and
    the key is one, though it stands in two places."""
    found = {}
    for i in _BANDS.values():
        auto = AUTO_CHANNEL.format(i=i)
        if CHANNEL.format(i=i) in written and auto not in written and tree.is_true(auto, False):
            found[auto] = BOOLEANS[0]
        wlan = f"{LAN}WLANConfiguration.{i}."
        key, same = wlan + "KeyPassphrase", wlan + "PreSharedKey.1.KeyPassphrase"
        for one, other in ((key, same), (same, key)):
            if one in written and other not in written and other in tree:
                found[other] = written[one]
    return found


def show(tree: ParameterTree, seen: Sequence[Seen], links: Mapping[str, Link] | None = None) -> None:
    """Write what the household has into the hosts and the associated devices."""
    links = links or {}
    for i in _BANDS.values():
        radio = f"{LAN}WLANConfiguration.{i}."
        tree.show(radio + "ChannelsInUse", tree.text(radio + "Channel"))
    places = {1: 0, 2: 0}
    for i, one in enumerate(seen, 1):
        host = f"{LAN}Hosts.Host.{i}."
        tree.show(host + "IPAddress", one.ip)
        tree.show(host + "Active", one.active)
        tree.show(host + "LeaseTimeRemaining", one.lease_left_s)
        if one.station.band:
            wlan = _BANDS[one.station.band]
            places[wlan] += 1
            associated = f"{LAN}WLANConfiguration.{wlan}.AssociatedDevice.{places[wlan]}."
            if associated + "AssociatedDeviceIPAddress" not in tree:
                continue
            tree.show(associated + "AssociatedDeviceIPAddress", one.ip)
            link = links.get(one.station.mac) or Link("")
            tree.show(associated + "X_02CF02_Active", link.joined)
            tree.show(associated + "X_02CF02_RSSI", link.signal_dbm)
            tree.show(associated + "X_02CF02_DownlinkRate", link.rate_kbps)
            tree.show(associated + "X_02CF02_UplinkRate", link.rate_kbps // 2)
            tree.show(associated + "X_02CF02_Retransmissions", link.retransmissions)
