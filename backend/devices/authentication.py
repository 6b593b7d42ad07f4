"""Who a CPE is: HTTP digest, Basic over TLS only, or the client certificate a proxy saw (TR-069 3.4.4).

Nothing of a device is read here but the row its username names, and nothing is written. Nonces are stateless
(any process knows its own); each may be used with a rising count only, so that a recorded POST cannot be
played again. Who has a session that cookie or connection prove need not raise the count: some devices never
do.

Several challenges go out, since RFC 7616 lets a client choose the first it knows. Firmware is not so careful:
some reads the first, some the last, and both kinds know only MD5. So MD5 stands at both ends and SHA-256
between; all carry one nonce, so that a device that mixes them up is right all the same.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import unquote

from backend import database
from backend.cwmp import digest
from backend.devices import enrolment, known
from backend.devices.known import Known, Shared
from backend.identity import secrets as sealed_secrets

REALM: Final = "Careflow ACS"
NONCES_LIMIT: Final = 100_000
ALGORITHMS: Final = ("MD5", "SHA-256")
NEEDED: Final = "Digest authentication is needed."
WRONG: Final = "Wrong user name or password."

Login = Known | Shared
IsNew = Callable[[str, int], bool]
_COMMON_NAME: Final = re.compile(r"(?:^|[/,+])\s*CN\s*=\s*([^/,+]+)", re.IGNORECASE)


class NotAuthenticated(Exception):
    """`reason` is a word for the log, `text` a sentence for the answer.

    `stale`: the same password may try again.
    """

    def __init__(self, reason: str, text: str, username: str = "", *, stale: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.text = text
        self.username = username
        self.stale = stale


@dataclass(frozen=True, slots=True)
class ClientCertificates:
    """Where a proxy writes whom a verified client certificate names: a header, and the proxies we believe.

    The header holds the common name, or the whole subject with a CN in it. `proxies` are networks, e.g.
    ("127.0.0.0/8",); from anyone else the header counts for nothing.
    """

    header: str
    proxies: tuple[str, ...]

    def name(self, environ: dict[str, Any]) -> str:
        """Whom the certificate of this request names, or ""."""
        said = environ.get(f"HTTP_{self.header.upper().replace('-', '_')}", "")
        if not said or not self._is_proxy(environ):
            return ""
        found = _COMMON_NAME.search(said)
        name = unquote(found[1] if found else "" if "=" in said else said).strip().strip('"')
        return name if name.isprintable() and len(name) <= 256 else ""

    def _is_proxy(self, environ: dict[str, Any]) -> bool:
        try:
            peer = ipaddress.ip_address(peer_of(environ))
        except ValueError:
            return False
        peer = getattr(peer, "ipv4_mapped", None) or peer
        return any(peer in ipaddress.ip_network(network, strict=False) for network in self.proxies)


def peer_of(environ: dict[str, Any]) -> str:
    """The address at the other end of the TCP connection, whatever forwarded headers say."""
    forwarded = environ.get("werkzeug.proxy_fix.orig")
    return str((forwarded or environ).get("REMOTE_ADDR") or "")


class Authenticator:
    """The challenges of one process. `is_new` remembers the nonces that were used, here or for several."""

    def __init__(
        self,
        *,
        algorithms: Sequence[str] = ALGORITHMS,
        is_new: IsNew | None = None,
        certificates: ClientCertificates | None = None,
    ) -> None:
        self._algorithms = tuple(algorithms)
        self._accepted = tuple(name + session for name in algorithms for session in ("", "-sess"))
        self._is_new = is_new or digest.NonceCounts(NONCES_LIMIT).is_new
        self._certificates = certificates

    def challenges(self, now: float, *, stale: bool = False, secure: bool = False) -> list[str]:
        """WWW-Authenticate values with a nonce of their own; over TLS Basic is good, too."""
        key, salt = sealed_secrets.key_for("digest"), secrets.token_urlsafe(9)
        both_ends = self._algorithms[:1] if len(self._algorithms) > 1 else ()
        made = {
            name: digest.challenge(REALM, key=key, now=now, salt=salt, algorithm=name, stale=stale)
            for name in self._algorithms
        }
        basic = [f'Basic realm="{REALM}"'] if secure else []
        return [made[name] for name in (*self._algorithms, *both_ends)] + basic

    def certified(self, environ: dict[str, Any]) -> Login | None:
        """Who the client certificate of this request says it is; None without one, or for nobody's."""
        name = self._certificates.name(environ) if self._certificates is not None else ""
        if not name:
            return None
        with database.connection():
            return known.credentials(name) or enrolment.certificate_rule(name)

    def login(
        self, environ: dict[str, Any], header: str, expected: Login | None, now: float
    ) -> tuple[Login, bool]:
        """Whom an Authorization header proves, and whether it is used for the first time.

        NotAuthenticated when it proves nobody.

        `expected` is who opened the session that the POST names, which saves reading the row again.
        """
        if header[:6].lower() == "basic ":
            return _basic(environ, header), True
        given = digest.parse_authorization(_text(header))
        if given is None:
            raise NotAuthenticated("authorization_malformed", NEEDED)
        named = (given.username, known.plain_name(given.username))
        login = expected if expected is not None and expected.username in named else _who(given.username)
        fresh = True

        def is_new(nonce: str, count: int) -> bool:
            nonlocal fresh
            fresh = self._is_new(nonce, count)
            return True

        verdict = digest.verify(
            given,
            password=_password(login.tenant_id, login.password_sealed),
            method="POST",
            target=_target(environ),
            realm=REALM,
            key=sealed_secrets.key_for("digest"),
            now=now,
            algorithms=self._accepted,
            is_new=is_new,
        )
        if verdict is digest.Verdict.OK:
            return login, fresh
        if verdict is digest.Verdict.WRONG:
            raise NotAuthenticated("wrong_credentials", WRONG, given.username)
        raise NotAuthenticated(
            f"nonce_{verdict.value}", "Please authenticate again.", given.username, stale=True
        )


