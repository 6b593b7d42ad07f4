"""Quillon's Q7: writes with conditions. A name alone resets the key, some names are refused, the home's name
servers count only once the provider's are off, address ranges only after a restart; port rules of games."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from backend.cwmp.rpc import SetParameterFault
from backend.simulator.home import Station
from backend.simulator.house import Home, Person
from backend.simulator.variants import NotTaken, ValueOf, Variant

LAN: Final = "InternetGatewayDevice.LANDevice.1."
WLAN: Final = LAN + "WLANConfiguration."
HOST: Final = LAN + "LANHostConfigManagement."
PROVIDER_DNS: Final = HOST + "X_02CF13_UseProviderDNS"
USER: Final = "InternetGatewayDevice.UserInterface.X_02CF13_User"
RULES: Final = "InternetGatewayDevice.WANDevice.1.WANConnectionDevice.1.WANIPConnection.1."
FACTORY_KEY: Final = "quillon-factory"

SPELLINGS: Final = (
    "TCP/UDP",
    "TCP&UDP",
    "TCP_UDP",
    "TCPandUDP",
    "TCP and UDP",
    "TCP,UDP",
    "UDP,TCP",
    "TCP+UDP",
    "TCPUDP",
    "BOTH",
    "ALL",
)
"""The eleven ways in which software versions of this maker have written TCP and UDP."""

_RULE: Final = """
{rules}PortMapping.{{i}}.
PortMappingEnabled boolean w true
PortMappingLeaseDuration unsignedInt w 0
RemoteHost string w ; ipv4
ExternalPort unsignedInt w {port} ; ..65535
ExternalPortEndRange unsignedInt w {port} ; ..65535
InternalPort unsignedInt w {port} ; ..65535
PortMappingProtocol string w {protocol}
InternalClient string w 192.168.1.20 ; len ..256
PortMappingDescription string w {name} ; len ..256
X_02CF13_Origin string r {origin}
"""
_ROWS: Final = """
InternetGatewayDevice.WANDevice.{i}.WANConnectionDevice.{i}.WANIPConnection.{i}.PortMapping.{i}. \
32 PortMappingNumberOfEntries
PortMappingEnabled boolean w false
PortMappingLeaseDuration unsignedInt w 0
RemoteHost string w ; ipv4
ExternalPort unsignedInt w 0 ; ..65535
ExternalPortEndRange unsignedInt w 0 ; ..65535
InternalPort unsignedInt w 0 ; ..65535
PortMappingProtocol string w TCP
InternalClient string w ; len ..256
PortMappingDescription string w ; len ..256
X_02CF13_Origin string r ACS
"""


def _rule(number: int, protocol: str, name: str, origin: str) -> str:
    text = _RULE.format(rules=RULES, port=7000 + number, protocol=protocol, name=name, origin=origin)
    return text.replace("{i}", str(number))


def _tree() -> str:
    rules = [_rule(n, spelling, f"rule {n}", "User") for n, spelling in enumerate(SPELLINGS, 1)]
    game = _rule(len(SPELLINGS) + 1, "UDP", "game", "UPnP")
    return (
        f"{RULES}\nPortMappingNumberOfEntries unsignedInt r {len(SPELLINGS) + 1}\n"
        f"{HOST}\nX_02CF13_UseProviderDNS boolean w true\n"
        "InternetGatewayDevice.UserInterface.\nX_02CF13_User string w owner ; len 1..32\n"
        + "".join(rules)
        + game
    )


def _taken(path: str, value: str, kind: str) -> tuple[str, str]:
    if path.startswith(WLAN) and path.endswith(".SSID") and (not value.isascii() or " " in value):
        raise NotTaken("Illegal character in SSID")
    if path == USER and value == "admin":
        raise NotTaken("User name not allowed")
    return value, kind


def _checks(written: Mapping[str, str], value: ValueOf) -> list[SetParameterFault]:
    """Name servers are refused while the provider's are on, and in the request that turns these off."""
    dns = HOST + "DNSServers"
    if dns in written and (PROVIDER_DNS in written or value(PROVIDER_DNS) == "1"):
        return [SetParameterFault(dns, "9007", "DNS proxy of the provider is active")]
    return []


def _follows(written: Mapping[str, str], value: ValueOf) -> Mapping[str, str]:
    """A new name without a key brings the factory's key back."""
    changed: dict[str, str] = {}
    for path in written:
        wlan = path.removesuffix("SSID")
        keys = (wlan + "PreSharedKey.1.KeyPassphrase", wlan + "KeyPassphrase")
        if path.startswith(WLAN) and path.endswith(".SSID") and not any(key in written for key in keys):
            changed |= dict.fromkeys(keys, FACTORY_KEY)
    return changed


VARIANTS = (
    Variant(
        "q7",
        "A name alone resets the key; spaces, accents, admin refused; DNS after the provider's; late ranges",
        tree=_tree(),
        rows=_ROWS,
        taken=_taken,
        checks=_checks,
        follows=_follows,
        after_reboot=(HOST + "MinAddress", HOST + "MaxAddress"),
    ),
)

HOMES = (
    Home(
        "choosy",
        "A router that is choosy about how it is written to",
        "QL0000000321",
        Person("Zofia", "Pawlak", "+48 600 001 321", "Klonowa 5, 60-100 Poznań", locale="pl"),
        data_model="tr098",
        oui="02CF13",
        product_class="Q7",
        manufacturer="Quillon",
        model="Q7",
        hardware_version="2",
        software_version="1.4.0",
        stations=(Station("zofia-phone", "06:13:00:00:00:21"),),
        variant="q7",
    ),
)
