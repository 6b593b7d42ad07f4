"""Scripts replayed over their replies: what is asked, in which stage, how a step ends, what it changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.documents import SOURCES, library
from workflows.effects import (
    Effect,
    GetValues,
    LedgerNote,
    ParameterFault,
    Reply,
    SetValues,
    effect_from_json,
    effect_to_json,
)
from workflows.facts import Datum, Facts
from workflows.outcome import Change, Finding, Outcome, Reading, Status
from workflows.reader import read_library, read_sources
from workflows.scenarios import Home
from workflows.script import Done, Need, Pause, ReplayMismatch, advance
from workflows.tasks import Measured

NOW = 1_000.0
LIBRARY = library()
WORKFLOW = LIBRARY.workflows["w"]
SHIPPED = read_library().workflows["dhcp-configuration"]
FACTS = Facts(NOW, {"data_model": "tr181"})


def stored(**ages_s: float) -> Facts:
    """Both settings of the check, read so long ago."""
    return replace(
        FACTS,
        parameters={
            "Device.A": Datum("false", "xsd:boolean", NOW - ages_s.get("a", 0.0)),
            "Device.T.3.N": Datum("90", "xsd:int", NOW - ages_s.get("n", 0.0)),
        },
    )


def step(
    name: str, facts: Facts = FACTS, replies: Sequence[tuple[Effect, Reply]] = (), **more: Any
) -> Need | Pause | Done:
    return advance(WORKFLOW.steps[name], WORKFLOW.settings, facts, replies, answers={}, outcomes={}, **more)


def got(values: Mapping[str, tuple[str, str]]) -> Reply:
    return Reply(ok=True, at=NOW + 1, values=values)


READ_A = (GetValues(("Device.A",)), got({"Device.A": ("false", "xsd:boolean")}))
WROTE = (SetValues((("Device.A", "true", "xsd:boolean"),)), Reply(ok=True, at=NOW + 2, status=0))
HELD = (GetValues(("Device.A",)), got({"Device.A": ("true", "xsd:boolean")}))
NOT_HELD = READ_A


# -- fresh or stored ------------------------------------------------------------------------------


def test_stored_data_young_enough_need_no_request() -> None:
    done = step("check", stored(a=60, n=10))
    assert isinstance(done, Done)
    assert done.outcome == Outcome(Status.WARNING, (Finding("off", "WARN", (Reading("n", 90, "s", 10.0),)),))
    assert done.read == {}


@pytest.mark.parametrize("ages", [{"a": 61}, {"n": 61}])
def test_older_data_are_read_afresh_all_together(ages: dict[str, float]) -> None:
    need = step("check", stored(**ages))
    assert need == Need(GetValues(("Device.A", "Device.T.3.N")), None, 0, None, 0)


def test_unknown_data_are_read_by_partial_path() -> None:
    need = step("check")
    assert isinstance(need, Need)
    assert need.effect == GetValues(("Device.A", "Device.T."))
    reply = got({"Device.A": ("1", "xsd:boolean"), "Device.T.7.N": ("5", "xsd:int")})
    done = step("check", replies=[(need.effect, reply)])
    assert isinstance(done, Done)
    assert done.outcome.codes == ("on",)
    assert done.read["Device.T.7.N"] == Datum("5", "xsd:int", NOW + 1)
    assert done.objects_read == ("Device.T.",)


def test_an_object_read_whole_replaces_what_was_stored_below_it() -> None:
    gone = {"Device.Hosts.Host.9.Active": Datum("true", "xsd:boolean", NOW)}
    reply = got({"Device.Hosts.HostNumberOfEntries": ("0", "xsd:unsignedInt")})
    facts = replace(FACTS, parameters=gone)
    template = SHIPPED.steps["hosts"].template
    rows = Measured("rows", template.panel[0].attributes["rows"])
    done = advance(
        replace(SHIPPED.steps["hosts"], template=replace(template, body=(rows,))),
        SHIPPED.settings,
        facts,
        [(GetValues(("Device.Hosts.",)), reply)],
        answers={},
        outcomes={},
    )
    assert isinstance(done, Done)
    assert done.objects_read == ("Device.Hosts.",)
    assert done.outcome.readings == (Reading("rows", [], "", 0.0),)


def test_a_name_the_device_lacks_is_asked_for_alone() -> None:
    first = GetValues(("Device.A", "Device.T."))
    unknown = Reply(ok=False, at=NOW, fault_code="9005", fault_text="Invalid parameter name")
    second = step("check", replies=[(first, unknown)])
    assert isinstance(second, Need)
    assert second.effect == GetValues(("Device.A",))
    third = step(
        "check", replies=[(first, unknown), (second.effect, got({"Device.A": ("1", "xsd:boolean")}))]
    )
    assert isinstance(third, Need)
    assert third.effect == GetValues(("Device.T.",))
    done = step(
        "check",
        replies=[
            (first, unknown),
            (second.effect, got({"Device.A": ("1", "xsd:boolean")})),
            (third.effect, unknown),
        ],
    )
    assert isinstance(done, Done)
    assert done.outcome.codes == ("on",)


def test_what_stays_missing_stops_the_step_and_is_named() -> None:
    reply = got({"Device.A": ("0", "xsd:boolean")})
    done = step("check", replies=[(GetValues(("Device.A", "Device.T.")), reply)])
    assert isinstance(done, Done)
    assert done.outcome.findings == (Finding("stopped", "ERROR", (Reading("missing", "n"),)),)
    assert done.outcome.status is Status.ERROR


def test_a_device_without_data_model_has_nothing_to_read() -> None:
    done = step("check", Facts(NOW, {}))
    assert isinstance(done, Done)
    assert done.outcome.codes == ("stopped",)


# -- write and verify -----------------------------------------------------------------------------


def test_a_repair_reads_writes_and_reads_back() -> None:
    assert step("repair") == Need(READ_A[0], "read", 1, 2, 0)
    assert step("repair", replies=[READ_A]) == Need(WROTE[0], "write", 2, 2, 1)
    assert step("repair", replies=[READ_A, WROTE]) == Need(HELD[0], "write", 2, 2, 2)
    done = step("repair", replies=[READ_A, WROTE, HELD])
    assert isinstance(done, Done)
    assert done.outcome.codes == ("applied",)
    assert done.outcome.changes == (Change("Device.A", "false", "true", True, "set", "xsd:boolean", "a"),)


def test_a_write_that_did_not_take_is_told() -> None:
    done = step("repair", replies=[READ_A, WROTE, NOT_HELD])
    assert isinstance(done, Done)
    assert done.outcome.codes == ()
    assert done.outcome.changes == (Change("Device.A", "false", "true", False, "set", "xsd:boolean", "a"),)


@pytest.mark.parametrize("at", [0, 1, 2])
def test_no_answer_in_time(at: int) -> None:
    replies = [READ_A, WROTE, HELD][:at]
    need = step("repair", replies=replies)
    assert isinstance(need, Need)
    done = step("repair", replies=[*replies, (need.effect, Reply(ok=False, at=NOW + 60, timed_out=True))])
    assert isinstance(done, Done)
    assert done.outcome.codes == ("unreachable",)
    assert done.outcome.status is Status.ERROR
    assert len(done.outcome.changes) == (1 if at == 2 else 0)


def test_an_uncertain_write_is_a_change_nobody_verified() -> None:
    done = step("repair", replies=[READ_A, (WROTE[0], Reply(ok=False, at=NOW, uncertain=True))])
    assert isinstance(done, Done)
    assert done.outcome.codes == ("uncertain",)
    assert done.outcome.changes == (Change("Device.A", "false", "true", None, "set", "xsd:boolean", "a"),)


def test_a_fault_names_the_parameter_and_changes_nothing() -> None:
    fault = Reply(
        ok=False,
        at=NOW,
        fault_code="9003",
        fault_text="Invalid arguments",
        fault_parameters=(ParameterFault("Device.A", "9008", "read only"),),
    )
    done = step("repair", replies=[READ_A, (WROTE[0], fault)])
    assert isinstance(done, Done)
    assert done.outcome.changes == ()
    (finding,) = done.outcome.findings
    assert finding.code == "refused"
    assert {r.name: r.value for r in finding.readings} == {
        "parameter": "Device.A",
        "setting": "a",
        "fault_code": "9008",
        "fault_text": "read only",
    }


def test_a_pause_between_two_requests() -> None:
    old = '<output var="#done" alias="#ok"/>'
    paused = library("steps/repair.xml", old, '<input var="#pause" alias="${true}"/>' + old)
    repair = paused.workflows["w"].steps["repair"]
    first = advance(repair, paused.settings, FACTS, [READ_A, WROTE], answers={}, outcomes={})
    assert first == Pause(7, "a moment", "write", 0)
    after = advance(repair, paused.settings, FACTS, [READ_A, WROTE], answers={}, outcomes={}, pauses_over=1)
    assert after == Need(HELD[0], "write", 2, 2, 2)


# -- replay ---------------------------------------------------------------------------------------


def test_another_request_than_the_recorded_one() -> None:
    with pytest.raises(ReplayMismatch):
        step("repair", replies=[(GetValues(("Device.B",)), READ_A[1])])
    with pytest.raises(ReplayMismatch):
        step("repair", replies=[READ_A, WROTE, HELD, HELD])
    with pytest.raises(ReplayMismatch):
        step("check", stored(), [READ_A])


POOL = "Device.DHCPv4.Server.Pool.1."
DEVICE = {
    "Device.DHCPv4.Server.Enable": st.sampled_from(["0", "1", "true", "odd"]),
    POOL + "Enable": st.sampled_from(["0", "1"]),
    POOL + "Interface": st.sampled_from(["Device.IP.Interface.1", ""]),
    POOL + "MinAddress": st.sampled_from(["192.168.1.10", "10.0.0.1", "", "x"]),
    POOL + "MaxAddress": st.sampled_from(["192.168.1.99", "192.168.1.2"]),
    POOL + "LeaseTime": st.sampled_from(["-1", "60", "86400", "long"]),
    POOL + "DNSServers": st.sampled_from(["9.9.9.9", "", "8.8.8.8, 9.9.9.9"]),
    "Device.IP.Interface.1.IPv4Address.1.IPAddress": st.sampled_from(["192.168.1.1", "0.0.0.0", "x"]),
    "Device.IP.Interface.1.IPv4Address.1.SubnetMask": st.sampled_from(["255.255.255.0", "", "1.2.3.4"]),
    "Device.Hosts.HostNumberOfEntries": st.just("0"),
}
TYPES = {"Enable": "xsd:boolean", "LeaseTime": "xsd:int", "HostNumberOfEntries": "xsd:unsignedInt"}


@st.composite
def devices(draw: st.DrawFn) -> dict[str, tuple[str, str]]:
    names = draw(st.sets(st.sampled_from(sorted(DEVICE)), min_size=1))
    return {n: (draw(DEVICE[n]), TYPES.get(n.rpartition(".")[2], "xsd:string")) for n in names}


@given(
    devices(),
    st.sampled_from(sorted(SHIPPED.steps)),
    st.sampled_from(
        [{}, {"refuses": {POOL + "MinAddress": ("9007", 9)}}, {"ignores": {POOL + "LeaseTime": 9}}]
    ),
    st.dictionaries(st.integers(1, 4), st.booleans(), max_size=1),
)
def test_every_shipped_step_replays_the_same(
    device: dict[str, tuple[str, str]], node: str, odd: dict[str, Any], silent: dict[int, bool]
) -> None:
    """Whatever the device holds and does: each step ends, and a replay from stored JSON, cut anywhere,
    asks the same again."""
    home = Home(dict(device), silent=dict(silent), **{k: dict(v) for k, v in odd.items()})
    facts = Facts(
        NOW,
        {"data_model": "tr181"},
        tenant={"dns_allowed": ["9.9.9.9"], "dns": ["9.9.9.9"]},
        customer={"locale": "pl"},
    )
    replies: list[tuple[Effect, Reply]] = []
    asked: list[Need] = []
    pauses_over = 0
    for _ in range(30):
        result = _advance(node, facts, replies, pauses_over)
        if isinstance(result, Done):
            break
        if isinstance(result, Pause):
            pauses_over += 1
            continue
        assert result.request == len(replies)
        asked.append(result)
        replies.append((result.effect, home.reply(result.effect, NOW + len(replies))))
    assert isinstance(result, Done)
    stored_form = [
        (effect_from_json(effect_to_json(effect)), Reply.from_json(reply.to_json()))
        for effect, reply in replies
    ]
    again = Facts.from_json(facts.to_json())
    for cut, need in enumerate(asked):
        assert _advance(node, again, stored_form[:cut], pauses_over) == need
    assert _advance(node, again, stored_form, pauses_over) == result
    assert Outcome.from_json(result.outcome.to_json()) == result.outcome


def _advance(
    node: str, facts: Facts, replies: Sequence[tuple[Effect, Reply]], pauses_over: int
) -> Need | Pause | Done:
    return advance(
        SHIPPED.steps[node],
        SHIPPED.settings,
        facts,
        replies,
        answers={"joined": "yes"},
        outcomes={},
        pauses_over=pauses_over,
    )


# -- the other nodes ------------------------------------------------------------------------------


def run_body(body: str, kind: str = "online", extra: str = "", **facts: Any) -> Need | Pause | Done:
    """A one-step workflow with this body."""
    read = read_sources(
        {
            "settings.xml": SOURCES["settings.xml"],
            "b.xml": f'<step-template name="b" kind="{kind}" {extra}><title lang="en">B</title>'
            f'<parameter name="given" default="3"/><config>{body}</config></step-template>',
            "w.xml": '<workflow name="w" start="b" audience="agent"><title lang="en">W</title>'
            '<step id="b" template="b"/></workflow>',
        }
    )
    assert read.errors == ()
    workflow = read.workflows["w"]
    return advance(
        workflow.steps["b"],
        workflow.settings,
        replace(FACTS, **facts),
        facts.get("replies", ()),
        answers={},
        outcomes={},
    )


def test_loops_variables_logs_and_an_early_end() -> None:
    done = run_body(
        """<var name="seen" value=""/>
        <foreach list="${['a', 'b', 'c']}" iterator="item">
          <if expr="${task.item == 'b'}"><var name="seen" value="${task.seen}${task.item}"/></if>
        </foreach>
        <log level="WARN" message="saw ${task.seen}, given ${task.given}"/>
        <reading name="seen" value="${task.seen}"/>
        <finish status="WARNING" message="enough"/>
        <finding code="never" severity="ERROR"/>"""
    )
    assert isinstance(done, Done)
    assert done.log == (("WARN", "saw b, given 3"),)
    assert done.outcome == Outcome(Status.WARNING, (), (Reading("seen", "b"),), (), "enough")


def test_stored_values_will_do_for_a_get_from_the_cache() -> None:
    body = """<get key="${['Device.A', 'Device.B']}" output="#both" fromCache="true"/>
        <reading name="both" value="${task.both}"/>"""
    known = {"Device.A": Datum("1", "xsd:boolean", 0.0), "Device.B": Datum("7", "xsd:int", 0.0)}
    done = run_body(body, parameters=known)
    assert isinstance(done, Done)
    assert done.outcome.readings == (Reading("both", [True, 7]),)
    need = run_body(body)
    assert isinstance(need, Need)
    assert need.effect == GetValues(("Device.A", "Device.B"))


def test_a_loop_without_end_is_stopped() -> None:
    many = "${[" + ",".join(["1"] * 150) + "]}"
    done = run_body(
        f'<foreach list="{many}" iterator="i"><foreach list="{many}" iterator="j"><var name="k" value="1"/>'
        "</foreach></foreach>"
    )
    assert isinstance(done, Done)
    assert done.outcome.codes == ("stopped",)


def test_as_many_values_as_keys() -> None:
    done = run_body("""<set key="${['Device.A', 'Device.B']}" value="${[1]}"/>""", extra='writes="true"')
    assert isinstance(done, Done)
    assert done.outcome.codes == ("stopped",)


def test_a_note_is_written_in_the_customers_language() -> None:
    body = """<note>
        <text lang="en">Hello {customer.first_name}</text>
        <text lang="pl">Hej {customer.first_name}</text>
      </note>"""
    need = run_body(body, kind="business", customer={"locale": "pl", "first_name": "Ewa"})
    assert isinstance(need, Need)
    assert need.effect == LedgerNote("Hej Ewa")
