"""The wire of the device page: its tasks, its sessions, what was changed, and what may be run on it."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from backend.wire import CLIENT_MESSAGE_ID, ID, LOCALE, NAME, LanguageQuery, Moment

INPUTS_LIMIT_FIELDS = 20
TASK_STATES = ("queued", "sent", "running", "done", "expired")
UNDO_STATES = ("possible", "done", "running", "impossible")
GROUPS = ("check", "repair", "file", "power", "other")
ENDINGS = ("open", "well", "silent", "failed", "superseded")


# -- tasks and sessions ---------------------------------------------------------------------------


class DeviceRowsQuery(LanguageQuery):
    """A list of a router's, the newest first; `after`: the `next` of the page before."""

    after = fields.Str(load_default=None, allow_none=True, validate=ID)
    limit = fields.Int(load_default=25, validate=validate.Range(min=1, max=50))


class TaskProgress(Schema):
    """How far a task is: e.g. {"transferring", 2048, 4096, "bytes"}."""

    phase = fields.Str(required=True)
    done = fields.Int(required=True)
    total = fields.Int(required=True)
    unit = fields.Str(required=True)


class TaskParameterFault(Schema):
    """Which parameter was refused and why."""

    name = fields.Str(required=True)
    code = fields.Str(required=True)
    text = fields.Str(required=True)


class TaskFault(Schema):
    """Why it did not work: the router's own code and text, and `why` in plain words."""

    code = fields.Str(required=True)
    text = fields.Str(required=True)
    why = fields.Str(required=True)
    parameters = fields.List(fields.Nested(TaskParameterFault), required=True)


class DeviceTask(Schema):
    """One order to the router. `what` is its kind ("GetParameterValues"), `text` says it in words."""

    id = fields.Str(required=True)
    what = fields.Str(required=True)
    text = fields.Str(required=True)
    state = fields.Str(required=True, validate=validate.OneOf(TASK_STATES))
    created_at = Moment(required=True)
    sent_at = Moment(required=True, allow_none=True)
    done_at = Moment(required=True, allow_none=True)
    deadline_at = Moment(required=True)
    by = fields.Str(required=True)
    progress = fields.Nested(TaskProgress, required=True, allow_none=True)
    fault = fields.Nested(TaskFault, required=True, allow_none=True)
    cancellable = fields.Bool(required=True)


class DeviceTaskCancelled(Schema):
    """What became of it: "ended", or "stopping" when the router was asked to stop."""

    outcome = fields.Str(required=True, validate=validate.OneOf(("ended", "stopping")))


class DeviceTasks(Schema):
    """A router's tasks, the newest first."""

    items = fields.List(fields.Nested(DeviceTask), required=True)
    next = fields.Str(required=True, allow_none=True)


class DeviceSession(Schema):
    """One CWMP session. `messages` counts both ways; `ending` "open" while it lasts."""

    id = fields.Str(required=True)
    began_at = Moment(required=True)
    ended_at = Moment(required=True, allow_none=True)
    events = fields.List(fields.Str(), required=True)
    source = fields.Str(required=True)
    ending = fields.Str(required=True, validate=validate.OneOf(ENDINGS))
    messages = fields.Int(required=True)
    bytes_in = fields.Int(required=True)
    bytes_out = fields.Int(required=True)


class DeviceSessions(Schema):
    """A router's sessions, the newest first."""

    items = fields.List(fields.Nested(DeviceSession), required=True)
    next = fields.Str(required=True, allow_none=True)


class DeviceMessage(Schema):
    """One message. `xml` is masked, and "" for an empty POST or what was too large to keep."""

    at = Moment(required=True)
    direction = fields.Str(required=True, validate=validate.OneOf(("in", "out")))
    method = fields.Str(required=True)
    summary = fields.Str(required=True)
    xml = fields.Str(required=True)
    bytes = fields.Int(required=True)


class DeviceSessionDetail(Schema):
    """A session with its messages, in order."""

    id = fields.Str(required=True)
    began_at = Moment(required=True)
    ended_at = Moment(required=True, allow_none=True)
    events = fields.List(fields.Str(), required=True)
    source = fields.Str(required=True)
    ending = fields.Str(required=True, validate=validate.OneOf(ENDINGS))
    message_count = fields.Int(required=True)
    bytes_in = fields.Int(required=True)
    bytes_out = fields.Int(required=True)
    messages = fields.List(fields.Nested(DeviceMessage), required=True)


# -- changes and operations -----------------------------------------------------------------------


class DeviceChangeItem(Schema):
    """One value before and after; None where it was not known or is gone. Secrets are masked."""

    path = fields.Str(required=True)
    label = fields.Str(required=True)
    before = fields.Str(required=True, allow_none=True)
    after = fields.Str(required=True, allow_none=True)
    verified = fields.Bool(required=True, allow_none=True)
    kind = fields.Str(required=True, validate=validate.OneOf(("set", "added", "deleted")))


class DeviceUndo(Schema):
    """Whether it can be taken back, and why not."""

    state = fields.Str(required=True, validate=validate.OneOf(UNDO_STATES))
    text = fields.Str(required=True)


class DeviceChangeSet(Schema):
    """What one step changed."""

    id = fields.Str(required=True)
    at = Moment(required=True)
    by = fields.Str(required=True)
    workflow = fields.Str(required=True)
    title = fields.Str(required=True)
    items = fields.List(fields.Nested(DeviceChangeItem), required=True)
    undo = fields.Nested(DeviceUndo, required=True)


class DeviceChanges(Schema):
    """What was changed in this router, the newest first."""

    items = fields.List(fields.Nested(DeviceChangeSet), required=True)
    next = fields.Str(required=True, allow_none=True)


class DeviceUndoStart(Schema):
    """Take a change back."""

    client_message_id = fields.Str(required=True, validate=CLIENT_MESSAGE_ID)
    locale = fields.Str(load_default="en", validate=LOCALE)


class OperationInput(Schema):
    """One thing to fill in; `options` are {"value", "label"}."""

    name = fields.Str(required=True)
    type = fields.Str(required=True)
    label = fields.Str(required=True)
    default = fields.Raw(required=True, allow_none=True)
    required = fields.Bool(required=True)
    options = fields.List(fields.Dict(), required=True)
    min = fields.Float(required=True, allow_none=True)
    max = fields.Float(required=True, allow_none=True)
    pattern = fields.Str(required=True)
    accept = fields.Str(required=True)


class Operation(Schema):
    """A workflow that can be run on this router from here; `why` says why not, when it cannot."""

    workflow = fields.Str(required=True)
    title = fields.Str(required=True)
    text = fields.Str(required=True)
    group = fields.Str(required=True, validate=validate.OneOf(GROUPS))
    writes = fields.Bool(required=True)
    disrupts_s = fields.Float(required=True, allow_none=True)
    inputs = fields.List(fields.Nested(OperationInput), required=True)
    available = fields.Bool(required=True)
    why = fields.Str(required=True)


class OperationStart(Schema):
    """Run a workflow on this router. The same client_message_id gives the same conversation."""

    workflow = fields.Str(required=True, validate=NAME)
    inputs = fields.Dict(
        keys=fields.Str(validate=validate.Length(max=64)),
        values=fields.Raw(allow_none=True),
        load_default=dict,
        validate=validate.Length(max=INPUTS_LIMIT_FIELDS),
    )
    locale = fields.Str(load_default="en", validate=LOCALE)
    client_message_id = fields.Str(required=True, validate=CLIENT_MESSAGE_ID)


class OperationStarted(Schema):
    """The conversation in which it can be followed: its events are at /api/v1/conversations."""

    id = fields.Str(required=True)
