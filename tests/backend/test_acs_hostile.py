"""Hostile devices on the wire, against the whole server as a process: each costs itself and nobody else.

After every one of them a healthy device has its session at once, and the process is as large as it was.
"""

from __future__ import annotations

import contextlib
import gzip
import itertools
import select
import socket
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from backend.cwmp import rpc
from backend.cwmp.soap import decode, encode
from backend.simulator.homes import HOMES
from backend.simulator.house import demo_password
from tests.backend.test_serving import Server
from tests.backend.wire_cpe import NAMESPACE, WAIT_S, WireCpe

pytestmark = [pytest.mark.network, pytest.mark.timeout(240)]

GROWTH_LIMIT_BYTES = 120 * 1024 * 1024
CROWD = 400
HOSTILE = HOMES[1]
HEALTHY = itertools.cycle(home for home in HOMES if home is not HOSTILE)  # none calls too often


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    running = Server(tmp_path_factory.mktemp("data"), CAREFLOW_LOG_LEVEL="info")
    yield running
    assert running.stop() == 0


def size_bytes(server):
    worker = psutil.Process(server.process.pid).children(recursive=True)[0]
    return worker.memory_info().rss


@pytest.fixture(autouse=True)
def others_are_served(server):
    """Before and after: a healthy device has its session; nothing was logged as a mistake of ours."""
    healthy = cpe(server, next(HEALTHY))
    assert healthy.session() == 204
    before = size_bytes(server)
    said = len(server.lines)
    yield
    healthy.close()
    assert healthy.session() == 204
    healthy.close()
    assert size_bytes(server) - before < GROWTH_LIMIT_BYTES
    assert [line for line in server.lines[said:] if "Traceback" in line or "acs_failed" in line] == []
    assert server.process.poll() is None


def cpe(server, home=HOSTILE):
    return WireCpe(server.acs_port, home.username, demo_password(home.serial))


@pytest.fixture
def device(server):
    made = cpe(server)
    yield made
    made.close()


@pytest.fixture
def stranger(server):
    made = WireCpe(server.acs_port, "nobody", "guess")
    yield made
    made.close()


def authenticated(device):
    """The device has a challenge that it can answer, and no session."""
    assert device.post(b"").status == 400
    return device


# -- slow ones ------------------------------------------------------------------------------------


def crowd_of(server, sent):
    made = []
    for _ in range(CROWD):
        one = socket.create_connection(("127.0.0.1", server.acs_port), timeout=WAIT_S)
        one.sendall(sent)
        made.append(one)
    return made


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"POST /acs HTTP/1.1\r\nHost: acs\r\nX-",
        b"POST /acs HTTP/1.1\r\nHost: acs\r\nContent-Length: 100000\r\n\r\n<",
        b"POST /acs HTTP/1.1\r\nHost: acs\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<Env",
    ],
    ids=["silent", "slow headers", "slow body", "slow chunks"],
)
def test_a_crowd_of_slow_ones_keeps_nobody_waiting(server, sent):
    slow = crowd_of(server, sent)
    try:
        with ThreadPoolExecutor(8) as pool:
            healthy = [cpe(server, home) for home in HOMES[:8]]
            assert list(pool.map(WireCpe.session, healthy)) == [204] * 8
            for one in healthy:
                one.close()
    finally:
        for one in slow:
            one.close()


@pytest.mark.parametrize("length", [100_000, "chunked"])
def test_a_slow_body_of_a_stranger_is_not_waited_for(stranger, length):
    begun = b"5\r\n<Enve\r\n" if length == "chunked" else b"<Enve"
    stranger.say(stranger.head(length, authorized=False) + begun)
    assert stranger.hear().status == 401
    assert stranger.closed()


# -- large ones -----------------------------------------------------------------------------------


def pour(device, piece, limit_bytes=64 * 1024 * 1024):
    """Send without end until the server answers or closes; gives the bytes that went out."""
    sent = 0
    connection = device.connection
    connection.settimeout(WAIT_S)
    while sent < limit_bytes:
        readable, _, _ = select.select([connection], [], [], 0)
        if readable:
            break
        try:
            connection.sendall(piece)
        except OSError:
            break
        sent += len(piece)
    return sent


