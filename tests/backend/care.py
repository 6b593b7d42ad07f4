"""A care centre for tests, with every layer real but the network: one simulated home, the real ACS and
engine, conversations and the desk. The router's HTTP is Flask's test client; time is an argument."""

from __future__ import annotations

import itertools
import time
from pathlib import Path
from typing import Any

import pytest

from backend import announcements
from backend.acs import Acs
from backend.announcements import Hearers
from backend.conversations import dialogue, receive
from backend.conversations.announcements import PersonAsked
from backend.conversations.turn import Question, open_question
from backend.cwmp import rpc
from backend.database import after_commit
from backend.desk import escalations
from backend.devices import records
from backend.devices.announcements import DeviceUnreachable, TaskFinished, TaskStarted
from backend.identity import passwords
from backend.identity.permissions import Subject
from backend.runs import catalogue, perform
from backend.runs.announcements import RunEnded, RunEscalated
from backend.simulator.homes import by_story, demo_password
from backend.simulator.router import Router as SimulatedRouter
from backend.simulator.seed import seed
from tests.backend import acs_face_to_face as acs_side
from tests.backend.wsgi_files import files_of

HEARERS = {
    TaskStarted: Hearers(inside=[perform.task_started]),
    TaskFinished: Hearers(inside=[perform.task_finished]),
    DeviceUnreachable: Hearers(inside=[perform.device_unreachable]),
    RunEscalated: Hearers(inside=[receive.run_escalated, escalations.run_escalated]),
    RunEnded: Hearers(inside=[receive.run_ended]),
    PersonAsked: Hearers(inside=[escalations.person_asked]),
}


class Home:
    """One home of the demo, its people and its router."""

    def __init__(self, tenant_id: str, story: str, directory: Path) -> None:
        self.tenant_id = tenant_id
        self.home = by_story(story)
        known = records.credentials(self.home.username)
        assert known is not None
        self.device_id = known.device_id
        self.customer_id = records.facts(tenant_id, known.device_id)["customer_id"]
        self.customer = Subject(
            "customer", self.customer_id, tenant_id, "customer", self.home.person.first_name
        )
        self.router = SimulatedRouter(
            self.home,
            directory,
            acs_url="http://127.0.0.1/acs",
            periodic_s=300,
            retry_s=1,
            now=time.time(),
            files=files_of(),
        )
        self.router.flash_s = 0
        self.acs_side = acs_side.Router(
            acs_side.app_of(Acs()),
            serial=self.home.serial,
            password=demo_password(self.home.serial),
            username=self.home.username,
        )
        self.acs_side.answer = self._answer  # type: ignore[method-assign]
        self._numbers = itertools.count()
        self._messages = (f"message-{number:04}" for number in itertools.count())

    def _answer(self, message: Any) -> Any:
        return self.router.answer(message, f"{next(self._numbers)}", time.time())

    def contact(self, *events: str) -> None:
        """The router calls: one whole session. It tells besides whatever it has to tell, e.g. of a file."""
        mine = tuple(rpc.Event(event) for event in events) or self.router.power_events()
        told = tuple(dict.fromkeys((*mine, *self.router.pending_events())))
        informed = self.router.inform(told, 0, time.time())
        self.acs_side.cwmp = acs_side.CpeSession("cpe-", self.acs_side.namespace)
        response = self.acs_side.post(self.acs_side.cwmp.send(informed))
        assert response.status_code == 200, response.get_data()
        self.acs_side.cwmp.receive(response.get_data())
        self.router.informed(told)
        for request in self.router.own_requests():
            response = self.acs_side.post(self.acs_side.cwmp.send(request))
            self.acs_side.cwmp.receive(response.get_data())
            self.router.delivered(request)
        self.acs_side.finish()

    def work(self) -> bool:
        """What the router does between sessions (files, diagnoses, a restart); True when it then has
        something to tell, so that the next `contact` is due."""
        self.router.work(time.time)
        if self.router.ordered:
            self.router.restart(time.time())
            return True
        return bool(self.router.pending_events())

    def settle(self, sessions_limit: int = 8) -> None:
        """Work and contact by turns until the router has nothing left to tell."""
        for _ in range(sessions_limit):
            if not self.work():
                return
            self.contact("6 CONNECTION REQUEST")
        raise AssertionError(f"still something to tell: {self.router.pending_events()}")

    def begin(
        self,
        subject: Subject | None = None,
        channel: str = "customer",
        locale: str = "en",
        workflow: str = "dhcp-configuration",
        title: str = "My devices cannot join the network",
    ) -> str:
        """Start a workflow; gives the conversation's id."""
        return str(
            receive.start(
                subject or self.customer,
                workflow=workflow,
                title=title,
                device_id=self.device_id,
                customer_id=self.customer_id,
                locale=locale,
                channel=channel,
                client_message_id=next(self._messages),
                now=time.time(),
            ).id
        )

    def events(self, conversation_id: str, subject: Subject | None = None) -> list[dict[str, Any]]:
        """The whole log as someone sees it."""
        return list(dialogue.events(subject or self.customer, conversation_id, 0, 200)["events"])

    def question(self, conversation_id: str, subject: Subject | None = None) -> Question | None:
        """What is open now."""
        return open_question(self.events(conversation_id, subject))

    def answer(
        self,
        conversation_id: str,
        action: str,
        values: dict[str, Any] | None = None,
        subject: Subject | None = None,
        client_message_id: str | None = None,
    ) -> bool:
        """Answer the open question."""
        asked = self.question(conversation_id, subject)
        assert asked is not None, [event["type"] for event in self.events(conversation_id, subject)]
        return receive.answer(
            subject or self.customer,
            conversation_id,
            client_message_id=client_message_id or next(self._messages),
            reply_to=asked.id,
            action=action,
            values=values or {},
            now=time.time(),
        )

    def wants_a_person(self, conversation_id: str) -> None:
        """The customer asks for a person."""
        receive.person(
            self.customer, conversation_id, client_message_id=next(self._messages), now=time.time()
        )

    def says(self, conversation_id: str, text: str, subject: Subject | None = None) -> None:
        """Someone writes a message."""
        receive.message(
            subject or self.customer,
            conversation_id,
            client_message_id=next(self._messages),
            text=text,
            now=time.time(),
        )

    def state(self, conversation_id: str) -> dict[str, Any]:
        """The conversation."""
        return dialogue.find(self.tenant_id, conversation_id)


def staff(tenant_id: str, role: str = "operator", name: str = "Pawel", number: int = 1) -> Subject:
    """A member of staff."""
    return Subject("staff", f"{role}-{number}", tenant_id, role, name)  # type: ignore[arg-type]


def opened(tenant_id: str) -> None:
    """Seed the tenant with the demo's homes and publish the library."""
    seed(tenant_id, time.time())
    catalogue.publish_library(tenant_id, time.time())


@pytest.fixture
def open_home(make_tenant, database, tmp_path, monkeypatch):
    """open_home(story) -> Home that has called once; the demo's homes are in the tables."""
    monkeypatch.setattr(passwords, "hash_password", lambda _: "not used here")
    tenant_id = make_tenant("north").tenant_id
    opened(tenant_id)
    with announcements.wired(HEARERS, after_commit):

        def of(story):
            made = Home(tenant_id, story, tmp_path / "routers")
            made.contact()
            return made

        yield of


@pytest.fixture
def home(open_home):
    """The home whose router does not give out addresses."""
    return open_home("dhcp-disabled")
