"""The WiFi networks around a home, by the channel each lies on, with the home's own and the best channel.

One band is shown at a time, since a radio lives in one. A channel's number is the IEEE 802.11 one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from widgets import told
from widgets.messages import message

ROWS_LIMIT = 64
BANDS = ("2.4GHz", "5GHz", "6GHz")
CHANNEL_LEAST, CHANNEL_MOST = 1, 233
SIGNAL_LEAST_DBM, SIGNAL_MOST_DBM = -120, 0
WIDTH_PLAIN_MHZ = 20
WIDTHS_MHZ = (20, 40, 80, 160, 320)


@dataclass(frozen=True, slots=True)
class Network:
    """One network a router hears. `signal_dbm` None when it did not say how loud."""

    ssid: str
    bssid: str
    channel: int
    signal_dbm: int | None
    width_mhz: int


@dataclass(frozen=True, slots=True)
class Channels:
    """`channel`: the home's own, None when unknown; `best`: the one to move to, None when there is none."""

    id: str
    title: str
    band: str
    rows: tuple[Network, ...]
    channel: int | None
    best: int | None
    ssid: str
    summary: str
    locale: str = "en"

    @staticmethod
    def of(
        id: str, title: str, attributes: Mapping[str, Any], summary: str = "", locale: str = "en"
    ) -> Channels:
        """`attributes`: `rows` (a neighbour scan: ssid, bssid, channel, band, signal_dbm, width_mhz), own
        `channel`, `best`, `band` ("2.4GHz", "5GHz", "6GHz") and `ssid` (own); all but `rows` may be missing.

        The band is the one given, else that of the own channel, else the fullest. Rows that name no channel
        are left out, the loudest come first; a best channel that is the own one is none.
        """
        channel = told.whole(attributes, "channel", CHANNEL_LEAST, CHANNEL_MOST)
        best = told.whole(attributes, "best", CHANNEL_LEAST, CHANNEL_MOST)
        rows = attributes.get("rows") or ()
        heard = [(_band(row), network) for row in rows if (network := _network(row)) is not None]
        band = str(attributes.get("band") or "")
        if band not in BANDS:
            band = _band_of(channel) if channel else _fullest(one for one, _ in heard)
        there = [network for one, network in heard if one == band]
        own = told.name(attributes.get("ssid"))
        others = sum(1 for one in there if not own or (one.ssid, one.channel) != (own, channel))
        there.sort(key=lambda one: (-(one.signal_dbm or SIGNAL_LEAST_DBM), one.channel, one.ssid, one.bssid))
        return Channels(
            id=id,
            title=title,
            band=band,
            rows=tuple(there[:ROWS_LIMIT]),
            channel=channel,
            best=best if best != channel else None,
            ssid=own,
            summary=summary if summary and summary != title else _sentence(others, channel, best, locale),
            locale=locale,
        )

    def describe(self) -> dict[str, Any]:
        """{"type": "channels", "band", "channel", "best", "ssid", "rows": [{"ssid", "bssid", "channel",
        "signal_dbm", "width_mhz"}], ...}."""
        return {
            "type": "channels",
            "id": self.id,
            "title": self.title,
            "band": self.band,
            "channel": self.channel,
            "best": self.best,
            "ssid": self.ssid,
            "rows": [
                {
                    "ssid": one.ssid,
                    "bssid": one.bssid,
                    "channel": one.channel,
                    "signal_dbm": one.signal_dbm,
                    "width_mhz": one.width_mhz,
                }
                for one in self.rows
            ],
            "summary": self.summary,
            "fallback": "\n".join([self.summary, *(self._line(one) for one in self.rows)]),
        }

    def _line(self, one: Network) -> str:
        name = one.ssid or message(self.locale, "channels-hidden")
        signal = "" if one.signal_dbm is None else f", {one.signal_dbm} dBm"
        return message(self.locale, "channels-line", name=name, channel=one.channel) + signal


def _network(row: Any) -> Network | None:
    if not isinstance(row, Mapping):
        return None
    channel = told.whole(row, "channel", CHANNEL_LEAST, CHANNEL_MOST)
    if channel is None:
        return None
    width = told.whole(row, "width_mhz", WIDTH_PLAIN_MHZ, WIDTHS_MHZ[-1])
    return Network(
        ssid=told.name(row.get("ssid")),
        bssid=told.name(row.get("bssid"), told.ADDRESS_LIMIT_CHARACTERS),
        channel=channel,
        signal_dbm=told.whole(row, "signal_dbm", SIGNAL_LEAST_DBM, SIGNAL_MOST_DBM),
        width_mhz=width if width in WIDTHS_MHZ else WIDTH_PLAIN_MHZ,
    )


def _band(row: Mapping[str, Any]) -> str:
    band = str(row.get("band") or "").replace(" ", "")
    return band if band in BANDS else _band_of(told.whole(row, "channel", CHANNEL_LEAST, CHANNEL_MOST))


def _band_of(channel: int | None) -> str:
    """6 GHz uses the same numbers as the others, so it must be named (IEEE 802.11-2020 annex E)."""
    return "2.4GHz" if channel is None or channel <= 14 else "5GHz"


def _fullest(bands: Iterable[str]) -> str:
    counted = Counter(bands)
    return max(BANDS, key=lambda band: counted[band]) if counted else BANDS[0]


def _sentence(count: int, channel: int | None, best: int | None, locale: str) -> str:
    parts = [message(locale, "channels-count", n=count)]
    if channel is not None:
        parts.append(message(locale, "channels-own", channel=channel))
    if best is not None and best != channel:
        parts.append(message(locale, "channels-best", channel=best))
    return " ".join(parts)
