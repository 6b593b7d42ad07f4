"""Secrets at rest and in print: sealed with AES-GCM, shown only masked (invariant 12).

One key a process (Config.secret_key); every use derives its own from it, so that a token key cannot open a
seal. The tenant is associated data: a sealed text moved to another tenant's row does not open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12
_VERSION = "s1."

_keys: dict[str, bytes] = {}


class SealBroken(Exception):
    """The text was sealed with another key or for another tenant, or was changed."""


def bind(secret_key: bytes) -> None:
    """Derive this process's keys. Call once at start."""
    if len(secret_key) < 16:
        raise ValueError("the secret key is too short")
    for use in ("seal", "access-token", "digest"):
        _keys[use] = HKDF(hashes.SHA256(), 32, salt=None, info=f"careflow {use}".encode()).derive(secret_key)


def key_for(use: str) -> bytes:
    """The derived key of one use: seal, access-token or digest."""
    if use not in _keys:
        raise RuntimeError("backend.identity.secrets.bind has not been called")
    return _keys[use]


def seal(tenant_id: str, text: str) -> str:
    """Encrypt for storage; the result is ASCII and differs each time."""
    nonce = os.urandom(_NONCE_BYTES)
    box = AESGCM(key_for("seal")).encrypt(nonce, text.encode(), tenant_id.encode())
    return _VERSION + base64.urlsafe_b64encode(nonce + box).decode("ascii")


def is_sealed(text: str) -> bool:
    """Whether a text looks like one that `seal` made."""
    return text.startswith(_VERSION)


def open_sealed(tenant_id: str, sealed: str) -> str:
    """The text again; raises SealBroken."""
    try:
        box = base64.urlsafe_b64decode(sealed.removeprefix(_VERSION))
        nonce, text = box[:_NONCE_BYTES], box[_NONCE_BYTES:]
        return AESGCM(key_for("seal")).decrypt(nonce, text, tenant_id.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise SealBroken("cannot open a sealed secret") from error


def seal_bytes(tenant_id: str, place: str, content: bytes) -> bytes:
    """Encrypt a piece of a file; it opens again only for the same tenant and at the same `place`."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key_for("seal")).encrypt(nonce, content, f"{tenant_id}\0{place}".encode())


def open_bytes(tenant_id: str, place: str, sealed: bytes) -> bytes:
    """The piece again; raises SealBroken."""
    nonce, box = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return AESGCM(key_for("seal")).decrypt(nonce, box, f"{tenant_id}\0{place}".encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken("cannot open a sealed piece") from error


def digest(*parts: str) -> str:
    """A keyed hash (64 hex digits) of short secrets, such as codes: useless without the process's key."""
    return hmac.new(key_for("digest"), "\0".join(parts).encode(), hashlib.sha256).hexdigest()


def mask(text: str | None) -> str:
    """What may be shown of a secret: that it is there. Neither its letters nor its length."""
    return "••••••" if text else ""


def mask_phone(phone: str) -> str:
    """A phone number for logs: its last two digits."""
    return "…" + phone[-2:] if len(phone) > 4 else "…"
