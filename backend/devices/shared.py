"""What ACS processes and those who wake devices share in Redis: small, short-lived, and lost without harm.

Every key begins with "careflow:cwmp:" and has a time to live. When Redis is away each process goes on with
what it knows itself: a session stays with the process that its TCP connection leads to, a nonce counts here
alone, a device may be asked to call twice. A device that loses its session so begins another.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import redis
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry

from backend.cwmp.digest import CLOCK_DRIFT_LIMIT_S, NONCE_AGE_LIMIT_S, NonceCounts
from backend.cwmp.stun import Address
from backend.errors import Unavailable

log = structlog.get_logger(__name__)

PREFIX: Final = "careflow:cwmp:"
CONNECTIONS_LIMIT: Final = 64
POOL_WAIT_S: Final = 2.0
ANSWER_WAIT_S: Final = 2.0
LISTEN_S: Final = 1.0
RECONNECT_S: Final = 0.5
REST_S: Final = 1.0
NONCES_LIMIT: Final = 100_000
KEEP_SILENT_S: Final = 60.0
"""A silent session is left for so long after its timeout, for the sweep that tells of its end."""
_UDP_CHANNEL: Final = f"{PREFIX}udp"

_NONCE: Final = """
local last = tonumber(redis.call('GET', KEYS[1]) or '0')
if tonumber(ARGV[1]) <= last then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1
"""


class Link:
    """A way to Redis for many greenlets; it connects when it is first used."""

    def __init__(self, url: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        pool = redis.BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS_LIMIT,
            timeout=POOL_WAIT_S,
            socket_connect_timeout=ANSWER_WAIT_S,
            socket_timeout=ANSWER_WAIT_S,
            retry=Retry(NoBackoff(), 1),
            decode_responses=True,
        )
        self.redis = redis.Redis(connection_pool=pool)
        self._clock = clock
        self._failed_s: float | None = None

    @property
    def works(self) -> bool:
        """Whether Redis answered when it was last asked."""
        return self._failed_s is None

    @contextmanager
    def reached(self) -> Iterator[redis.Redis]:
        """The client; Unavailable in place of what it raises when Redis is away, and at once for REST_S
        after.
        """
        if self._failed_s is not None and self._clock() - self._failed_s < REST_S:
            raise _away()
        try:
            yield self.redis
        except (redis.RedisError, OSError) as error:
            if self._failed_s is None:
                log.error("sessions_not_shared", error=str(error))
            self._failed_s = self._clock()
            raise _away() from error
        if self._failed_s is not None:
            log.info("sessions_shared")
            self._failed_s = None


def _away() -> Unavailable:
    return Unavailable("sessions_unavailable", "Sessions cannot be shared just now; try again.")


class SharedNonces:
    """The highest count seen of each nonce, by whichever process: see `cwmp.digest.NonceCounts`."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._script: Any = link.redis.register_script(_NONCE)
        self._keep_s = int(NONCE_AGE_LIMIT_S + CLOCK_DRIFT_LIMIT_S) + 1
        self._here = NonceCounts(NONCES_LIMIT)

    def is_new(self, nonce: str, count: int) -> bool:
        """True when the count is above the last one; then it is the last one."""
        if not self._here.is_new(nonce, count):
            return False
        try:
            with self._link.reached():
                return bool(self._script(keys=[f"{PREFIX}nonce:{nonce}"], args=[count, self._keep_s]))
        except Unavailable:
            return True


class SharedCalls:
    """Which devices were asked to call, and which are calling, by whichever process (TR-069 3.2.2)."""

    def __init__(self, link: Link, outstanding_s: float) -> None:
        self._link = link
        self._outstanding_ms = int(outstanding_s * 1000)

    def in_session(self, device_id: str) -> bool:
        """Whether some process holds a session of the device that has not fallen silent."""
        with self._link.reached() as client:
            left_ms: int = client.pttl(session_key(device_id))
        return left_ms > KEEP_SILENT_S * 1000

    def ask(self, device_id: str) -> bool:
        """Whether this process may ask the device to call: no other has, and was not answered yet."""
        with self._link.reached() as client:
            return bool(client.set(asked_key(device_id), "1", nx=True, px=self._outstanding_ms))

    def give_up(self, device_id: str) -> None:
        """The device did not take the request, so nothing is outstanding; a session ends that by itself."""
        with self._link.reached() as client:
            client.delete(asked_key(device_id))


def session_key(device_id: str) -> str:
    """Where the session of a device is kept."""
    return f"{PREFIX}session:{device_id}"


def turn_key(device_id: str) -> str:
    """What whoever answers the device just now holds."""
    return f"{PREFIX}turn:{device_id}"


def asked_key(device_id: str) -> str:
    """What is there while a connection request is outstanding."""
    return f"{PREFIX}asked:{device_id}"


class SharedSending:
    """UDP connection requests from a process without the STUN server's port: those who have it send them."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def send(self, datagram: bytes, address: Address) -> bool:
        """Have it sent; whether any process could hear that."""
        order = {"to": list(address), "datagram": base64.b64encode(datagram).decode()}
        try:
            with self._link.reached() as client:
                return int(client.publish(_UDP_CHANNEL, json.dumps(order))) > 0
        except Unavailable as error:
            log.warning("udp_not_shared", why=error.code)
            return False

    def listen(self, send: Callable[[bytes, Address], bool]) -> Callable[[], None]:
        """Begin to send what other processes want sent; gives what ends that."""
        stopping = threading.Event()
        threading.Thread(target=self._listen, args=(send, stopping), name="udp", daemon=True).start()
        return stopping.set

    def _listen(self, send: Callable[[bytes, Address], bool], stopping: threading.Event) -> None:
        while not stopping.is_set():
            pubsub = self._link.redis.pubsub(ignore_subscribe_messages=True)
            try:
                pubsub.subscribe(_UDP_CHANNEL)
                while not stopping.is_set():
                    if (message := pubsub.get_message(timeout=LISTEN_S)) is not None:
                        _send(message["data"], send)
            except (redis.RedisError, OSError) as error:
                log.warning("udp_listen_failed", error=str(error))
                stopping.wait(RECONNECT_S)
            finally:
                pubsub.close()


def _send(text: str, send: Callable[[bytes, Address], bool]) -> None:
    try:
        order = json.loads(text)
        host, port = order["to"]
        send(base64.b64decode(order["datagram"]), Address(str(host), int(port)))
    except (ValueError, KeyError, TypeError):
        log.warning("udp_order_malformed")
