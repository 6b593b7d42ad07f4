"""Write to, and read from, the one log of a conversation.

Every entry is a session event (DESIGN: session events) and gets its number from `live.log`. Who may
see an entry is its audience: a customer never sees a note or a prompt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backend.conversations.tables import Conversation
from backend.identity.permissions import Subject
from backend.live import log

EVERYONE = ("customer", "agent", "operator")
STAFF = ("agent", "operator")
PAGE_LIMIT_EVENTS = 200
SYSTEM: Mapping[str, Any] = {"kind": "system", "id": None, "name": ""}


def actor_of(subject: Subject) -> dict[str, Any]:
    """Who a subject is in a conversation; every staff role that is not an agent speaks as operator."""
    return {"kind": subject.audience, "id": subject.id, "name": subject.name}


def write(
    conversation: Conversation,
    type: str,
    body: Mapping[str, Any],
    now: float,
    *,
    actor: Mapping[str, Any] = SYSTEM,
    audience: Sequence[str] = EVERYONE,
    reply_to: str | None = None,
) -> dict[str, Any]:
    """Append one entry inside the current transaction; returns the session event with its number."""
    event = {
        "type": type,
        "actor": dict(actor),
        "audience": list(audience),
        "step": None,
        "locale": conversation.locale,
        "body": dict(body),
        "reply_to": reply_to,
        "expires_at": None,
    }
    written: dict[str, Any] = log.append(conversation.tenant_id, conversation.id, event, now)
    return written


def read(conversation: Conversation, subject: Subject, after_seq: int, limit_events: int) -> dict[str, Any]:
    """{"events", "last_seq", "more"}: what `subject` may see after `after_seq`.

    `last_seq` is the cursor to ask with next; it moves past entries hidden from this audience too.
    """
    limit = max(1, min(limit_events, PAGE_LIMIT_EVENTS))
    return log.page(conversation.tenant_id, conversation.id, after_seq, limit, subject.audience).to_json()


def all_events(conversation: Conversation, audience: str) -> list[dict[str, Any]]:
    """The whole log as `audience` sees it, in order; it is short (a run has at most 50 visits)."""
    events: list[dict[str, Any]] = []
    seq, more = 0, True
    while more:
        page = log.page(conversation.tenant_id, conversation.id, seq, log.PAGE_EVENTS_MAX, audience)
        events.extend(page.events)
        seq, more = page.last_seq, page.more
    return events
