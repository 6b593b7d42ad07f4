"""What ACS processes and those who wake devices share in Redis: small, short-lived, and lost without harm.

Every key begins with "careflow:cwmp:" and has a time to live. When Redis is away nothing is guessed: whoever
asks is told Unavailable, a CPE 503, and comes again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from backend.cwmp.digest import CLOCK_DRIFT_LIMIT_S, NONCE_AGE_LIMIT_S
from backend.errors import Unavailable

PREFIX: Final = "careflow:cwmp:"
CONNECTIONS_LIMIT: Final = 64
POOL_WAIT_S: Final = 2.0
ANSWER_WAIT_S: Final = 2.0

_NONCE: Final = """
local last = tonumber(redis.call('GET', KEYS[1]) or '0')
if tonumber(ARGV[1]) <= last then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1
"""


def connect(url: str) -> redis.Redis:
    """A client for many greenlets; it connects when it is first used."""
    pool = redis.BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS_LIMIT,
        timeout=POOL_WAIT_S,
        socket_connect_timeout=ANSWER_WAIT_S,
        socket_timeout=ANSWER_WAIT_S,
        retry=Retry(NoBackoff(), 1),
        decode_responses=True,
    )
    return redis.Redis(connection_pool=pool)


@contextmanager
def reached() -> Iterator[None]:
    """Unavailable in place of whatever a Redis that is away raises."""
    try:
        yield
    except (redis.RedisError, OSError) as error:
        raise Unavailable("sessions_unavailable", "Sessions cannot be shared just now; try again.") from error


class SharedNonces:
    """The highest count seen of each nonce, by whichever process: see `cwmp.digest.NonceCounts`."""

    def __init__(self, client: redis.Redis) -> None:
        self._script: Any = client.register_script(_NONCE)
        self._keep_s = int(NONCE_AGE_LIMIT_S + CLOCK_DRIFT_LIMIT_S) + 1

    def is_new(self, nonce: str, count: int) -> bool:
        """True when the count is above the last one; then it is the last one."""
        with reached():
            return bool(self._script(keys=[f"{PREFIX}nonce:{nonce}"], args=[count, self._keep_s]))


class SharedCalls:
    """Which devices were asked to call, and which are calling, by whichever process (TR-069 3.2.2)."""

    def __init__(self, client: redis.Redis, outstanding_s: float) -> None:
        self._client = client
        self._outstanding_ms = int(outstanding_s * 1000)

    def in_session(self, device_id: str) -> bool:
        """Whether some process holds a session of the device."""
        with reached():
            return bool(self._client.exists(session_key(device_id)))

    def ask(self, device_id: str) -> bool:
        """Whether this process may ask the device to call: no other has, and was not answered yet."""
        with reached():
            return bool(self._client.set(_asked_key(device_id), "1", nx=True, px=self._outstanding_ms))

    def answered(self, device_id: str) -> None:
        """The device calls, or did not take the request: nothing is outstanding any more."""
        with reached():
            self._client.delete(_asked_key(device_id))


def session_key(device_id: str) -> str:
    """Where the session of a device is kept."""
    return f"{PREFIX}session:{device_id}"


def turn_key(device_id: str) -> str:
    """What whoever answers the device just now holds."""
    return f"{PREFIX}turn:{device_id}"


def _asked_key(device_id: str) -> str:
    return f"{PREFIX}asked:{device_id}"
