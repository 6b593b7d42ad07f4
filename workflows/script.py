"""Interprets one step's body, replayed from its start over the replies recorded so far (invariant 3).

`advance` is a function: the same step, facts and replies give the same result, so a crash resumes a
step where it was. The k-th request of a replay must equal the k-th recorded one. Nothing here acts:
a request is data, which the runs make real.

How a step ends without the author's word: no answer in time gives the finding "unreachable"; a write
that may or may not have happened "uncertain"; a fault nobody expected "refused", with the parameter;
an expression without value "stopped", with what was missing; one that nobody needs any more "cancelled".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from workflows import device_nodes, placed, tasks
from workflows.conditions import ExpressionFailed, Scope, Template, as_text
from workflows.device_work import DeviceWork
from workflows.effects import Effect, LedgerNote, Reply
from workflows.facts import Datum, Facts
from workflows.graph import Step
from workflows.outcome import Finding, Outcome, Reading, Status
from workflows.paths import as_object
from workflows.requests import End, Failed, Need, Pause, ReplayMismatch, Stop
from workflows.settings import Missing, Settings
from workflows.texts import FACTS, fill

__all__ = ["Done", "Need", "Pause", "ReplayMismatch", "advance"]

NODES_LIMIT = 10_000
FOREACH_LIMIT_ITEMS = 1_000
LOG_LIMIT_LINES = 200
NOTE_LIMIT_CHARACTERS = 2_000

AWAY = ("unreachable", "uncertain")
"""Failures after which nothing more is asked of the device."""
GONE = (*AWAY, "cancelled")
"""Failures that no `catch` takes and after which no `finally` runs."""
FAULT_READINGS = ("parameter", "setting", "fault_code", "fault_text", "missing", "reason")
"""What a `catch` may ask of its fault beside `code`; "" where there is none."""


@dataclass(frozen=True, slots=True)
class Done:
    """The script ended. `read` are the parameters read, fresh; `objects_read` are the partial paths
    (ending in ".") read whole: what is stored below them and not in `read` is gone. `task` holds the
    script's variables, for its panel."""

    outcome: Outcome
    read: Mapping[str, Datum]
    objects_read: tuple[str, ...] = ()
    log: tuple[tuple[str, str], ...] = ()
    task: Mapping[str, Any] = field(default_factory=dict)


def advance(
    step: Step,
    settings: Settings,
    facts: Facts,
    replies: Sequence[tuple[Effect, Reply]],
    *,
    answers: Mapping[str, Any],
    outcomes: Mapping[str, Outcome],
    outcome: Outcome | None = None,
    pauses_over: int = 0,
) -> Need | Pause | Done:
    """What the step does next, after these replies and this many pauses over.

    `outcome` is that of the step before, `outcomes` by step id. ReplayMismatch when the replies are
    not those this step would have asked for.
    """
    scope = Scope(facts, settings, outcome, outcomes, answers)
    script = _Script(step, scope, replies, pauses_over)
    try:
        script.run()
    except Stop as stop:
        return stop.what
    except End:
        pass
    if script.requests < len(replies):
        raise ReplayMismatch(f"{len(replies)} replies recorded, {script.requests} asked for")
    return script.done()


class _TaskEnd(Exception):
    """The task template ended and the step goes on."""


