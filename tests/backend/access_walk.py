"""What the walk over every endpoint and socket event needs: one of everything, an example of each body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from backend import database as store
from backend.conversations.tables import Conversation
from backend.desk.tables import Escalation
from backend.devices import files, parameters, queue, records
from backend.devices.page_tables import CwmpSession
from backend.identity import people, secrets
from backend.runs.tables import DeviceChange
from tests.conftest import NOW, PASSWORD, Demo
from workflows.effects import GetValues, effect_to_json

MESSAGE = "client-message-0001"


@dataclass
class Home:
    """A tenant with one of everything that an id in a path can name."""

    demo: Demo
    things: dict[str, str]

    @property
    def traces(self) -> list[str]:
        """Ids that must never be told to another tenant."""
        return [self.demo.tenant_id, self.demo.other_customer_id, *self.things.values()]


def furnish(demo: Demo) -> Home:
    with store.connection(), store.transaction():
        device_id = records.enrol(
            demo.tenant_id,
            oui="02CF01",
            product_class="HR6",
            serial_number=f"NV-{demo.slug}",
            password="pw",
            now=NOW,
            customer_id=demo.customer_id,
        )
        conversation = Conversation.create(
            tenant_id=demo.tenant_id,
            customer_id=demo.customer_id,
            device_id=device_id,
            workflow="w",
            title="T",
            channel="customer",
            locale="en",
            created_at=NOW,
            updated_at=NOW,
        )
        escalation = Escalation.create(
            tenant_id=demo.tenant_id,
            conversation_id=conversation.id,
            customer_id=demo.customer_id,
            device_id=device_id,
            title="T",
            locale="en",
            reason="asked",
            text="t",
            created_at=NOW,
        )
    with store.connection():
        task_id, session_id, change_id, file_id = worked_on(demo, device_id)
        leaver = people.add_staff(demo.tenant_id, f"leaver@{demo.slug}", "Leaver", "agent", PASSWORD, NOW)
    things = {
        "customer_id": demo.customer_id,
        "device_id": device_id,
        "conversation_id": conversation.id,
        "escalation_id": escalation.id,
        "member_id": leaver.id,
        "task_id": task_id,
        "session_id": session_id,
        "change_id": change_id,
        "file_id": file_id,
    }
    return Home(demo, things)


def worked_on(demo: Demo, device_id: str) -> tuple[str, str, str, str]:
    """A task, a session, a change and a file of a router."""
    task_id = queue.enqueue(
        demo.tenant_id,
        device_id,
        owner_key=f"page:{demo.slug}:1",
        request=effect_to_json(GetValues(("Device.",))),
        deadline_at=NOW + 600,
        now=NOW,
    )
    with store.transaction():
        parameters.store(demo.tenant_id, device_id, [("Device.DeviceInfo.UpTime", "5", "xsd:int")], NOW)
        session = CwmpSession.create(tenant_id=demo.tenant_id, device_id=device_id, began_at=NOW)
        change = DeviceChange.create(
            tenant_id=demo.tenant_id,
            device_id=device_id,
            run_id=store.new_id(),
            visit=1,
            workflow="w",
            node="n",
            title={"en": "T"},
            starter={"kind": "operator", "id": demo.staff_ids["operator"]},
            items=secrets.seal(demo.tenant_id, "[]"),
            undo="staff",
            possible=True,
            at=NOW,
        )
    file_id = files.put(
        demo.tenant_id, kind="log", name="log.txt", content=[b"x"], device_id=device_id, now=NOW
    )
    return task_id, session.id, change.id, file_id


BODIES: dict[str, dict[str, Any]] = {
    "customers.start": {
        "customer_id": "{customer_id}",
        "device_id": "{device_id}",
        "workflow": "w",
        "locale": "en",
        "client_message_id": MESSAGE,
    },
    "customers.note": {"client_message_id": MESSAGE, "text": "t"},
    "desk.hand_back": {"node": "start"},
    "desk.resolve": {"disposition": "solved", "note": "n"},
    "staff.create": {"login": "new.one", "name": "New", "role": "agent", "password": PASSWORD},
    "conversations.start": {
        "workflow": "w",
        "device_id": "{device_id}",
        "locale": "en",
        "client_message_id": MESSAGE,
    },
    "conversations.answer": {
        "client_message_id": MESSAGE,
        "reply_to": "e1",
        "action": "answer",
        "values": {},
    },
    "conversations.message": {"client_message_id": MESSAGE, "text": "t"},
    "conversations.person": {"client_message_id": MESSAGE},
    "devices.put_tags": {"tags": ["vip"]},
    "devices.admit": {"customer_id": "{customer_id}"},
    "devices.reopen": {"reason": "reset by its pin"},
    "device-model.refresh": {"path": "", "client_message_id": MESSAGE},
    "device-model.reveal": {"path": "Device.DeviceInfo.UpTime", "reason": "to see"},
    "device-model.check": {"path": "Device.DeviceInfo.UpTime", "value": "5"},
    "device-operations.run": {"workflow": "w", "client_message_id": MESSAGE},
    "device-operations.undo": {"client_message_id": MESSAGE},
}
QUERIES = {
    "customers.workflows": "?audience=agent",
    "files.create": "?kind=other&name=x",
}
EVENTS: dict[str, dict[str, Any]] = {
    "join": {"session": "{conversation_id}", "after": 0},
    "leave": {"session": "{conversation_id}"},
    "answer": {"session": "{conversation_id}", **BODIES["conversations.answer"]},
    "message": {"session": "{conversation_id}", **BODIES["conversations.message"]},
    "person": {"session": "{conversation_id}", **BODIES["conversations.person"]},
    "join_desk": {},
    "join_device": {"device": "{device_id}"},
    "leave_device": {"device": "{device_id}"},
}
HARMLESS_EVENTS = {"leave", "leave_device"}  # leaving a room nobody is in tells nothing and changes nothing


def filled(value: Any, things: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: filled(inner, things) for name, inner in value.items()}
    return value.format(**things) if isinstance(value, str) and value.startswith("{") else value


def walk(app: Any, things: dict[str, str]) -> Iterator[tuple[str, str, str, str, Any]]:
    """(endpoint, method, path, action, body) of everything that is not public."""
    for rule, method, action in app.extensions["careflow_endpoints"]:
        if action is not None:
            missing = rule.arguments - set(things)
            assert not missing, f"{rule.rule}: the walk knows no {missing}; add one to furnish()"
            with app.test_request_context():
                path = app.url_map.bind("localhost").build(
                    rule.endpoint, {n: things[n] for n in rule.arguments}
                )
            body = filled(BODIES.get(rule.endpoint), things)
            yield rule.endpoint, method, path + QUERIES.get(rule.endpoint, ""), action, body
