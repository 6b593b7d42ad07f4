"""From an author's XML to a frozen workflow: grammar, then meaning, each error with file, line and column.

One malformed document spoils only what uses it: the other workflows of the library are read, and a
catalogue keeps the old version of the spoilt ones.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from workflows.body_reader import TaskTemplate, read_task_templates, true, variable
from workflows.conditions import Condition, Template
from workflows.documents import DOCUMENT_LIMIT_CHARACTERS, Document, Malformed, WorkflowError, parse
from workflows.expressions import Vocabulary
from workflows.graph import LAST_RANK, Connection, Step, Workflow
from workflows.input_reader import inputs_of, types_of
from workflows.outcome import ENGINE_READINGS
from workflows.settings import Settings
from workflows.shared_settings import Shared, is_profile, named_in, read_shared
from workflows.step_reader import (
    Surroundings,
    answers_of,
    named,
    read_step_template,
    readings_of,
)
from workflows.steps import StepKind, StepTemplate

__all__ = ["Library", "Malformed", "WorkflowError", "read_library", "read_sources", "read_workflow"]

AUDIENCES = frozenset({"customer", "agent", "operator", "automation"})
LIBRARY = Path(__file__).parent / "library"
STEPS_LIMIT = 200
CONNECTIONS_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class Library:
    """Everything read together. `errors` are those of every malformed document, which are left out
    of the rest, and `malformed` their names. `sources` maps file names to their text; `files` maps
    (grammar, name) to the file."""

    workflows: Mapping[str, Workflow] = field(default_factory=dict)
    step_templates: Mapping[str, StepTemplate] = field(default_factory=dict)
    task_templates: Mapping[str, TaskTemplate] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    errors: tuple[WorkflowError, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[tuple[str, str], str] = field(default_factory=dict)
    tasks_used: Mapping[str, frozenset[str]] = field(default_factory=dict)
    malformed: frozenset[str] = frozenset()
    around: Surroundings | None = None
    unsure: bool = False
    """A vendor profile is malformed and left out: what is read here lacks what it says."""

    def sources_of(self, name: str) -> dict[str, str]:
        """The text of every document a workflow uses, by file: enough for `read_sources` to read this
        very version again. KeyError for an unknown workflow."""
        return {self.files[key]: self.sources[self.files[key]] for key in self.uses(self.workflows[name])}

    def uses(self, workflow: Workflow) -> list[tuple[str, str]]:
        """(grammar, name) of the workflow and every document it uses, sorted. Vendor profiles are used by
        all: any device may run any workflow."""
        keys = {("workflow", workflow.name), ("settings", "settings")}
        keys |= {key for key in self.files if key[0] == "profile"}
        for step in workflow.steps.values():
            keys.add(("step-template", step.template.name))
            keys |= {("task-template", task) for task in self.tasks_used.get(step.template.name, ())}
        return sorted(key for key in keys if key in self.files)


def read_library(directories: Iterable[Path] = (LIBRARY,)) -> Library:
    """Read every XML document below the directories, `tests` folders apart. A later directory's document
    replaces an earlier one of the same kind and name."""
    sources: dict[str, str] = {}
    errors: list[WorkflowError] = []
    for directory in directories:
        here: dict[str, str] = {}
        for path in sorted(Path(directory).rglob("*.xml")):
            file = path.relative_to(directory).as_posix()
            if "tests" in path.relative_to(directory).parts:
                continue
            try:
                with path.open(encoding="utf-8") as stream:
                    here[file] = stream.read(DOCUMENT_LIMIT_CHARACTERS + 1)
            except (OSError, UnicodeDecodeError) as error:
                errors.append(WorkflowError(file, 1, 1, f"cannot be read: {error}"))
        over = {key for text in here.values() if (key := named_in(text))}
        sources = {file: text for file, text in sources.items() if named_in(text) not in over} | here
    library = read_sources(sources)
    return replace(library, errors=(*errors, *library.errors))


def read_sources(sources: Mapping[str, str]) -> Library:
    """Read documents by file name. Never raises for what authors wrote: see `Library.errors`."""
    known = Shared.of(sources)
    documents = {file: parse(text, file) for file, text in sources.items() if file not in known.files}
    files: dict[tuple[str, str], str] = {key: file for file, key in known.files.items()}
    for file, document in documents.items():
        key = (document.grammar, document.name or "settings")
        if document.root is not None and not document.errors:
            if key in files:
                document.error(document.root, f"<{key[0]}> '{key[1]}' is also in {files[key]}")
            else:
                files[key] = file
    read = {key: documents[file] for key, file in files.items() if file in documents}
    settings = known.settings or read_shared(documents.values(), read, sources)
    library = _templates(read, settings, sources, files)
    spoilt = frozenset(d.name or Path(d.file).stem for d in documents.values() if d.errors)
    unsure = any(d.errors and is_profile(d) for d in documents.values())
    library = replace(library, malformed=spoilt, unsure=unsure)
    workflows: dict[str, Workflow] = {}
    for name, document in _of(read, "workflow").items():
        workflow = _Graph(document, library).read()
        if not document.errors:
            workflows[name] = workflow
    errors = tuple(error for document in documents.values() for error in document.errors)
    return replace(library, workflows=workflows, errors=errors)


def read_workflow(source: str, file: str, library: Library) -> Workflow:
    """Read one workflow document against a library's templates. Malformed with all its errors."""
    document = parse(source, file)
    if document.root is not None and document.grammar != "workflow" and not document.errors:
        document.error(document.root, f"<{document.grammar}> is no workflow")
    if document.errors:
        raise Malformed(tuple(document.errors))
    key = ("workflow", document.name)
    with_it = replace(library, sources={**library.sources, file: source}, files={**library.files, key: file})
    workflow = _Graph(document, with_it).read()
    if document.errors:
        raise Malformed(tuple(document.errors))
    return workflow


