"""What only the demo shows: the logins of its people and the last one-time codes.

Registered only when `Config.demo` is set. Codes are kept in memory, a few, and never logged.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Flask, Response, jsonify

from backend.edge import limiter
from backend.identity.announcements import CodeIssued
from backend.wire import iso

CODES_KEPT = 20

_codes: deque[CodeIssued] = deque(maxlen=CODES_KEPT)
_accounts: dict[str, Any] = {}

blueprint = Blueprint("demo", __name__, url_prefix="/demo")


def show(accounts_of_demo: Mapping[str, Any]) -> None:
    """Show these accounts: {"tenant", "customers": [...], "staff": [...]}."""
    _accounts.clear()
    _accounts.update(accounts_of_demo)


def register(app: Flask) -> None:
    """Add the demo's endpoints."""
    limiter.exempt(blueprint)
    app.register_blueprint(blueprint)


def code_issued(event: CodeIssued) -> None:
    """Keep a code for the page that stands in for the phone. Hears CodeIssued, after commit."""
    _codes.appendleft(event)


@blueprint.get("/accounts")
def accounts() -> Response:
    """Who can sign in here, with what."""
    return jsonify(_accounts)


@blueprint.get("/codes")
def codes() -> Response:
    """The last codes, newest first."""
    return jsonify(
        codes=[
            {"phone": event.phone, "code": event.code, "expires_at": iso(event.expires_at)}
            for event in _codes
        ]
    )
