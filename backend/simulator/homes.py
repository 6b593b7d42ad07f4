"""The homes of the demo as data: one story each, with the people who live there.

`numbered` makes as many more as a load test wants.
"""

from __future__ import annotations

from dataclasses import replace

from backend.simulator import variants
from backend.simulator.air import Neighbour
from backend.simulator.home import Station
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

NUMBERED_FROM = 1001
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


_DHCP: tuple[Home, ...] = (
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


_WLAN_098 = "InternetGatewayDevice.LANDevice.1.WLANConfiguration."
_KNOWN = ("Kowalski at home", "seven-brown-foxes")
_LOUD = (
    Neighbour("Apartment 3", "0A:20:00:00:00:01", "2.4GHz", 6, -45),
    Neighbour("Apartment 7", "0A:20:00:00:00:02", "2.4GHz", 6, -52),
    Neighbour("Bakery", "0A:20:00:00:00:03", "2.4GHz", 7, -60),
    Neighbour("Apartment 9", "0A:20:00:00:00:04", "2.4GHz", 1, -66),
    Neighbour("linden-guest", "0A:20:00:00:00:05", "2.4GHz", 11, -85),
    Neighbour("Apartment 3", "0A:20:00:00:00:06", "5GHz", 36, -71, 80),
    Neighbour("Apartment 7", "0A:20:00:00:00:07", "5GHz", 52, -78, 80),
)

_MORE: tuple[Home, ...] = (
    Home(
        "crowded-channel",
        "The 2.4 GHz WiFi is on channel 6 like three neighbours: pages load slowly",
        "NV0000000011",
        Person("Filip", "Wrona", "+48 600 000 011", "Jasna 5/8, 87-100 Toruń"),
        overrides={"Device.WiFi.Radio.1.AutoChannelEnable": False},
        stations=(
            Station("filip-phone", "06:0B:00:00:00:01", "2.4GHz", signal_dbm=-58),
            Station("baby-monitor", "06:0B:00:00:00:02", "2.4GHz", signal_dbm=-72),
            Station("filip-laptop", "06:0B:00:00:00:03", "5GHz"),
            Station("printer", "06:0B:00:00:00:F0", "", "192.168.1.20"),
        ),
        neighbours=_LOUD,
        group="wifi",
        tries="Run the WiFi channel workflow: it hears the neighbours and moves to the calmest channel.",
    ),
    Home(
        "filtered-laptop",
        "The router lets in two listed devices only, and the new laptop is not one of them",
        "NV0000000012",
        Person("Zofia", "Krawczyk", "+48 600 000 012", "Klonowa 11, 45-064 Opole", locale="pl"),
        overrides={
            "Device.WiFi.AccessPoint.2.MACAddressControlEnabled": True,
            "Device.WiFi.AccessPoint.2.AllowedMACAddress": "06:0C:00:00:00:01,06:0C:00:00:00:03",
        },
        stations=(
            Station("zofia-phone", "06:0C:00:00:00:01", "5GHz"),
            Station("new-laptop", "06:0C:00:00:00:02", "5GHz"),
            Station("tv", "06:0C:00:00:00:03", "5GHz"),
            Station("printer", "06:0C:00:00:00:F0", "", "192.168.1.20"),
        ),
        group="wifi",
        tries="Run the workflow for a device that is not admitted: it adds the laptop to the list.",
    ),
    _older(
        Home(
            "denied-console",
            "Somebody put the game console on the list of devices that may not join",
            "HD0000000013",
            Person("Kuba", "Dudek", "+48 600 000 013", "Leśna 2, 25-509 Kielce"),
            overrides={
                _WLAN_098 + "2.X_02CF02_MACFilterMode": "Deny",
                _WLAN_098 + "2.X_02CF02_DeniedMACAddresses": "06:0D:00:00:00:02",
            },
            stations=stations(13, "kuba-phone", "console", "lamp"),
            group="wifi",
            tries="Run the workflow for a device that is not admitted: it takes the console off the list.",
        )
    ),
    Home(
        "old-firmware",
        "Firmware 3.2.0 drops the 5 GHz devices for a third of every minute; 3.4.12 does not",
        "NV0000000014",
        Person("Laura", "Green", "+48 600 000 014", "Wiosenna 7/2, 71-063 Szczecin"),
        software_version="3.2.0",
        stations=stations(14, "laura-phone", "laura-laptop", "fridge"),
        fixed_in="3.4.0",
        group="files",
        tries="Run the firmware upgrade: the image is in the store, and the router restarts with 3.4.12.",
    ),
    _older(
        Home(
            "lost-configuration",
            "After a reset the WiFi has its factory name and key, and no device finds its network",
            "HD0000000015",
            Person("Jan", "Kowalski", "+48 600 000 015", "Stara 3, 10-001 Olsztyn", locale="pl"),
            stations=stations(15, "jan-phone", "jan-laptop", "speaker"),
            knows=_KNOWN,
            backup={
                f"{_WLAN_098}{i}.{name}": value
                for i in (1, 2)
                for name, value in (
                    ("SSID", _KNOWN[0]),
                    ("KeyPassphrase", _KNOWN[1]),
                    ("PreSharedKey.1.KeyPassphrase", _KNOWN[1]),
                )
            },
            group="files",
            tries="Run the restore: the backup of last month brings the name and the key back.",
        )
    ),
    Home(
        "behind-nat",
        "The router stands behind another one, so only UDP wakes it; its DHCP server is off",
        "NV0000000016",
        Person("Nadia", "Sikora", "+48 600 000 016", "Górna 14, 65-001 Zielona Góra"),
        overrides={
            "Device.DHCPv4.Server.Enable": False,
            "Device.ManagementServer.STUNEnable": True,
            "Device.ManagementServer.STUNMinimumKeepAlivePeriod": 10,
        },
        stations=stations(16, "nadia-phone", "nadia-laptop", "camera"),
        nat=True,
        group="nat",
        tries="Any check: the router is woken through its NAT by STUN and UDP (TR-069 Annex G).",
    ),
)

HOMES = (*(replace(home, group="dhcp") for home in _DHCP), *_MORE)


def _numbered(number: int) -> Home:
    """A healthy home that no ACS knows: it comes with what all of its kind share."""
    born = HOMES[5] if number % 2 else _older(HOMES[5])
    person = replace(born.person, last_name=f"Smith {number}", phone=f"+48 601 {number:06d}")
    prefix = "NV" if born.data_model == "tr181" else "HD"
    serial = f"{prefix}{number:010d}"
    return replace(born, story=f"numbered-{number}", serial=serial, person=person, factory=True)


def numbered(count: int) -> tuple[Home, ...]:
    """`count` healthy homes with serial numbers of their own, for load; both data models by turns."""
    return tuple(_numbered(number) for number in range(NUMBERED_FROM, NUMBERED_FROM + count))


def every() -> tuple[Home, ...]:
    """The homes of the demo, then those whose routers differ from the others (`variants`)."""
    return (*HOMES, *variants.homes())


def by_story(story: str) -> Home:
    """The home with this story, of every one there is; KeyError when there is none."""
    return {home.story: home for home in every()}[story]


def by_serial(serial: str) -> Home:
    """The home with this serial number, of every one there is; KeyError when there is none."""
    return {home.serial: home for home in every()}[serial]
