"""The one place where a decision becomes an effect.

Everything a decision does is one transaction under the run's row lock: its entry in the run's log, the new
state, the session events, the tasks for the device, the ledger's notes, the news for the layers above. After
commit the events are pushed and the device is woken; both are done again from rows when they are lost.

Doing the same thing twice does it once: a reply to a request already answered, an old deadline and a second
start change nothing, and tasks and notes carry the key "run:visit:k".
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping
from typing import Any

import structlog

from backend.announcements import announce
from backend.crm import ledger
from backend.database import new_id, transaction
from backend.devices import queue
from backend.devices.announcements import DeviceUnreachable, TaskFinished, TaskProgressed, TaskStarted
from backend.errors import Conflict, Invalid, NotFound
from backend.live import log as live_log
from backend.runs import catalogue, changed, context, facts, fitting, given, records, sealing
from backend.runs.announcements import RunEnded, RunEscalated
from backend.runs.tables import Run, RunEntry
from widgets.messages import message
from workflows import commands
from workflows import run as runs
from workflows.effects import LedgerNote, Reply, effect_to_json
from workflows.engine import Refusal, decide, refusal
from workflows.facts import Facts
from workflows.graph import Workflow

log = structlog.get_logger(__name__)

DUE_BATCH_RUNS = 100
WAITING_LIMIT_RUNS = 50
SAVED = (
    Run.seq,
    Run.phase,
    Run.node,
    Run.ending,
    Run.state,
    Run.facts_digest,
    Run.deadline_at,
    Run.deadline_seq,
    Run.deadline_token,
    Run.updated_at,
    Run.ended_at,
)
"""What a decision changes of a run's row."""

NEWS = runs.Sent | runs.Unreached | runs.Progressed
"""Events about a request under way: they need no other facts than the step's own."""

NO_INPUTS: Mapping[str, Any] = {}

BOT: Mapping[str, Any] = {"kind": "bot", "id": None, "name": ""}
SYSTEM: Mapping[str, Any] = {"kind": "system", "id": None, "name": ""}


# -- people ---------------------------------------------------------------------------------------


def start(
    tenant_id: str,
    *,
    workflow: str,
    device_id: str,
    customer_id: str | None,
    conversation_id: str | None,
    audience: str,
    starter: Mapping[str, Any],
    locale: str,
    now: float,
    inputs: Mapping[str, Any] = NO_INPUTS,
) -> str:
    """Begin a run of the workflow's current version and give its id.

    `audience` is customer, agent, operator or automation; `starter` is {"kind", "id"}; `inputs` are what the
    workflow declares, by name. NotFound when no such workflow is published for that audience, or when device
    or customer are another tenant's; Invalid with the errors by field for inputs that do not fit.
    """
    published = catalogue.get(tenant_id, workflow)
    if audience not in published.audiences:
        raise NotFound("workflow_unknown", "There is no such workflow for this audience.")
    with transaction():
        values = given.checked(tenant_id, device_id, published, inputs, locale)
        run = runs.Run(new_id(), published.name, published.version, audience, locale)
        row = Run(
            id=run.id,
            tenant_id=tenant_id,
            workflow=run.workflow,
            version=run.version,
            device_id=device_id,
            customer_id=customer_id,
            conversation_id=conversation_id,
            audience=audience,
            locale=locale,
            starter=dict(starter),
            phase=run.phase.value,
            state=sealing.kept(tenant_id, run),
            created_at=now,
            updated_at=now,
        )
        row.save(force_insert=True)
        given.begun(tenant_id, published, values, run.id)
        _Turn(row, published, run, now).take(runs.Start(inputs=values))
    return run.id


def handle(tenant_id: str, run_id: str, event: runs.Event, now: float) -> None:
    """Take what a person did: Chosen, Consented, Answered, Held, HandedBack or Cancelled.

    Conflict ("question_closed", "action_not_offered", "not_held", "step_unknown") when the run does not
    wait for that; Invalid with the errors by field for a broken answer; NotFound for another tenant's run.
    """
    with transaction():
        turn = _locked(tenant_id, run_id, now)
        refused = refusal(turn.workflow, turn.run, event)
        if refused is not None:
            raise _error(refused, turn.run.locale)
        turn.take(event)


def hold(tenant_id: str, run_id: str) -> None:
    """Hold the run until the transaction ends; to be called before anything of its conversation is changed.

    A reply from the device holds the run first and its conversation second. Whoever does it the other way
    round could wait for it for ever, and it for them. NotFound for another tenant's run.
    """
    Run.lock(tenant_id, run_id)


