"""What is hunted: each target takes bytes and raises only when something is wrong with us.

A RemoteError is the right answer to nonsense; anything else that comes out, or a rule broken below, is a
find. The rules are those of `backend.cwmp`: what was understood can be said again and means the same; an
error ends a session; a session moved to another process behaves as it would have here.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from backend.cwmp import datamodel, digest, rpc, stun
from backend.cwmp.envelope import NAMESPACES, Limits
from backend.cwmp.faults import LocalError, RemoteError, fault
from backend.cwmp.session import (
    AcsSession,
    AcsState,
    Asked,
    CpeSession,
    CpeState,
    Informed,
    Requested,
    Superseded,
)
from backend.cwmp.soap import decode, encode
from tests.backend.cwmp.messages import FIXTURES, INFORM, SAID
from tests.fuzz.mutating import BYTES, STEP, XML, Mutation, steps

TIGHT = Limits(body_bytes=64 * 1024, parameters=500, name_chars=256, depth_levels=12)
CWMP = Path(datamodel.__file__).parent


@dataclass(frozen=True)
class Target:
    """One thing to hunt: `run(data)` raises for a find; `seeds()` are where it begins.

    `share` is how much of the time it gets beside the others, `watched` where its code is.
    """

    name: str
    run: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    ways: Sequence[Mutation]
    share: int = 1
    watched: tuple[Path, ...] = (CWMP,)


def _codec(data: bytes) -> None:
    try:
        envelope = decode(data, TIGHT)
    except RemoteError:
        return
    if isinstance(envelope.message, rpc.Unsupported):
        return
    assert envelope.cwmp_namespace in NAMESPACES
    again = decode(encode(envelope.message, envelope.id, envelope.cwmp_namespace))
    assert again.message == envelope.message
    assert again.id == envelope.id
    assert envelope.lenient or not again.lenient


def _acs(data: bytes) -> None:
    """The CPE sends each step in turn; we answer as the door does. "!..." is something we do ourselves."""
    acs = AcsSession("a")
    for count, step in enumerate(data.split(STEP)[:40]):
        if step.startswith(b"!"):
            _act(acs, step)
            continue
        if acs.state is AcsState.READY:
            acs.send(REQUESTS[(count + len(step)) % len(REQUESTS)])
        twin = AcsSession.from_json(json.loads(json.dumps(acs.to_json())))
        body = step.replace(b"@ID@", f"a{acs.to_json()['count']}".encode())
        try:
            event = acs.receive(body)
        except RemoteError as error:
            assert acs.state is AcsState.ENDED, error
            with contextlib.suppress(RemoteError):
                twin.receive(body)
            assert twin.to_json() == acs.to_json()
            return
        assert twin.receive(body) == event
        assert twin.to_json() == acs.to_json()
        if isinstance(event, Informed | Asked):
            assert decode(event.reply).id == event.envelope.id
        if isinstance(event, Superseded):
            acs = AcsSession("b")
            assert isinstance(acs.receive(event.envelope), Informed)


def _act(acs: AcsSession, step: bytes) -> None:
    with contextlib.suppress(LocalError):
        match step[1:2]:
            case b"e":
                acs.end()
            case b"a":
                acs.abort()
            case b"s":
                acs.send(REQUESTS[len(step) % len(REQUESTS)])


def _cpe(data: bytes) -> None:
    """The ACS sends each step; the device answers what it is asked."""
    cpe = CpeSession("c")
    cpe.send(INFORM)
    for step in data.split(STEP)[:40]:
        if cpe.state is CpeState.CLOSED:
            cpe.send(INFORM)
        elif cpe.state is CpeState.TALKING:
            cpe.finish() if len(step) % 3 else cpe.send(rpc.TransferComplete("k"))
        try:
            event = cpe.receive(step.replace(b"@ID@", b"c1"))
        except RemoteError:
            assert cpe.state is CpeState.ENDED
            return
        if isinstance(event, Requested):
            assert decode(cpe.reply(fault("9000"))).id == event.envelope.id


def _udp(data: bytes) -> None:
    with contextlib.suppress(RemoteError):
        read = stun.parse(data)
        read.authenticated_by("p")
        stun.parse(stun.binding_response(read, read.mapped or stun.Address("192.0.2.1", 1), source=SERVER))
    with contextlib.suppress(RemoteError):
        stun.check_udp_connection_request(data, username="u", password="p", last=None)
    with contextlib.suppress(RemoteError):
        stun.parse_address(data.decode("latin-1"))


def _digest(data: bytes) -> None:
    """A hostile Authorization at the ACS, a hostile challenge at the device."""
    header = data.decode("latin-1")
    given = digest.parse_authorization(header)
    if given is not None:
        asked = {"password": "pw", "method": "POST", "target": "/acs", "realm": "acs", "key": b"k" * 32}
        digest.verify(given, now=1.0, **asked)  # type: ignore[arg-type]
    with contextlib.suppress(RemoteError):
        digest.answer([header], username="u", password="p", method="GET", target="/", cnonce="c")


def _values(data: bytes) -> None:
    said = data.decode("utf-8", "replace")
    for kind in datamodel.TYPES:
        with contextlib.suppress(ValueError):
            value = datamodel.parse(said, kind)
            if kind != datamodel.DATE_TIME:  # a zone may lead out of the years there are
                assert datamodel.parse(datamodel.write(value, kind), kind) == value
        datamodel.same(said, "1", kind)
    datamodel.is_path(said)
    datamodel.covers(said, "Device.A")


SERVER = stun.Address("198.51.100.1", 3478)
REQUESTS: list[rpc.AcsRequest] = [
    message for _, _, message in SAID.values() if isinstance(message, get_args(rpc.AcsRequest))
]


def _fixtures() -> list[bytes]:
    return [path.read_bytes() for path in sorted(FIXTURES.rglob("*.xml"))]


def sessions_of_cpes() -> list[bytes]:
    """Whole sessions: Inform, the device's own requests, the empty POST, every answer there is."""
    said = {path.stem: path.read_bytes() for path in sorted(FIXTURES.glob("*.xml"))}
    inform = said["cpe_Inform"]
    own = [said[f"cpe_{name}"] for name in rpc.ACS_METHODS[1:]]
    theirs = {name: _with_id(body) for name, body in said.items() if name.startswith("cpe_")}
    answers = [body for name, body in theirs.items() if "Response" in name]
    faults = [body for name, body in theirs.items() if "Fault" in name]
    made = [STEP.join([inform, b"", b"!" + b"s" * n, answer, b"!end"]) for n, answer in enumerate(answers)]
    made += [STEP.join([inform, b"", answer, faults[0], b""]) for answer in answers]
    return [*made, STEP.join([inform, *own, b"", *faults]), STEP.join([inform, b"", inform, b"", b"!abort"])]


