"""A customer's conversation over the real engine, ACS and router: each answer once, nothing lost."""

from __future__ import annotations

import pytest

from backend.conversations import receive
from backend.errors import Conflict, Forbidden, Invalid, NotFound
from backend.identity.permissions import Subject
from tests.backend import care

pytestmark = pytest.mark.store


@pytest.fixture
def conversation(home):
    made = home.begin()
    home.contact("6 CONNECTION REQUEST")
    return made


def types(home, conversation):
    return [event["type"] for event in home.events(conversation)]


def test_a_repair_from_the_first_look_to_the_ledger(home, conversation):
    assert [a["id"] for a in home.question(conversation).actions] == ["follow:enable"]
    home.answer(conversation, "follow:enable")
    assert [a["id"] for a in home.question(conversation).actions] == ["consent:yes", "consent:no"]
    home.answer(conversation, "consent:yes")
    home.contact("6 CONNECTION REQUEST")
    asked = home.question(conversation)
    assert asked.type == "step.offered" or asked.fields
    if not asked.fields:
        home.answer(conversation, asked.actions[0]["id"])
        home.contact("6 CONNECTION REQUEST")
    home.answer(conversation, "answer", {"joined": "yes"})
    assert home.state(conversation)["state"] == "ended"
    assert types(home, conversation)[-1] == "session.ended"
    written = [
        line["path"] for line in home.router.applied if line["path"].startswith("Device.DHCPv4.Server.")
    ]
    assert sorted(set(written)) == sorted(written) and "Device.DHCPv4.Server.Enable" in written


def test_numbers_rise_and_no_event_comes_twice(home, conversation):
    home.answer(conversation, "follow:enable")
    numbers = [event["seq"] for event in home.events(conversation)]
    assert numbers == sorted(set(numbers))


def test_the_same_answer_twice_has_one_effect(home, conversation):
    asked = home.question(conversation)
    sent = dict(
        client_message_id="the-same-one",
        reply_to=asked.id,
        action="follow:enable",
        values={},
        now=care.time.time(),
    )
    assert receive.answer(home.customer, conversation, **sent) is False
    before = home.events(conversation)
    assert receive.answer(home.customer, conversation, **sent) is True
    assert home.events(conversation) == before


def test_another_answer_to_a_closed_question_is_refused_and_changes_nothing(home, conversation):
    asked = home.question(conversation)
    home.answer(conversation, "follow:enable")
    before = home.events(conversation)
    with pytest.raises(Conflict) as refused:
        receive.answer(
            home.customer,
            conversation,
            client_message_id="too-late-1",
            reply_to=asked.id,
            action="follow:enable",
            values={},
            now=care.time.time(),
        )
    assert refused.value.code == "question_closed"
    assert home.events(conversation) == before


def test_a_refused_consent_changes_nothing_on_the_router(home, conversation):
    writes = len(home.router.applied)
    home.answer(conversation, "follow:enable")
    home.answer(conversation, "consent:no")
    home.contact("6 CONNECTION REQUEST")
    assert len(home.router.applied) == writes
    assert [a["id"] for a in home.question(conversation).actions] == ["follow:enable"]


def test_starting_twice_with_one_message_id_gives_one_conversation(home):
    sent = dict(
        workflow="dhcp-configuration",
        title="t",
        device_id=home.device_id,
        customer_id=home.customer_id,
        locale="en",
        channel="customer",
        client_message_id="only-once-1",
        now=care.time.time(),
    )
    assert receive.start(home.customer, **sent).id == receive.start(home.customer, **sent).id


def test_a_broken_answer_is_told_by_field_and_the_question_stays_open(home, conversation):
    home.answer(conversation, "follow:enable")
    home.answer(conversation, "consent:yes")
    home.contact("6 CONNECTION REQUEST")
    asked = home.question(conversation)
    if not asked.fields:
        home.answer(conversation, asked.actions[0]["id"])
        home.contact("6 CONNECTION REQUEST")
        asked = home.question(conversation)
    with pytest.raises(Invalid) as refused:
        home.answer(conversation, "answer", {"joined": "perhaps"})
    assert list(refused.value.fields) == ["joined"]
    assert types(home, conversation)[-1] == "input.rejected"
    assert home.question(conversation) == asked


def test_another_customer_finds_nothing(home, conversation):
    stranger = Subject("customer", "someone-else", home.tenant_id, "customer", "Eve")
    with pytest.raises(NotFound):
        care.dialogue.opened_for(stranger, "conversation.read", conversation)
    with pytest.raises(NotFound):
        home.events(conversation, stranger)


def test_another_tenants_staff_find_nothing(home, conversation):
    with pytest.raises(NotFound):
        home.events(conversation, care.staff("another-tenant"))


def test_roles_without_the_permission_are_refused(home, conversation):
    with pytest.raises(Forbidden):
        home.events(conversation, care.staff(home.tenant_id, "author"))


def test_staff_do_not_answer_in_the_customers_place(home, conversation):
    with pytest.raises(Conflict) as refused:
        home.answer(conversation, "follow:enable", subject=care.staff(home.tenant_id))
    assert refused.value.code == "not_your_turn"


def test_a_free_text_is_kept_and_answered_with_the_way_forward(home, conversation):
    home.says(conversation, "  my tv does not work  ")
    said = [event for event in home.events(conversation) if event["type"] == "message"][-2:]
    assert said[0]["body"]["text"] == "my tv does not work"
    assert said[1]["actor"]["kind"] == "bot"
    assert home.question(conversation) is not None


@pytest.mark.parametrize("text", ["", "   ", "x" * 2_001])
def test_an_empty_or_endless_text_is_refused(home, conversation, text):
    with pytest.raises(Invalid):
        home.says(conversation, text)


def test_an_agent_runs_the_same_workflow_by_prompts(home):
    agent = care.staff(home.tenant_id, "agent", "Olga")
    conversation = home.begin(agent, channel="agent")
    home.contact("6 CONNECTION REQUEST")
    prompts = [event for event in home.events(conversation, agent) if event["type"] == "script.prompt"]
    assert prompts and prompts[-1]["body"]["say"]
    assert "script.prompt" not in types(home, conversation)
    home.answer(conversation, "follow:enable", subject=agent)
    assert [a["id"] for a in home.question(conversation, agent).actions] == ["consent:yes", "consent:no"]


def test_polish_is_spoken_throughout(home):
    conversation = home.begin(locale="pl")
    home.contact("6 CONNECTION REQUEST")
    label = home.question(conversation).actions[0]["label"]
    assert label == "Włącz przydzielanie adresów"
