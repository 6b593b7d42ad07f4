"""Which parameters a router watches for the ACS, and what has changed of them (A.3.2.4, 3.7.1.5). Pure.

Level 1 (passive) is told in the next Inform, level 2 (active) makes one. A change that the ACS itself made
does not count. The data models force some to be active.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from backend.cwmp import rpc
from backend.simulator.model import ParameterTree

OFF, PASSIVE, ACTIVE = 0, 1, 2
FORCED: Final = (
    "DeviceInfo.SoftwareVersion",
    "ManagementServer.UDPConnectionRequestAddress",
    "ManagementServer.NATDetected",
)
DEFAULT_ACCESS: Final = ("Subscriber",)
LIMIT: Final = 500


class Watch:
    """The attributes of one router's parameters, by usual path, and the values last told of the watched."""

    def __init__(self, root: str, saved: Mapping[str, Any] | None = None) -> None:
        self._forced = {root + name: ACTIVE for name in FORCED}
        self._levels: dict[str, int] = {**self._forced, **(saved["levels"] if saved else {})}
        self._access: dict[str, list[str]] = dict(saved["access"]) if saved else {}
        self._told: dict[str, str] = dict(saved["told"]) if saved else {}

    def saved(self) -> dict[str, Any]:
        """What `__init__` takes, as JSON."""
        levels = {path: level for path, level in self._levels.items() if path not in self._forced}
        return {"levels": levels, "access": self._access, "told": self._told}

    def attributes(self, path: str) -> tuple[int, tuple[str, ...]]:
        """(notification, access list) of a parameter."""
        return self._levels.get(path, OFF), tuple(self._access.get(path, DEFAULT_ACCESS))

    def refuses(self, paths: Iterable[str], level: int) -> bool:
        """Whether this level may not be set: a forced one stays as it is (fault 9009)."""
        return any(path in self._forced and level != ACTIVE for path in paths)

    def is_full(self, paths: Sequence[str]) -> bool:
        """Whether so many more would be too many to watch (fault 9004)."""
        return len(self._levels) + len(paths) > LIMIT

    def set(
        self, tree: ParameterTree, path: str, level: int | None, access: tuple[str, ...] | None
    ) -> None:
        """SetParameterAttributes of one parameter; None leaves a part as it is."""
        if level is not None and path not in self._forced:
            self._levels.pop(path, None)
            self._told.pop(path, None)
            if level != OFF:
                self._levels[path] = level
                self._told[path] = tree.value(path)
        if access is not None:
            self._access[path] = list(access)

    @property
    def is_active(self) -> bool:
        """Whether anything but the forced ones makes Informs of its own."""
        return any(level == ACTIVE and path not in self._forced for path, level in self._levels.items())

    def expect(self, path: str, value: str) -> None:
        """The ACS knows this value, where it was told nothing else yet."""
        self._told.setdefault(path, value)

    def changed(self, tree: ParameterTree, least: int = PASSIVE) -> list[str]:
        """The watched parameters, of this level or above, that are unlike what was last told."""
        return [
            path
            for path, level in self._levels.items()
            if level >= least and path in tree and path in self._told and tree.value(path) != self._told[path]
        ]

    def now(self, tree: ParameterTree, paths: Iterable[str] | None = None) -> dict[str, str]:
        """The watched values as they are, of these paths only where given."""
        wanted = list(self._levels) if paths is None else paths
        return {path: tree.value(path) for path in wanted if path in self._levels and path in tree}

    def told(self, values: Mapping[str, str]) -> bool:
        """The ACS knows these values, since it was told or wrote them itself. True when that was news."""
        before = dict(self._told)
        self._told |= values
        return before != self._told


def answer_get(tree: ParameterTree, watch: Watch, names: Sequence[str]) -> rpc.GetParameterAttributesResponse:
    """GetParameterAttributes (A.3.2.5); ModelFault 9005 for a name that is not there."""
    found = []
    for value in tree.get(names):
        level, access = watch.attributes(tree.inward(value.name))
        found.append(rpc.ParameterAttribute(value.name, level, access))
    return rpc.GetParameterAttributesResponse(tuple(found))
