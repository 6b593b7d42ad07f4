"""The run as it becomes during one call of `engine.decide`, and how it shows itself.

Pure: a `Decision` collects commands and does nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from widgets.messages import message
from workflows import showing, way_back
from workflows.commands import Command, Show
from workflows.conditions import Scope
from workflows.effects import LedgerNote
from workflows.facts import Facts
from workflows.graph import Connection, Step, Workflow
from workflows.outcome import Outcome
from workflows.run import Deadline, Phase, Run, Visit, Visited
from workflows.steps import StepTemplate, Texts
from workflows.texts import fill

AUTOMATION = "automation"


@dataclass(slots=True)
class Decision:
    """The run as it becomes, over the facts of this moment."""

    workflow: Workflow
    run: Run
    facts: Facts
    now: float
    expected_s: Mapping[str, int]
    commands: list[Command] = field(default_factory=list)
    task: Mapping[str, Any] = field(default_factory=dict)
    """The variables of the script that has just ended."""

    # -- what is where ------------------------------------------------------------------------

    @property
    def visit(self) -> Visit:
        """The current visit; only called where there is one."""
        assert self.run.visit is not None
        return self.run.visit

    @property
    def step(self) -> Step:
        """The step of the current visit."""
        return way_back.step_of(self.workflow, self.run, self.visit.node, self.visit.undoes)

    @property
    def template(self) -> StepTemplate:
        """The template of the current visit."""
        return self.step.template

    @property
    def with_person(self) -> bool:
        """Whether the run may ask a person."""
        return self.run.audience != AUTOMATION

    def change(self, **columns: Any) -> None:
        """Change the run."""
        self.run = replace(self.run, **columns)

    def change_visit(self, **columns: Any) -> None:
        """Change the current visit."""
        self.run = replace(self.run, visit=replace(self.visit, **columns))

    def to_phase(self, phase: Phase, until: float | None = None) -> None:
        """Wait in `phase`, at most until `until`. A held run stays held while its work goes on."""
        if self.run.phase is Phase.HELD and phase in (Phase.WORKING, Phase.PAUSED):
            phase = Phase.HELD
        ticks = self.run.ticks + (until is not None)
        deadline = None if until is None else Deadline(until, str(ticks))
        self.change(phase=phase, deadline=deadline, ticks=ticks)

    # -- showing ------------------------------------------------------------------------------

    def show(self, type: str, body: showing.Body, audience: tuple[str, ...] | None = None) -> None:
        """A session event of the current visit, with the next `rev`."""
        step = None
        if self.run.visit is not None:
            self.change_visit(rev=self.visit.rev + 1)
            step = {
                "workflow": self.workflow.name,
                "version": self.workflow.version,
                "node": self.visit.node,
                "run": self.run.id,
                "rev": self.visit.rev,
                "title": self.say(self.template.title),
                "visit": self.visit.number,
            }
        self.commands.append(Show(type, body, audience or showing.audience_of(self.run), step))

    def say(self, texts: Texts, outcome: Outcome | None = None) -> str:
        """An author's text in the run's language; "" when there is none."""
        return fill(texts, self.run.locale, self.words(outcome)) if texts else ""

    def words(self, outcome: Outcome | None) -> dict[str, Any]:
        """What a text may name after `outcome`."""
        return showing.placeholders(self.facts, outcome, self.workflow.settings, self.run.locale)

    def show_state(self, state: str, text: str, **more: Any) -> None:
        """The live state of the current visit."""
        seconds = self.seconds(self.template)
        body = showing.step_state(self.run, self.visit, self.template, state, text, seconds, **more)
        self.show("step.state", body)

    def show_running(self) -> None:
        """What the router is doing now, or that it is being called."""
        stage = next((s for s in self.template.stages if s.id == self.visit.stage), None)
        if not self.visit.contacted:
            self.show_state("contacting", message(self.run.locale, "state-contacting"))
        else:
            text = self.say(stage.text) if stage else message(self.run.locale, "state-running")
            self.show_state("running", text)

    def show_prompt(self, body: showing.Body) -> None:
        """A prompt, where an agent or operator reads from the screen."""
        if self.run.audience in showing.STAFF:
            self.show("script.prompt", body, showing.STAFF)

    def seconds(self, template: StepTemplate) -> int:
        """How long the step takes as a rule."""
        return self.expected_s.get(template.name, template.expected_s)

    def previous_outcome(self) -> Outcome | None:
        """What the last finished step found; undos apart."""
        found = (v.outcome for v in reversed(self.run.history) if v.undoes is None)
        return next((outcome for outcome in found if outcome is not None), None)

    def scope(self, outcome: Outcome) -> Scope:
        """What an expression sees after `outcome`."""
        return Scope(
            facts=self.facts,
            settings=self.workflow.settings,
            outcome=outcome,
            outcomes=self.run.outcomes,
            answers=self.run.answers,
        )

    def undo_actions(self) -> list[showing.Body]:
        """What may be undone now, as actions."""
        found = way_back.undoable(self.workflow, self.run)
        templates = {visited.node: self.workflow.steps[visited.node].template for visited in found}
        return showing.undo_actions(found, templates, self.run.locale)

    def label(self, connection: Connection, outcome: Outcome) -> str:
        """What a follow-up is called: the connection's label, else the title of its step."""
        return self.say(connection.label or self.workflow.steps[connection.target].template.title, outcome)

    def remember(self, outcome: Outcome | None) -> None:
        """Write the visit into the run's history; it may still show something afterwards."""
        visit = self.visit
        rpcs = sum(not isinstance(e.effect, LedgerNote) for e in visit.exchanges)
        done = Visited(visit.number, visit.node, visit.since, self.now, rpcs, outcome, visit.undoes)
        self.change(history=(*self.run.history, done))
