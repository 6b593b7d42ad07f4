"""The shapes of session events on the wire.

One schema for the envelope, one for each type's body. The same schemas check what the log takes in and
describe the API, so the description cannot drift from what is sent. Numbers travel raw with their units,
texts localised.
"""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

AUDIENCES = ("customer", "agent", "operator")
ACTORS = ("bot", "customer", "agent", "operator", "system")
STYLES = ("primary", "secondary")
STEP_STATES = ("queued", "contacting", "running", "waiting", "done", "failed", "timed_out")
STAGE_STATES = ("waiting", "active", "done", "failed")
CHANGE_KINDS = ("set", "added", "deleted")
HANDOFF_STATES = ("waiting", "taken", "resolved", "handed_back")
TEXT_LENGTH_MAX = 8_000
LIST_LENGTH_MAX = 200


class BadEvent(ValueError):
    """A programming error: an event that the wire format does not know. `errors` says where."""

    def __init__(self, type_name: str, errors: Any) -> None:
        self.errors = errors
        super().__init__(f"session event {type_name!r}: {errors}")


class _Strict(Schema):
    class Meta:
        unknown = RAISE


def _text(**options: Any) -> fields.String:
    return fields.String(validate=validate.Length(max=TEXT_LENGTH_MAX), **options)


def _one_of(values: tuple[str, ...], **options: Any) -> fields.String:
    return fields.String(validate=validate.OneOf(values), **options)


def _list(inner: Any, **options: Any) -> fields.List:
    return fields.List(inner, validate=validate.Length(max=LIST_LENGTH_MAX), **options)


class Actor(_Strict):
    """Who did it."""

    kind = _one_of(ACTORS, required=True)
    id = fields.String(allow_none=True)
    name = fields.String(allow_none=True)


class StepMark(_Strict):
    """Which visit of which step of which run; a higher `rev` of the same mark and type replaces the lower."""

    workflow = fields.String()
    version = fields.String()
    node = fields.String()
    run = fields.String()
    rev = fields.Integer(strict=True)
    title = fields.String(allow_none=True)
    visit = fields.Integer(strict=True)


class Action(_Strict):
    """Something the reader may do; `id` goes back in the answer."""

    id = fields.String(required=True)
    label = _text(required=True)
    reason = _text(allow_none=True)
    style = _one_of(STYLES)
    seconds = fields.Float(allow_none=True)
    disrupts_s = fields.Float(allow_none=True)
    writes = fields.Boolean()
    values = fields.Dict(keys=fields.String())


class Widget(Schema):
    """A widget by its type; the rest is the kind's own (widgets/)."""

    class Meta:
        unknown = "include"

    type = fields.String(required=True)


class Input(_Strict):
    """A form that waits for an answer."""

    id = fields.String(required=True)
    fields_ = _list(fields.Nested(Widget), required=True, data_key="fields", attribute="fields")


class Finding(_Strict):
    """One thing a step found."""

    code = fields.String(required=True)
    severity = fields.String(allow_none=True)
    text = _text(allow_none=True)


class Reading(_Strict):
    """A value with the age it had when the step looked."""

    name = fields.String(required=True)
    label = fields.String(allow_none=True)
    value = fields.Raw(allow_none=True)
    unit = fields.String(allow_none=True)
    age_s = fields.Float(allow_none=True)


class Change(_Strict):
    """What a step wrote, and whether reading back showed it."""

    path = fields.String(required=True)
    label = fields.String(allow_none=True)
    kind = _one_of(CHANGE_KINDS)
    before = fields.Raw(allow_none=True)
    after = fields.Raw(allow_none=True)
    verified = fields.Boolean(allow_none=True)


class Stage(_Strict):
    """One line of the live checklist."""

    id = fields.String(required=True)
    text = _text(required=True)
    state = _one_of(STAGE_STATES, required=True)


class Text(_Strict):
    """message, note.private"""

    text = _text(required=True)


class StepOffered(_Strict):
    """Follow-ups that hold, each with its reason."""

    text = _text(allow_none=True)
    actions = _list(fields.Nested(Action), required=True)


class Progress(_Strict):
    """How far the router is with what takes long; `total` is 0 when nobody knows."""

    phase = fields.String(required=True)
    done = fields.Integer(strict=True)
    total = fields.Integer(strict=True)
    unit = fields.String()


class StepState(_Strict):
    """Where a step is. `deadline_at` (while waiting): until when the router may call by itself."""

    state = _one_of(STEP_STATES, required=True)
    text = _text(allow_none=True)
    k = fields.Integer(strict=True, allow_none=True)
    n = fields.Integer(strict=True, allow_none=True)
    stages = _list(fields.Nested(Stage))
    expected_s = fields.Float(allow_none=True)
    started_at = fields.String(allow_none=True)
    progress = fields.Nested(Progress, allow_none=True)
    deadline_at = fields.String(allow_none=True)


