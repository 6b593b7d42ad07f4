"""The panel of a GUI step as described widgets: attributes evaluated, texts in one language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from widgets.kinds import DISPLAY_KINDS, make
from workflows import placed
from workflows.conditions import Scope
from workflows.graph import Step
from workflows.texts import fill


def widgets_of(step: Step, scope: Scope, locale: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every widget of the panel, described. One that shows data nobody has read is left out."""
    described: list[dict[str, Any]] = []
    for widget in step.template.panel:
        attributes = placed.attributes(widget, step, scope)
        if widget.kind in DISPLAY_KINDS and len(attributes) < len(widget.attributes):
            continue
        made = make(
            widget.kind,
            widget.id,
            attributes,
            {name: fill(texts, locale, values) for name, texts in widget.texts.items()},
            [(value, fill(label, locale, values)) for value, label in widget.options],
            locale,
        )
        described.append(made.describe())
    return described


def answered(step: Step, answers: Mapping[str, Any], locale: str, values: Mapping[str, Any]) -> str:
    """What was chosen, with what was asked: "How is your WiFi now? As before"; "" where nothing was."""
    told = []
    for widget in step.template.panel:
        if widget.kind == "choice" and answers.get(widget.id):
            value = str(answers[widget.id])
            words = next(
                (fill(label, locale, values) for option, label in widget.options if option == value), value
            )
            told.append(f"{fill(widget.texts.get('label', {}), locale, values)} {words}".strip())
    return "\n".join(told)


def fields_of(described: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The widgets that ask, and those that only show."""
    asks = [w for w in described if w["type"] not in DISPLAY_KINDS]
    return asks, [w for w in described if w["type"] in DISPLAY_KINDS]
