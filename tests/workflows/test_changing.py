"""Snapshot, verify, undo: what was before every change, whether it holds, and the way back."""

from __future__ import annotations

from typing import Any

from tests.workflows.documents import SOURCES
from workflows.device_nodes import PutBack
from workflows.effects import (
    AddObject,
    DeleteObject,
    Effect,
    GetNames,
    GetValues,
    Reply,
    SetValues,
)
from workflows.facts import Facts
from workflows.graph import Step, Workflow
from workflows.outcome import Change, Outcome, Status
from workflows.reader import read_sources
from workflows.script import Done, Need, Pause, advance
from workflows.secrecy import AS_WRITTEN, HIDDEN, MASK, sealed
from workflows.settings import Settings
from workflows.steps import StepKind, StepTemplate
from workflows.undoing import given, has_way_back

STEP = """<step-template name="repair" kind="online" writes="true">
  <title lang="en">Work</title><consent lang="en">May I?</consent>
  <stage id="write"><text lang="en">Writing</text></stage>
  <stage id="verify"><text lang="en">Reading back</text></stage>
  <config>{body}</config>
</step-template>"""
S, B = "xsd:string", "xsd:boolean"


class Device:
    """A device that is a table of values, with what was asked of it."""

    def __init__(self, **values: str) -> None:
        self.values = {path.replace("_", "."): (value, S) for path, value in values.items()}
        self.asked: list[Effect] = []
        self.deaf: set[str] = set()
        self.instances = 40

    def reply(self, effect: Effect) -> Reply:
        self.asked.append(effect)
        match effect:
            case GetValues(names):
                found = {
                    p: v
                    for p, v in self.values.items()
                    if any(p == n or (n[-1] == "." and p.startswith(n)) for n in names)
                }
                if any(not any(p == n or (n[-1] == "." and p.startswith(n)) for p in found) for n in names):
                    return Reply(ok=False, at=1.0, fault_code="9005")
                return Reply(ok=True, at=1.0, values=found)
            case SetValues(written):
                self.values.update({p: (v, k) for p, v, k in written if p not in self.deaf})
                return Reply(ok=True, at=1.0, status=0)
            case AddObject(parent):
                self.instances += 1
                self.values[f"{parent}{self.instances}.Name"] = ("", S)
                return Reply(ok=True, at=1.0, status=0, instance=self.instances)
            case DeleteObject(instance):
                self.values = {p: v for p, v in self.values.items() if not p.startswith(instance)}
                return Reply(ok=True, at=1.0, status=0)
            case GetNames(path, _):
                names = tuple((p, True) for p in self.values if p.startswith(path))
                return Reply(ok=bool(names), at=1.0, names=names, fault_code="" if names else "9005")
        raise AssertionError(effect)


def play(step: Step, settings: Settings, device: Any, **more: Any) -> Outcome:
    """The script over the device until it is done."""
    replies: list[tuple[Effect, Reply]] = []
    for _ in range(60):
        result = advance(step, settings, Facts(0.0), replies, answers=more, outcomes={})
        if isinstance(result, Done):
            return result.outcome
        assert isinstance(result, Need) and not isinstance(result, Pause)
        replies.append((result.effect, device.reply(result.effect)))
    raise AssertionError("no end")


def written(body: str) -> Workflow:
    library = read_sources({**SOURCES, "steps/repair.xml": STEP.format(body=body)})
    assert library.errors == ()
    return library.workflows["w"]


def played(body: str, device: Device, **answers: Any) -> Outcome:
    workflow = written(body)
    return play(workflow.steps["repair"], workflow.settings, device, **answers)


def undone(changes: tuple[Change, ...], device: Device) -> Outcome:
    template = StepTemplate("undo", StepKind.ONLINE, {"en": "Undo"}, writes=True, body=(PutBack(changes),))
    return play(Step("undo", template), Settings(), device)


# -- before and after -----------------------------------------------------------------------------


