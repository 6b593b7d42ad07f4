"""The simulated homes, both data models whole: the first step understands each, and the repair it offers
makes each well, or says honestly that it did not."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from backend.cwmp.rpc import ParameterValue
from backend.simulator import tr098, tr181
from backend.simulator.homes import HOMES, Home
from backend.simulator.model import ModelFault, ParameterTree
from workflows.effects import Effect, GetValues, LedgerNote, ParameterFault, Reply, SetValues
from workflows.facts import Facts
from workflows.reader import read_library
from workflows.run import Answered, Chosen, Consented
from workflows.scenarios import CUSTOMER, STARTED_AT, TENANT, Scenario, play

WORKFLOW = read_library().workflows["dhcp-configuration"]
DISABLED, LEASE = ("enable", "dhcp-disabled"), ("fix-lease", "lease-short")
FOUND = {
    "dhcp-disabled": [DISABLED],
    "pool-outside-subnet": [("fix-pool", "pool-invalid")],
    "dns-not-allowed": [("fix-dns", "dns-not-allowed")],
    "lease-too-short": [LEASE],
    "two-at-once": [DISABLED, LEASE],
    "healthy": [],
    "slow": [LEASE],
    "refuses-write": [DISABLED],
    "does-not-apply": [DISABLED],
    "unreachable": [DISABLED],
    "behind-nat": [DISABLED],
}


@dataclass
class Router:
    """A home's parameter tree behind the effects, as the simulated router treats them."""

    home: Home
    tree: ParameterTree
    writes: list[tuple[str, str]] = field(default_factory=list)

    def reply(self, effect: Effect, at: float) -> Reply:
        try:
            match effect:
                case GetValues(names):
                    found = {v.name: (v.value, v.type) for v in self.tree.get(names)}
                    return Reply(ok=True, at=at, values=found)
                case SetValues(values):
                    changes = self.tree.plan([ParameterValue(*value) for value in values])
                    if self.home.refuses_writes:
                        faults = tuple(ParameterFault(path, "9008", "") for path, _, _ in values)
                        return Reply(ok=False, at=at, fault_code="9003", fault_parameters=faults)
                    if not self.home.ignores_writes:
                        self.tree.apply(changes)
                    self.writes.extend((path, value) for path, value, _ in values)
                    return Reply(ok=True, at=at, status=0)
                case LedgerNote():
                    return Reply(ok=True, at=at)
        except ModelFault as fault:
            return Reply(ok=False, at=at, fault_code=fault.code, fault_text=fault.text)
        raise AssertionError(effect)


def played(home: Home, *events):
    module = tr181 if home.data_model == "tr181" else tr098
    router = Router(home, module.build(home, "http://127.0.0.1/acs", 300, 5))
    facts = Facts(STARTED_AT, {"data_model": home.data_model}, customer=CUSTOMER, tenant=TENANT)
    scenario = Scenario(home.story, None, "customer", home.person.locale, facts, router, events)
    return router, play(WORKFLOW, scenario)


@pytest.mark.parametrize("home", HOMES, ids=[home.story for home in HOMES])
def test_the_check_finds_the_story(home: Home) -> None:
    _, out = played(home)
    wanted = FOUND.get(home.story, [])  # of the others nothing is wrong with DHCP
    assert out.codes["check"] == (tuple(code for _, code in wanted) or ("dhcp-healthy",))
    assert out.offers == ([node for node, _ in wanted] or ["hosts", "technician"])


@pytest.mark.parametrize("home", HOMES, ids=[home.story for home in HOMES])
def test_the_repairs_make_it_well_or_say_so(home: Home) -> None:
    events = []
    for node, _ in FOUND.get(home.story, []):
        events += [Chosen(node), Consented(True)]
    if home.refuses_writes or home.ignores_writes:
        router, out = played(home, *events)
        assert out.codes["enable"] == ("refused",) if home.refuses_writes else ("not-applied",)
        assert out.offers == ["enable", "technician"]
        return
    router, out = played(home, *(events or [Chosen("hosts")]), Answered({"joined": "yes"}))
    assert (out.stuck, out.unplayed, out.ends) == ("", 0, "SUCCESS")
    assert out.path[-2:] == ["hosts", "note"]
    assert bool(router.writes) == bool(events)
