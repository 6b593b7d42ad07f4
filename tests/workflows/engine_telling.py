"""A run under test that is told events and keeps what it commands."""

from __future__ import annotations

from typing import Any

from tests.workflows.engine_graphs import NOW, REPAIR, Router, facts, run_of
from workflows.commands import Request, Show
from workflows.engine import decide
from workflows.facts import Facts
from workflows.graph import Workflow
from workflows.run import Replied, Run, Sent


class Told:
    """A run under test: takes events, keeps every command, answers the device's requests on demand."""

    def __init__(self, workflow: Workflow = REPAIR, audience: str = "customer", locale: str = "en") -> None:
        self.workflow = workflow
        self.run: Run = run_of(audience, locale)
        self.now = NOW
        self.facts: Facts = facts()
        self.commands: list[Any] = []

    def tell(self, event: Any) -> list[Any]:
        self.run, commands = decide(self.workflow, self.run, event, self.facts, self.now)
        self.commands += commands
        assert Run.from_json(self.run.to_json()) == self.run
        return list(commands)

    def request(self) -> Request:
        return [c for c in self.commands if isinstance(c, Request)][-1]

    def answer(self, router: Router) -> None:
        """Answer requests until the run waits for something else."""
        while self.run.visit is not None and self.run.visit.waits_for is not None:
            request = self.request()
            self.tell(Sent(request.visit, request.k))
            self.tell(Replied(request.visit, request.k, router.answer(request.effect, self.now)))

    def shown(self, type: str) -> list[dict[str, Any]]:
        return [dict(c.body) for c in self.commands if isinstance(c, Show) and c.type == type]

    def types(self) -> list[str]:
        return [c.type for c in self.commands if isinstance(c, Show)]


def offered(told: Told) -> list[str]:
    return [action["id"] for action in told.shown("step.offered")[-1]["actions"]]
