"""Runs over a real store, a real queue and a simulated router: each home's story."""

from __future__ import annotations

import pytest

from backend.crm import ledger
from backend.devices import queue
from backend.devices.announcements import DeviceUnreachable, TaskFinished, TaskProgressed
from backend.errors import Conflict, Invalid, NotFound
from backend.runs import catalogue, context, perform
from backend.runs.announcements import RunEnded, RunEscalated
from backend.runs.replay import replayed
from backend.runs.sealing import opened
from backend.runs.tables import Run, RunEntry, StepRecord
from tests.backend.runs.household import NOW, Household
from workflows.effects import LedgerNote, Reply, effect_to_json
from workflows.run import Answered, Cancelled, Chosen, HandedBack, Held

pytestmark = pytest.mark.store

REPAIRS = {
    "dhcp-disabled": "enable",
    "pool-outside-subnet": "fix-pool",
    "dns-not-allowed": "fix-dns",
    "lease-too-short": "fix-lease",
}


def state(home: Household):
    return opened(home.tenant_id, Run.find(home.tenant_id, home.run_id).state)


def same_as_replayed(home: Household) -> bool:
    return replayed(home.tenant_id, home.run_id) == state(home)


def repaired(home: Household, node: str) -> None:
    """From the start to the question whether the device joined."""
    home.start()
    home.serve()
    assert home.offered()[0] == node
    home.choose(node)
    home.agree()
    home.serve()


@pytest.mark.parametrize(("story", "node"), REPAIRS.items())
def test_each_fault_is_found_repaired_verified_and_noted(move_in, news, story, node):
    home = move_in(story)
    repaired(home, node)
    question = home.last("input.form")
    assert question["widgets"][0]["type"] == "hosts"
    assert question["widgets"][0]["rows"]
    result = [e["body"] for e in home.events("step.result") if e["body"]["changes"]][-1]
    assert all(change["verified"] for change in result["changes"])
    assert {one["path"] for one in result["changes"]} <= {one["path"] for one in home.router.applied}
    home.say(joined="yes")
    assert state(home).ending == "SUCCESS"
    assert [type(one) for one in news] == [RunEnded]
    [entry] = ledger.entries(home.tenant_id, home.customer_id)
    assert "joined the network" in entry["text"]
    assert home.events()[-1]["type"] == "session.ended"
    assert same_as_replayed(home)


def test_the_numbers_have_no_gaps_and_progress_is_shown(move_in):
    home = move_in("dhcp-disabled")
    repaired(home, "enable")
    assert [e["seq"] for e in home.events()] == list(range(1, len(home.events()) + 1))
    states = [e["body"]["state"] for e in home.events("step.state") if e["step"]["node"] == "enable"]
    assert states[0] == "contacting"
    assert "running" in states
    assert states[-1] == "done"
    assert home.last("connectivity.expect_loss") == {"seconds": 5}


def test_two_at_once_are_offered_one_after_the_other(move_in):
    home = move_in("two-at-once", "pl")
    home.start()
    home.serve()
    assert home.offered() == ["enable", "fix-lease"]
    assert "przydziel" in home.last("step.offered")["actions"][0]["label"]
    home.choose("enable")
    home.agree()
    home.serve()
    assert home.offered() == ["fix-lease"]
    assert same_as_replayed(home)


def test_a_healthy_home_offers_to_look_at_the_devices(move_in):
    home = move_in("healthy")
    home.start()
    home.serve()
    assert home.offered() == ["hosts", "technician"]


def test_a_refused_write_is_told_and_a_person_is_offered(move_in):
    home = move_in("refuses-write")
    home.start()
    home.serve()
    home.choose("enable")
    home.agree()
    home.serve()
    result = home.last("step.result")
    assert result["status"] == "ERROR"
    assert [f["code"] for f in result["findings"]] == ["refused"]
    assert home.router.applied == []
    assert home.offered() == ["enable", "technician"]


def test_a_repair_that_does_not_help_is_told_as_such(move_in, news):
    home = move_in("does-not-apply")
    home.start()
    home.serve()
    home.choose("enable")
    home.agree()
    home.serve()
    result = home.last("step.result")
    assert [f["code"] for f in result["findings"]] == ["not-applied"]
    assert result["changes"][0]["verified"] is False
    home.choose("technician")
    [escalated] = [one for one in news if isinstance(one, RunEscalated)]
    assert escalated.reason == "information-only"
    assert escalated.conversation_id == home.conversation_id
    assert escalated.context["changes"][0]["verified"] is False
    assert home.events("handoff.initiate")[-1]["body"]["text"] == escalated.text