def test_what_was_there_is_read_before_a_write_and_after_it() -> None:
    device = Device(Device_X="old")
    outcome = played('<set key="Device.X" value="new" stage="write"/>', device)
    read = GetValues(("Device.X",))
    assert device.asked == [read, SetValues((("Device.X", "new", S),)), read]
    assert outcome.changes == (Change("Device.X", "old", "new", True, "set", S),)
    assert outcome.status is Status.SUCCESS


def test_what_this_step_has_read_is_not_read_again() -> None:
    device = Device(Device_X="old")
    played(
        '<get key="Device.X"/><set key="Device.X" value="new"/><verify key="Device.X" output="#v"/>', device
    )
    assert [type(e) for e in device.asked] == [GetValues, SetValues, GetValues]


def test_what_the_device_does_not_tell_stays_unknown_and_stops_nothing() -> None:
    device = Device(Device_X="old")
    outcome = played("""<set key="${['Device.X', 'Device.Y']}" value="${['1', '2']}"/>""", device)
    assert [(c.path, c.before, c.verified) for c in outcome.changes] == [
        ("Device.X", "old", True),
        ("Device.Y", None, True),
    ]


def test_a_value_written_twice_was_before_what_it_was_at_first() -> None:
    device = Device(Device_X="old")
    outcome = played('<set key="Device.X" value="a"/><set key="Device.X" value="b"/>', device)
    assert [(c.before, c.after, c.verified) for c in outcome.changes] == [("old", "b", True)]


def test_a_failed_step_still_looks_at_what_it_has_changed() -> None:
    device = Device(Device_X="old")
    outcome = played('<set key="Device.X" value="a"/><get key="Device.Gone"/>', device)
    assert outcome.codes == ("refused",)
    assert outcome.changes[0].verified is True


def test_a_deleted_instance_is_read_whole_before_it_goes() -> None:
    device = Device(Device_T_4_Name="a", Device_T_4_Sub_1_N="b", Device_T_5_Name="c")
    outcome = played('<delete key="Device.T.4"/>', device)
    (change,) = outcome.changes
    assert (change.kind, change.path, change.verified) == ("deleted", "Device.T.4.", True)
    assert change.held == (("Name", "a", S), ("Sub.1.N", "b", S))


def test_an_instance_made_and_deleted_again_is_no_change() -> None:
    device = Device(Device_T_4_Name="a")
    outcome = played('<add parentKey="Device.T." output="#t"/><delete key="${task.t}"/>', device)
    assert outcome.changes == ()


# -- the way back ---------------------------------------------------------------------------------


def test_values_go_back_in_one_request_and_are_read_back() -> None:
    device = Device(Device_X="old", Device_Y="1")
    outcome = played("""<set key="${['Device.X', 'Device.Y']}" value="${['new', '2']}"/>""", device)
    device.asked.clear()
    back = undone(outcome.changes, device)
    assert back.codes == ("undone",)
    assert device.values == {"Device.X": ("old", S), "Device.Y": ("1", S)}
    assert [type(e) for e in device.asked] == [GetValues, SetValues, GetValues]
    assert [(c.before, c.after, c.verified) for c in back.changes] == [("2", "1", True), ("new", "old", True)]


def test_instances_go_and_come_back_in_reverse_order() -> None:
    device = Device(Device_T_4_Name="a", Device_T_4_Sub_1_N="b", Device_U_1_N="u")
    outcome = played(
        """<delete key="Device.T.4."/>
        <add parentKey="Device.U." output="#u"><with><set key="Name" value="x" type="string"/></with></add>
        <set key="Device.U.1.N" value="v"/>""",
        device,
    )
    back = undone(outcome.changes, device)
    assert back.codes == ("undone",)
    made = [e for e in device.asked if isinstance(e, AddObject)][-2:]
    assert made == [AddObject("Device.T."), AddObject("Device.T.42.Sub.")]
    assert {p: v for p, (v, _) in device.values.items() if v} == {
        "Device.T.42.Name": "a",
        "Device.T.42.Sub.43.N": "b",
        "Device.U.1.N": "u",
    }