def _of(read: Mapping[tuple[str, str], Document], grammar: str) -> dict[str, Document]:
    return {name: document for (kind, name), document in read.items() if kind == grammar}


def _templates(
    read: Mapping[tuple[str, str], Document],
    settings: Settings,
    sources: Mapping[str, str],
    files: Mapping[tuple[str, str], str],
) -> Library:
    task_templates = read_task_templates(_of(read, "task-template"), settings)
    documents = _of(read, "step-template")
    answers: dict[str, str] = {}
    readings: frozenset[str] = frozenset()
    for document in documents.values():
        answers.update(answers_of(document.root))
        readings |= readings_of(document.root)
    for document in _of(read, "workflow").values():
        for name, of_type in types_of(document.root).items():
            answers[name] = of_type if answers.get(name, of_type) == of_type else "any"
    around = Surroundings(settings, task_templates, tuple(sorted(answers.items())), readings)
    step_templates: dict[str, StepTemplate] = {}
    tasks_used: dict[str, frozenset[str]] = {}
    for name, document in documents.items():
        template, uses = read_step_template(document, around)
        if not document.errors:
            step_templates[name], tasks_used[name] = template, uses
    return Library(
        {}, step_templates, task_templates, settings, (), sources, files, tasks_used, around=around
    )


class _Graph:
    """Reads one workflow document against the templates of a library."""

    def __init__(self, document: Document, library: Library) -> None:
        self.document = document
        self.root = document.root
        self.library = library
        self.steps: dict[str, Step] = {}

    def read(self) -> Workflow:
        document, root = self.document, self.root
        elements = root.findall("step")
        if len(elements) > STEPS_LIMIT or len(root.findall("connection")) > CONNECTIONS_LIMIT:
            document.error(
                root, f"a workflow has at most {STEPS_LIMIT} steps, {CONNECTIONS_LIMIT} connections"
            )
            elements = []
        known = [(e, self.library.step_templates.get(e.get("template"))) for e in elements]
        answers = {w.id: "string" for _, t in known if t for w in t.panel if w.kind in ("choice", "text")}
        answers.update(types_of(root))
        vocabulary = Vocabulary(
            self.library.settings.vocabulary(),
            tuple(sorted(answers.items())),
            frozenset(),
            frozenset(e.get("id") for e in elements),
        )
        for element, template in known:
            self._step(element, template, vocabulary)
        connections = tuple(self._connection(e, vocabulary) for e in root.findall("connection"))
        if root.get("start") not in self.steps:
            document.error(root, f"the start step '{root.get('start')}' does not exist", "start")
        self._check_priorities(connections)
        symptoms = root.findall("symptom")
        workflow = Workflow(
            name=document.name,
            version="",
            start=root.get("start"),
            audiences=self._audiences(),
            title=document.texts(root, "title", frozenset(), needed=True),
            symptom=symptoms[0].get("intent") if symptoms else "",
            steps=self.steps,
            connections=connections,
            settings=self.library.settings,
            inputs=inputs_of(document),
            text=document.texts(root, "text", frozenset()),
            group=root.get("group", "check"),
            rank=int(symptoms[0].get("rank", LAST_RANK)) if symptoms else LAST_RANK,
            icon=symptoms[0].get("icon", "") if symptoms else "",
        )
        if root.get("group") is None and workflow.writes:
            workflow = replace(workflow, group="repair")
        return replace(workflow, version=self._version(workflow))

    def _audiences(self) -> frozenset[str]:
        named = frozenset(self.root.get("audience").split())
        if not named or named - AUDIENCES:
            self.document.error(self.root, f"audience is some of: {' '.join(sorted(AUDIENCES))}", "audience")
        return named

    def _step(self, element: Any, template: StepTemplate | None, vocabulary: Vocabulary) -> None:
        document, id = self.document, element.get("id")
        if id in self.steps:
            document.error(element, f"step '{id}' is given twice", "id")
            return
        if template is None:
            name = element.get("template")
            reason = "is malformed" if name in self.library.malformed else "does not exist"
            document.error(element, f"step template '{name}' {reason}", "template")
            template = StepTemplate(name, StepKind.OFFLINE, {"en": name})
            self.steps[id] = Step(id, template, {}, document.line(element))
            return
        arguments: dict[str, Template] = {}
        parameters = {p.name: p for p in template.parameters}
        for given in element.findall("with"):
            name = variable(given.get("name"))
            if name not in parameters:
                document.error(given, f"step template '{template.name}' has no parameter '{name}'", "name")
            arguments[name] = document.template(given, "value", vocabulary)
        for name, parameter in parameters.items():
            if parameter.default is None and name not in arguments:
                document.error(element, f"step template '{template.name}' needs <with name=\"{name}\">")
        if element.get("max-age") is not None:
            template = replace(template, max_age_s=int(element.get("max-age")))
        if read := [e for argument in arguments.values() for e in argument.expressions]:
            template = replace(
                template,
                settings=template.settings | named(read, "sv", "path", "age"),
                parameters_read=template.parameters_read | named(read, "dm"),
            )
        self.steps[id] = Step(id, template, arguments, document.line(element))

    def _connection(self, element: Any, vocabulary: Vocabulary) -> Connection:
        document = self.document
        source, target = element.get("from"), element.get("to")
        for attribute, id in (("from", source), ("to", target)):
            if id not in self.steps:
                document.error(element, f"unknown step '{id}'", attribute)
        when: Condition | None = None
        if element.get("when") is not None:
            when = document.condition(element, "when", vocabulary)
        readings = ENGINE_READINGS
        if source in self.steps and self.library.around is not None:
            readings |= self.library.around.readings
        direct = true(element, "direct")
        if direct and target in self.steps and self.steps[target].template.writes:
            document.error(element, f"a direct connection cannot lead to '{target}', which writes", "direct")
        priority = element.get("priority")
        return Connection(
            source,
            target,
            when,
            document.texts(element, "reason", readings),
            document.texts(element, "label", readings),
            true(element, "auto"),
            direct,
            int(priority) if priority is not None else None,
            document.line(element),
        )

    def _check_priorities(self, connections: tuple[Connection, ...]) -> None:
        """Two that a run follows by itself from one step must say which goes first."""
        following = [
            (c, e)
            for c, e in zip(connections, self.root.findall("connection"), strict=True)
            if c.auto or c.direct
        ]
        per_step = Counter(c.source for c, _ in following)
        taken: dict[tuple[str, int], Connection] = {}
        for connection, element in following:
            if per_step[connection.source] < 2:
                continue
            if connection.priority is None:
                self.document.error(
                    element,
                    f"several connections follow '{connection.source}' by themselves: give each a priority",
                )
                continue
            key = (connection.source, connection.priority)
            if key in taken:
                first = taken[key]
                self.document.error(
                    element,
                    f"the connections to '{first.target}' (line {first.line}) and '{connection.target}' "
                    f"have the same priority {connection.priority}",
                    "priority",
                )
            taken.setdefault(key, connection)

    def _version(self, workflow: Workflow) -> str:
        """sha256 over every document used: graph, templates, task templates, texts, settings."""
        digest = hashlib.sha256()
        for grammar, name in self.library.uses(workflow):
            text = self.library.sources[self.library.files[(grammar, name)]]
            digest.update(f"{grammar}\0{name}\0{len(text)}\0{text}\0".encode())
        return digest.hexdigest()
