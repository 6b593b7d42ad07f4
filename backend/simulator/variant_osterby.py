"""Osterby's Home 2: diagnoses with limits, a feature lost between two versions, a firmware that comes up as
another version than the one that was sent; and Vantar, with serial numbers that are no plain numbers."""

from __future__ import annotations

from backend.simulator.home import Station
from backend.simulator.house import Home, Person
from backend.simulator.variants import Variant

SENT, RUNNING = "2.6.0", "2.5.8"
"""Whoever sends the first finds the second running: this model went back to its other image."""

_PING = """
Device.IP.Diagnostics.IPPing.
NumberOfRepetitions unsignedInt w 1 ; 1
"""


def _shown(path: str, value: str, kind: str) -> tuple[str, str]:
    """Signals without their minus; the image that did not start is not the one that runs."""
    if path.endswith(".SignalStrength"):
        return value.removeprefix("-"), kind
    if path == "Device.DeviceInfo.SoftwareVersion" and value == SENT:
        return RUNNING, kind
    return value, kind


def _variant(name: str, says: str, without: tuple[str, ...] = ()) -> Variant:
    return Variant(
        name, says, tree=_PING, without=without, shown=_shown, fails={"traceroute": "Error_Internal"}
    )


VARIANTS = (
    _variant("oh2", "Positive dBm, one ping only, a route test that always fails, an update that falls back"),
    _variant(
        "oh2-without-scan",
        "The same, in the versions that lost the scan",
        ("Device.WiFi.NeighboringWiFiDiagnostic.",),
    ),
)


def _osterby(story: str, title: str, serial: str, name: str, version: str, variant: str) -> Home:
    return Home(
        story,
        title,
        serial,
        Person("Bruno", name, f"+48 600 001 {serial[-3:]}", "Jodłowa 9, 43-300 Bielsko-Biała"),
        oui="02CF14",
        product_class="OH2",
        manufacturer="Osterby",
        model="Home 2",
        hardware_version="A",
        software_version=version,
        stations=(Station("bruno-phone", f"06:14:00:00:00:{serial[-2:]}"),),
        variant=variant,
    )


def _vantar(story: str, title: str, serial: str, name: str, number: int) -> Home:
    return Home(
        story,
        title,
        serial,
        Person("Lena", name, f"+48 600 001 {number}", "Topolowa 1, 70-001 Szczecin"),
        oui="02CF15",
        product_class="VX1",
        manufacturer="Vantar",
        model="VX1",
        hardware_version="1",
        software_version="9.1",
        stations=(Station("lena-phone", f"06:15:00:00:00:{number % 100:02d}"),),
    )


HOMES = (
    _osterby("one-ping", "Diagnoses with limits", "OB0000000331", "Kowal", "2.2.7", "oh2"),
    _osterby(
        "lost-scan", "A version that lost the scan", "OB0000000332", "Bielak", "2.4.1", "oh2-without-scan"
    ),
    _osterby(
        "falls-back", "An update that comes up as another version", "OB0000000333", "Gil", "2.5.0", "oh2"
    ),
    _vantar("mac-as-serial", "The serial number is a MAC address", "02:CF:15:A0:0B:41", "Urban", 341),
    _vantar("hexadecimal", "The serial number is hexadecimal", "00C0FFEE1A2B", "Lis", 342),
)
