"""Rows of the session log."""

from __future__ import annotations

import peewee

from backend.database import JsonField, MomentField, TenantRow


class SessionCounter(TenantRow):
    """The last number given out in a session; `id` is the session's id. Its row serialises the numbering."""

    last_seq = peewee.IntegerField(default=0)


class SessionEvent(TenantRow):
    """One numbered event, never changed. `event` holds all but session, seq, id and ts."""

    session_id = peewee.CharField(max_length=26)
    seq = peewee.IntegerField()
    at = MomentField()
    type = peewee.CharField(max_length=40)
    event = JsonField()
    for_customer = peewee.BooleanField()
    for_agent = peewee.BooleanField()
    for_operator = peewee.BooleanField()

    class Meta:
        indexes = ((("session_id", "seq"), True),)