class _Script(DeviceWork):
    def __init__(
        self, step: Step, scope: Scope, replies: Sequence[tuple[Effect, Reply]], pauses_over: int
    ) -> None:
        super().__init__(step, scope, replies)
        self.pauses_over = pauses_over
        self.pauses = self.nodes = self.depth = 0
        self.readings: list[Reading] = []
        self.log: list[tuple[str, str]] = []
        self.message = ""

    def run(self) -> None:
        """The body, and then a look at what it has changed and not looked at."""
        try:
            self._body_of_step()
        except End as ended:
            if not isinstance(ended, Failed) or ended.finding.code not in AWAY:
                self.read_back()
            raise
        self.read_back()

    def _body_of_step(self) -> None:
        try:
            self.refresh()
            self.scope = replace(self.scope, task=placed.arguments(self.step, self.scope))
            self._body(self.template.body)
        except (Missing, ExpressionFailed) as nothing:
            raise self._without_value(nothing) from None

    def _without_value(self, nothing: Missing | ExpressionFailed) -> Failed:
        if isinstance(nothing, Missing):
            return self.failed("stopped", missing=", ".join(nothing.names))
        return self.failed("stopped", reason=str(nothing))

    def done(self) -> Done:
        status = self.status
        if status is None:
            worst = {finding.severity for finding in self.findings}
            status = Status.WARNING if "WARN" in worst else Status.SUCCESS
            status = Status.ERROR if "ERROR" in worst else status
        changes = tuple(self.changes.values())
        outcome = Outcome(status, tuple(self.findings), tuple(self.readings), changes, self.message)
        objects = tuple(dict.fromkeys(self.objects_read))
        return Done(outcome, self.read, objects, tuple(self.log), self.scope.task)

    # -- nodes ------------------------------------------------------------------------------------

    def _body(self, body: tuple[tasks.Node, ...]) -> None:
        for node in body:
            self.nodes += 1
            if self.nodes > NODES_LIMIT:
                self.fail("stopped", reason=f"more than {NODES_LIMIT} nodes")
            self._node(node)

    def _node(self, node: tasks.Node) -> None:
        match node:
            case tasks.If():
                self._if(node)
            case tasks.Foreach():
                self._foreach(node)
            case tasks.While():
                self._while(node)
            case tasks.In(key, body):
                self._in(key, body)
            case tasks.Try():
                self._try(node)
            case tasks.Var(name, value):
                self.bind(name, value.value(self.scope))
            case tasks.Log(level, message):
                if len(self.log) < LOG_LIMIT_LINES:
                    self.log.append((level, as_text(message.value(self.scope))))
            case tasks.Finish():
                self._finish(node)
            case tasks.Wait(seconds, message):
                self._wait(seconds, message)
            case tasks.Call():
                self._call(node)
            case tasks.Measured():
                self.readings.append(self._measured(node))
            case tasks.Found(code, severity, readings):
                named = tuple(self._measured(reading) for reading in readings)
                self.findings.append(Finding(code, severity, named))
            case tasks.Note():
                self._note(node)
            case _:
                self.device_work(node)

    def _if(self, node: tasks.If) -> None:
        verdict = node.condition.evaluate(self.scope)
        if verdict.holds is None:
            self.fail("stopped", missing=", ".join(verdict.missing), reason=verdict.error)
        self._body(node.then if verdict.holds else node.otherwise)

    def _foreach(self, node: tasks.Foreach) -> None:
        query = node.items
        items = self.found(query) if isinstance(query, device_nodes.Query) else query.value(self.scope)
        if not isinstance(items, list):
            self.fail("stopped", reason="foreach needs a list")
        for item in items[:FOREACH_LIMIT_ITEMS]:
            self.bind(node.iterator, item)
            self._body(node.body)

    def _while(self, node: tasks.While) -> None:
        for _ in range(node.limit):
            verdict = node.condition.evaluate(self.scope)
            if verdict.holds is None:
                self.fail("stopped", missing=", ".join(verdict.missing), reason=verdict.error)
            if not verdict.holds:
                return
            self._body(node.body)

    def _in(self, key: Template, body: tuple[tasks.Node, ...]) -> None:
        outer = self.within
        self.within = self.full(as_object(self.text(key)))
        try:
            self._body(body)
        finally:
            self.within = outer

    def _try(self, node: tasks.Try) -> None:
        try:
            self._tried(node)
        except (End, _TaskEnd, Missing, ExpressionFailed) as ended:
            if not isinstance(ended, Failed) or ended.finding.code not in GONE:
                self._body(node.last)
            raise
        self._body(node.last)

    def _tried(self, node: tasks.Try) -> None:
        try:
            self._body(node.body)
        except (Failed, Missing, ExpressionFailed) as ended:
            failed = ended if isinstance(ended, Failed) else self._without_value(ended)
            if node.catch is None or failed.finding.code in GONE:
                raise failed from None
            self.findings.remove(failed.finding)
            self.status = None
            told = {reading.name: reading.value for reading in failed.finding.readings}
            self.bind(node.fault, {"code": failed.finding.code, **dict.fromkeys(FAULT_READINGS, ""), **told})
            self._body(node.catch)

    def _finish(self, node: tasks.Finish) -> None:
        if self.depth and node.status is not Status.ERROR:
            raise _TaskEnd
        self.status = node.status
        if node.message is not None:
            self.message = as_text(node.message.value(self.scope))
        raise End

    def _wait(self, seconds: int, message: str) -> None:
        number = self.pauses
        self.pauses += 1
        if number >= self.pauses_over:
            raise Stop(Pause(seconds, message, self.stage, number))

    def _call(self, node: tasks.Call) -> None:
        outer = self.scope.task
        inner = {name: value.value(self.scope) for name, value in node.inputs}
        self.scope = replace(self.scope, task=inner)
        self.depth += 1
        try:
            self._body(node.body)
        except _TaskEnd:
            pass
        except End:
            if not node.ignore_error:
                raise
            self.status, self.message = None, ""
        finally:
            self.depth -= 1
            made = self.scope.task
            self.scope = replace(self.scope, task=outer)
        for theirs, ours in node.outputs:
            self.bind(ours, made.get(theirs))

    def _measured(self, node: tasks.Measured) -> Reading:
        ages = []
        for expression in node.value.expressions:
            for name in expression.named("sv"):
                try:
                    ages.append(self.settings.age_s(name, self.scope.facts))
                except Missing:
                    continue
        return Reading(node.name, node.value.value(self.scope), node.unit, max(ages, default=None))

    def _note(self, node: tasks.Note) -> None:
        facts = self.scope.facts
        records = {"customer": facts.customer, "device": facts.device, "subscription": facts.subscription}
        values: dict[str, Any] = {}
        for name in FACTS:
            root, _, leaf = name.partition(".")
            values[name] = records[root].get(leaf)
        for outcome in (*self.scope.outcomes.values(), self.scope.outcome):
            values.update(outcome.reading_values() if outcome else {})
        self.enter(node.stage)
        text = fill(node.text, str(facts.customer.get("locale") or "en"), values)
        reply = self.request(LedgerNote(text[:NOTE_LIMIT_CHARACTERS]))
        self.checked(reply, ())
