"""What a run has found so far, for the person who takes over: the operator's desk reads nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from backend.runs import catalogue, facts, sealing
from backend.runs.tables import Run
from workflows import run as runs
from workflows import showing, tasks, way_back
from workflows.conditions import Scope
from workflows.facts import Facts
from workflows.graph import Workflow
from workflows.outcome import Finding, Outcome, Status
from workflows.steps import StepKind, StepTemplate, Texts
from workflows.texts import fill


def of_run(tenant_id: str, run_id: str, locale: str, now: float) -> dict[str, Any]:
    """Everything a person needs to go on, in `locale`: workflow, title, symptom, status, phase, node, path,
    steps (oldest first, ages as of `now` in seconds), changes, answers, ruled_out, hand_back_steps.

    Moments are ISO 8601 UTC. NotFound for another tenant's run.
    """
    row = Run.find(tenant_id, run_id)
    workflow = catalogue.get(tenant_id, row.workflow, row.version)
    run = sealing.opened(tenant_id, row.state)
    visits = [_step(workflow, run, visited, locale, now) for visited in run.history]
    return {
        "workflow": workflow.name,
        "version": workflow.version,
        "title": _said(workflow.title, locale),
        "symptom": workflow.symptom,
        "status": run.ending.value if run.ending else None,
        "phase": run.phase.value,
        "node": row.node,
        "path": [visited.node for visited in run.history],
        "steps": visits,
        "changes": [
            {**change, "node": step["node"], "title": step["title"], "at": step["at"]}
            for step in visits
            for change in step["changes"]
        ],
        "answers": list(_answers(workflow, run, locale)),
        "ruled_out": list(_ruled_out(row, workflow, run, locale, now)),
        "hand_back_steps": [
            {"node": step.id, "title": _said(step.template.title, locale)}
            for step in workflow.steps.values()
            if step.template.kind is not StepKind.INFORMATION
        ],
    }


def _step(
    workflow: Workflow, run: runs.Run, visited: runs.Visited, locale: str, now: float
) -> dict[str, Any]:
    template = way_back.step_of(workflow, run, visited.node, visited.undoes).template
    nobody = Facts(now=visited.ended_at)
    found = visited.outcome or Outcome(Status.NOT_STARTED)
    masked = sealing.masked_outcome(found)
    body = showing.step_result(masked, template, nobody, locale, workflow.settings)
    waited_s = max(0.0, now - visited.ended_at)
    for reading in body["readings"]:
        if reading["age_s"] is not None:
            reading["age_s"] += waited_s
    return {
        "node": visited.node,
        "visit": visited.number,
        "title": _said(template.title, locale),
        "kind": template.kind.value,
        "status": body["status"],
        "text": body["text"] if visited.outcome else "",
        "findings": body["findings"],
        "readings": body["readings"],
        "changes": body["changes"],
        "at": showing.moment(visited.ended_at),
        "age_s": waited_s if body["age_s"] is None else body["age_s"] + waited_s,
    }


def _answers(workflow: Workflow, run: runs.Run, locale: str) -> Iterator[dict[str, Any]]:
    """What was asked and answered: {"node", "id", "label", "value", "text"}."""
    for step in workflow.steps.values():
        for widget in step.template.panel:
            if widget.id in run.answers:
                value = run.answers[widget.id]
                said = next((label for known, label in widget.options if known == value), None)
                yield {
                    "node": step.id,
                    "id": widget.id,
                    "label": _said(widget.texts.get("label", step.template.title), locale),
                    "value": value,
                    "text": _said(said, locale) if said else str(value),
                }


# -- causes ruled out -----------------------------------------------------------------------------


def _ruled_out(
    row: Run, workflow: Workflow, run: runs.Run, locale: str, now: float
) -> Iterator[dict[str, Any]]:
    """Causes that the latest look at the router did not find: {"node", "code", "text"}.

    Only findings whose condition was certainly asked: a script that failed, or ended before, rules out
    nothing.
    """
    known = facts.gather(row.tenant_id, workflow, row.device_id, row.customer_id, now)
    scope = Scope(known, workflow.settings, None, run.outcomes, run.answers, {})
    for node, outcome in run.outcomes.items():
        template = workflow.steps[node].template
        if outcome.status is Status.ERROR:
            continue
        for code in dict.fromkeys(_asked(template.body, scope)):
            text = _meant(code, template, outcome, known, locale)
            if code not in outcome.codes and text:
                yield {"node": node, "code": code, "text": text}


def _asked(body: tuple[tasks.Node, ...], scope: Scope) -> Iterator[str]:
    """Codes of problems that a body looks for one after the other, up to where it may end early."""
    for node in body:
        if isinstance(node, tasks.Finish | tasks.Call):
            return
        if not isinstance(node, tasks.If):
            continue
        if any(isinstance(inner, tasks.Finish | tasks.Call) for inner in tasks.walk((node,))):
            return
        yield from (
            inner.code
            for inner in (*node.then, *node.otherwise)
            if isinstance(inner, tasks.Found) and inner.severity in ("WARN", "ERROR")
        )
        inner_ifs = {True: node.then, False: node.otherwise}.get(node.condition.evaluate(scope).holds, ())
        yield from _asked(tuple(inner for inner in inner_ifs if isinstance(inner, tasks.If)), scope)


def _meant(code: str, template: StepTemplate, outcome: Outcome, known: Facts, locale: str) -> str:
    return showing.finding_text(Finding(code, "INFO"), outcome, template, known, locale)


def _said(texts: Texts, locale: str) -> str:
    return fill(texts, locale, {})
