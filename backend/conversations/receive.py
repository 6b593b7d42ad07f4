"""What people send: a new conversation, an answer, a message, a wish for a person.

Each carries the client's message id; the same one twice has one effect (invariant 5). Everything an
answer does - its entry in the log, the run's decision, the tasks that follow - is one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import peewee

from backend.announcements import announce
from backend.conversations.announcements import PersonAsked
from backend.conversations.tables import Conversation, Received
from backend.conversations.transcript import EVERYONE, actor_of, all_events, write
from backend.conversations.turn import (
    Answers,
    Consent,
    Follow,
    Refused,
    Restart,
    Turn,
    Undo,
    open_question,
    turn,
)
from backend.database import savepoint, transaction
from backend.errors import Conflict, Invalid
from backend.identity import secrets
from backend.identity.permissions import Subject
from backend.runs import perform
from widgets.messages import message as text_of
from workflows import run as runs

MESSAGE_LIMIT_CHARACTERS = 2_000


def start(
    subject: Subject,
    *,
    workflow: str,
    title: str,
    device_id: str,
    customer_id: str | None,
    locale: str,
    channel: str,
    client_message_id: str,
    now: float,
    inputs: Mapping[str, Any] | None = None,
) -> Conversation:
    """Open a conversation and start its run; the same client message id gives the same conversation.

    `inputs` is what the workflow is given to begin with. Invalid with the errors by field when it does not
    fit.
    """
    with transaction():
        earlier = _received(subject, client_message_id)
        if earlier is not None:
            return Conversation.find(subject.tenant_id, earlier.conversation_id)
        conversation = Conversation.create(
            tenant_id=subject.tenant_id,
            customer_id=customer_id,
            device_id=device_id,
            workflow=workflow,
            title=title,
            channel=channel,
            locale=locale,
            agent_id=subject.id if channel == "agent" else None,
            inputs_sealed=secrets.seal(subject.tenant_id, json.dumps(dict(inputs))) if inputs else "",
            created_at=now,
            updated_at=now,
        )
        if not _mark(subject, client_message_id, conversation.id, now):
            raise Conflict("message_in_progress", "The same request is being handled; ask again.")
        _run(conversation, subject, now)
        return conversation


def started(subject: Subject, client_message_id: str) -> str | None:
    """The id of the conversation that this message has started already; None for a new one."""
    earlier = _received(subject, client_message_id)
    return earlier.conversation_id if earlier is not None else None


def _run(conversation: Conversation, subject: Subject, now: float) -> None:
    """Start a run of the conversation's workflow and make it the current one.

    Until its id is known the conversation has no run, so that a run which ends at once ends it.
    """
    _update(conversation, run_id=None, state="open", updated_at=now)
    sealed = conversation.inputs_sealed
    inputs = json.loads(secrets.open_sealed(conversation.tenant_id, sealed)) if sealed else {}
    run_id = perform.start(
        conversation.tenant_id,
        workflow=conversation.workflow,
        device_id=conversation.device_id,
        customer_id=conversation.customer_id,
        conversation_id=conversation.id,
        audience=conversation.channel,
        starter={"kind": subject.audience, "id": subject.id},
        locale=conversation.locale,
        now=now,
        inputs=inputs,
    )
    _update(conversation, run_id=run_id)


def answer(
    subject: Subject,
    conversation_id: str,
    *,
    client_message_id: str,
    reply_to: str,
    action: str,
    values: Mapping[str, Any],
    now: float,
) -> bool:
    """Give an answer to the open question. True when this message had its effect before.

    Conflict "question_closed" or "action_not_offered" when it no longer fits; Invalid with the
    errors by field when the answer is broken, and the question stays open.
    """
    with transaction():
        conversation = _held(subject.tenant_id, conversation_id)
        if _received(subject, client_message_id) is not None:
            return True
        if subject.audience != conversation.channel:
            raise Conflict("not_your_turn", f"This question is for the {conversation.channel}.")
        result = turn(open_question(all_events(conversation, subject.audience)), reply_to, action, values)
        if isinstance(result, Refused):
            if result.code == "answer_invalid":
                body = {"errors": _errors(result, conversation.locale)}
                write(conversation, "input.rejected", body, now, actor=actor_of(subject), reply_to=reply_to)
        else:
            _mark(subject, client_message_id, conversation_id, now)
            body = {"action": action, "values": dict(values), "text": result.said}
            write(conversation, "input.answer", body, now, actor=actor_of(subject), reply_to=reply_to)
            _effect(conversation, subject, result, now)
            _touch(conversation, now)
    if isinstance(result, Refused):
        if result.code == "answer_invalid":
            raise Invalid("answer_invalid", fields=_errors(result, conversation.locale))
        raise Conflict(result.code, _WHY[result.code])
    return False


_WHY = {
    "question_closed": "This question was answered already, or another one is open now. Nothing was changed.",
    "action_not_offered": "That answer is not among those offered. Nothing was changed.",
}


def _effect(conversation: Conversation, subject: Subject, result: Turn, now: float) -> None:
    match result:
        case Restart():
            _run(conversation, subject, now)
            return
        case Follow(node, _):
            event: runs.Event = runs.Chosen(node)
        case Consent(given, _):
            event = runs.Consented(given)
        case Answers(values, _):
            event = runs.Answered(dict(values))
        case Undo(visit, _):
            event = runs.Undo(visit)
            if conversation.state == "ended":
                _set_state(conversation, "open", now)
        case _:
            raise AssertionError(f"no effect for {result!r}")
    perform.handle(conversation.tenant_id, str(conversation.run_id), event, now)


def message(subject: Subject, conversation_id: str, *, client_message_id: str, text: str, now: float) -> bool:
    """A free text. True when this message had its effect before.

    While a person owns the conversation the bot is silent (invariant 8); otherwise it says, in
    words, that the buttons and a person are there.
    """
    text = _checked_text(text)
    with transaction():
        conversation = _held(subject.tenant_id, conversation_id)
        if _received(subject, client_message_id) is not None:
            return True
        if subject.kind == "staff" and conversation.owner_id != subject.id:
            raise Conflict("not_yours", "Take the conversation first; someone else may have it now.")
        _mark(subject, client_message_id, conversation_id, now)
        write(conversation, "message", {"text": text}, now, actor=actor_of(subject))
        if subject.kind == "customer" and conversation.state == "open":
            bot = {"kind": "bot", "id": None, "name": ""}
            reply = {"text": text_of(conversation.locale, "conversation-buttons-please")}
            write(conversation, "message", reply, now, actor=bot)
        _touch(conversation, now)
    return False


def note(subject: Subject, conversation_id: str, *, client_message_id: str, text: str, now: float) -> bool:
    """A private note: staff see it, the customer never does."""
    text = _checked_text(text)
    with transaction():
        conversation = _held(subject.tenant_id, conversation_id)
        if _received(subject, client_message_id) is not None:
            return True
        _mark(subject, client_message_id, conversation_id, now)
        write(
            conversation,
            "note.private",
            {"text": text},
            now,
            actor=actor_of(subject),
            audience=("agent", "operator"),
        )
    return False


def person(subject: Subject, conversation_id: str, *, client_message_id: str, now: float) -> bool:
    """Someone wants a person: the run is held where it is and an escalation is opened.

    True when this message had its effect before. Asking again while someone is on the way only
    answers that they are.
    """
    with transaction():
        conversation = _held(subject.tenant_id, conversation_id)
        if _received(subject, client_message_id) is not None:
            return True
        _mark(subject, client_message_id, conversation_id, now)
        if conversation.state == "escalated":
            return False
        text = text_of(conversation.locale, "conversation-person-coming")
        body = {"reason": "asked", "text": text}
        write(conversation, "handoff.initiate", body, now, actor=actor_of(subject), audience=EVERYONE)
        if conversation.run_id:
            perform.handle(conversation.tenant_id, conversation.run_id, runs.Held(), now)
        _set_state(conversation, "escalated", now)
        announce(
            PersonAsked(
                conversation.tenant_id, conversation.id, conversation.run_id, "asked", text, asked_at=now
            )
        )
    return False


def run_escalated(announcement: Any) -> None:
    """Inside hearer of RunEscalated: the conversation waits for a person."""
    if announcement.conversation_id:
        conversation = Conversation.find(announcement.tenant_id, announcement.conversation_id)
        _set_state(conversation, "escalated", conversation.updated_at)


def run_ended(announcement: Any) -> None:
    """Inside hearer of RunEnded: a conversation whose run is over is over, unless a person has it."""
    if not announcement.conversation_id:
        return
    conversation = Conversation.find(announcement.tenant_id, announcement.conversation_id)
    if conversation.run_id in (None, announcement.run_id) and conversation.state == "open":
        _set_state(conversation, "ended", conversation.updated_at)


# -- parts ----------------------------------------------------------------------------------------


def _held(tenant_id: str, conversation_id: str) -> Conversation:
    """The conversation, and first its run, held until the transaction ends: a router's reply takes them
    in this order too, so nobody waits for the other for ever."""
    run_id = Conversation.find(tenant_id, conversation_id).run_id
    if run_id:
        perform.hold(tenant_id, run_id)
    return Conversation.lock(tenant_id, conversation_id)


def _checked_text(text: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid("text_missing", fields={"text": ["Write a message first."]})
    if len(text) > MESSAGE_LIMIT_CHARACTERS:
        raise Invalid("text_too_long", fields={"text": [f"At most {MESSAGE_LIMIT_CHARACTERS} characters."]})
    return text


def _errors(refused: Refused, locale: str) -> dict[str, list[str]]:
    """The errors by field in the person's language."""
    errors: dict[str, list[str]] = {}
    for error in refused.errors:
        errors.setdefault(error.field, []).append(text_of(locale, error.message_id, **error.values))
    return errors


def _received(subject: Subject, client_message_id: str) -> Received | None:
    row: Received | None = (
        Received.of(subject.tenant_id)
        .where(Received.sender_id == subject.id, Received.client_message_id == client_message_id)
        .first()
    )
    return row


def _mark(subject: Subject, client_message_id: str, conversation_id: str, now: float) -> bool:
    """Remember a message id; False when another request remembered it in the meantime."""
    try:
        with savepoint():
            Received.create(
                tenant_id=subject.tenant_id,
                sender_id=subject.id,
                client_message_id=client_message_id,
                conversation_id=conversation_id,
                received_at=now,
            )
    except peewee.IntegrityError:
        return False
    return True


def _touch(conversation: Conversation, now: float) -> None:
    _update(conversation, updated_at=now)


def _set_state(conversation: Conversation, state: str, now: float) -> None:
    conversation.state = state
    _update(conversation, state=state, updated_at=now)


def _update(conversation: Conversation, **columns: Any) -> None:
    (
        Conversation.update(**columns)
        .where(Conversation.tenant_id == conversation.tenant_id, Conversation.id == conversation.id)
        .execute()
    )
