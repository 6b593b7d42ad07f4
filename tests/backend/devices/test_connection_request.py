"""The connection request against small hostile and honest servers on this machine; where it may go at all."""

from __future__ import annotations

import ipaddress
import socket
import threading
from contextlib import contextmanager

import gevent
import pytest
from gevent.event import Event

from backend.cwmp import digest
from backend.devices.connection_request import Target, may_call, request

KEY = b"k" * 32


@contextmanager
def device(*answers):
    """A server that gives each connection the next answer (bytes, or a function of the request), then
    closes.
    """
    seen = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            for answer in answers:
                connection, _ = server.accept()
                with connection:
                    head = b""
                    while b"\r\n\r\n" not in head and (piece := connection.recv(4096)):
                        head += piece
                    seen.append(head.decode())
                    answer = answer(seen[-1]) if callable(answer) else answer
                    try:
                        for piece in answer if isinstance(answer, list) else [answer]:
                            connection.sendall(piece)
                    except OSError:
                        return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/cr?x=1", seen
    thread.join(5)


def target(url, source="127.0.0.1", networks=(), password="pw"):
    return Target(url, "acs", password, source, tuple(networks))


def plain(status, *headers):
    return ("\r\n".join([f"HTTP/1.1 {status} x", *headers]) + "\r\n\r\n").encode()


def challenge(algorithm="MD5"):
    return plain(
        401, "WWW-Authenticate: " + digest.challenge("cpe", key=KEY, now=1.0, salt="s", algorithm=algorithm)
    )


def checked(head):
    """204 for the right digest, 401 otherwise: the CPE's own check."""
    header = next(line for line in head.split("\r\n") if line.startswith("Authorization: "))
    given = digest.parse_authorization(header.partition(": ")[2])
    verdict = digest.verify(
        given, password="pw", method="GET", target="/cr?x=1", realm="cpe", key=KEY, now=1.0
    )
    return plain(204 if verdict is digest.Verdict.OK else 401)


@pytest.mark.network
@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_a_challenge_is_answered(algorithm):
    with device(challenge(algorithm), checked) as (url, seen):
        assert request(target(url)) == "accepted"
    assert seen[0].startswith("GET /cr?x=1 HTTP/1.1\r\nHost: 127.0.0.1:")
    assert "Authorization" not in seen[0]


@pytest.mark.network
def test_a_wrong_password_is_refused_after_one_try():
    with device(challenge(), checked) as (url, _):
        assert request(target(url, password="other")) == "refused"


@pytest.mark.network
@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (plain(200), "accepted"),
        (plain(204), "accepted"),
        (plain(503), "busy"),
        (plain(404), "refused"),
        (plain(302, "Location: http://127.0.0.1:1/"), "refused"),
        (plain(401), "refused"),
        (plain(401, "WWW-Authenticate: Basic realm=x"), "no_answer"),
        (b"SSH-2.0-dropbear\r\n", "no_answer"),
        (b"", "no_answer"),
        (b"HTTP/1.1 abc\r\n\r\n", "no_answer"),
        ([b"HTTP/1.1 200 OK\r\nX: "] + [b"a" * 1000] * 8, "accepted"),
    ],
)
def test_what_the_answer_means(answer, result):
    with device(answer) as (url, seen):
        assert request(target(url)) == result
    assert len(seen) == 1


@pytest.mark.network
def test_a_silent_device_costs_the_time_limit_only():
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert request(target(f"http://127.0.0.1:{server.getsockname()[1]}/"), timeout_s=0.05) == "no_answer"


@pytest.mark.network
def test_nobody_listening_is_no_answer():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert request(target(f"http://127.0.0.1:{port}/")) == "no_answer"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://127.0.0.1/",
        "ftp://127.0.0.1/",
        "http://",
        "127.0.0.1:80",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1/a b",
        "http://127.0.0.1/\r\nX: y",
        "file:///etc/passwd",
    ],
)
def test_only_plain_http_addresses_are_called(url):
    assert request(target(url)) == "no_address"


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/", "http://127.0.0.2/", "http://169.254.169.254/", "http://[::1]/"]
)
def test_an_address_other_than_the_informs_source_is_not_called(url):
    assert request(target(url)) == "address_not_allowed"


@pytest.mark.parametrize(
    ("address", "source", "networks", "allowed"),
    [
        ("10.0.0.1", "10.0.0.1", (), True),
        ("10.0.0.1", "10.0.0.2", (), False),
        ("10.0.0.1", "10.0.0.2", ("10.0.0.0/24",), True),
        ("10.0.1.1", "10.0.0.2", ("10.0.0.0/24",), False),
        ("::ffff:10.0.0.1", "10.0.0.1", (), True),
        ("10.0.0.1", "::ffff:10.0.0.1", (), True),
        ("10.0.0.1", "", ("nonsense",), False),
        ("10.0.0.1", "unix:", (), False),
        ("224.0.0.1", "224.0.0.1", ("0.0.0.0/0",), False),
        ("0.0.0.0", "0.0.0.0", ("0.0.0.0/0",), False),
        ("2001:db8::1", "2001:db8::2", ("2001:db8::/64",), True),
    ],
)
def test_the_address_rule(address, source, networks, allowed):
    assert may_call(ipaddress.ip_address(address), source, networks) is allowed


def test_a_name_that_is_never_found_costs_no_more_than_the_limit(monkeypatch):
    """The device chooses the name, and a name server of its own may take its time."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **more: Event().wait(30))
    with gevent.Timeout(5):
        assert request(target("http://slow.example:7547/cr"), timeout_s=0.1) == "no_answer"
