"""The way a packet took: a trace route's hops with how long each took to answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from widgets import told
from widgets.messages import message

ROWS_LIMIT = 64
TIMES_LIMIT = 5
TIME_MOST_MS = 600_000


@dataclass(frozen=True, slots=True)
class Hop:
    """One router on the way. `times_ms` is empty when it did not answer."""

    host: str
    address: str
    times_ms: tuple[float, ...]

    @property
    def average_ms(self) -> float | None:
        """The mean of its answers, None without one."""
        return round(sum(self.times_ms) / len(self.times_ms), 1) if self.times_ms else None


@dataclass(frozen=True, slots=True)
class Hops:
    """Hops in the order of the way; `summary` is the one sentence that stands for the picture."""

    id: str
    title: str
    rows: tuple[Hop, ...]
    summary: str
    locale: str = "en"

    @staticmethod
    def of(id: str, title: str, rows: Iterable[Any], summary: str = "", locale: str = "en") -> Hops:
        """From rows of a trace route ({"host", "address", "times_ms"}: a list of numbers, or one)."""
        hops = [_hop(row) for row in rows if isinstance(row, Mapping)][:ROWS_LIMIT]
        if not summary or summary == title:
            answered = [hop for hop in hops if hop.times_ms]
            summary = message(locale, "hops-count", n=len(hops))
            if answered and answered[-1].average_ms is not None:
                summary += " " + message(locale, "hops-last", time=answered[-1].average_ms)
        return Hops(id, title, tuple(hops), summary, locale)

    def describe(self) -> dict[str, Any]:
        """{"type": "hops", "rows": [{"n", "host", "address", "times_ms", "average_ms"}], ...}; `n` from 1."""
        return {
            "type": "hops",
            "id": self.id,
            "title": self.title,
            "rows": [
                {
                    "n": n,
                    "host": hop.host,
                    "address": hop.address,
                    "times_ms": list(hop.times_ms),
                    "average_ms": hop.average_ms,
                }
                for n, hop in enumerate(self.rows, start=1)
            ],
            "summary": self.summary,
            "fallback": "\n".join(
                [self.summary, *(self._line(n, hop) for n, hop in enumerate(self.rows, 1))]
            ),
        }

    def _line(self, n: int, hop: Hop) -> str:
        who = hop.host or hop.address or "*"
        if hop.average_ms is None:
            return f"{n}. {who}: {message(self.locale, 'hops-silent')}"
        return f"{n}. {who}: {hop.average_ms:g} ms"


def _hop(row: Mapping[str, Any]) -> Hop:
    given = row.get("times_ms")
    listed = given if isinstance(given, list | tuple) else (given,)
    times = [told.number({"time": one}, "time", 0, TIME_MOST_MS) for one in listed[:TIMES_LIMIT]]
    return Hop(
        host=told.name(row.get("host")),
        address=told.name(row.get("address"), told.ADDRESS_LIMIT_CHARACTERS),
        times_ms=tuple(one for one in times if one is not None),
    )
