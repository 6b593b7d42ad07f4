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

TROUBLE = ("ERROR", "WARN")
"""Severities that count, the worst first."""

CALM_STATES = ("excellent", "good")


def overview(
    tenant_id: str,
    device_id: str,
    customer_id: str | None,
    now: float,
    locale: str,
    *,
    staff: bool = False,
) -> dict[str, Any]:
    """`devices.records.overview` with what checks find in what the router told last, the worst first:
    "noticed": [{"workflow", "text"}], `text` being the check's own sentence. A router that looks well
    otherwise is then "fair", and the first sentence is its `state_text`. Nothing is noticed of a router
    that is away or held back. NotFound for another tenant's."""
    found = records.overview(tenant_id, device_id, now, locale, staff=staff)
    seen = found["online"] and found["admission"] == "enrolled"
    noticed = _noticed(tenant_id, device_id, customer_id, now, locale) if seen else []
    if noticed and found["state"] in CALM_STATES:
        found = {**found, "state": "fair", "state_text": noticed[0]["text"]}
    return {**found, "noticed": noticed}


def _noticed(
    tenant_id: str, device_id: str, customer_id: str | None, now: float, locale: str
) -> list[dict[str, str]]:
    found = []
    for listed in catalogue.listing(tenant_id, "customer", locale):
        workflow = catalogue.get(tenant_id, listed["name"], listed["version"])
        severity, text = _said(tenant_id, workflow, device_id, customer_id, now, locale)
        if text:
            found.append((TROUBLE.index(severity), {"workflow": workflow.name, "text": text}))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def _said(
    tenant_id: str, workflow: Workflow, device_id: str, customer_id: str | None, now: float, locale: str
) -> tuple[str, str]:
    """(severity, text) of the worst that the first step finds in stored data of any age, in the customer's
    words; ("", "") for nothing."""
    step = workflow.steps[workflow.start]
    if step.template.kind is not StepKind.OFFLINE:
        return "", ""
    whatever_is_stored = replace(step, template=replace(step.template, max_age_s=None))
    known = facts.gather(tenant_id, workflow, device_id, customer_id, now)
    result = advance(whatever_is_stored, workflow.settings, known, (), answers={}, outcomes={})
    if not isinstance(result, Done):
        return "", ""
    wrong = [
        finding
        for finding in result.outcome.findings
        if finding.severity in TROUBLE and finding.code not in showing.ENGINE_CODES
    ]
    if not wrong:
        return "", ""
    worst = min(wrong, key=lambda finding: TROUBLE.index(finding.severity))
    return worst.severity, showing.finding_text(worst, result.outcome, step.template, known, locale)
