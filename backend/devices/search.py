"""Finding routers: by words that begin what is known of one, answered by indexes, a page after another.

A word may begin the serial number, model, firmware version, address of the last contact, OUI or a tag; the
customers whom words name are found by whoever keeps customers, and given here as ids. A state is worked out
of stored data and stands in no index, so a search for one looks at SCAN_LIMIT_DEVICES at most at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import peewee

from backend.devices.page_tables import DeviceTag
from backend.devices.tables import Device
from backend.devices.tags import tag_key
from backend.identity.words import after_prefix
from backend.identity.words import typed as typed_words
from backend.postgresql import Bytewise

PAGE_LIMIT_DEVICES: Final = 50
SCAN_LIMIT_DEVICES: Final = 150
COUNT_LIMIT_DEVICES: Final = 10_000
OUI_DIGITS: Final = 6

Owners = Callable[[Sequence[str]], Sequence[str]]
"""Ids of the customers for whom each of these words begins a word of theirs."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; "" is anything. `admission` "quarantined": those that wait to be let in."""

    text: str = ""
    tag: str = ""
    model: str = ""
    firmware: str = ""
    admission: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of rows as `facts` gives them. `next_id` is the cursor of the page after, None at the end."""

    items: list[dict[str, Any]]
    next_id: str | None


def page(
    tenant_id: str,
    asked: Asked,
    owners: Owners,
    facts: Callable[[Sequence[str]], list[dict[str, Any]]],
    fits: Callable[[Mapping[str, Any]], bool] | None,
    after: str | None,
    limit: int,
) -> Found:
    """Routers in the order they became known. `facts` loads records by ids; `fits` looks at each one.

    With `fits` a page may hold few, or none, although more come after it.
    """
    limit = max(1, min(limit, PAGE_LIMIT_DEVICES))
    step = limit if fits is None else SCAN_LIMIT_DEVICES
    query = _query(tenant_id, asked, owners)
    if after:
        query = query.where(Device.id > after)
    ids = [row.id for row in query.order_by(Device.id).limit(step + 1)]
    items: list[dict[str, Any]] = []
    for one in facts(ids[:step]):
        if fits is None or fits(one):
            items.append(one)
            if len(items) == limit:
                break
    if not ids or (len(ids) <= step and (not items or len(items) < limit or items[-1]["id"] == ids[-1])):
        return Found(items, None)
    full = len(items) == limit
    return Found(items, items[-1]["id"] if full else ids[step - 1])


def count(tenant_id: str, asked: Asked, owners: Owners) -> int:
    """How many there are, counted to COUNT_LIMIT_DEVICES."""
    some = _query(tenant_id, asked, owners).limit(COUNT_LIMIT_DEVICES)
    return int(some.count())


def _query(tenant_id: str, asked: Asked, owners: Owners) -> Any:
    query = Device.of(tenant_id, Device.id)
    if asked.tag:
        query = query.where(Device.id.in_(_tagged(tenant_id, _equals(DeviceTag.tag, tag_key(asked.tag)))))
    for column, text in ((Device.model, asked.model), (Device.software_version, asked.firmware)):
        if text:
            query = query.where(Bytewise(peewee.fn.LOWER(column)) == text.lower())
    if asked.admission:
        query = query.where(Device.admission == asked.admission)
    typed = typed_words(asked.text)
    if typed:
        query = query.where(Device.id.in_(_all_words(tenant_id, typed, owners)))
    return query


def _all_words(tenant_id: str, typed: Sequence[str], owners: Owners) -> Any:
    """Ids: each word is one of the router's or names its owner; or all of them together name the owner.

    A union of plain selects, each answered by its own index; planners do less well with OR.
    """
    each = Device.of(tenant_id, Device.id)
    for word in typed:
        each = each.where(Device.id.in_(_word(tenant_id, word, owners([word]))))
    owner_ids = list(owners(typed)) if len(typed) > 1 else []
    if not owner_ids:
        return each
    return each.union_all(Device.of(tenant_id, Device.id).where(Device.customer_id.in_(owner_ids)))


def _word(tenant_id: str, word: str, owner_ids: Sequence[str]) -> Any:
    found = _tagged(tenant_id, _begins(Bytewise(DeviceTag.tag), word))
    for column in (Device.serial_number, Device.model, Device.software_version, Device.source_address):
        begins = _begins(Bytewise(peewee.fn.LOWER(column)), word)
        found = found.union_all(Device.of(tenant_id, Device.id).where(begins))
    if len(word) == OUI_DIGITS:
        found = found.union_all(Device.of(tenant_id, Device.id).where(Device.oui == word.upper()))
    if owner_ids:
        owned = Device.of(tenant_id, Device.id).where(Device.customer_id.in_(list(owner_ids)))
        found = found.union_all(owned)
    return found


def _begins(text: Any, prefix: str) -> Any:
    return (text >= prefix) & (text < after_prefix(prefix))


def _equals(column: Any, text: str) -> Any:
    return Bytewise(column) == text


def _tagged(tenant_id: str, holds: Any) -> Any:
    return DeviceTag.of(tenant_id, DeviceTag.device_id).where(holds)