class StepResult(_Strict):
    """What a step found, read and changed."""

    text = _text(allow_none=True)
    status = fields.String(required=True)
    findings = _list(fields.Nested(Finding))
    readings = _list(fields.Nested(Reading))
    changes = _list(fields.Nested(Change))
    widgets = _list(fields.Nested(Widget))
    age_s = fields.Float(allow_none=True)


class InputForm(_Strict):
    """A question: display widgets, a form, or actions to choose from."""

    text = _text(allow_none=True)
    widgets = _list(fields.Nested(Widget))
    input = fields.Nested(Input, allow_none=True)
    actions = _list(fields.Nested(Action))


class InputAnswer(_Strict):
    """What was answered, as understood."""

    action = fields.String(allow_none=True)
    values = fields.Dict(keys=fields.String())
    text = _text(allow_none=True)


class InputRejected(_Strict):
    """Errors by field; the question stays open."""

    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), required=True)
    text = _text(allow_none=True)


class ExpectLoss(_Strict):
    """The connection will drop for about so long."""

    seconds = fields.Float(required=True)
    text = _text(allow_none=True)


class IfAsked(_Strict):
    """A likely question and what to say."""

    q = _text(required=True)
    a = _text(required=True)


class NotOffered(_Strict):
    """A follow-up that does not hold, and why; `missing` names what is not known."""

    node = fields.String(required=True)
    label = _text(allow_none=True)
    why = _text(allow_none=True)
    missing = _list(fields.String())


class ScriptPrompt(_Strict):
    """What an agent says and does; never for customers."""

    say = _text(allow_none=True)
    ask = _text(allow_none=True)
    do = _text(allow_none=True)
    listen_for = fields.Raw(allow_none=True)
    if_asked = _list(fields.Nested(IfAsked))
    not_offered = _list(fields.Nested(NotOffered))


class HandoffInitiate(_Strict):
    """A person is asked for."""

    reason = fields.String(required=True)
    text = _text(allow_none=True)


class HandoffStatus(_Strict):
    """How far the person is."""

    state = _one_of(HANDOFF_STATES, required=True)
    text = _text(allow_none=True)
    by = fields.Raw(allow_none=True)


class OwnerChanged(_Strict):
    """The one owner of the conversation from now on."""

    owner = fields.Nested(Actor, required=True)


class SessionEnded(_Strict):
    """Nothing more will come, unless started again."""

    status = fields.String(required=True)
    text = _text(allow_none=True)
    actions = _list(fields.Nested(Action))


BODIES: dict[str, type[Schema]] = {
    "message": Text,
    "step.offered": StepOffered,
    "step.state": StepState,
    "step.result": StepResult,
    "input.form": InputForm,
    "input.answer": InputAnswer,
    "input.rejected": InputRejected,
    "connectivity.expect_loss": ExpectLoss,
    "script.prompt": ScriptPrompt,
    "handoff.initiate": HandoffInitiate,
    "handoff.status": HandoffStatus,
    "owner.changed": OwnerChanged,
    "note.private": Text,
    "session.ended": SessionEnded,
}
STAFF_ONLY = frozenset({"script.prompt", "note.private"})


class NewEvent(_Strict):
    """A session event before it has a number."""

    type = _one_of(tuple(BODIES), required=True)
    actor = fields.Nested(Actor, required=True)
    audience = fields.List(_one_of(AUDIENCES), required=True, validate=validate.Length(min=1))
    step = fields.Nested(StepMark, allow_none=True)
    locale = fields.String(allow_none=True)
    body = fields.Dict(keys=fields.String(), required=True)
    reply_to = fields.String(allow_none=True)
    expires_at = fields.String(allow_none=True)

    @validates_schema
    def _staff_only(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("type") in STAFF_ONLY and "customer" in data.get("audience", ()):
            raise ValidationError("not for customers", "audience")


class Event(NewEvent):
    """A session event as clients get it. The cursor of a client is `last_seq` of the answer it came in."""

    session = fields.String(required=True)
    seq = fields.Integer(strict=True, required=True)
    id = fields.String(required=True)
    ts = fields.String(required=True, metadata={"format": "date-time"})


class EventPage(Schema):
    """A part of the log. Ask again with `after=last_seq` while `more`."""

    events = fields.List(fields.Nested(Event), required=True)
    last_seq = fields.Integer(required=True)
    more = fields.Boolean(required=True)


_new_event = NewEvent()
_bodies = {type_name: schema() for type_name, schema in BODIES.items()}


def check(event: dict[str, Any]) -> None:
    """Raise BadEvent unless `event` is a well-formed new event with the body its type wants."""
    type_name = str(event.get("type"))
    errors = _new_event.validate(event)
    body_schema = _bodies.get(type_name)
    if not errors and body_schema is not None:
        errors = body_schema.validate(event["body"])
    if errors:
        raise BadEvent(type_name, errors)
