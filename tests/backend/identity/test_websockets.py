"""A websocket whose other end means no good: closed or not heard, never remembered wrongly."""

from __future__ import annotations

import gevent.event
import pytest
import simple_websocket

from backend.identity import websockets
from backend.identity.websockets import (
    GREETING_LIMIT_S,
    MESSAGES_BURST,
    MESSAGES_PER_S,
    Allowance,
    GuardedWebSocket,
    TurnTaking,
    hear,
)


class Connection:
    """Engine.IO's side of a websocket."""

    sid = "connection"

    def handler(self, ws):
        """Never called here."""


class SocketIo:
    """Socket.IO's side: who has signed in."""

    def __init__(self):
        self.signed_in = set()
        self.manager = self

    def sid_from_eio_sid(self, connection_id, namespace):
        return "sid" if connection_id in self.signed_in else None


class EngineIo:
    max_http_buffer_size = 1000


class Messages:
    """What the other end sent."""

    def __init__(self, *messages):
        self.waiting = list(messages)

    def receive(self):
        return self.waiting.pop(0)


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now_s = 1000.0

        def monotonic(self):
            return self.now_s

    made = Clock()
    monkeypatch.setattr(websockets, "time", made)
    return made


@pytest.fixture
def socketio():
    return SocketIo()


@pytest.fixture
def opened(socketio, clock):
    def make(*messages):
        made = GuardedWebSocket(socketio, Connection().handler, EngineIo)
        made.ws = Messages(*messages)
        return made

    return make


def test_messages_come_through(opened):
    ws = opened('40{"token":"x"}', "3", '42["join",{}]')
    assert [ws.wait(), ws.wait(), ws.wait()] == ['40{"token":"x"}', "3", '42["join",{}]']


@pytest.mark.parametrize(
    "message",
    [
        b"x",
        "",
        "\x00",
        "x",
        "9",
        '451-["join",{"_placeholder":true,"num":0}]',
        "469999999999-[]",
        "4x",
        "42[",
        "42" + "[" * 15_000,
        '42["join",' + "9" * 5000 + "]",
    ],
)
def test_what_nobody_of_ours_sends_ends_the_connection(opened, message):
    assert opened(message).wait() is None


def test_a_flood_ends_the_connection(opened, clock):
    ws = opened(*["3"] * (MESSAGES_BURST + 1))
    assert [ws.wait() for _ in range(MESSAGES_BURST)] == ["3"] * MESSAGES_BURST
    assert ws.wait() is None


def test_an_allowance_comes_back():
    allowance = Allowance(0.0)
    assert all(allowance.take(0.0) for _ in range(MESSAGES_BURST))
    assert not allowance.take(0.0)
    assert allowance.take(1 / MESSAGES_PER_S)
    assert not allowance.take(1 / MESSAGES_PER_S)


def test_who_never_signs_in_is_not_kept(opened, clock, socketio):
    ws = opened("3", "3", "3")
    clock.now_s += GREETING_LIMIT_S
    assert ws.wait() == "3"
    clock.now_s += 1
    assert ws.wait() is None
    socketio.signed_in.add(Connection.sid)
    assert ws.wait() == "3"


def test_a_message_is_limited_in_size(opened):
    assert opened().server_args["max_message_size"] == EngineIo.max_http_buffer_size


@pytest.mark.parametrize(
    ("data", "heard"),
    [
        (["join", {}], True),
        (["connect", {"token": "x"}], False),
        (["disconnect", "client disconnect"], False),
        ([], False),
        ([["disconnect"]], False),
        ({"0": "join"}, False),
        (None, False),
    ],
)
def test_a_client_cannot_say_that_it_left(data, heard):
    events = []
    hear(lambda *given: events.append(given), "connection", "/", 1, data)
    assert events == ([("connection", "/", 1, data)] if heard else [])


class Wire:
    """A socket from which the client's bytes can be read without a pause, piece by piece."""

    def __init__(self, *pieces):
        self.pieces = list(pieces)
        self.taken = 0
        self.sent = b""

    def recv(self, _):
        self.taken += 1
        return self.pieces.pop(0) if self.pieces else b""

    def send(self, data):
        self.sent += data

    def close(self):
        """Nothing to close."""


def test_reading_leaves_a_turn_to_the_others():
    made = TurnTaking.__new__(TurnTaking)
    wire = Wire()
    environ = {
        "REQUEST_METHOD": "GET",
        "HTTP_HOST": "x",
        "HTTP_UPGRADE": "websocket",
        "HTTP_CONNECTION": "Upgrade",
        "HTTP_SEC_WEBSOCKET_KEY": "dGhlIHNhbXBsZSBub25jZQ==",
        "HTTP_SEC_WEBSOCKET_VERSION": "13",
        "gunicorn.socket": wire,
    }
    started = []

    class Later:
        name = ""

        def __init__(self, target):
            started.append(target)

        def start(self):
            """When the test says so."""

    TurnTaking.__init__(
        made, environ, thread_class=Later, event_class=gevent.event.Event, max_message_size=100
    )
    wire.pieces = [bytes([0x81, 0x80 | 10]) + bytes(4) + b"x" * 10] * 50  # text frames of a client
    turns = []
    other = gevent.spawn(lambda: turns.append(wire.taken))
    started[0]()
    other.join()
    assert turns[0] < 5
    assert len(made.input_buffer) == 50
    assert isinstance(made, simple_websocket.Server)
