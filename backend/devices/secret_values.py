"""Which parameters are secrets, and how they are kept.

Sealed in rows, masked for everyone else (invariant 12).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from backend.identity import secrets

MASK: Final = secrets.mask("a value")

SECRET_ENDINGS: Final = (
    "password",
    "passphrase",
    "secret",
    "presharedkey",
    "privatekey",
    "wepkey",
    "wpakey",
    "wpapsk",
    "passwd",
    "userpwd",
    "adminpwd",
    "wpspin",
    "devicepin",
)
"""How such a name ends, in small letters: vendors put their own letters before ("X_ACME_PreSharedKey")."""


@lru_cache(maxsize=50_000)
def is_secret(path: str) -> bool:
    """True for a parameter whose value must not be shown, by its last name: keys, passphrases, passwords."""
    name = path.rpartition(".")[2].lower()
    return name == "pin" or name.endswith(SECRET_ENDINGS)


def opened(tenant_id: str, path: str, kept: str) -> str:
    """A stored value in clear. What was kept before its name counted as a secret's is not sealed."""
    return secrets.open_sealed(tenant_id, kept) if is_secret(path) and secrets.is_sealed(kept) else kept


def masked(path: str, value: str) -> str:
    """The value, or the mask where the path is a secret and there is one at all."""
    return MASK if value and is_secret(path) else value
