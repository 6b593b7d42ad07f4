"""What each node of a body that asks something of the device does with it."""

from __future__ import annotations

from typing import Any

from workflows import device_nodes, tasks
from workflows.changing import Written
from workflows.conditions import Template
from workflows.effects import (
    AwaitContact,
    Diagnose,
    Download,
    Effect,
    GetNames,
    GetValues,
    Reply,
    ScheduleInform,
    SetAttributes,
    Upload,
)
from workflows.paths import as_object, before_any, fitting, is_path
from workflows.requests import INVALID_NAME
from workflows.settings import Diagnostic, Missing, NotCapable, Refused, same
from workflows.undoing import Undoing, given

FOUND_LIMIT = 1_000
DELAY_LIMIT_S = 86_400


class DeviceWork(Undoing):
    """A script's nodes that talk with the device."""

    def device_work(self, node: tasks.DeviceWork) -> None:
        """Do what the node asks for."""
        match node:
            case tasks.Get():
                self._get(node)
            case tasks.Set():
                self._set(node)
            case tasks.Verify():
                self._verify(node)
            case device_nodes.Find(query, output, stage):
                self.enter(stage)
                self.bind(output, self.found(query))
            case device_nodes.Add():
                self._add(node)
            case device_nodes.Delete():
                self._delete(node)
            case device_nodes.Names():
                self._names(node)
            case device_nodes.Attributes(key, notification, how):
                effect = SetAttributes(tuple((path, notification) for path in self.paths(key)))
                self._done(effect, how, *(path for path, _ in effect.attributes))
            case device_nodes.Order(effect, how):
                self._done(effect, how)
            case device_nodes.ScheduleInform(delay, how):
                self._done(ScheduleInform(self._seconds(delay)), how)
            case device_nodes.Download(kind, file, how):
                self._done(Download(kind, self.text(file)), how)
            case device_nodes.Upload(kind, how):
                reply = self._ask(Upload(kind), how)
                if reply is not None:
                    self.bind(how.output, reply.file_id)
            case device_nodes.Diagnose():
                self._diagnose(node)
            case device_nodes.Await(events, how):
                self._await(AwaitContact(events), how)
            case device_nodes.Refresh(keys, how):
                self._refresh(keys, how)
            case device_nodes.Undo(name, stage):
                self.enter(stage)
                self.put_back(given(self.scope.answers.get(name)))
            case device_nodes.PutBack(changes):
                self.put_back(changes)

    # -- asking -----------------------------------------------------------------------------------

    def _ask(self, effect: Effect, how: device_nodes.How, *paths: str) -> Reply | None:
        """The reply, or None after a fault the author ignores."""
        self.enter(how.stage)
        reply = self.request(effect, how.timeout_s)
        if self.checked(reply, paths, ignore_faults=how.ignore_faults):
            return reply
        self.bind(how.output, None)
        return None

    def _done(self, effect: Effect, how: device_nodes.How, *paths: str) -> None:
        if self._ask(effect, how, *paths) is not None:
            self.bind(how.output, True)

    def _seconds(self, delay: Template) -> int:
        value = delay.value(self.scope)
        seconds = int(value) if str(value).isdecimal() else 0
        if not 0 < seconds <= DELAY_LIMIT_S:
            self.fail("stopped", reason=f"{value} is no number of seconds up to {DELAY_LIMIT_S}")
        return seconds

    def _await(self, effect: AwaitContact, how: device_nodes.How) -> None:
        self.enter(how.stage)
        reply = self.request(effect, how.timeout_s)
        came = reply.ok if how.output and reply.timed_out else self.checked(reply, ())
        self.bind(how.output, came)

    def _diagnose(self, node: device_nodes.Diagnose) -> None:
        """Run a diagnosis as this model does it, one object after the other, and bind its typed results."""
        how = node.how
        self.enter(how.stage)
        given = {name: value.value(self.scope) for name, value in node.inputs}
        values: dict[str, tuple[str, str]] = {}
        try:
            plan = self._plan(node.name)
            for one in (plan, *plan.apart):
                effect = Diagnose(one.object, one.inputs(given), one.poll_s)
                reply = self.request(effect, how.timeout_s)
                if not self.checked(reply, (node.name,), ignore_faults=how.ignore_faults):
                    self.bind(how.output, None)
                    return
                values.update(reply.values or {})
        except (NotCapable, Refused) as beyond:
            if not how.ignore_faults:
                self.beyond(beyond)
            self.bind(how.output, None)
            return
        self.bind(how.output, self.settings.diagnosed(node.name, values, self.scope.facts))

    def _plan(self, name: str) -> Diagnostic:
        """How this device runs a diagnosis; what has to be known of it is read first."""
        try:
            return self.settings.diagnostic(name, self.scope.facts)
        except Missing:
            paths = self.settings.paths_to_read((name,), self.scope.facts.device)
            if paths:
                self.read_paths(paths, paths)
            return self.settings.diagnostic(name, self.scope.facts)

    # -- reading ----------------------------------------------------------------------------------

    def _get(self, node: tasks.Get) -> None:
        paths = self.paths(node.key)
        self.enter(node.stage)
        if not (node.from_cache and all(p in self.scope.facts.parameters for p in paths)):
            effect = GetValues(paths)
            reply = self.request(effect)
            if self.checked(reply, paths, ignore_faults=node.ignore_faults):
                self.lay(effect, reply)
            else:
                self.bind(node.output, None)
                return
        values = [self.value_at(path) for path in paths]
        self.bind(node.output, values if isinstance(node.key.value(self.scope), list) else values[0])

    def _names(self, node: device_nodes.Names) -> None:
        path = self.full(as_object(self.text(node.key)))
        reply = self._ask(GetNames(path, node.next_level), node.how, path)
        if reply is not None:
            names: list[Any] = [{"name": name, "writable": writable} for name, writable in reply.names]
            self.bind(node.how.output, names)

    def found(self, query: device_nodes.Query) -> list[str]:
        """The paths that fit the query, by their numbers; none where the device does not know the object."""
        within = self.full(as_object(self.text(query.within))) if query.within is not None else ""
        pattern = self.text(query.path)
        pattern = within + pattern if within and not is_path(pattern) else self.full(pattern)
        before = before_any(pattern)
        if not before.endswith("."):
            self.fail("stopped", reason=f"'{pattern}' has no object before its first {{i}}")
        if not query.where and pattern.rstrip(".") == f"{before}{{i}}":
            reply = self.request(GetNames(before))
            if reply.fault_code == INVALID_NAME or not self.checked(reply, (before,)):
                return []
            return [path for path, _ in fitting(pattern, (as_object(name) for name, _ in reply.names))]
        effect = GetValues((before,))
        reply = self.request(effect)
        if reply.fault_code == INVALID_NAME or not self.checked(reply, effect.names):
            return []
        self.lay(effect, reply)
        wanted = [(w.name, self.text(w.value), w.ignore_case) for w in query.where]
        there = fitting(pattern, self.scope.facts.parameters)
        fits = [p for p, instance in there if all(self._holds(instance, *one) for one in wanted)]
        return fits[:FOUND_LIMIT]

    def _holds(self, instance: str, name: str, value: str, ignore_case: bool) -> bool:
        datum = self.scope.facts.parameters.get(instance + name)
        if datum is None:
            return False
        if ignore_case:
            return datum.value.strip().casefold() == value.strip().casefold()
        return same(datum.value, value, datum.type)

    def _refresh(self, keys: Template, how: device_nodes.How) -> None:
        value = keys.value(self.scope)
        named = [str(k) for k in value] if isinstance(value, list) else str(value).split()
        device = self.scope.facts.device
        settings = [name for name in named if not is_path(name)]
        paths = tuple(name for name in named if is_path(name))
        known = self.settings.paths_to_read(settings, device, self.scope.facts) if settings else ()
        partial = self.settings.paths_to_read(settings, device) if settings else ()
        self.enter(how.stage)
        read = self.read_paths((*known, *paths), (*partial, *paths), ignore_faults=how.ignore_faults)
        self.bind(how.output, True if read else None)

    # -- writing ----------------------------------------------------------------------------------

    def _set(self, node: tasks.Set) -> None:
        paths = self.paths(node.key)
        value = node.value.value(self.scope)
        values = value if isinstance(node.key.value(self.scope), list) else [value]
        if not isinstance(values, list) or len(values) != len(paths):
            self.fail("stopped", reason=f"{len(paths)} keys and not as many values")
        self.enter(node.stage)
        self.snapshot(paths)
        facts = self.scope.facts
        written = [self.settings.written(p, v, facts, node.type) for p, v in zip(paths, values, strict=True)]
        reply = self.put(written)
        self.checked(reply, paths, ignore_faults=node.ignore_faults)
        self.bind(node.output, (reply.status or 0) if reply.ok else None)

    def _add(self, node: device_nodes.Add) -> None:
        how = node.how
        parent = self.full(as_object(self.text(node.parent)))
        self.enter(how.stage)
        reply, instance = self.make(parent, how.timeout_s)
        if not self.checked(reply, (parent,), ignore_faults=how.ignore_faults):
            self.bind(how.output, None)
            return
        if node.values:
            row = self._row(parent, instance, node.values)
            reply = self.put(row, how.timeout_s) if row is not None else self._fill(instance, node)
            paths = tuple(path for path in self.changes if path.startswith(instance))
            if not self.checked(reply, paths, ignore_faults=how.ignore_faults):
                self.bind(how.output, None)
                return
        self.bind(how.output, instance)

    def _row(self, parent: str, instance: str, values: tuple[device_nodes.Put, ...]) -> list[Written] | None:
        """The values of a new row of a table of ours, given by its columns; None for any other object."""
        facts = self.scope.facts
        named = {self.text(put.key): put.value.value(self.scope) for put in values}
        try:
            row = self.settings.row(parent, named, facts)
        except KeyError:
            return None
        except Refused as refused:
            self.beyond(refused, parent)
        return None if row is None else [(instance + name, value, kind) for name, value, kind in row]

    def _fill(self, instance: str, node: device_nodes.Add) -> Reply:
        if any(not put.type for put in node.values):
            self.look((instance,))  # the device's own types of the new instance
        facts = self.scope.facts
        written = []
        for put in node.values:
            key = self.text(put.key)
            path = key if is_path(key) else instance + key
            written.append(self.settings.written(path, put.value.value(self.scope), facts, put.type))
        return self.put(written, node.how.timeout_s)

    def _delete(self, node: device_nodes.Delete) -> None:
        self.enter(node.how.stage)
        for path in self.paths(node.key):
            reply = self.remove(as_object(path), node.how.timeout_s)
            if not self.checked(reply, (path,), ignore_faults=node.how.ignore_faults):
                self.bind(node.how.output, None)
                return
        self.bind(node.how.output, True)

    def _verify(self, node: tasks.Verify) -> None:
        paths = self.paths(node.key)
        self.enter(node.stage)
        effect = GetValues(paths)
        reply = self.request(effect)
        self.checked(reply, paths)
        self.lay(effect, reply)
        self.bind(node.output, all(self.holds(path) for path in paths))