def test_an_unreachable_router_is_waited_for_and_then_given_up_honestly(move_in):
    home = move_in("unreachable")
    home.start()
    perform.device_unreachable(DeviceUnreachable(home.tenant_id, home.device_id, "no_answer"))
    assert home.last("step.state")["state"] == "waiting"
    assert queue.expire_due(NOW + 61) == 1
    assert home.last("step.state")["state"] == "timed_out"
    assert home.last("step.result")["status"] == "ERROR"
    assert home.offered() == ["check", "technician"]
    assert same_as_replayed(home)


def test_a_router_that_calls_late_is_served(move_in):
    home = move_in("dhcp-disabled")
    home.start()
    perform.device_unreachable(DeviceUnreachable(home.tenant_id, home.device_id, "no_answer"))
    home.serve()
    assert home.offered() == ["enable"]


def test_what_is_stored_and_young_needs_no_session(move_in):
    home = move_in("dhcp-disabled")
    home.learn_everything()
    home.start()
    assert home.offered() == ["enable"]
    assert home.serve() == 0


def test_the_same_reply_twice_and_a_strangers_task_change_nothing(move_in):
    home = move_in("dhcp-disabled")
    home.start()
    claim = queue.claim_next(home.device_id, home.now)
    assert claim is not None
    home.complete(claim)
    entries, events = RunEntry.select().count(), len(home.events())
    again = TaskFinished(home.tenant_id, home.device_id, claim.owner_key, Reply(ok=True, at=NOW))
    perform.task_finished(again)
    perform.task_finished(TaskFinished(home.tenant_id, home.device_id, "sweep", Reply(ok=True, at=NOW)))
    perform.task_finished(TaskFinished(home.tenant_id, home.device_id, "GONE:1:0", Reply(ok=True, at=NOW)))
    assert (RunEntry.select().count(), len(home.events())) == (entries, events)


def test_a_note_is_written_once(move_in):
    home = move_in("healthy")
    home.start()
    home.serve()
    home.choose("hosts")
    home.serve()
    home.say(joined="yes")
    [entry] = ledger.entries(home.tenant_id, home.customer_id)
    assert entry["run_id"] == home.run_id
    assert effect_to_json(LedgerNote(entry["text"]))["text"] == entry["text"]


def test_answers_that_do_not_fit_change_nothing(move_in):
    home = move_in("healthy")
    home.start()
    home.serve()
    before, events = state(home), len(home.events())
    for event, code in [(Chosen("enable"), "action_not_offered"), (Answered({}), "question_closed")]:
        with pytest.raises(Conflict) as conflict:
            home.do(event)
        assert conflict.value.code == code
    with pytest.raises(Conflict, match="Not held"):
        home.do(HandedBack("check"))
    home.choose("hosts")
    home.serve()
    with pytest.raises(Invalid) as invalid:
        home.do(Answered({"joined": "perhaps"}))
    assert invalid.value.fields == {"joined": ["Please take one of the answers offered."]}
    home.say(joined="yes")
    assert state(home) != before
    assert len(home.events()) > events


def test_refused_consent_writes_nothing(move_in):
    home = move_in("dhcp-disabled")
    home.start()
    home.serve()
    home.choose("enable")
    home.agree(False)
    assert home.last("message") == {"text": "Nothing was changed."}
    assert home.offered() == ["enable"]
    assert home.serve() == 0
    assert home.router.applied == []


def test_a_held_run_is_handed_back_and_checks_again(move_in):
    home = move_in("dhcp-disabled")
    home.learn_everything()
    home.start()
    home.do(Held())
    home.router.tree.put("Device.DHCPv4.Server.Enable", True)
    home.do(HandedBack("check"))
    assert home.serve() > 0
    assert home.offered() == ["hosts", "technician"]
    home.do(Held())
    home.do(Cancelled())
    assert state(home).ending == "CANCELLED"
    assert same_as_replayed(home)


def test_a_deadline_rings_once_and_only_in_time(move_in):
    home = move_in("healthy")
    home.learn_everything()
    home.start()
    assert perform.due_runs(NOW + 60) == []
    week = NOW + 7 * 86_400
    [due] = perform.due_runs(week)
    tenant_id, run_id, seq = due
    assert perform.timer_due(tenant_id, run_id, seq, NOW + 1) is False
    assert perform.timer_due(tenant_id, run_id, seq - 1, week) is False
    assert perform.timer_due("ANOTHER", run_id, seq, week) is False
    assert perform.timer_due(tenant_id, run_id, seq, week) is True
    assert perform.timer_due(tenant_id, run_id, seq, week) is False
    assert state(home).ending == "EXPIRED"
    assert perform.due_runs(week) == []


