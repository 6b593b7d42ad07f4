"""Staff passwords: argon2id at the parameters OWASP asks for (19 MiB, 2 passes, 1 lane).

Hashing takes tens of milliseconds of CPU; in a gevent process it runs in the hub's thread pool so that other
greenlets go on. Never call inside a transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import gevent
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from gevent import monkey

LENGTH_MAX = 200

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_nobody: list[str] = []

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
    try:
        return _aside(_hasher.verify, stored_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _aside(work: Callable[..., Result], *args: Any) -> Result:
    if monkey.is_module_patched("threading"):
        return gevent.get_hub().threadpool.apply(work, args)  # type: ignore[no-any-return]
    return work(*args)
