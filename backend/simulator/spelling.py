"""How one model writes paths and values on the wire, and what that means in the usual way.

The table of moved paths is a variant's; see `variants`. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

Shown = Callable[[str, str, str], tuple[str, str]]

NUMBER = "{i}"


class Spelling:
    """A model's own paths and values. `shown` and `taken` are those of `variants.Variant`."""

    def __init__(
        self,
        moved: Iterable[tuple[str, str]] = (),
        shown: Shown | None = None,
        taken: Shown | None = None,
    ) -> None:
        pairs = tuple(moved)
        self._out = [_rule(usual, own) for usual, own in pairs]
        self._in = [_rule(own, usual) for usual, own in pairs]
        self._shown = shown
        self._taken = taken

    @property
    def moves(self) -> bool:
        """Whether any path is unlike the usual one."""
        return bool(self._out)

    def outward(self, path: str) -> str:
        """A usual path as this model writes it."""
        return _moved(path, self._out)

    def inward(self, path: str) -> str:
        """What this model's path is called usually; a path it has not stays as it is."""
        return _moved(path, self._in)

    def show(self, path: str, value: str, kind: str) -> tuple[str, str]:
        """The value and type that this model tells, of a usual path."""
        return self._shown(path, value, kind) if self._shown else (value, kind)

    def take(self, path: str, value: str, kind: str) -> tuple[str, str]:
        """The usual value and type of what was written; NotTaken when this model refuses it."""
        return self._taken(path, value, kind) if self._taken else (value, kind)


def _rule(before: str, after: str) -> tuple[re.Pattern[str], str]:
    pattern = re.escape(before).replace(re.escape(NUMBER), r"(\d+)")
    parts = after.split(NUMBER)
    template = parts[0] + "".join(f"\\g<{place}>{part}" for place, part in enumerate(parts[1:], 1))
    return re.compile(pattern + ("" if before.endswith(".") else r"\Z")), template


def _moved(path: str, rules: list[tuple[re.Pattern[str], str]]) -> str:
    for pattern, template in rules:
        if found := pattern.match(path):
            return found.expand(template) + path[found.end() :]
    return path
