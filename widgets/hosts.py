"""The devices in a home, as the router lists them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from widgets import told
from widgets.told import ADDRESS_LIMIT_CHARACTERS

ROWS_LIMIT = 64


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
                name=told.name(row.get("name")),
                mac=told.name(row.get("mac"), ADDRESS_LIMIT_CHARACTERS),
                ip=told.name(row.get("ip"), ADDRESS_LIMIT_CHARACTERS),
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
