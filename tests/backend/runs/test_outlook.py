"""The home page says what the checks would find in what is stored, without asking the router."""

from __future__ import annotations

import time

import pytest

from backend.devices import files
from backend.errors import NotFound
from backend.runs import outlook


def told(home, locale="en"):
    return outlook.overview(home.tenant_id, home.device_id, home.customer_id, time.time(), locale)


@pytest.mark.parametrize(
    ("story", "state", "words"),
    [
        ("healthy", "excellent", "is online"),
        ("dns-not-allowed", "fair", "10.0.0.9"),
        ("lease-too-short", "fair", "1 minute"),
        ("dhcp-disabled", "fair", "may not get an address"),
    ],
)
def test_what_was_told_last_decides(open_home, story, state, words):
    found = told(open_home(story))
    assert found["state"] == state
    assert words in found["state_text"]


def test_each_check_says_what_it_noticed(open_home):
    lived_in = open_home("lease-too-short")
    image = {"name": "gateway.img", "version": "2.0", "models": [lived_in.home.model], "content": [b"newer"]}
    files.put(lived_in.tenant_id, kind="firmware", now=time.time(), **image)
    found = told(lived_in)
    assert [one["workflow"] for one in found["noticed"]] == ["dhcp-configuration", "firmware-upgrade"]
    assert found["state_text"] == found["noticed"][0]["text"]
    assert "version 2.0" in found["noticed"][1]["text"]


def test_nothing_is_noticed_of_a_router_that_is_away(open_home):
    lived_in = open_home("dns-not-allowed")
    later = time.time() + 86_400
    found = outlook.overview(lived_in.tenant_id, lived_in.device_id, lived_in.customer_id, later, "en")
    assert (found["online"], found["noticed"]) == (False, [])


def test_a_list_of_who_may_join_is_no_trouble(open_home):
    lived_in = open_home("filtered-laptop")
    conversation = lived_in.begin(workflow="device-not-admitted")
    lived_in.contact("6 CONNECTION REQUEST")
    assert lived_in.question(conversation)
    assert told(lived_in)["noticed"] == []


def test_it_is_said_in_the_customers_language(open_home):
    assert "serwera nazw" in told(open_home("dns-not-allowed"), "pl")["state_text"]


def test_nothing_is_asked_of_the_router(open_home):
    lived_in = open_home("dns-not-allowed")
    told(lived_in)
    lived_in.acs_side.seen.clear()
    lived_in.contact("2 PERIODIC")
    assert lived_in.acs_side.seen == []


def test_another_tenant_finds_nothing(home):
    with pytest.raises(NotFound):
        outlook.overview("another-tenant", home.device_id, None, time.time(), "en")
