"""A customer, a simulated router and its home, without the network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from backend import database
from backend.announcements import Hearers
from backend.cwmp import rpc
from backend.database import new_id
from backend.devices import parameters, queue, records
from backend.devices.announcements import DeviceUnreachable, TaskFinished, TaskStarted
from backend.identity import people
from backend.live import log
from backend.runs import perform
from backend.simulator import homes
from backend.simulator.router import Router
from workflows.effects import GetValues, ParameterFault, Reply, SetValues
from workflows.run import Answered, Chosen, Consented, Event

NOW = 1_700_000_000.0
EVERYTHING = {"tr181": "Device.", "tr098": "InternetGatewayDevice."}
HEARERS = {
    TaskStarted: Hearers(inside=[perform.task_started]),
    TaskFinished: Hearers(inside=[perform.task_finished]),
    DeviceUnreachable: Hearers(after=[perform.device_unreachable]),
}


class Household:
    """One home of the demo, known to a tenant. `now` is moved by hand."""

    def __init__(self, tenant_id: str, story: str, directory: Path, locale: str = "en") -> None:
        self.tenant_id = tenant_id
        self.home = next(home for home in homes.HOMES if home.story == story)
        self.now = NOW
        self.router = Router(
            self.home, directory, acs_url="http://127.0.0.1/acs", periodic_s=300, retry_s=5, now=NOW
        )
        person = self.home.person
        self.customer_id = people.ensure_customer(
            tenant_id,
            phone=person.phone,
            first_name=person.first_name,
            last_name=person.last_name,
            address=person.address,
            locale=locale,
            now=NOW,
        )
        self.device_id = records.enrol(
            tenant_id,
            oui=self.home.oui,
            product_class=self.home.product_class,
            serial_number=self.home.serial,
            password="secret",
            customer_id=self.customer_id,
            manufacturer=self.home.manufacturer,
            model=self.home.model,
            now=NOW,
        )
        self.locale = locale
        self.conversation_id = new_id()
        self.run_id = ""
        with database.transaction():
            known = records.credentials(self.home.username)
            assert known is not None
            first = self.router.inform([rpc.Event("0 BOOTSTRAP")], 0, NOW)
            records.contacted(known, first, cwmp_namespace="", source_address="127.0.0.1", now=NOW)

    def learn_everything(self) -> None:
        """Store the whole model, as after a full read."""
        values = self.router.tree.get([EVERYTHING[self.home.data_model]])
        with database.transaction():
            parameters.store(self.tenant_id, self.device_id, values, self.now)

    def start(self, audience: str = "customer", workflow: str = "dhcp-configuration") -> str:
        self.run_id = perform.start(
            self.tenant_id,
            workflow=workflow,
            device_id=self.device_id,
            customer_id=self.customer_id,
            conversation_id=self.conversation_id,
            audience=audience,
            starter={"kind": audience, "id": self.customer_id},
            locale=self.locale,
            now=self.now,
        )
        return self.run_id

    def do(self, event: Event) -> None:
        perform.handle(self.tenant_id, self.run_id, event, self.now)

    def choose(self, node: str) -> None:
        self.do(Chosen(node))

    def agree(self, yes: bool = True) -> None:
        self.do(Consented(yes))

    def say(self, **values: Any) -> None:
        self.do(Answered(values))

    # -- the router -------------------------------------------------------------------------------

    def serve(self, limit_tasks: int = 50) -> int:
        """One session: every task the router fetches, those its own replies make too. Gives their number."""
        for served in range(limit_tasks):
            claim = queue.claim_next(self.device_id, self.now)
            if claim is None:
                return served
            self.complete(claim)
        raise AssertionError("the queue does not end")

    def complete(self, claim: queue.Claim) -> None:
        """Answer one task as the server does: values are stored and the run resumed in one transaction."""
        self.now += 1.0
        reply = self.answer(claim.rpc, claim.task_id)
        with database.transaction():
            if reply.values is not None and isinstance(claim.rpc, GetValues):
                told = [(path, value, kind) for path, (value, kind) in reply.values.items()]
                whole = [name for name in claim.rpc.names if name.endswith(".")]
                parameters.store(self.tenant_id, self.device_id, told, self.now, whole=whole)
            queue.complete(claim, reply)

    def answer(self, request: Any, task_id: str) -> Reply:
        match request:
            case GetValues(names):
                asked: Any = rpc.GetParameterValues(names)
            case SetValues(values):
                asked = rpc.SetParameterValues(tuple(rpc.ParameterValue(*v) for v in values), task_id)
            case _:
                raise AssertionError(request)
        answered = self.router.answer(asked, task_id, self.now)
        match answered:
            case rpc.GetParameterValuesResponse(values):
                return Reply(
                    ok=True, at=self.now, values={path: (value, kind) for path, value, kind in values}
                )
            case rpc.SetParameterValuesResponse(status):
                return Reply(ok=True, at=self.now, status=status)
            case rpc.Fault(code, text, parameter_faults):
                named = tuple(ParameterFault(f.name, f.code, f.text) for f in parameter_faults)
                return Reply(ok=False, at=self.now, fault_code=code, fault_text=text, fault_parameters=named)
        raise AssertionError(answered)

    def written(self) -> list[str]:
        """The parameters the router's own log says were written, each as often as it was."""
        return [entry["path"] for entry in self.router.applied]

    def written_once(self) -> bool:
        """Whether something was written, and nothing twice."""
        return bool(self.written()) and len(set(self.written())) == len(self.written())

    # -- what was shown ---------------------------------------------------------------------------

    def events(self, *types: str, audience: str = "customer") -> list[dict[str, Any]]:
        shown = log.after(self.tenant_id, self.conversation_id, 0, 500, audience)
        return [event for event in shown if not types or event["type"] in types]

    def last(self, type: str, audience: str = "customer") -> dict[str, Any]:
        body: dict[str, Any] = self.events(type, audience=audience)[-1]["body"]
        return body

    def offered(self) -> list[str]:
        ids = [action["id"] for action in self.last("step.offered")["actions"]]
        return [id.removeprefix("follow:") for id in ids if id.startswith("follow:")]