def _with_id(body: bytes) -> bytes:
    start, end = body.index(b'mustUnderstand="1">') + 19, body.index(b"</c:ID>")
    return body[:start] + b"@ID@" + body[end:]


def _sessions_of_acs() -> list[bytes]:
    said = {path.stem: path.read_bytes() for path in sorted(FIXTURES.glob("acs_*.xml"))}
    opened = encode(rpc.InformResponse(), "@ID@")
    asked = [body for name, body in said.items() if "Response" not in name and "Fault" not in name]
    return [
        *[STEP.join([opened, body, b""]) for body in asked],
        STEP.join([opened, *asked, b""]),
        STEP.join([said["acs_Fault_retry"], opened, b""]),
    ]


def _datagrams() -> list[bytes]:
    request = stun.binding_request(bytes(16), username="u", password="p", binding_change=True)
    asked = stun.UdpConnectionRequest(7, 8, "u", "c")
    return [
        request,
        stun.binding_request(stun.MAGIC_COOKIE + bytes(12), response_address=SERVER),
        stun.binding_response(stun.parse(request), stun.Address("2001:db8::1", 9), source=SERVER),
        stun.error_response(stun.parse(request), 401),
        stun.udp_connection_request(SERVER, asked, "p"),
        b"203.0.113.9:51234",
        b"[2001:db8::1]:80",
    ]


def _headers() -> list[bytes]:
    made = []
    for algorithm in ("MD5", "SHA-256", "MD5-sess"):
        offered = digest.challenge("acs", key=b"k" * 32, now=0.5, salt="s", algorithm=algorithm)
        asked = {"username": "u", "password": "pw", "method": "POST", "target": "/acs", "cnonce": "c"}
        made += [offered.encode(), digest.answer([offered], **asked).encode()]
    return [*made, b"Basic dTpwdw=="]


def _spellings() -> list[bytes]:
    return [b"1", b"true", b"-7", b"2026-01-31T23:59:59.25+01:00", b"YWI=", b"00ff", b"Device.WiFi.SSID.1."]


TARGETS = {
    target.name: target
    for target in (
        Target("codec", _codec, _fixtures, XML, 5),
        Target("acs_session", _acs, sessions_of_cpes, (steps,), 5),
        Target("cpe_session", _cpe, _sessions_of_acs, (steps,), 2),
        Target("udp", _udp, _datagrams, BYTES),
        Target("digest", _digest, _headers, BYTES),
        Target("values", _values, _spellings, BYTES),
    )
}
