"""Reads the settings file of a library: one name a setting, its path in each data model."""

from __future__ import annotations

import re
from typing import Any

from workflows.documents import Document, words
from workflows.settings import DATA_MODELS, Column, Rule, Setting, Settings

_ROOTS = {"tr181": "Device.", "tr098": "InternetGatewayDevice."}
_WHERE = re.compile(r"([\w.]+)=([^;=]+)")


def read_settings(document: Document) -> Settings:
    """The setting values; mistakes are recorded in the document."""
    found: dict[str, Setting] = {}
    for element in document.root.findall("setting"):
        name = element.get("name")
        if name in found:
            document.error(element, f"setting '{name}' is given twice", "name")
        found[name] = _setting(document, element, name)
    return Settings(found)


def _setting(document: Document, element: Any, name: str) -> Setting:
    kind = element.get("type")
    rules = tuple(_rule(document, path) for path in element.findall("path"))
    counts = {c.get("model"): words(c) for c in element.findall("count")}
    columns = tuple(
        Column(c.get("name"), c.get("type"), {p.get("model"): words(p) for p in c.findall("path")})
        for c in element.findall("column")
    )
    if not rules:
        document.error(element, f"setting '{name}' has no path in any data model")
    if kind == "table":
        _check_table(document, element, rules, columns)
    elif columns or counts:
        document.error(element, "only a table has columns and a count", "type")
    for rule in rules:
        if kind != "table" and rule.path.endswith("."):
            document.error(element, f"'{rule.path}' is an object, not a parameter")
    return Setting(name, kind, rules, element.get("xsd", ""), element.get("unit", ""), columns, counts)


def _check_table(
    document: Document, element: Any, rules: tuple[Rule, ...], columns: tuple[Column, ...]
) -> None:
    if not columns:
        document.error(element, "a table needs columns")
    for rule in rules:
        if rule.path.count("{i}") != 1 or not rule.path.endswith("{i}."):
            document.error(element, f"the path of a table ends in one {{i}}.: '{rule.path}'")
        for column in columns:
            if rule.model not in column.paths:
                document.error(element, f"column '{column.name}' has no path for {rule.model}")


def _rule(document: Document, element: Any) -> Rule:
    model, path, via = element.get("model"), words(element), element.get("via", "")
    within = element.get("within", "")
    root = _ROOTS[model]
    if not path.startswith("{via}." if via else root):
        document.error(element, f"a {model} path starts with '{'{via}.' if via else root}'")
    for attribute, value in (("via", via), ("within", within)):
        if value and not value.startswith(root):
            document.error(element, f"a {model} path starts with '{root}'", attribute)
    if via and not within:
        document.error(element, "a path with via needs within: what to read to find it")
    if within and not within.endswith("."):
        document.error(element, "within is an object: it ends with '.'", "within")
    where: tuple[tuple[str, str], ...] = ()
    if written := element.get("where", ""):
        where = tuple((m.group(1), m.group(2).strip()) for m in _WHERE.finditer(written))
        if not where or not path.count("{i}"):
            document.error(
                element, "where is 'Name=value' pairs, with ';' between, of the first {i}", "where"
            )
    assert model in DATA_MODELS
    return Rule(model, path, via, where, within)
