"""Files over HTTP: an image is brought piece by piece, listed, fetched, deleted, and that is written down."""

from __future__ import annotations

import hashlib

import pytest

from backend import database as store
from backend.devices import files
from backend.identity import audit
from tests.conftest import NOW

pytestmark = pytest.mark.store
FILES = "/api/v1/staff/files"
IMAGE = b"firmware image " * 50_000


def bring(desk, content=IMAGE, role="operator", **query):
    query = {"kind": "firmware", "name": "ax6-2.0.bin", "version": "2.0", "models": "AX6, AX7@B"} | query
    return desk.client.post(FILES, headers=desk.headers(role), query_string=query, data=content)


def test_an_image_is_brought_and_listed(desk):
    made = bring(desk)
    assert made.status_code == 201, made.text
    assert made.json["sha256"] == hashlib.sha256(IMAGE).hexdigest()
    assert made.json["size_bytes"] == len(IMAGE) > 64 * 1024
    assert (made.json["models"], made.json["by"]) == (["AX6", "AX7@B"], "Operator")
    found = [one["id"] for one in desk.get("operator", FILES, kind="firmware").json["items"]]
    assert found[0] == made.json["id"]
    assert made.json["id"] not in [one["id"] for one in desk.get("operator", FILES, kind="log").json["items"]]


def test_it_is_fetched_as_it_was_and_that_is_written_down(desk):
    made = bring(desk, name="zażółć „x”.bin").json
    fetched = desk.get("supervisor", f"{FILES}/{made['id']}/content")
    assert fetched.data == IMAGE
    assert fetched.headers["Content-Disposition"].startswith('attachment; filename="za____')
    assert fetched.headers["X-Content-Type-Options"] == "nosniff"
    with store.connection():
        (entry,) = audit.entries(desk.demo.tenant_id, thing="file", thing_id=made["id"])
    assert (entry["action"], entry["actor"]["name"]) == ("file.read", "Supervisor")


def test_only_supervisors_delete(desk):
    made = bring(desk).json
    assert desk.delete("operator", f"{FILES}/{made['id']}").status_code == 403
    assert desk.delete("supervisor", f"{FILES}/{made['id']}").status_code == 204
    assert desk.get("operator", f"{FILES}/{made['id']}/content").status_code == 404
    with store.connection():
        (entry,) = audit.entries(desk.demo.tenant_id, thing="file", thing_id=made["id"])
    assert (entry["action"], entry["detail"]["name"]) == ("file.delete", "ax6-2.0.bin")


def test_the_files_of_a_router_are_its_own(desk, home, at):
    with store.connection():
        backup = files.put(
            desk.demo.tenant_id,
            kind="configuration",
            name="b.cfg",
            content=[b"key=hidden"],
            device_id=home.device_id,
            now=NOW,
        )
    bring(desk)
    assert [one["id"] for one in desk.get("operator", f"{at}/files").json["items"]] == [backup]
    assert desk.get("supervisor", f"{FILES}/{backup}/content").data == b"key=hidden"


def test_a_configuration_is_only_for_those_who_may_see_the_secrets_in_it(desk, home):
    with store.connection():
        backup = files.put(
            desk.demo.tenant_id, kind="configuration", name="b.cfg", content=[b"key=hidden"], now=NOW
        )
    refused = desk.get("operator", f"{FILES}/{backup}/content")
    assert refused.status_code == 403
    assert b"hidden" not in refused.data
    with store.connection():
        assert audit.entries(desk.demo.tenant_id, thing="file", thing_id=backup) == []


def test_lists_come_in_pages(desk):
    ids = [bring(desk, content=b"x", kind="other", name=f"{n}").json["id"] for n in range(5)]
    seen, after = [], None
    for _ in range(9):
        query = {"kind": "other", "limit": 2, **({"after": after} if after else {})}
        page = desk.get("operator", FILES, **query).json
        seen += [one["id"] for one in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == ids[::-1]


def test_what_is_no_file_is_refused_by_field(desk, subtests):
    broken = [
        ({"kind": "virus"}, "kind"),
        ({"name": ""}, "name"),
        ({"name": "../../etc/passwd"}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"version": ""}, "version"),
        ({"version": "v" * 65}, "version"),
        ({"models": ""}, "models"),
        ({"models": "x" * 1_501}, "models"),
        ({"device_id": "not an id"}, "device_id"),
    ]
    for query, field in broken:
        with subtests.test(field=field, query=str(query)[:40]):
            answer = bring(desk, **query)
            assert answer.status_code == 422, answer.text
            assert list(answer.json["error"]["fields"]) == [field]


def test_an_empty_or_a_large_one_is_refused_and_leaves_nothing(desk, monkeypatch):
    before = desk.get("operator", FILES).json["items"]
    empty = bring(desk, content=b"")
    assert (empty.status_code, empty.json["error"]["code"]) == (422, "file_empty")
    monkeypatch.setitem(files.LIMIT_BYTES, "firmware", 1000)
    large = bring(desk)
    assert (large.status_code, large.json["error"]["code"]) == (422, "file_too_large")
    assert desk.get("operator", FILES).json["items"] == before


def test_so_many_at_once_and_no_more(desk, monkeypatch):
    from backend.consoles import files as endpoints

    leave = endpoints._uploads.enter("somebody")
    monkeypatch.setattr(endpoints._uploads, "_limit", 1)
    try:
        answer = bring(desk)
        assert (answer.status_code, answer.json["error"]["code"]) == (429, "uploads_too_many")
        assert answer.headers["Retry-After"]
    finally:
        leave()
    assert bring(desk).status_code == 201


def test_a_file_for_another_tenants_router_is_refused(desk, make_tenant):
    answer = bring(desk, device_id="0" * 26)
    assert answer.status_code == 404
