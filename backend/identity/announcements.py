"""What identity tells the rest of the application."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CodeIssued:
    """A one-time code that must reach its phone now. The code is never stored or logged in clear."""

    tenant_id: str
    phone: str
    code: str = field(repr=False)
    locale: str
    expires_at: float


@dataclass(frozen=True, slots=True)
class SignInRevoked:
    """A sign-in has ended: its open sockets are to be closed."""

    tenant_id: str
    family_id: str
    reason: str
