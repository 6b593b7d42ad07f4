"""HTTP digest authentication, both sides (RFC 7616; TR-069 3.4.4 for the ACS, 3.2.2 for the CPE).

Rules:
- Algorithms MD5, MD5-sess, SHA-256, SHA-256-sess; qop "auth" only, and always offered.
- A nonce carries its time and a salt under an HMAC of the server's key, so that no server keeps a
  list: any process with the key knows its own nonces and their age. An old one is answered with
  stale=true, and a device tries again without asking its owner for a password.
- Whether a nonce-count came before is the caller's to remember; `NonceCounts` is a bounded memory
  of it for one process. Some devices never raise the count within a session: ask it only where a
  session is opened.

Server: `challenge` -> the header; `parse_authorization` -> who claims to be there; `verify`.
Client: `answer` takes the challenges and gives the Authorization header.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote, urlsplit

from backend.cwmp.faults import RemoteError

HEADER_LIMIT_CHARS: Final = 4096
NONCE_AGE_LIMIT_S: Final = 300.0
CLOCK_DRIFT_LIMIT_S: Final = 5.0
"""How far ahead another process's clock may be."""

_PARAMETER: Final = re.compile(
    r'(?<![A-Za-z0-9_*-])([A-Za-z0-9_*-]++)\s*+=\s*+(?:"((?:[^"\\]|\\.)*+)"|([^\s",]++))'
)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SCHEME: Final = re.compile(r"(?:^|,)\s*([A-Za-z]+)\s+(?=[A-Za-z0-9_*-]+\s*=)")
_NONCE: Final = re.compile(r"([0-9a-f]{12})\.([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{22})")
_COUNT: Final = re.compile(r"[0-9a-fA-F]{8}")
_HASHES: Final = MappingProxyType({"MD5": "md5", "SHA-256": "sha256"})
_STRONGEST_FIRST: Final = ("SHA-256-SESS", "SHA-256", "MD5-SESS", "MD5")


class Verdict(StrEnum):
    """What `verify` found. Answer all but `OK` with 401 and a new challenge."""

    OK = "ok"
    WRONG = "wrong"
    STALE = "stale"
    REPLAYED = "replayed"


@dataclass(frozen=True, slots=True)
class Authorization:
    """A Digest Authorization header, taken apart and not yet believed."""

    username: str
    realm: str
    nonce: str
    uri: str
    response: str
    algorithm: str
    qop: str
    cnonce: str
    count: str


def challenge(
    realm: str,
    *,
    key: bytes,
    now: float,
    salt: str,
    algorithm: str = "MD5",
    stale: bool = False,
) -> str:
    """One WWW-Authenticate value with a fresh nonce.

    `salt` is new for each challenge (1-64 of A-Z a-z 0-9 _ -). MD5 is what every device reads;
    offer SHA-256 as another header before it where devices are known to read several.
    """
    nonce = _make_nonce(realm, key, now, salt)
    text = f'Digest realm="{_quoted(realm)}", qop="auth", algorithm={algorithm}, nonce="{nonce}"'
    return text + ", stale=true" if stale else text


def parse_authorization(header: str) -> Authorization | None:
    """The parts of a Digest Authorization header; None when it is none or lacks a part."""
    if len(header) > HEADER_LIMIT_CHARS or header[:7].lower() != "digest ":
        return None
    found = _parameters(header[7:])
    username = found.get("username")
    extended = found.get("username*")
    if username is None and extended is not None and extended[:7].upper() == "UTF-8''":
        username = unquote(extended[7:], "utf-8", "replace")
    needed = ("realm", "nonce", "uri", "response", "cnonce", "nc")
    if username is None or any(name not in found for name in needed):
        return None
    if _CONTROL.search(username):
        return None  # no name of a device; PostgreSQL takes no NUL, and a terminal obeys the others
    return Authorization(
        username=username,
        realm=found["realm"],
        nonce=found["nonce"],
        uri=found["uri"],
        response=found["response"].lower(),
        algorithm=found.get("algorithm", "MD5"),
        qop=found.get("qop", ""),
        cnonce=found["cnonce"],
        count=found["nc"],
    )


def verify(
    given: Authorization,
    *,
    password: str,
    method: str,
    target: str,
    realm: str,
    key: bytes,
    now: float,
    algorithms: Iterable[str] = ("MD5", "MD5-sess", "SHA-256", "SHA-256-sess"),
    age_limit_s: float = NONCE_AGE_LIMIT_S,
    is_new: Callable[[str, int], bool] | None = None,
) -> Verdict:
    """Whether the header proves the password for this very request.

    `target` is the request's path and query; `is_new(nonce, count)` is asked last, and False of it
    is a replay. A right answer over a nonce that is old or not ours is STALE, so that the
    device may try again.
    """
    allowed = {name.upper() for name in algorithms}
    if given.realm != realm or given.qop != "auth" or given.algorithm.upper() not in allowed:
        return Verdict.WRONG
    if not _COUNT.fullmatch(given.count) or not _same_target(given.uri, target):
        return Verdict.WRONG
    expected = _response(
        given.username,
        password,
        realm,
        method,
        given.uri,
        given.nonce,
        given.count,
        given.cnonce,
        given.algorithm,
    )
    if not hmac.compare_digest(expected.encode(), given.response.encode()):
        return Verdict.WRONG
    made_at = _nonce_time(given.nonce, realm, key)
    if made_at is None or not -CLOCK_DRIFT_LIMIT_S <= now - made_at <= age_limit_s:
        return Verdict.STALE
    if is_new is not None and not is_new(given.nonce, int(given.count, 16)):
        return Verdict.REPLAYED
    return Verdict.OK