def test_what_was_changed_again_since_is_left_alone() -> None:
    device = Device(Device_X="old", Device_Y="1")
    outcome = played("""<set key="${['Device.X', 'Device.Y']}" value="${['new', '2']}"/>""", device)
    device.values["Device.Y"] = ("3", S)
    back = undone(outcome.changes, device)
    assert back.codes == ("changed-since",)
    assert back.findings[0].readings[0].value == "Device.Y"
    assert device.values == {"Device.X": ("old", S), "Device.Y": ("3", S)}


def test_what_is_back_already_is_not_written() -> None:
    device = Device(Device_X="old")
    outcome = played('<set key="Device.X" value="new"/>', device)
    device.values["Device.X"] = ("old", S)
    device.asked.clear()
    assert undone(outcome.changes, device).codes == ("undone",)
    assert [type(e) for e in device.asked] == [GetValues]


def test_what_nobody_knows_cannot_be_put_back_and_that_is_said() -> None:
    device = Device(Device_X="new", Device_Y="2")
    changes = (Change("Device.X", None, "new", True), Change("Device.Y", "1", "2", True, "set", S))
    assert has_way_back(changes)
    assert not has_way_back(changes[:1])
    assert undone(changes, device).codes == ("undone-partly",)
    assert device.values["Device.Y"] == ("1", S)


def test_a_device_that_keeps_the_new_value_is_not_called_undone() -> None:
    device = Device(Device_X="old")
    outcome = played('<set key="Device.X" value="new"/>', device)
    device.deaf.add("Device.X")
    back = undone(outcome.changes, device)
    assert back.codes == ("undo-not-applied",)
    assert back.status is Status.ERROR


def test_a_stored_change_is_put_back_by_its_input() -> None:
    device = Device(Device_X="new")
    items = [Change("Device.X", "old", "new", True, "set", S).to_json()]
    outcome = played('<undo input="change"/>', device, change={"id": "C1", "items": items})
    assert outcome.codes == ("undone",)
    assert device.values["Device.X"] == ("old", S)
    assert given(None) == given("x") == ()


# -- secrets --------------------------------------------------------------------------------------


class Keeper(Device):
    """A device whose key is told as the care centre tells it to a run."""

    def __init__(self, shows: str) -> None:
        super().__init__(Device_Key=shows)

    def reply(self, effect: Effect) -> Reply:
        wrote = [e for e in self.asked if isinstance(e, SetValues)]
        reply = super().reply(effect)
        if isinstance(effect, GetValues) and wrote and self.values["Device.Key"][0] != HIDDEN:
            return Reply(ok=True, at=1.0, values={"Device.Key": (AS_WRITTEN, S)})
        return reply


KEY = """<set key="Device.Key" value="new-key"/><verify key="Device.Key" output="#held"/>
  <reading name="held" value="${task.held}"/><reading name="seen" value="${dm('Device.Key')}"/>"""


def test_a_secret_is_handed_on_and_never_seen() -> None:
    box = sealed("b0x")
    outcome = played(KEY, Keeper(box))
    assert outcome.changes == (Change("Device.Key", box, "new-key", True, "set", S),)
    assert [r.value for r in outcome.readings] == [True, MASK]
    keeper = Keeper(MASK)
    keeper.values["Device.Key"] = (sealed("other"), S)
    assert undone(outcome.changes, keeper).codes == ("undone",)
    assert SetValues((("Device.Key", box, S),)) in keeper.asked


def test_a_secret_that_is_not_shown_is_held_for_all_anyone_knows_and_has_no_way_back() -> None:
    keeper = Keeper(HIDDEN)
    keeper.deaf.add("Device.Key")
    outcome = played(KEY, keeper)
    assert outcome.changes == (Change("Device.Key", None, "new-key", None, "set", S),)
    assert [r.value for r in outcome.readings] == [True, ""]
    assert not has_way_back(outcome.changes)
    assert len(keeper.asked) == 3


def test_nothing_is_called_undone_where_nothing_was_put_back() -> None:
    """What is undone is not offered again, so a part that could be put back another time would be lost."""
    device = Device(Device_X="new", Device_Y="3")
    changes = (Change("Device.X", None, "new", True), Change("Device.Y", "1", "2", True, "set", S))
    assert undone(changes, device).codes == ("changed-since",)
    assert device.values == {"Device.X": ("new", S), "Device.Y": ("3", S)}
