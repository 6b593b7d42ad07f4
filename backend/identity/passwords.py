"""Staff passwords: argon2id at the parameters OWASP asks for (19 MiB, 2 passes, 1 lane).

Hashing takes tens of milliseconds of CPU; in a gevent process it runs in threads of its own so that other
greenlets go on, few enough that guessers cannot take every core, and not more than WAITING_MAX wait. Never
call inside a transaction.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from gevent import monkey
from gevent.threadpool import ThreadPool

from backend.errors import TooMany

LENGTH_MAX = 200
THREADS = max(1, min(4, (os.cpu_count() or 1) - 1))
WAITING_MAX = 12
"""Each holds a connection to the database, of which there are a few dozen."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_nobody: list[str] = []
_pools: list[ThreadPool] = []
_waiting = 0

Result = TypeVar("Result")


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    return _aside(_hasher.hash, password)


def verify_password(stored_hash: str | None, password: str) -> bool:
    """Whether the password is right. `None` (no such account) takes the same time and is wrong."""
    if len(password) > LENGTH_MAX:
        return False
    if stored_hash is None:
        if not _nobody:
            _nobody.append(hash_password("nobody has this password"))
        _verify(_nobody[0], password)
        return False
    return _verify(stored_hash, password)


def _verify(stored_hash: str, password: str) -> bool:
    return _aside(_matches, stored_hash, password)


def _matches(stored_hash: str, password: str) -> bool:
    """Errors stay in here: gevent would print the trace of one that leaves its thread."""
    try:
        return _hasher.verify(stored_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _aside(work: Callable[..., Result], *args: Any) -> Result:
    global _waiting
    if not monkey.is_module_patched("threading"):
        return work(*args)
    if _waiting >= WAITING_MAX:
        raise TooMany(retry_after_s=5)
    if not _pools:
        _pools.append(ThreadPool(THREADS))
    _waiting += 1
    try:
        return _pools[0].apply(work, args)  # type: ignore[no-any-return]
    finally:
        _waiting -= 1
