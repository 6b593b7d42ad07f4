"""Reads the inputs that a workflow declares; mistakes are recorded in the document."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from widgets.messages import message
from widgets.widget import InvalidAnswer
from workflows.body_reader import true, variable
from workflows.documents import Document
from workflows.inputs import PATTERN_LIMIT_CHARACTERS, TYPES, Input

INPUTS_LIMIT = 20
FILE_KINDS = ("firmware", "configuration", "log", "other")


def types_of(root: Any) -> dict[str, str]:
    """The inputs of a workflow's document, with their types in expressions."""
    return {variable(e.get("name")): TYPES.get(e.get("type"), "any") for e in root.findall("input")}


def inputs_of(document: Document) -> tuple[Input, ...]:
    """The declared inputs, in the author's order."""
    found: dict[str, Input] = {}
    elements = document.root.findall("input")
    for element in elements:
        one = _input(document, element)
        if one.name in found:
            document.error(element, f"input '{one.name}' is given twice", "name")
        found[one.name] = one
    if len(elements) > INPUTS_LIMIT:
        document.error(elements[INPUTS_LIMIT], f"a workflow has at most {INPUTS_LIMIT} inputs")
    return tuple(found.values())


def _input(document: Document, element: Any) -> Input:
    kind = element.get("type")
    accept = tuple(element.get("accept", "").split())
    for attribute, only in (("min", "int"), ("max", "int"), ("accept", "file")):
        if element.get(attribute) is not None and kind != only:
            document.error(element, f"only an input of type '{only}' has {attribute}", attribute)
    for unknown in (one for one in accept if one not in FILE_KINDS):
        document.error(element, f"unknown kind of file '{unknown}'; known: {', '.join(FILE_KINDS)}", "accept")
    least, most = (int(element.get(n)) if element.get(n) is not None else None for n in ("min", "max"))
    made = Input(
        name=variable(element.get("name")),
        type=kind,
        label=document.texts(element, "label", frozenset(), needed=True),
        required=true(element, "required"),
        least=least,
        most=most,
        pattern=_pattern(document, element),
        options=tuple(
            (o.get("value"), document.texts(o, "label", frozenset(), needed=True))
            for o in element.findall("option")
        ),
        accept=accept,
    )
    written = element.get("default")
    if written is None:
        return made
    try:
        return replace(made, default=made.parse(written))
    except InvalidAnswer as error:
        document.error(element, message("en", error.message_id, **error.values), "default")
        return made


def _pattern(document: Document, element: Any) -> str:
    pattern = str(element.get("pattern", ""))
    if len(pattern) > PATTERN_LIMIT_CHARACTERS:
        document.error(element, f"a pattern may have {PATTERN_LIMIT_CHARACTERS} characters", "pattern")
        return ""
    try:
        re.compile(pattern)
    except re.error as error:
        document.error(element, f"not a regular expression: {error}", "pattern")
        return ""
    return pattern
