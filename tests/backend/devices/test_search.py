"""Finding routers by words, tags, model, firmware and owner, page by page, on both stores."""

from __future__ import annotations

import pytest

from backend import database as store
from backend.devices import records, search, tags
from backend.devices.search import Asked
from backend.devices.tables import Device
from backend.errors import Invalid, NotFound
from backend.identity import people
from tests.conftest import NOW

pytestmark = pytest.mark.store


@pytest.fixture
def home(tenant_id):
    """Five routers of two models, one of them Świątek's."""
    owner = people.ensure_customer(
        tenant_id, "+48601234567", "Zofia", "Świątek", "Łąkowa 7, Kraków", "pl", NOW
    )
    made = {}
    for number, (serial, model, version, address) in enumerate(
        [
            ("NV-1001", "AX6", "1.4.2", "203.0.113.7"),
            ("NV-1002", "AX6", "1.5.0", "203.0.113.70"),
            ("nv-2001", "AX9 Pro", "1.4.2", "198.51.100.1"),
            ("ZZ%3", "Router_X", "V100R019", ""),
            ("ZZA3", "RouterAX", "9", "2001:db8::1"),
        ]
    ):
        made[serial] = records.enrol(
            tenant_id,
            oui="02CF0" + str(number),
            product_class="HR6",
            serial_number=serial,
            password="pw",
            now=NOW,
            customer_id=owner if serial == "NV-1002" else None,
            model=model,
            tags=["VIP", "fibre pilot"] if serial == "nv-2001" else [],
        )
        with store.transaction():
            Device.update(software_version=version, source_address=address).where(
                Device.id == made[serial], Device.tenant_id == tenant_id
            ).execute()
    return made


def asked(tenant_id, fits=None, after=None, limit=50, **more):
    return search.page(
        tenant_id,
        Asked(**more),
        lambda words: people.customers_of_words(tenant_id, words, 200),
        lambda ids: records.of_ids(tenant_id, ids),
        fits,
        after,
        limit,
    )


def serials(found):
    return [one["serial_number"] for one in found.items]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ["NV-1001", "NV-1002", "nv-2001", "ZZ%3", "ZZA3"]),
        ("nv-10", ["NV-1001", "NV-1002"]),
        ("NV-2", ["nv-2001"]),
        ("1001", []),  # the beginning, not a part: an index answers it
        ("ax6 1.5", ["NV-1002"]),
        ("203.0.113.7", ["NV-1001", "NV-1002"]),
        ("2001:db8", ["ZZA3"]),
        ("vip", ["nv-2001"]),
        ("fibre", ["nv-2001"]),
        ("02cf03", ["ZZ%3"]),
        ("swiatek", ["NV-1002"]),
        ("ŚWIĄTEK zof", ["NV-1002"]),
        ("swiatek ax6", ["NV-1002"]),
        ("swiatek ax9", []),
        ("601 234 567", ["NV-1002"]),
        ("601234", ["NV-1002"]),
        ("4567", ["NV-1002"]),
        ("krakow lakowa", ["NV-1002"]),
        ("zz%", ["ZZ%3"]),
        ("router_", ["ZZ%3"]),
        ("' OR 1=1 --", []),
    ],
)
def test_words_find_routers_by_what_they_begin(tenant_id, home, text, wanted):
    assert serials(asked(tenant_id, text=text)) == wanted


def test_the_filters_are_whole_values(tenant_id, home):
    assert serials(asked(tenant_id, model="ax6")) == ["NV-1001", "NV-1002"]
    assert serials(asked(tenant_id, model="AX")) == []
    assert serials(asked(tenant_id, firmware="1.4.2", model="AX9 Pro")) == ["nv-2001"]
    assert serials(asked(tenant_id, tag="vip")) == ["nv-2001"]
    assert serials(asked(tenant_id, admission="quarantined")) == []


def test_pages_follow_each_other_without_gap_or_double(tenant_id, home):
    seen, after = [], None
    for _ in range(10):
        found = asked(tenant_id, after=after, limit=2)
        assert len(found.items) <= 2
        seen += serials(found)
        after = found.next_id
        if after is None:
            break
    assert seen == ["NV-1001", "NV-1002", "nv-2001", "ZZ%3", "ZZA3"]


def test_a_page_that_looks_at_each_router_goes_on_where_it_stopped(tenant_id, home, monkeypatch):
    monkeypatch.setattr(search, "SCAN_LIMIT_DEVICES", 2)
    seen, after, pages = [], None, 0
    while pages == 0 or after is not None:
        found = asked(tenant_id, fits=lambda one: one["model"] == "RouterAX", after=after, limit=2)
        seen, after, pages = seen + serials(found), found.next_id, pages + 1
        assert pages < 10
    assert seen == ["ZZA3"]
    one_each = asked(tenant_id, fits=lambda one: True, limit=1)
    assert (serials(one_each), one_each.next_id) == (["NV-1001"], home["NV-1001"])


def test_counting_has_an_end(tenant_id, home, monkeypatch):
    nobody = lambda words: []  # noqa: E731
    assert search.count(tenant_id, Asked(), nobody) == 5
    monkeypatch.setattr(search, "COUNT_LIMIT_DEVICES", 3)
    assert search.count(tenant_id, Asked(), nobody) == 3


def test_another_tenants_routers_are_never_found(tenant_id, home):
    other = people.ensure_tenant("other", "Other", {}, NOW)
    assert serials(asked(other, text="nv")) == serials(asked(other)) == []
    assert people.customers_of_words(other, ["swiatek"], 10) == []
    with pytest.raises(NotFound):
        tags.put(other, home["NV-1001"], ["mine"])


def test_tags_are_kept_as_written_and_found_as_meant(tenant_id, home):
    device = home["NV-1001"]
    assert tags.put(tenant_id, device, ["Łódź", " lodz ", "north"]) == ["lodz", "north"]
    assert records.facts(tenant_id, device)["tags"] == ["lodz", "north"]
    assert serials(asked(tenant_id, tag="Łódź")) == ["NV-1001"]
    assert tags.in_use(tenant_id) == ["fibre pilot", "lodz", "north", "vip"]
    assert tags.put(tenant_id, device, []) == []
    assert serials(asked(tenant_id, tag="north")) == []
    with pytest.raises(Invalid):
        tags.put(tenant_id, device, [str(number) for number in range(21)])


def test_a_router_that_is_gone_is_found_no_more(tenant_id, home):
    records.remove(tenant_id, home["nv-2001"])
    assert serials(asked(tenant_id, text="vip")) == serials(asked(tenant_id, text="nv-2")) == []
    assert "vip" not in tags.in_use(tenant_id)


def test_an_index_answers(tenant_id, home, config):
    if not config.embedded:
        return
    statement, values = search._query(tenant_id, Asked(text="nv-10"), lambda words: []).sql()
    plan = " ".join(row[-1] for row in store.db.execute_sql(f"EXPLAIN QUERY PLAN {statement}", values))
    for name in ("serial_number", "model", "software_version", "source_address"):
        assert f"device_{name}_found" in plan, plan
    assert "SCAN" not in plan, plan
    assert "(tenant_id=?)" not in plan, "no index but the tenant's own: it would look at every router"
    everyone, values = search._query(tenant_id, Asked(), lambda words: []).order_by(Device.id).sql()
    plan = " ".join(row[-1] for row in store.db.execute_sql(f"EXPLAIN QUERY PLAN {everyone}", values))
    assert "TEMP B-TREE" not in plan, plan
