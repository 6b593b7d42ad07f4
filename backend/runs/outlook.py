"""How a home is doing, by the workflows' own first steps over what is stored: no session, no write, no run.

A first step that is offline is a check; played over the stored model it says what it would say in a
conversation. A check that would have to ask the router first says nothing here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from backend.devices import records
from backend.runs import catalogue, facts
from workflows import showing
from workflows.graph import Workflow
from workflows.script import Done, advance
from workflows.steps import StepKind

TROUBLE = ("WARN", "ERROR")
CALM_STATES = ("excellent", "good")


def overview(
    tenant_id: str, device_id: str, customer_id: str | None, now: float, locale: str
) -> dict[str, Any]:
    """`devices.records.overview`, where a router that looks well is "fair" once a check finds trouble in
    what it told us last; `state_text` then is the check's own sentence. NotFound for another tenant's."""
    found = records.overview(tenant_id, device_id, now, locale)
    if found["state"] in CALM_STATES:
        trouble = _trouble(tenant_id, device_id, customer_id, now, locale)
        if trouble:
            return {**found, "state": "fair", "state_text": trouble}
    return found


def _trouble(tenant_id: str, device_id: str, customer_id: str | None, now: float, locale: str) -> str | None:
    for listed in catalogue.listing(tenant_id, "customer", locale):
        workflow = catalogue.get(tenant_id, listed["name"], listed["version"])
        said = _said(tenant_id, workflow, device_id, customer_id, now, locale)
        if said:
            return said
    return None


def _said(
    tenant_id: str, workflow: Workflow, device_id: str, customer_id: str | None, now: float, locale: str
) -> str | None:
    """What the first step finds wrong in stored data of any age, in the customer's words."""
    step = workflow.steps[workflow.start]
    if step.template.kind is not StepKind.OFFLINE:
        return None
    whatever_is_stored = replace(step, template=replace(step.template, max_age_s=None))
    known = facts.gather(tenant_id, workflow, device_id, customer_id, now)
    result = advance(whatever_is_stored, workflow.settings, known, (), answers={}, outcomes={})
    if not isinstance(result, Done):
        return None
    wrong = [finding for finding in result.outcome.findings if finding.severity in TROUBLE]
    known_codes = [finding for finding in wrong if finding.code not in showing.ENGINE_CODES]
    if not known_codes:
        return None
    return showing.finding_text(known_codes[0], result.outcome, step.template, known, locale) or None
