"""The embedded customer system.

Identity's customers, with subscriptions and a ledger of their own (`port`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from backend import database
from backend.crm.tables import LedgerEntry, Subscription
from backend.identity import people

ENTRIES_LIMIT: Final = 100
NAMES_BATCH: Final = 100
TEXT_LIMIT_CHARS: Final = 4000


def customer(tenant_id: str, customer_id: str) -> dict[str, Any]:
    """The customer as flat JSON; NotFound, also for another tenant's."""
    return _customer(people.customer(tenant_id, customer_id))


def subscription(tenant_id: str, customer_id: str) -> dict[str, Any] | None:
    """What the customer pays for, or None."""
    row = Subscription.of(tenant_id).where(Subscription.customer_id == customer_id).first()
    return None if row is None else {"plan": row.plan, "since": row.since or None}


def subscribe(tenant_id: str, customer_id: str, plan: str, since: str = "") -> None:
    """Set what the customer pays for; `since` is a date such as "2024-05-01".

    NotFound for an unknown customer.
    """
    people.customer(tenant_id, customer_id)
    with database.transaction():
        row = Subscription.of(tenant_id).where(Subscription.customer_id == customer_id).first()
        if row is None:
            Subscription.create(tenant_id=tenant_id, customer_id=customer_id, plan=plan, since=since)
        elif (row.plan, row.since) != (plan, since):
            row.plan, row.since = plan, since
            row.save()


def names(tenant_id: str, customer_ids: Sequence[str]) -> dict[str, str]:
    """Full names by customer id; unknown ids are left out."""
    found: dict[str, str] = {}
    unique = list(dict.fromkeys(customer_ids))
    for start in range(0, len(unique), NAMES_BATCH):
        for id, record in people.customers(tenant_id, unique[start : start + NAMES_BATCH]).items():
            found[id] = f"{record.first_name} {record.last_name}".strip()
    return found


def search(
    tenant_id: str, words: str, owner_ids: Sequence[str | None], after: str | None, limit: int
) -> dict[str, Any]:
    """A page of customers by words of phone, name or address, or by `owner_ids`.

    Empty words list them all.
    """
    owners = [owner_id for owner_id in owner_ids if owner_id]
    limit = max(1, min(limit, NAMES_BATCH - 1))
    records = people.find_customers(tenant_id, words, after or "", limit + 1, owners)
    items = [_customer(record) for record in records[:limit]]
    return {"items": items, "next": items[-1]["id"] if len(records) > limit else None}


def note(
    tenant_id: str, customer_id: str, text: str, key: str, now: float, run_id: str | None = None
) -> bool:
    """Write a line of what was done; the same key again writes nothing and gives False."""
    with database.transaction():
        made = (
            LedgerEntry.insert(
                id=database.new_id(),
                tenant_id=tenant_id,
                customer_id=customer_id,
                key=key,
                text=text[:TEXT_LIMIT_CHARS],
                at=now,
                run_id=run_id,
            )
            .on_conflict_ignore()
            .as_rowcount()
            .execute()
        )
    return bool(made)


def entries(tenant_id: str, customer_id: str, limit: int = 20) -> list[dict[str, Any]]:
    """The newest lines first: id, text, at (seconds since 1970), run_id."""
    rows = (
        LedgerEntry.of(tenant_id)
        .where(LedgerEntry.customer_id == customer_id)
        .order_by(LedgerEntry.at.desc(), LedgerEntry.id.desc())
        .limit(max(1, min(limit, ENTRIES_LIMIT)))
    )
    return [{"id": row.id, "text": row.text, "at": row.at, "run_id": row.run_id} for row in rows]


def _customer(record: people.CustomerRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "phone": record.phone,
        "first_name": record.first_name,
        "last_name": record.last_name,
        "address": record.address,
        "locale": record.locale,
    }
