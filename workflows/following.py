"""Which follow-ups of a finished step hold now, and why the others do not (row A2).

Unknown is not false (invariant 9): a condition over data nobody has read is not offered, and says
which datum is missing.
"""

from __future__ import annotations

from dataclasses import dataclass

from workflows.conditions import Scope
from workflows.graph import Connection, Workflow


@dataclass(frozen=True, slots=True)
class NotOffered:
    """A connection whose condition is false (`missing` and `error` empty), unknown or broken."""

    connection: Connection
    missing: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class FollowUps:
    """The connections leaving a step, by priority: those that hold, and the others."""

    holding: tuple[Connection, ...]
    others: tuple[NotOffered, ...]

    @property
    def direct(self) -> Connection | None:
        """The first that every run follows at once."""
        return next((c for c in self.holding if c.direct), None)

    @property
    def automatic(self) -> Connection | None:
        """The first that a run without a person may follow."""
        return next((c for c in self.holding if c.direct or c.auto), None)

    @property
    def offered(self) -> tuple[Connection, ...]:
        """What a person may choose from: one connection a target, the first that holds."""
        targets: dict[str, Connection] = {}
        for connection in self.holding:
            targets.setdefault(connection.target, connection)
        return tuple(targets.values())


def follow_ups(workflow: Workflow, node: str, scope: Scope) -> FollowUps:
    """Evaluate every connection that leaves `node`. Never raises over data."""
    holding: list[Connection] = []
    others: list[NotOffered] = []
    for connection in workflow.leaving(node):
        if connection.when is None:
            holding.append(connection)
            continue
        verdict = connection.when.evaluate(scope)
        if verdict.holds:
            holding.append(connection)
        else:
            others.append(NotOffered(connection, verdict.missing, verdict.error))
    return FollowUps(tuple(holding), tuple(others))
