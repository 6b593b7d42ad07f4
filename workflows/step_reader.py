"""Reads step templates: texts of both languages, the body, the panel; and what each kind may do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from widgets.kinds import ATTRIBUTES, DISPLAY_KINDS, PANEL_KINDS
from workflows import device_nodes, tasks
from workflows.body_reader import BodyReader, TaskTemplate, true, variable, variables
from workflows.conditions import Template
from workflows.documents import Document, words
from workflows.expressions import Expression, Vocabulary
from workflows.outcome import ENGINE_READINGS
from workflows.settings import Settings
from workflows.steps import (
    IfAsked,
    Meaning,
    PanelWidget,
    Parameter,
    Prompt,
    ReadingLabel,
    Stage,
    StepKind,
    StepTemplate,
    Texts,
)
from workflows.texts import FALLBACK


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the documents of a library share: settings, answers asked anywhere, readings found anywhere."""

    settings: Settings
    task_templates: Mapping[str, TaskTemplate]
    answers: tuple[tuple[str, str], ...]
    readings: frozenset[str]


def answers_of(root: Any) -> Iterator[tuple[str, str]]:
    """(id, type) of the answers a template's panel asks for."""
    for widget in root.iter("widget"):
        if widget.get("kind") not in DISPLAY_KINDS:
            yield widget.get("id"), "string"


def readings_of(root: Any) -> frozenset[str]:
    """The names of the readings a template's body reports."""
    return frozenset(variable(r.get("name")) for r in root.iter("reading") if r.get("name"))


def read_step_template(document: Document, around: Surroundings) -> tuple[StepTemplate, frozenset[str]]:
    """The template and the task templates it uses; mistakes are recorded in the document."""
    root = document.root
    own = readings_of(root) | ENGINE_READINGS
    anywhere = around.readings | own
    vocabulary = Vocabulary(around.settings.vocabulary(), around.answers, variables(root), None)
    _once(document, "config", "panel")
    stages = _stages(document, anywhere)
    names = frozenset(stage.id for stage in stages)
    reader = BodyReader(document, vocabulary, around.task_templates, names, anywhere)
    config = root.find("config")
    body = () if config is None else reader.body(config)
    panel = _panel(document, vocabulary, anywhere)
    parameters = _parameters(document, vocabulary)
    read = list(tasks.expressions(body))
    for written in (*(p.default for p in parameters), *(t for w in panel for t in w.attributes.values())):
        read.extend(written.expressions if written else ())
    template = StepTemplate(
        name=document.name,
        kind=StepKind(root.get("kind")),
        title=document.texts(root, "title", frozenset(), needed=True),
        writes=true(root, "writes"),
        disrupts_s=int(root.get("disrupts", 0)),
        max_age_s=int(root.get("max-age")) if root.get("max-age") is not None else None,
        timeout_s=int(root.get("timeout", 60)),
        wait_s=int(root.get("wait", 0)),
        expected_s=int(root.get("expected", 10)),
        undo=root.get("undo", "staff"),
        parameters=parameters,
        say=document.texts(root, "say", anywhere),
        prompt=_prompt(document, anywhere),
        consent=document.texts(root, "consent", anywhere),
        meanings=_meanings(document, own),
        stages=stages,
        labels=_labels(document, own),
        body=body,
        panel=panel,
        settings=named(read, "sv", "path", "age") | tasks.refreshed(body),
        parameters_read=named(read, "dm"),
        diagnoses=frozenset(n.name for n in tasks.walk(body) if isinstance(n, device_nodes.Diagnose)),
        line=document.line(root),
    )
    _check_kind(document, template)
    return template, frozenset(reader.uses)


def named(expressions: list[Expression], *kinds: str) -> frozenset[str]:
    """The literal names of these kinds that the expressions read."""
    return frozenset(name for expression in expressions for name in expression.named(*kinds))


def _once(document: Document, *tags: str) -> None:
    for tag in tags:
        for element in document.root.findall(tag)[1:]:
            document.error(element, f"<{tag}> is given twice")


def _stages(document: Document, readings: frozenset[str]) -> tuple[Stage, ...]:
    stages: list[Stage] = []
    for element in document.root.findall("stage"):
        if element.get("id") in [s.id for s in stages]:
            document.error(element, f"stage '{element.get('id')}' is given twice", "id")
        stages.append(Stage(element.get("id"), document.texts(element, "text", readings, needed=True)))
    return tuple(stages)


def _meanings(document: Document, readings: frozenset[str]) -> tuple[Meaning, ...]:
    meanings: list[Meaning] = []
    for element in document.root.findall("meaning"):
        if element.get("code") in [m.code for m in meanings]:
            document.error(element, f"meaning of '{element.get('code')}' is given twice", "code")
        meanings.append(Meaning(element.get("code"), document.texts(element, "text", readings, needed=True)))
    return tuple(meanings)


def _labels(document: Document, readings: frozenset[str]) -> tuple[ReadingLabel, ...]:
    labels: list[ReadingLabel] = []
    for element in document.root.findall("reading-label"):
        name = element.get("name")
        if name in [label.reading for label in labels]:
            document.error(element, f"label of reading '{name}' is given twice", "name")
        if variable(name) not in readings:
            document.error(element, f"this step has no reading '{name}'", "name")
        labels.append(ReadingLabel(variable(name), document.texts(element, "text", frozenset(), needed=True)))
    return tuple(labels)