def test_the_sweep_rings_for_a_queue_that_lost_its_task(move_in):
    home = move_in("unreachable")
    home.start()
    [(tenant_id, run_id, seq)] = perform.due_runs(NOW + 90)
    assert perform.timer_due(tenant_id, run_id, seq, NOW + 90) is True
    assert home.offered() == ["check", "technician"]


def test_past_durations_tell_how_long_a_step_takes(move_in):
    home = move_in("dhcp-disabled")
    home.learn_everything()
    home.start()
    assert home.last("step.offered")["actions"][0]["seconds"] == 20
    for number in range(3):
        home.router.tree.put("Device.DHCPv4.Server.Enable", False)
        home.learn_everything()
        home.start()
        home.choose("enable")
        home.agree()
        home.now += 10 + number
        home.serve()
        home.now += 3_600
    home.router.tree.put("Device.DHCPv4.Server.Enable", False)
    home.learn_everything()
    home.start()
    seconds = home.last("step.offered")["actions"][0]["seconds"]
    past = [
        row.duration_s for row in StepRecord.of(home.tenant_id).where(StepRecord.template == "dhcp-enable")
    ]
    assert seconds == round(sorted(past)[1])
    assert seconds != 20


def test_another_tenants_run_is_not_there(move_in):
    home = move_in("healthy")
    home.start()
    with pytest.raises(NotFound):
        perform.handle("ANOTHER", home.run_id, Held(), NOW)
    with pytest.raises(NotFound):
        context.of_run("ANOTHER", home.run_id, "en", NOW)
    with pytest.raises(NotFound):
        catalogue.get("ANOTHER", "dhcp-configuration")


def test_an_agents_run_prompts_and_shows_the_customer_nothing(move_in):
    home = move_in("dhcp-disabled")
    home.learn_everything()
    home.start("agent")
    assert home.events() == []
    prompt = home.last("script.prompt", "agent")
    assert prompt["not_offered"]
    assert {"node", "label", "why", "missing"} == set(prompt["not_offered"][0])


def test_the_desk_sees_what_was_found(move_in):
    home = move_in("lease-too-short")
    repaired(home, "fix-lease")
    home.say(joined="no")
    home.choose("technician")
    found = context.of_run(home.tenant_id, home.run_id, "pl", home.now + 100)
    assert found["path"] == ["check", "fix-lease", "recheck", "hosts", "technician"]
    assert found["symptom"] == "devices_cannot_connect"
    first = found["steps"][0]
    assert first["findings"][0]["code"] == "lease-short"
    assert {r["name"]: r["value"] for r in first["readings"]}["lease_s"] == 60
    assert all(r["age_s"] is None or r["age_s"] >= 100 for r in first["readings"])
    assert found["changes"][0]["node"] == "fix-lease"
    assert found["changes"][0]["verified"] is True
    assert found["answers"] == [
        {
            "node": "hosts",
            "id": "joined",
            "label": "Czy Twoje urządzenie jest już w sieci?",
            "value": "no",
            "text": "Jeszcze nie",
        },
    ]
    ruled_out = {one["code"] for one in found["ruled_out"]}
    assert {"dhcp-disabled", "pool-invalid", "dns-not-allowed"} <= ruled_out
    assert "dhcp-healthy" not in ruled_out
    assert "technician" not in {step["node"] for step in found["hand_back_steps"]}


def test_a_cancelled_run_takes_back_what_has_not_left(move_in, news):
    home = move_in("unreachable")
    home.start()
    home.do(Cancelled())
    assert state(home).ending == "CANCELLED"
    assert home.serve() == 0
    assert home.last("step.result")["findings"][0]["code"] == "cancelled"
    assert [type(one) for one in news] == [RunEnded]
    assert same_as_replayed(home)


def test_how_far_the_router_is_is_shown_as_it_goes(move_in):
    home = move_in("dhcp-disabled")
    home.start()
    key = f"{home.run_id}:1:0"
    perform.task_progressed(TaskProgressed(home.tenant_id, home.device_id, key, "measuring", 0, 0, ""))
    perform.task_progressed(TaskProgressed(home.tenant_id, home.device_id, "sweep", "measuring"))
    body = home.last("step.state")
    assert body["progress"]["phase"] == "measuring"
    assert body["state"] == "running"
    home.serve()
    assert home.offered() == ["enable"]
    assert same_as_replayed(home)