def _error(refused: Refusal, locale: str) -> Conflict | Invalid:
    if not refused.errors:
        return Conflict(refused.code)
    fields: dict[str, list[str]] = {}
    for error in refused.errors:
        fields.setdefault(error.field, []).append(message(locale, error.message_id, **error.values))
    return Invalid(refused.code, fields=fields)


# -- devices --------------------------------------------------------------------------------------


def task_started(news: TaskStarted) -> None:
    """Hearer of TaskStarted, inside: the step's request is on its way."""
    key = _key(news.owner_key)
    if key is not None:
        run_id, visit, k = key
        _told(news.tenant_id, run_id, runs.Sent(visit, k), time.time())


def task_progressed(news: TaskProgressed) -> None:
    """Hearer of TaskProgressed, inside: how far the router is with the step's request."""
    key = _key(news.owner_key)
    if key is not None:
        run_id, visit, k = key
        event = runs.Progressed(visit, k, news.phase, news.done, news.total, news.unit)
        _told(news.tenant_id, run_id, event, time.time())


def task_finished(news: TaskFinished) -> None:
    """Hearer of TaskFinished, inside: the reply goes to the step, its next request into the same session."""
    key = _key(news.owner_key)
    if key is not None:
        run_id, visit, k = key
        _told(news.tenant_id, run_id, runs.Replied(visit, k, news.reply), news.reply.at)


def device_unreachable(news: DeviceUnreachable) -> None:
    """Hearer of DeviceUnreachable: whoever waits for the device is told so; the tasks stay queued."""
    waiting = (
        Run.of(news.tenant_id, Run.id)
        .where(
            Run.device_id == news.device_id, Run.phase.in_((runs.Phase.WORKING.value, runs.Phase.HELD.value))
        )
        .order_by(Run.id.desc())
        .limit(WAITING_LIMIT_RUNS)
    )
    with transaction():
        for row in list(waiting):
            _told(news.tenant_id, row.id, runs.Unreached(news.reason), time.time())


def _key(owner_key: str) -> tuple[str, int, int] | None:
    """(run id, visit, k) of a task that a run asked for; None for a task of someone else."""
    run_id, _, rest = owner_key.partition(":")
    visit, _, k = rest.partition(":")
    return (run_id, int(visit), int(k)) if visit.isdecimal() and k.isdecimal() else None


def _told(tenant_id: str, run_id: str, event: runs.Event, now: float) -> None:
    with transaction():
        try:
            turn = _locked(tenant_id, run_id, now)
        except NotFound:
            log.warning("run_gone", run=run_id, tenant=tenant_id)
            return
        if isinstance(event, runs.Replied):
            reply = sealing.told(tenant_id, turn.row.device_id, turn.run, event.reply)
            event = runs.Replied(event.visit, event.k, reply)
        turn.take(event)


# -- time -----------------------------------------------------------------------------------------


def due_runs(now: float, limit_runs: int = DUE_BATCH_RUNS) -> list[tuple[str, str, int]]:
    """The sweep's list: (tenant id, run id, seq) of runs whose deadline has passed, the longest first."""
    rows = (
        Run.select(Run.tenant_id, Run.id, Run.deadline_seq)
        .where(Run.deadline_at <= now)
        .order_by(Run.deadline_at)
        .limit(limit_runs)
    )
    return [(row.tenant_id, row.id, row.deadline_seq) for row in rows]


def timer_due(tenant_id: str, run_id: str, seq: int, now: float) -> bool:
    """A deadline rings. False, and nothing changes, when `seq` is an older one's or it is too early."""
    with transaction():
        try:
            turn = _locked(tenant_id, run_id, now)
        except NotFound:
            return False
        deadline = turn.run.deadline
        if deadline is None or turn.row.deadline_seq != seq or deadline.at > now:
            return False
        turn.take(runs.TimedOut(deadline.token))
    return True


# -- one decision after another -------------------------------------------------------------------


def _locked(tenant_id: str, run_id: str, now: float) -> _Turn:
    """The run, held until the transaction ends: one decision at a time (invariant 1)."""
    row = Run.lock(tenant_id, run_id)
    workflow = catalogue.get(tenant_id, row.workflow, row.version)
    return _Turn(row, workflow, sealing.opened(tenant_id, row.state), now)


