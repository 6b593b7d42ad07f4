"""The numbered log of a session: the only thing clients ever see of it.

Numbers of one session have no gaps and follow the order of commits: the counter's row is changed first, and
whoever changes it holds it until commit. An event is never changed; progress of a step is a new event that
replaces an earlier one on the screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.database import after_commit, in_transaction, new_id
from backend.live import push, schemas
from backend.live.tables import SessionCounter, SessionEvent
from backend.wire import iso

PAGE_EVENTS_MAX = 500


@dataclass(frozen=True, slots=True)
class Page:
    """Events after a cursor, the new cursor, and whether there is more to ask for at once."""

    events: list[dict[str, Any]]
    last_seq: int
    more: bool

    def to_json(self) -> dict[str, Any]:
        return {"events": self.events, "last_seq": self.last_seq, "more": self.more}


def append(tenant_id: str, session_id: str, event: Mapping[str, Any], now: float) -> dict[str, Any]:
    """Number and keep an event; push it after commit. Returns the whole event.

    `event` has type, actor, audience and body, and may have step, locale, reply_to and expires_at. Must run
    in a transaction. Raises schemas.BadEvent when it does not fit the wire format.
    """
    if not in_transaction():
        raise RuntimeError("live.log.append needs a transaction")
    new = dict(event)
    schemas.check(new)
    row = SessionEvent(
        id=new_id(),
        tenant_id=tenant_id,
        session_id=session_id,
        seq=_next_seq(tenant_id, session_id),
        at=now,
        type=new["type"],
        event=new,
        **{f"for_{audience}": audience in new["audience"] for audience in schemas.AUDIENCES},
    )
    row.save(force_insert=True)
    whole = _whole(row)
    after_commit(lambda: push.event(whole, lambda low, high: _between(tenant_id, session_id, low, high)))
    return whole


def _next_seq(tenant_id: str, session_id: str) -> int:
    """Take the next number. The update locks the row, so numbers are committed in order."""
    counter = (SessionCounter.tenant_id == tenant_id) & (SessionCounter.id == session_id)
    raise_by_one = SessionCounter.update(last_seq=SessionCounter.last_seq + 1).where(counter)
    if not raise_by_one.execute():
        SessionCounter.insert(id=session_id, tenant_id=tenant_id).on_conflict_ignore().execute()
        if not raise_by_one.execute():
            raise RuntimeError("the session belongs to another tenant")
    return int(SessionCounter.of(tenant_id, SessionCounter.last_seq).where(counter).get().last_seq)


def _whole(row: SessionEvent) -> dict[str, Any]:
    whole: dict[str, Any] = {"step": None, "locale": None, "reply_to": None, "expires_at": None}
    whole.update(row.event)
    whole.update(session=row.session_id, seq=row.seq, id=row.id, ts=iso(row.at))
    return whole


def _between(tenant_id: str, session_id: str, low: int, high: int) -> list[dict[str, Any]]:
    rows = SessionEvent.of(tenant_id).where(
        SessionEvent.session_id == session_id, SessionEvent.seq > low, SessionEvent.seq < high
    )
    return [_whole(row) for row in rows.order_by(SessionEvent.seq)]


def last_seq(tenant_id: str, session_id: str) -> int:
    """The number of the newest event; 0 when there is none."""
    counter = SessionCounter.of(tenant_id).where(SessionCounter.id == session_id).first()
    return counter.last_seq if counter else 0


def page(tenant_id: str, session_id: str, after_seq: int, limit: int, audience: str) -> Page:
    """What `audience` may see after `after_seq`, oldest first, at most `limit` events.

    The cursor is read before the events, so an event committed in between is in the next page and never lost.
    """
    limit = max(1, min(limit, PAGE_EVENTS_MAX))
    newest_seq = last_seq(tenant_id, session_id)
    rows = list(
        _visible(tenant_id, session_id, audience)
        .where(SessionEvent.seq > after_seq, SessionEvent.seq <= newest_seq)
        .order_by(SessionEvent.seq)
        .limit(limit + 1)
    )
    more = len(rows) > limit
    rows = rows[:limit]
    cursor = rows[-1].seq if more else max(newest_seq, after_seq)
    return Page([_whole(row) for row in rows], cursor, more)


def after(tenant_id: str, session_id: str, seq: int, limit: int, audience: str) -> list[dict[str, Any]]:
    """The events of `page` alone."""
    return page(tenant_id, session_id, seq, limit, audience).events


def find(tenant_id: str, session_id: str, event_id: str) -> dict[str, Any] | None:
    """One event of the session by id, whoever may see it."""
    row = (
        SessionEvent.of(tenant_id)
        .where(SessionEvent.session_id == session_id, SessionEvent.id == event_id)
        .first()
    )
    return _whole(row) if row else None


def newest(tenant_id: str, session_id: str, types: tuple[str, ...], audience: str) -> dict[str, Any] | None:
    """The latest event of one of these types that `audience` may see."""
    row = (
        _visible(tenant_id, session_id, audience)
        .where(SessionEvent.type.in_(types))
        .order_by(SessionEvent.seq.desc())
        .first()
    )
    return _whole(row) if row else None


def _visible(tenant_id: str, session_id: str, audience: str) -> Any:
    if audience not in schemas.AUDIENCES:
        raise ValueError(f"no such audience: {audience}")
    return SessionEvent.of(tenant_id).where(
        SessionEvent.session_id == session_id, getattr(SessionEvent, f"for_{audience}")
    )
