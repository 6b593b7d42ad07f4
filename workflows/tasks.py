"""The nodes of a step's body and of task templates, as frozen data. `script.advance` gives them meaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from workflows import device_nodes
from workflows.conditions import Condition, Template
from workflows.expressions import Expression
from workflows.outcome import Status
from workflows.paths import is_path
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
    """Run the body for each item of a list, or each path that a query finds, bound to `iterator`."""

    items: Template | device_nodes.Query
    iterator: str
    body: tuple[Node, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class While:
    """Run the body while the condition holds, at most `limit` times; an unknown condition stops the step."""

    condition: Condition
    limit: int
    body: tuple[Node, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class In:
    """Run the body with keys that begin with no root taken as below `key`."""

    key: Template
    body: tuple[Node, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Try:
    """Run `body`. A refused request or a missing value goes on in `catch`, which gets what happened as
    `fault`; `last` runs in any case but when the device has gone."""

    body: tuple[Node, ...]
    catch: tuple[Node, ...] | None = None
    fault: str = ""
    last: tuple[Node, ...] = ()
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


Writing = Set | device_nodes.Writing
"""What changes the device."""

DeviceWork = Get | Set | Verify | device_nodes.Node
"""What asks something of the device."""

Flow = If | Foreach | While | In | Try | Var | Log | Finish | Wait | Call

Node = DeviceWork | Flow | Measured | Found | Note


def bodies(node: Node) -> tuple[tuple[Node, ...], ...]:
    """The bodies inside a node, in document order."""
    match node:
        case If(then=then, otherwise=otherwise):
            return (then, otherwise)
        case Try(body=body, catch=catch, last=last):
            return (body, catch or (), last)
        case Foreach(body=body) | While(body=body) | In(body=body) | Call(body=body):
            return (body,)
        case Found(readings=readings):
            return (readings,)
        case _:
            return ()


def walk(body: tuple[Node, ...]) -> Iterator[Node]:
    """Every node of a body, those of called task templates included, in document order."""
    for node in body:
        yield node
        for inner in bodies(node):
            yield from walk(inner)


def refreshed(body: tuple[Node, ...]) -> frozenset[str]:
    """The names of settings that a body reads afresh by name."""
    keys = (
        node.keys
        for node in walk(body)
        if isinstance(node, device_nodes.Refresh) and not node.keys.expressions
    )
    return frozenset(name for key in keys for name in key.source.split() if not is_path(name))


def expressions(body: tuple[Node, ...]) -> Iterator[Expression]:
    """Every compiled expression of a body."""
    for node in walk(body):
        for field in fields(node):
            yield from _compiled(getattr(node, field.name))


def _compiled(value: Any) -> Iterator[Expression]:
    """The expressions of one attribute of a node; nodes inside it are walked by themselves."""
    match value:
        case Template():
            yield from value.expressions
        case Condition():
            yield value.expression
        case device_nodes.Query() | device_nodes.Where() | device_nodes.Put():
            for field in fields(value):
                yield from _compiled(getattr(value, field.name))
        case tuple():
            for item in value:
                yield from _compiled(item)