def replayed(login: Login) -> NotAuthenticated:
    """The refusal of a header that was used before."""
    return NotAuthenticated("nonce_replayed", "Please authenticate again.", login.username, stale=True)


def _basic(environ: dict[str, Any], header: str) -> Login:
    """Over TLS only: anywhere else it would show the password."""
    if environ.get("wsgi.url_scheme") != "https":
        raise NotAuthenticated("basic_without_tls", NEEDED)
    try:
        username, colon, password = base64.b64decode(header[6:], validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        username, colon, password = "", "", ""
    if not colon or not username.isprintable():
        raise NotAuthenticated("unknown_device", WRONG)
    login = _who(username)
    expected = _password(login.tenant_id, login.password_sealed)
    if not hmac.compare_digest(expected.encode(), password.encode()):
        raise NotAuthenticated("wrong_credentials", WRONG, username)
    return login


def _who(username: str) -> Login:
    """Whose name it is; NotAuthenticated when nobody with a password has it.

    Its parts may be percent-encoded, as TR-069 asks for where they are not plain (3.4.4).
    """
    with database.connection():
        login = known.credentials(username) or known.shared_credentials(username)
        if login is None and (plain := known.plain_name(username)) != username:
            login = known.credentials(plain)
    if login is None or not login.password_sealed:
        raise NotAuthenticated("unknown_device", WRONG, username)
    return login


def _text(header: str) -> str:
    """A header as the device meant it: WSGI gives its bytes as Latin-1, and names are UTF-8 (RFC 7616 4)."""
    try:
        return header if header.isascii() else header.encode("latin-1").decode()
    except UnicodeError:
        return header


def _target(environ: dict[str, Any]) -> str:
    """Path and query as the CPE must have signed them."""
    path = f"{environ.get('SCRIPT_NAME', '')}{environ.get('PATH_INFO', '')}"
    query = environ.get("QUERY_STRING")
    return f"{path}?{query}" if query else path


@lru_cache(maxsize=20_000)
def _password(tenant_id: str, sealed: str) -> str:
    """A device's opened password.

    Opening costs more than all of digest, and a sealed text never changes its meaning.
    """
    return sealed_secrets.open_sealed(tenant_id, sealed)
