"""What may happen twice at once, or be cut in the middle, has one effect (invariants 1, 3 and 5)."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from backend import database
from backend.devices import queue
from backend.errors import Conflict, Invalid
from backend.runs import changes, perform
from backend.runs.announcements import RunEscalated
from backend.runs.replay import replayed
from backend.runs.sealing import opened
from backend.runs.tables import Run
from tests.backend.runs.household import Household
from workflows.effects import GetValues, SetValues
from workflows.run import Chosen, Consented, HandedBack, Held

pytestmark = pytest.mark.store
AT_ONCE = 6


def at_once(act: Callable[[], object]) -> list[str]:
    """Do it in several threads at the same moment; "ok" or the conflict's code for each."""
    gate = threading.Barrier(AT_ONCE)
    results: list[str] = []

    def one() -> None:
        gate.wait()
        try:
            with database.connection():
                act()
            results.append("ok")
        except Conflict as conflict:
            results.append(conflict.code)
        except Invalid as invalid:
            results.append(invalid.code)

    threads = [threading.Thread(target=one) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(results)


def state(home: Household):
    return opened(home.tenant_id, Run.find(home.tenant_id, home.run_id).state)


def test_one_choice_and_one_consent_of_many_at_once(move_in):
    home = move_in("dhcp-disabled")
    home.learn_everything()
    home.start()
    choose = lambda: perform.handle(home.tenant_id, home.run_id, Chosen("enable"), home.now)  # noqa: E731
    assert at_once(choose) == sorted(["ok"] + ["question_closed"] * (AT_ONCE - 1))
    agree = lambda: perform.handle(home.tenant_id, home.run_id, Consented(True), home.now)  # noqa: E731
    assert at_once(agree) == sorted(["ok"] + ["question_closed"] * (AT_ONCE - 1))
    home.serve()
    assert home.written_once()
    assert [e["seq"] for e in home.events()] == list(range(1, len(home.events()) + 1))
    assert replayed(home.tenant_id, home.run_id) == state(home)


def to_the_write(home: Household) -> queue.Claim:
    """Go on until the write has left; its claim is not answered yet."""
    home.start()
    home.serve()
    home.choose("enable")
    home.agree()
    while True:
        claim = queue.claim_next(home.device_id, home.now)
        assert claim is not None
        if isinstance(claim.request, SetValues):
            return claim
        home.complete(claim)


def test_one_undo_of_many_at_once(move_in):
    home = move_in("dhcp-disabled")
    home.learn_everything()
    home.start()
    home.choose("enable")
    home.agree()
    home.serve()
    [change] = changes.listing(home.tenant_id, home.device_id, "en")["items"]

    def undo() -> None:
        changes.start_undo(
            home.tenant_id,
            home.device_id,
            change["id"],
            customer_id=home.customer_id,
            conversation_id=None,
            audience="operator",
            starter={"kind": "operator", "id": "O1"},
            locale="en",
            now=home.now,
        )

    found = at_once(undo)
    assert found.count("ok") == 1
    assert set(found) <= {"ok", "undo_impossible", "inputs_invalid"}
    assert Run.select().where(Run.workflow == changes.UNDO_WORKFLOW).count() == 1


def test_a_write_whose_reply_was_lost_is_read_back_and_not_sent_again(move_in):
    home = move_in("dhcp-disabled")
    claim = to_the_write(home)
    home.answer(claim.rpc, claim.task_id)  # applied; the answer is lost with the session
    assert home.written_once()
    queue.release(home.device_id, frozenset(), home.now)
    again = queue.claim_next(home.device_id, home.now)
    assert again is not None
    assert isinstance(again.rpc, GetValues)
    home.complete(again)
    home.serve()
    assert home.written_once()
    assert home.last("input.form")["widgets"][0]["type"] == "hosts"


def test_a_write_that_never_arrived_is_sent_after_all(move_in):
    home = move_in("dhcp-disabled")
    to_the_write(home)
    queue.release(home.device_id, frozenset(), home.now)
    home.serve()
    assert home.written_once()
    assert home.last("input.form")["widgets"][0]["type"] == "hosts"


def test_a_write_that_stays_uncertain_goes_to_a_person(move_in, news):
    home = move_in("dhcp-disabled")
    claim = to_the_write(home)
    home.answer(claim.rpc, claim.task_id)
    assert queue.expire_due(home.now + 120) == 1
    result = home.last("step.result")
    assert [f["code"] for f in result["findings"]] == ["uncertain"]
    [escalated] = [one for one in news if isinstance(one, RunEscalated)]
    assert escalated.reason == "uncertain"
    assert escalated.context["steps"][-1]["findings"][0]["code"] == "uncertain"
    home.do(Held())
    home.do(HandedBack("recheck"))
    home.serve()
    assert home.written_once()
    assert home.last("input.form")["widgets"][0]["type"] == "hosts"


def test_a_decision_that_cannot_be_committed_leaves_nothing(move_in, monkeypatch):
    home = move_in("dhcp-disabled")
    home.learn_everything()
    home.start()
    before, events = state(home), home.events()

    class Full(Exception):
        pass

    def full(*_args: object, **_named: object) -> None:
        raise Full

    with monkeypatch.context() as broken:
        broken.setattr(perform.live_log, "append", full)
        with pytest.raises(Full):
            home.choose("enable")
    assert state(home) == before
    assert home.events() == events
    home.choose("enable")
    assert state(home) != before
