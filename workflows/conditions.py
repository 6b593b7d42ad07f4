"""What authors write in `${...}`, evaluated over a scope: conditions of connections, values of attributes.

Unknown is not false (invariant 9): a condition that needs a datum nobody has read gives neither True
nor False but the names of what is missing. Evaluation reads; it never acts, fetches or looks at a clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows.expressions import (
    VALUE_LIMIT_CHARACTERS,
    Expression,
    ExpressionError,
    Reference,
    Vocabulary,
    compile_expression,
)
from workflows.facts import Facts
from workflows.outcome import Outcome
from workflows.settings import Missing, Settings, typed

__all__ = ["Condition", "ExpressionError", "ExpressionFailed", "Missing", "Scope", "Template", "Verdict"]

_NO_VALUE = re.compile(r'No value with name "([^"]+)" found')
_NO_KEY = re.compile(r'Key not found in map : "?([^"]+)"?')
_INT64 = 2**63
_TOO_LONG = f"the value is longer than {VALUE_LIMIT_CHARACTERS} characters"


class ExpressionFailed(Exception):
    """An expression that is well typed but has no value over these data, such as 1/0."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression sees. `outcome` is that of the step a connection leaves, or of the step
    before the one whose script runs; `outcomes` by step id; `answers` by widget id; `task` holds the
    step's parameters and the script's variables."""

    facts: Facts
    settings: Settings
    outcome: Outcome | None = None
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    task: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`holds` None means unknown: `missing` names what is not known, or `error` says why there is no
    answer over these data."""

    holds: bool | None
    missing: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """A `${...}` that is true, false or unknown. ExpressionError when it cannot be compiled."""

    source: str
    vocabulary: Vocabulary = field(default=Vocabulary(), repr=False)
    expression: Expression = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        parts = split(self.source)
        if len(parts) != 1 or isinstance(parts[0], str):
            raise ExpressionError("a condition is one ${...}")
        expression = _compiled(parts[0], self.vocabulary)
        if expression.type not in ("BOOL", "DYN"):
            raise ExpressionError(f"a condition is true or false, not {expression.type}", parts[0].offset)
        object.__setattr__(self, "expression", expression)

    def evaluate(self, scope: Scope) -> Verdict:
        """True, False, or unknown with what is missing. Never raises over data."""
        try:
            value = _evaluate(self.expression, scope)
        except Missing as missing:
            return Verdict(None, missing.names)
        except ExpressionFailed as failed:
            return Verdict(None, (), str(failed))
        if not isinstance(value, bool):
            return Verdict(None, (), f"{value!r} is neither true nor false")
        return Verdict(value)


