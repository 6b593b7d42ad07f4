"""The wire of the device page: the data model, level by level, and what is done with one parameter."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from backend.wire import CLIENT_MESSAGE_ID, Moment

VALUE_LIMIT_CHARACTERS = 4_000
REASON_LEAST_CHARACTERS = 3
REASON_LIMIT_CHARACTERS = 500

PATH = validate.Regexp(r"^[A-Za-z0-9_.-]{0,256}\Z", error="Not a path of a data model.")
FULL_PATH = validate.Regexp(r"^[A-Za-z0-9_.-]{1,255}[A-Za-z0-9_-]\Z", error="Not the path of one parameter.")
TYPE = validate.Regexp(r"^((xsd:)?[A-Za-z0-9]{1,28})?\Z", error="Not a type, such as xsd:boolean.")


class ParameterQuery(Schema):
    """One level of the data model: what is directly below `path` ("" is the root).

    With `q`, whatever is below `path` at any depth and has the words in its path or value. `after`: the
    `next` of the page before.
    """

    path = fields.Str(load_default="", validate=PATH)
    q = fields.Str(load_default="", validate=validate.Length(max=100))
    after = fields.Str(load_default=None, allow_none=True, validate=PATH)
    limit = fields.Int(load_default=100, validate=validate.Range(min=1, max=200))


class ParameterItem(Schema):
    """An object (`path` ends in ".", `children` counts what is stored below it) or a parameter.

    `value` is masked where `secret`, None for an object and for a name whose value was never read; `writable`
    is None where the router was never asked.
    """

    path = fields.Str(required=True)
    name = fields.Str(required=True)
    kind = fields.Str(required=True, validate=validate.OneOf(("object", "parameter")))
    value = fields.Str(required=True, allow_none=True)
    secret = fields.Bool(required=True)
    type = fields.Str(required=True, allow_none=True)
    writable = fields.Bool(required=True, allow_none=True)
    read_at = Moment(required=True, allow_none=True)
    children = fields.Int(required=True)


class ParameterPage(Schema):
    """A level, or what was found."""

    path = fields.Str(required=True)
    items = fields.List(fields.Nested(ParameterItem), required=True)
    next = fields.Str(required=True, allow_none=True)


class ParameterRefresh(Schema):
    """Read `path` anew from the router: one parameter, or an object with all below ("" is everything)."""

    path = fields.Str(required=True, validate=PATH)
    client_message_id = fields.Str(required=True, validate=CLIENT_MESSAGE_ID)


class TaskQueued(Schema):
    """The task whose end brings what was asked for."""

    task = fields.Str(required=True)


class ParameterReveal(Schema):
    """A secret is shown to whoever may see it and says why; that is written down."""

    path = fields.Str(required=True, validate=FULL_PATH)
    reason = fields.Str(
        required=True, validate=validate.Length(min=REASON_LEAST_CHARACTERS, max=REASON_LIMIT_CHARACTERS)
    )


class ParameterRevealed(Schema):
    """The value in clear."""

    value = fields.Str(required=True)


class ParameterCheck(Schema):
    """Would this value do? Nothing is written. `type` "" or absent: the one the router told."""

    path = fields.Str(required=True, validate=FULL_PATH)
    value = fields.Str(required=True, validate=validate.Length(max=VALUE_LIMIT_CHARACTERS))
    type = fields.Str(load_default="", validate=TYPE)


class ParameterFits(Schema):
    """It would. `value` is the plainest spelling, `type` the one it has."""

    value = fields.Str(required=True)
    type = fields.Str(required=True)
