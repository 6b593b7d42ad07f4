"""Nodes that ask something of the device: what each asks, what its output gets, how it fails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.workflows.documents import SOURCES
from workflows.effects import (
    AddObject,
    AwaitContact,
    Download,
    Effect,
    FactoryReset,
    GetNames,
    GetValues,
    Reboot,
    Reply,
    ScheduleInform,
    SetAttributes,
    SetValues,
    Upload,
)
from workflows.facts import Datum, Facts
from workflows.graph import Workflow
from workflows.outcome import Status
from workflows.reader import read_sources
from workflows.script import Done, Need, advance

NOW = 1_000.0
OK = Reply(ok=True, at=NOW)
STEP = """<step-template name="repair" kind="online" {attributes}>
  <title lang="en">Work</title><title lang="pl">Praca</title>
  <consent lang="en">May I?</consent><consent lang="pl">Czy mogę?</consent>
  <config>{body}</config>
</step-template>"""


def written(body: str, attributes: str = 'writes="true"') -> Workflow:
    """The small library whose second step has this body."""
    sources = {**SOURCES, "steps/repair.xml": STEP.format(body=body, attributes=attributes)}
    library = read_sources(sources)
    assert library.errors == ()
    return library.workflows["w"]


def asked(
    body: str, *replies: tuple[Effect, Reply], facts: Facts | None = None, attributes: str = 'writes="true"'
) -> Need | Done | Any:
    workflow = written(body, attributes)
    known = facts or Facts(NOW, {"data_model": "tr181"})
    return advance(workflow.steps["repair"], workflow.settings, known, replies, answers={}, outcomes={})


def stored(**values: str) -> Facts:
    data = {path.replace("_", "."): Datum(value, "xsd:string", NOW) for path, value in values.items()}
    return Facts(NOW, {"data_model": "tr181"}, data)


def readings(done: Any) -> dict[str, Any]:
    assert isinstance(done, Done), done
    return {r.name: r.value for r in done.outcome.readings}


READ_ONLY = ""


# -- one request each -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("node", "effect", "attributes"),
    [
        ('<reboot output="#x"/>', Reboot(), 'writes="true"'),
        ('<factoryReset output="#x"/>', FactoryReset(), 'writes="true"'),
        ('<scheduleInform delaySeconds="60" output="#x"/>', ScheduleInform(60), READ_ONLY),
        (
            '<download type="firmware" file="F1" output="#x"/>',
            Download("1 Firmware Upgrade Image", "F1"),
            'writes="true"',
        ),
        (
            '<setParameterAttributes key="Device.A" notification="active" output="#x"/>',
            SetAttributes((("Device.A", 2),)),
            'writes="true"',
        ),
    ],
)
def test_an_order_is_one_request_and_its_output_is_true(node: str, effect: Effect, attributes: str) -> None:
    body = f'{node}<reading name="x" value="${{task.x}}"/>'
    need = asked(body, attributes=attributes)
    assert isinstance(need, Need) and need.effect == effect
    assert readings(asked(body, (effect, OK), attributes=attributes)) == {"x": True}


def test_an_ignored_fault_gives_nothing_and_goes_on() -> None:
    body = '<reboot output="#x" ignoreFaults="true"/><reading name="x" value="${known(task.x)}"/>'
    fault = Reply(ok=False, at=NOW, fault_code="9001")
    assert readings(asked(body, (Reboot(), fault))) == {"x": False}


def test_an_upload_gives_the_files_id_and_may_take_its_time() -> None:
    body = (
        '<upload type="configuration" timeoutSeconds="600" output="#f"/><reading name="f" value="${task.f}"/>'
    )
    need = asked(body, attributes=READ_ONLY)
    assert need == Need(Upload("1 Vendor Configuration File"), None, 0, None, 0, 600)
    reply = Reply(ok=True, at=NOW, file_id="F9")
    assert readings(asked(body, (need.effect, reply), attributes=READ_ONLY)) == {"f": "F9"}


def test_a_delay_that_is_no_number_stops_the_step() -> None:
    done = asked('<scheduleInform delaySeconds="soon"/>', attributes=READ_ONLY)
    assert isinstance(done, Done)
    assert done.outcome.codes == ("stopped",)


def test_a_device_that_does_not_call_is_an_answer_where_it_is_asked_for() -> None:
    body = """<await events="1 BOOT, M Reboot" timeoutSeconds="90" output="#b"/>
      <reading name="b" value="${task.b}"/>"""
    need = asked(body, attributes=READ_ONLY)
    assert need == Need(AwaitContact(("1 BOOT", "M Reboot")), None, 0, None, 0, 90)
    late = Reply(ok=False, at=NOW, timed_out=True)
    assert readings(asked(body, (need.effect, late), attributes=READ_ONLY)) == {"b": False}
    assert readings(asked(body, (need.effect, OK), attributes=READ_ONLY)) == {"b": True}
    done = asked('<await events="1 BOOT"/>', (AwaitContact(("1 BOOT",)), late), attributes=READ_ONLY)
    assert isinstance(done, Done) and done.outcome.codes == ("unreachable",)


# -- finding --------------------------------------------------------------------------------------

NAMES = Reply(
    ok=True, at=NOW, names=(("Device.T.10.", True), ("Device.T.2.", True), ("Device.T.Count", False))
)


def test_instances_are_found_by_their_names_in_the_order_of_their_numbers() -> None:
    body = '<find query="Device.T.{i}." output="#t"/><reading name="t" value="${task.t}"/>'
    effect = GetNames("Device.T.")
    assert asked(body, attributes=READ_ONLY).effect == effect
    done = asked(body, (effect, NAMES), attributes=READ_ONLY)
    assert readings(done) == {"t": ["Device.T.2.", "Device.T.10."]}


def test_an_object_the_device_does_not_know_holds_nothing() -> None:
    body = '<find query="Device.T.{i}." output="#t"/><reading name="t" value="${size(task.t)}"/>'
    fault = Reply(ok=False, at=NOW, fault_code="9005")
    assert readings(asked(body, (GetNames("Device.T."), fault), attributes=READ_ONLY)) == {"t": 0}


def test_instances_are_found_by_what_they_hold() -> None:
    body = """<find query="{i}.Name" in="Device.T" output="#t">
      <where name="Mac" value="${'AA:BB'}" ignoreCase="true"/><where name="On" value="true"/></find>
      <reading name="t" value="${task.t}"/>"""
    values = {
        "Device.T.1.Name": ("one", "xsd:string"),
        "Device.T.1.Mac": ("aa:bb", "xsd:string"),
        "Device.T.1.On": ("1", "xsd:boolean"),
        "Device.T.2.Name": ("two", "xsd:string"),
        "Device.T.2.Mac": ("aa:bb", "xsd:string"),
        "Device.T.2.On": ("0", "xsd:boolean"),
    }
    reply = Reply(ok=True, at=NOW, values=values)
    done = asked(body, (GetValues(("Device.T.",)), reply), attributes=READ_ONLY)
    assert readings(done) == {"t": ["Device.T.1.Name"]}


def test_a_query_is_gone_through_one_by_one() -> None:
    body = """<in key="Device"><foreach query="T.{i}." iterator="t">
      <get key="${task.t}N" output="#n"/><reading name="n" value="${task.n}"/></foreach></in>"""
    exchanges: Sequence[tuple[Effect, Reply]] = [
        (GetNames("Device.T."), NAMES),
        (GetValues(("Device.T.2.N",)), Reply(ok=True, at=NOW, values={"Device.T.2.N": ("5", "xsd:int")})),
        (GetValues(("Device.T.10.N",)), Reply(ok=True, at=NOW, values={"Device.T.10.N": ("6", "xsd:int")})),
    ]
    done = asked(body, *exchanges, attributes=READ_ONLY)
    assert isinstance(done, Done)
    assert [r.value for r in done.outcome.readings] == [5, 6]


def test_names_tell_what_may_be_written() -> None:
    body = """<getParameters key="Device.T" nextLevel="false" output="#n"/>
      <reading name="w" value="${task.n.filter(x, x.writable).map(x, x.name)}"/>"""
    done = asked(body, (GetNames("Device.T.", False), NAMES), attributes=READ_ONLY)
    assert readings(done) == {"w": ["Device.T.10.", "Device.T.2."]}


def test_settings_and_paths_are_read_afresh_by_name() -> None:
    body = '<refresh keys="a n Device.X"/><reading name="n" value="${sv(\'n\')}"/>'
    need = asked(body, attributes=READ_ONLY)
    assert need.effect == GetValues(("Device.A", "Device.T.", "Device.X"))
    values = {"Device.T.4.N": ("7", "xsd:int"), "Device.X": ("", "xsd:string")}
    done = asked(body, (need.effect, Reply(ok=True, at=NOW, values=values)), attributes=READ_ONLY)
    assert readings(done) == {"n": 7}


# -- flow -----------------------------------------------------------------------------------------


def test_a_loop_ends_at_its_limit() -> None:
    body = """<var name="k" value="${0}"/><while expr="${true}" limit="3">
      <var name="k" value="${task.k + 1}"/></while><reading name="k" value="${task.k}"/>"""
    assert readings(asked(body, attributes=READ_ONLY)) == {"k": 3}


def test_a_refused_request_is_caught_with_what_the_device_said() -> None:
    body = """<try><reboot/><reading name="not" value="here"/>
        <catch output="#f"><reading name="f" value="${task.f.code} ${task.f.fault_code}"/></catch>
        <finally><reading name="last" value="${true}"/></finally></try>
      <finding code="on" severity="INFO"/>"""
    done = asked(body, (Reboot(), Reply(ok=False, at=NOW, fault_code="9001", fault_text="No")))
    assert readings(done) == {"f": "refused 9001", "last": True}
    assert done.outcome.status is Status.SUCCESS
    assert done.outcome.codes == ("on",)


def test_a_missing_value_is_caught_inside_a_called_task_and_our_variables_stay() -> None:
    sources = {
        **SOURCES,
        "steps/repair.xml": STEP.format(
            attributes='writes="true"',
            body="""
      <var name="mine" value="1"/>
      <try><task template="write"><input var="#key" alias="${dm('Device.Gone')}"/>
        <input var="#value" alias="x"/></task>
        <catch output="#f"><reading name="m" value="${task.f.missing} ${task.mine}"/></catch></try>""",
        ),
    }
    workflow = read_sources(sources).workflows["w"]
    done = advance(workflow.steps["repair"], workflow.settings, Facts(NOW), (), answers={}, outcomes={})
    assert readings(done) == {"m": "Device.Gone 1"}


def test_a_device_that_has_gone_is_caught_by_nothing() -> None:
    body = """<try><reboot/><catch><reading name="c" value="1"/></catch>
      <finally><reading name="f" value="1"/></finally></try>"""
    done = asked(body, (Reboot(), Reply(ok=False, at=NOW, timed_out=True)))
    assert readings(done) == {}
    assert done.outcome.codes == ("unreachable",)


def test_finally_runs_after_a_failure_nobody_catches() -> None:
    body = (
        '<try><reboot/><finally><reading name="f" value="1"/></finally></try><reading name="no" value="1"/>'
    )
    done = asked(body, (Reboot(), Reply(ok=False, at=NOW, fault_code="9001")))
    assert readings(done) == {"f": "1"}
    assert done.outcome.codes == ("refused",)


# -- instances made and deleted -------------------------------------------------------------------


ADDED = (AddObject("Device.T."), Reply(ok=True, at=NOW, status=0, instance=4))
NEW = GetValues(("Device.T.4.",))


def test_an_instance_is_made_then_filled_in_one_request_with_the_devices_own_types() -> None:
    body = """<add parentKey="Device.T" output="#t"><with><set key="N" value="${5}"/>
      <set key="S" value="x" type="string"/></with></add><reading name="t" value="${task.t}"/>"""
    assert asked(body).effect == ADDED[0]
    assert asked(body, ADDED).effect == NEW
    told = Reply(ok=True, at=NOW, values={"Device.T.4.N": ("0", "xsd:unsignedInt"), "Device.T.4.S": ("", "")})
    fills = SetValues((("Device.T.4.N", "5", "xsd:unsignedInt"), ("Device.T.4.S", "x", "xsd:string")))
    assert asked(body, ADDED, (NEW, told)).effect == fills
    done = asked(
        body,
        ADDED,
        (NEW, told),
        (fills, OK),
        (
            NEW,
            Reply(
                ok=True,
                at=NOW,
                values={"Device.T.4.N": ("5", "xsd:unsignedInt"), "Device.T.4.S": ("x", "xsd:string")},
            ),
        ),
    )
    assert readings(done) == {"t": "Device.T.4."}
    assert [(c.kind, c.path, c.before, c.verified) for c in done.outcome.changes] == [
        ("added", "Device.T.4.", None, True),
        ("set", "Device.T.4.N", None, True),
        ("set", "Device.T.4.S", None, True),
    ]
