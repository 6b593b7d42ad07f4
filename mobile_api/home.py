"""The customer's first screen: my router in words, what was fixed lately, what may be wrong."""

from __future__ import annotations

import time
from typing import Any

from flask_smorest import Blueprint

from backend.conversations import dialogue
from backend.crm import ledger
from backend.devices import records
from backend.identity.http import requires
from backend.identity.permissions import Subject
from backend.runs import catalogue, outlook
from backend.wire import LanguageQuery
from mobile_api import schemas

FIXES_LIMIT = 5
CONVERSATIONS_LIMIT = 5

blueprint = Blueprint("home", __name__, url_prefix="/api/v1", description="The customer's first screen")


@blueprint.route("/home", methods=["GET"])
@blueprint.arguments(LanguageQuery, location="query")
@blueprint.response(200, schemas.Home)
@requires("home.read")
def home(subject: Subject, query: dict[str, Any]) -> dict[str, Any]:
    """My routers in words, what was done for me lately, my conversations and the common troubles."""
    now = time.time()
    tenant_id, locale = subject.tenant_id, query["locale"]
    fixes = ledger.entries(tenant_id, subject.id, limit=FIXES_LIMIT)
    return {
        "customer": ledger.customer(tenant_id, subject.id),
        "devices": [
            outlook.overview(tenant_id, device["id"], device["customer_id"], now, locale)
            for device in records.of_customer(tenant_id, subject.id)
        ],
        "conversations": dialogue.of_customer(tenant_id, subject.id, CONVERSATIONS_LIMIT, "customer"),
        "fixes": [{"text": entry["text"], "at": entry["at"]} for entry in fixes],
        "symptoms": [
            {"workflow": listed["name"], **{name: listed[name] for name in ("title", "text", "icon")}}
            for listed in catalogue.listing(tenant_id, "customer", locale)
        ],
    }
