"""What an author should know before publishing: what would go wrong with a customer on the line.

The reader refuses what cannot run; this looks at what can run and still leaves people without an
answer. Pure: a workflow in, remarks out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workflows import device_nodes, tasks, wording
from workflows.conditions import Scope
from workflows.expressions import Expression
from workflows.facts import Facts
from workflows.graph import Connection, Step, Workflow
from workflows.outcome import Finding, Outcome, Status
from workflows.steps import StepKind, StepTemplate, Texts
from workflows.texts import FALLBACK

LANGUAGES = frozenset({"en", "pl"})
REQUEST_CODES = {"unreachable": "ERROR", "refused": "ERROR"}
"""What any step that talks to the device may find by itself. What is "uncertain" or "stopped" goes to
a person without a connection."""

UNDO_SEVERITIES = {
    "undone": "INFO",
    "undone-partly": "WARN",
    "changed-since": "WARN",
    "undo-not-applied": "ERROR",
}
"""What a step that puts a stored change back may find; these have words of their own."""

_STATUSES = {"INFO": Status.SUCCESS, "WARN": Status.WARNING, "ERROR": Status.ERROR}


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to think about. `rule` names the check; `step` is the step's id, "" for the graph."""

    rule: str
    step: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{f'step {self.step}: ' if self.step else ''}{self.reason} [{self.rule}]"


def lint(workflow: Workflow, languages: frozenset[str] = LANGUAGES) -> tuple[Remark, ...]:
    """Every remark on a workflow, in the order of its steps."""
    remarks = [*_unreachable(workflow), *_loops(workflow)]
    for step in workflow.steps.values():
        remarks.extend(_follow_ups(workflow, step))
        remarks.extend(_consent(step))
        remarks.extend(_meanings(step))
        remarks.extend(_labels(step))
        for where, texts in template_texts(step.template):
            remarks.extend(_texts(step.id, step.line, where, texts, languages))
    for connection in workflow.connections:
        where = f"connection to {connection.target}"
        remarks.extend(_offer_texts(workflow, connection))
        for texts in (connection.label, connection.reason):
            remarks.extend(_texts(connection.source, connection.line, where, texts, languages))
    missing = sorted(languages - workflow.title.keys())
    remarks.extend(
        Remark("missing-translation", "", 0, f"the title has no '{code}' text") for code in missing
    )
    remarks.extend(_texts("", 0, "text", workflow.text, languages))
    remarks.extend(_inputs(workflow, languages))
    return tuple(remarks)


def possible_codes(template: StepTemplate) -> dict[str, str]:
    """Every finding code a step may end with, and its severity."""
    nodes = list(tasks.walk(template.body))
    codes = {node.code: node.severity for node in nodes if isinstance(node, tasks.Found)}
    talks = template.max_age_s is not None and bool(template.settings)
    if talks or any(isinstance(n, tasks.DeviceWork) for n in nodes):
        codes.update(REQUEST_CODES)
    if any(isinstance(n, device_nodes.Undo) for n in nodes):
        codes.update(UNDO_SEVERITIES)
    return codes


def template_texts(template: StepTemplate) -> Iterator[tuple[str, Texts]]:
    """Every text of a template with the name of its place."""
    yield "title", template.title
    yield "say", template.say
    yield "consent", template.consent
    for meaning in template.meanings:
        yield f"meaning of {meaning.code}", meaning.text
    for named in template.labels:
        yield f"label of reading {named.reading}", named.text
    for stage in template.stages:
        yield f"stage {stage.id}", stage.text
    if template.prompt is not None:
        prompt = template.prompt
        yield from (("say", prompt.say), ("ask", prompt.ask), ("do", prompt.do))
        yield "listen-for", prompt.listen_for
        for number, asked in enumerate(prompt.if_asked, start=1):
            yield f"if-asked {number}", asked.answer
    for widget in template.panel:
        for name, texts in widget.texts.items():
            yield f"widget {widget.id} {name}", texts
        for value, label in widget.options:
            yield f"widget {widget.id} option {value}", label


def _unreachable(workflow: Workflow) -> Iterator[Remark]:
    reached, waiting = {workflow.start}, [workflow.start]
    while waiting:
        for connection in workflow.leaving(waiting.pop()):
            if connection.target not in reached:
                reached.add(connection.target)
                waiting.append(connection.target)
    for id, step in workflow.steps.items():
        if id not in reached:
            yield Remark("unreachable-step", id, step.line, "no connection leads here")


def _loops(workflow: Workflow) -> Iterator[Remark]:
    """Circles that a run goes through by itself, where no connection asks whether its step was there."""
    edges: dict[str, list[Connection]] = {}
    for connection in workflow.connections:
        guarded = connection.when and connection.target in connection.when.expression.named("outcome")
        asks = workflow.steps[connection.source].template.kind is StepKind.GUI
        if (connection.direct or connection.auto) and not guarded and not asks:
            edges.setdefault(connection.source, []).append(connection)
    for source, leaving in edges.items():
        for connection in leaving:
            if _leads_to(edges, connection.target, source):
                reason = f"runs may circle by themselves: {source} to {connection.target} and back"
                yield Remark("endless-loop", source, connection.line, reason)


