"""The homes of the demo as data: one story each, with the people who live there.

`numbered` makes as many more as a load test wants.
"""

from __future__ import annotations

from dataclasses import replace

from backend.simulator import variants
from backend.simulator.house import Home, Person, demo_password, demo_wake_password, stations

__all__ = [
    "HOMES",
    "Home",
    "Person",
    "by_serial",
    "by_story",
    "demo_password",
    "demo_wake_password",
    "every",
    "numbered",
]

POOL_181 = "Device.DHCPv4.Server.Pool.1."
HOST_098 = "InternetGatewayDevice.LANDevice.1.LANHostConfigManagement."


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
        stations=stations(1, "anna-phone", "anna-laptop", "living-room-tv"),
    ),
    _older(
        Home(
            "pool-outside-subnet",
            "Addresses are handed out from 192.168.10.x, but the home network is 192.168.1.x",
            "HD0000000002",
            Person("Piotr", "Zieliński", "+48 600 000 002", "Polna 17, 61-544 Poznań", locale="pl"),
            overrides={HOST_098 + "MinAddress": "192.168.10.100", HOST_098 + "MaxAddress": "192.168.10.199"},
            stations=stations(2, "piotr-phone", "tablet", "thermostat"),
        )
    ),
    Home(
        "dns-not-allowed",
        "Devices are told to use the name server 10.0.0.9, which does not answer",
        "NV0000000003",
        Person("Maria", "Lewandowska", "+48 600 000 003", "Długa 8/3, 80-831 Gdańsk"),
        overrides={POOL_181 + "DNSServers": "10.0.0.9"},
        stations=stations(3, "maria-phone", "work-laptop", "speaker"),
    ),
    _older(
        Home(
            "lease-too-short",
            "An address is lent for 60 seconds: devices drop off and come back",
            "HD0000000004",
            Person("Tom", "Baker", "+48 600 000 004", "Ogrodowa 22, 91-062 Łódź", plan="Home 300"),
            overrides={HOST_098 + "DHCPLeaseTime": "60"},
            stations=stations(4, "tom-phone", "console", "camera", "tom-laptop"),
        )
    ),
    _older(
        Home(
            "two-at-once",
            "The DHCP server is off, and when it is on its lease is 60 seconds",
            "HD0000000005",
            Person("Ewa", "Wiśniewska", "+48 600 000 005", "Kwiatowa 3, 53-300 Wrocław", locale="pl"),
            overrides={HOST_098 + "DHCPServerEnable": False, HOST_098 + "DHCPLeaseTime": "60"},
            stations=stations(5, "ewa-phone", "kids-tablet", "fridge"),
        )
    ),
    Home(
        "healthy",
        "Nothing is wrong",
        "NV0000000006",
        Person("Julia", "Smith", "+48 600 000 006", "Morska 41/5, 81-225 Gdynia", plan="Home 1000"),
        stations=stations(6, "julia-phone", "julia-laptop", "doorbell", "guest-phone"),
    ),
    _older(
        Home(
            "slow",
            "Every answer takes two to four seconds; the lease is 60 seconds too",
            "HD0000000007",
            Person("Adam", "Wójcik", "+48 600 000 007", "Szkolna 9, 15-640 Białystok"),
            overrides={HOST_098 + "DHCPLeaseTime": "60"},
            stations=stations(7, "adam-phone", "desktop", "plug"),
            slow_s=(2.0, 4.0),
        )
    ),
    Home(
        "refuses-write",
        "The DHCP server is off, and the router refuses to have it changed",
        "NV0000000008",
        Person("Karen", "Jones", "+48 600 000 008", "Parkowa 2/7, 40-001 Katowice"),
        overrides={"Device.DHCPv4.Server.Enable": False},
        stations=stations(8, "karen-phone", "karen-laptop", "bulb"),
        refuses_writes=True,
    ),
    _older(
        Home(
            "does-not-apply",
            "The DHCP server is off; the router says yes to a change and does nothing",
            "HD0000000009",
            Person("Marek", "Kamiński", "+48 600 000 009", "Rynek 12, 35-064 Rzeszów", locale="pl"),
            overrides={HOST_098 + "DHCPServerEnable": False},
            stations=stations(9, "marek-phone", "notebook", "radio"),
            ignores_writes=True,
        )
    ),
    Home(
        "unreachable",
        "The router reported once and cannot be woken",
        "NV0000000010",
        Person("Helen", "Brown", "+48 600 000 010", "Słoneczna 30, 20-601 Lublin"),
        overrides={"Device.DHCPv4.Server.Enable": False},
        stations=stations(10, "helen-phone", "helen-laptop", "scale"),
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


def every() -> tuple[Home, ...]:
    """The homes of the demo, then those whose routers differ from the others (`variants`)."""
    return (*HOMES, *variants.homes())


def by_story(story: str) -> Home:
    """The home with this story, of every one there is; KeyError when there is none."""
    return {home.story: home for home in every()}[story]


def by_serial(serial: str) -> Home:
    """The home with this serial number, of every one there is; KeyError when there is none."""
    return {home.serial: home for home in every()}[serial]
