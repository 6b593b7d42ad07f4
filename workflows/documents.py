"""An author's XML document as a tree in which everything has its place: file, line and column.

Two passes: expat tells where each element starts and refuses a DOCTYPE before anything is expanded;
lxml checks the grammar (XSD 1.0). All errors are collected, none stops the next.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.parsers import expat

from lxml import etree

from workflows.conditions import Condition, ExpressionError, Template
from workflows.expressions import Vocabulary
from workflows.steps import Texts
from workflows.texts import FACTS, FALLBACK, placeholders, unknown_format

DOCUMENT_LIMIT_CHARACTERS = 100_000
DEPTH_LIMIT_ELEMENTS = 48
ERRORS_LIMIT = 100

GRAMMARS = ("settings", "profile", "task-template", "step-template", "workflow", "scenarios")

_SCHEMAS = Path(__file__).parent / "schema"
_ATTRIBUTE = re.compile(r"""([\w:.\-]+)\s*=\s*("[^"]*"|'[^']*')""")
_TAG_END = re.compile(r"""(?:[^>"']|"[^"]*"|'[^']*')*>""")
_CHARACTER = re.compile(r"&[^;]+;|.", re.DOTALL)


class WorkflowError(Exception):
    """One mistake of an author: where it is and why it is one. Lines and columns count from 1."""

    def __init__(self, file: str, line: int, column: int, reason: str) -> None:
        super().__init__(f"{file}:{line}:{column}: {reason}")
        self.file = file
        self.line = line
        self.column = column
        self.reason = reason


