"""What Careflow asks of a provider's customer system.

The embedded `ledger` answers it from our own tables; a provider's own system answers it over its API.
Either way the rest of the application sees plain dictionaries and never a row or a remote document.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol


class CustomerSystem(Protocol):
    """Customers, what they pay for, and what was done for them. NotFound for another tenant's customer."""

    def customer(self, tenant_id: str, customer_id: str) -> dict[str, Any]:
        """id, phone, first_name, last_name, address, locale."""

    def subscription(self, tenant_id: str, customer_id: str) -> dict[str, Any] | None:
        """plan, since ("2024-05-01" or None); None for a customer without one."""

    def names(self, tenant_id: str, customer_ids: Sequence[str]) -> dict[str, str]:
        """Full names by customer id; unknown ids are left out."""

    def search(
        self, tenant_id: str, words: str, owner_ids: Sequence[str | None], after: str | None, limit: int
    ) -> dict[str, Any]:
        """A page of customers, {"items": [...], "next": id or None}.

        Found by words, or named in `owner_ids` (owners of routers found elsewhere).
        """

    def note(
        self, tenant_id: str, customer_id: str, text: str, key: str, now: float, run_id: str | None = None
    ) -> bool:
        """Write a line of what was done. The same key again writes nothing and gives False."""

    def entries(self, tenant_id: str, customer_id: str, limit: int = 20) -> list[dict[str, Any]]:
        """The newest lines first: id, text, at (seconds since 1970), run_id."""
