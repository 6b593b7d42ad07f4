"""Enter the simulated homes, their files and the demo's staff into a tenant's tables.

For the demo and for tests only: every password here is known to whoever reads this file. Running it
again changes nothing that is there; a home that was deleted comes back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from backend import database
from backend.crm import ledger
from backend.devices import enrolment, files, known, records
from backend.identity import people
from backend.simulator import configuration, firmware
from backend.simulator.homes import Home, demo_password, demo_wake_password, every
from backend.simulator.house import FACTORY_PASSWORD, FACTORY_USERNAME
from backend.simulator.standing import DATA_MODELS

STAFF_PASSWORD: Final = "careflow-demo"
STAFF: Final = (
    ("agent", "Olga Agent"),
    ("operator", "Pawel Operator"),
    ("author", "Nina Author"),
    ("supervisor", "Jan Supervisor"),
    ("administrator", "Eva Administrator"),
)
IMAGES: Final = (
    ("Norvik", "HomeRouter AX6", "3.2.0"),
    ("Norvik", "HomeRouter AX6", "3.4.12"),
    ("Halden", "Gateway 300", "1.08.77"),
)
"""(maker, model, version) of the firmware in the store, the oldest of each model first."""
BACKUP_AGE_S: Final = 21 * 86_400.0
SINCE: Final = "2024-05-01"


def seed(tenant_id: str, now: float) -> dict[str, Any]:
    """Enter what is missing and give the demo's accounts: {"tenant": slug, "customers": [{"phone",
    "name", "story", "title", "tries", "group", "locale", "device"}], "staff": [{"login", "password", "role",
    "name"}]}.

    Call outside a transaction, since passwords are hashed. `now` is seconds since 1970 (UTC).
    """
    with database.connection():
        for role, name in STAFF:
            people.ensure_staff(tenant_id, _login(role), name, role, STAFF_PASSWORD, now)
        for home in every():
            with database.transaction():
                _enter(tenant_id, home, now)
        _enter_files(tenant_id, now)
        if known.shared_credentials(FACTORY_USERNAME) is None:
            enrolment.add_shared(tenant_id, FACTORY_USERNAME, FACTORY_PASSWORD, now=now)
        slug = people.tenant(tenant_id).slug
    return {
        "tenant": slug,
        "customers": [
            {
                "phone": home.person.phone,
                "name": f"{home.person.first_name} {home.person.last_name}",
                "story": home.story,
                "title": home.title,
                "tries": home.tries,
                "group": home.group,
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


def _enter_files(tenant_id: str, now: float) -> None:
    """The store's firmware images, and the backups of the homes that have one."""
    there = {(one["name"], one["version"]) for one in files.listing(tenant_id, kind="firmware", limit=200)}
    for maker, model, version in IMAGES:
        name = f"{maker.lower()}-{model.lower().replace(' ', '-')}.img"
        if (name, version) not in there:
            image = firmware.build_image(model, version)
            files.put(
                tenant_id,
                kind="firmware",
                name=name,
                version=version,
                models=[model],
                content=[image],
                by="demo",
                now=now,
            )
    for home in every():
        device = records.credentials(home.username) if home.backup else None
        if device is not None and files.latest_backup(tenant_id, device.device_id) is None:
            files.put(
                tenant_id,
                kind="configuration",
                name=f"{home.serial}.cfg",
                content=[backup_of(home)],
                device_id=device.device_id,
                by="demo",
                now=now - BACKUP_AGE_S,
            )


def backup_of(home: Home) -> bytes:
    """The configuration file of a home as it was when `home.backup` was still set."""
    tree = DATA_MODELS[home.data_model].build(replace(home, overrides={}), "", 300, 1)
    factory = tree.values()
    tree.restore(home.backup)
    return configuration.backup(home.model, tree, factory)