class NonceCounts:
    """The highest nonce-count seen of each nonce, of the latest `limit_nonces` nonces."""

    __slots__ = ("_limit_nonces", "_seen")

    def __init__(self, limit_nonces: int = 10_000) -> None:
        self._limit_nonces = limit_nonces
        self._seen: OrderedDict[str, int] = OrderedDict()

    def is_new(self, nonce: str, count: int) -> bool:
        """True when the count is above the last one; then it is the last one."""
        if count <= self._seen.get(nonce, 0):
            return False
        self._seen[nonce] = count
        self._seen.move_to_end(nonce)
        if len(self._seen) > self._limit_nonces:
            self._seen.popitem(last=False)
        return True


def answer(
    challenges: Sequence[str],
    *,
    username: str,
    password: str,
    method: str,
    target: str,
    cnonce: str,
    count: int = 1,
) -> str:
    """The Authorization value for the strongest challenge we can meet.

    `challenges` are the WWW-Authenticate values of one 401 (each may hold several). `cnonce` is
    new for each answer. RemoteError "malformed" when none is a digest that we know.
    """
    best: tuple[int, dict[str, str]] | None = None
    for offered in _challenges(challenges):
        algorithm = offered.get("algorithm", "MD5").upper()
        qops = {part.strip().lower() for part in offered.get("qop", "auth").split(",")}
        if algorithm not in _STRONGEST_FIRST or "auth" not in qops or "nonce" not in offered:
            continue
        rank = _STRONGEST_FIRST.index(algorithm)
        if best is None or rank < best[0]:
            best = rank, offered
    if best is None:
        raise RemoteError("malformed", "no digest challenge that can be met")
    offered = best[1]
    realm, nonce = offered.get("realm", ""), offered["nonce"]
    algorithm = offered.get("algorithm", "MD5")
    spelt_count = f"{count:08x}" if "qop" in offered else ""
    response = _response(username, password, realm, method, target, nonce, spelt_count, cnonce, algorithm)
    parts = [
        f'username="{_quoted(username)}"',
        f'realm="{_quoted(realm)}"',
        f'nonce="{_quoted(nonce)}"',
        f'uri="{_quoted(target)}"',
        f'response="{response}"',
    ]
    if "algorithm" in offered:
        parts.append(f"algorithm={algorithm}")
    if "opaque" in offered:
        parts.append(f'opaque="{_quoted(offered["opaque"])}"')
    if spelt_count:
        parts.append(f'qop=auth, nc={spelt_count}, cnonce="{_quoted(cnonce)}"')
    return "Digest " + ", ".join(parts)


def _response(
    username: str,
    password: str,
    realm: str,
    method: str,
    uri: str,
    nonce: str,
    count: str,
    cnonce: str,
    algorithm: str,
) -> str:
    """RFC 7616 3.4.1-3.4.3; without a count, the older form of RFC 2069 that has no qop."""
    name, session, _ = algorithm.upper().partition("-SESS")
    hash_name = _HASHES[name]

    def digest(text: str) -> str:
        return hashlib.new(hash_name, text.encode(), usedforsecurity=False).hexdigest()

    secret = digest(f"{username}:{realm}:{password}")
    if session:
        secret = digest(f"{secret}:{nonce}:{cnonce}")
    request = digest(f"{method}:{uri}")
    if not count:
        return digest(f"{secret}:{nonce}:{request}")
    return digest(f"{secret}:{nonce}:{count}:{cnonce}:auth:{request}")


def _make_nonce(realm: str, key: bytes, now: float, salt: str) -> str:
    stamped = f"{int(now * 1000):012x}.{salt}"
    return f"{stamped}.{_seal(stamped, realm, key)}"


def _seal(stamped: str, realm: str, key: bytes) -> str:
    mac = hmac.digest(key, f"digest nonce\n{realm}\n{stamped}".encode(), "sha256")
    return base64.urlsafe_b64encode(mac[:16]).decode("ascii").rstrip("=")


def _nonce_time(nonce: str, realm: str, key: bytes) -> float | None:
    """When we made this nonce (seconds, UTC); None when we did not."""
    found = _NONCE.fullmatch(nonce)
    if not found:
        return None
    if not hmac.compare_digest(_seal(f"{found[1]}.{found[2]}", realm, key), found[3]):
        return None
    return int(found[1], 16) / 1000.0


def _same_target(given: str, target: str) -> bool:
    """True for the request's own path and query, also when the device gave its whole URL."""
    if given == target:
        return True
    try:
        parts = urlsplit(given)
    except ValueError:
        return False
    path = parts.path or "/"
    return (f"{path}?{parts.query}" if parts.query else path) == target


def _challenges(headers: Sequence[str]) -> list[dict[str, str]]:
    """Every Digest challenge in the WWW-Authenticate values."""
    made = []
    for header in headers[:8]:
        text = header[:HEADER_LIMIT_CHARS]
        starts = list(_SCHEME.finditer(text))
        for at, scheme in enumerate(starts):
            end = starts[at + 1].start() if at + 1 < len(starts) else len(text)
            if scheme[1].lower() == "digest":
                made.append(_parameters(text[scheme.end() : end]))
    return made


def _parameters(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, quoted, token in _PARAMETER.findall(text):
        found.setdefault(name.lower(), re.sub(r"\\(.)", r"\1", quoted) if quoted else token)
    return found


def _quoted(text: str) -> str:
    """Text inside a quoted-string, with no way to start another header."""
    return re.sub(r"[\x00-\x1f\x7f]", "", text).replace("\\", "\\\\").replace('"', '\\"')
