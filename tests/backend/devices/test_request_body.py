"""Bodies of POSTs: sized, chunked, packed, too large, too slow, broken."""

from __future__ import annotations

import gzip
import io
import zlib

import gevent
import pytest

from backend.devices.request_body import BODY_LIMIT_BYTES, DRAIN_LIMIT_BYTES, BadBody, drop, read

LIMIT = 1000


class Endless:
    """A body that never ends; counts what was taken."""

    def __init__(self):
        self.taken = 0

    def read(self, size):
        self.taken += size
        return b"x" * size


class Dripping:
    """A body that gives one byte each time others have had their turn, for ever."""

    def read(self, size):
        gevent.sleep(0)
        return b"x"


class Connection:
    """The server's socket, as far as shutting its reading side goes."""

    def __init__(self):
        self.shut = []

    def shutdown(self, how):
        self.shut.append(how)


def environ(body=b"", length=None, **more):
    source = body if hasattr(body, "read") else io.BytesIO(body)
    made = {"wsgi.input": source, **more}
    if length is not None:
        made["CONTENT_LENGTH"] = str(length)
    elif "HTTP_TRANSFER_ENCODING" not in more:
        made["CONTENT_LENGTH"] = str(len(body))
    return made


def refused(environment, **more):
    with pytest.raises(BadBody) as caught:
        read(environment, limit_bytes=LIMIT, **more)
    assert caught.value.text
    return caught.value.status, caught.value.reason


def test_a_plain_body():
    assert read(environ(b"abc")) == b"abc"
    assert read(environ(b"x" * LIMIT), limit_bytes=LIMIT) == b"x" * LIMIT


@pytest.mark.parametrize("more", [{"length": 0}, {"length": ""}])
def test_the_empty_post(more):
    assert read(environ(b"", **more)) == b""


def test_a_chunked_body():
    assert read(environ(b"abc", HTTP_TRANSFER_ENCODING="chunked")) == b"abc"


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(b"hello", mtime=0)),
        ("GZIP", gzip.compress(b"hello", mtime=0)),
        ("x-gzip", gzip.compress(b"hello", mtime=0)),
        ("deflate", zlib.compress(b"hello")),
        ("deflate", zlib.compress(b"hello", wbits=-15)),
        ("identity", b"hello"),
    ],
)
def test_packed_bodies(encoding, packed):
    assert read(environ(packed, HTTP_CONTENT_ENCODING=encoding)) == b"hello"


def test_an_unknown_encoding():
    assert refused(environ(b"abc", HTTP_CONTENT_ENCODING="br")) == (415, "encoding_unknown")


@pytest.mark.parametrize("packed", [b"abc", gzip.compress(b"hello", mtime=0)[:-4], b""])
def test_a_broken_packing(packed):
    made = environ(packed, HTTP_CONTENT_ENCODING="gzip", HTTP_TRANSFER_ENCODING="chunked")
    assert refused(made) == (400, "encoding_broken")


def test_a_small_body_that_unpacks_to_a_huge_one():
    made = environ(gzip.compress(b"0" * 10_000, mtime=0), HTTP_CONTENT_ENCODING="gzip")
    assert refused(made) == (413, "body_too_large")


def test_a_body_over_the_limit_is_heard_out_and_refused():
    connection = Connection()
    source = io.BytesIO(b"x" * (LIMIT + 1))
    assert refused(environ(source, LIMIT + 1, **{"gunicorn.socket": connection})) == (413, "body_too_large")
    assert source.read() == b""
    assert len(connection.shut) == 1


@pytest.mark.parametrize("more", [{"length": 10**12}, {"HTTP_TRANSFER_ENCODING": "chunked"}])
def test_an_endless_body_is_cut_off(more):
    source, connection = Endless(), Connection()
    assert refused(environ(source, **more, **{"gunicorn.socket": connection})) == (413, "body_too_large")
    assert source.taken <= DRAIN_LIMIT_BYTES + 2**17
    assert len(connection.shut) == 1


@pytest.mark.parametrize("more", [{"length": 10**9}, {"HTTP_TRANSFER_ENCODING": "chunked"}])
def test_a_dripping_body_has_a_deadline(more):
    with pytest.raises(BadBody) as caught:
        read(environ(Dripping(), **more), limit_bytes=10**9, timeout_s=0.05)
    assert (caught.value.status, caught.value.reason) == (408, "body_too_slow")


def test_a_body_that_breaks_off():
    assert refused(environ(b"abc", 10)) == (400, "body_broken_off")


@pytest.mark.parametrize("length", ["-1", "abc", "1e3", "٣", "9" * 30])
def test_a_length_that_is_no_number(length):
    assert refused(environ(b"abc", length)) == (400, "length_malformed")


class TestWhatNobodyReads:
    """The body of a stranger: let go of, so that the connection can go on; or the connection ends."""

    def environ(self, source, length="", **more):
        connection = Connection()
        given = {"wsgi.input": source, "CONTENT_LENGTH": length, "gunicorn.socket": connection, **more}
        return given, connection

    def test_a_body_of_ordinary_size_is_taken_whole_and_the_connection_goes_on(self):
        source = io.BytesIO(b"x" * 5000 + b"the next request")
        environ, connection = self.environ(source, "5000")
        drop(environ)
        assert (source.tell(), connection.shut) == (5000, [])

    def test_no_body_is_no_work(self):
        for length in ("", "0", "many", "9" * 40):
            environ, connection = self.environ(Endless(), length)
            drop(environ)
            assert (environ["wsgi.input"].taken, connection.shut) == (0, [])

    def test_a_body_without_end_ends_the_connection(self):
        source = Endless()
        environ, connection = self.environ(source, HTTP_TRANSFER_ENCODING="chunked")
        drop(environ)
        assert BODY_LIMIT_BYTES <= source.taken <= BODY_LIMIT_BYTES + 65536
        assert len(connection.shut) == 1

    def test_a_slow_body_ends_the_connection(self):
        environ, connection = self.environ(Dripping(), "100000")
        drop(environ, timeout_s=0.001)
        assert len(connection.shut) == 1

    def test_a_body_larger_than_any_ends_the_connection(self):
        environ, connection = self.environ(Endless(), str(BODY_LIMIT_BYTES * 1000))
        drop(environ)
        assert len(connection.shut) == 1

    def test_too_many_at_once_are_not_waited_for(self, monkeypatch):
        import threading

        from backend.devices import request_body

        monkeypatch.setattr(request_body, "_dropping", threading.BoundedSemaphore(1))
        request_body._dropping.acquire()
        source = Endless()
        environ, connection = self.environ(source, "5000")
        drop(environ)
        assert (source.taken, len(connection.shut)) == (0, 1)
        request_body._dropping.release()
        drop(environ)
        assert source.taken == 5000
