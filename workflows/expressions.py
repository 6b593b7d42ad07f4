"""CEL, the Common Expression Language, made to fit what authors may read: names become typed variables.

`sv('dhcp.enabled')`, `dm('Device...')`, `age_s('...')`, `path('...')`, `can('ping')`,
`limit('download.mbps')`, `known(x)` and `outcomes['id']` are replaced, before CEL sees them, by variables
of the same width, so that every name is a literal found at load, every type error is found at load, and
every column CEL reports is the author's own.

Bounded: the source's length, depth (CEL's own limit), iterations (CEL's own budget of 10,000), the
texts that go in, how often they may be joined, and the size of what comes out. A text in a loop is
copied in every round, so where there is a loop only short texts may go in. It never reaches a Python
object.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

from workflows import functions

SOURCE_LIMIT_CHARACTERS = 2_000
MACROS_LIMIT = 2  # all, exists, exists_one, map, filter
ADDITIONS_LIMIT = 32
ADDITIONS_BESIDE_MACROS_LIMIT = 4
VALUE_LIMIT_CHARACTERS = 65_536
TEXT_BESIDE_MACROS_LIMIT_CHARACTERS = 1_024

TYPES: dict[str, Any] = {
    "bool": cel.Type.BOOL,
    "int": cel.Type.INT,
    "double": cel.Type.DOUBLE,
    "string": cel.Type.STRING,
    "list": cel.Type.List(cel.Type.STRING),
    "table": cel.Type.List(cel.Type.Map(cel.Type.STRING, cel.Type.DYN)),
    "map": cel.Type.Map(cel.Type.STRING, cel.Type.DYN),
    "any": cel.Type.DYN,
}

FIELDS: dict[str, dict[str, str]] = {
    "device": {
        "id": "string",
        "oui": "string",
        "product_class": "string",
        "serial_number": "string",
        "manufacturer": "string",
        "model": "string",
        "data_model": "string",
        "software_version": "string",
        "hardware_version": "string",
        "last_inform_at": "double",
        "last_boot_at": "double",
        "tags": "list",
        "firmware_file": "string",
        "firmware_version": "string",
        "backup_file": "string",
        "backup_at": "double",
        "speed_down_url": "string",
        "speed_up_url": "string",
    },
    "customer": {
        "id": "string",
        "first_name": "string",
        "last_name": "string",
        "phone": "string",
        "address": "string",
        "locale": "string",
    },
    "subscription": {"id": "string", "plan": "string", "status": "string", "since": "string"},
    "tenant": {"id": "string", "name": "string", "dns_allowed": "list", "dns": "list", "lease_min_s": "int"},
    "outcome": {"status": "string", "codes": "list", "readings": "map", "message": "string"},
}
"""What an expression sees of each flat record. A field that is not here cannot be named."""


class ExpressionError(Exception):
    """The author's mistake, found at load. `offset` counts characters from the start of the attribute."""

    def __init__(self, reason: str, offset: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the expressions of one document may name: (name, type) of setting values, of what else a model
    may be capable of (type CAPABILITY) and of answers, the names of script variables, and the steps whose
    outcomes may be asked for. None for answers or steps: any, untyped."""

    settings: tuple[tuple[str, str], ...] = ()
    answers: tuple[tuple[str, str], ...] | None = ()
    task: frozenset[str] = frozenset()
    steps: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A name an expression reads. `kind`: sv, dm, age, path, known, outcome, or the root of a field.

    `variable` is what CEL calls it, `written` what the author wrote; `of` is what `known` asks about.
    """

    variable: str
    kind: str
    name: str
    written: str
    type: str
    of: Reference | None = None
    rest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expression:
    """One compiled `${...}` and what it reads. `type` is CEL's name of its result, such as BOOL;
    `limit_characters` is how long a text may be that goes in."""

    source: str
    references: tuple[Reference, ...]
    type: str
    limit_characters: int
    compiled: Any = field(compare=False, repr=False)

    def named(self, *kinds: str) -> frozenset[str]:
        """The literal names of these kinds of references, those inside known() included."""
        found = {r.name for r in self.references if r.kind in kinds}
        return frozenset(found | {r.of.name for r in self.references if r.of and r.of.kind in kinds})


_CALLS = {"sv": "", "dm": "any", "age_s": "int", "path": "string", "can": "bool", "limit": "double"}
_KINDS = {"sv": "sv", "dm": "dm", "age_s": "age", "path": "path", "can": "can", "limit": "limit"}
CAPABILITY = "capability"  # the type of a name in the vocabulary that only can() and limit() know
_STRING = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_LITERAL = r"""(?:'([\w.{}\-]+)'|"([\w.{}\-]+)")"""
_CALL = re.compile(rf"(?<![\w.])(sv|dm|age_s|path|can|limit)\s*\(\s*{_LITERAL}\s*\)")
_OUTCOME = re.compile(rf"(?<![\w.])outcomes\s*(?:\.\s*([A-Za-z_]\w*)|\[\s*{_LITERAL}\s*\])")
_CHAIN = re.compile(r"(?<![\w.])([A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*)")
_KNOWN = re.compile(r"(?<![\w.])known\s*\(\s*")
_MACRO = re.compile(r"\.\s*(?:all|exists|exists_one|map|filter)\s*\(")
_LOOSE_CALL = re.compile(r"(?<![\w.])(sv|dm|age_s|path|can|limit|known|outcomes)\s*[(\[]")
_OVERLOAD = re.compile(r"found no matching overload for '_?([^']+?)_?' applied to '(\([^']*\))'")
_CEL_ERROR = re.compile(r"<input>:(\d+):(\d+): ([^\n]*)")


class _Rewriter:
    """Replaces what the author names by variables of the same width; collects the references."""

    def __init__(self, source: str, vocabulary: Vocabulary) -> None:
        self.source = source
        self.text = source
        self.vocabulary = vocabulary
        self.settings = {name: kind for name, kind in vocabulary.settings if kind != CAPABILITY}
        self.capabilities = dict(vocabulary.settings)
        self.references: list[Reference] = []
        self.variables: dict[str, str] = {}

    def rewrite(self) -> str:
        strings = [m.span() for m in re.finditer(_STRING, self.source)]
        inside = [False] * (len(self.source) + 1)
        for start, end in strings:
            inside[start:end] = [True] * (end - start)
        self._inside = inside
        self._known()
        for match in self._outside(_CALL):
            self._replace(match, self._call(match))
        for match in self._outside(_OUTCOME):
            self._replace(match, self._outcome(match))
        for match in self._outside(_CHAIN):
            self._chain(match.group(1), match.start())
        loose = next(iter(self._outside(_LOOSE_CALL)), None)
        if loose is not None:
            raise ExpressionError(_HOW[loose.group(1)], loose.start())
        return self.text

    def _outside(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        return (m for m in list(pattern.finditer(self.text)) if not self._inside[m.start()])

    def _known(self) -> None:
        for match in self._outside(_KNOWN):
            start = match.end()
            if found := _CALL.match(self.source, start):
                of, end = self._call(found), found.end()
            elif found := _OUTCOME.match(self.source, start):
                of, end = self._outcome(found), found.end()
            elif (found := _CHAIN.match(self.source, start)) and (field_of := self._field(found.group(1))):
                of, end = field_of, found.end()
            else:
                raise ExpressionError(_HOW["known"], match.start())
            rest: tuple[str, ...] = of.rest
            while more := re.compile(r"\s*\.\s*([A-Za-z_]\w*)").match(self.source, end):
                rest, end = (*rest, more.group(1)), more.end()
            closing = re.compile(r"\s*\)").match(self.source, end)
            if closing is None:
                raise ExpressionError(_HOW["known"], match.start())
            variable = self._variable("k", closing.end() - match.start())
            reference = Reference(variable, "known", of.name, of.written, "bool", of, rest)
            self._put(match.start(), closing.end(), reference)

    def _call(self, match: re.Match[str]) -> Reference:
        function, name = match.group(1), match.group(2) or match.group(3)
        kind = _KINDS[function]
        written = f"{function}('{name}')"
        if kind in ("can", "limit"):
            asked = name if kind == "can" else name.rpartition(".")[0]
            if asked not in self.capabilities:
                near = _near(asked, self.capabilities)
                raise ExpressionError(f"no model is known to have or lack '{asked}'{near}", match.start())
        elif kind != "dm" and name not in self.settings:
            near = _near(name, self.settings)
            raise ExpressionError(f"unknown setting value '{name}'{near}", match.start())
        if kind == "dm" and "{" in name:
            raise ExpressionError("dm() takes one full path, without {i}", match.start())
        of_type = _CALLS[function] or self.settings[name]
        return Reference(self._variable("v", match.end() - match.start()), kind, name, written, of_type)

    def _outcome(self, match: re.Match[str]) -> Reference:
        step = match.group(1) or match.group(2) or match.group(3)
        if self.vocabulary.steps is not None and step not in self.vocabulary.steps:
            raise ExpressionError(f"unknown step '{step}' in outcomes", match.start())
        variable = self._variable("o", match.end() - match.start())
        return Reference(variable, "outcome", step, f"outcomes['{step}']", "outcome")

    def _chain(self, chain: str, at: int) -> None:
        if chain.split(".")[0].strip() == "answers" and self._field(chain) is None:
            known = ", ".join(sorted(f"answers.{n}" for n, _ in self.vocabulary.answers or ())) or "none"
            raise ExpressionError(f"unknown answer '{chain}'; the questions asked here give {known}", at)
        if (reference := self._field(chain)) is not None:
            self._declare(reference)

    def _field(self, chain: str) -> Reference | None:
        root, *names = (part.strip() for part in chain.split("."))
        if root == "now":
            return Reference("now", "now", "now", "now", "double")
        if not names:
            return None
        answers = self.vocabulary.answers
        fields = {
            "answers": {names[0]: "any"} if answers is None else dict(answers),
            "task": dict.fromkeys(self.vocabulary.task, "any"),
            **FIELDS,
        }.get(root, {})
        if names[0] not in fields:
            return None
        full = f"{root}.{names[0]}"
        return Reference(full, root, names[0], full, fields[names[0]], rest=tuple(names[1:]))

    def _variable(self, letter: str, width: int) -> str:
        """A variable as wide as what it replaces (never narrower than `_v999`)."""
        return f"_{letter}{len(self.references)}".ljust(width, "_")

    def _replace(self, match: re.Match[str], reference: Reference) -> None:
        self._put(match.start(), match.end(), reference)

    def _put(self, start: int, end: int, reference: Reference) -> None:
        self.text = self.text[:start] + reference.variable + self.text[end:]
        self._inside[start:end] = [False] * (end - start)
        self._declare(reference)

    def _declare(self, reference: Reference) -> None:
        if reference.type == "outcome":
            for name, of_type in FIELDS["outcome"].items():
                self.variables[f"{reference.variable}.{name}"] = of_type
        else:
            self.variables[reference.variable] = reference.type
        if reference.variable not in {r.variable for r in self.references}:
            self.references.append(reference)


_HOW = {
    "sv": "sv() takes one literal name: sv('dhcp.enabled')",
    "dm": "dm() takes one literal path: dm('Device.DeviceInfo.UpTime')",
    "age_s": "age_s() takes one literal setting name: age_s('dhcp.enabled')",
    "path": "path() takes one literal setting name: path('dhcp.enabled')",
    "can": "can() takes one literal name of a diagnostic or setting: can('ping')",
    "limit": "limit() takes one literal name with its limit: limit('download.mbps')",
    "known": "known() takes one name: known(sv('dhcp.lease')), known(answers.joined), known(outcome.codes)",
    "outcomes": "outcomes takes one step: outcomes.check or outcomes['fix-dns']",
}


def _near(name: str, known: dict[str, str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean '{close[0]}'?" if close else ""


def _measure(source: str) -> int:
    """How long a text may be that goes in; ExpressionError when the source itself is too much."""
    if len(source) > SOURCE_LIMIT_CHARACTERS:
        raise ExpressionError(f"an expression may have {SOURCE_LIMIT_CHARACTERS} characters")
    bare = re.sub(_STRING, "''", source)
    macros = len(_MACRO.findall(bare))
    if macros > MACROS_LIMIT:
        raise ExpressionError(f"at most {MACROS_LIMIT} of all, exists, exists_one, map, filter")
    limit = ADDITIONS_BESIDE_MACROS_LIMIT if macros else ADDITIONS_LIMIT
    if bare.count("+") > limit:
        raise ExpressionError(
            f"at most {limit} '+' {'beside map or filter' if macros else 'in an expression'}"
        )
    return TEXT_BESIDE_MACROS_LIMIT_CHARACTERS if macros else VALUE_LIMIT_CHARACTERS


@lru_cache(maxsize=4_096)
def compile_expression(source: str, vocabulary: Vocabulary) -> Expression:
    """Compile what stands inside `${...}`; ExpressionError with its offset within `source`."""
    limit_characters = _measure(source)
    rewriter = _Rewriter(source, vocabulary)
    text = rewriter.rewrite()
    environment = cel.NewEnv(
        variables={name: TYPES[of_type] for name, of_type in rewriter.variables.items()},
        functions=functions.declarations(),
    )
    try:
        compiled = environment.compile(text)
    except RuntimeError as error:
        raise _located(str(error), text, rewriter.references) from None
    gives = compiled.return_type().name()
    return Expression(source, tuple(rewriter.references), gives, limit_characters, compiled)


def _located(report: str, text: str, references: list[Reference]) -> ExpressionError:
    found = _CEL_ERROR.search(report)
    if found is None:
        return ExpressionError(report.removeprefix("CANCELLED: ").split("\n")[0])
    line, column, reason = int(found.group(1)), int(found.group(2)), found.group(3)
    for reference in references:
        reason = reason.replace(reference.variable, reference.written)
    reason = re.sub(r" \(in container ''\)", "", reason)
    reason = _OVERLOAD.sub(r"'\1' does not take \2", reason)
    before = sum(len(part) + 1 for part in text.split("\n")[: line - 1])
    return ExpressionError(reason, before + column - 1)
