"""A client of our wire, as somebody else would write it: Socket.IO over a plain websocket, JSON over HTTP.

Written from the protocols (Engine.IO 4, Socket.IO 5) and the OpenAPI document, without the system's own
code, so that a mistake on both sides cannot cancel out.
"""

from __future__ import annotations

import itertools
import json
import queue
import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import requests
import websocket

WAIT_S = 60.0

Event = dict[str, Any]


class Socket:
    """One connected socket. Whatever the server emits goes to `on_event(name, data)`, in its order, on the
    socket's own thread; `on_drop` is called once the connection has ended, from either side. Opening it
    raises PermissionError when the server refuses, ConnectionError when it cannot be had just now.
    """

    def __init__(
        self, url: str, token: str, on_event: Callable[[str, Any], None], on_drop: Callable[[], None]
    ) -> None:
        self._on_event = on_event
        self._on_drop = on_drop
        self._acks: dict[int, queue.Queue[Any]] = {}
        self._numbers = itertools.count()
        self.dropped = threading.Event()
        address = url.replace("http://", "ws://") + "/socket.io/?EIO=4&transport=websocket"
        self._socket = websocket.WebSocket()
        try:
            self._socket.settimeout(WAIT_S)
            self._socket.connect(address)
            assert self._socket.recv().startswith("0")
            self._socket.send("40" + json.dumps({"token": token}))
            reply = self._socket.recv()
        except (OSError, websocket.WebSocketException) as error:
            self._socket.shutdown()
            raise ConnectionError(str(error)) from error
        if not reply.startswith("40"):
            self._socket.close()
            raise ConnectionError(reply) if "push_unavailable" in reply else PermissionError(reply)
        self._socket.settimeout(None)
        threading.Thread(target=self._read, daemon=True).start()

    def call(self, name: str, data: dict[str, Any], timeout_s: float = WAIT_S) -> Any:
        """Emits and waits for the acknowledgement; ConnectionError when the connection ends first."""
        number = next(self._numbers)
        answer: queue.Queue[Any] = queue.Queue()
        self._acks[number] = answer
        if self.dropped.is_set():
            raise ConnectionError("the socket closed")
        self._send(f"42{number}" + json.dumps([name, data]))
        reply = answer.get(timeout=timeout_s)
        if reply is None:
            raise ConnectionError("the socket closed")
        return reply[0] if reply else None

    def close(self) -> None:
        self._socket.close()

    def _send(self, text: str) -> None:
        try:
            self._socket.send(text)
        except (OSError, websocket.WebSocketException) as error:
            raise ConnectionError(str(error)) from error

    def _read(self) -> None:
        try:
            while text := self._socket.recv():
                self._take(text)
        except (OSError, websocket.WebSocketException, ConnectionError):
            pass
        finally:
            self._socket.shutdown()
            self.dropped.set()
            for answer in list(self._acks.values()):
                answer.put(None)
            self._on_drop()

    def _take(self, text: str) -> None:
        if text == "2":
            self._send("3")
        elif text.startswith("42"):
            self._on_event(*json.loads(text[2:])[:2])
        elif text.startswith("43"):
            digits = len(text[2:]) - len(text[2:].lstrip("0123456789"))
            self._acks.pop(int(text[2 : 2 + digits])).put(json.loads(text[2 + digits :]))
        elif text.startswith("41"):
            raise ConnectionError("the server closed the namespace")


class Api:
    """JSON over HTTP with one person's access token."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.token = ""

    def call(
        self, method: str, path: str, body: Any = None, *, expect: int | None = None, **query: Any
    ) -> Any:
        """One request under /api/v1; returns the JSON body. AssertionError when the status is another."""
        response = requests.request(
            method,
            f"{self.url}/api/v1/{path}",
            json=body,
            params=query or None,
            headers={"Authorization": f"Bearer {self.token}"} if self.token else {},
            timeout=WAIT_S,
        )
        told = f"{method} {path}: {response.status_code} {response.text[:500]}"
        assert response.ok if expect is None else response.status_code == expect, told
        return response.json() if response.content else None

    def get(self, path: str, **query: Any) -> Any:
        return self.call("GET", path, **query)

    def post(self, path: str, body: Any = None, *, expect: int | None = None) -> Any:
        return self.call("POST", path, body if body is not None else {}, expect=expect)


def message_id() -> str:
    """A client's message id: the same one sent twice changes nothing twice."""
    return str(uuid.uuid4())


