"""Enter the ten simulated homes and the demo's staff into a tenant's tables.

For the demo and for tests only: every password here is known to whoever reads this file. Running it
again changes nothing that is there; a home that was deleted comes back.
"""

from __future__ import annotations

from typing import Any, Final

from backend import database
from backend.crm import ledger
from backend.devices import records
from backend.identity import people
from backend.simulator.homes import Home, demo_password, demo_wake_password, every

STAFF_PASSWORD: Final = "careflow-demo"
STAFF: Final = (
    ("agent", "Olga Agent"),
    ("operator", "Pawel Operator"),
    ("author", "Nina Author"),
    ("supervisor", "Jan Supervisor"),
    ("administrator", "Eva Administrator"),
)
SINCE: Final = "2024-05-01"


def seed(tenant_id: str, now: float) -> dict[str, Any]:
    """Enter what is missing and give the demo's accounts: {"tenant": slug, "customers": [{"phone",
    "name", "story", "title", "locale", "device"}], "staff": [{"login", "password", "role", "name"}]}.

    Call outside a transaction, since passwords are hashed. `now` is seconds since 1970 (UTC).
    """
    with database.connection():
        for role, name in STAFF:
            people.ensure_staff(tenant_id, _login(role), name, role, STAFF_PASSWORD, now)
        for home in every():
            with database.transaction():
                _enter(tenant_id, home, now)
        slug = people.tenant(tenant_id).slug
    return {
        "tenant": slug,
        "customers": [
            {
                "phone": home.person.phone,
                "name": f"{home.person.first_name} {home.person.last_name}",
                "story": home.story,
                "title": home.title,
                "locale": home.person.locale,
                "device": home.serial,
            }
            for home in every()
        ],
        "staff": [
            {"login": _login(role), "password": STAFF_PASSWORD, "role": role, "name": name}
            for role, name in STAFF
        ],
    }


def _login(role: str) -> str:
    return f"{'admin' if role == 'administrator' else role}@demo"


def _enter(tenant_id: str, home: Home, now: float) -> None:
    person = home.person
    customer_id = people.ensure_customer(
        tenant_id, person.phone, person.first_name, person.last_name, person.address, person.locale, now
    )
    if ledger.subscription(tenant_id, customer_id) is None:
        ledger.subscribe(tenant_id, customer_id, person.plan, SINCE)
    if records.credentials(home.username) is None:
        records.enrol(
            tenant_id,
            oui=home.oui,
            product_class=home.product_class,
            serial_number=home.serial,
            password=demo_password(home.serial),
            now=now,
            username=home.username,
            cr_username=home.username,
            cr_password=demo_wake_password(home.serial),
            customer_id=customer_id,
            manufacturer=home.manufacturer,
            model=home.model,
            tags=("demo", home.story),
        )
