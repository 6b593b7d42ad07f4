"""Tenants, staff and customers as other packages see them: plain records, never rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

import peewee

from backend.database import savepoint, transaction
from backend.errors import Conflict, Invalid, NotFound
from backend.identity import authentication, passwords
from backend.identity.permissions import STAFF_ROLES
from backend.identity.tables import Customer, CustomerWord, Staff, Tenant
from backend.identity.words import after_prefix, asked_words, known_words
from backend.postgresql import Bytewise

PAGE_ROWS_MAX = 100
PASSWORD_LENGTH_MIN = 12


@dataclass(frozen=True, slots=True)
class TenantRecord:
    """An internet provider. `settings`: dns_allowed, dns, cpe_networks, lease_min_s, enrolment."""

    id: str
    slug: str
    name: str
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StaffRecord:
    """A person who works for the tenant."""

    id: str
    tenant_id: str
    login: str
    name: str
    role: str
    active: bool


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """A person with a router at home."""

    id: str
    tenant_id: str
    phone: str
    first_name: str
    last_name: str
    address: str
    locale: str


def ensure_tenant(slug: str, name: str, settings: Mapping[str, Any], now: float) -> str:
    """The id of the tenant of this name, made when missing; settings that are there are left alone."""
    with transaction():
        tenant = Tenant.select().where(Tenant.slug == slug).first()
        if tenant is None:
            tenant = Tenant.create(slug=slug, name=name, settings=dict(settings), created_at=now)
        return tenant.id


def tenant(tenant_id: str) -> TenantRecord:
    """The tenant; raises NotFound."""
    row = Tenant.select().where(Tenant.id == tenant_id).first()
    if row is None:
        raise NotFound()
    return _tenant(row)


def tenants() -> list[TenantRecord]:
    """Every tenant, for sweeps and for publishing the library."""
    return [_tenant(row) for row in Tenant.select().order_by(Tenant.slug)]


def change_settings(tenant_id: str, **settings: Any) -> None:
    """Give the tenant these settings; others stay as they are. NotFound when unknown."""
    with transaction():
        row = Tenant.select().where(Tenant.id == tenant_id).first()
        if row is None:
            raise NotFound()
        row.settings = {**row.settings, **settings}
        row.save(only=[Tenant.settings])


def ensure_staff(tenant_id: str, login: str, name: str, role: str, password: str, now: float) -> str:
    """The id of the staff member with this login, made when missing."""
    known = Staff.of(tenant_id).where(Staff.login == _login(login)).first()
    return known.id if known else add_staff(tenant_id, login, name, role, password, now).id


def add_staff(tenant_id: str, login: str, name: str, role: str, password: str, now: float) -> StaffRecord:
    """Give someone an account; raises Invalid, or Conflict("login_taken"). Call outside a transaction."""
    errors: dict[str, list[str]] = {}
    if role not in STAFF_ROLES:
        errors["role"] = ["unknown"]
    if not PASSWORD_LENGTH_MIN <= len(password) <= passwords.LENGTH_MAX:
        errors["password"] = ["password_length"]
    if not _login(login):
        errors["login"] = ["required"]
    if errors:
        raise Invalid(fields=errors)
    password_hash = passwords.hash_password(password)
    try:
        with savepoint():
            row = Staff.create(
                tenant_id=tenant_id,
                login=_login(login),
                name=name,
                role=role,
                password_hash=password_hash,
                created_at=now,
            )
    except peewee.IntegrityError as error:
        raise Conflict("login_taken") from error
    return _staff(row)


def deactivate_staff(tenant_id: str, staff_id: str, now: float) -> StaffRecord:
    """End someone's account and every sign-in of it; raises NotFound."""
    with transaction():
        row = Staff.find(tenant_id, staff_id)
        if row.active:
            row.active = False
            row.save()
            authentication.revoke_subject(tenant_id, staff_id, "deactivated", now)
        return _staff(row)


def staff_member(tenant_id: str, staff_id: str) -> StaffRecord:
    """The staff member; raises NotFound."""
    return _staff(Staff.find(tenant_id, staff_id))


def staff(tenant_id: str) -> list[StaffRecord]:
    """Everyone who works for the tenant, by name."""
    return [_staff(row) for row in Staff.of(tenant_id).order_by(Staff.name, Staff.id)]


