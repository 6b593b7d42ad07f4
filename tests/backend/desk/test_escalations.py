"""The desk: where automation ends a person takes over, one at a time, with all that was found."""

from __future__ import annotations

import pytest

from backend.crm import ledger
from backend.desk import escalations
from backend.errors import Conflict, Invalid, NotFound
from tests.backend import care

pytestmark = pytest.mark.store


@pytest.fixture
def conversation(home):
    made = home.begin()
    home.contact("6 CONNECTION REQUEST")
    home.wants_a_person(made)
    return made


@pytest.fixture
def operator(home):
    return care.staff(home.tenant_id)


def now():
    return care.time.time()


def waiting(operator, view="unassigned"):
    return escalations.listing(operator, view, None, 25)


def only(operator, view="unassigned"):
    (item,) = waiting(operator, view)["items"]
    return item["id"]


def last(home, conversation, type):
    return [event for event in home.events(conversation) if event["type"] == type][-1]


def test_who_asks_for_a_person_is_on_the_list_once(home, conversation, operator):
    home.wants_a_person(conversation)
    page = waiting(operator)
    assert [item["reason"] for item in page["items"]] == ["asked"]
    assert page["items"][0]["customer_name"]
    assert page["counts"] == {"mine": 0, "unassigned": 1}
    assert home.question(conversation) is None


def test_the_context_says_what_was_found_with_its_age(home, conversation, operator):
    found = escalations.detail(operator, only(operator), "en", now())
    codes = [finding["code"] for step in found["context"]["steps"] for finding in step["findings"]]
    assert "dhcp-disabled" in codes
    assert found["hand_back_steps"] and found["customer"]["first_name"]


def test_one_of_two_operators_gets_it(home, conversation, operator):
    other = care.staff(home.tenant_id, name="Maria", number=2)
    escalation = only(operator)
    assert escalations.take(operator, escalation, now())["state"] == "taken"
    with pytest.raises(Conflict) as refused:
        escalations.take(other, escalation, now())
    assert refused.value.code == "already_taken" and "Pawel" in refused.value.message
    assert home.state(conversation)["owner"]["id"] == operator.id
    assert waiting(other)["items"] == []


def test_taking_twice_changes_nothing(home, conversation, operator):
    escalation = only(operator)
    escalations.take(operator, escalation, now())
    before = home.events(conversation)
    escalations.take(operator, escalation, now())
    assert home.events(conversation) == before


def test_while_a_person_holds_it_the_bot_is_silent_and_both_can_write(home, conversation, operator):
    escalations.take(operator, only(operator), now())
    home.says(conversation, "hello?")
    home.says(conversation, "I am here", subject=operator)
    home.contact("6 CONNECTION REQUEST")
    said = [
        (e["actor"]["kind"], e["body"]["text"]) for e in home.events(conversation) if e["type"] == "message"
    ]
    assert said[-2:] == [("customer", "hello?"), ("operator", "I am here")]
    assert home.events(conversation)[-1]["actor"]["kind"] == "operator"


def test_only_the_holder_writes(home, conversation, operator):
    with pytest.raises(Conflict):
        home.says(conversation, "hi", subject=operator)


def test_handed_back_the_run_goes_on_at_the_chosen_step_and_checks_again(home, conversation, operator):
    escalation = only(operator)
    escalations.take(operator, escalation, now())
    escalations.hand_back(operator, escalation, "check", now())
    assert home.state(conversation)["owner"]["kind"] == "bot"
    assert home.state(conversation)["state"] == "open"
    home.contact("6 CONNECTION REQUEST")
    assert [a["id"] for a in home.question(conversation).actions] == ["follow:enable"]
    assert waiting(operator)["items"] == []


def test_a_step_that_does_not_exist_cannot_be_gone_back_to(home, conversation, operator):
    escalation = only(operator)
    escalations.take(operator, escalation, now())
    with pytest.raises(Invalid):
        escalations.hand_back(operator, escalation, "nowhere", now())
    assert home.state(conversation)["owner"]["kind"] == "operator"


def test_resolved_it_ends_and_the_ledger_says_how(home, conversation, operator):
    escalation = only(operator)
    escalations.take(operator, escalation, now())
    escalations.resolve(operator, escalation, "technician-ordered", "Tuesday 10:00", now())
    assert home.state(conversation)["state"] == "ended"
    assert last(home, conversation, "handoff.status")["body"]["state"] == "resolved"
    assert last(home, conversation, "session.ended")
    assert "Tuesday 10:00" in ledger.entries(home.tenant_id, home.customer_id)[0]["text"]
    with pytest.raises(Conflict):
        escalations.resolve(operator, escalation, "solved", "", now())


def test_an_unknown_disposition_is_refused(home, conversation, operator):
    escalation = only(operator)
    escalations.take(operator, escalation, now())
    with pytest.raises(Invalid):
        escalations.resolve(operator, escalation, "whatever", "", now())


def test_acting_without_holding_is_refused(home, conversation, operator):
    with pytest.raises(Conflict):
        escalations.resolve(operator, only(operator), "solved", "", now())


def test_another_tenant_sees_nothing(home, conversation, operator):
    stranger = care.staff("another-tenant")
    assert waiting(stranger, "all")["items"] == []
    with pytest.raises(NotFound):
        escalations.take(stranger, only(operator), now())


def test_a_person_can_be_asked_for_after_the_run_has_ended(home, operator):
    conversation = home.begin()
    home.contact("6 CONNECTION REQUEST")
    home.answer(conversation, "follow:enable")
    home.answer(conversation, "consent:yes")
    home.contact("6 CONNECTION REQUEST")
    asked = home.question(conversation)
    if not asked.fields:
        home.answer(conversation, asked.actions[0]["id"])
        home.contact("6 CONNECTION REQUEST")
    home.answer(conversation, "answer", {"joined": "yes"})
    assert home.state(conversation)["state"] == "ended"
    home.wants_a_person(conversation)
    escalation = only(operator)
    escalations.take(operator, escalation, now())
    escalations.resolve(operator, escalation, "solved", "", now())
    assert home.state(conversation)["state"] == "ended"


def test_an_information_only_step_reaches_the_desk(home, operator):
    conversation = home.begin()
    home.contact("6 CONNECTION REQUEST")
    home.answer(conversation, "follow:enable")
    home.answer(conversation, "consent:yes")
    home.contact("6 CONNECTION REQUEST")
    asked = home.question(conversation)
    if not asked.fields:
        home.answer(conversation, asked.actions[0]["id"])
        home.contact("6 CONNECTION REQUEST")
    home.answer(conversation, "answer", {"joined": "no"})
    home.answer(conversation, "follow:technician")
    item = waiting(operator)["items"][0]
    assert item["reason"] == "information-only"
    assert home.state(conversation)["state"] == "escalated"


def test_pages_follow_each_other(home, operator):
    for _ in range(3):
        home.wants_a_person(home.begin())
    first = escalations.listing(operator, "unassigned", None, 2)
    second = escalations.listing(operator, "unassigned", first["next"], 2)
    assert [len(first["items"]), len(second["items"]), second["next"]] == [2, 1, None]
