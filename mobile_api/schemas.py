"""The wire of the customer's API: what comes in is limited in size and kind, what goes out is described.

The OpenAPI document is generated from these same schemas.
"""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from backend.wire import CLIENT_MESSAGE_ID, ID, LOCALE, NAME, Moment, Noticed

VALUES_LIMIT_FIELDS = 20


class Answer(Schema):
    """An answer to the open question: `reply_to` is the id of the event that put it."""

    client_message_id = fields.Str(required=True, validate=CLIENT_MESSAGE_ID)
    reply_to = fields.Str(required=True, validate=ID)
    action = fields.Str(required=True, validate=validate.Length(min=1, max=120))
    values = fields.Dict(
        keys=fields.Str(validate=validate.Length(max=64)),
        values=fields.Raw(allow_none=True),
        load_default=dict,
        validate=validate.Length(max=VALUES_LIMIT_FIELDS),
    )


class Person(Schema):
    """A wish for a person."""

    client_message_id = fields.Str(required=True, validate=CLIENT_MESSAGE_ID)


class Start(Schema):
    """A conversation about one of the customer's own devices."""

    workflow = fields.Str(required=True, validate=NAME)
    device_id = fields.Str(required=True, validate=ID)
    locale = fields.Str(load_default="en", validate=LOCALE)
    client_message_id = fields.Str(required=True, validate=CLIENT_MESSAGE_ID)


class Owner(Schema):
    """Who has the conversation: the bot, or one operator."""

    kind = fields.Str(required=True, validate=validate.OneOf(["bot", "operator"]))
    id = fields.Str(required=True, allow_none=True)
    name = fields.Str(required=True)


class Conversation(Schema):
    """One conversation."""

    id = fields.Str(required=True)
    customer_id = fields.Str(required=True, allow_none=True)
    device_id = fields.Str(required=True)
    workflow = fields.Str(required=True)
    title = fields.Str(required=True)
    channel = fields.Str(required=True, validate=validate.OneOf(["customer", "agent", "operator"]))
    locale = fields.Str(required=True)
    owner = fields.Nested(Owner, required=True)
    state = fields.Str(required=True, validate=validate.OneOf(["open", "escalated", "ended"]))
    created_at = Moment(required=True)
    updated_at = Moment(required=True)


class EventsQuery(Schema):
    """`after`: the last number seen; `limit`: at most 200 entries."""

    after = fields.Int(load_default=0, validate=validate.Range(min=0, max=2**53))
    limit = fields.Int(load_default=100, validate=validate.Range(min=1, max=200))


class HomeDevice(Schema):
    """A router in words. `online`: heard within two of its periodic intervals; `noticed`: what checks find in
    what it told last, the worst first."""

    id = fields.Str(required=True)
    model = fields.Str(required=True)
    state = fields.Str(
        required=True, validate=validate.OneOf(["excellent", "good", "fair", "poor", "unknown"])
    )
    state_text = fields.Str(required=True)
    last_contact_at = Moment(required=True, allow_none=True)
    online = fields.Bool(required=True)
    noticed = fields.List(fields.Nested(Noticed), required=True)


class HomeConversation(Schema):
    """An earlier conversation, to be opened again."""

    id = fields.Str(required=True)
    title = fields.Str(required=True)
    state = fields.Str(required=True)
    updated_at = Moment(required=True)


class Fix(Schema):
    """Something we did for the customer, in words."""

    text = fields.Str(required=True)
    at = Moment(required=True)


class Symptom(Schema):
    """A trouble we can help with. `text` says in a sentence what is done, `icon` which picture fits; both
    may be empty."""

    workflow = fields.Str(required=True)
    title = fields.Str(required=True)
    text = fields.Str(required=True)
    icon = fields.Str(required=True)


class HomeCustomer(Schema):
    """Who is signed in."""

    id = fields.Str(required=True)
    first_name = fields.Str(required=True)
    last_name = fields.Str(required=True)
    locale = fields.Str(required=True)


class Home(Schema):
    """The customer's first screen."""

    customer = fields.Nested(HomeCustomer, required=True)
    devices = fields.List(fields.Nested(HomeDevice), required=True)
    conversations = fields.List(fields.Nested(HomeConversation), required=True)
    fixes = fields.List(fields.Nested(Fix), required=True)
    symptoms = fields.List(fields.Nested(Symptom), required=True)
