"""The wire of the consoles for staff: what comes in is limited, what goes out is described."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from backend.wire import CLIENT_MESSAGE_ID, ID, LOCALE, NAME, LanguageQuery, Moment, Noticed


class CustomerQuery(Schema):
    """`q`: part of a phone, name, address or serial number; `after`: the `next` of the page before."""

    q = fields.Str(load_default="", validate=validate.Length(max=100))
    after = fields.Str(load_default=None, allow_none=True, validate=ID)
    limit = fields.Int(load_default=20, validate=validate.Range(min=1, max=50))


class DeviceBrief(Schema):
    """A router, briefly."""

    id = fields.Str(required=True)
    serial_number = fields.Str(required=True)
    model = fields.Str(required=True)
    last_inform_at = Moment(required=True, allow_none=True)


class Contact(Schema):
    """Who a customer is and how to reach them."""

    id = fields.Str(required=True)
    first_name = fields.Str(required=True)
    last_name = fields.Str(required=True)
    phone = fields.Str(required=True)
    address = fields.Str(required=True)
    locale = fields.Str(required=True)


class CustomerBrief(Contact):
    """A customer in a list."""

    devices = fields.List(fields.Nested(DeviceBrief), required=True)


class CustomerPage(Schema):
    """Customers found; ask again with `after=next` while there is one."""

    items = fields.List(fields.Nested(CustomerBrief), required=True)
    next = fields.Str(required=True, allow_none=True)


class Subscription(Schema):
    """What the customer has."""

    plan = fields.Str(required=True)
    since = fields.Str(allow_none=True)


class LedgerEntry(Schema):
    """One line of the customer's ledger."""

    text = fields.Str(required=True)
    at = Moment(required=True)


class Visit(Schema):
    """An earlier conversation."""

    id = fields.Str(required=True)
    title = fields.Str(required=True)
    channel = fields.Str(required=True)
    state = fields.Str(required=True)
    updated_at = Moment(required=True)


class DeviceOverview(Schema):
    """A router in words, with the technical names beside."""

    id = fields.Str(required=True)
    serial_number = fields.Str(required=True)
    manufacturer = fields.Str(required=True)
    model = fields.Str(required=True)
    data_model = fields.Str(required=True, allow_none=True)
    software_version = fields.Str(required=True)
    state = fields.Str(required=True)
    state_text = fields.Str(required=True)
    online = fields.Bool(required=True)
    last_contact_at = Moment(required=True, allow_none=True)
    noticed = fields.List(fields.Nested(Noticed), required=True)


class Customer(Contact):
    """A customer with everything an agent needs on the left."""

    subscription = fields.Nested(Subscription, required=True, allow_none=True)
    devices = fields.List(fields.Nested(DeviceOverview), required=True)
    entries = fields.List(fields.Nested(LedgerEntry), required=True)
    conversations = fields.List(fields.Nested(Visit), required=True)


class Start(Schema):
    """A script for a customer's device."""

    customer_id = fields.Str(required=True, validate=ID)
    device_id = fields.Str(required=True, validate=ID)
    workflow = fields.Str(required=True, validate=NAME)
    locale = fields.Str(load_default="en", validate=LOCALE)
    client_message_id = fields.Str(required=True, validate=CLIENT_MESSAGE_ID)


class Started(Schema):
    """The conversation that was opened."""

    id = fields.Str(required=True)
    title = fields.Str(required=True)
    workflow = fields.Str(required=True)
    state = fields.Str(required=True)
    locale = fields.Str(required=True)


class WorkflowQuery(LanguageQuery):
    """Which workflows: those an audience may start."""

    audience = fields.Str(load_default="agent", validate=validate.OneOf(["customer", "agent", "operator"]))


class WorkflowBrief(Schema):
    """A workflow that can be started; `text` says in a sentence what it does, and may be empty."""

    name = fields.Str(required=True)
    title = fields.Str(required=True)
    text = fields.Str(required=True)
    version = fields.Str(required=True)


class EscalationQuery(Schema):
    """Which list; `after`: the `next` of the page before."""

    view = fields.Str(load_default="unassigned", validate=validate.OneOf(["mine", "unassigned", "all"]))
    after = fields.Str(load_default=None, allow_none=True, validate=ID)
    limit = fields.Int(load_default=25, validate=validate.Range(min=1, max=50))


class Person(Schema):
    """A member of staff."""

    id = fields.Str(required=True)
    name = fields.Str(required=True)


class Escalation(Schema):
    """A conversation that waits for, or is held by, a person."""

    id = fields.Str(required=True)
    conversation_id = fields.Str(required=True)
    run_id = fields.Str(required=True, allow_none=True)
    customer_id = fields.Str(required=True, allow_none=True)
    customer_name = fields.Str()
    device_id = fields.Str(required=True)
    title = fields.Str(required=True)
    locale = fields.Str(required=True)
    reason = fields.Str(required=True)
    text = fields.Str(required=True)
    detail = fields.Str(required=True)
    state = fields.Str(
        required=True, validate=validate.OneOf(["waiting", "taken", "resolved", "handed_back"])
    )
    taken_by = fields.Nested(Person, required=True, allow_none=True)
    disposition = fields.Str(required=True, allow_none=True)
    note = fields.Str(required=True)
    created_at = Moment(required=True)
    taken_at = Moment(required=True, allow_none=True)
    closed_at = Moment(required=True, allow_none=True)


class Counts(Schema):
    """How many wait in each list."""

    mine = fields.Int(required=True)
    unassigned = fields.Int(required=True)


class EscalationPage(Schema):
    """A page of the desk's list."""

    items = fields.List(fields.Nested(Escalation), required=True)
    next = fields.Str(required=True, allow_none=True)
    counts = fields.Nested(Counts, required=True)


class HandBackStep(Schema):
    """A step the conversation can go back to."""

    node = fields.Str(required=True)
    title = fields.Str(required=True)


class EscalationDetail(Escalation):
    """With all that was found so far; `context` is described in docs (results, changes, answers)."""

    customer = fields.Dict(required=True)
    subscription = fields.Nested(Subscription, required=True, allow_none=True)
    context = fields.Dict(required=True)
    hand_back_steps = fields.List(fields.Nested(HandBackStep), required=True)
    dispositions = fields.List(fields.Str(), required=True)


class Resolve(Schema):
    """How it ended."""

    disposition = fields.Str(required=True, validate=NAME)
    note = fields.Str(load_default="", validate=validate.Length(max=4_000))


class HandBack(Schema):
    """Where the workflow goes on."""

    node = fields.Str(required=True, validate=NAME)
