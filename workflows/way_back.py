"""The way back from a step: which visits of a run can be undone, by whom, and the step that undoes one.

An undo is a visit like any other, of a step that no author wrote: its body puts back what the visit it
undoes has changed.
"""

from __future__ import annotations

from functools import lru_cache

from widgets.messages import languages, message
from workflows.device_nodes import PutBack
from workflows.graph import Step, Workflow
from workflows.run import Run, Visited
from workflows.steps import Stage, StepKind, StepTemplate, Texts
from workflows.texts import chosen
from workflows.undoing import UNDONE, has_way_back

OFFERED_LIMIT = 3
"""How many undos are offered at a time, the latest first."""

MAY_UNDO = {"customer": ("customer",), "agent": ("staff", "customer"), "operator": ("staff", "customer")}
"""Whose run -> what the author must have allowed (`StepTemplate.undo`)."""


def undoable(workflow: Workflow, run: Run) -> tuple[Visited, ...]:
    """The visits whose changes may be put back now, the latest first."""
    allowed = MAY_UNDO.get(run.audience, ())
    undone = {v.undoes for v in run.history if v.outcome is not None and set(UNDONE) & set(v.outcome.codes)}
    found = [
        v
        for v in reversed(run.history)
        if v.outcome is not None
        and v.undoes is None
        and v.number not in undone
        and workflow.steps[v.node].template.undo in allowed
        and has_way_back(v.outcome.changes)
    ]
    return tuple(found[:OFFERED_LIMIT])


def step_of(workflow: Workflow, run: Run, node: str, undoes: int | None) -> Step:
    """The step of a visit: the graph's, or the one that undoes the visit of that number."""
    step = workflow.steps[node]
    if undoes is None:
        return step
    outcome = next((v.outcome for v in run.history if v.number == undoes), None)
    template = step.template
    return Step(
        node,
        StepTemplate(
            name="undo",
            kind=StepKind.ONLINE,
            title=undo_title(template.title),
            writes=True,
            disrupts_s=template.disrupts_s,
            timeout_s=template.timeout_s,
            expected_s=template.expected_s,
            wait_s=template.wait_s,
            undo="none",
            stages=_stages(),
            body=(PutBack(outcome.changes if outcome is not None else ()),),
        ),
    )


def undo_title(title: Texts) -> Texts:
    """What the undo of a step is called, in every language there is."""
    return {code: message(code, "undo-of", title=chosen(title, code)) for code in languages()}


@lru_cache(maxsize=1)
def _stages() -> tuple[Stage, ...]:
    return tuple(
        Stage(id, {code: message(code, f"stage-undo-{id}") for code in languages()})
        for id in ("read", "write", "verify")
    )
