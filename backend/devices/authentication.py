"""Who a CPE is: HTTP digest, and Basic over TLS only (TR-069 3.4.4, 3.4.5).

Nothing of a device is read here but the row its username names, and nothing is written. Nonces are
stateless (any process knows its own); each may be used with a rising count only, so that a recorded POST
cannot be played again.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from functools import lru_cache
from typing import Any, Final

from backend.cwmp import digest
from backend.devices import records
from backend.devices.records import Known
from backend.identity import secrets as sealed_secrets

REALM: Final = "Careflow ACS"
NONCES_LIMIT: Final = 100_000
NEEDED: Final = "Digest authentication is needed."
WRONG: Final = "Wrong user name or password."


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


class Authenticator:
    """The challenges of one process, and the nonces it has seen used."""

    def __init__(self) -> None:
        self._nonces = digest.NonceCounts(NONCES_LIMIT)

    def challenge(self, now: float, *, stale: bool = False) -> str:
        """A WWW-Authenticate value with a nonce of its own."""
        key = sealed_secrets.key_for("digest")
        return digest.challenge(REALM, key=key, now=now, salt=secrets.token_urlsafe(9), stale=stale)

    def device(self, environ: dict[str, Any], header: str, expected: Known | None, now: float) -> Known:
        """The device that an Authorization header proves; NotAuthenticated otherwise.

        `expected` is the device of the session that the POST names, which saves reading its row again.
        """
        if header[:6].lower() == "basic ":
            return _basic(environ, header)
        given = digest.parse_authorization(header)
        if given is None:
            raise NotAuthenticated("authorization_malformed", NEEDED)
        known = expected
        if known is None or known.username != given.username:
            known = records.credentials(given.username)
        if known is None:
            raise NotAuthenticated("unknown_device", WRONG, given.username)
        verdict = digest.verify(
            given,
            password=_password(known.tenant_id, known.password_sealed),
            method="POST",
            target=_target(environ),
            realm=REALM,
            key=sealed_secrets.key_for("digest"),
            now=now,
            is_new=self._nonces.is_new,
        )
        if verdict is digest.Verdict.OK:
            return known
        if verdict is digest.Verdict.WRONG:
            raise NotAuthenticated("wrong_credentials", WRONG, given.username)
        raise NotAuthenticated(
            f"nonce_{verdict.value}", "Please authenticate again.", given.username, stale=True
        )


def _basic(environ: dict[str, Any], header: str) -> Known:
    """Over TLS only: anywhere else it would show the password."""
    if environ.get("wsgi.url_scheme") != "https":
        raise NotAuthenticated("basic_without_tls", NEEDED)
    try:
        username, colon, password = base64.b64decode(header[6:], validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        username, colon, password = "", "", ""
    known = records.credentials(username) if colon and username.isprintable() else None
    if known is None:
        raise NotAuthenticated("unknown_device", WRONG, username)
    expected = _password(known.tenant_id, known.password_sealed)
    if not hmac.compare_digest(expected.encode(), password.encode()):
        raise NotAuthenticated("wrong_credentials", WRONG, username)
    return known


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
