"""The errors a person may see.

Three kinds of error exist in Careflow and they never mix: the author's (`WorkflowError`: file, line,
reason), the protocol's (in `backend.cwmp`) and the user's, here: a code a client can act on, an HTTP status
and a sentence. A device's fault or refusal is a result, not an exception.

On the wire: `{"error": {"code": "...", "message": "...", "fields": {"name": ["..."]}}}`. Clients translate by
`code`; `message` is plain English for people who read logs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

FieldErrors = Mapping[str, Sequence[str]]


class UserError(Exception):
    """Something the caller can understand and perhaps put right.

    `code` is a stable word for machines, `status` the HTTP status, `fields` the errors by field name.
    """

    status = 400
    default_code = "bad_request"

    def __init__(
        self, code: str | None = None, message: str | None = None, *, fields: FieldErrors | None = None
    ) -> None:
        self.code = code or self.default_code
        self.message = message or self.code.replace("_", " ").capitalize() + "."
        self.fields = {name: list(errors) for name, errors in fields.items()} if fields else None
        super().__init__(self.message)

    def to_json(self) -> dict[str, Any]:
        """The wire form, without secrets: only what the constructor was given."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.fields is not None:
            error["fields"] = self.fields
        return {"error": error}


class Unauthenticated(UserError):
    """401: nobody, or a token that is forged, expired or revoked."""

    status = 401
    default_code = "unauthenticated"


class Forbidden(UserError):
    """403: known, of this tenant, but without the permission."""

    status = 403
    default_code = "forbidden"


class NotFound(UserError):
    """404: not there, or another tenant's or another customer's: the two must look the same."""

    status = 404
    default_code = "not_found"


class Conflict(UserError):
    """409: the thing has moved on, for example a question that is already answered."""

    status = 409
    default_code = "conflict"


class Invalid(UserError):
    """422: understood but wrong; `fields` says where."""

    status = 422
    default_code = "invalid"


class TooMany(UserError):
    """429: try again after `retry_after_s` seconds."""

    status = 429
    default_code = "too_many"

    def __init__(
        self, code: str | None = None, message: str | None = None, *, retry_after_s: float = 1.0
    ) -> None:
        super().__init__(code, message)
        self.retry_after_s = retry_after_s


class Unavailable(UserError):
    """503: a part we need does not answer in time; nothing was changed."""

    status = 503
    default_code = "unavailable"
