"""A step template placed in a graph: what its parameters and its widgets' attributes are worth."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from workflows.conditions import ExpressionFailed, Scope
from workflows.graph import Step
from workflows.settings import Missing
from workflows.steps import PanelWidget


def arguments(step: Step, scope: Scope) -> dict[str, Any]:
    """The step's parameters by name: the graph's `<with>`, else the template's default.
    Missing or ExpressionFailed when one has no value."""
    given: dict[str, Any] = {}
    for parameter in step.template.parameters:
        source = step.arguments.get(parameter.name, parameter.default)
        if source is None:
            raise Missing((parameter.name,))
        given[parameter.name] = source.value(scope)
    return given


def attributes(widget: PanelWidget, step: Step, scope: Scope) -> dict[str, Any]:
    """A widget's attributes evaluated for `widgets.kinds.make`; one without value is left out."""
    try:
        inner = replace(scope, task={**arguments(step, scope), **scope.task})
    except (Missing, ExpressionFailed):
        inner = scope
    found: dict[str, Any] = {}
    for name, template in widget.attributes.items():
        try:
            found[name] = template.value(inner)
        except (Missing, ExpressionFailed):
            continue
    return found
