"""A CPE made of bytes on a socket, for tests that send what no client library would."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass, field

from backend.cwmp import digest, rpc
from backend.cwmp.soap import encode

WAIT_S = 30.0
NAMESPACE = "urn:dslforum-org:cwmp-1-2"


@dataclass
class Said:
    """One HTTP answer: its status, headers by lower-case name (several values in a list) and body."""

    status: int
    headers: dict[str, list[str]]
    body: bytes


@dataclass
class WireCpe:
    """One device over real sockets.

    `connect` opens a connection, `say` sends bytes as they are, `hear` reads one answer; `post` does it as a
    device would, challenge included.
    """

    port: int
    username: str
    password: str
    cookie: str = ""
    connection: socket.socket | None = None
    _challenge: str = ""
    _count: int = 0
    _rest: bytes = field(default=b"", repr=False)

    def connect(self) -> socket.socket:
        self.close()
        self.connection = socket.create_connection(("127.0.0.1", self.port), timeout=WAIT_S)
        self._rest = b""
        return self.connection

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def say(self, sent: bytes) -> None:
        connection = self.connection or self.connect()
        connection.sendall(sent)

    def hear(self) -> Said:
        """One answer; ConnectionError when the server has closed instead."""
        head = self._until(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers: dict[str, list[str]] = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers.setdefault(name.strip().lower(), []).append(value.strip())
        length = int(headers.get("content-length", ["0"])[0])
        while len(self._rest) < length:
            self._more()
        body, self._rest = self._rest[:length], self._rest[length:]
        return Said(int(lines[0].split(" ")[1]), headers, body)

    def closed(self) -> bool:
        """Whether the server closes the connection without another word."""
        assert self.connection is not None
        try:
            return self.connection.recv(1) == b""
        except ConnectionError:
            return True

    def head(self, length: int | str, *more: str, authorized: bool = True) -> bytes:
        """The head of a POST with this Content-Length (or "chunked")."""
        sized = "Transfer-Encoding: chunked" if length == "chunked" else f"Content-Length: {length}"
        lines = ["POST /acs HTTP/1.1", "Host: acs", sized, *more]
        if authorized and self._challenge:
            self._count += 1
            lines.append(f"Authorization: {self.authorization(self._challenge, self._count)}")
        if self.cookie:
            lines.append(f"Cookie: {self.cookie}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def authorization(self, challenge: str, count: int) -> str:
        return digest.answer(
            [challenge],
            username=self.username,
            password=self.password,
            method="POST",
            target="/acs",
            cnonce="c0ffee",
            count=count,
        )

    def post(self, body: bytes, *more: str) -> Said:
        """POST a body as a device does."""
        self.say(self.head(len(body), *more) + body)
        said = self.hear()
        if said.status == 401:
            self._challenge, self._count = said.headers["www-authenticate"][0], 0
            if "close" in said.headers.get("connection", []):
                self.close()
            self.say(self.head(len(body), *more) + body)
            said = self.hear()
        if "set-cookie" in said.headers:
            self.cookie = said.headers["set-cookie"][0].partition(";")[0]
        return said

    def inform(self, *codes: str) -> bytes:
        """The body of an Inform of the device that the user name names."""
        oui, _, rest = self.username.partition("-")
        product_class, _, serial = rest.rpartition("-")
        message = rpc.Inform(
            rpc.DeviceId("Acme", oui, product_class, serial),
            tuple(rpc.Event(code) for code in codes or ("2 PERIODIC",)),
            (rpc.ParameterValue("Device.DeviceInfo.SoftwareVersion", "1"),),
            "2024-01-01T00:00:00Z",
        )
        return encode(message, "1", NAMESPACE)

    def session(self, *codes: str) -> int:
        """Inform, empty POST; gives the last status. Whatever is asked is answered with a fault."""
        self.cookie = ""
        said = self.post(self.inform(*codes))
        body = b""
        while said.status == 200:
            said = self.post(body)
            asked = re.search(rb"<cwmp:ID[^>]*>([^<]+)<", said.body)
            body = encode(rpc.Fault("9001", "no"), asked[1].decode() if asked else "", NAMESPACE)
        return said.status

    def _until(self, end: bytes) -> bytes:
        while end not in self._rest:
            self._more()
        head, _, self._rest = self._rest.partition(end)
        return head

    def _more(self) -> None:
        assert self.connection is not None
        piece = self.connection.recv(65536)
        if not piece:
            raise ConnectionError("the server closed the connection")
        self._rest += piece
