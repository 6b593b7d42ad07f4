"""Puts back what a step has changed: values as they were, new instances away, deleted ones there again.

In reverse order, and only what still is as that step left it: what was changed again since then is left
alone, and said so. An undo is a change like any other: it has its own snapshot and is read back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from workflows.changing import Changing, Written
from workflows.effects import Reply
from workflows.outcome import Change, Finding, Reading
from workflows.paths import parent_of
from workflows.secrecy import CHANGED, HIDDEN, stands_in
from workflows.settings import same

UNDONE = ("undone", "undone-partly")
"""Findings of an undo that put something back."""


def given(answer: Any) -> tuple[Change, ...]:
    """The changes of an input of type "change"; none when it holds none."""
    items = answer.get("items") if isinstance(answer, Mapping) else None
    return tuple(Change.from_json(item) for item in items or ())


def has_way_back(changes: Sequence[Change]) -> bool:
    """Whether any of the changes can be put back; one that the device never took needs none."""
    return any(_can(change) and change.verified is not False for change in _alone(changes))


def _can(change: Change) -> bool:
    return change.kind != "set" or change.before is not None


def _alone(changes: Sequence[Change]) -> list[Change]:
    """The changes without the values of instances that were added: those go with them."""
    added = tuple(change.path for change in changes if change.kind == "added")
    return [c for c in changes if c.kind != "set" or not (added and c.path.startswith(added))]


class Undoing(Changing):
    """Requests that put changes back."""

    def put_back(self, changes: Sequence[Change]) -> None:
        """Undo the changes, read back, and report how much of it is there again."""
        alone = _alone(changes)
        self.enter("read")
        self.snapshot(tuple(change.path for change in alone if change.kind == "set"))
        self.enter("write")
        without = [change.path for change in alone if not _can(change)]
        since: list[str] = []
        group: list[Written] = []
        for change in reversed([change for change in alone if _can(change)]):
            if change.kind == "set":
                if self._changed_since(change):
                    since.append(change.path)
                elif not self._is_back(change):
                    group.append((change.path, change.before or "", change.type or "xsd:string"))
                continue
            self._put(group)
            group = []
            if change.kind == "added":
                self._checked(self.remove(change.path), change.path)
            else:
                self._make_again(change)
        self._put(group)
        self.read_back()
        self._report(alone, without, since)

    def _report(self, alone: Sequence[Change], without: list[str], since: list[str]) -> None:
        """In words; "undone" of any kind only where something is as it was again."""
        wrong = [path for path, change in self.changes.items() if change.verified is False]
        if wrong:
            self.findings.append(Finding("undo-not-applied", "ERROR", _named(wrong)))
        if since:
            self.findings.append(Finding("changed-since", "WARN", _named(since)))
        left = {*wrong, *since, *without}
        if without and (any(change.path not in left for change in alone) or not (wrong or since)):
            self.findings.append(Finding("undone-partly", "WARN", _named(without)))
        elif not wrong and not since:
            self.findings.append(Finding("undone", "INFO"))

    def _changed_since(self, change: Change) -> bool:
        """Whether someone has written another value since; a secret that is hidden speaks for nobody."""
        if self.sealed.get(change.path) == CHANGED:
            return True
        now = self._now(change.path)
        if now is None or stands_in(change.after or "") or self._is_back(change):
            return False
        return not same(now, change.after or "", change.type)

    def _is_back(self, change: Change) -> bool:
        now = self._now(change.path)
        return now is not None and same(now, change.before or "", change.type)

    def _now(self, path: str) -> str | None:
        """What the device told in this step; None when it did not, or keeps it to itself."""
        secret = self.sealed.get(path)
        if secret is not None:
            return None
        return self.read[path].value if path in self.read else None

    def _put(self, group: list[Written]) -> None:
        if group:
            reply = self.put(group, spelled=True)
            self._checked(reply, *(path for path, _, _ in group))

    def _checked(self, reply: Reply, *paths: str) -> None:
        self.checked(reply, paths)

    def _make_again(self, change: Change) -> None:
        """A deleted instance, with the instances inside it; its number may be another one now."""
        reply, instance = self.make(parent_of(change.path))
        self._checked(reply, parent_of(change.path))
        made = {"": instance}
        written: list[Written] = []
        for name, value, kind in change.held:
            inside, _, leaf = name.rpartition(".")
            place = self._made(f"{inside}." if inside else "", made)
            if value != HIDDEN:
                written.append((f"{place}{leaf}", value, kind))
        self._put(written)

    def _made(self, inside: str, made: dict[str, str]) -> str:
        """The path of what lay at `inside`, each instance on the way made once."""
        if inside not in made:
            match = re.fullmatch(r"(.*\.)?(\d+)\.", inside)
            if match is None:
                outer, _, name = inside.rstrip(".").rpartition(".")
                made[inside] = self._made(f"{outer}." if outer else "", made) + f"{name}."
            else:
                parent = self._made(match.group(1) or "", made)
                reply, instance = self.make(parent)
                self._checked(reply, parent)
                made[inside] = instance
        return made[inside]


def _named(paths: list[str]) -> tuple[Reading, ...]:
    return (Reading("parameter", ", ".join(paths)),)
