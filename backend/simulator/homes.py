"""The homes of the demo as data: one story each, with the people who live there.

Makers, models and people are invented; the OUIs are locally administered numbers (IEEE 802 3.1), so
no real product is meant. `numbered` makes as many more as a load test wants.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from backend.simulator.home import Station

POOL_181 = "Device.DHCPv4.Server.Pool.1."
HOST_098 = "InternetGatewayDevice.LANDevice.1.LANHostConfigManagement."


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

    @property
    def username(self) -> str:
        """The CWMP user name TR-069 3.4.4 recommends."""
        return f"{self.oui}-{self.product_class}-{self.serial}"

    @property
    def number(self) -> int:
        """A number of its own for addresses, from the end of the serial number."""
        return int(self.serial[-6:])

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
            "username": self.username,
            "password": demo_password(self.serial),
            "wake_password": demo_wake_password(self.serial),
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


def _stations(number: int, *names: str) -> tuple[Station, ...]:
    """A phone, a laptop and so on by WiFi, then a printer by cable with an address of its own."""
    bands = ("5GHz", "5GHz", "2.4GHz")
    wireless = [
        Station(name, f"06:{number:02X}:00:00:00:{i + 1:02X}", bands[i % 3]) for i, name in enumerate(names)
    ]
    return (*wireless, Station("printer", f"06:{number:02X}:00:00:00:F0", "", "192.168.1.20"))


def _older(home: Home) -> Home:
    """The same home with the older router, which speaks TR-098."""
    return replace(
        home,
        data_model="tr098",
        oui="02CF02",
        product_class="GW300",
        manufacturer="Halden",
        model="Gateway 300",
        hardware_version="1.1",
        software_version="1.08.77",
    )


HOMES: tuple[Home, ...] = (
    Home(
        "dhcp-disabled",
        "The DHCP server is off: nothing new gets an address",
        "NV0000000001",
        Person("Anna", "Nowak", "+48 600 000 001", "Lipowa 4/12, 30-702 Kraków"),
        overrides={"Device.DHCPv4.Server.Enable": False},
        stations=_stations(1, "anna-phone", "anna-laptop", "living-room-tv"),
    ),
    _older(
        Home(
            "pool-outside-subnet",
            "Addresses are handed out from 192.168.10.x, but the home network is 192.168.1.x",
            "HD0000000002",
            Person("Piotr", "Zieliński", "+48 600 000 002", "Polna 17, 61-544 Poznań", locale="pl"),
            overrides={HOST_098 + "MinAddress": "192.168.10.100", HOST_098 + "MaxAddress": "192.168.10.199"},
            stations=_stations(2, "piotr-phone", "tablet", "thermostat"),
        )
    ),
    Home(
        "dns-not-allowed",
        "Devices are told to use the name server 10.0.0.9, which does not answer",
        "NV0000000003",
        Person("Maria", "Lewandowska", "+48 600 000 003", "Długa 8/3, 80-831 Gdańsk"),
        overrides={POOL_181 + "DNSServers": "10.0.0.9"},
        stations=_stations(3, "maria-phone", "work-laptop", "speaker"),
    ),
    _older(
        Home(
            "lease-too-short",
            "An address is lent for 60 seconds: devices drop off and come back",
            "HD0000000004",
            Person("Tom", "Baker", "+48 600 000 004", "Ogrodowa 22, 91-062 Łódź", plan="Home 300"),
            overrides={HOST_098 + "DHCPLeaseTime": "60"},
            stations=_stations(4, "tom-phone", "console", "camera", "tom-laptop"),
        )
    ),
    _older(
        Home(
            "two-at-once",
            "The DHCP server is off, and when it is on its lease is 60 seconds",
            "HD0000000005",
            Person("Ewa", "Wiśniewska", "+48 600 000 005", "Kwiatowa 3, 53-300 Wrocław", locale="pl"),
            overrides={HOST_098 + "DHCPServerEnable": False, HOST_098 + "DHCPLeaseTime": "60"},
            stations=_stations(5, "ewa-phone", "kids-tablet", "fridge"),
        )
    ),
    Home(
        "healthy",
        "Nothing is wrong",
        "NV0000000006",
        Person("Julia", "Smith", "+48 600 000 006", "Morska 41/5, 81-225 Gdynia", plan="Home 1000"),
        stations=_stations(6, "julia-phone", "julia-laptop", "doorbell", "guest-phone"),
    ),
    _older(
        Home(
            "slow",
            "Every answer takes two to four seconds; the lease is 60 seconds too",
            "HD0000000007",
            Person("Adam", "Wójcik", "+48 600 000 007", "Szkolna 9, 15-640 Białystok"),
            overrides={HOST_098 + "DHCPLeaseTime": "60"},
            stations=_stations(7, "adam-phone", "desktop", "plug"),
            slow_s=(2.0, 4.0),
        )
    ),
    Home(
        "refuses-write",
        "The DHCP server is off, and the router refuses to have it changed",
        "NV0000000008",
        Person("Karen", "Jones", "+48 600 000 008", "Parkowa 2/7, 40-001 Katowice"),
        overrides={"Device.DHCPv4.Server.Enable": False},
        stations=_stations(8, "karen-phone", "karen-laptop", "bulb"),
        refuses_writes=True,
    ),
    _older(
        Home(
            "does-not-apply",
            "The DHCP server is off; the router says yes to a change and does nothing",
            "HD0000000009",
            Person("Marek", "Kamiński", "+48 600 000 009", "Rynek 12, 35-064 Rzeszów", locale="pl"),
            overrides={HOST_098 + "DHCPServerEnable": False},
            stations=_stations(9, "marek-phone", "notebook", "radio"),
            ignores_writes=True,
        )
    ),
    Home(
        "unreachable",
        "The router reported once and cannot be woken",
        "NV0000000010",
        Person("Helen", "Brown", "+48 600 000 010", "Słoneczna 30, 20-601 Lublin"),
        overrides={"Device.DHCPv4.Server.Enable": False},
        stations=_stations(10, "helen-phone", "helen-laptop", "scale"),
        reachable=False,
    ),
)


def numbered(count: int) -> tuple[Home, ...]:
    """The first `count` homes: the ten stories, then healthy ones with serial numbers of their own."""
    more = []
    for number in range(len(HOMES) + 1, count + 1):
        born = HOMES[5] if number % 2 else _older(HOMES[5])
        person = replace(born.person, last_name=f"Smith {number}", phone=f"+48 601 {number:06d}")
        prefix = "NV" if born.data_model == "tr181" else "HD"
        more.append(replace(born, serial=f"{prefix}{number:010d}", person=person))
    return (*HOMES[:count], *more)


def by_serial(serial: str) -> Home:
    """The demo home with this serial number; KeyError when there is none."""
    return {home.serial: home for home in HOMES}[serial]