@dataclass(frozen=True, slots=True)
class Template:
    """An attribute's text with any number of `${...}`. A lone one keeps its type."""

    source: str
    vocabulary: Vocabulary = field(default=Vocabulary(), repr=False)
    parts: tuple[str | Expression, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        parts = tuple(p if isinstance(p, str) else _compiled(p, self.vocabulary) for p in split(self.source))
        object.__setattr__(self, "parts", parts)

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """The compiled `${...}`, in order."""
        return tuple(p for p in self.parts if not isinstance(p, str))

    def value(self, scope: Scope) -> Any:
        """The typed value of a lone `${...}`, else a text. Missing or ExpressionFailed when there is none."""
        if len(self.parts) == 1 and not isinstance(self.parts[0], str):
            return _bounded(_evaluate(self.parts[0], scope))
        texts = [p if isinstance(p, str) else as_text(_evaluate(p, scope)) for p in self.parts]
        return _bounded("".join(texts))


@dataclass(frozen=True, slots=True)
class Braces:
    """What stands inside one `${...}` and where it starts in the attribute."""

    source: str
    offset: int


def split(source: str) -> list[str | Braces]:
    """The literal parts and the `${...}` of an attribute; braces and quotes inside CEL are counted."""
    parts: list[str | Braces] = []
    at = 0
    while (start := source.find("${", at)) >= 0:
        if start > at:
            parts.append(source[at:start])
        end = _closing(source, start + 2)
        parts.append(Braces(source[start + 2 : end], start + 2))
        at = end + 1
    if at < len(source) or not parts:
        parts.append(source[at:])
    return parts


def _closing(source: str, start: int) -> int:
    depth, quote, at = 0, "", start
    while at < len(source):
        letter = source[at]
        if quote:
            if letter == "\\":
                at += 1
            elif letter == quote:
                quote = ""
        elif letter in "'\"":
            quote = letter
        elif letter == "{":
            depth += 1
        elif letter == "}":
            if depth == 0:
                return at
            depth -= 1
        at += 1
    raise ExpressionError("'${' without its '}'", start - 2)


def _compiled(braces: Braces, vocabulary: Vocabulary) -> Expression:
    try:
        return compile_expression(braces.source, vocabulary)
    except ExpressionError as error:
        raise ExpressionError(error.reason, braces.offset + error.offset) from None


def _evaluate(expression: Expression, scope: Scope) -> Any:
    data: dict[str, Any] = {}
    missing: dict[str, tuple[str, ...]] = {}
    for reference in expression.references:
        try:
            data.update(_read(reference, scope))
        except Missing as absent:
            missing[reference.variable] = absent.names
    if any(_longest(value) > expression.limit_characters for value in data.values()):
        raise ExpressionFailed(f"a text of more than {expression.limit_characters} characters goes in")
    try:
        result = expression.compiled.eval(data=data)
    except RuntimeError as error:
        raise ExpressionFailed(str(error)) from None
    if (kind := result.type().name()) != "ERROR":
        if kind.startswith(("LIST", "MAP")):
            _measured(result, VALUE_LIMIT_CHARACTERS)
        return result.plain_value()
    report = str(result.value())
    if found := _NO_VALUE.search(report):
        raise Missing(_all_missing(found.group(1), expression, missing))
    if found := _NO_KEY.search(report):
        raise Missing((found.group(1),))
    raise ExpressionFailed(report)


def _all_missing(first: str, expression: Expression, missing: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What CEL met first, then the other names without value that no known() guards."""
    guarded = {r.of.name for r in expression.references if r.of}
    names = list(next((found for variable, found in missing.items() if first.startswith(variable)), (first,)))
    for reference in expression.references:
        if reference.variable in missing and reference.name not in guarded:
            names.extend(n for n in missing[reference.variable] if n not in names)
    return tuple(names)


def _read(reference: Reference, scope: Scope) -> dict[str, Any]:
    """The CEL variables of one reference; Missing when there is no value."""
    variable, name = reference.variable, reference.name
    match reference.kind:
        case "sv":
            return {variable: _plain(scope.settings.value(name, scope.facts))}
        case "age":
            return {variable: int(scope.settings.age_s(name, scope.facts))}
        case "path":
            return {variable: scope.settings.path_of(name, scope.facts)[0]}
        case "can" | "limit":
            return {variable: _capability(reference, scope)}
        case "dm":
            if (datum := scope.facts.parameters.get(name)) is None:
                raise Missing((name,))
            return {variable: _plain(typed(datum.value, datum.type, name))}
        case "known":
            return {variable: _is_known(reference, scope)}
        case "now":
            return {variable: float(scope.facts.now)}
        case "outcome" if reference.type == "outcome":
            return _outcome(variable, scope.outcomes.get(name), reference.written)
        case "outcome":
            return {variable: _outcome("outcome", scope.outcome, "outcome")[variable]}
        case root:
            return {variable: _field(root, name, reference, scope)}


def _capability(reference: Reference, scope: Scope) -> bool | float:
    """What a model can do, or up to which limit; Missing while its data model is unknown."""
    if not scope.facts.device.get("data_model"):
        raise Missing((reference.written,))
    if reference.kind == "can":
        return scope.settings.capability(reference.name, scope.facts).available
    name, _, key = reference.name.rpartition(".")
    limit = scope.settings.capability(name, scope.facts).limits.get(key)
    if limit is None:
        raise Missing((reference.written,))
    return float(limit)


def _outcome(variable: str, outcome: Outcome | None, written: str) -> dict[str, Any]:
    if outcome is None:
        raise Missing((written,))
    return {
        f"{variable}.status": outcome.status.value,
        f"{variable}.codes": list(outcome.codes),
        f"{variable}.readings": _plain(outcome.reading_values()),
        f"{variable}.message": outcome.message,
    }


def _field(root: str, name: str, reference: Reference, scope: Scope) -> Any:
    record: Mapping[str, Any] = {
        "device": scope.facts.device,
        "customer": scope.facts.customer,
        "subscription": scope.facts.subscription,
        "tenant": scope.facts.tenant,
        "answers": scope.answers,
        "task": scope.task,
    }[root]
    value = record.get(name)
    if value is None and not (root == "task" and name in record):
        raise Missing((reference.written,))
    if reference.type == "double":
        return float(str(value))
    if reference.type == "string":
        return str(value)
    return _plain(value)


def _is_known(reference: Reference, scope: Scope) -> bool:
    assert reference.of is not None
    try:
        found = _read(reference.of, scope)
    except Missing:
        return False
    rest = reference.rest
    if reference.of.type == "outcome":
        if not rest:
            return True
        value, rest = found.get(f"{reference.of.variable}.{rest[0]}"), rest[1:]
    else:
        value = found[reference.of.variable]
    for key in rest:
        if not isinstance(value, dict) or key not in value:
            return False
        value = value[key]
    return value is not None


def _plain(value: Any) -> Any:
    """A value as CEL takes it: lists and dictionaries, whole numbers of 64 bits."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, int) and not isinstance(value, bool) and not -_INT64 <= value < _INT64:
        return str(value)
    return value


def as_text(value: Any) -> str:
    """A value inside a text: booleans as the data models spell them, lists with commas."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ",".join(as_text(v) for v in value)
    return "" if value is None else str(value)


def _bounded(value: Any) -> Any:
    if isinstance(value, str) and len(value) > VALUE_LIMIT_CHARACTERS:
        raise ExpressionFailed(_TOO_LONG)
    return value


def _longest(value: Any) -> int:
    """The length of the longest text anywhere in a value."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return max((max(len(k), _longest(v)) for k, v in value.items()), default=0)
    if isinstance(value, list):
        return max(map(_longest, value), default=0)
    return 0


def _measured(result: Any, left: int) -> int:
    """What is left of the limit after a list or map of CEL, measured before it is copied: lists share
    their items in CEL and would be copied in Python."""
    kind = result.type().name()
    if kind.startswith("LIST"):
        items = result.value()
    elif kind.startswith("MAP"):
        named = result.value()
        items = list(named.values())
        left -= sum(len(str(key)) for key in named)
    else:
        left -= len(result.value()) if kind in ("STRING", "BYTES") else 0
        items = []
    for item in items:
        left = _measured(item, left - 1)
        if left < 0:
            break
    if left < 0:
        raise ExpressionFailed(_TOO_LONG)
    return left
