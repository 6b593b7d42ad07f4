"""Reads vendor profiles: one document a profile, checked against the settings it speaks of and against the
other profiles: two that could fit one device equally well are an error that names both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations
from typing import Any

from workflows.documents import Document, words
from workflows.profiles import DiagnosticChange, Match, Profile, Profiles, SettingChange, version_key
from workflows.settings import Settings
from workflows.settings_definitions import Companion, LeftAlone, Precedence, Setting, Statement, matches
from workflows.settings_parts import Parts
from workflows.settings_paths import Place
from workflows.settings_values import SAME

_MATCH = {
    "manufacturer": "manufacturer",
    "oui": "oui",
    "product-class": "product_class",
    "model": "model",
    "hardware": "hardware_version",
    "since": "since",
    "below": "below",
}


def read_profiles(documents: Iterable[Document], settings: Settings) -> Profiles:
    """The profiles of well-formed documents; mistakes are recorded in each document."""
    read = []
    for document in documents:
        profile = _Reader(document, settings).read()
        if not document.errors:
            read.append((document, profile))
    _check_apart(read)
    return Profiles.of(profile for document, profile in read if not document.errors)


class _Reader:
    """Reads one document."""

    def __init__(self, document: Document, settings: Settings) -> None:
        self.document = document
        self.root = document.root
        self.settings = settings
        self.model = self.root.get("data-model")
        mine = {e.get("name") for e in self.root.findall("place")}
        shipped = {name for name, place in settings.places if place.model == self.model}
        self.parts = Parts(document, self.model, frozenset(mine | shipped))
        self.diagnostics = {d.name: d for d in settings.diagnostics if d.model == self.model}

    def read(self) -> Profile:
        root, document = self.root, self.document
        places: dict[str, tuple[Place, ...]] = {}
        for element in root.findall("place"):
            name = element.get("name")
            places[name] = (*places.get(name, ()), self.parts.place(element))
        return Profile(
            document.name,
            self.model,
            tuple(self._match(e) for e in root.findall("for")),
            document.texts(root, "title", frozenset()),
            tuple(document.texts(q, "text", frozenset(), needed=True) for q in root.findall("quirk")),
            places,
            self._each("setting", self._setting),
            self._each("diagnostic", self._diagnostic),
            {e.get("name"): self._statement(e) for e in self._once("capability")},
            tuple(self._companion(e) for e in root.findall("together")),
            tuple(self._precedence(e) for e in root.findall("order")),
            tuple(n for e in root.findall("reboot") for n in self._names(e, "after")),
            tuple(self._left_alone(e) for e in root.findall("leave")),
        )

    def _each(self, tag: str, read: Any) -> tuple[Any, ...]:
        return tuple(read(element) for element in self._once(tag))

    def _once(self, tag: str) -> list[Any]:
        """The elements of a tag, each name once."""
        seen: set[str] = set()
        for element in self.root.findall(tag):
            if (name := element.get("name")) in seen:
                self.document.error(element, f"<{tag}> '{name}' is given twice", "name")
            seen.add(name)
        return list(self.root.findall(tag))

    def _match(self, element: Any) -> Match:
        match = Match(**{field: (element.get(name) or "").strip() for name, field in _MATCH.items()})
        if not (match.manufacturer or match.oui or match.product_class or match.model):
            self.document.error(
                element, "<for> names a manufacturer, an oui, a product-class or a model at least"
            )
        for attribute in ("since", "below"):
            written = element.get(attribute)
            if written is not None and not version_key(written):
                self.document.error(element, f"'{written}' is no version", attribute)
        if match.since and match.below and version_key(match.since) >= version_key(match.below):
            self.document.error(element, f"no version is since {match.since} and below {match.below}")
        return match

    # -- settings ----------------------------------------------------------------------------------

    def _known(self, element: Any, attribute: str = "name") -> Setting:
        name = element.get(attribute)
        if (setting := self.settings.by_name.get(name)) is not None:
            return setting
        self.document.error(element, f"there is no setting '{name}'", attribute)
        return Setting(name, "string", ())

    def _names(self, element: Any, attribute: str) -> list[str]:
        names: list[str] = element.get(attribute).split()
        for name in names:
            if not any(matches(name, known) for known in self.settings.by_name):
                self.document.error(element, f"there is no setting '{name}'", attribute)
        return names

    def _setting(self, element: Any) -> SettingChange:
        known = self._known(element)
        parts = self.parts
        rules = tuple(parts.rule(e, kind=known.type) for e in element.findall("path"))
        counts = tuple(parts.rule(e) for e in element.findall("count"))
        columns = {}
        named = {column.name: column for column in known.columns}
        for column in element.findall("column"):
            if (name := column.get("name")) not in named:
                self.document.error(column, f"setting '{known.name}' has no column '{name}'", "name")
                continue
            columns[name] = parts.column_path(column, named[name].type)
        for rule in rules:
            if (known.type == "table") is not rule.path.endswith("."):
                what = "of its rows and ends in '.'" if known.type == "table" else "not an object"
                self.document.error(element, f"the path of '{known.name}' is {what}: '{rule.path}'")
        conversion = parts.conversion(element, known.type)
        absent = element.get("absent") in ("true", "1")
        if absent and (rules or columns or conversion is not SAME):
            self.document.error(element, "what is absent has no path and no values", "absent")
        if conversion is not SAME and not rules and not known.rules_for(self.model):
            self.document.error(element, f"'{known.name}' has no path in {self.model}: give one")
        return SettingChange(
            known.name,
            rules,
            counts,
            columns,
            parts.limits(element),
            None if conversion is SAME else conversion,
            absent,
        )

    # -- diagnostics and capabilities --------------------------------------------------------------

    def _diagnostic(self, element: Any) -> DiagnosticChange:
        parts, name = self.parts, element.get("name")
        base = self.diagnostics.get(name)
        if name not in {d.name for d in self.settings.diagnostics}:
            self.document.error(element, f"there is no diagnostic '{name}'", "name")
            return DiagnosticChange(name)
        objects = tuple(parts.rule(e) for e in element.findall("object"))
        if base is None and not objects:
            self.document.error(element, f"'{name}' has no object in {self.model}: give one")
        for rule in objects:
            if not rule.path.endswith("."):
                self.document.error(element, f"an object ends with '.': '{rule.path}'")
        interface = element.find("interface")
        if interface is not None and interface.get("place") not in parts.places:
            self.document.error(interface, f"there is no place '{interface.get('place')}'", "place")
        rows = element.find("rows")
        poll = element.get("poll-s")
        return DiagnosticChange(
            name,
            objects,
            tuple(parts.input(e) for e in element.findall("input")),
            tuple(self._output(e, base.outputs if base else ()) for e in element.findall("output")),
            rows.get("name") if rows is not None else "",
            rows.get("path") if rows is not None else "",
            tuple(self._output(e, base.columns if base else ()) for e in rows.findall("column"))
            if rows is not None
            else (),
            interface.get("place") if interface is not None else "",
            words(interface) if interface is not None else "",
            int(poll) if poll is not None else None,
        )

    def _output(self, element: Any, known: Iterable[Any]) -> Any:
        """An output; of one the data model has, the type and unit are that one's."""
        base = {one.name: one for one in known}.get(element.get("name"))
        if base is not None and element.get("type") is None:
            element.set("type", base.type)
        output = self.parts.output(element)
        return replace(output, unit=base.unit) if base is not None and not output.unit else output

    def _statement(self, element: Any) -> Statement:
        available = element.get("available", "true") in ("true", "1")
        reasons = self.document.texts(element, "reason", frozenset())
        if not available and not reasons:
            self.document.error(element, 'say why not: <reason lang="en">')
        limits = {}
        for limit in element.findall("limit"):
            limits[limit.get("name")] = float(limit.get("value"))
        return Statement(available, reasons, limits)

    # -- ways of writing ---------------------------------------------------------------------------

    def _companion(self, element: Any) -> Companion:
        self._names(element, "setting")
        also = self._known(element, "with")
        if also.type == "table":
            self.document.error(element, f"'{also.name}' is a table", "with")
        return Companion(
            element.get("setting"),
            also.name,
            element.get("value"),
            element.get("when", ""),
            self.document.texts(element, "reason", frozenset()),
        )

    def _precedence(self, element: Any) -> Precedence:
        first, then = self._names(element, "first"), self._names(element, "then")
        if len(first) != 1 or len(then) != 1:
            self.document.error(element, "an order is of one setting before one other")
        return Precedence(first[0], then[0], element.get("apart") in ("true", "1"))

    def _left_alone(self, element: Any) -> LeftAlone:
        table = self._known(element, "table")
        if table.type != "table":
            self.document.error(element, f"'{table.name}' is no table", "table")
        where = self.parts.where(element, "unless")
        return LeftAlone(table.name, where, self.document.texts(element, "reason", frozenset()))


def _check_apart(read: list[tuple[Document, Profile]]) -> None:
    """Two that demand equally much and may fit one device contradict each other unseen."""
    for (_, one), (document, other) in combinations(read, 2):
        if one.model != other.model:
            continue
        elements = document.root.findall("for")
        for element, match in zip(elements, other.matches, strict=True):
            if any(match.demands == m.demands and match.meets(m) for m in one.matches):
                document.error(
                    element,
                    f"a device may fit '{one.name}' and '{other.name}' equally well: demand more in one",
                )
                break
