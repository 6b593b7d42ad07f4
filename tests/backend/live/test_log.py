"""The session log: numbers without gaps, each audience its part, cursors lose nothing, pushes in order."""

from __future__ import annotations

import threading

import pytest

from backend import database as store
from backend.live import log, push
from backend.live.schemas import AUDIENCES, BODIES, STAFF_ONLY, BadEvent, check
from tests.conftest import NOW

pytestmark = pytest.mark.store
BOT = {"kind": "bot", "id": None, "name": "Careflow"}


def message(text="hello", audience=AUDIENCES):
    return {"type": "message", "actor": BOT, "audience": list(audience), "body": {"text": text}}


def append(*events, session="s1", tenant="t1"):
    with store.transaction():
        return [log.append(tenant, session, event, NOW) for event in events]


class Sockets:
    """Stands where Socket.IO stands: remembers what was emitted, to which rooms."""

    def __init__(self):
        self.emitted = []

    def emit(self, event, *args, to):
        self.emitted.append((event, args[0], to))

    def seqs(self, session="s1"):
        return [
            body["seq"] for event, body, _ in self.emitted if event == "event" and body["session"] == session
        ]


@pytest.fixture
def sockets(database):
    made = Sockets()
    push.bind(made)
    yield made
    push.bind(None)


