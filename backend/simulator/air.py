"""The air of a home: how WiFi channels crowd each other, and which stations get in. Pure.

Two networks on one channel share its time; on 2.4 GHz channels less than five apart disturb each other,
on 5 GHz those inside one width. `busy_share` is the part of the time (0..1) that others take. A station on a
crowded channel is slow, and where its own signal is weak besides it is lost. A station that the MAC filter
turns away, or that knows another name or key than the router has, never joins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.simulator.home import Station

BANDS = ("2.4GHz", "5GHz")
RESTART_S = 3.0
"""How long a radio is off the air when something of it is changed."""

SLOW_SHARE = 0.6
WEAK_DBM = -68
_LOUD_DBM, _FAINT_DBM = -40, -92  # a neighbour's signal: takes its whole share, takes nothing
_APART_2_4 = 5
_KBPS_PER_20_MHZ = {"2.4GHz": 144_000, "5GHz": 216_000}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody else's network that this home hears."""

    ssid: str
    bssid: str
    band: str
    channel: int
    signal_dbm: int
    width_mhz: int = 20
    noise_dbm: int = -94


@dataclass(frozen=True, slots=True)
class Radio:
    """One band as the router has it set. `allow` is None when the filter lets in everybody not denied;
    MAC addresses are in upper case."""

    band: str
    on: bool
    channel: int
    width_mhz: int
    ssid: str
    key: str
    allow: frozenset[str] | None = None
    deny: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Link:
    """One station's WiFi. `trouble` is "" or one of "radio-off", "reconnecting", "filtered",
    "wrong-network", "dropping", "crowded", "lost"; those from "crowded" on are of a station that is, or was,
    on a crowded channel. `signal_dbm` is 0 and `rate_kbps` too without a link."""

    trouble: str
    signal_dbm: int = 0
    rate_kbps: int = 0
    retransmissions: int = 0

    @property
    def joined(self) -> bool:
        """Whether the station is on the network at all."""
        return self.trouble in ("", "crowded")


def busy_share(radio: Radio, neighbours: Sequence[Neighbour]) -> float:
    """The part of the time that neighbours take on the radio's channel, 0..1."""
    return min(1.0, sum(_disturbs(radio.band, radio.channel, radio.width_mhz, one) for one in neighbours))


def calmest(radio: Radio, channels: Sequence[int], neighbours: Sequence[Neighbour]) -> int:
    """The channel that a router which chooses for itself takes: the least disturbed, then the lowest."""
    usual = [one for one in channels if radio.band != "2.4GHz" or one in (1, 6, 11)] or list(channels)
    if not usual:
        return radio.channel
    return min(
        usual,
        key=lambda channel: (
            round(sum(_disturbs(radio.band, channel, radio.width_mhz, one) for one in neighbours), 3),
            channel,
        ),
    )


def links(
    radios: Mapping[str, Radio],
    stations: Sequence[Station],
    neighbours: Sequence[Neighbour],
    *,
    knows: tuple[str, str] | None = None,
    restarted_at: Mapping[str, float] | None = None,
    drops: bool = False,
    now: float = 0.0,
) -> dict[str, Link]:
    """The WiFi link of every wireless station by its MAC address.

    `knows` is the (name, key) the household's stations were set up with, None when they follow any change;
    `restarted_at` when each band's radio last began again; `drops` is an old firmware whose 5 GHz fails
    for a third of each minute.
    """
    began = restarted_at or {}
    found = {}
    for place, station in enumerate(stations, 1):
        if not station.band:
            continue
        radio = radios.get(station.band)
        if radio is None or not radio.on:
            found[station.mac] = Link("radio-off")
        elif now - began.get(station.band, float("-inf")) < RESTART_S:
            found[station.mac] = Link("reconnecting")
        elif not _is_let_in(radio, station):
            found[station.mac] = Link("filtered")
        elif knows is not None and (radio.ssid, radio.key) != knows:
            found[station.mac] = Link("wrong-network")
        elif drops and station.band == "5GHz" and now % 60 < 20:
            found[station.mac] = Link("dropping")
        else:
            found[station.mac] = _link(radio, station, place, busy_share(radio, neighbours))
    return found


def _link(radio: Radio, station: Station, place: int, busy: float) -> Link:
    signal_dbm = station.signal_dbm or -46 - 4 * place
    full_kbps = _KBPS_PER_20_MHZ[radio.band] * min(4, radio.width_mhz // 20)
    rate_kbps = max(1000, int(full_kbps * (1.0 - 0.95 * busy)))
    retransmissions = int(100 * busy * busy)
    if busy < SLOW_SHARE:
        return Link("", signal_dbm, rate_kbps, retransmissions)
    if signal_dbm < WEAK_DBM:
        return Link("lost")
    return Link("crowded", signal_dbm, rate_kbps, retransmissions)


def _is_let_in(radio: Radio, station: Station) -> bool:
    mac = station.mac.upper()
    return mac not in radio.deny and (radio.allow is None or mac in radio.allow)


def _disturbs(band: str, channel: int, width_mhz: int, other: Neighbour) -> float:
    """The share of the time that one neighbour takes on a channel, 0..0.5."""
    if other.band != band:
        return 0.0
    loud = (other.signal_dbm - _FAINT_DBM) / (_LOUD_DBM - _FAINT_DBM)
    apart = abs(channel - other.channel)
    if band == "2.4GHz":
        overlap = max(0.0, 1 - apart / _APART_2_4)
    else:
        overlap = 1.0 if apart < max(4, (width_mhz + other.width_mhz) // 10) else 0.0
    return 0.5 * min(1.0, max(0.0, loud)) * overlap
