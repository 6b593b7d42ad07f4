"""The wire of the files that routers are given or give: firmware images, configurations, logs."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from backend.wire import ID, Moment

KINDS = ("firmware", "configuration", "log", "other")
MODELS_LIMIT = 50
NAME_LIMIT_CHARACTERS = 120


class FilesQuery(Schema):
    """Which files; `after`: the `next` of the page before."""

    kind = fields.Str(load_default="", validate=validate.OneOf(("", *KINDS)))
    after = fields.Str(load_default=None, allow_none=True, validate=ID)
    limit = fields.Int(load_default=25, validate=validate.Range(min=1, max=50))


class FileUpload(Schema):
    """What the body is. `models`: which models a firmware image is for, with commas between."""

    kind = fields.Str(required=True, validate=validate.OneOf(KINDS))
    name = fields.Str(
        required=True,
        validate=validate.Regexp(
            r"^[^\x00-\x1f\x7f/\\]{1,120}\Z", error="1 to 120 characters, none of them / or \\."
        ),
    )
    version = fields.Str(load_default="", validate=validate.Regexp(r"^[^\x00-\x1f\x7f]{0,64}\Z"))
    models = fields.Str(load_default="", validate=validate.Regexp(r"^[^\x00-\x1f\x7f]{0,1500}\Z"))
    device_id = fields.Str(load_default=None, allow_none=True, validate=ID)


class StoredFile(Schema):
    """A stored file. `sha256` in hexadecimal digits; `device_id` whose it is, for a backup or a log."""

    id = fields.Str(required=True)
    kind = fields.Str(required=True, validate=validate.OneOf(KINDS))
    name = fields.Str(required=True)
    version = fields.Str(required=True)
    models = fields.List(fields.Str(), required=True)
    size_bytes = fields.Int(required=True)
    sha256 = fields.Str(required=True)
    device_id = fields.Str(required=True, allow_none=True)
    by = fields.Str(required=True)
    created_at = Moment(required=True)


class StoredFiles(Schema):
    """Files, the newest first."""

    items = fields.List(fields.Nested(StoredFile), required=True)
    next = fields.Str(required=True, allow_none=True)
