"""Interprets one step's body, replayed from its start over the replies recorded so far (invariant 3).

`advance` is a function: the same step, facts and replies give the same result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workflows.effects import Effect
from workflows.facts import Datum
from workflows.outcome import Outcome


class ReplayMismatch(Exception):
    """The k-th request of a replay differs from the recorded one: the step must fail."""


@dataclass(frozen=True, slots=True)
class Need:
    """The script asks the world for one thing. `stage` is the id of the template's stage it is in,
    `k` that stage's number counted from 1 and `n` how many there are (None without stages).
    `request` counts requests from 0: it equals the number of replies given."""

    effect: Effect
    stage: str | None
    k: int
    n: int | None
    request: int


@dataclass(frozen=True, slots=True)
class Pause:
    """The script waits. When the seconds are over, call `advance` with `pauses_over` one higher."""

    seconds: int
    message: str
    stage: str | None
    number: int


@dataclass(frozen=True, slots=True)
class Done:
    """The script ended. `read` are the parameters read, fresh; `objects_read` are the partial paths
    (ending in ".") read whole: what is stored below them and not in `read` is gone."""

    outcome: Outcome
    read: Mapping[str, Datum]
    objects_read: tuple[str, ...] = ()
    log: tuple[tuple[str, str], ...] = field(default=())
