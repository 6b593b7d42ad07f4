"""The nodes of a body that ask something of the device, beside `get`, `set` and `verify`, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.conditions import Template
from workflows.effects import FactoryReset, Reboot
from workflows.outcome import Change


@dataclass(frozen=True, slots=True)
class How:
    """How a request to the device is made: `output` gets what comes back, None after an ignored fault;
    `timeout_s` is how long the device may take, None for as long as the step allows."""

    output: str = ""
    stage: str = ""
    ignore_faults: bool = False
    timeout_s: int | None = None


@dataclass(frozen=True, slots=True)
class Put:
    """One value of a new instance; `key` is below the instance, or a full path."""

    key: Template
    value: Template
    type: str = ""


@dataclass(frozen=True, slots=True)
class Add:
    """A new instance of the object `parent`, then its values in one request; `output` gets its path."""

    parent: Template
    values: tuple[Put, ...] = ()
    how: How = How()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete one instance, or each of a list; `output` gets true."""

    key: Template
    how: How = How()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Where:
    """A value that an instance must hold: `name` is below it."""

    name: str
    value: Template
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """Instances of the device: `path` with `{i}` for any number, below `within` where it is given."""

    path: Template
    within: Template | None = None
    where: tuple[Where, ...] = ()


@dataclass(frozen=True, slots=True)
class Find:
    """`output` gets the paths that fit the query, by number."""

    query: Query
    output: str
    stage: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Names:
    """What is below an object; `output` gets a list of {"name", "writable"}."""

    key: Template
    next_level: bool = True
    how: How = How()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Attributes:
    """How the device tells of a changed value: `notification` 0 off, 1 passive, 2 active."""

    key: Template
    notification: int
    how: How = How()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """An order without arguments; `output` gets true."""

    effect: Reboot | FactoryReset
    how: How = How()
    line: int = 0


@dataclass(frozen=True, slots=True)
class ScheduleInform:
    """The device calls again after so many seconds; `output` gets true."""

    delay: Template
    how: How = How()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Download:
    """The device fetches a stored file; `type` is the file type of TR-069 A.3.2.8; `output` gets true."""

    type: str
    file: Template
    how: How = How()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Upload:
    """The device hands in a file; `type` is the file type of TR-069 A.4.1.5; `output` gets the file's id."""

    type: str
    how: How = How()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Diagnose:
    """A diagnostics run by its name; `output` gets its typed results."""

    name: str
    inputs: tuple[tuple[str, Template], ...] = ()
    how: How = How()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Await:
    """Wait until the device calls with one of these events (any, when empty). `output` gets whether it
    did; without an output a device that stays away ends the step."""

    events: tuple[str, ...] = ()
    how: How = How()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Refresh:
    """Read afresh: `keys` are names of settings and paths; `output` gets true."""

    keys: Template
    how: How = How()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Undo:
    """Put back what the stored change, given to the run as `input`, had changed."""

    input: str
    stage: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class PutBack:
    """Put back these changes, made in this order. No author writes it: the engine does."""

    changes: tuple[Change, ...]
    line: int = 0


Node = (
    Add
    | Delete
    | Find
    | Names
    | Attributes
    | Order
    | ScheduleInform
    | Download
    | Upload
    | Diagnose
    | Await
    | Refresh
    | Undo
    | PutBack
)

Writing = Add | Delete | Attributes | Order | Download | Undo | PutBack
"""What changes the device."""