class Follower:
    """One conversation as a client keeps it: numbered events, each once, asked for again after a cut."""

    def __init__(self, api: Api, session: str) -> None:
        self.api = api
        self.session = session
        self.events: dict[int, Event] = {}
        self.last_seq = 0
        self._changed = threading.Condition()
        self._socket: Socket | None = None
        self._watcher: Callable[[], None] | None = None

    def join(self) -> Any:
        """Opens a socket and asks for what was missed; returns the acknowledgement as it is."""
        self._socket = Socket(self.api.url, self.api.token, self._heard, self._woken)
        return self._socket.call("join", {"session": self.session, "after": self.last_seq})

    def connect(self) -> Follower:
        """Opens a socket and takes up what was missed."""
        reply = self.join()
        assert reply.get("ok"), reply
        for event in reply["events"]:
            self._keep(event)
        with self._changed:
            self.last_seq = max(self.last_seq, reply["last_seq"])
        return self

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()

    def answer(self, question: Event, action: str, values: dict[str, Any] | None = None) -> Any:
        """Answers over the socket; returns the acknowledgement."""
        body = {"client_message_id": message_id(), "reply_to": question["id"], "action": action}
        return self.send_answer({**body, "values": values or {}})

    def send_answer(self, body: dict[str, Any]) -> Any:
        """Sends an answer as it stands, perhaps for the second time; returns the acknowledgement."""
        assert self._socket is not None
        return self._socket.call("answer", {"session": self.session, **body})

    def watch(self, looks: Callable[[], None] | None) -> None:
        """Calls `looks` after each event; None ends that."""
        self._watcher = looks

    def log(self) -> list[Event]:
        return [self.events[seq] for seq in sorted(self.events)]

    def open_question(self) -> Event | None:
        """The last event that asks for something and was not answered since (the rule clients follow)."""
        question = None
        for event in self.log():
            body = event.get("body") or {}
            if event["type"] in ("session.ended", "handoff.initiate"):
                question = None
            elif body.get("actions") or body.get("input"):
                question = event
            elif question and event["type"] == "input.answer" and event.get("reply_to") == question["id"]:
                question = None
        return question

    def wait(self, holds: Callable[[Follower], Any], what: str, timeout_s: float = WAIT_S) -> Any:
        """Waits until the log is such that `holds` gives something true, and returns that."""
        with self._changed:
            found = self._changed.wait_for(lambda: holds(self), timeout_s)
        assert found, f"waited {timeout_s:.0f} s for {what}; the log:\n" + "\n".join(self.told())
        return found

    def question(self, *, after: Event | None = None) -> Event:
        """Waits for an open question later than `after`."""
        seq = after["seq"] if after else 0
        return self.wait(lambda log: (q := log.open_question()) and q["seq"] > seq and q, "a question")

    def of_type(self, kind: str) -> list[Event]:
        return [event for event in self.log() if event["type"] == kind]

    def told(self) -> Iterator[str]:
        for event in self.log():
            yield f"{event['seq']:4} {event['type']:20} {json.dumps(event.get('body'))[:300]}"

    @property
    def dropped(self) -> bool:
        """Whether the socket is closed, or was never opened."""
        return self._socket is None or self._socket.dropped.is_set()

    def over(self) -> bool:
        """Whether the bot has nothing more to do: the conversation ended, or waits for a person."""
        return any(event["type"] in ("session.ended", "handoff.initiate") for event in self.log()[-8:])

    def _woken(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _heard(self, name: str, event: Any) -> None:
        if name == "event" and event["session"] == self.session:
            self._keep(event)

    def _keep(self, event: Event) -> None:
        with self._changed:
            self.events[event["seq"]] = event
            self.last_seq = max(self.last_seq, event["seq"])
            self._changed.notify_all()
        if (watcher := self._watcher) is not None:
            watcher()
