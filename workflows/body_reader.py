"""Reads task templates and the `<config>` of step templates into nodes, names and types checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows import device_nodes, tasks
from workflows.conditions import Template
from workflows.documents import Document
from workflows.effects import FactoryReset, Reboot
from workflows.expressions import Vocabulary
from workflows.outcome import Status
from workflows.paths import is_path
from workflows.settings import Settings

TASK_DEPTH_LIMIT = 8
EVENTS_LIMIT = 16
APART = ("else", "catch", "finally", "where")
"""Tags inside a body that are no nodes of it."""

DOWNLOADS = {
    "firmware": "1 Firmware Upgrade Image",
    "web-content": "2 Web Content",
    "configuration": "3 Vendor Configuration File",
}
"""TR-069 A.3.2.8, Table 40."""
UPLOADS = {"configuration": "1 Vendor Configuration File", "log": "2 Vendor Log File"}
"""TR-069 A.4.1.5."""
NOTIFICATIONS = {"off": 0, "passive": 1, "active": 2}


@dataclass(frozen=True, slots=True)
class TaskTemplate:
    """A reusable body. `inputs` by name, with their default (None: it must be given); `uses` are the
    task templates it calls, directly or not."""

    name: str
    inputs: Mapping[str, Template | None]
    outputs: tuple[str, ...]
    body: tuple[tasks.Node, ...]
    uses: frozenset[str] = frozenset()


@dataclass(slots=True)
class BodyReader:
    """Reads one document's body. `uses` collects the task templates called."""

    document: Document
    vocabulary: Vocabulary
    task_templates: Mapping[str, TaskTemplate]
    stages: frozenset[str] | None = None
    readings: frozenset[str] = frozenset()
    uses: set[str] = field(default_factory=set)

    def body(self, parent: Any) -> tuple[tasks.Node, ...]:
        """The nodes below an element."""
        return tuple(self._node(element) for element in parent if element.tag not in APART)

    def _node(self, element: Any) -> tasks.Node:
        line = self.document.line(element)
        if self.stages is not None and (stage := element.get("stage")) and stage not in self.stages:
            self.document.error(element, f"unknown stage '{stage}'", "stage")
        reader = getattr(self, f"_read_{element.tag}")
        node: tasks.Node = reader(element, line)
        return node

    def _template(self, element: Any, attribute: str) -> Template:
        return self.document.template(element, attribute, self.vocabulary)

    def _read_get(self, element: Any, line: int) -> tasks.Node:
        return tasks.Get(
            self._template(element, "key"),
            variable(element.get("output", "")),
            element.get("stage", ""),
            true(element, "ignoreFaults"),
            true(element, "fromCache"),
            line,
        )

    def _read_set(self, element: Any, line: int) -> tasks.Node:
        return tasks.Set(
            self._template(element, "key"),
            self._template(element, "value"),
            _xsd_type(element),
            variable(element.get("output", "")),
            element.get("stage", ""),
            true(element, "ignoreFaults"),
            line,
        )

    def _read_verify(self, element: Any, line: int) -> tasks.Node:
        output = variable(element.get("output"))
        return tasks.Verify(self._template(element, "key"), output, element.get("stage", ""), line)

    def _read_if(self, element: Any, line: int) -> tasks.Node:
        condition = self.document.condition(element, "expr", self.vocabulary)
        otherwise = element.find("else")
        return tasks.If(
            condition, self.body(element), () if otherwise is None else self.body(otherwise), line
        )

    def _read_foreach(self, element: Any, line: int) -> tasks.Node:
        if (element.get("list") is None) == (element.get("query") is None):
            self.document.error(element, "<foreach> takes a list or a query, one of them")
        items: Template | device_nodes.Query = self._template(element, "list")
        if element.get("query") is not None:
            items = self._query(element)
        return tasks.Foreach(items, variable(element.get("iterator")), self.body(element), line)

    def _read_while(self, element: Any, line: int) -> tasks.Node:
        condition = self.document.condition(element, "expr", self.vocabulary)
        return tasks.While(condition, int(element.get("limit")), self.body(element), line)

    def _read_in(self, element: Any, line: int) -> tasks.Node:
        return tasks.In(self._template(element, "key"), self.body(element), line)

    def _read_try(self, element: Any, line: int) -> tasks.Node:
        catch, last = element.find("catch"), element.find("finally")
        if catch is None and last is None:
            self.document.error(element, "<try> has a <catch>, a <finally>, or both")
        return tasks.Try(
            self.body(element),
            None if catch is None else self.body(catch),
            "" if catch is None else variable(catch.get("output", "")),
            () if last is None else self.body(last),
            line,
        )

    # -- what the device is asked -----------------------------------------------------------------

    def _how(self, element: Any) -> device_nodes.How:
        timeout = element.get("timeoutSeconds")
        return device_nodes.How(
            variable(element.get("output", "")),
            element.get("stage", ""),
            true(element, "ignoreFaults"),
            int(timeout) if timeout is not None else None,
        )

    def _query(self, element: Any) -> device_nodes.Query:
        if "{i}" not in element.get("query"):
            self.document.error(element, "a query has {i} where any instance number may stand", "query")
        where = tuple(
            device_nodes.Where(w.get("name"), self._template(w, "value"), true(w, "ignoreCase"))
            for w in element.findall("where")
        )
        within = self._template(element, "in") if element.get("in") is not None else None
        return device_nodes.Query(self._template(element, "query"), within, where)

    def _read_find(self, element: Any, line: int) -> tasks.Node:
        output = variable(element.get("output"))
        return device_nodes.Find(self._query(element), output, element.get("stage", ""), line)

    def _read_add(self, element: Any, line: int) -> tasks.Node:
        values = tuple(
            device_nodes.Put(self._template(e, "key"), self._template(e, "value"), _xsd_type(e))
            for e in element.findall("with/set")
        )
        return device_nodes.Add(self._template(element, "parentKey"), values, self._how(element), line)

    def _read_delete(self, element: Any, line: int) -> tasks.Node:
        return device_nodes.Delete(self._template(element, "key"), self._how(element), line)

    def _read_getParameters(self, element: Any, line: int) -> tasks.Node:
        next_level = element.get("nextLevel") is None or true(element, "nextLevel")
        return device_nodes.Names(self._template(element, "key"), next_level, self._how(element), line)

    def _read_setParameterAttributes(self, element: Any, line: int) -> tasks.Node:
        notification = NOTIFICATIONS.get(element.get("notification"), 0)
        return device_nodes.Attributes(self._template(element, "key"), notification, self._how(element), line)

    def _read_reboot(self, element: Any, line: int) -> tasks.Node:
        return device_nodes.Order(Reboot(), self._how(element), line)

    def _read_factoryReset(self, element: Any, line: int) -> tasks.Node:
        return device_nodes.Order(FactoryReset(), self._how(element), line)

    def _read_scheduleInform(self, element: Any, line: int) -> tasks.Node:
        return device_nodes.ScheduleInform(self._template(element, "delaySeconds"), self._how(element), line)

    def _read_download(self, element: Any, line: int) -> tasks.Node:
        kind = DOWNLOADS.get(element.get("type"), "")
        return device_nodes.Download(kind, self._template(element, "file"), self._how(element), line)

    def _read_upload(self, element: Any, line: int) -> tasks.Node:
        return device_nodes.Upload(UPLOADS.get(element.get("type"), ""), self._how(element), line)

    def _read_diagnose(self, element: Any, line: int) -> tasks.Node:
        if element.get("name") not in dict(self.vocabulary.settings):
            self.document.error(element, f"unknown diagnosis '{element.get('name')}'", "name")
        inputs: dict[str, Template] = {}
        for given in element.findall("with"):
            if variable(given.get("name")) in inputs:
                self.document.error(given, f"'{given.get('name')}' is given twice", "name")
            inputs[variable(given.get("name"))] = self._template(given, "value")
        return device_nodes.Diagnose(element.get("name"), tuple(inputs.items()), self._how(element), line)

    def _read_await(self, element: Any, line: int) -> tasks.Node:
        events = tuple(e.strip() for e in element.get("events", "").split(",") if e.strip())
        if len(events) > EVENTS_LIMIT:
            self.document.error(element, f"at most {EVENTS_LIMIT} events", "events")
        return device_nodes.Await(events, self._how(element), line)

    def _read_refresh(self, element: Any, line: int) -> tasks.Node:
        keys = self._template(element, "keys")
        if not keys.expressions:
            known = dict(self.vocabulary.settings)
            for name in element.get("keys").split():
                if name not in known and not is_path(name):
                    self.document.error(element, f"unknown setting value '{name}'", "keys")
        return device_nodes.Refresh(keys, self._how(element), line)

    def _read_undo(self, element: Any, line: int) -> tasks.Node:
        return device_nodes.Undo(variable(element.get("input")), element.get("stage", ""), line)

    # -- the rest ---------------------------------------------------------------------------------

    def _read_var(self, element: Any, line: int) -> tasks.Node:
        return tasks.Var(variable(element.get("name")), self._template(element, "value"), line)

    def _read_log(self, element: Any, line: int) -> tasks.Node:
        return tasks.Log(element.get("level", "INFO"), self._template(element, "message"), line)

    def _read_finish(self, element: Any, line: int) -> tasks.Node:
        message = self._template(element, "message") if element.get("message") else None
        return tasks.Finish(Status(element.get("status")), message, line)

    def _read_wait(self, element: Any, line: int) -> tasks.Node:
        return tasks.Wait(int(element.get("timeoutSeconds")), element.get("inProgressMessage", ""), line)

    def _read_reading(self, element: Any, line: int) -> tasks.Measured:
        unit = element.get("unit", "")
        return tasks.Measured(variable(element.get("name")), self._template(element, "value"), unit, line)

    def _read_finding(self, element: Any, line: int) -> tasks.Node:
        readings = tuple(self._read_reading(r, self.document.line(r)) for r in element.findall("reading"))
        return tasks.Found(element.get("code"), element.get("severity"), readings, line)

    def _read_note(self, element: Any, line: int) -> tasks.Node:
        texts = self.document.texts(element, "text", self.readings, needed=True)
        return tasks.Note(texts, element.get("stage", ""), line)

    def _read_task(self, element: Any, line: int) -> tasks.Node:
        name = element.get("template")
        called = self.task_templates.get(name)
        if called is None:
            self.document.error(element, f"unknown task template '{name}'", "template")
            return tasks.Call(name, (), (), (), line=line)
        self.uses |= {name, *called.uses}
        inputs: dict[str, Template] = {}
        for given in element.findall("input"):
            theirs = variable(given.get("var"))
            if theirs not in called.inputs:
                self.document.error(given, f"task template '{name}' has no input '{theirs}'", "var")
            inputs[theirs] = self._template(given, "alias")
        for theirs, default in called.inputs.items():
            if theirs not in inputs and default is None:
                self.document.error(element, f"task template '{name}' needs input '{theirs}'")
            elif default is not None:
                inputs.setdefault(theirs, default)
        outputs = []
        for given in element.findall("output"):
            theirs = variable(given.get("var"))
            if theirs not in called.outputs:
                self.document.error(given, f"task template '{name}' has no output '{theirs}'", "var")
            outputs.append((theirs, variable(given.get("alias"))))
        ignore = true(element, "ignoreError")
        return tasks.Call(name, tuple(inputs.items()), tuple(outputs), called.body, ignore, line)


