"""What a simulated home is: the people, the router they have, and what its story changes.

Data only. The homes themselves are in `homes`; what one model of router does unlike the others is in
its `Variant` (`variants`). Makers, models and people are invented; the OUIs are locally administered
numbers (IEEE 802 3.1), so no real product is meant.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from backend.simulator.air import Neighbour
from backend.simulator.home import Station

QUIET = (
    Neighbour("linden-guest", "0A:10:00:00:00:01", "2.4GHz", 11, -86),
    Neighbour("Apartment 12", "0A:10:00:00:00:02", "2.4GHz", 1, -83),
    Neighbour("Apartment 12", "0A:10:00:00:00:03", "5GHz", 52, -84, 80),
)
FACTORY_USERNAME = "careflow-demo-factory"
FACTORY_PASSWORD = "every-box-leaves-the-line-with-this"


@dataclass(frozen=True, slots=True)
class Person:
    """The customer of a home. `locale` is "en" or "pl"."""

    first_name: str
    last_name: str
    phone: str
    address: str
    plan: str = "Home 600"
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class Home:
    """One simulated home.

    `data_model` is "tr181" or "tr098". `overrides` is what its story changes in the tree of a
    healthy router. `slow_s` is how long each RPC takes (shortest, longest), in seconds.
    `refuses_writes` answers fault 9003 for the DHCP server's parameters; `ignores_writes` answers
    success and applies nothing; one that is not `reachable` cannot be woken and reports once only.
    `neighbours` are the networks it hears; `knows` is the WiFi name and key its stations were set up with,
    None when they follow any change; firmware older than `fixed_in` drops the 5 GHz stations; `nat` puts the
    router behind one, so that only UDP wakes it (Annex G); `backup` is what a stored configuration of it
    holds; `tries` says in words what to try. A `factory` one comes with the credentials that all of its kind
    share until an ACS writes it its own.
    `variant` names what its router does unlike the others (`variants`), "" for nothing.
    """

    story: str
    title: str
    serial: str
    person: Person
    data_model: str = "tr181"
    oui: str = "02CF01"
    product_class: str = "HR6"
    manufacturer: str = "Norvik"
    model: str = "HomeRouter AX6"
    hardware_version: str = "B2"
    software_version: str = "3.4.12"
    overrides: Mapping[str, str | bool | int] = field(default_factory=dict)
    stations: tuple[Station, ...] = ()
    slow_s: tuple[float, float] = (0.0, 0.0)
    refuses_writes: bool = False
    ignores_writes: bool = False
    reachable: bool = True
    variant: str = ""
    neighbours: tuple[Neighbour, ...] = QUIET
    knows: tuple[str, str] | None = None
    fixed_in: str = ""
    nat: bool = False
    factory: bool = False
    backup: Mapping[str, str] = field(default_factory=dict)
    tries: str = ""
    group: str = "field"

    @property
    def username(self) -> str:
        """The CWMP user name TR-069 3.4.4 recommends."""
        return f"{self.oui}-{self.product_class}-{self.serial}"

    @property
    def mbps(self) -> tuple[float, float]:
        """How fast the line is, down and up, by the plan's name."""
        digits = "".join(filter(str.isdecimal, self.person.plan)) or "100"
        return float(digits), float(digits) / 5

    @property
    def number(self) -> int:
        """A number of its own for addresses, from the end of the serial number, which may be hexadecimal."""
        tail = self.serial[-6:]
        return int(tail) if tail.isdecimal() else zlib.crc32(self.serial.encode()) % 1_000_000

    def mac(self, place: int) -> str:
        """The router's own MAC address number `place` (0..255)."""
        return f"02:CF:01:{self.number >> 8 & 255:02X}:{self.number & 255:02X}:{place:02X}"

    def words(self) -> dict[str, object]:
        """What the tables of the data models fill in."""
        third, fourth = 64 + (self.number >> 8) % 64, self.number % 250 + 2
        return {
            "manufacturer": self.manufacturer,
            "oui": self.oui,
            "product_class": self.product_class,
            "model": self.model,
            "serial": self.serial,
            "hardware_version": self.hardware_version,
            "software_version": self.software_version,
            "username": FACTORY_USERNAME if self.factory else self.username,
            "password": FACTORY_PASSWORD if self.factory else demo_password(self.serial),
            "wake_username": "" if self.factory else self.username,
            "wake_password": "" if self.factory else demo_wake_password(self.serial),
            "ssid": f"{self.manufacturer}-{self.serial[-4:]}",
            "wan_ip": f"100.{third}.0.{fourth}",
            "wan_gateway": f"100.{third}.0.1",
        }


def demo_password(serial: str) -> str:
    """The CWMP password of a demo home, the same after every restart. For the demo only."""
    return hashlib.sha256(f"careflow demo router {serial}".encode()).hexdigest()[:20]


def demo_wake_password(serial: str) -> str:
    """The connection request password of a demo home (TR-069 3.2.2). For the demo only."""
    return hashlib.sha256(f"careflow demo wake {serial}".encode()).hexdigest()[:20]


def stations(number: int, *names: str) -> tuple[Station, ...]:
    """A phone, a laptop and so on by WiFi, then a printer by cable with an address of its own."""
    bands = ("5GHz", "5GHz", "2.4GHz")
    wireless = [
        Station(name, f"06:{number:02X}:00:00:00:{i + 1:02X}", bands[i % 3]) for i, name in enumerate(names)
    ]
    return (*wireless, Station("printer", f"06:{number:02X}:00:00:00:F0", "", "192.168.1.20"))
