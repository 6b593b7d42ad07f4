"""Which WiFi channel is the calmest, and why: from the neighbouring networks a router hears.

A neighbour weighs from 0 to 1 by how loud it is here, times the share of the channel it overlaps; the sum is
a channel's load. Channels of the 2.4 GHz band are 5 MHz apart and a network is 20 MHz wide, so only 1, 6
and 11 leave each other alone (IEEE 802.11-2020, 15.4.4.3 and annex E); those of the 5 GHz band are told
apart by blocks of 20, 40, 80 or 160 MHz. A change is advised only where it pays: everybody in the home
loses the WiFi for a moment. Pure; texts of devices that cannot be read are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

QUIETEST_DBM: Final = -95
LOUDEST_DBM: Final = -45
LEAST_WEIGHT: Final = 0.05
APART_2G: Final = 5
CALM_2G: Final = (1, 6, 11)
PLAIN_5G: Final = (36, 40, 44, 48, 149, 153, 157, 161)
CHANNELS_5G: Final = (*range(36, 65, 4), *range(100, 145, 4), *range(149, 166, 4))
BUSY_LOAD: Final = 0.5
WORTH_SHARE: Final = 0.6
"""A change is advised from a present load of BUSY_LOAD on, when the best is at most this share of it."""

NOTICED_SHARE: Final = 0.2
"""A neighbour that overlaps no more than this has its load, and is not counted as one on the channel."""

CHANNELS_LIMIT: Final = 200
_RANGE = re.compile(r"(\d{1,3})(?:\s*-\s*(\d{1,3}))?")


def best_channel(
    neighbours: Sequence[Mapping[str, Any]], current: int, possible: Sequence[str], band: str
) -> dict[str, Any]:
    """What to do about the channel of one radio.

    `neighbours`: rows with channel, signal_dbm and, where known, band ("2.4GHz" or "5GHz") and width_mhz;
    `possible`: the radio's PossibleChannels such as ["1-11", "13"]; `band`: "2.4GHz" or "5GHz". Gives
    {"channel", "better", "load", "load_now", "networks", "networks_now"}: `better` says whether moving to
    `channel` pays; the networks are those that share it there, and the present channel.
    """
    heard = [row for row in neighbours if _number(row, "channel") and _band(row) == band]
    candidates = _candidates(possible, band, current)
    best = min(candidates, key=lambda c: (_load(heard, c, band), c not in PLAIN_5G and band != "2.4GHz", c))
    load, now = _load(heard, best, band), _load(heard, current, band)
    better = best != current and now >= BUSY_LOAD and load <= now * WORTH_SHARE
    return {
        "channel": best if better else current,
        "better": better,
        "load": round(load if better else now, 2),
        "load_now": round(now, 2),
        "networks": _networks(heard, best if better else current, band),
        "networks_now": _networks(heard, current, band),
    }


def band_of(channel: int) -> str:
    """The band of a channel number: "2.4GHz" up to 14, else "5GHz"."""
    return "2.4GHz" if channel <= 14 else "5GHz"


def channels_of(possible: Iterable[str]) -> tuple[int, ...]:
    """The numbers of a PossibleChannels list, ranges filled ("1-11"); what is no number is left out."""
    found: set[int] = set()
    for part in possible:
        match = _RANGE.fullmatch(str(part).strip())
        if match is not None:
            low, high = int(match[1]), int(match[2] or match[1])
            step = 1 if high <= 14 or low == high else 4
            found.update(range(low, min(high, low + CHANNELS_LIMIT) + 1, step))
    return tuple(sorted(found))


def _candidates(possible: Sequence[str], band: str, current: int) -> list[int]:
    """The channels worth a look: those that leave each other alone, where the radio can use them."""
    can = [c for c in channels_of(possible) if band_of(c) == band]
    calm = CALM_2G if band == "2.4GHz" else CHANNELS_5G
    found = [c for c in calm if c in can] if can else list(CALM_2G if band == "2.4GHz" else PLAIN_5G)
    return [*found, *([current] if current and current not in found else [])] or [current]


def _load(heard: Sequence[Mapping[str, Any]], channel: int, band: str) -> float:
    return sum(_weight(row) * _overlap(row, channel, band) for row in heard)


def _networks(heard: Sequence[Mapping[str, Any]], channel: int, band: str) -> int:
    return sum(1 for row in heard if _overlap(row, channel, band) > NOTICED_SHARE)


def _weight(row: Mapping[str, Any]) -> float:
    signal = _number(row, "signal_dbm")
    if signal is None:
        return LEAST_WEIGHT
    share = (signal - QUIETEST_DBM) / (LOUDEST_DBM - QUIETEST_DBM)
    return min(1.0, max(LEAST_WEIGHT, share))


def _overlap(row: Mapping[str, Any], channel: int, band: str) -> float:
    """The share of `channel`, 20 MHz wide, that the neighbour covers."""
    other = int(_number(row, "channel") or 0)
    if band == "2.4GHz":
        return max(0.0, 1 - abs(other - channel) / APART_2G)
    return 1.0 if channel in _block(other, int(_number(row, "width_mhz") or 20)) else 0.0


def _block(channel: int, width_mhz: int) -> range:
    """The 20 MHz channels a 5 GHz network of this width lies on (IEEE 802.11-2020, annex E)."""
    if width_mhz not in (40, 80, 160):
        return range(channel, channel + 1)
    first = next((start for start in (149, 100, 36) if channel >= start), 36)
    size = width_mhz // 20
    start = first + (channel - first) // (4 * size) * 4 * size
    return range(start, start + 4 * size, 4)


def _band(row: Mapping[str, Any]) -> str:
    told = str(row.get("band") or "").replace(" ", "")
    return told if told in ("2.4GHz", "5GHz") else band_of(int(_number(row, "channel") or 0))


def _number(row: Mapping[str, Any], name: str) -> float | None:
    value = row.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