@pytest.mark.parametrize("known", [True, False])
def test_chunks_without_end(device, stranger, known):
    sender = authenticated(device) if known else stranger
    sender.connect()
    sender.say(sender.head("chunked", authorized=known))
    assert pour(sender, b"2000\r\n" + b"x" * 0x2000 + b"\r\n") < 40 * 1024 * 1024
    assert sender.hear().status == (413 if known else 401)


def test_tiny_chunks_without_end(stranger):
    stranger.connect()
    stranger.say(stranger.head("chunked", authorized=False))
    pour(stranger, b"1\r\nx\r\n" * 1000, 16 * 1024 * 1024)
    assert stranger.hear().status == 401


def test_a_body_of_many_megabytes_is_refused_by_its_length(device):
    authenticated(device)
    device.say(device.head(500 * 1024 * 1024))
    pour(device, b"x" * 65536, 20 * 1024 * 1024)
    assert device.hear().status == 413


BLANKS, TAGS = b" " * (300 * 1024 * 1024), b"<a>" * (8 * 1024 * 1024)


@pytest.mark.parametrize("plain", [BLANKS, TAGS], ids=["blanks", "tags"])
def test_a_bomb_in_gzip(device, plain):
    authenticated(device)
    assert device.post(gzip.compress(plain, 1), "Content-Encoding: gzip").status == 413


ENVELOPE = (
    b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:cwmp="urn:dslforum-org:cwmp-1-2">'
    b"<s:Header><cwmp:ID>1</cwmp:ID></s:Header><s:Body>%s</s:Body></s:Envelope>"
)
ENTITIES = b"".join(b'<!ENTITY e%d "&e%d;&e%d;">' % (n + 1, n, n) for n in range(40))


@pytest.mark.parametrize(
    "body",
    [
        ENVELOPE % (b"<a>" * 50_000 + b"</a>" * 50_000),
        ENVELOPE % (b"<a>" * 200_000),
        ENVELOPE % (b"<cwmp:Inform><ParameterList>" + b"<ParameterValueStruct/>" * 30_000),
        b"<!DOCTYPE a [" + ENTITIES + b"]><a>&e40;</a>",
        b"<a " + b" ".join(b'x%d="1"' % n for n in range(20_000)) + b"/>",
        b"<" * 500_000,
        b"\x00" * 200_000,
        b"\xff\xfe" + b"<\x00a\x00>\x00" * 50_000,
    ],
    ids=["deep", "deep and open", "many", "entities", "attributes", "angles", "nul", "utf-16"],
)
def test_documents_made_to_hurt(device, body):
    authenticated(device)
    assert device.post(body).status in (400, 413)


def test_a_list_as_long_as_the_limit_in_a_session(device):
    """A device may tell much where it was asked; what nobody asked for is refused before it is kept."""
    assert device.post(device.inform()).status == 200
    values = tuple(rpc.ParameterValue(f"Device.X.{n}", "y") for n in range(5_000))
    assert device.post(encode(rpc.GetParameterValuesResponse(values), "1", NAMESPACE)).status == 400


# -- broken HTTP ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200 + b"\r\n\r\n",
        b"POST /acs HTTP/9.9\r\n\r\n",
        b"POST " + b"/" * 9000 + b" HTTP/1.1\r\n\r\n",
        b"POST /acs HTTP/1.1\r\n" + b"X: y\r\n" * 300 + b"\r\n",
        b"POST /acs HTTP/1.1\r\nX: " + b"y" * 20_000 + b"\r\n\r\n",
        b"POST /acs HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"POST /acs HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n12345",
        b"POST /acs HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /acs HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /acs HTTP/1.1\r\nHost: a\x00b\r\n\r\n",
        b"G\xffT / HTTP/1.1\r\n\r\n",
    ],
    ids=lambda sent: sent[:24].decode("latin-1"),
)
def test_broken_http_is_answered_or_closed(stranger, sent):
    stranger.say(sent)
    with contextlib.suppress(ConnectionError):
        assert stranger.hear().status in (400, 401, 404, 405, 408, 414, 431, 501, 505)