class TestNumbers:
    def test_they_begin_at_one_and_have_no_gap(self, database):
        assert [event["seq"] for event in append(message(), message())] == [1, 2]
        assert [event["seq"] for event in append(message())] == [3]
        assert [event["seq"] for event in append(message(), session="s2")] == [1]
        assert log.last_seq("t1", "s1") == 3
        assert log.last_seq("t1", "nowhere") == 0

    def test_what_is_undone_leaves_no_gap(self, database, sockets):
        def undone():
            with store.transaction():
                log.append("t1", "s1", message(), NOW)
                raise RuntimeError("no")

        append(message())
        with pytest.raises(RuntimeError, match="no"):
            undone()
        append(message())
        assert sockets.seqs() == [1, 2]
        assert [event["seq"] for event in log.after("t1", "s1", 0, 10, "customer")] == [1, 2]

    def test_writers_at_once_share_the_numbers(self, database_bound):
        def write():
            for _ in range(10):
                append(message())

        threads = [threading.Thread(target=write) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with store.connection():
            events = log.after("t1", "s1", 0, 100, "agent")
        assert [event["seq"] for event in events] == list(range(1, 41))

    def test_appending_needs_a_transaction(self, database):
        with pytest.raises(RuntimeError, match="transaction"):
            log.append("t1", "s1", message(), NOW)

    def test_a_session_belongs_to_one_tenant(self, database):
        append(message())
        with pytest.raises(RuntimeError, match="another tenant"):
            append(message(), tenant="t2")
        assert log.page("t2", "s1", 0, 10, "operator").events == []


class TestPages:
    def test_an_event_comes_back_whole(self, database):
        mark = {
            "workflow": "dhcp",
            "version": "v",
            "node": "n",
            "run": "r",
            "rev": 1,
            "title": "T",
            "visit": 1,
        }
        sent = {
            **message("zażółć \u2028"),
            "step": mark,
            "locale": "pl",
            "reply_to": "e1",
            "expires_at": None,
        }
        (whole,) = append(sent)
        assert log.after("t1", "s1", 0, 10, "customer") == [whole]
        assert whole["ts"] == "2027-01-15T08:00:00.000Z"
        assert {name: whole[name] for name in sent} == sent
        assert log.find("t1", "s1", whole["id"]) == whole
        assert log.find("t1", "s2", whole["id"]) is None
        assert log.find("t2", "s1", whole["id"]) is None

    def test_each_audience_sees_its_part_and_the_cursor_passes_the_rest(self, database):
        append(
            message(audience=["customer"]),
            message(audience=["agent"]),
            message(audience=["agent", "operator"]),
        )
        seen = {who: [event["seq"] for event in log.after("t1", "s1", 0, 10, who)] for who in AUDIENCES}
        assert seen == {"customer": [1], "agent": [2, 3], "operator": [3]}
        assert log.page("t1", "s1", 0, 10, "customer").last_seq == 3
        with pytest.raises(ValueError, match="audience"):
            log.after("t1", "s1", 0, 10, "neighbour")

    @pytest.mark.parametrize("limit", [1, 2, 3, 100])
    def test_pages_joined_are_the_log(self, database, limit):
        append(*(message(str(number), AUDIENCES if number % 3 else ["agent"]) for number in range(12)))
        got, cursor, more = [], 0, True
        while more:
            page = log.page("t1", "s1", cursor, limit, "customer")
            got += page.events
            cursor, more = page.last_seq, page.more
        assert [event["body"]["text"] for event in got] == [str(number) for number in range(12) if number % 3]
        assert cursor == 12

    def test_a_cursor_from_the_future_stays(self, database):
        append(message())
        page = log.page("t1", "s1", 7, 10, "customer")
        assert (page.events, page.last_seq, page.more) == ([], 7, False)

    def test_the_newest_of_a_kind(self, database):
        append(message("a"), message("b", ["agent"]))
        assert log.newest("t1", "s1", ("message",), "agent")["body"]["text"] == "b"
        assert log.newest("t1", "s1", ("message",), "customer")["body"]["text"] == "a"
        assert log.newest("t1", "s1", ("step.state",), "agent") is None


class TestPushes:
    def test_nothing_is_pushed_before_the_commit(self, sockets):
        with store.transaction():
            log.append("t1", "s1", message(), NOW)
            assert sockets.emitted == []
        assert sockets.seqs() == [1]

    def test_an_event_goes_to_the_rooms_of_its_audience(self, sockets):
        append(message(audience=["agent", "operator"]))
        assert sockets.emitted[0][2] == ["session:s1:agent", "session:s1:operator"]

    def test_one_that_overtook_takes_its_predecessors_along(self, sockets):
        append(message())
        late = []
        with store.transaction():
            log.append("t1", "s1", message(), NOW)
            store._local.callbacks, held = [], store._local.callbacks
            late += held
        append(message())
        for callback in late:
            callback()
        assert sockets.seqs() == [1, 2, 3]

    def test_where_several_processes_push_each_pushes_its_own(self, sockets):
        push.bind(sockets, in_order=False)
        append(message())
        push.bind(sockets, in_order=False)
        append(message(), message())
        assert sockets.seqs() == [1, 2, 3]

    def test_signals_and_the_desk_are_not_numbered(self, sockets):
        push.signal("s1", ["customer"], "typing", {"on": True})
        push.desk("t1", {"id": "e1", "state": "waiting"})
        assert [(event, to) for event, _, to in sockets.emitted] == [
            ("typing", ["session:s1:customer"]),
            ("desk", "desk:t1"),
        ]


class TestShapes:
    @pytest.mark.parametrize(
        "broken",
        [
            {"type": "nonsense"},
            {"audience": []},
            {"audience": ["neighbour"]},
            {"actor": {"kind": "robot"}},
            {"body": {}},
            {"body": {"text": "x" * 9000}},
            {"body": {"text": "x", "more": 1}},
            {"surprise": 1},
            {"step": {"rev": "1"}},
        ],
    )
    def test_an_event_of_another_shape_is_refused(self, broken):
        with pytest.raises(BadEvent):
            check({**message(), **broken})

    @pytest.mark.parametrize("type_name", sorted(STAFF_ONLY))
    def test_what_is_for_staff_never_goes_to_a_customer(self, type_name):
        body = {"text": "t"} if type_name == "note.private" else {"say": "t"}
        check({"type": type_name, "actor": BOT, "audience": ["agent"], "body": body})
        with pytest.raises(BadEvent, match="audience"):
            check({"type": type_name, "actor": BOT, "audience": ["agent", "customer"], "body": body})

    @pytest.mark.parametrize(
        ("type_name", "body"),
        [
            ("step.offered", {"text": None, "actions": [{"id": "follow:a", "label": "A", "reason": "R"}]}),
            (
                "step.state",
                {"state": "running", "k": 1, "n": 3, "stages": [{"id": "c", "text": "", "state": "done"}]},
            ),
            (
                "step.result",
                {"status": "OK", "changes": [{"path": "p", "before": 0, "after": 1, "verified": True}]},
            ),
            (
                "input.form",
                {"text": "?", "input": {"id": "i", "fields": [{"type": "text", "id": "x", "label": "X"}]}},
            ),
            ("input.form", {"widgets": [{"type": "consent", "seconds": 5}], "actions": []}),
            ("input.answer", {"action": "answer", "values": {"x": [1, {"y": None}]}, "text": None}),
            ("input.rejected", {"errors": {"x": ["required"]}}),
            ("connectivity.expect_loss", {"seconds": 30}),
            ("handoff.initiate", {"reason": "asked"}),
            ("handoff.status", {"state": "taken", "by": {"id": "s", "name": "Pawel"}}),
            ("owner.changed", {"owner": BOT}),
            ("session.ended", {"status": "done", "actions": [{"id": "restart", "label": "Again"}]}),
        ],
    )
    def test_every_kind_of_body_has_its_shape(self, type_name, body):
        check({"type": type_name, "actor": BOT, "audience": ["customer"], "body": body})

    def test_every_kind_is_among_these(self):
        assert len(BODIES) == 14
