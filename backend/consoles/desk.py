"""The operator's desk over HTTP: list, take, see what was found, hand back or resolve."""

from __future__ import annotations

import time
from typing import Any

from flask_smorest import Blueprint

from backend.consoles import schemas
from backend.desk import escalations
from backend.identity.http import requires
from backend.identity.permissions import Subject
from backend.wire import LanguageQuery

blueprint = Blueprint(
    "desk", __name__, url_prefix="/api/v1/staff/escalations", description="Conversations that need a person"
)


@blueprint.route("", methods=["GET"])
@blueprint.arguments(schemas.EscalationQuery, location="query")
@blueprint.response(200, schemas.EscalationPage)
@requires("escalation.list")
def listing(subject: Subject, query: dict[str, Any]) -> dict[str, Any]:
    """Mine, unassigned or all."""
    return escalations.listing(subject, query["view"], query["after"], query["limit"])


@blueprint.route("/<escalation_id>", methods=["GET"])
@blueprint.arguments(LanguageQuery, location="query")
@blueprint.response(200, schemas.EscalationDetail)
@requires("escalation.read")
def detail(subject: Subject, query: dict[str, Any], escalation_id: str) -> dict[str, Any]:
    """The escalation with everything that was found, each result with its age."""
    return escalations.detail(subject, escalation_id, query["locale"], time.time())


@blueprint.route("/<escalation_id>/take", methods=["POST"])
@blueprint.response(200, schemas.Escalation)
@requires("escalation.take")
def take(subject: Subject, escalation_id: str) -> dict[str, Any]:
    """Take it. 409 with the winner's name when someone was quicker."""
    return escalations.take(subject, escalation_id, time.time())


@blueprint.route("/<escalation_id>/hand-back", methods=["POST"])
@blueprint.arguments(schemas.HandBack)
@blueprint.response(200, schemas.Escalation)
@requires("escalation.hand_back")
def hand_back(subject: Subject, body: dict[str, Any], escalation_id: str) -> dict[str, Any]:
    """Give it back to the workflow at a step; the router is checked again."""
    return escalations.hand_back(subject, escalation_id, body["node"], time.time())


@blueprint.route("/<escalation_id>/resolve", methods=["POST"])
@blueprint.arguments(schemas.Resolve)
@blueprint.response(200, schemas.Escalation)
@requires("escalation.resolve")
def resolve(subject: Subject, body: dict[str, Any], escalation_id: str) -> dict[str, Any]:
    """Finish it with a disposition; the customer's ledger keeps it."""
    return escalations.resolve(subject, escalation_id, body["disposition"], body["note"], time.time())
