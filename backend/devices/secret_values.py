"""Which parameters are secrets, and how they are kept.

Sealed in rows, masked for everyone else (invariant 12).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from backend.identity import secrets

MASK: Final = secrets.mask("a value")

_SECRET_NAMES: Final = frozenset(
    {
        "keypassphrase",
        "saepassphrase",
        "presharedkey",
        "wepkey",
        "passphrase",
        "pin",
        "password",
    }
)
_SECRET_ENDINGS: Final = ("password", "passphrase", "secret")


@lru_cache(maxsize=50_000)
def is_secret(path: str) -> bool:
    """True for a parameter whose value must not be shown, by its last name: keys, passphrases, passwords."""
    name = path.rpartition(".")[2].lower()
    return name in _SECRET_NAMES or name.endswith(_SECRET_ENDINGS)


def masked(path: str, value: str) -> str:
    """The value, or the mask where the path is a secret and there is one at all."""
    return MASK if value and is_secret(path) else value
