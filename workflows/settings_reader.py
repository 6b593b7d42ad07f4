"""Reads the settings file of a library: one name a setting, its path in each data model, and how each data
model runs its diagnostics."""

from __future__ import annotations

from typing import Any

from workflows.documents import Document
from workflows.profiles import Profiles
from workflows.settings import DATA_MODELS, Column, Setting, Settings
from workflows.settings_definitions import DiagnosticDefinition
from workflows.settings_parts import Parts


def read_settings(document: Document, profiles: Profiles | None = None) -> Settings:
    """The setting values; mistakes are recorded in the document."""
    root = document.root
    parts = Parts(document, places=frozenset(p.get("name") for p in root.findall("place")))
    places = tuple((e.get("name"), parts.place(e)) for e in root.findall("place"))
    found: dict[str, Setting] = {}
    for element in root.findall("setting"):
        name = element.get("name")
        if name in found:
            document.error(element, f"setting '{name}' is given twice", "name")
        found[name] = _setting(parts, element, name)
    diagnostics: list[DiagnosticDefinition] = []
    for element in root.findall("diagnostic"):
        name = element.get("name")
        if name in found or any(d.name == name for d in diagnostics):
            document.error(element, f"'{name}' is given twice", "name")
        diagnostics.extend(_diagnostics(parts, element, name))
    return Settings(found, places, tuple(diagnostics), profiles or Profiles())


def _setting(parts: Parts, element: Any, name: str) -> Setting:
    document, kind = parts.document, element.get("type")
    rules = tuple(parts.rule(path, kind=kind) for path in element.findall("path"))
    counts = tuple(parts.rule(count) for count in element.findall("count"))
    columns = tuple(_column(parts, e) for e in element.findall("column"))
    if not rules and element.get("vendor") not in ("true", "1"):
        document.error(element, f"setting '{name}' has no path in any data model")
    if kind == "table":
        if not columns:
            document.error(element, "a table needs columns")
        parts.check_table(element, rules, columns)
    elif columns or counts:
        document.error(element, "only a table has columns and a count", "type")
    for rule in rules:
        if kind != "table" and rule.path.endswith("."):
            document.error(element, f"'{rule.path}' is an object, not a parameter")
    return Setting(
        name,
        kind,
        rules,
        element.get("xsd", ""),
        element.get("unit", ""),
        columns,
        counts,
        parts.limits(element),
        element.get("secret") in ("true", "1"),
        element.get("rest", ""),
        document.texts(element, "label", frozenset()),
    )


def _column(parts: Parts, element: Any) -> Column:
    kind = element.get("type")
    paths = {p.get("model"): parts.column_path(p, kind) for p in element.findall("path")}
    return Column(
        element.get("name"),
        kind,
        {model: path for model, (path, _) in paths.items()},
        {model: conversion for model, (_, conversion) in paths.items()},
    )


def _diagnostics(parts: Parts, element: Any, name: str) -> list[DiagnosticDefinition]:
    """One definition for each data model that has an <object>."""
    made = []
    for model in DATA_MODELS:

        def of(parent: Any, tag: str, model: str = model) -> list[Any]:
            return [e for e in parent.findall(tag) if e.get("model", model) == model]

        objects = tuple(parts.rule(e) for e in of(element, "object"))
        rows = of(element, "rows")
        if objects:
            made.append(
                DiagnosticDefinition(
                    name,
                    model,
                    objects,
                    tuple(parts.input(e) for e in of(element, "input")),
                    tuple(parts.output(e) for e in of(element, "output")),
                    rows[0].get("name") if rows else "",
                    rows[0].get("path") if rows else "",
                    tuple(parts.output(e) for e in of(rows[0], "column")) if rows else (),
                    poll_s=int(element.get("poll-s", 0)),
                )
            )
    if not made and element.get("vendor") not in ("true", "1"):
        parts.document.error(element, f"diagnostic '{name}' has no object in any data model")
    return made