class _Turn:
    """An event and what follows from it at once, such as the reply of the ledger."""

    def __init__(self, row: Run, workflow: Workflow, run: runs.Run, now: float) -> None:
        self.row = row
        self.workflow = workflow
        self.run = run
        self.now = now
        self.tenant_id: str = row.tenant_id

    def take(self, event: runs.Event) -> None:
        """Decide and do, until nothing follows."""
        waiting = deque([event])
        while waiting:
            waiting.extend(self._decide(waiting.popleft()))

    def _decide(self, event: runs.Event) -> list[runs.Event]:
        known = self._facts(event)
        expected_s = records.Expected(self.tenant_id, self.workflow, self.now)
        before = self.run
        self.run, made = decide(self.workflow, before, event, known, self.now, expected_s)
        if self.run == before and not made:
            return []
        self._log(event, known)
        self._save()
        records.remember(self.tenant_id, self.workflow, before, self.run)
        changed.remember(self.row, self.workflow, before, self.run)
        following: list[runs.Event] = []
        for command in made:
            following.extend(self._do(command))
        return following

    def _facts(self, event: runs.Event) -> Facts:
        """The facts of now; for news about a request under way those of its step."""
        if isinstance(event, NEWS) and self.run.visit is not None:
            return self.run.visit.facts
        row = self.row
        return facts.gather(self.tenant_id, self.workflow, row.device_id, row.customer_id, self.now)

    def _log(self, event: runs.Event, known: Facts) -> None:
        """Write the event into the run's log, with its facts where they differ from the last ones written."""
        self.row.seq += 1
        data = known.to_json()
        digest = records.digest_of({**data, "now": 0})
        same = digest == self.row.facts_digest or isinstance(event, NEWS)
        RunEntry.insert(
            id=new_id(),
            tenant_id=self.tenant_id,
            run_id=self.run.id,
            seq=self.row.seq,
            event=sealing.event_kept(self.tenant_id, event),
            facts=None if same else data,
            at=self.now,
        ).execute()
        if not same:
            self.row.facts_digest = digest

    def _save(self) -> None:
        run, row = self.run, self.row
        if run.deadline is None:
            row.deadline_at = None
        elif row.deadline_token != run.deadline.token:
            row.deadline_at, row.deadline_seq, row.deadline_token = (
                run.deadline.at,
                row.seq,
                run.deadline.token,
            )
        row.phase, row.ending = run.phase.value, run.ending and run.ending.value
        row.node = run.visit.node if run.visit else (run.history[-1].node if run.history else None)
        row.state, row.updated_at = sealing.kept(self.tenant_id, run), self.now
        row.ended_at = self.now if run.ending else None
        row.save(only=SAVED)

    # -- commands -----------------------------------------------------------------------------

    def _do(self, command: commands.Command) -> list[runs.Event]:
        match command:
            case commands.Show():
                self._show(command)
            case commands.Request(visit, k, LedgerNote(text), _):
                return [runs.Replied(visit, k, self._note(f"{self.run.id}:{visit}:{k}", text))]
            case commands.Request(visit, k, effect, deadline_at):
                device_id = self.row.device_id
                queue.enqueue(
                    self.tenant_id,
                    device_id,
                    owner_key=f"{self.run.id}:{visit}:{k}",
                    request=effect_to_json(sealing.outgoing(self.tenant_id, device_id, effect)),
                    deadline_at=deadline_at,
                    now=self.now,
                )
            case commands.Withdraw(visit, k):
                owner = f"{self.run.id}:{visit}:"
                taken = queue.cancel(
                    self.tenant_id, self.row.device_id, now=self.now, owner_prefix=owner, tell=False
                )
                return [runs.Withdrawn(visit, k, self.now)] if taken.ended else []
            case commands.Escalate(reason, text, detail):
                found = context.of_run(self.tenant_id, self.run.id, self.run.locale, self.now)
                where = self.row.conversation_id
                announce(
                    RunEscalated(self.tenant_id, self.run.id, where, reason, text, detail, found, self.now)
                )
            case commands.End(status):
                announce(RunEnded(self.tenant_id, self.run.id, self.row.conversation_id, status.value))
            case commands.SetDeadline():
                pass  # `_save` has written the run's deadline
        return []

    def _show(self, show: commands.Show) -> None:
        if self.row.conversation_id is None:
            return
        event = {
            "type": show.type,
            "actor": dict(SYSTEM if self.run.phase is runs.Phase.HELD else BOT),
            "audience": list(show.audience),
            "step": show.step and dict(show.step),
            "locale": self.run.locale,
            "body": fitting.fitted(sealing.masked_body(show.body)),
            "reply_to": None,
            "expires_at": None,
        }
        live_log.append(self.tenant_id, self.row.conversation_id, event, self.now)

    def _note(self, key: str, text: str) -> Reply:
        """Write a note on the customer's ledger; its reply is there at once."""
        if self.row.customer_id is None:
            return Reply(
                ok=False, at=self.now, fault_code="no-customer", fault_text="the run is for no customer"
            )
        ledger.note(self.tenant_id, self.row.customer_id, text, key, self.now, run_id=self.run.id)
        return Reply(ok=True, at=self.now)