def _parameters(document: Document, vocabulary: Vocabulary) -> tuple[Parameter, ...]:
    found: dict[str, Parameter] = {}
    for element in document.root.findall("parameter"):
        name = variable(element.get("name"))
        if name in found:
            document.error(element, f"parameter '{name}' is given twice", "name")
        given = element.get("default") is not None
        default: Template | None = document.template(element, "default", vocabulary) if given else None
        found[name] = Parameter(name, default)
    return tuple(found.values())


def _prompt(document: Document, readings: frozenset[str]) -> Prompt | None:
    prompts = document.root.findall("prompt")
    if not prompts:
        return None
    languages = [p.get("lang") for p in prompts]
    if FALLBACK not in languages or len(set(languages)) < len(languages):
        document.error(prompts[0], 'a step has one prompt a language, English (lang="en") among them')

    def part(tag: str) -> Texts:
        found: dict[str, str] = {}
        for prompt in prompts:
            elements = prompt.findall(tag)
            for element in elements[1:]:
                document.error(element, f"<{tag}> is given twice")
            for element in elements[:1]:
                found[prompt.get("lang")] = words(element)
                document.placeholders(element, found[prompt.get("lang")], readings)
        if found and FALLBACK not in found:
            document.error(prompts[0], f'<{tag}> has no English text (lang="{FALLBACK}")')
        return found

    return Prompt(
        part("say"), part("ask"), part("do"), part("listen-for"), _if_asked(document, prompts, readings)
    )


def _if_asked(document: Document, prompts: list[Any], readings: frozenset[str]) -> tuple[IfAsked, ...]:
    """The n-th question of each language is the same question."""
    by_language = {p.get("lang"): p.findall("if-asked") for p in prompts}
    count = len(by_language.get(FALLBACK, []))
    for prompt in prompts:
        elements = by_language[prompt.get("lang")]
        if len(elements) != count:
            document.error(prompt, f"{len(elements)} <if-asked> here, {count} in English")
        for element in elements:
            document.placeholders(element, words(element), readings)
            document.placeholders(element, element.get("q"), readings)
    return tuple(
        IfAsked(
            {lang: elements[n].get("q") for lang, elements in by_language.items() if n < len(elements)},
            {lang: words(elements[n]) for lang, elements in by_language.items() if n < len(elements)},
        )
        for n in range(count)
    )


def _panel(document: Document, vocabulary: Vocabulary, readings: frozenset[str]) -> tuple[PanelWidget, ...]:
    found: dict[str, PanelWidget] = {}
    for element in document.root.findall("panel/widget"):
        kind, id = element.get("kind"), variable(element.get("id"))
        if kind not in PANEL_KINDS:
            document.error(element, f"unknown widget kind '{kind}'; known: {', '.join(PANEL_KINDS)}", "kind")
        if id in found:
            document.error(element, f"widget '{id}' is given twice", "id")
        options = tuple(
            (o.get("value"), document.texts(o, "label", readings, needed=True))
            for o in element.findall("option")
        )
        offers = bool(options) or (kind == "choice" and element.get("rows") is not None)
        if (kind == "choice") != offers:
            document.error(element, "a choice has options or rows, and only a choice has options")
        if kind in DISPLAY_KINDS and element.get("rows") is None:
            document.error(element, f"a widget of kind '{kind}' needs rows")
        texts = {}
        for tag in ("label", "title", "summary"):
            needed = tag == ("title" if kind in DISPLAY_KINDS else "label")
            if given := document.texts(element, tag, readings, needed=needed):
                texts[tag] = given
        attributes = {
            name: document.template(element, name, vocabulary)
            for name in ATTRIBUTES
            if element.get(name) is not None
        }
        found[id] = PanelWidget(kind, id, attributes, texts, options)
    return tuple(found.values())


def _check_kind(document: Document, template: StepTemplate) -> None:
    root, kind = document.root, template.kind
    nodes = list(tasks.walk(template.body))
    writes = any(isinstance(n, tasks.Writing) for n in nodes)
    if kind is not StepKind.ONLINE and any(isinstance(n, tasks.DeviceWork) for n in nodes):
        document.error(root, f"a step of kind '{kind}' does no device work; only an online step does", "kind")
    if writes != template.writes:
        reason = 'writes="true" and a node that changes the device, such as <set>, go together'
        document.error(root, reason, "writes" if template.writes else "")
    if kind is not StepKind.BUSINESS and any(isinstance(n, tasks.Note) for n in nodes):
        document.error(root, f"a step of kind '{kind}' writes no note; only a business step does", "kind")
    if kind is StepKind.GUI and not template.panel:
        document.error(root, "a gui step has a panel", "kind")
    if kind is not StepKind.GUI and any(w.kind not in DISPLAY_KINDS for w in template.panel):
        document.error(root, "only a gui step asks; the panel of another step only shows", "kind")
    if root.get("undo") is not None and not template.writes:
        document.error(root, "a step that writes nothing has nothing to undo", "undo")
    if kind is StepKind.INFORMATION and not template.say:
        document.error(root, "an information-only step needs <say>: what will happen next", "kind")
