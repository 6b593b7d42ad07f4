"""Clients that send more than they may: the others get their turn, and there is an end."""

from __future__ import annotations

import io

import gevent
import pytest
from gevent.event import Event
from gunicorn.http.body import Body, ChunkedReader, LengthReader
from gunicorn.http.unreader import IterUnreader
from structlog.testing import capture_logs

from backend.edge import BODY_LIMIT_BYTES, HEADERS
from backend.serving import REQUEST_LIMIT_BYTES, Crowd, Edge, Metered, is_unread


class Endless:
    """A connection on which something always waits to be read."""

    def __init__(self, piece):
        self.piece = piece
        self.sent_bytes = 0

    def chunk(self, size_hint=None):
        self.sent_bytes += len(self.piece)
        return self.piece


def test_whoever_sends_without_a_pause_leaves_a_turn_to_the_others():
    source = Endless(b"x" * 8192)
    read = Metered(Endless.chunk, source)
    turns = []
    other = gevent.spawn(lambda: turns.append(source.sent_bytes))
    while not other.ready() and source.sent_bytes < REQUEST_LIMIT_BYTES:
        read()
    assert turns and turns[0] <= 16 * 1024


def test_a_request_has_an_end():
    source = Endless(b"x" * 65536)
    read = Metered(Endless.chunk, source)
    while read(65536):
        pass
    assert source.sent_bytes == REQUEST_LIMIT_BYTES
    assert read() == b""


def test_a_greedy_read_gets_a_modest_piece():
    asked = []
    Metered(lambda _, size_hint: bytes(asked.append(size_hint) or 1), None)(10**9)
    assert asked == [65536]


class Request:
    limit_request_field_size = 100
    max_buffer_headers = 100

    @staticmethod
    def parse_headers(*_, **__):
        return []


def body(reader, given):
    return Body(reader(IterUnreader([given])))


@pytest.mark.parametrize(
    ("sent", "read_bytes", "unread"),
    [
        (body(lambda source: LengthReader(source, 0), b""), 0, False),
        (body(lambda source: LengthReader(source, 5), b"12345"), 5, False),
        (body(lambda source: LengthReader(source, 5), b"12345"), 0, True),
        (body(lambda source: ChunkedReader(Request, source), b"3\r\nabc\r\n0\r\n\r\n"), 10, False),
        (body(lambda source: ChunkedReader(Request, source), b"800\r\n" + b"x" * 2048), 2, True),
    ],
)
def test_what_was_left_unread(sent, read_bytes, unread):
    sent.read(read_bytes)
    assert is_unread(sent.reader) is unread


@pytest.mark.parametrize(
    ("port", "method", "path"),
    [
        ("7547", "POST", "/nothing"),
        ("7547", "GET", "/acs"),
        ("7547", "POST", "/healthz"),
        ("8000", "POST", "/acs"),
        ("8000", "POST", "/api/v1/auth/refresh"),
        ("8000", "GET", "/"),
    ],
)
def test_no_path_takes_a_body_that_is_too_large(port, method, path):
    answered = []
    length = BODY_LIMIT_BYTES + 1
    environ = {
        "SERVER_PORT": port,
        "PATH_INFO": path,
        "REQUEST_METHOD": method,
        "REMOTE_ADDR": "192.0.2.9",
        "CONTENT_LENGTH": str(length),
        "wsgi.input": io.BytesIO(b"x" * length),
    }
    edge = Edge(lambda *_: [b"never"], 8000, 7547)
    with capture_logs() as logs:
        edge(environ, lambda status, headers: answered.append((status, dict(headers))))
    status, headers = answered[0]
    assert status.startswith("413")
    assert HEADERS.items() <= headers.items()
    assert [(line["event"], line["reason"], line["source"]) for line in logs] == [
        ("body_refused", "body_too_large", "192.0.2.9")
    ]


def test_what_sockets_answer_by_themselves_has_the_headers_of_pages():
    answered = []

    def refused(environ, start_response):
        start_response("400 BAD REQUEST", [("Content-Type", "application/json")])
        return [b"{}"]

    environ = {"SERVER_PORT": "8000", "PATH_INFO": "/socket.io/", "REQUEST_METHOD": "GET"}
    Edge(refused, 8000, 7547)(environ, lambda status, headers: answered.append(dict(headers)))
    assert HEADERS.items() <= answered[0].items()


class TestACrowd:
    """Connections that wait for a request: for one too many the one that waits longest is let go."""

    def waiting(self, crowd, ended, name, seconds=60):
        def wait():
            with crowd.waiting(seconds):
                Event().wait(seconds)
            ended.append(name)

        return gevent.spawn(wait)

    def test_the_longest_wait_makes_room(self):
        crowd, ended = Crowd(2), []
        waits = [self.waiting(crowd, ended, name) for name in "abcd"]
        gevent.joinall(waits[:2], timeout=10)
        assert ended == ["a", "b"]
        assert len(crowd) == 2
        gevent.killall(waits)

    def test_a_wait_ends_by_itself_and_silently(self):
        crowd, ended = Crowd(2), []
        self.waiting(crowd, ended, "a", seconds=0.001).join(timeout=10)
        assert (ended, len(crowd)) == (["a"], 0)

    def test_whoever_no_longer_waits_is_not_disturbed(self):
        crowd, done = Crowd(1), []

        def served():
            with crowd.waiting(60):
                pass
            gevent.sleep(0)  # the request is being answered while others come
            done.append("answered")

        first = gevent.spawn(served)
        others = [self.waiting(crowd, [], name) for name in "bc"]
        first.join(timeout=10)
        assert done == ["answered"]
        gevent.killall(others)

    def test_what_came_in_time_is_not_lost(self):
        crowd = Crowd(1)
        with crowd.waiting(60):
            came = "a request"
        assert (came, len(crowd)) == ("a request", 0)
