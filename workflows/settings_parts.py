"""Reads the pieces that a settings file and a vendor profile share: paths, conversions, limits, places and
diagnostics. A profile is about one data model, so its pieces need not name it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from workflows.documents import Document, words
from workflows.settings_definitions import Column, Input, Limit, Output
from workflows.settings_paths import SELF, Also, Place, Rule, Where
from workflows.settings_values import FORMULAS, SAME, Conversion, Spelling

ROOTS = {"tr181": "Device.", "tr098": "InternetGatewayDevice."}
_WHERE = re.compile(r"([\w.]+)=([^;=]*)")
_CONVERTING = ("scale", "offset", "formula", "separator", "xsd")


@dataclass(slots=True)
class Parts:
    """Reads the parts of one document. `model` is the profile's, "" in a settings file; `places` are the
    names that `{name}` may lead to."""

    document: Document
    model: str = ""
    places: frozenset[str] = frozenset()

    def model_of(self, element: Any) -> str:
        """The data model an element is about."""
        return str(element.get("model") or self.model)

    # -- where -----------------------------------------------------------------------------------

    def rule(self, element: Any, *, kind: str = "") -> Rule:
        """A <path>, <count> or <object> of a diagnostic."""
        path, via, within = words(element), element.get("via", ""), element.get("within", "")
        model = self.model_of(element)
        self._check_path(element, model, path, via, within)
        constants = tuple(_pairs(element.get("with", "")))
        return Rule(
            model,
            path,
            via,
            self.where(element, "where"),
            within,
            self.conversion(element, kind),
            element.get("every") in ("true", "1"),
            tuple(
                Also(e.get("name"), e.get("value"), e.get("type", "xsd:string"), e.get("when", ""))
                for e in element.findall("also")
            ),
            constants,
        )

    def place(self, element: Any) -> Place:
        """A <place>: an object of the data model under a name of ours."""
        path, via, within = words(element), element.get("via", ""), element.get("within", "")
        model = self.model_of(element)
        self._check_path(element, model, path, via, within)
        if not path.endswith("."):
            self.document.error(element, f"a place is an object: '{path}' ends with '.'")
        return Place(
            model,
            path,
            via,
            self.where(element, "where"),
            within,
            self.where(element, "via-where"),
            int(element.get("which", 1)),
        )

    def _check_path(self, element: Any, model: str, path: str, via: str, within: str) -> None:
        document, root = self.document, ROOTS[model]
        head = path[1:].partition("}.")[0] if path.startswith("{") and not path.startswith("{i}") else ""
        if via:
            if head != "via":
                document.error(element, f"a {model} path starts with '{{via}}.'")
        elif head:
            self._check_place(element, head)
        elif not path.startswith(root):
            document.error(element, f"a {model} path starts with '{root}'")
        for attribute, value in (("via", via), ("within", within)):
            if value and not value.startswith(root):
                document.error(element, f"a {model} path starts with '{root}'", attribute)
        if via and not within:
            document.error(element, "a path with via needs within: what to read to find it")
        if within and not within.endswith("."):
            document.error(element, "within is an object: it ends with '.'", "within")
        if element.get("where") and not (path.count("{i}") or head):
            document.error(element, "where chooses among instances: the path needs {i}", "where")

    def _check_place(self, element: Any, name: str, attribute: str = "") -> None:
        if name not in self.places:
            self.document.error(element, f"there is no place '{name}'", attribute)

    def where(self, element: Any, attribute: str) -> Where:
        """'Name=value' pairs with ';' between."""
        if not (written := element.get(attribute)):
            return ()
        pairs = _pairs(written)
        if not pairs or len(pairs) != written.strip("; ").count(";") + 1:
            self.document.error(element, f"{attribute} is 'Name=value' pairs, with ';' between", attribute)
        for _, wish in pairs:
            if wish.startswith("{"):
                self._check_place(element, wish.strip("{}"), attribute)
        return tuple(pairs)

    # -- how -------------------------------------------------------------------------------------

    def conversion(self, element: Any, kind: str) -> Conversion:
        """The conversion an element's attributes and <value> children speak of; SAME for none."""
        document = self.document
        spellings = []
        for value in element.findall("value"):
            spelling = Spelling(value.get("device"), value.get("means"), self.where(value, "where"))
            if kind == "boolean" and spelling.means not in ("true", "false"):
                document.error(value, "a boolean's value means true or false", "means")
            spellings.append(spelling)
        if not spellings and not any(element.get(name) is not None for name in _CONVERTING):
            return SAME
        scale, offset = self._number(element, "scale", 1.0), self._number(element, "offset", 0.0)
        formula = element.get("formula", "")
        if formula and formula not in FORMULAS:
            document.error(element, f"formula is one of: {', '.join(FORMULAS)}", "formula")
        if not scale:
            document.error(element, "a scale is not 0", "scale")
            scale = 1.0
        conversion = Conversion(
            scale, offset, formula, tuple(spellings), element.get("separator", ""), element.get("xsd", "")
        )
        if conversion.counts and kind not in ("int", "double", "numbers"):
            document.error(element, f"scale, offset and formula are for numbers, not for {kind or 'this'}")
        if conversion.counts and spellings:
            document.error(element, "either values or scale, offset and formula")
        if conversion.separator and kind != "list":
            document.error(element, "only a list has a separator", "separator")
        return conversion

    def _number(self, element: Any, attribute: str, default: float) -> float:
        try:
            return float(element.get(attribute, default))
        except ValueError:
            self.document.error(element, "not a number", attribute)
            return default

    def limit(self, element: Any) -> Limit:
        """A <limit>, or the limits among the attributes of an <input>."""
        pattern = element.get("pattern", "")
        try:
            re.compile(pattern)
        except re.error as error:
            self.document.error(element, f"not a pattern: {error}", "pattern")
            pattern = ""
        least, most = element.get("min"), element.get("max")
        size = element.get("max-bytes")
        excludes = element.get("not")
        return Limit(
            pattern,
            tuple(excludes.split("|")) if excludes is not None else (),
            self._number(element, "min", 0.0) if least is not None else None,
            self._number(element, "max", 0.0) if most is not None else None,
            int(size) if size is not None else None,
            self.document.texts(element, "reason", frozenset()),
        )

    def limits(self, element: Any) -> tuple[Limit, ...]:
        """The <limit> children of a setting."""
        return tuple(self.limit(e) for e in element.findall("limit"))

    # -- tables and diagnostics ------------------------------------------------------------------

    def check_table(self, element: Any, rules: Iterable[Rule], columns: Iterable[Column]) -> None:
        """Record what is wrong with a table's paths and columns."""
        rules = tuple(rules)
        for rule in rules:
            if not rule.path.endswith("."):
                self.document.error(
                    element, f"the path of a table is of its rows and ends in '.': '{rule.path}'"
                )
            elif "{" not in rule.path:
                self.document.error(element, f"the path of a table has an {{i}} or a place: '{rule.path}'")
        given = {name for rule in rules for name, _ in rule.constants}
        for column in columns:
            if rules and not column.paths and column.name not in given:
                self.document.error(element, f"column '{column.name}' has no path in any data model")

    def column_path(self, element: Any, kind: str) -> tuple[str, Conversion]:
        """The <path> of a column: the name below each row ("." the row itself), and its conversion."""
        path = words(element)
        if path != SELF and (not path or path.startswith(".") or path.endswith(".")):
            self.document.error(element, f"a column's path is below its row: '{path}'")
        return path, self.conversion(element, kind)

    def input(self, element: Any) -> Input:
        """An <input> of a diagnostic."""
        fixed, default = element.get("fixed"), element.get("default")
        return Input(
            element.get("name"),
            words(element),
            element.get("type", "string"),
            element.get("xsd", ""),
            default,
            element.get("required") in ("true", "1"),
            fixed,
            self.limit(element),
        )

    def output(self, element: Any) -> Output:
        """An <output> or <column> of a diagnostic; its text names the parameters that may hold it."""
        kind = element.get("type", "string")
        paths = tuple(words(element).split())
        if not paths:
            self.document.error(element, "name the parameter that holds it")
        return Output(
            element.get("name"), kind, paths, element.get("unit", ""), self.conversion(element, kind)
        )


def _pairs(written: str) -> list[tuple[str, str]]:
    return [(m.group(1), m.group(2).strip()) for m in _WHERE.finditer(written)]
