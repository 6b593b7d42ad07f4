"""Who works for the tenant: administrators give and end accounts, supervisors see them."""

from __future__ import annotations

import time
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from backend.identity import people
from backend.identity.http import requires
from backend.identity.passwords import LENGTH_MAX
from backend.identity.permissions import STAFF_ROLES, Subject

blueprint = Blueprint("staff", __name__, url_prefix="/api/v1/staff/members", description="Accounts of staff")


class Member(Schema):
    """A staff member."""

    id = fields.String(required=True)
    login = fields.String(required=True)
    name = fields.String(required=True)
    role = fields.String(required=True, validate=validate.OneOf(STAFF_ROLES))
    active = fields.Boolean(required=True)


class NewMember(Schema):
    """A staff member to be. The password is told to them by other means and never shown again."""

    login = fields.String(required=True, validate=validate.Regexp(r"^[A-Za-z0-9._@-]{2,120}$"))
    name = fields.String(required=True, validate=validate.Length(min=1, max=200))
    role = fields.String(required=True, validate=validate.OneOf(STAFF_ROLES))
    password = fields.String(
        required=True,
        load_only=True,
        validate=validate.Length(min=people.PASSWORD_LENGTH_MIN, max=LENGTH_MAX),
    )


class Members(Schema):
    """Everyone, by name."""

    members = fields.List(fields.Nested(Member), required=True)


@blueprint.get("")
@blueprint.response(200, Members)
@requires("staff.list")
def members(subject: Subject) -> dict[str, Any]:
    """Everyone who works for the tenant."""
    return {"members": people.staff(subject.tenant_id)}


@blueprint.post("")
@blueprint.arguments(NewMember)
@blueprint.response(201, Member)
@requires("staff.create")
def create(subject: Subject, body: dict[str, str]) -> people.StaffRecord:
    """Give someone an account. 409 `login_taken`."""
    return people.add_staff(
        subject.tenant_id, body["login"], body["name"], body["role"], body["password"], time.time()
    )


@blueprint.post("/<member_id>/deactivate")
@blueprint.response(200, Member)
@requires("staff.deactivate")
def deactivate(subject: Subject, member_id: str) -> people.StaffRecord:
    """End someone's account; they are signed out everywhere at once."""
    return people.deactivate_staff(subject.tenant_id, member_id, time.time())
