"""The embedded customer system: subscriptions, the ledger, and nobody else's customers."""

from __future__ import annotations

import pytest

from backend.crm import ledger
from backend.errors import NotFound
from backend.identity import people

pytestmark = pytest.mark.store
NOW = 1_700_000_000.0


def person(tenant, phone="+48600100200", first="Anna", last="Nowak"):
    return people.ensure_customer(tenant, phone, first, last, "Long Street 1", "pl", NOW)


def test_a_customer_is_flat_json(tenant_id):
    anna = person(tenant_id)
    assert ledger.customer(tenant_id, anna) == {
        "id": anna,
        "phone": "+48600100200",
        "first_name": "Anna",
        "last_name": "Nowak",
        "address": "Long Street 1",
        "locale": "pl",
    }


def test_another_tenants_customer_is_not_found(tenant_id):
    anna, other = person(tenant_id), people.ensure_tenant("other", "Other", {}, NOW)
    with pytest.raises(NotFound):
        ledger.customer(other, anna)
    with pytest.raises(NotFound):
        ledger.subscribe(other, anna, "Fibre")
    assert ledger.names(other, [anna]) == {}
    assert ledger.entries(other, anna) == []
    assert ledger.search(other, "Anna", [], None, 10)["items"] == []


def test_a_subscription_is_one_and_can_change(tenant_id):
    anna = person(tenant_id)
    assert ledger.subscription(tenant_id, anna) is None
    ledger.subscribe(tenant_id, anna, "Fibre 300", "2024-05-01")
    ledger.subscribe(tenant_id, anna, "Fibre 900")
    assert ledger.subscription(tenant_id, anna) == {"plan": "Fibre 900", "since": None}


def test_the_same_note_twice_is_one_line(tenant_id):
    anna = person(tenant_id)
    assert ledger.note(tenant_id, anna, "DHCP switched on", "run:1", NOW, run_id="r1")
    assert not ledger.note(tenant_id, anna, "DHCP switched on", "run:1", NOW + 1)
    assert ledger.note(tenant_id, anna, "Checked", "run:2", NOW + 2)
    entries = ledger.entries(tenant_id, anna)
    assert [(entry["text"], entry["at"], entry["run_id"]) for entry in entries] == [
        ("Checked", NOW + 2, None),
        ("DHCP switched on", NOW, "r1"),
    ]
    assert [entry["text"] for entry in ledger.entries(tenant_id, anna, limit=1)] == ["Checked"]


def test_two_tenants_may_use_the_same_key(tenant_id):
    other = people.ensure_tenant("other", "Other", {}, NOW)
    assert ledger.note(tenant_id, person(tenant_id), "a", "k", NOW)
    assert ledger.note(other, person(other), "b", "k", NOW)


def test_names_of_those_who_exist(tenant_id):
    anna = person(tenant_id)
    assert ledger.names(tenant_id, [anna, anna, "nobody"]) == {anna: "Anna Nowak"}


def test_search_pages_through_everyone(database):
    tenant_id = people.ensure_tenant("other", "Other", {}, NOW)
    ids = [person(tenant_id, f"+4860010020{n}", f"Name{n}") for n in range(5)]
    page = ledger.search(tenant_id, "", [], None, 2)
    assert ([one["id"] for one in page["items"]], page["next"]) == (ids[:2], ids[1])
    page = ledger.search(tenant_id, "", [], ids[1], 10)
    assert ([one["id"] for one in page["items"]], page["next"]) == (ids[2:], None)
    assert [one["id"] for one in ledger.search(tenant_id, "Name3", [], None, 10)["items"]] == [ids[3]]


def test_search_adds_the_owners_of_routers_found(tenant_id):
    anna = person(tenant_id)
    person(tenant_id, "+48600100999", "Ewa")
    assert [one["id"] for one in ledger.search(tenant_id, "SN123", [None, anna], None, 10)["items"]] == [anna]
