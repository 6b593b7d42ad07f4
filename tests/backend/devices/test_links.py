"""Links: nobody guesses one, each carries one transfer, and they end."""

from __future__ import annotations

import pytest

from backend import database
from backend.devices import links
from backend.devices.statements import Statement

pytestmark = pytest.mark.store
NOW = 1_700_000_000.0


@pytest.fixture(autouse=True)
def address():
    links.bind("http://acs.example.net:7547/files/")
    yield
    links.bind("http://127.0.0.1:7547/files")


def make(tenant_id, task="T1", **more):
    given = {"direction": "down", "file_type": "1 Firmware Upgrade Image", "file_id": "F1"}
    with database.transaction():
        url = links.make(tenant_id, "D1", task, expires_at=NOW + 600, now=NOW, **{**given, **more})
    base, _, token = url.rpartition("/")
    assert base == "http://acs.example.net:7547/files"
    return token


def opened(token, now=NOW):
    with database.transaction():
        return links.opened(links.of_token(token, now))


def test_a_link_is_for_one_transfer_and_its_token_is_not_kept(tenant_id):
    token = make(tenant_id)
    assert len(token) >= 43
    assert token != make(tenant_id, "T2")
    link = links.of_token(token, NOW)
    assert (link.device_id, link.task_id, link.file_id, link.direction) == ("D1", "T1", "F1", "down")
    rows = Statement("SELECT * FROM transfer_link")().fetchall()
    assert token not in str(rows)


def test_it_ends_when_all_has_gone_through(tenant_id):
    token = make(tenant_id)
    assert links.of_task("T1") == links.Moved(file_id="F1")
    link = opened(token)
    with database.transaction():
        assert links.moved(link, 10)
        assert links.of_task("T1") == links.Moved(touched=True, file_id="F1")
        assert links.whole(link, 20, "F1", NOW + 1)
    assert links.of_task("T1") == links.Moved(True, True, "F1")
    assert links.of_token(token, NOW + 2) is None


def test_it_expires(tenant_id):
    token = make(tenant_id)
    assert links.of_token(token, NOW + 599) is not None
    assert links.of_token(token, NOW + 600) is None


def test_only_the_newest_request_holds_it(tenant_id):
    token = make(tenant_id)
    first = opened(token)
    second = opened(token)
    with database.transaction():
        assert not links.moved(first, 10)
        assert not links.whole(first, 10, None, NOW)
        assert links.moved(second, 10)


def test_two_at_the_same_moment_are_not_both_let_in(tenant_id):
    token = make(tenant_id)
    seen = links.of_token(token, NOW)
    with database.transaction():
        assert links.opened(seen) is not None
        assert links.opened(seen) is None


def test_it_may_be_asked_for_so_often(tenant_id):
    token = make(tenant_id)
    for _ in range(links.OPEN_LIMIT):
        assert opened(token) is not None
    assert opened(token) is None


def test_a_new_link_of_a_task_takes_the_old_one_back(tenant_id):
    old = make(tenant_id)
    new = make(tenant_id)
    assert links.of_token(old, NOW) is None
    assert links.of_token(new, NOW) is not None
    with database.transaction():
        assert links.take_back("T1", NOW)
        assert not links.take_back("T1", NOW)
    assert links.of_token(new, NOW) is None


def test_old_links_are_forgotten(tenant_id):
    make(tenant_id)
    assert links.sweep(NOW + 600 + links.KEEP_S) == 0
    assert links.sweep(NOW + 601 + links.KEEP_S) == 1


def test_speed_links_are_signed_and_end(tenant_id):
    urls = links.speed_urls("D1", NOW)
    assert urls == links.speed_urls("D1", NOW + 1)
    assert urls["down"].startswith("http://acs.example.net:7547/speed/down/D1.")
    token = urls["up"].rpartition("/")[2]
    assert links.speed_device(token, NOW + links.SPEED_LIFE_S) == "D1"
    assert links.speed_device(token, NOW + links.SPEED_LIFE_S + links.SPEED_STEP_S) is None
    for forged in (token[:-1] + ("0" if token[-1] != "0" else "1"), token.replace("D1", "D2"), "", "a.b.c"):
        assert links.speed_device(forged, NOW) is None