def staff_names(tenant_id: str, ids: Sequence[str]) -> dict[str, str]:
    """Names of those of the staff members that exist, by id."""
    unique = list(dict.fromkeys(ids))[:PAGE_ROWS_MAX]
    rows = Staff.of(tenant_id, Staff.id, Staff.name).where(Staff.id.in_(unique)) if unique else ()
    return {row.id: row.name for row in rows}


def ensure_customer(
    tenant_id: str, phone: str, first_name: str, last_name: str, address: str, locale: str, now: float
) -> str:
    """The id of the customer with this phone, made when missing."""
    phone = authentication.normal_phone(phone)
    with transaction():
        row = Customer.of(tenant_id).where(Customer.phone == phone).first()
        if row is None:
            row = Customer.create(
                tenant_id=tenant_id,
                phone=phone,
                first_name=first_name,
                last_name=last_name,
                address=address,
                locale=locale,
                created_at=now,
            )
            found_by = known_words(phone, (first_name, last_name, address))
            rows = [{"tenant_id": tenant_id, "customer_id": row.id, "word": word} for word in found_by]
            CustomerWord.insert_many(rows).execute()
        return row.id


def customer(tenant_id: str, customer_id: str) -> CustomerRecord:
    """The customer; raises NotFound."""
    return _customer(Customer.find(tenant_id, customer_id))


def customers(tenant_id: str, ids: Sequence[str]) -> dict[str, CustomerRecord]:
    """Those of the customers that exist, by id; at most PAGE_ROWS_MAX ids."""
    rows = Customer.of(tenant_id).where(Customer.id.in_(list(ids)[:PAGE_ROWS_MAX]))
    return {row.id: _customer(row) for row in rows}


def find_customers(
    tenant_id: str, words: str, after: str, limit_rows: int, also_ids: Sequence[str] = ()
) -> list[CustomerRecord]:
    """Customers in whose phone, name or address every word occurs, or who are in `also_ids` (found by
    router).

    Ordered by id; `after` is the last id of the page before, or "".
    """
    query = Customer.of(tenant_id).where(Customer.id > after)
    holds: Any = None
    for word in words.split()[:8]:
        digits = "".join(letter for letter in word if letter.isdigit())
        one = (
            Customer.first_name.contains(word)
            | Customer.last_name.contains(word)
            | Customer.address.contains(word)
        )
        if len(digits) >= 3:
            one |= Customer.phone.contains(digits)
        holds = one if holds is None else holds & one
    if also_ids:
        among = Customer.id.in_(list(also_ids)[:PAGE_ROWS_MAX])
        holds = among if holds is None else holds | among
    if holds is not None:
        query = query.where(holds)
    rows = query.order_by(Customer.id).limit(max(1, min(limit_rows, PAGE_ROWS_MAX)))
    return [_customer(row) for row in rows]


def customers_of_words(tenant_id: str, words: Sequence[str], limit: int) -> list[str]:
    """Ids of customers for whom each of `words` (`words.words`) begins a word of their name, street or
    phone, at most `limit`; by an index."""
    if not words:
        return []
    longest, *others = sorted(words, key=len, reverse=True)
    found: list[str] = []
    for prefix in asked_words(longest):  # one select each: an OR of them would be answered by no index
        query = CustomerWord.of(tenant_id, CustomerWord.customer_id).where(_begins(CustomerWord, prefix))
        for word in others:
            other = CustomerWord.alias()
            same = other.select(other.word).where(
                other.customer_id == CustomerWord.customer_id,
                reduce(or_, (_begins(other, one) for one in asked_words(word))),
            )
            query = query.where(peewee.fn.EXISTS(same))
        found += [row.customer_id for row in query.distinct().limit(limit)]
    return list(dict.fromkeys(found))[:limit]


def _begins(table: Any, prefix: str) -> Any:
    text = Bytewise(table.word)
    return (text >= prefix) & (text < after_prefix(prefix))


def _login(login: str) -> str:
    return login.strip().lower()


def _tenant(row: Tenant) -> TenantRecord:
    return TenantRecord(row.id, row.slug, row.name, row.settings)


def _staff(row: Staff) -> StaffRecord:
    return StaffRecord(row.id, row.tenant_id, row.login, row.name, row.role, row.active)


def _customer(row: Customer) -> CustomerRecord:
    return CustomerRecord(
        row.id, row.tenant_id, row.phone, row.first_name, row.last_name, row.address, row.locale
    )
