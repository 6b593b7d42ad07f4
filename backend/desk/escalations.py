"""Escalations: opened by a run or a wish for a person, taken by one operator, resolved or handed back.

    waiting -> taken -> resolved | handed_back

Taking is atomic: the conversation's claim decides (invariant 8). While a person holds it the run is
held and the bot silent; handing back resumes the run at a chosen step, which checks the device again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.announcements import announce
from backend.conversations import claim, dialogue
from backend.crm import ledger
from backend.database import transaction
from backend.desk.announcements import EscalationChanged
from backend.desk.tables import Escalation
from backend.errors import Conflict, Invalid, NotFound
from backend.identity.permissions import Subject
from backend.runs import context, perform
from workflows import run as runs

OPEN_STATES = ("waiting", "taken")
VIEWS = ("mine", "unassigned", "all")
PAGE_LIMIT_ROWS = 50
NOTE_LIMIT_CHARACTERS = 4_000
DISPOSITIONS = (
    "solved",
    "technician-ordered",
    "equipment-replaced",
    "customer-will-call",
    "not-reproducible",
)

NOBODY: Mapping[str, str] = dict.fromkeys(("id", "phone", "first_name", "last_name", "address", "locale"), "")
"""The customer of a device that belongs to nobody."""


# -- opening --------------------------------------------------------------------------------------


def person_asked(announcement: Any) -> None:
    """Inside hearer of PersonAsked."""
    _open(
        announcement.tenant_id,
        announcement.conversation_id,
        announcement.run_id,
        announcement.reason,
        announcement.text,
        "",
        announcement.asked_at,
    )


def run_escalated(announcement: Any) -> None:
    """Inside hearer of RunEscalated: the run ends in a person's hands. One without a conversation was
    started by no person; its context stays with the run."""
    if announcement.conversation_id is None:
        return
    _open(
        announcement.tenant_id,
        announcement.conversation_id,
        announcement.run_id,
        announcement.reason,
        announcement.text,
        announcement.detail,
        announcement.at,
    )


def _open(
    tenant_id: str, conversation_id: str, run_id: str | None, reason: str, text: str, detail: str, now: float
) -> None:
    """Open an escalation unless one of the same conversation is open already."""
    waiting = Escalation.of(tenant_id).where(
        Escalation.conversation_id == conversation_id, Escalation.state.in_(OPEN_STATES)
    )
    if waiting.exists():
        return
    conversation = dialogue.find(tenant_id, conversation_id)
    row = Escalation.create(
        tenant_id=tenant_id,
        conversation_id=conversation_id,
        run_id=run_id,
        customer_id=conversation["customer_id"],
        device_id=conversation["device_id"],
        title=conversation["title"],
        locale=conversation["locale"],
        reason=reason,
        text=text,
        detail=detail,
        created_at=now,
    )
    announce(EscalationChanged(tenant_id, row.id, "waiting"))


# -- reading --------------------------------------------------------------------------------------


def listing(staff: Subject, view: str, after: str | None, limit_rows: int) -> dict[str, Any]:
    """{"items", "next", "counts"}: open escalations, the longest waiting first, then closed ones in
    "all". `after` is the `next` of the page before. Invalid for an unknown view."""
    if view not in VIEWS:
        raise Invalid("view_unknown", fields={"view": [f"One of {', '.join(VIEWS)}."]})
    limit = max(1, min(limit_rows, PAGE_LIMIT_ROWS))
    query = Escalation.of(staff.tenant_id)
    if view == "mine":
        query = query.where(Escalation.state == "taken", Escalation.taken_by == staff.id)
    elif view == "unassigned":
        query = query.where(Escalation.state == "waiting")
    if view == "all":
        query = query.order_by(Escalation.id.desc())
        query = query.where(Escalation.id < after) if after else query
    else:
        query = query.order_by(Escalation.id)
        query = query.where(Escalation.id > after) if after else query
    rows = list(query.limit(limit + 1))
    names = ledger.names(staff.tenant_id, [row.customer_id for row in rows if row.customer_id])
    items = [{**_summary(row), "customer_name": names.get(row.customer_id, "")} for row in rows[:limit]]
    return {
        "items": items,
        "next": items[-1]["id"] if len(rows) > limit else None,
        "counts": _counts(staff),
    }


def _counts(staff: Subject) -> dict[str, int]:
    mine = Escalation.of(staff.tenant_id).where(Escalation.state == "taken", Escalation.taken_by == staff.id)
    waiting = Escalation.of(staff.tenant_id).where(Escalation.state == "waiting")
    return {"mine": mine.count(), "unassigned": waiting.count()}


def detail(staff: Subject, escalation_id: str, locale: str, now: float) -> dict[str, Any]:
    """The escalation with all that was found: the run's results with their age, changes, answers."""
    row: Escalation = Escalation.find(staff.tenant_id, escalation_id)
    found: Mapping[str, Any] = {}
    if row.run_id:
        found = context.of_run(staff.tenant_id, row.run_id, locale, now)
    return {
        **_summary(row),
        "customer": ledger.customer(staff.tenant_id, row.customer_id) if row.customer_id else dict(NOBODY),
        "subscription": row.customer_id and ledger.subscription(staff.tenant_id, row.customer_id),
        "context": dict(found),
        "hand_back_steps": list(found.get("hand_back_steps", ())),
        "dispositions": list(DISPOSITIONS),
    }


