"""Gathers what a run's conditions and scripts may read, as stored now; nothing is fetched from a device."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from backend.crm import ledger
from backend.devices import files, links, parameters
from backend.devices import records as devices
from backend.identity import people
from workflows import tasks
from workflows.expressions import Expression
from workflows.facts import Facts
from workflows.graph import Workflow


def gather(tenant_id: str, workflow: Workflow, device_id: str, customer_id: str | None, now: float) -> Facts:
    """The facts of one device and customer that `workflow` can read; secrets come masked.

    NotFound when device or customer are another tenant's.
    """
    device = devices.facts(tenant_id, device_id)
    device |= _offered(tenant_id, device, device_fields(workflow), now)
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


FIRMWARE_FIELDS = frozenset({"firmware_file", "firmware_version"})
BACKUP_FIELDS = frozenset({"backup_file", "backup_at"})
SPEED_FIELDS = frozenset({"speed_down_url", "speed_up_url"})


def _offered(tenant_id: str, device: Mapping[str, Any], fields: frozenset[str], now: float) -> dict[str, Any]:
    """What the file store has for the device, as far as the workflow asks. `firmware_version` is "" when it
    runs what there is; there is no `firmware_file` then, and without a backup no `backup_file`."""
    found: dict[str, Any] = {}
    if fields & FIRMWARE_FIELDS:
        image = files.firmware_for(tenant_id, device)
        found["firmware_file"] = image["file_id"] if image else None
        found["firmware_version"] = image["version"] if image else ""
    if fields & BACKUP_FIELDS and (backup := files.latest_backup(tenant_id, device["id"])):
        found |= {"backup_file": backup["file_id"], "backup_at": backup["at"]}
    if fields & SPEED_FIELDS:
        urls = links.speed_urls(device["id"], now)
        found |= {"speed_down_url": urls["down"], "speed_up_url": urls["up"]}
    return found


def device_fields(workflow: Workflow) -> frozenset[str]:
    """The fields of `device` that a workflow names anywhere; worked out once for each version."""
    known = _fields.get(workflow.version)
    if known is None:
        known = frozenset(name for one in _expressions(workflow) for name in one.named("device"))
        if len(_fields) >= FIELDS_LIMIT_WORKFLOWS:
            _fields.clear()
        _fields[workflow.version] = known
    return known


FIELDS_LIMIT_WORKFLOWS = 256
_fields: dict[str, frozenset[str]] = {}


def _expressions(workflow: Workflow) -> Iterator[Expression]:
    yield from _conditions(workflow)
    for step in workflow.steps.values():
        template = step.template
        yield from tasks.expressions(template.body)
        written = [*step.arguments.values(), *(p.default for p in template.parameters)]
        written += [attribute for widget in template.panel for attribute in widget.attributes.values()]
        for one in written:
            yield from one.expressions if one is not None else ()


TENANT_FIELDS = frozenset({"dns_allowed", "dns", "lease_min_s"})
"""The tenant's settings that an author may read."""


def read_by(workflow: Workflow, device: Mapping[str, Any]) -> tuple[str, ...]:
    """What a workflow reads of the stored model: full paths, and partial ones ending in "."."""
    names: set[str] = set()
    paths: set[str] = set()
    for step in workflow.steps.values():
        names |= step.template.settings | step.template.diagnoses
        paths |= step.template.parameters_read
    for expression in _conditions(workflow):
        names |= expression.named("sv", "age", "path")
        paths |= expression.named("dm")
    return (*workflow.settings.prefixes(sorted(names), device), *sorted(paths))


def _conditions(workflow: Workflow) -> Iterator[Expression]:
    for connection in workflow.connections:
        if connection.when is not None:
            yield connection.when.expression
