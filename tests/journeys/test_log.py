"""One numbered log, however it is read; an answer once, however often it is sent; all kept over a stop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.people import action, begin, customer, staff
from tests.journeys.stack import Stack
from tests.journeys.wire import Event, Follower, message_id

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("data")) as running:
        yield running


def over_http(follower: Follower, page: int = 3) -> list[Event]:
    """The same log by small pages of HTTP."""
    events: list[Event] = []
    after, more = 0, True
    while more:
        path = f"conversations/{follower.session}/events"
        answer = follower.api.get(path, after=after, limit=page)
        events += answer["events"]
        after, more = answer["last_seq"], answer["more"]
    return events


def follow(log: Follower) -> Follower:
    """Answers with whatever helps until the conversation is over."""
    question = None
    while not log.over():
        question = log.wait(
            lambda log, last=question: log.over() or ((now := log.open_question()) is not last and now),
            "a question or the end",
        )
        if question is True:
            break
        wanted = action(question, "consent:yes", "answer", "follow:")
        values = next(one.get("values") for one in question["body"]["actions"] if one["id"] == wanted)
        assert log.answer(question, wanted, values)["ok"]
    return log


def test_sockets_and_http_give_the_same_log(stack: Stack):
    log = follow(begin(customer(stack.url, "pool-outside-subnet")))
    told = over_http(log)
    assert told == [event for event in log.log() if event["seq"] <= told[-1]["seq"]]
    numbers = [event["seq"] for event in told]
    assert numbers == sorted(set(numbers))
    assert len({event["id"] for event in told}) == len(told)
    log.close()


def test_after_a_cut_each_event_comes_once(stack: Stack):
    log = begin(customer(stack.url, "lease-too-short"))
    question = log.question()
    log.close()
    log.wait(lambda log: log.dropped, "the cut")
    body = {"client_message_id": message_id(), "reply_to": question["id"], "values": {}}
    path = f"conversations/{log.session}/answers"
    log.api.post(path, {**body, "action": action(question, "follow:")})
    missed = log.last_seq
    log.connect()
    consent = log.question(after=question)
    assert consent["seq"] > missed
    assert follow(log).of_type("session.ended")
    assert [event["seq"] for event in over_http(log)] == sorted(log.events)
    log.close()


def test_the_same_answer_twice_has_one_effect(stack: Stack):
    log = begin(customer(stack.url, "dhcp-disabled"))
    question = log.question()
    body = {"client_message_id": message_id(), "reply_to": question["id"], "action": "follow:enable"}
    first, again = log.send_answer(body), log.send_answer(body)
    assert (first["duplicate"], again["duplicate"]) == (False, True)
    other = {**body, "client_message_id": message_id()}
    assert log.send_answer(other)["error"]["code"] == "question_closed"
    assert len(follow(log).of_type("session.ended")) == 1
    answered = [event["reply_to"] for event in log.of_type("input.answer")]
    assert len(answered) == len(set(answered))
    log.close()


def test_a_broken_answer_leaves_the_question_open(stack: Stack):
    log = begin(customer(stack.url, "healthy"))
    question = log.question()
    refused = log.send_answer(
        {"client_message_id": message_id(), "reply_to": question["id"], "action": "rm -rf"}
    )
    assert refused["error"]["code"] == "action_not_offered"
    assert log.open_question() == question
    path = f"conversations/{log.session}/answers"
    log.api.post(path, {"reply_to": question["id"], "action": 7}, expect=422)
    assert log.open_question() == question
    log.close()


def test_nobody_reads_the_conversation_of_another(stack: Stack):
    log = begin(customer(stack.url, "two-at-once"))
    stranger = customer(stack.url, "refuses-write")
    stranger.call("GET", f"conversations/{log.session}/events", expect=404)
    staff(stack.url, "author").call("GET", f"conversations/{log.session}/events", expect=403)
    refused = Follower(stranger, log.session)
    assert refused.join()["error"]["code"] == "not_found"
    refused.close()
    log.close()


def test_a_stop_keeps_everything(tmp_path: Path):
    stack = Stack(tmp_path).start()
    api = customer(stack.url, "dhcp-disabled")
    log = begin(api)
    question = log.question()
    log.answer(question, "follow:enable")
    consent = log.question(after=question)
    log.close()
    assert stack.stop() == 0
    stack.start()
    log.connect()
    assert log.open_question() == consent
    assert follow(log).of_type("session.ended")[-1]["body"]["status"] == "SUCCESS"
    assert api.get("home")["fixes"]
    log.close()
    assert stack.stop() == 0
