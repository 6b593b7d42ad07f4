"""Gathers what a run's conditions and scripts may read, as stored now; nothing is fetched from a device."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from backend.crm import ledger
from backend.devices import parameters
from backend.devices import records as devices
from backend.identity import people
from workflows.expressions import Expression
from workflows.facts import Facts
from workflows.graph import Workflow


def gather(tenant_id: str, workflow: Workflow, device_id: str, customer_id: str | None, now: float) -> Facts:
    """The facts of one device and customer that `workflow` can read; secrets come masked.

    NotFound when device or customer are another tenant's.
    """
    device = devices.facts(tenant_id, device_id)
    tenant = people.tenant(tenant_id)
    return Facts(
        now=now,
        device={name: value for name, value in device.items() if name != "customer_id"},
        parameters=parameters.load(device_id, read_by(workflow, device)),
        customer=ledger.customer(tenant_id, customer_id) if customer_id else {},
        subscription=(ledger.subscription(tenant_id, customer_id) if customer_id else None) or {},
        tenant={
            "id": tenant.id,
            "name": tenant.name,
            **{name: value for name, value in tenant.settings.items() if name in TENANT_FIELDS},
        },
    )


TENANT_FIELDS = frozenset({"dns_allowed", "dns", "lease_min_s"})
"""The tenant's settings that an author may read."""


def read_by(workflow: Workflow, device: Mapping[str, Any]) -> tuple[str, ...]:
    """What a workflow reads of the stored model: full paths, and partial ones ending in "."."""
    names: set[str] = set()
    paths: set[str] = set()
    for step in workflow.steps.values():
        names |= step.template.settings
        paths |= step.template.parameters_read
    for expression in _conditions(workflow):
        names |= expression.named("sv", "age", "path")
        paths |= expression.named("dm")
    return (*workflow.settings.prefixes(sorted(names), device), *sorted(paths))


def _conditions(workflow: Workflow) -> Iterator[Expression]:
    for connection in workflow.connections:
        if connection.when is not None:
            yield connection.when.expression