def _summary(row: Escalation) -> dict[str, Any]:
    return {
        "id": row.id,
        "conversation_id": row.conversation_id,
        "run_id": row.run_id,
        "customer_id": row.customer_id,
        "device_id": row.device_id,
        "title": row.title,
        "locale": row.locale,
        "reason": row.reason,
        "text": row.text,
        "detail": row.detail,
        "state": row.state,
        "taken_by": {"id": row.taken_by, "name": row.taken_by_name} if row.taken_by else None,
        "disposition": row.disposition,
        "note": row.note,
        "created_at": row.created_at,
        "taken_at": row.taken_at,
        "closed_at": row.closed_at,
    }


# -- acting ---------------------------------------------------------------------------------------


def take(staff: Subject, escalation_id: str, now: float) -> dict[str, Any]:
    """Take a waiting escalation. Of any number at once exactly one wins; the others get Conflict
    "already_taken" with the winner's name. Taking what one already has changes nothing."""
    with transaction():
        row: Escalation = Escalation.lock(staff.tenant_id, escalation_id)
        if row.state == "taken" and row.taken_by == staff.id:
            return _summary(row)
        if row.state != "waiting":
            who = row.taken_by_name or "Someone else"
            raise Conflict("already_taken", f"{who} already has this conversation.")
        _hold_run(row)
        claim.claim(row.conversation_id, staff, now)
        _set(row, state="taken", taken_by=staff.id, taken_by_name=staff.name, taken_at=now)
        dialogue.handoff(row.tenant_id, row.conversation_id, "taken", "conversation-taken", staff, now)
        if row.run_id:
            perform.handle(row.tenant_id, row.run_id, runs.Held(), now)
        announce(EscalationChanged(row.tenant_id, row.id, "taken"))
        return _summary(row)


def hand_back(staff: Subject, escalation_id: str, node: str, now: float) -> dict[str, Any]:
    """Give the conversation back to the bot at step `node`. Invalid for a step the workflow lacks."""
    with transaction():
        row = _held_by(staff, escalation_id)
        if not row.run_id:
            raise Conflict("no_run", "There is no workflow to go back to; resolve the conversation instead.")
        steps = context.of_run(row.tenant_id, row.run_id, row.locale, now)["hand_back_steps"]
        if node not in {step["node"] for step in steps}:
            raise Invalid("step_unknown", fields={"node": ["Choose one of the steps offered."]})
        claim.release(row.conversation_id, staff, now, state="open")
        _set(row, state="handed_back", closed_at=now)
        dialogue.handoff(
            row.tenant_id, row.conversation_id, "handed_back", "conversation-handed-back", staff, now
        )
        perform.handle(row.tenant_id, row.run_id, runs.HandedBack(node), now)
        announce(EscalationChanged(row.tenant_id, row.id, "handed_back"))
        return _summary(row)


def resolve(staff: Subject, escalation_id: str, disposition: str, note: str, now: float) -> dict[str, Any]:
    """Finish: the run and the conversation end, and the customer's ledger says how."""
    note = note.strip()
    if disposition not in DISPOSITIONS:
        raise Invalid("disposition_unknown", fields={"disposition": [f"One of {', '.join(DISPOSITIONS)}."]})
    if len(note) > NOTE_LIMIT_CHARACTERS:
        raise Invalid("note_too_long", fields={"note": [f"At most {NOTE_LIMIT_CHARACTERS} characters."]})
    with transaction():
        row = _held_by(staff, escalation_id)
        _set(row, state="resolved", disposition=disposition, note=note, closed_at=now)
        dialogue.handoff(row.tenant_id, row.conversation_id, "resolved", "conversation-resolved", staff, now)
        if row.run_id:
            perform.handle(row.tenant_id, row.run_id, runs.Cancelled(), now)
        claim.release(row.conversation_id, staff, now, state="ended")
        said = f"{row.title}: {disposition}" + (f". {note}" if note else "")
        if row.customer_id:
            ledger.note(row.tenant_id, row.customer_id, said, f"escalation:{row.id}", now)
        announce(EscalationChanged(row.tenant_id, row.id, "resolved"))
        return _summary(row)


def _held_by(staff: Subject, escalation_id: str) -> Escalation:
    row: Escalation = Escalation.lock(staff.tenant_id, escalation_id)
    if row.state != "taken" or row.taken_by != staff.id:
        raise Conflict("not_yours", "Take the conversation first; someone else may have it now.")
    _hold_run(row)
    return row


def _hold_run(row: Escalation) -> None:
    """Hold the run before anything of its conversation is changed (`perform.hold` says why)."""
    if row.run_id:
        perform.hold(row.tenant_id, row.run_id)


def holds(staff: Subject, conversation_id: str) -> bool:
    """Whether `staff` holds the conversation now."""
    return bool(
        Escalation.of(staff.tenant_id)
        .where(
            Escalation.conversation_id == conversation_id,
            Escalation.state == "taken",
            Escalation.taken_by == staff.id,
        )
        .exists()
    )


def _set(row: Escalation, **columns: Any) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
    changed = (
        Escalation.update(**columns)
        .where(Escalation.tenant_id == row.tenant_id, Escalation.id == row.id)
        .execute()
    )
    if not changed:
        raise NotFound()