def test_two_requests_in_one_packet_are_two(stranger):
    """What follows a body is another request: it cannot speak with the first one's authentication."""
    one = b"POST /acs HTTP/1.1\r\nHost: acs\r\nContent-Length: 0\r\n\r\n"
    stranger.say(one + one)
    assert [stranger.hear().status for _ in range(2)] == [401, 401]


# -- wrong order ----------------------------------------------------------------------------------


def test_nobody_asks_for_a_download_without_a_name(stranger):
    """What kills the worker of the best-known open ACS."""
    body = encode(rpc.RequestDownload("1 Firmware Upgrade Image", ()), "1", NAMESPACE)
    stranger.say(stranger.head(len(body), authorized=False) + body)
    assert stranger.hear().status == 401


@pytest.mark.parametrize(
    "message",
    [
        rpc.RequestDownload("1 Firmware Upgrade Image", ()),
        rpc.TransferComplete("key"),
        rpc.GetParameterValuesResponse(()),
        rpc.Fault("9002", "no"),
        rpc.SetParameterValuesResponse(0),
        rpc.GetRPCMethods(),
    ],
    ids=lambda message: type(message).__name__,
)
def test_nothing_comes_before_the_inform(device, message):
    assert device.post(encode(message, "1", NAMESPACE)).status == 400
    assert device.session() == 204


def test_a_device_asks_for_a_download_in_its_session(device):
    assert device.post(device.inform()).status == 200
    said = device.post(encode(rpc.RequestDownload("1 Firmware Upgrade Image", ()), "7", NAMESPACE))
    assert (said.status, decode(said.body).id) == (200, "7")
    assert device.post(b"").status in (200, 204)


def test_answers_nobody_asked_for_and_words_after_the_end(device):
    assert device.post(device.inform()).status == 200
    assert device.post(encode(rpc.RebootResponse(), "1", NAMESPACE)).status == 400
    assert device.session() == 204
    assert device.post(encode(rpc.TransferComplete("late"), "1", NAMESPACE)).status == 400
    assert device.post(b"").status == 400


def test_two_sessions_at_once_are_one(server, device):
    """Two boxes with one name, or one that lost its mind: the later Inform counts, and there is one end."""
    other = cpe(server)
    try:
        for _ in range(5):
            assert device.post(device.inform()).status == 200
            assert other.post(other.inform()).status == 200
            ends = [device.post(b"").status, other.post(b"").status]
            assert ends[0] in (200, 204, 400)  # its cookie is old, its name is right
            assert ends.count(204) <= 1
            device.cookie = other.cookie = ""
        assert other.session() == 204
    finally:
        other.close()


def test_many_connections_of_one_device_at_once(server):
    """All speak at the same moment: each is answered, in some order, and one session is left at most."""
    many = [cpe(server) for _ in range(12)]
    try:
        with ThreadPoolExecutor(12) as pool:
            statuses = list(pool.map(lambda one: one.post(one.inform()).status, many))
        assert set(statuses) == {200}
        with ThreadPoolExecutor(12) as pool:
            ends = list(pool.map(lambda one: one.post(b"").status, many))
        assert sum(status in (200, 204) for status in ends) == 1
    finally:
        for one in many:
            one.close()


# -- replayed -------------------------------------------------------------------------------------


def test_a_recorded_post_is_of_no_use(server, device):
    device.post(b"")
    body = device.inform()
    recorded = device.head(len(body)) + body
    device.say(recorded)
    assert device.hear().status == 200
    thief = WireCpe(server.acs_port, "", "")
    try:
        for _ in range(2):
            thief.say(recorded)
            said = thief.hear()
            assert said.status == 401
            assert "stale=true" in said.headers["www-authenticate"][0]
    finally:
        thief.close()
    device.cookie = ""
    assert device.session() == 204


def test_guessing_passwords_is_answered_alike(stranger, server):
    known = WireCpe(server.acs_port, HOSTILE.username, "guess")
    try:
        answers = [one.post(one.inform() if one is known else b"") for one in (known, stranger)]
    finally:
        known.close()
    assert [said.status for said in answers] == [401, 401]
    assert answers[0].body == answers[1].body
