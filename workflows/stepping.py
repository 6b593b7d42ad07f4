"""How a run goes through its steps: enter, ask, work, conclude, follow on, give to a person, end.

Nothing here fetches, waits or raises over data or an author's mistake: a step that
cannot go on ends honestly and goes to a person.
"""

from __future__ import annotations

from dataclasses import replace

from widgets.messages import message
from workflows import showing
from workflows.commands import End, Escalate, Request
from workflows.decision import Decision
from workflows.effects import (
    WRITES,
    AddObject,
    AwaitContact,
    DeleteObject,
    Diagnose,
    LedgerNote,
    Reply,
    ScheduleInform,
    SetValues,
    Upload,
)
from workflows.facts import Facts
from workflows.following import FollowUps, follow_ups
from workflows.outcome import Change, Finding, Outcome, Status
from workflows.panel import answered, fields_of, widgets_of
from workflows.requests import WITHDRAWN, Need, Pause, ReplayMismatch
from workflows.run import VISITS_LIMIT, Ending, Exchange, Offer, Offered, Phase, Visit
from workflows.script import Done, advance
from workflows.steps import StepKind

ANSWER_LIMIT_S = 7 * 86_400.0
"""A question nobody answers closes the run after this long."""

REPLY_GRACE_S = 30.0
"""The queue ends a request at its deadline; this much later the run stops waiting by itself."""

TO_PERSON = {"uncertain": "uncertain", "stopped": "step-failed"}
"""Findings that go to a person where the author offers nothing: code -> reason of the escalation."""

NEW_WORK = (*WRITES, Upload, Diagnose, AwaitContact, ScheduleInform)
"""What a step that is to end begins no more; what it has changed is still read back."""

ENDINGS = {Status.SUCCESS: Ending.SUCCESS, Status.WARNING: Ending.WARNING, Status.ERROR: Ending.ERROR}