class Malformed(Exception):
    """A document that cannot be used, with all that is wrong with it."""

    def __init__(self, errors: tuple[WorkflowError, ...]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = errors


@dataclass(slots=True)
class Document:
    """A parsed document. `root` is None when it is not well formed."""

    file: str
    text: str
    root: Any = None
    errors: list[WorkflowError] = field(default_factory=list)
    _starts: dict[Any, int] = field(default_factory=dict)
    _lines: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The root element's name attribute; "settings" of a settings file; "" when there is none."""
        return str(self.root.get("name", "")) if self.root is not None else ""

    @property
    def grammar(self) -> str:
        """The root element's tag; "" when the document is not well formed."""
        return str(self.root.tag) if self.root is not None else ""

    def at(self, offset: int, reason: str) -> None:
        """Record an error at a character offset of the document."""
        if len(self.errors) < ERRORS_LIMIT:
            line = bisect.bisect_right(self._lines, offset)
            start = self._lines[line - 1] if line else 0
            self.errors.append(WorkflowError(self.file, max(line, 1), offset - start + 1, reason))

    def error(self, element: Any, reason: str, attribute: str = "", offset: int = 0) -> None:
        """Record an error at an element, or at a character of one of its attributes."""
        start = self._starts.get(element, 0)
        self.at(self._inside(start, attribute, offset) if attribute else start, reason)

    def line(self, element: Any) -> int:
        """The line on which an element starts."""
        return bisect.bisect_right(self._lines, self._starts.get(element, 0))

    def _inside(self, start: int, attribute: str, offset: int) -> int:
        """The document offset of the `offset`-th character of an attribute's value; entities count as one."""
        tag = _TAG_END.match(self.text, start)
        for found in _ATTRIBUTE.finditer(tag.group(0) if tag else ""):
            if found.group(1) == attribute:
                at = start + found.start(2) + 1
                for index, character in enumerate(_CHARACTER.finditer(found.group(2)[1:-1])):
                    if index == offset:
                        return at + character.start()
                return at
        return start

    # -- pieces every document has ----------------------------------------------------------------

    def template(self, element: Any, attribute: str, vocabulary: Vocabulary) -> Template:
        """The compiled attribute; a mistake is recorded and an empty one given."""
        try:
            return Template(element.get(attribute, ""), vocabulary)
        except ExpressionError as error:
            self.error(element, error.reason, attribute, error.offset)
            return Template("")

    def condition(self, element: Any, attribute: str, vocabulary: Vocabulary) -> Condition:
        """The compiled condition; a mistake is recorded and one that is always false given."""
        try:
            return Condition(element.get(attribute, ""), vocabulary)
        except ExpressionError as error:
            self.error(element, error.reason, attribute, error.offset)
            return Condition("${false}")

    def texts(self, parent: Any, tag: str, readings: frozenset[str], *, needed: bool = False) -> Texts:
        """The texts of a tag by language, their placeholders checked against facts and `readings`."""
        found: dict[str, str] = {}
        elements = parent.findall(tag)
        for element in elements:
            language = element.get("lang")
            if language in found:
                self.error(element, f"<{tag}> is given twice for language '{language}'")
            found[language] = words(element)
            self.placeholders(element, found[language], readings)
        if (elements or needed) and FALLBACK not in found:
            place = elements[0] if elements else parent
            self.error(place, f'<{tag}> has no English text (lang="{FALLBACK}")')
        return found

    def placeholders(self, element: Any, text: str, readings: frozenset[str]) -> None:
        """Record placeholders that name nothing known."""
        try:
            for name, how in placeholders(text):
                if name not in FACTS and name not in readings:
                    known = ", ".join(sorted(FACTS | readings))
                    self.error(element, f"unknown placeholder {{{name}}}; known here: {known}")
                language = element.get("lang") or element.getparent().get("lang") or FALLBACK
                if how and (reason := unknown_format(how, language)):
                    self.error(element, reason)
        except ValueError as error:
            self.error(element, str(error))


def words(element: Any) -> str:
    """An element's text with line breaks and indentation made single blanks."""
    return " ".join((element.text or "").split())


def parse(text: str, file: str) -> Document:
    """Read one document: well-formedness, limits, grammar. Look at `errors` before using `root`."""
    document = Document(file, text)
    document._lines.extend([0, *(m.end() for m in re.finditer("\n", text))])
    if len(text) > DOCUMENT_LIMIT_CHARACTERS:
        document.at(0, f"a document may have {DOCUMENT_LIMIT_CHARACTERS} characters, this has {len(text)}")
        return document
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        document.at(error.start, "not well formed: a character that no text may hold")
        return document
    starts = _starts(document, data)
    if document.errors:
        return document
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        document.root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        document.at(0, f"not well formed: {error.msg}")
        return document
    document._starts.update(zip(document.root.iter(), starts, strict=True))
    _check_grammar(document)
    return document


class _Refused(Exception):
    pass


def _starts(document: Document, data: bytes) -> list[int]:
    """The character offset of each start tag, in document order."""
    parser = expat.ParserCreate("utf-8")
    found: list[int] = []
    depth = 0
    byte_at = character_at = 0

    def offset() -> int:
        nonlocal byte_at, character_at
        index = parser.CurrentByteIndex
        character_at += len(data[byte_at:index].decode())
        byte_at = index
        return character_at

    def start(_tag: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        found.append(offset())
        if depth > DEPTH_LIMIT_ELEMENTS:
            document.at(found[-1], f"elements may be {DEPTH_LIMIT_ELEMENTS} deep")
            raise _Refused

    def end(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_parts: object) -> None:
        document.at(offset(), "a DOCTYPE is not allowed")
        raise _Refused

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except _Refused:
        pass
    except expat.ExpatError as error:
        line = document._lines[min(error.lineno, len(document._lines)) - 1]
        document.at(line + error.offset, f"not well formed: {expat.ErrorString(error.code)}")
    return found


@lru_cache(maxsize=1)
def _grammars() -> dict[str, Any]:
    return {name: etree.XMLSchema(file=str(_SCHEMAS / f"{name}.xsd")) for name in GRAMMARS}


def _check_grammar(document: Document) -> None:
    tree = document.root.getroottree()
    schema = _grammars().get(document.grammar)
    if schema is None:
        known = ", ".join(f"<{name}>" for name in GRAMMARS)
        document.error(document.root, f"unknown document <{document.grammar}>; known: {known}")
        return
    schema.validate(tree)
    for entry in _entries(schema.error_log):
        found = tree.xpath(entry.path) if entry.path else []
        attribute = re.search(r"attribute '([\w\-]+)'", entry.message)
        element = found[0] if found and isinstance(found[0], etree._Element) else document.root
        document.error(element, entry.message, attribute.group(1) if attribute else "")


def _entries(log: Any) -> Iterator[Any]:
    """The schema's complaints, without the second line that only repeats the type's name."""
    seen: set[str] = set()
    for entry in log:
        if entry.type_name != "SCHEMAV_CVC_ATTRIBUTE_3" or entry.path not in seen:
            seen.add(entry.path or "")
            yield entry
