"""The API against its own description: every operation of the OpenAPI document, with generated requests.

Whatever comes in, the answer has a status, a content type and a body that the document names, never a 5xx.
The application is the real one over a real store; half of the ids name things that are there.
"""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import negative_data_rejection, positive_data_acceptance
from schemathesis.core.parameters import ParameterLocation

from backend import database
from backend.devices import files, parameters, queue, records
from backend.devices.history import IN, History
from backend.runs import catalogue
from tests.conftest import Demo
from workflows.effects import GetValues, effect_to_json

EXAMPLES = int(os.environ.get("CAREFLOW_SOAK_EXAMPLES", "25"))

generated = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


class Spoken:
    """A session as the ACS tells of it."""

    def __init__(self, tenant_id: str, device_id: str, now: float) -> None:
        self.known = SimpleNamespace(tenant_id=tenant_id, device_id=device_id)
        self.id, self.began_at, self.source, self.events = database.new_id(), now, "", ()


@pytest.fixture
def people(make_tenant: Callable[[str], Demo], app: Any) -> Demo:
    return make_tenant("north")


@pytest.fixture
def customer_headers(people: Demo) -> dict[str, str]:
    """One sign-in for all, since codes for a phone are limited."""
    with database.connection():
        return people.headers("customer")


@pytest.fixture
def ids(people: Demo, customer_headers: dict[str, str], app: Any) -> dict[str, str]:
    """Things that are there, by the name of the path parameter that asks for them."""
    now = time.time()
    with database.connection():
        catalogue.publish_library(people.tenant_id, now=now)
        device = records.enrol(
            people.tenant_id,
            oui="02CF01",
            product_class="HR6",
            serial_number="NV9",
            password="secret of nobody",
            now=now,
            customer_id=people.customer_id,
            manufacturer="Norvik",
            model="AX6",
        )
        desk_headers = people.headers("operator")
        with database.transaction():
            parameters.store(people.tenant_id, device, [("Device.DeviceInfo.UpTime", "5", "xsd:int")], now)
        task = queue.enqueue(
            people.tenant_id,
            device,
            owner_key="page:someone:1",
            request=effect_to_json(GetValues(("Device.",))),
            deadline_at=now + 9e6,
            now=now,
        )
        session = Spoken(people.tenant_id, device, now)
        kept = History()
        kept.message(session, IN, b"<Envelope/>", now)
        kept.ended(session, "well", now)
        kept.flush(now)
        file = files.put(people.tenant_id, kind="log", name="l", content=[b"x"], device_id=device, now=now)
    client = app.test_client()
    body = {"workflow": "dhcp-configuration", "device_id": device, "client_message_id": "started-once"}
    begun = client.post("/api/v1/conversations", json=body, headers=customer_headers)
    assert begun.status_code == 201, begun.text
    conversation = begun.json["id"]
    person = f"/api/v1/conversations/{conversation}/person"
    asked = client.post(person, json={"client_message_id": "asked-once"}, headers=customer_headers)
    assert asked.status_code == 200, asked.text
    desk = client.get("/api/v1/staff/escalations", headers=desk_headers).json
    return {
        "conversation_id": conversation,
        "customer_id": people.customer_id,
        "device_id": device,
        "task_id": task,
        "session_id": session.id,
        "file_id": file,
        "escalation_id": desk["items"][0]["id"],
        "member_id": people.staff_ids["author"],
    }


@pytest.fixture
def signed_in(people: Demo, customer_headers: dict[str, str]) -> list[dict[str, str]]:
    """One sign-in of each kind; who may do what is tested elsewhere, here nobody may break anything."""
    with database.connection():
        return [customer_headers, *map(people.headers, ("agent", "operator", "administrator"))]


@pytest.fixture
def document(app: Any) -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


def every_operation(
    document: Any, subtests: pytest.Subtests, check: Callable[[schemathesis.Case], None]
) -> None:
    """Runs `check` on requests generated for each operation, fitting the description and not."""
    operations = [found.ok() for found in document.get_all_operations()]
    assert len(operations) > 20
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            with subtests.test(f"{operation.label} {mode.value}"):
                try:
                    generated(given(case=operation.as_strategy(generation_mode=mode))(check))()
                except Unsatisfiable:
                    assert mode is GenerationMode.NEGATIVE  # nothing about it can be broken


def answers_as_described(case: schemathesis.Case, headers: dict[str, str]) -> None:
    """Sends the request and compares the answer with the document.

    Two checks are set aside where they do not fit: no schema tells which tenant or step is there (422), and
    a query or header that nobody asked for is ignored; a broken body must always be refused.
    """
    aside = [positive_data_acceptance]
    body = case.meta.components.get(ParameterLocation.BODY) if case.meta else None
    if body is None or body.mode is GenerationMode.POSITIVE:
        aside.append(negative_data_rejection)
    case.call_and_validate(headers=headers, excluded_checks=aside)


def test_every_operation_answers_as_described(
    document: Any, subtests: pytest.Subtests, signed_in: list[dict[str, str]], ids: dict[str, str]
):
    def check(case: schemathesis.Case) -> None:
        chosen = zlib.crc32(repr((case.path_parameters, case.query, case.body)).encode())
        if chosen % 8 < 4:
            for name in set(case.path_parameters or {}) & set(ids):
                case.path_parameters[name] = ids[name]
        answers_as_described(case, signed_in[chosen % len(signed_in)])

    every_operation(document, subtests, check)


def test_every_operation_answers_as_described_without_a_sign_in(document: Any, subtests: pytest.Subtests):
    every_operation(document, subtests, lambda case: answers_as_described(case, {}))
