"""What is pushed in one process reaches the sockets of all: Socket.IO's messages over Redis.

The bus keeps nothing, so whatever is pushed while it is broken is lost. A break is therefore noticed by both
ends and healed from the log: whoever missed something has its sockets reconnect, and each client asks for
what came after its cursor.

- A listener hears its own heartbeat. When its connection breaks, or nothing was heard for SILENT_LIMIT_S, it
  calls `missed` and subscribes again; until then it is not `up`, and takes no sockets.
- A process whose message could not be published says so as soon as it can publish again; all who hear that
  call `missed` too.

Nobody who publishes waits longer than PUBLISH_LIMIT_S: a reply to a router is behind it.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import redis
import socketio
import structlog
from prometheus_client import Gauge
from redis.backoff import NoBackoff
from redis.retry import Retry

from backend.live.push import device_room

log = structlog.get_logger(__name__)

CHANNEL: Final = "careflow-push"
BEAT_S: Final = 2.0
SILENT_LIMIT_S: Final = 5.0
RECONNECT_S: Final = 0.5
PUBLISH_LIMIT_S: Final = 1.0
REST_S: Final = 1.0
UP: Final = Gauge("careflow_bus_up", "Whether pushes reach the other processes (1) or not (0)")

Missed = Callable[[], object]
Told = Callable[[str], object]
Changes = Sequence[tuple[str, list[str]]]


class Bus(socketio.RedisManager):
    """Socket.IO's manager over Redis. A process without sockets of its own is `write_only`."""

    def __init__(self, url: str, *, write_only: bool) -> None:
        super().__init__(url, channel=CHANNEL, write_only=write_only)
        self.missed: Missed = lambda: None
        self.sign_in_ended: Told = lambda family_id: None
        self._heard_s = float("-inf")
        self._lost = False
        self._stopping = threading.Event()
        self._failed_s = float("-inf")
        self._was_up: bool | None = None
        self._out = redis.Redis.from_url(
            url,
            socket_connect_timeout=PUBLISH_LIMIT_S,
            socket_timeout=PUBLISH_LIMIT_S,
            retry=Retry(NoBackoff(), 1),
            health_check_interval=0,
        )

    # -- for this process -----------------------------------------------------------------------------

    def start(self) -> Callable[[], None]:
        """Begin to listen, where there are sockets, and the heartbeat; gives what ends that."""
        self.server.manager_initialized = True  # Socket.IO would listen only from its first client on
        self.initialize()
        threading.Thread(target=self.beat, name="bus", daemon=True).start()
        return self.stop

    def stop(self) -> None:
        """End the heartbeat, and the listening with the next message or silence."""
        self._stopping.set()

    def up(self) -> bool:
        """Whether what is pushed elsewhere arrives here, as far as the last seconds tell."""
        heard = self.write_only or time.monotonic() - self._heard_s < SILENT_LIMIT_S
        return heard and not self._lost

    def tell_sign_in_ended(self, event: Any) -> None:
        """Let the other processes close the sockets of a sign-in. Hears SignInRevoked, after commit."""
        self._publish({"method": "sign-in-ended", "family": event.family_id, "host_id": self.host_id})

    def tell_devices(self, changes: Changes) -> None:
        """Ring for these devices (`doorbell`): one message for all other processes, and here."""
        self.show_devices(changes)
        self._publish({"method": "devices", "changes": changes, "host_id": self.host_id})

    def show_devices(self, changes: Changes) -> None:
        """Ring at the sockets of this process alone."""
        rooms = self.rooms.get("/", {})
        for device_id, what in changes:
            room = device_room(device_id)
            if rooms.get(room):
                socketio.Manager.emit(self, "device", {"id": device_id, "what": what}, "/", room=room)

    # -- out ------------------------------------------------------------------------------------------

    def _publish(self, data: dict[str, Any]) -> None:
        """Send to the other processes; a failure is remembered, and for REST_S nobody else waits for it."""
        if time.monotonic() - self._failed_s < REST_S:
            self._lost = True
            return
        try:
            if self._lost and data["method"] != "missed":
                self._out.publish(CHANNEL, json.dumps({"method": "missed", "host_id": self.host_id}))
                self._lost = False
            self._out.publish(CHANNEL, json.dumps(data))
        except (redis.RedisError, OSError) as error:
            self._failed_s = time.monotonic()
            self._lost = True
            log.warning("bus_publish_failed", error=str(error))

    def beat(self) -> None:
        """The heartbeat, until `stop`."""
        while True:
            self._publish({"method": "beat", "host_id": self.host_id})
            self._tell()
            if self._stopping.wait(BEAT_S):
                return

    def _tell(self) -> None:
        """Surface a change: in the log and in the metrics."""
        up = self.up()
        UP.set(int(up))
        if up is not self._was_up and (self._was_up is not None or up):
            (log.info if up else log.error)("bus_up" if up else "bus_down")
        self._was_up = up

    # -- in -------------------------------------------------------------------------------------------

    def _listen(self) -> Iterator[dict[str, Any]]:
        """The messages of Socket.IO, until `stop`; our own are taken out on the way."""
        while not self._stopping.is_set():
            listener = redis.Redis.from_url(
                self.redis_url, socket_connect_timeout=PUBLISH_LIMIT_S, retry=Retry(NoBackoff(), 0)
            )
            pubsub = listener.pubsub()
            try:
                for message in self._messages(pubsub):
                    if message["type"] == "subscribe":
                        self._heard_s = time.monotonic()
                        self._tell()
                    elif (data := self._taken(message)) is not None:
                        yield data
            except (redis.RedisError, OSError) as error:
                self._heard_s = float("-inf")
                log.warning("bus_listen_failed", error=str(error))
                self._tell()
                self._call(self.missed)
            finally:
                pubsub.close()
                listener.close()
            self._stopping.wait(RECONNECT_S)

    def _messages(self, pubsub: Any) -> Iterator[dict[str, Any]]:
        """What arrives; redis.TimeoutError when not even our own heartbeat does."""
        pubsub.subscribe(CHANNEL)
        while not self._stopping.is_set():
            message = pubsub.get_message(timeout=SILENT_LIMIT_S)
            if message is None:
                raise redis.TimeoutError(f"nothing was heard for {SILENT_LIMIT_S:.0f} s")
            yield message

    def _taken(self, message: dict[str, Any]) -> dict[str, Any] | None:
        if message["type"] != "message":
            return None
        try:
            data = json.loads(message["data"])
            method = data["method"]
        except (ValueError, KeyError, TypeError):
            return None
        mine = data.get("host_id") == self.host_id
        if method == "beat":
            if mine:
                self._heard_s = time.monotonic()
        elif method == "missed":
            if not mine:
                self._call(self.missed)
        elif method == "devices":
            if not mine:
                self._call(lambda: self.show_devices(data.get("changes", ())))
        elif method == "sign-in-ended":
            if not mine:
                self._call(lambda: self.sign_in_ended(str(data.get("family", ""))))
        else:
            return dict(data)
        return None

    def _call(self, what: Callable[[], object]) -> None:
        try:
            what()
        except Exception:
            log.exception("bus_hearer_failed")
