"""How a router of a certain make speaks HTTP and SOAP: bytes rewritten, cookies kept or lost.

What the habits mean is told in `variants.Habits`. `Transport` is one session's HTTP; the digest answers
are those of `requests`, not of `backend.cwmp`, so that a mistake there shows.
"""

from __future__ import annotations

import re
from typing import Final

import requests
from requests.auth import HTTPDigestAuth
from requests.cookies import RequestsCookieJar

from backend.simulator.variants import Habits

CONNECT_TIMEOUT_S: Final = 5.0
ANSWER_TIMEOUT_S: Final = 60.0
ANSWER_LIMIT_BYTES: Final = 4 * 1024 * 1024

_DECLARATION: Final = re.compile(rb"\A\s*<\?xml[^>]*\?>\s*")
_UNDECLARED: Final = re.compile(rb'\sxmlns:(?:xsi|xsd|soap-enc|soapenc|SOAP-ENC)="[^"]*"')
_TEXT: Final = re.compile(rb">([^<>]*[^<>\s][^<>]*)</")


class SessionFailed(Exception):
    """This session did not end in order; `retry_after_s` is what a 503 asked for."""

    def __init__(self, reason: str, retry_after_s: float = 0.0) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class Transport:
    """The HTTP of one session: use it as a context. `cookies` are those of the session before."""

    def __init__(self, habits: Habits, auth: HTTPDigestAuth, cookies: RequestsCookieJar | None) -> None:
        self._habits = habits
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.auth = auth
        if habits.stale_cookie and cookies is not None:
            self._http.cookies = cookies

    def __enter__(self) -> Transport:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    @property
    def cookies(self) -> RequestsCookieJar:
        """What the ACS set."""
        return self._http.cookies

    def post(self, url: str, body: bytes) -> bytes:
        """One POST (3.4.1: the empty one has neither Content-Type nor SOAPAction); the answer's body.
        SessionFailed for any status but 200 and 204, and for an answer this router cannot read."""
        habits = self._habits
        headers = {"Content-Type": 'text/xml; charset="utf-8"', "SOAPAction": ""} if body else {}
        if habits.connection_per_post:
            headers["Connection"] = "close"
        if not habits.keeps_cookies:
            self._http.cookies.clear()
        answer = self._http.post(
            url,
            data=written(body, habits) if body else body,
            headers=headers,
            timeout=(CONNECT_TIMEOUT_S, ANSWER_TIMEOUT_S),
            allow_redirects=False,
            stream=True,
        )
        with answer:
            if answer.status_code not in (200, 204):
                raise SessionFailed(f"HTTP {answer.status_code}", _retry_after_s(answer))
            found = bytearray()
            for piece in answer.iter_content(65536):
                found += piece
                if len(found) > ANSWER_LIMIT_BYTES:
                    raise SessionFailed(f"an answer of more than {ANSWER_LIMIT_BYTES} bytes")
            return readable(bytes(found), habits)


def written(body: bytes, habits: Habits) -> bytes:
    """A message as a router with these habits writes it."""
    if not habits.writes_declaration:
        body = _DECLARATION.sub(b"", body)
    if habits.undeclared_prefixes:
        body = _UNDECLARED.sub(b"", body)
    if habits.cdata:
        body = _TEXT.sub(_in_cdata, body)
    return habits.rewrite(body) if habits.rewrite else body


def readable(body: bytes, habits: Habits) -> bytes:
    """The ACS's message, or SessionFailed when such a router cannot read it."""
    if not habits.reads_declaration and _DECLARATION.match(body):
        raise SessionFailed("an XML declaration, which this router cannot read")
    return body


def _in_cdata(found: re.Match[bytes]) -> bytes:
    text = found[1]
    for name, sign in ((b"&lt;", b"<"), (b"&gt;", b">"), (b"&quot;", b'"'), (b"&amp;", b"&")):
        text = text.replace(name, sign)
    return b"><![CDATA[" + text.replace(b"]]>", b"]]]]><![CDATA[>") + b"]]></"


def _retry_after_s(answer: requests.Response) -> float:
    text = answer.headers.get("Retry-After", "")
    return float(text) if text.isdecimal() else 0.0