def _leads_to(edges: Mapping[str, list[Connection]], start: str, goal: str) -> bool:
    seen, waiting = set[str](), [start]
    while waiting:
        node = waiting.pop()
        if node == goal:
            return True
        if node not in seen:
            seen.add(node)
            waiting.extend(connection.target for connection in edges.get(node, ()))
    return False


def _follow_ups(workflow: Workflow, step: Step) -> Iterator[Remark]:
    leaving = workflow.leaving(step.id)
    codes = possible_codes(step.template)
    if not leaving:
        bad = sorted(code for code, severity in codes.items() if severity != "INFO")
        if bad and step.template.kind is not StepKind.INFORMATION and not workflow.is_operation:
            reason = f"a dead end: nothing follows {', '.join(bad)}"
            yield Remark("dead-end", step.id, step.line, reason)
        return
    for code, severity in codes.items():
        outcome = Outcome(_STATUSES[severity], (Finding(code, severity),))
        if not _may_follow(workflow, leaving, outcome, {}):
            yield Remark("no-follow-up", step.id, step.line, f"no follow-up holds for code '{code}'")
    for widget in step.template.panel:
        for value, _ in widget.options:
            if not _may_follow(workflow, leaving, Outcome(Status.SUCCESS), {widget.id: value}):
                reason = f"no follow-up holds when '{widget.id}' is '{value}'"
                yield Remark("no-follow-up", step.id, step.line, reason)


def _may_follow(
    workflow: Workflow, leaving: tuple[Connection, ...], outcome: Outcome, answers: Mapping[str, Any]
) -> bool:
    """Whether any connection holds, or would hold for some data (unknown)."""
    scope = Scope(Facts(0.0), workflow.settings, outcome, {}, answers)
    return any(c.when is None or c.when.evaluate(scope).holds is not False for c in leaving)


def _consent(step: Step) -> Iterator[Remark]:
    template = step.template
    if template.writes and not template.consent:
        yield Remark("write-without-consent", step.id, step.line, "it writes and asks for no consent")
    nodes = tasks.walk(template.body)
    leaves_a_way = tasks.Set | device_nodes.Add | device_nodes.Delete
    if template.undo == "customer" and not any(isinstance(node, leaves_a_way) for node in nodes):
        yield Remark("no-way-back", step.id, step.line, "undo is promised, and nothing can be put back")
    if template.disrupts_s and not template.writes:
        yield Remark("disrupts-without-write", step.id, step.line, "it disrupts the home and writes nothing")


def _inputs(workflow: Workflow, languages: frozenset[str]) -> Iterator[Remark]:
    used = {name for one in _expressions(workflow) for name in one.named("answers")}
    for step in workflow.steps.values():
        nodes = tasks.walk(step.template.body)
        used |= {node.input for node in nodes if isinstance(node, device_nodes.Undo)}
    for one in workflow.inputs:
        if one.name not in used:
            yield Remark("unused-input", "", 0, f"input '{one.name}' is asked for and read by nothing")
        yield from _texts("", 0, f"label of input {one.name}", one.label, languages)
        for value, label in one.options:
            yield from _texts("", 0, f"option {value} of input {one.name}", label, languages)


def _expressions(workflow: Workflow) -> Iterator[Expression]:
    """Every compiled expression of a workflow."""
    for connection in workflow.connections:
        if connection.when is not None:
            yield connection.when.expression
    for step in workflow.steps.values():
        template = step.template
        yield from tasks.expressions(template.body)
        written = [*step.arguments.values(), *(p.default for p in template.parameters)]
        written += [attribute for widget in template.panel for attribute in widget.attributes.values()]
        for one in written:
            yield from one.expressions if one is not None else ()


def _meanings(step: Step) -> Iterator[Remark]:
    for code in possible_codes(step.template):
        if step.template.meaning_of(code) is None and code not in UNDO_SEVERITIES:
            yield Remark("missing-meaning", step.id, step.line, f"code '{code}' has no meaning in words")


def _labels(step: Step) -> Iterator[Remark]:
    nodes = list(tasks.walk(step.template.body))
    measured = [node for node in nodes if isinstance(node, tasks.Measured)]
    measured.extend(reading for node in nodes if isinstance(node, tasks.Found) for reading in node.readings)
    for name in sorted({reading.name for reading in measured}):
        if step.template.label_of(name) is None:
            yield Remark("missing-label", step.id, step.line, f"reading '{name}' has no label in words")


def _offer_texts(workflow: Workflow, connection: Connection) -> Iterator[Remark]:
    if not connection.direct and not connection.reason:
        reason = f"the connection to {connection.target} is offered without a reason"
        yield Remark("missing-reason", connection.source, connection.line, reason)


def _texts(step: str, line: int, where: str, texts: Texts, languages: frozenset[str]) -> Iterator[Remark]:
    if not texts:
        return
    for code in sorted(languages - texts.keys()):
        yield Remark("missing-translation", step, line, f"{where} has no '{code}' text")
    for code, text in texts.items():
        for advice in wording.advice(text, code):
            note = "" if code == FALLBACK else f" ({code})"
            yield Remark("wording", step, line, f"{where}{note}: {advice}")
