"""The wire of the device page for staff: finding routers, and one of them in words.

What comes in is limited in size and kind; what goes out is described, and the OpenAPI document is made from
these same schemas. Moments go out as ISO 8601 UTC, words in the language asked for.
"""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from backend.wire import ID, LanguageQuery, Moment

TAGS_LIMIT = 20
TAG = validate.Regexp(
    r"^[^\W_](?:[\w .:-]{0,46}\w)?\Z", error="1 to 48 letters, digits, spaces, or . : - _ between them."
)
STATES = ("excellent", "good", "fair", "poor", "unknown", "online", "offline", "quarantined")
ADMISSIONS = ("enrolled", "quarantined")


def _text(limit_characters: int, **options: Any) -> fields.Str:
    return fields.Str(validate=validate.Length(max=limit_characters), **options)


# -- search ---------------------------------------------------------------------------------------


class DeviceSearchQuery(LanguageQuery):
    """`q`: words, each the beginning of a serial number, model, firmware version, address, tag, OUI, or of
    the customer's name, street or phone (its last digits too). `state`: a state in words, "online",
    "offline" or "quarantined". `after`: the `next` of the page before."""

    q = _text(100, load_default="")
    tag = _text(48, load_default="")
    model = _text(64, load_default="")
    firmware = _text(64, load_default="")
    state = fields.Str(load_default="", validate=validate.OneOf(("", *STATES)))
    after = fields.Str(load_default=None, allow_none=True, validate=ID)
    limit = fields.Int(load_default=25, validate=validate.Range(min=1, max=50))


class DeviceOwner(Schema):
    """The customer a router belongs to."""

    id = fields.Str(required=True)
    name = fields.Str(required=True)


class DeviceFound(Schema):
    """A router in a list. `address` is where its last contact came from."""

    id = fields.Str(required=True)
    serial_number = fields.Str(required=True)
    manufacturer = fields.Str(required=True)
    model = fields.Str(required=True)
    product_class = fields.Str(required=True)
    oui = fields.Str(required=True)
    software_version = fields.Str(required=True)
    tags = fields.List(fields.Str(), required=True)
    state = fields.Str(required=True)
    state_text = fields.Str(required=True)
    online = fields.Bool(required=True)
    last_contact_at = Moment(required=True, allow_none=True)
    address = fields.Str(required=True)
    customer = fields.Nested(DeviceOwner, required=True, allow_none=True)
    admission = fields.Str(required=True, validate=validate.OneOf(ADMISSIONS))


class DeviceList(Schema):
    """A page of routers; ask again with `after=next` while there is one, even where a page holds few.

    `total` is None where it would cost a look at every router (with `state`); from `total_limit` on it is
    "that many or more".
    """

    items = fields.List(fields.Nested(DeviceFound), required=True)
    next = fields.Str(required=True, allow_none=True)
    total = fields.Int(required=True, allow_none=True)
    total_limit = fields.Int(required=True)


# -- overview -------------------------------------------------------------------------------------


class DeviceWake(Schema):
    """How the router can be asked to call."""

    kind = fields.Str(required=True, validate=validate.OneOf(("http", "udp", "none")))
    text = fields.Str(required=True)


class DeviceNetwork(Schema):
    """A WiFi network; what was never read is None."""

    band = fields.Str(required=True, allow_none=True)
    ssid = fields.Str(required=True)
    enabled = fields.Bool(required=True, allow_none=True)
    channel = fields.Int(required=True, allow_none=True)
    auto = fields.Bool(required=True, allow_none=True)


class DeviceHost(Schema):
    """Something in the home."""

    name = fields.Str(required=True)
    mac = fields.Str(required=True)
    ip = fields.Str(required=True)
    active = fields.Bool(required=True, allow_none=True)


class DeviceFirmwareOffer(Schema):
    """A newer image that fits this router."""

    version = fields.Str(required=True)
    file_id = fields.Str(required=True)


class DeviceFirmware(Schema):
    """The firmware that runs, and one that could."""

    current = fields.Str(required=True)
    offered = fields.Nested(DeviceFirmwareOffer, required=True, allow_none=True)


class DeviceBackup(Schema):
    """The newest configuration kept of this router."""

    file_id = fields.Str(required=True)
    at = Moment(required=True)


class DeviceProfile(Schema):
    """The vendor profile that fits, and what is peculiar about such routers, in words."""

    name = fields.Str(required=True)
    quirks = fields.List(fields.Str(), required=True)


class DeviceDetail(Schema):
    """A router in words, with the technical names beside.

    `knocked_at`: since its last session it came by a factory credential and was refused, since it has its
    own; `may_enrol`: a factory credential opens it at its next call.
    """

    id = fields.Str(required=True)
    serial_number = fields.Str(required=True)
    manufacturer = fields.Str(required=True)
    model = fields.Str(required=True)
    oui = fields.Str(required=True)
    product_class = fields.Str(required=True)
    data_model = fields.Str(required=True, allow_none=True)
    software_version = fields.Str(required=True)
    hardware_version = fields.Str(required=True)
    tags = fields.List(fields.Str(), required=True)
    admission = fields.Str(required=True, validate=validate.OneOf(ADMISSIONS))
    customer = fields.Nested(DeviceOwner, required=True, allow_none=True)
    address = fields.Str(required=True)
    state = fields.Str(required=True)
    state_text = fields.Str(required=True)
    online = fields.Bool(required=True)
    last_contact_at = Moment(required=True, allow_none=True)
    last_boot_at = Moment(required=True, allow_none=True)
    uptime_s = fields.Float(required=True, allow_none=True)
    wake = fields.Nested(DeviceWake, required=True)
    knocked_at = Moment(required=True, allow_none=True)
    may_enrol = fields.Bool(required=True)
    wifi = fields.List(fields.Nested(DeviceNetwork), required=True)
    hosts = fields.List(fields.Nested(DeviceHost), required=True)
    firmware = fields.Nested(DeviceFirmware, required=True)
    backup = fields.Nested(DeviceBackup, required=True, allow_none=True)
    summary = fields.List(fields.Str(), required=True)
    profile = fields.Nested(DeviceProfile, required=True, allow_none=True)


class DeviceTags(Schema):
    """The router's tags, all of them: what is not named is taken off."""

    tags = fields.List(fields.Str(validate=TAG), required=True, validate=validate.Length(max=TAGS_LIMIT))


class DeviceAdmission(Schema):
    """Let a router in that waits, and say whose it is, if anybody's."""

    customer_id = fields.Str(load_default=None, allow_none=True, validate=ID)


class DeviceReopening(Schema):
    """Let a router that was reset enrol anew; `reason` is written down."""

    reason = _text(500, load_default="")


class DeviceReopened(Schema):
    """A factory credential opens it at its next call, once."""

    id = fields.Str(required=True)
    may_enrol = fields.Bool(required=True)


class DeviceAdmitted(Schema):
    """How it stands now. Whose it is stays with those who may see customers."""

    id = fields.Str(required=True)
    admission = fields.Str(required=True, validate=validate.OneOf(ADMISSIONS))
