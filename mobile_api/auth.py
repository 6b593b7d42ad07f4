"""A customer signs in: a one-time code to the phone, then tokens. Refresh and logout are everyone's."""

from __future__ import annotations

import time

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from backend.consoles.authentication import OPEN, SignedInSchema, answer, check_origin
from backend.edge import limiter
from backend.identity import authentication

blueprint = Blueprint(
    "customer-auth", __name__, url_prefix="/api/v1/auth/customer", description="Signing in as a customer"
)


class PhoneSchema(Schema):
    """The provider and the phone, as typed or in E.164 form."""

    tenant = fields.String(required=True, validate=validate.Length(min=1, max=64))
    phone = fields.String(required=True, validate=validate.Length(min=5, max=40))


class CodeSchema(PhoneSchema):
    """With the code that came to the phone."""

    code = fields.String(required=True, load_only=True, validate=validate.Regexp(r"^\s*[0-9]{6}\s*$"))


@blueprint.post("/code", endpoint="request_code")
@limiter.limit("20 per minute; 200 per hour")
@blueprint.arguments(PhoneSchema)
@blueprint.response(202)
@blueprint.doc(**OPEN)
def request_code(body: dict[str, str]) -> None:
    """Send a code, if the phone is a customer's; the answer is the same when it is not."""
    check_origin()
    authentication.request_code(body["tenant"], body["phone"], time.time())


@blueprint.post("/token", endpoint="exchange_code")
@limiter.limit("20 per minute; 200 per hour")
@blueprint.arguments(CodeSchema)
@blueprint.response(200, SignedInSchema)
@blueprint.doc(**OPEN)
def exchange_code(body: dict[str, str]) -> Response:
    """Exchange the code for tokens. 401 `wrong_code`, whatever was wrong."""
    check_origin()
    signed_in = authentication.verify_code(body["tenant"], body["phone"], body["code"].strip(), time.time())
    return answer(signed_in, "customer")
