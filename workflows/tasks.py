"""The nodes of a step's body and of task templates, as frozen data. `script.advance` gives them meaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.conditions import Condition, Template
from workflows.expressions import Expression
from workflows.outcome import Status
from workflows.steps import Texts


@dataclass(frozen=True, slots=True)
class Get:
    """Read parameters. `key` gives one path or a list; `output` gets the typed value or the list.
    `from_cache`: stored values will do where there are any."""

    key: Template
    output: str = ""
    stage: str = ""
    ignore_faults: bool = False
    from_cache: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Set:
    """Write parameters, all in one request. `key` gives one path or a list, `value` one value or as
    many; `output` gets the device's status (0 applied, 1 not yet), or nothing after an ignored fault."""

    key: Template
    value: Template
    type: str = ""
    output: str = ""
    stage: str = ""
    ignore_faults: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Verify:
    """Read back what was written; `output` gets whether the device now holds all of it."""

    key: Template
    output: str
    stage: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class If:
    """Run one of two bodies; an unknown condition stops the step."""

    condition: Condition
    then: tuple[Node, ...]
    otherwise: tuple[Node, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Foreach:
    """Run the body for each item of a list, bound to `iterator`."""

    items: Template
    iterator: str
    body: tuple[Node, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Var:
    """Give a script variable a value."""

    name: str
    value: Template
    line: int = 0


@dataclass(frozen=True, slots=True)
class Log:
    """Leave a line in the step's log."""

    level: str
    message: Template
    line: int = 0


@dataclass(frozen=True, slots=True)
class Finish:
    """End the step (in a task template: the task; a status of ERROR ends the step too)."""

    status: Status
    message: Template | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Wait:
    """Let time pass before the next request."""

    seconds: int
    message: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """Run a task template's body with its own variables. `inputs` are (its variable, value),
    `outputs` are (its variable, ours)."""

    template: str
    inputs: tuple[tuple[str, Template], ...]
    outputs: tuple[tuple[str, str], ...]
    body: tuple[Node, ...]
    ignore_error: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Measured:
    """A reading to report; its age is that of the oldest setting value its expression reads."""

    name: str
    value: Template
    unit: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A finding to report."""

    code: str
    severity: str
    readings: tuple[Measured, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """Write a note on the customer's ledger, in the customer's language."""

    text: Texts
    stage: str = ""
    line: int = 0


Node = Get | Set | Verify | If | Foreach | Var | Log | Finish | Wait | Call | Measured | Found | Note


def walk(body: tuple[Node, ...]) -> Iterator[Node]:
    """Every node of a body, those of called task templates included, in document order."""
    for node in body:
        yield node
        match node:
            case If(then=then, otherwise=otherwise):
                yield from walk(then)
                yield from walk(otherwise)
            case Foreach(body=inner) | Call(body=inner):
                yield from walk(inner)
            case Found(readings=readings):
                yield from readings
            case _:
                pass


def expressions(body: tuple[Node, ...]) -> Iterator[Expression]:
    """Every compiled expression of a body."""
    for node in walk(body):
        match node:
            case If(condition=condition):
                yield condition.expression
            case Get(key=template) | Verify(key=template) | Foreach(items=template):
                yield from template.expressions
            case Var(value=template) | Measured(value=template) | Log(message=template):
                yield from template.expressions
            case Set(key=key, value=value):
                yield from (*key.expressions, *value.expressions)
            case Finish(message=message) if message is not None:
                yield from message.expressions
            case Call(inputs=inputs):
                for _, template in inputs:
                    yield from template.expressions
            case _:
                pass
