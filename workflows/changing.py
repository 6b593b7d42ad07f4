"""Snapshot, verify, undo: the one contract around everything a script changes on the device.

Before a value is written, what was there is read, unless this step has read it already. Before an instance is
deleted, all it holds is read. What the script itself has not read back is read back at its end. So every
change knows what was before and whether the device holds it now, and can be put back (`undoing`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workflows.conditions import Scope
from workflows.effects import (
    AddObject,
    AwaitContact,
    DeleteObject,
    Effect,
    GetNames,
    GetValues,
    Reboot,
    Reply,
    SetValues,
)
from workflows.graph import Step
from workflows.outcome import Change
from workflows.paths import parent_of
from workflows.requests import INVALID_NAME, WITHDRAWN, Requests
from workflows.secrecy import AS_WRITTEN, CHANGED, HIDDEN
from workflows.settings import Refused, same

HELD_LIMIT_VALUES = 200
"""How many values of a deleted instance are kept."""
CHANGES_LIMIT = 500
RESTARTED = ("1 BOOT", "M Reboot")
RESTART_LIMIT_S = 300

Written = tuple[str, str, str]
"""(full path, value as the device spells it, xsd type)."""


class Changing(Requests):
    """Requests that change the device, each with what was there before."""

    def __init__(self, step: Step, scope: Scope, replies: Sequence[tuple[Effect, Reply]]) -> None:
        super().__init__(step, scope, replies)
        self.changes: dict[str, Change] = {}
        self.looked: set[str] = set()  # changed paths that were read since

    # -- before -----------------------------------------------------------------------------------

    def snapshot(self, paths: tuple[str, ...]) -> None:
        """Read what is not known of this step's own reading; what the device does not tell stays unknown."""
        unknown = tuple(p for p in paths if p not in self.read and p not in self.changes)
        unknown = tuple(p for p in unknown if not self._is_new(p))
        if not unknown:
            return
        if not self.look(unknown) and len(unknown) > 1:
            for path in unknown:
                self.look((path,))

    def look(self, paths: tuple[str, ...]) -> bool:
        """Read for the record; a fault tells nothing and ends nothing."""
        effect = GetValues(paths)
        reply = self.request(effect)
        if not self.checked(reply, paths, ignore_faults=True):
            return False
        self.lay(effect, reply)
        return True

    def _is_new(self, path: str) -> bool:
        """Whether it lies in an instance this step has made."""
        return any(c.kind == "added" and path.startswith(c.path) for c in self.changes.values())

    # -- writing ----------------------------------------------------------------------------------

    def put(
        self, written: Sequence[Written], timeout_s: int | None = None, *, spelled: bool = False
    ) -> Reply:
        """Write values as this model wants them: with what goes along, in its order, in one request or
        several, and with the restart it may need. `spelled`: they are the device's own spelling already.
        Gives the last reply, which is the first that is not well."""
        facts = self.scope.facts
        try:
            ordered = self.settings.together(written, facts, spelled=spelled)
        except Refused as refused:
            self.beyond(refused, *(path for path, _, _ in written))
        for group in self.settings.apart(ordered, facts):
            reply = self.write(tuple(group), timeout_s)
            if not reply.ok:
                return reply
        if self.settings.after_write([path for path, _, _ in ordered], facts)["reboot"]:
            self._restart()
        return reply

    def _restart(self) -> None:
        """This model takes what was written only when it starts anew."""
        self.checked(self.request(Reboot()), ())
        self.checked(self.request(AwaitContact(RESTARTED), RESTART_LIMIT_S), ())

    def write(self, written: tuple[Written, ...], timeout_s: int | None = None) -> Reply:
        """Write in one request, what was there before read first."""
        self.snapshot(tuple(path for path, _, _ in written))
        reply = self.request(SetValues(written), timeout_s)
        if reply.ok or reply.uncertain:
            for path, after, kind in written:
                self._changed(
                    Change(path, self._before(path), after, None, "set", kind, self.setting_of(path))
                )
        return reply

    def make(self, parent: str, timeout_s: int | None = None) -> tuple[Reply, str]:
        """A new instance of the object `parent` (which ends in "."), and its path."""
        reply = self.request(AddObject(parent), timeout_s)
        instance = f"{parent}{reply.instance}." if reply.ok else ""
        if reply.ok:
            self._changed(Change(instance, None, None, None, "added"))
        return reply, instance

    def remove(self, instance: str, timeout_s: int | None = None) -> Reply:
        """Delete an instance (its path ends in "."), all it holds read first."""
        try:
            self.settings.leave_alone(instance, self.scope.facts)
        except Refused as refused:
            self.beyond(refused, instance)
        mine = self.changes.get(instance)
        held = () if mine is not None and mine.kind == "added" else self._held(instance)
        reply = self.request(DeleteObject(instance), timeout_s)
        if not (reply.ok or reply.uncertain):
            return reply
        self.changes = {path: c for path, c in self.changes.items() if not path.startswith(instance)}
        if mine is None or mine.kind != "added" or reply.uncertain:
            self._changed(Change(instance, None, None, None, "deleted", held=held))
        return reply

    def _held(self, instance: str) -> tuple[Written, ...]:
        """What may be written again of an instance: (path below it, value, type)."""
        names = self.request(GetNames(instance, False))
        if not self.checked(names, (instance,), ignore_faults=True) or not self.look((instance,)):
            return ()
        stored = self.scope.facts.parameters
        held: list[Written] = []
        for path, writable in names.names:
            datum, change = stored.get(path), self.changes.get(path)
            if writable and datum is not None and not path.endswith("."):
                value = self.sealed.get(path, datum.value)
                if change is not None and change.before is not None:
                    value = change.before
                if value not in (HIDDEN, AS_WRITTEN, CHANGED):
                    held.append((path.removeprefix(instance), value, datum.type or "xsd:string"))
        return tuple(held[:HELD_LIMIT_VALUES])

    def _before(self, path: str) -> str | None:
        if self._is_new(path):
            return None
        secret = self.sealed.get(path)
        if secret is not None:
            return None if secret in (HIDDEN, AS_WRITTEN, CHANGED) else secret
        datum = self.scope.facts.parameters.get(path)
        return datum.value if datum is not None else None

    def _changed(self, change: Change) -> None:
        """Note a change; what was there before this step stays what was before."""
        first = self.changes.get(change.path)
        if first is not None and first.kind == change.kind == "set":
            change = replace(change, before=first.before)
        if len(self.changes) >= CHANGES_LIMIT and change.path not in self.changes:
            self.fail("stopped", reason=f"more than {CHANGES_LIMIT} changes")
        self.changes[change.path] = change
        self.looked.discard(change.path)

    # -- after ------------------------------------------------------------------------------------

    def lay(self, effect: GetValues, reply: Reply) -> None:
        """As `Requests.lay`; and what was written is seen to be held, or not."""
        super().lay(effect, reply)
        for path, change in self.changes.items():
            if change.kind != "set" or path not in (reply.values or {}):
                continue
            self.looked.add(path)
            value = self.sealed.get(path, self.read[path].value)
            if value != HIDDEN:
                held = value == AS_WRITTEN or same(value, change.after or "", self.read[path].type)
                self.changes[path] = replace(change, verified=held)

    def holds(self, path: str) -> bool:
        """Whether the device holds what was written, or shows nothing that speaks against it."""
        change = self.changes.get(path)
        return change is not None and (
            change.verified is True or (change.verified is None and path in self.looked)
        )

    def read_back(self) -> None:
        """Read what nobody has looked at since it was changed. What is not told stays unverified."""
        waiting = [c for c in self.changes.values() if c.verified is None and c.path not in self.looked]
        if not waiting:
            return
        self.enter("verify")
        values = tuple(c.path for c in waiting if c.kind != "deleted" and not self._is_inside(c))
        if values and not self._read_again(values) and len(values) > 1:
            for path in values:
                self._read_again((path,))
        for change in waiting:
            if change.kind == "deleted":
                self._see_gone(change)

    def _is_inside(self, change: Change) -> bool:
        return change.kind == "set" and self._is_new(change.path)

    def _read_again(self, paths: tuple[str, ...]) -> bool:
        effect = GetValues(paths)
        reply = self.request(effect)
        if not reply.ok:
            return reply.timed_out or reply.uncertain or reply.fault_code == WITHDRAWN
        self.lay(effect, reply)
        for path in paths:
            if path.endswith("."):
                there = any(name.startswith(path) for name in reply.values or {})
                self.changes[path] = replace(self.changes[path], verified=there)
        return True

    def _see_gone(self, change: Change) -> None:
        reply = self.request(GetNames(parent_of(change.path)))
        if reply.ok or reply.fault_code == INVALID_NAME:
            gone = all(not name.startswith(change.path) for name, _ in reply.names)
            self.changes[change.path] = replace(change, verified=gone)