def variables(root: Any) -> frozenset[str]:
    """Every variable a document's body gives a value to."""
    found: set[str] = set()
    for element in root.iter():
        match element.tag:
            case "var":
                found.add(variable(element.get("name")))
            case "foreach":
                found.add(variable(element.get("iterator")))
            case "output":
                found.add(variable(element.get("alias", element.get("var", ""))))
            case "parameter":
                found.add(variable(element.get("name")))
            case "input" if element.getparent().tag == "task-template":
                found.add(variable(element.get("var")))
            case _:
                found.add(variable(element.get("output", "")))
    return frozenset(found - {""})


def read_task_templates(documents: Mapping[str, Document], settings: Settings) -> dict[str, TaskTemplate]:
    """The task templates by name, called ones first. Malformed ones are left out, their mistakes recorded."""
    read: dict[str, TaskTemplate] = {}
    waiting = {name: d for name, d in documents.items() if not d.errors}
    for _ in range(TASK_DEPTH_LIMIT):
        ready = [n for n, d in waiting.items() if not _calls(d) & (waiting.keys() - read.keys())]
        for name in ready:
            document = waiting.pop(name)
            template = _task_template(document, settings, read)
            if not document.errors:
                read[name] = template
    for document in waiting.values():
        document.error(
            document.root, f"task templates call each other in a circle, or more than {TASK_DEPTH_LIMIT} deep"
        )
    return read


def _calls(document: Document) -> set[str]:
    return {element.get("template") for element in document.root.iter("task")}


def _task_template(document: Document, settings: Settings, read: Mapping[str, TaskTemplate]) -> TaskTemplate:
    root = document.root
    vocabulary = Vocabulary(settings.vocabulary(), (), variables(root), None)
    inputs: dict[str, Template | None] = {}
    for element in root.findall("input"):
        name = variable(element.get("var"))
        given = element.get("default") is not None
        inputs[name] = document.template(element, "default", vocabulary) if given else None
    reader = BodyReader(document, vocabulary, read)
    body = reader.body(root.find("config"))
    outputs = tuple(variable(element.get("var")) for element in root.findall("output"))
    return TaskTemplate(document.name, inputs, outputs, body, frozenset(reader.uses))


def variable(written: str) -> str:
    """A variable's name without the `#` authors may write before it."""
    return written.removeprefix("#")


def _xsd_type(element: Any) -> str:
    written = element.get("type", "")
    return f"xsd:{written}" if written else ""


def true(element: Any, attribute: str) -> bool:
    """An XSD boolean attribute; False when absent."""
    return element.get(attribute, "false").strip() in ("true", "1")
