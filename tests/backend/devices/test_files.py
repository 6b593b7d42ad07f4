"""The file store: whole or not at all, in pieces, sealed where secrets lie, and what fits which device."""

from __future__ import annotations

import hashlib

import pytest

from backend import announcements, database
from backend.announcements import Hearers
from backend.devices import files
from backend.devices.announcements import DeviceChanged
from backend.devices.statements import Statement
from backend.errors import Conflict, Invalid, NotFound

pytestmark = pytest.mark.store
NOW = 1_700_000_000.0
HUB = {"model": "Home Hub", "product_class": "HH5", "hardware_version": "B", "software_version": "1.0"}


def image(tenant_id, version="2.0", models=("Home Hub",), now=NOW, content=(b"image",)):
    return files.put(
        tenant_id,
        kind="firmware",
        name=f"hub-{version}.bin",
        version=version,
        models=models,
        content=content,
        now=now,
    )


def backup(tenant_id, device_id, now=NOW, content=b"keys and all", name="home.cfg"):
    return files.put(
        tenant_id, kind="configuration", name=name, device_id=device_id, content=[content], now=now
    )


def read(tenant_id, file_id, *span):
    return b"".join(files.content(tenant_id, file_id, *span))


def test_a_file_comes_back_as_it_went_in(tenant_id):
    content = bytes(range(256)) * 3000  # three pieces, the last one short
    file_id = image(tenant_id, content=[content[:100], content[100:600_000], content[600_000:]])
    assert read(tenant_id, file_id) == content
    found = files.get(tenant_id, file_id)
    assert (found["size_bytes"], found["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert (found["kind"], found["version"], found["models"]) == ("firmware", "2.0", ["Home Hub"])


@pytest.mark.parametrize("kind", ["log", "configuration"])
@pytest.mark.parametrize(
    "span",
    [(0, 10), (0, 0), (262_143, 262_145), (262_144, 262_144), (500_000, 600_000), (699_999, 9_999_999)],
)
def test_any_part_can_be_read(tenant_id, kind, span):
    content = hashlib.shake_128(b"x").digest(700_000)
    file_id = files.put(tenant_id, kind=kind, name="f", content=[content], now=NOW)
    assert read(tenant_id, file_id, *span) == content[span[0] : span[1]]


def test_configurations_are_sealed_where_they_lie(tenant_id):
    kept = Statement("SELECT content FROM file_chunk WHERE file_id = ?")
    sealed, plain = backup(tenant_id, "D1"), image(tenant_id)
    assert b"keys" not in bytes(kept(sealed).fetchone()[0])
    assert read(tenant_id, sealed) == b"keys and all"
    assert bytes(kept(plain).fetchone()[0]) == b"image"


def test_another_tenants_file_is_not_there(tenant_id, make_tenant):
    other = make_tenant("south").tenant_id
    file_id = image(tenant_id)
    for look in (files.get, files.content, files.delete):
        with pytest.raises(NotFound):
            look(other, file_id)
    assert files.listing(other) == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "virus"}, "kind"),
        ({"name": "../etc/passwd"}, "name"),
        ({"name": " "}, "name"),
        ({"name": 'a"b'}, "name"),
        ({"name": "x" * 129}, "name"),
        ({"version": ""}, "version"),
        ({"version": "a\nb"}, "version"),
        ({"models": ()}, "models"),
        ({"models": ("",)}, "models"),
        ({"models": ("m",) * 201}, "models"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(tenant_id, given, field):
    right = {"kind": "firmware", "name": "a.bin", "version": "1", "models": ("M",)}
    with pytest.raises(Invalid) as raised:
        files.put(tenant_id, content=[b"x"], now=NOW, **{**right, **given})
    assert list(raised.value.fields) == [field]


def test_a_file_that_breaks_off_or_is_too_large_or_empty_leaves_nothing(tenant_id, monkeypatch):
    def breaks():
        yield b"x" * 300_000
        raise OSError("gone")

    with pytest.raises(OSError):
        image(tenant_id, content=breaks())
    with pytest.raises(Invalid):
        image(tenant_id, content=[b""])
    monkeypatch.setitem(files.LIMIT_BYTES, "firmware", 10)
    with pytest.raises(Invalid):
        image(tenant_id, content=[b"123456", b"78901"])
    for table in ("stored_file", "file_chunk"):
        assert Statement(f"SELECT COUNT(*) FROM {table}")().fetchone()[0] == 0


def test_a_tenant_has_so_much_room(tenant_id, monkeypatch):
    image(tenant_id)
    monkeypatch.setattr(files, "TENANT_LIMIT_BYTES", 5)
    with pytest.raises(Conflict):
        image(tenant_id, "3.0")


def test_the_newest_image_that_fits_is_offered(tenant_id):
    assert files.firmware_for(tenant_id, HUB) is None
    image(tenant_id, "9.9", ("Home Hub 2", "Hub"))
    image(tenant_id, "2.0")
    newest = image(tenant_id, "2.1", ("Other", "HH5"), now=NOW + 1)
    assert files.firmware_for(tenant_id, HUB) == {"file_id": newest, "version": "2.1"}
    assert files.firmware_for(tenant_id, {**HUB, "software_version": "2.1"}) is None
    assert files.firmware_for(tenant_id, {}) is None


def test_hardware_tells_models_apart(tenant_id):
    for_a = image(tenant_id, "2.0a", ("Home Hub@A",), now=NOW + 2)
    for_b = image(tenant_id, "2.0b", ("Home Hub@B",))
    assert files.firmware_for(tenant_id, HUB)["file_id"] == for_b
    assert files.firmware_for(tenant_id, {**HUB, "hardware_version": "A"})["file_id"] == for_a
    assert files.firmware_for(tenant_id, {**HUB, "hardware_version": "C"}) is None


def test_the_latest_backup_is_the_devices_own(tenant_id):
    assert files.latest_backup(tenant_id, "D1") is None
    backup(tenant_id, "D1")
    newest = backup(tenant_id, "D1", NOW + 5)
    backup(tenant_id, "D2", NOW + 9)
    found = files.latest_backup(tenant_id, "D1")
    assert (found["file_id"], found["at"]) == (newest, NOW + 5)


def test_listing_goes_on_where_it_ended(tenant_id):
    made = [image(tenant_id, f"{n}.0") for n in range(3)] + [backup(tenant_id, "D1")]
    first = [one["id"] for one in files.listing(tenant_id, limit=3)]
    rest = [one["id"] for one in files.listing(tenant_id, after=first[-1])]
    assert first + rest == made[::-1]
    assert [one["id"] for one in files.listing(tenant_id, kind="configuration")] == made[3:]
    assert [one["id"] for one in files.listing(tenant_id, device_id="D1")] == made[3:]


def test_a_file_on_its_way_is_not_there_yet(tenant_id):
    coming = files.Receiving(tenant_id, kind="log", name="l", now=NOW)
    coming.add(b"x")
    with pytest.raises(NotFound):
        files.get(tenant_id, coming.file_id)
    assert files.listing(tenant_id) == []


def test_deletion_breaks_off_who_reads(tenant_id):
    file_id = image(tenant_id, content=[b"x" * 600_000])
    pieces = files.content(tenant_id, file_id)
    next(pieces)
    files.delete(tenant_id, file_id)
    with pytest.raises(NotFound):
        next(pieces)


def test_what_has_had_its_time_is_forgotten(tenant_id):
    files.Receiving(tenant_id, kind="log", name="l", now=NOW)
    log = files.put(tenant_id, kind="log", name="l", device_id="D1", content=[b"x"], now=NOW)
    kept = image(tenant_id)
    assert files.sweep(NOW + files.UNFINISHED_S) == 0
    assert files.sweep(NOW + files.UNFINISHED_S + 1) == 1
    assert {one["id"] for one in files.listing(tenant_id)} == {log, kept}
    assert files.sweep(NOW + 31 * 86_400) == 1
    assert [one["id"] for one in files.listing(tenant_id)] == [kept]


def test_only_the_newest_backups_stay(tenant_id):
    made = [backup(tenant_id, "D1", NOW + n) for n in range(files.KEEP_FILES + 2)]
    with database.transaction():
        files.keep_newest(tenant_id, "D1", "configuration")
    assert [one["id"] for one in files.listing(tenant_id)] == made[:1:-1]


def test_a_devices_files_are_told_of_and_go_with_it(tenant_id):
    heard = []
    with announcements.wired({DeviceChanged: Hearers(after=[heard.append])}, database.after_commit):
        file_id = backup(tenant_id, "D1")
        image(tenant_id)
        files.delete(tenant_id, file_id)
    assert heard == [DeviceChanged(tenant_id, "D1", frozenset({"files"}))] * 2
    backup(tenant_id, "D1")
    with database.transaction():
        files.drop("D1")
    assert files.latest_backup(tenant_id, "D1") is None


@pytest.mark.parametrize(
    ("file_type", "kind"),
    [
        ("1 Vendor Configuration File", "configuration"),
        ("3 Vendor Configuration File 2", "configuration"),
        ("2 Vendor Log File", "log"),
        ("4 Vendor Log File 1", "log"),
        ("X 00D09E Crash Dump", "other"),
        ("", "other"),
    ],
)
def test_kinds_of_uploads(file_type, kind):
    assert files.kind_of(file_type) == kind