class Stepping(Decision):
    """A decision that walks the graph."""

    # -- a step begins ------------------------------------------------------------------------

    def enter(self, node: str, *, afresh: bool = False) -> None:
        """Begin a step: pin the facts, ask for consent if it writes, else go to work."""
        if self.run.visits >= VISITS_LIMIT:
            self.escalate("too-many-steps")
            return
        number = self.run.visits + 1
        visit = Visit(number, node, self.now, self.facts, afresh=afresh)
        self.change(visit=visit, visits=number, phase=Phase.WORKING)
        template = self.template
        before = self.previous_outcome()
        self.show_prompt(showing.script_prompt(template.prompt, self.run.locale, self.words(before)))
        if template.writes and template.consent and self.with_person:
            form = showing.consent_form(template, self.facts, before, self.run.locale, self.seconds(template))
            self.show("input.form", form)
            self.to_phase(Phase.CONSENT, self.now + ANSWER_LIMIT_S)
            return
        if template.say and template.kind not in (StepKind.GUI, StepKind.INFORMATION):
            self.show("message", {"text": self.say(template.say, before)})
        self.work()

    def undo(self, number: int) -> None:
        """Begin a visit that puts back what visit `number` has changed; it was asked for, so it goes to
        work at once."""
        if self.run.visits >= VISITS_LIMIT:
            self.escalate("too-many-steps")
            return
        undone = next(visited for visited in self.run.history if visited.number == number)
        visit = Visit(self.run.visits + 1, undone.node, self.now, self.facts, undoes=number)
        self.change(visit=visit, visits=visit.number, phase=Phase.WORKING, ending=None)
        self.work()

    # -- a step works -------------------------------------------------------------------------

    def work(self) -> None:
        """Replay the script over the replies there are, and do what it needs next."""
        visit, step = self.visit, self.step
        if visit.afresh:
            step = replace(step, template=replace(step.template, max_age_s=0))
        replies = [(e.effect, e.reply) for e in visit.exchanges if e.reply is not None]
        try:
            result = advance(
                step,
                self.workflow.settings,
                visit.facts,
                replies,
                answers=self.run.answers,
                outcomes=self.run.outcomes,
                outcome=self.previous_outcome(),
                pauses_over=visit.pauses_over,
            )
        except ReplayMismatch as error:
            self.break_off(f"{type(error).__name__}: {error}")
            return
        match result:
            case Need():
                self.need(result)
            case Pause(seconds, text, stage, _):
                self.change_visit(stage=stage or visit.stage)
                self.show_state("running", text or message(self.run.locale, "state-pause"))
                self.to_phase(Phase.PAUSED, self.now + seconds)
            case Done():
                self.facts = over(self.facts, result)
                self.task = result.task
                self.script_done(result.outcome)

    def need(self, need: Need) -> None:
        """Ask the world for one thing."""
        visit, template = self.visit, self.template
        exchange = Exchange(need.effect)
        if self.run.cancelling and isinstance(need.effect, NEW_WORK):
            exchange = replace(exchange, reply=Reply(ok=False, at=self.now, fault_code=WITHDRAWN))
        self.change_visit(exchanges=(*visit.exchanges, exchange), stage=need.stage or visit.stage)
        if exchange.reply is not None:
            self.work()
            return
        if not isinstance(need.effect, LedgerNote):
            if isinstance(need.effect, WRITES) and template.disrupts_s and not visit.warned:
                self.change_visit(warned=True)
                self.show("connectivity.expect_loss", {"seconds": template.disrupts_s})
            self.show_running()
        timeout_s = need.timeout_s or template.timeout_s
        deadline_at = self.now + (timeout_s if visit.contacted else max(timeout_s, template.wait_s))
        self.commands.append(Request(visit.number, len(visit.exchanges), need.effect, deadline_at))
        self.to_phase(Phase.WORKING, deadline_at + REPLY_GRACE_S)

    def break_off(self, detail: str) -> None:
        """A script that cannot go on: say so, with what it had already changed, and fetch a person."""
        answered = [(e.effect, e.reply) for e in self.visit.exchanges if e.reply is not None and e.reply.ok]
        written: list[Change] = []
        for effect, reply in answered:
            match effect:
                case SetValues(values):
                    written += [Change(path, None, value, None, "set", kind) for path, value, kind in values]
                case AddObject(parent):
                    written.append(Change(f"{parent}{reply.instance}.", None, None, None, "added"))
                case DeleteObject(instance):
                    written.append(Change(instance, None, None, None, "deleted"))
        outcome = Outcome(Status.ERROR, (Finding("stopped", "ERROR"),), changes=tuple(written))
        self.show_outcome(outcome)
        self.remember(outcome)
        self.escalate("step-failed", detail=detail)

    def script_done(self, outcome: Outcome) -> None:
        """The script ended: a panel asks now, any other step is concluded."""
        asks = self.template.kind is StepKind.GUI and outcome.status is not Status.ERROR
        if asks and self.with_person and self.run.phase is not Phase.HELD:
            self.ask(outcome)
        else:
            self.conclude(outcome)

    def ask(self, outcome: Outcome) -> None:
        """Show the panel and wait for the answer."""
        fields, shown = fields_of(self.panel(outcome))
        found = [self.finding_text(finding, outcome) for finding in outcome.findings]
        told = " ".join(filter(None, [*found, self.say(self.template.say, outcome)])).strip()
        text = told or self.say(self.template.title)
        self.change_visit(fields=tuple(fields), outcome=outcome)
        self.show_last_state(outcome)
        self.show(
            "input.form", showing.question_form(text, shown, fields, self.visit.number, self.run.locale)
        )
        self.to_phase(Phase.ASKING, self.now + ANSWER_LIMIT_S)

    def panel(self, outcome: Outcome) -> list[showing.Body]:
        """The widgets of the step's panel, with what its script has left in its variables."""
        scope = replace(self.scope(outcome), task=self.task)
        return widgets_of(self.step, scope, self.run.locale, self.words(outcome))

    def finding_text(self, finding: Finding, outcome: Outcome) -> str:
        """What a finding means in the person's words."""
        settings = self.workflow.settings
        return showing.finding_text(finding, outcome, self.template, self.facts, self.run.locale, settings)

    # -- a step ends --------------------------------------------------------------------------

    def conclude(self, outcome: Outcome) -> None:
        """Show what the step found and go on from there."""
        self.show_outcome(outcome)
        self.remember(outcome)
        if self.template.kind is StepKind.INFORMATION and self.run.phase is not Phase.HELD:
            said = self.say(self.template.say, self.previous_outcome_before(outcome))
            self.escalate("information-only", said, self.say(self.template.title))
        else:
            self.follow(outcome)

    def previous_outcome_before(self, outcome: Outcome) -> Outcome:
        """What an information-only step speaks about: the step before it, if it found nothing itself."""
        if outcome.findings or outcome.readings:
            return outcome
        finished = [v.outcome for v in self.run.history[:-1] if v.outcome is not None]
        return finished[-1] if finished else outcome

    def show_last_state(self, outcome: Outcome) -> None:
        """How the checklist ends, where there was one."""
        if any(not isinstance(e.effect, LedgerNote) for e in self.visit.exchanges):
            state = "failed" if outcome.status is Status.ERROR else "done"
            state = "timed_out" if "unreachable" in outcome.codes else state
            self.show_state(state, message(self.run.locale, f"state-{state.replace('_', '-')}"))

    def show_outcome(self, outcome: Outcome) -> None:
        """The end of the checklist, unless a question has shown it already, and the result."""
        kind, locale = self.template.kind, self.run.locale
        if self.visit.outcome is None:
            self.show_last_state(outcome)
        said = bool(outcome.findings or outcome.message) or outcome.status is Status.ERROR
        if kind is StepKind.INFORMATION and not said:
            return
        quiet = kind in (StepKind.GUI, StepKind.BUSINESS) and not said
        asked = self.visit.outcome is not None
        widgets = [] if asked or not self.template.panel else fields_of(self.panel(outcome))[1]
        settings = self.workflow.settings
        body = showing.step_result(outcome, self.template, self.facts, locale, settings, widgets)
        if quiet and (answer := answered(self.step, self.run.answers, locale, self.words(outcome))):
            body["text"] = answer
        self.show("step.result", body, showing.STAFF if quiet else None)

    # -- and then -----------------------------------------------------------------------------

    def follow(self, outcome: Outcome) -> None:
        """Go where the connections lead: at once, by a person's choice, to a person, or to the end."""
        if self.run.phase is Phase.HELD:
            self.rest_held()
            return
        if self.visit.undoes is not None:
            self.resume(outcome)
            return
        found = follow_ups(self.workflow, self.visit.node, self.scope(outcome))
        at_once = found.direct if self.with_person else found.automatic
        if at_once is not None:
            self.enter(at_once.target)
        elif found.holding and self.with_person:
            self.offer(found, outcome)
        elif self.workflow.is_operation:
            self.end(ENDINGS.get(outcome.status, Ending.WARNING))
        elif needs_person := next((TO_PERSON[code] for code in outcome.codes if code in TO_PERSON), None):
            self.escalate(needs_person, detail=showing.readings_text(outcome))
        elif self.is_end(found, outcome):
            self.end(ENDINGS.get(outcome.status, Ending.WARNING))
        else:
            broken = "; ".join(o.error for o in found.others if o.error)
            self.escalate("nothing-left", detail=broken or showing.unknown(found))

    def resume(self, outcome: Outcome) -> None:
        """After an undo: back to the offer it was asked at, or to the end; or to a person, if need be."""
        if needs_person := next((TO_PERSON[code] for code in outcome.codes if code in TO_PERSON), None):
            self.escalate(needs_person, detail=showing.readings_text(outcome))
        elif self.run.offer is not None:
            self.show_prompt(self.offer_prompt(outcome, len(self.run.offer.follow_ups)))
            self.put_offer()
        else:
            last = self.previous_outcome() or outcome
            self.end(ENDINGS.get(last.status, Ending.WARNING))

    def is_end(self, found: FollowUps, outcome: Outcome) -> bool:
        """Whether nothing more to do means done: the graph ends here, or nothing was found."""
        if not self.with_person:
            return True
        fine = outcome.status in (Status.SUCCESS, Status.WARNING)
        if not found.others:
            return fine
        unknown = any(other.missing or other.error for other in found.others)
        return outcome.status is Status.SUCCESS and not outcome.findings and not unknown

    def offer(self, found: FollowUps, outcome: Outcome) -> None:
        """Let a person choose among the follow-ups that hold."""
        follow = tuple(
            Offered(c.target, self.label(c, outcome), self.say(c.reason, outcome)) for c in found.offered
        )
        several = len(follow) > 1
        text = message(self.run.locale, "offer-several" if several else "offer-one")
        self.change(offer=Offer(self.visit.number, self.visit.node, text, follow))
        prompt = self.offer_prompt(outcome, len(follow))
        taken = {f.target for f in follow}
        prompt["not_offered"] = [
            showing.not_offered(other, self.label(other.connection, outcome), self.run.locale)
            for other in found.others
            if other.connection.target not in taken
        ]
        self.show_prompt(prompt)
        self.put_offer()

    def offer_prompt(self, outcome: Outcome, count: int) -> showing.Body:
        """What an agent says before a choice: what was found, or thanks for an answer that led here."""
        locale, settings = self.run.locale, self.workflow.settings
        prompt = showing.script_prompt(None, locale, {})
        asked = self.template.kind is StepKind.GUI and not outcome.findings and not outcome.message
        if asked and outcome.status is Status.SUCCESS:
            prompt["say"] = message(locale, "prompt-offer-say")
        else:
            prompt["say"] = showing.result_text(outcome, self.template, self.facts, locale, settings)
        prompt["ask"] = message(locale, "prompt-offer-ask" if count > 1 else "prompt-offer-ask-one")
        return prompt

    def put_offer(self) -> None:
        """Show the offer there is and wait for the choice."""
        assert self.run.offer is not None
        templates = {f.target: self.workflow.steps[f.target].template for f in self.run.offer.follow_ups}
        body = showing.offered(self.run.offer, templates, self.expected_s, self.undo_actions())
        self.show("step.offered", body)
        self.to_phase(Phase.CHOOSING, self.now + ANSWER_LIMIT_S)
        self.change(visit=None)

    def escalate(self, reason: str, text: str = "", detail: str = "") -> None:
        """Give the run to a person, unless one has it already."""
        if self.run.phase is Phase.HELD:
            self.rest_held()
            return
        text = text or message(self.run.locale, f"escalate-{reason.removesuffix('-only')}")
        self.show("handoff.initiate", {"reason": reason, "text": text})
        self.commands.append(Escalate(reason, text, detail))
        self.to_phase(Phase.ESCALATED)
        self.change(visit=None, offer=None)

    def rest_held(self) -> None:
        """Work in flight is over: end, stay silent, or go where the run was handed back to."""
        if self.run.cancelling:
            self.end(Ending.CANCELLED)
            return
        node = self.run.next_node
        self.to_phase(Phase.HELD)
        self.change(visit=None, offer=None, next_node=None)
        if node is not None:
            self.enter(node, afresh=True)

    def end(self, ending: Ending) -> None:
        """The run is over."""
        self.show("session.ended", showing.ended(self.run, ending.value, self.undo_actions()))
        self.commands.append(End(ending))
        self.to_phase(Phase.ENDED)
        self.change(visit=None, offer=None, next_node=None, cancelling=False, ending=ending)


def over(facts: Facts, done: Done) -> Facts:
    """The facts with what the script read laid over; what a whole object no longer holds is gone."""
    if not done.objects_read:
        return facts.over(done.read)
    kept = {
        path: datum
        for path, datum in facts.parameters.items()
        if path in done.read or not path.startswith(done.objects_read)
    }
    return replace(facts, parameters={**kept, **done.read})
