"""Signing in by password, and what everyone's sign-in needs: refresh, logout, who am I.

The refresh token lives in an HttpOnly, SameSite=Strict cookie that only these endpoints get, one for each
screen (`surface`), so that a customer's, an agent's and an operator's tab can stand side by side in one
browser. Every endpoint that uses the cookie checks the Origin.
"""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, jsonify, request
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from backend.config import Config
from backend.edge import limiter
from backend.errors import Forbidden, Unauthenticated
from backend.identity import authentication
from backend.identity.http import requires
from backend.identity.permissions import Subject

COOKIE_PATH = "/api/v1/auth"
SURFACES = ("customer", "staff", "agent", "operator")
OPEN: dict[str, Any] = {"security": []}

blueprint = Blueprint("auth", __name__, url_prefix="/api/v1/auth", description="Signing in and out")


class SubjectSchema(Schema):
    """Who is signed in."""

    kind = fields.String(required=True, validate=validate.OneOf(("customer", "staff")))
    id = fields.String(required=True)
    tenant_id = fields.String(required=True)
    role = fields.String(required=True)
    name = fields.String(required=True)


class SignedInSchema(Schema):
    """A short-lived access token; the refresh token is in the cookie and never in a body."""

    access_token = fields.String(required=True)
    expires_in_s = fields.Integer(required=True)
    subject = fields.Nested(SubjectSchema, required=True)


class SurfaceSchema(Schema):
    """Which screen asks; without it, the customer's cookie, then the staff's."""

    surface = fields.String(validate=validate.OneOf(SURFACES))


class PasswordSchema(Schema):
    """A staff member's login."""

    tenant = fields.String(required=True, validate=validate.Length(min=1, max=64))
    login = fields.String(required=True, validate=validate.Length(min=1, max=120))
    password = fields.String(required=True, validate=validate.Length(min=1, max=200), load_only=True)
    surface = fields.String(load_default="staff", validate=validate.OneOf(SURFACES[1:]))


def _account() -> str:
    """Whom a guesser with many addresses guesses at; those who name nobody count together."""
    body = request.get_json(silent=True)
    asked = body if isinstance(body, dict) else {}
    tenant, login = str(asked.get("tenant"))[:64], str(asked.get("login"))[:120].strip().lower()
    return f"account {tenant} {login}"


@blueprint.post("/staff/token", endpoint="staff_token")
@limiter.limit("10 per minute; 100 per hour")
@limiter.limit("20 per minute; 100 per hour", key_func=_account)
@blueprint.arguments(PasswordSchema)
@blueprint.response(200, SignedInSchema)
@blueprint.doc(**OPEN)
def staff_token(body: dict[str, str]) -> Response:
    """Exchange a login and password for tokens. 401 `wrong_login`, whatever was wrong."""
    check_origin()
    signed_in = authentication.staff_login(body["tenant"], body["login"], body["password"], time.time())
    return answer(signed_in, body["surface"])


@blueprint.post("/refresh", endpoint="refresh")
@limiter.limit("120 per minute")
@blueprint.arguments(SurfaceSchema)
@blueprint.response(200, SignedInSchema)
@blueprint.doc(**OPEN)
def refresh(body: dict[str, str]) -> Response:
    """A new access token for the refresh cookie, which moves on. 401 when it does not count any more."""
    check_origin()
    surface, token = _cookie(body.get("surface"))
    if token is None:
        raise Unauthenticated()
    return answer(authentication.refresh(token, time.time()), surface)


@blueprint.post("/logout", endpoint="logout")
@limiter.limit("120 per minute")
@blueprint.arguments(SurfaceSchema)
@blueprint.response(204)
@blueprint.doc(**OPEN)
def logout(body: dict[str, str]) -> Response:
    """End the sign-in of the refresh cookie: its tokens stop counting and its sockets close."""
    check_origin()
    surface, token = _cookie(body.get("surface"))
    if token is not None:
        authentication.revoke(token, "logout", time.time())
    response = Response(status=204)
    response.delete_cookie(cookie_name(surface), path=COOKIE_PATH, samesite="Strict", httponly=True)
    return response


@blueprint.get("/subject", endpoint="subject")
@blueprint.response(200, SubjectSchema)
@requires("identity.read")
def subject(subject: Subject) -> Subject:
    """Who this access token speaks for."""
    return subject


def cookie_name(surface: str) -> str:
    """The name of a screen's refresh cookie."""
    return f"careflow_refresh_{surface}"


def _cookie(surface: str | None) -> tuple[str, str | None]:
    """(surface, refresh token) of the request."""
    for candidate in (surface,) if surface else SURFACES:
        token = request.cookies.get(cookie_name(candidate))
        if token:
            return candidate, token
    return surface or SURFACES[0], None


def answer(signed_in: authentication.SignedIn, surface: str) -> Response:
    """The tokens: access in the body, refresh in the cookie."""
    response = jsonify(SignedInSchema().dump(signed_in))
    response.set_cookie(
        cookie_name(surface),
        signed_in.refresh_token,
        max_age=signed_in.refresh_lifetime_s,
        path=COOKIE_PATH,
        secure=request.is_secure,
        httponly=True,
        samesite="Strict",
    )
    return response


def check_origin() -> None:
    """Refuse a request that a browser sent from another site's page. Raises Forbidden("wrong_origin").

    Browsers send Origin with every POST; programs that send none carry no browser's cookies.
    """
    origin = request.headers.get("Origin")
    if origin is None:
        return
    config: Config = current_app.extensions["careflow_config"]
    allowed = config.public_url or request.host_url
    if _site(origin) != _site(allowed):
        raise Forbidden("wrong_origin")


def _site(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()
