"""Tessaro's T5: bands numbered the other way round, every value a text, a scan for each band that must be
asked whether it is done."""

from __future__ import annotations

from typing import Final

from backend.simulator.home import Station
from backend.simulator.house import Home, Person
from backend.simulator.variants import Place, Variant

LAN: Final = "InternetGatewayDevice.LANDevice.1."
WLAN: Final = LAN + "WLANConfiguration."
_WIDTHS: Final = {"20MHz": "0", "40MHz": "1", "80MHz": "2", "160MHz": "3"}
_SWITCHES: Final = (".Enable", ".AutoChannelEnable")
_MOVES: Final = (("2", "1"), ("1", "6"))  # (the simulator's number, this maker's)

_SURVEY: Final = """
{wlan}X_02CF12_Survey.
DiagnosticsState string w None ; None|Requested
APNumberOfEntries unsignedInt r 0
"""
_ROW: Final = """
Name string r
MAC string r
Chan unsignedInt r 0
Level int r 0
"""


def _level(dbm: str) -> str:
    """A signal as this maker counts it: twice the distance from -110 dBm."""
    return str((int(dbm) + 110) * 2)


def _shown(path: str, value: str, kind: str) -> tuple[str, str]:
    if not path.startswith(LAN):
        return value, kind
    if path.endswith("ChannelBandwidth"):
        value = _WIDTHS[value]
    elif path.endswith((".Level", "_RSSI")):
        value = _level(value)
    elif kind == "xsd:boolean":
        on = value in ("1", "true")
        words = (
            ("Enabled", "Disabled")
            if path.startswith(WLAN) and path.endswith(_SWITCHES)
            else ("true", "false")
        )
        value = words[0] if on else words[1]
    return value, "xsd:string"


def _taken(path: str, value: str, kind: str) -> tuple[str, str]:
    if path.endswith("ChannelBandwidth"):
        value = {told: usual for usual, told in _WIDTHS.items()}.get(value, value)
    if value in ("Enabled", "Disabled"):
        value = "1" if value == "Enabled" else "0"
    return value, kind


def _moved() -> tuple[tuple[str, str], ...]:
    pairs = []
    for usual, here in _MOVES:
        before, after = f"{WLAN}{usual}.", f"{WLAN}{here}."
        pairs += [
            (before + "X_02CF02_ChannelBandwidth", after + "X_02CF12_Bandwidth"),
            (before + "AssociatedDevice.{i}.X_02CF02_RSSI", after + "AssociatedDevice.{i}.X_02CF12_Signal"),
            (before, after),
        ]
    return tuple(pairs)


_LACKS: Final = tuple(
    f"{WLAN}{usual}.X_02CF02_{name}"
    for usual, _ in _MOVES
    for name in ("MACFilterMode", "AllowedMACAddresses", "DeniedMACAddresses")
)

VARIANTS = (
    Variant(
        "t5",
        "5 GHz is 1 and 2.4 GHz 6; all texts; widths 0-3; signals v/2-110; scans by band, without event",
        tree="".join(_SURVEY.replace("{wlan}", f"{WLAN}{usual}.") for usual, _ in _MOVES),
        without=(*_LACKS, LAN + "X_02CF02_WiFiSurvey."),
        moved=_moved(),
        shown=_shown,
        taken=_taken,
        no_event=frozenset({"neighbours"}),
        places={
            f"{WLAN}{usual}.X_02CF12_Survey.": Place(
                "neighbours",
                "AP",
                _ROW,
                {"Name": "ssid", "MAC": "bssid", "Chan": "channel", "Level": "signal"},
            )
            for usual, _ in _MOVES
        },
    ),
)

HOMES = (
    Home(
        "other-way-round",
        "A router whose bands are numbered the other way round, and which tells all as text",
        "TS0000000311",
        Person("Olek", "Mazur", "+48 600 001 311", "Wierzbowa 11, 20-001 Lublin", locale="pl"),
        data_model="tr098",
        oui="02CF12",
        product_class="T5",
        manufacturer="Tessaro",
        model="T5",
        hardware_version="1",
        software_version="5.0.9",
        stations=(
            Station("olek-phone", "06:12:00:00:00:11"),
            Station("olek-tv", "06:12:00:00:00:12", "2.4GHz"),
        ),
        variant="t5",
    ),
)
