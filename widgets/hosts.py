"""The devices in a home, as the router lists them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

ROWS_LIMIT = 64
NAME_LIMIT_CHARACTERS = 64
ADDRESS_LIMIT_CHARACTERS = 45


@dataclass(frozen=True, slots=True)
class Host:
    """One device of the home. `active`: the router sees it now."""

    name: str
    mac: str
    ip: str
    active: bool


@dataclass(frozen=True, slots=True)
class Hosts:
    """A list of hosts; `summary` is the one sentence that stands for the picture."""

    id: str
    title: str
    rows: tuple[Host, ...]
    summary: str

    @staticmethod
    def of(id: str, title: str, rows: Iterable[Mapping[str, Any]], summary: str) -> Hosts:
        """From rows of a table setting ({"name", "mac", "ip", "active"}); what is missing is empty.

        A device names itself, so a name is cut, and loses what would turn the line around it.
        """
        hosts = [
            Host(
                name=_shown(row.get("name"), NAME_LIMIT_CHARACTERS),
                mac=_shown(row.get("mac"), ADDRESS_LIMIT_CHARACTERS),
                ip=_shown(row.get("ip"), ADDRESS_LIMIT_CHARACTERS),
                active=bool(row.get("active")),
            )
            for row in rows
        ]
        hosts.sort(key=lambda host: (not host.active, host.name.lower(), host.mac))
        return Hosts(id, title, tuple(hosts[:ROWS_LIMIT]), summary)

    def describe(self) -> dict[str, Any]:
        """{"type": "hosts", "rows": [{"name", "mac", "ip", "active"}], ...}."""
        return {
            "type": "hosts",
            "id": self.id,
            "title": self.title,
            "rows": [{"name": h.name, "mac": h.mac, "ip": h.ip, "active": h.active} for h in self.rows],
            "summary": self.summary,
            "fallback": "\n".join([self.summary, *(f"{h.name or h.mac} {h.ip}".strip() for h in self.rows)]),
        }


def _shown(value: Any, limit_characters: int) -> str:
    text = "".join(letter for letter in str(value or "")[: 4 * limit_characters] if letter.isprintable())
    return text if len(text) <= limit_characters else text[: limit_characters - 1] + "…"
