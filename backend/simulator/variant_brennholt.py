"""Brennholt's fibre routers: units of their own, several connections, and two models that only the hardware
version tells apart."""

from __future__ import annotations

from collections.abc import Mapping

from backend.simulator.home import Station
from backend.simulator.house import Home, Person
from backend.simulator.variants import Variant

INTERFACE = "Device.IP.Interface."
_INTERNET, _SERVICE = INTERFACE + "2", INTERFACE + "5"  # as the simulator has them
_INTERNET_HERE, _SERVICE_HERE = INTERFACE + "4", INTERFACE + "2"  # as this maker numbers them

_TREE = """
Device.Optical.
InterfaceNumberOfEntries unsignedInt r 1
Device.Optical.Interface.1.
Enable boolean w true
Status string r Up
OpticalSignalLevel {kind} r {power}
Device.IP.
InterfaceNumberOfEntries unsignedInt r 3
Device.IP.Interface.2.Stats.
BytesSent unsignedLong r 734003200
BytesReceived unsignedLong r 209715200
Device.IP.Interface.5.
Enable boolean w true
IPv4Enable boolean w true
Status string r Up
Alias string w cpe-service
Name string r service0
LowerLayers string w Device.Ethernet.Interface.3.
Type string r Normal
IPv4AddressNumberOfEntries unsignedInt r 1
Device.IP.Interface.5.IPv4Address.1.
Enable boolean w true
Status string r Enabled
IPAddress string r 10.200.0.17
SubnetMask string r 255.255.0.0
AddressingType string r DHCP
Device.Routing.Router.1.
IPv4ForwardingNumberOfEntries unsignedInt r 2
Device.Routing.Router.1.IPv4Forwarding.2.
Enable boolean w true
Status string r Enabled
DestIPAddress string w 10.200.0.0 ; ipv4
DestSubnetMask string w 255.255.0.0 ; ipv4
GatewayIPAddress string w 10.200.0.1 ; ipv4
Interface string w Device.IP.Interface.5.
ForwardingMetric int w 1 ; -1..
Origin string r DHCPv4
"""


def _renamed(value: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for before, after in pairs:
        if value.rstrip(".") == before:
            return after + ("." if value.endswith(".") else "")
    return value


def _shown(path: str, value: str, kind: str) -> tuple[str, str]:
    return _renamed(value, ((_INTERNET, _INTERNET_HERE), (_SERVICE, _SERVICE_HERE))), kind


def _taken(path: str, value: str, kind: str) -> tuple[str, str]:
    return _renamed(value, ((_INTERNET_HERE, _INTERNET), (_SERVICE_HERE, _SERVICE))), kind


def _diagnosed(kind: str, results: dict[str, str]) -> Mapping[str, str]:
    """Ping times in microseconds."""
    if kind != "ping":
        return results
    return {
        name: str(int(value) * 1000) if name.endswith("ResponseTime") else value
        for name, value in results.items()
    }


def _lumo(name: str, says: str, kind: str, power: str) -> Variant:
    return Variant(
        name,
        says,
        tree=_TREE.replace("{kind}", kind).replace("{power}", power),
        moved=((_INTERNET + ".", _INTERNET_HERE + "."), (_SERVICE + ".", _SERVICE_HERE + ".")),
        shown=_shown,
        taken=_taken,
        diagnosed=_diagnosed,
        needs_interface=frozenset({"ping", "download", "upload"}),
    )


VARIANTS = (
    _lumo("lumo-r1", "Optical power in 0.1 uW; ping in us; bytes swapped; the interface named", "int", "31"),
    _lumo("lumo-r2", "The same, but optical power as a text with its unit", "string", "-18.5 dBm"),
)


def _home(story: str, title: str, serial: str, name: str, hardware: str, variant: str) -> Home:
    return Home(
        story,
        title,
        serial,
        Person("Iga", name, f"+48 600 001 {serial[-3:]}", "Morelowa 3, 05-500 Piaseczno"),
        oui="02CF11",
        product_class="LF2",
        manufacturer="Brennholt",
        model="Lumo F2",
        hardware_version=hardware,
        software_version="7.2.1",
        stations=(Station("iga-phone", f"06:11:00:00:00:{serial[-2:]}"),),
        variant=variant,
    )


HOMES = (
    _home(
        "several-wans",
        "The internet is not on the first connection",
        "BH0000000301",
        "Dudek",
        "R1",
        "lumo-r1",
    ),
    _home("hardware-apart", "Only the hardware version tells", "BH0000000302", "Sikora", "R2", "lumo-r2"),
)
