"""What every wire has in common: limits on what comes in, and how moments go out.

Used by the session events, the customer's API and the consoles alike, so that an id or a client
message id is the same thing everywhere.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, fields, validate

CLIENT_MESSAGE_ID = validate.Regexp(r"^[A-Za-z0-9_-]{8,64}\Z", error="8 to 64 letters, digits, - or _.")
ID = validate.Regexp(r"^[A-Za-z0-9_-]{1,64}\Z", error="Not an id.")
NAME = validate.Regexp(r"^[a-z0-9][a-z0-9-]{0,99}\Z", error="Not a name.")
LOCALE = validate.Regexp(
    r"^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8}){0,3}\Z", error="Not a language, such as en or pl."
)
TEXT_LIMIT_CHARACTERS = 2_000


def iso(moment: float) -> str:
    """Seconds since 1970 as ISO 8601 UTC with milliseconds and Z."""
    text = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + "Z"


class Moment(fields.String):
    """Seconds since 1970 inside, ISO 8601 UTC on the wire; only ever sent, never read."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"metadata": {"format": "date-time"}, **options})

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else iso(value)


class LanguageQuery(Schema):
    """The language of the words."""

    locale = fields.Str(load_default="en", validate=LOCALE)


class Written(Schema):
    """A text a person wrote: a message, or a private note."""

    client_message_id = fields.Str(required=True, validate=CLIENT_MESSAGE_ID)
    text = fields.Str(required=True, validate=validate.Length(min=1, max=TEXT_LIMIT_CHARACTERS))


class Received(Schema):
    """`duplicate`: this client message id had its effect before; nothing was done again."""

    accepted = fields.Bool(required=True)
    duplicate = fields.Bool(required=True)


class Noticed(Schema):
    """What the check that a workflow begins with finds in what a router told last, in a person's words."""

    workflow = fields.Str(required=True)
    text = fields.Str(required=True)
