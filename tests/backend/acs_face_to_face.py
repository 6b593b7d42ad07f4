"""A router for tests: the CPE's side of `backend.cwmp`, its HTTP and its digest, over Flask's test client."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from backend.acs import Acs
from backend.cwmp import digest, rpc
from backend.cwmp.session import Answered, CpeSession, Ended, Refused, Requested
from backend.devices import records

OUI, PRODUCT, PASSWORD = "00D09E", "Home Hub", "s3cret"
NOW = 1_700_000_000.0
VALUES = (
    rpc.ParameterValue("Device.RootDataModelVersion", "2.16"),
    rpc.ParameterValue("Device.DeviceInfo.SoftwareVersion", "1.2.3"),
    rpc.ParameterValue("Device.DeviceInfo.HardwareVersion", "rev B"),
    rpc.ParameterValue("Device.ManagementServer.ConnectionRequestURL", "http://127.0.0.1:7548/cr"),
    rpc.ParameterValue("Device.ManagementServer.ParameterKey", ""),
)


def app_of(acs: Acs) -> Flask:
    """An application with nothing but the ACS."""
    app = Flask("acs-test")
    app.wsgi_app = acs.in_front_of(app.wsgi_app)
    return app


def enrolled(tenant_id: str, serial: str = "R0001", **more: Any) -> str:
    """A known device; gives its id."""
    return records.enrol(
        tenant_id, oui=OUI, product_class=PRODUCT, serial_number=serial, password=PASSWORD, now=NOW, **more
    )


@dataclass
class Router:
    """One CPE.

    `answers` maps a request's class to what it replies (a message, or a callable of the request).
    """

    app: Flask
    serial: str = "R0001"
    password: str = PASSWORD
    answers: dict[type, Any] = field(default_factory=dict)
    keeps_cookies: bool = True
    username: str = ""
    seen: list[rpc.Message] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    namespace: str = "urn:dslforum-org:cwmp-1-2"
    asks: Sequence[rpc.CpeRequest] = ()
    replies: list[rpc.Message] = field(default_factory=list)
    _challenge: str = ""
    _count: int = 0

    def __post_init__(self) -> None:
        self.client = self.app.test_client(use_cookies=self.keeps_cookies)
        self.username = self.username or f"{OUI}-{PRODUCT}-{self.serial}"
        self.cwmp = CpeSession("cpe-", self.namespace)

    def post(self, body: bytes, **more: Any) -> TestResponse:
        """POST a body, answering a challenge once."""
        response = self._once(body, more)
        if response.status_code == 401 and "WWW-Authenticate" in response.headers:
            self._challenge, self._count = response.headers["WWW-Authenticate"], 0
            response = self._once(body, more)
        self.statuses.append(response.status_code)
        return response

    def _once(self, body: bytes, more: dict[str, Any]) -> TestResponse:
        headers = dict(more.get("headers", {}))
        if self._challenge:
            self._count += 1
            headers["Authorization"] = self.authorization(self._challenge, self._count)
        if body:
            headers.setdefault("Content-Type", "text/xml")
            headers.setdefault("SOAPAction", "")
        rest = {name: value for name, value in more.items() if name != "headers"}
        return self.client.post("/acs", data=body, headers=headers, **rest)

    def authorization(self, challenge: str, count: int = 1) -> str:
        """The digest answer to a challenge."""
        return digest.answer(
            [challenge],
            username=self.username,
            password=self.password,
            method="POST",
            target="/acs",
            cnonce="c0ffee",
            count=count,
        )

    def inform(
        self,
        *events: str | tuple[str, str],
        values: Iterable[rpc.ParameterValue] = VALUES,
        serial: str | None = None,
    ) -> bytes:
        """The body of a new session's Inform."""
        self.cwmp = CpeSession("cpe-", self.namespace)
        pairs = [event if isinstance(event, tuple) else (event, "") for event in events or ("2 PERIODIC",)]
        return self.cwmp.send(
            rpc.Inform(
                rpc.DeviceId("Acme", OUI, PRODUCT, serial or self.serial),
                tuple(rpc.Event(*pair) for pair in pairs),
                tuple(values),
                "2024-01-01T00:00:00Z",
            )
        )

    def begin(self, *events: str | tuple[str, str], **more: Any) -> TestResponse:
        """Inform only; the answer is checked and the session stands before its empty POST."""
        response = self.post(self.inform(*events, **more))
        assert response.status_code == 200, response.get_data()
        assert isinstance(self.cwmp.receive(response.get_data()), Answered)
        return response

    def finish(self) -> None:
        """From the empty POST to the 204, answering every request."""
        response = self.post(self.cwmp.finish())
        while True:
            event = self.cwmp.receive(response.get_data())
            if isinstance(event, Ended):
                assert response.status_code == 204
                return
            assert isinstance(event, Requested)
            self.seen.append(event.message)
            response = self.post(self.cwmp.reply(self.answer(event.message)))

    def answer(self, message: rpc.Message) -> Any:
        """What the router replies to one request."""
        made = self.answers.get(type(message), rpc.Fault("9000", "Method not supported"))
        return made(message) if callable(made) else made

    def session(self, *events: str | tuple[str, str], **more: Any) -> list[rpc.Message]:
        """A whole session; gives the requests that came."""
        self.seen.clear()
        self.begin(*events, **more)
        for ask in self.asks:
            response = self.post(self.cwmp.send(ask))
            event = self.cwmp.receive(response.get_data())
            assert isinstance(event, Answered | Refused)
            self.replies.append(event.response if isinstance(event, Answered) else event.fault)
        self.finish()
        return list(self.seen)
