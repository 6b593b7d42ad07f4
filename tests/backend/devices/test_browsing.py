"""The stored data model level by level, by words, with what may be written; secrets; checks by type."""

from __future__ import annotations

import pytest

from backend import database as store
from backend.devices import browsing, names, parameters, records
from backend.devices.secret_values import MASK
from backend.errors import Invalid, NotFound
from backend.identity import audit
from backend.identity.permissions import Subject
from tests.conftest import NOW

pytestmark = pytest.mark.store

VALUES = [
    ("Device.DeviceInfo.SoftwareVersion", "1.4.2", "xsd:string"),
    ("Device.WiFi.SSID.1.SSID", "Nowak", "xsd:string"),
    ("Device.WiFi.SSID.1.Enable", "1", "xsd:boolean"),
    ("Device.WiFi.SSID.2.SSID", "Guests of Nowak", "xsd:string"),
    ("Device.WiFi.SSID.10.SSID", "ten", "xsd:string"),
    ("Device.WiFi.AccessPoint.1.Security.KeyPassphrase", "hidden nowak", "xsd:string"),
    ("Device.WiFi.AccessPoint.2.Security.KeyPassphrase", "", "xsd:string"),
    ("Device.WiFi.Radio.1.Channel", "11", "xsd:unsignedInt"),
]


@pytest.fixture
def device(tenant_id):
    made = records.enrol(
        tenant_id, oui="02CF01", product_class="HR6", serial_number="B1", password="pw", now=NOW
    )
    with store.transaction():
        parameters.store(tenant_id, made, VALUES, NOW)
    return made


def shown(level):
    return [(item["name"], item["kind"], item["value"], item["children"]) for item in level.items]


def test_a_level_is_objects_and_parameters_by_number(device):
    assert shown(browsing.level(device, "", None, 100)) == [("Device", "object", None, 8)]
    assert shown(browsing.level(device, "Device.WiFi", None, 100)) == [
        ("AccessPoint", "object", None, 2),
        ("Radio", "object", None, 1),
        ("SSID", "object", None, 4),
    ]
    instances = browsing.level(device, "Device.WiFi.SSID.", None, 100)
    assert [item["path"] for item in instances.items] == [
        f"Device.WiFi.SSID.{number}." for number in (1, 2, 10)
    ]
    leaves = browsing.level(device, "Device.WiFi.SSID.1.", None, 100)
    assert shown(leaves) == [("Enable", "parameter", "1", 0), ("SSID", "parameter", "Nowak", 0)]
    assert leaves.items[0] == {
        "path": "Device.WiFi.SSID.1.Enable",
        "name": "Enable",
        "kind": "parameter",
        "value": "1",
        "secret": False,
        "type": "xsd:boolean",
        "writable": None,
        "read_at": NOW,
        "children": 0,
    }


def test_a_level_comes_in_pages(device):
    seen, after = [], None
    for _ in range(5):
        page = browsing.level(device, "Device.WiFi.SSID.", after, 1)
        seen += [item["name"] for item in page.items]
        after = page.next_path
        if after is None:
            break
    assert seen == ["1", "2", "10"]
    assert browsing.level(device, "Device.WiFi.SSID.", "Device.WiFi.SSID.5.", 9).items[0]["name"] == "10"


def test_nothing_is_below_what_is_not_there(device):
    for path in ("Device.Nothing.", "Device.WiFi.SSID.1.SSID", "Internet", ".", "..", "%"):
        assert browsing.level(device, path, None, 10).items == []


def test_words_are_found_in_paths_and_values_but_not_in_secrets(device):
    found = browsing.find(device, "", "NOWAK", None, 10)
    assert [item["path"] for item in found.items] == ["Device.WiFi.SSID.1.SSID", "Device.WiFi.SSID.2.SSID"]
    assert (
        browsing.find(device, "Device.WiFi.SSID.", "ssid guests", None, 10).items[0]["value"].startswith("G")
    )
    assert browsing.find(device, "", "hidden", None, 10).items == []
    assert [item["value"] for item in browsing.find(device, "", "passphrase", None, 10).items] == [MASK, ""]
    page = browsing.find(device, "", "device", None, 3)
    assert len(page.items) == 3
    assert len(browsing.find(device, "", "device", page.next_path, 100).items) == 5


# -- names ----------------------------------------------------------------------------------------


def keep(tenant_id, device, asked, told):
    with store.transaction():
        return names.keep(tenant_id, device, asked, told, NOW)


def test_names_tell_what_may_be_written_and_what_is_empty(tenant_id, device):
    keep(
        tenant_id,
        device,
        "Device.WiFi.",
        [("Device.WiFi.SSID.", False), ("Device.WiFi.Radio.", False), ("Device.WiFi.EndPoint.", True)],
    )
    assert shown(browsing.level(device, "Device.WiFi.", None, 10))[1] == ("EndPoint", "object", None, 0)
    told = [("Device.WiFi.SSID.1.SSID", True), ("Device.WiFi.SSID.1.Enable", False)]
    keep(tenant_id, device, "Device.WiFi.SSID.1.", told)
    level = browsing.level(device, "Device.WiFi.SSID.1.", None, 10)
    assert {item["name"]: item["writable"] for item in level.items} == {"Enable": False, "SSID": True}
    found = browsing.find(device, "", "Nowak", None, 10).items
    assert [item["writable"] for item in found] == [True, None]


def test_a_whole_object_is_told_with_itself(tenant_id, device):
    keep(tenant_id, device, "Device.", [("Device.A.", False), ("Device.B.", True)])
    whole = [("Device.A.", False), ("Device.A.X.", False), ("Device.A.X.V", True)]
    assert keep(tenant_id, device, "Device.A.", whole) == 2
    assert names.below(device, "Device.") == {"A.": False, "B.": True}
    assert names.below(device, "Device.A.") == {"X.": False}
    assert names.writable(device, "Device.A.X.V") is True


def test_one_parameter_changes_only_itself(tenant_id, device):
    keep(tenant_id, device, "Device.A.", [("Device.A.V", False), ("Device.A.W", False)])
    keep(tenant_id, device, "Device.A.V", [("Device.A.V", True)])
    assert names.below(device, "Device.A.") == {"V": True, "W": False}
    assert names.writable(device, "Device.A.Z") is None


def test_an_object_without_children_any_more_is_empty(tenant_id, device):
    keep(tenant_id, device, "Device.A.", [("Device.A.1.", False)])
    keep(tenant_id, device, "Device.A.", [("Device.A.", True)])
    assert names.below(device, "Device.A.") == {}


def test_names_that_were_not_asked_for_are_not_kept(tenant_id, device):
    long = "Device.A." + "x" * 300
    keep(
        tenant_id, device, "Device.A.", [("Device.B.V", True), (long, True), ("", True), ("Device.A.V", True)]
    )
    assert names.below(device, "Device.A.") == {"V": True}
    assert names.below(device, "Device.B.") == {}


# -- secrets --------------------------------------------------------------------------------------


def test_a_secret_is_shown_to_who_says_why_and_that_is_written_down(tenant_id, device):
    boss = Subject("staff", "s1", tenant_id, "supervisor", "Sara")
    path = "Device.WiFi.AccessPoint.1.Security.KeyPassphrase"
    with pytest.raises(Invalid):
        browsing.reveal(boss, device, path, "  ", NOW)
    assert audit.entries(tenant_id) == []
    assert browsing.reveal(boss, device, path, "The customer forgot it", NOW) == "hidden nowak"
    (entry,) = audit.entries(tenant_id, thing="device", thing_id=device)
    assert (entry["action"], entry["reason"], entry["actor"]["name"], entry["detail"]) == (
        "device.reveal",
        "The customer forgot it",
        "Sara",
        {"path": path},
    )
    with pytest.raises(NotFound):
        browsing.reveal(boss, device, "Device.WiFi.None", "why not", NOW)
    assert audit.entries("another tenant") == []


# -- checks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value", "kind", "wanted"),
    [
        ("Device.WiFi.SSID.1.Enable", "true", "", ("1", "xsd:boolean")),
        ("Device.WiFi.Radio.1.Channel", "036", "unsignedInt", ("36", "xsd:unsignedInt")),
        ("Device.WiFi.SSID.1.SSID", " two words ", "xsd:string", (" two words ", "xsd:string")),
        ("Device.New.Thing", "x", "", ("x", "xsd:string")),
        (
            "Device.Time.Clock",
            "2030-01-31T12:00:00+01:00",
            "dateTime",
            ("2030-01-31T11:00:00Z", "xsd:dateTime"),
        ),
    ],
)
def test_a_value_that_fits_is_told_as_it_would_be_written(device, path, value, kind, wanted):
    assert browsing.check(device, path, value, kind) == wanted


@pytest.mark.parametrize(
    ("path", "value", "kind", "field"),
    [
        ("Device.WiFi.SSID.1.Enable", "maybe", "", "value"),
        ("Device.WiFi.Radio.1.Channel", "-1", "", "value"),
        ("Device.WiFi.Radio.1.Channel", "4294967296", "", "value"),
        ("Device.WiFi.Radio.1.Channel", "1", "string", "type"),
        ("Device.New.Thing", "x", "colour", "type"),
        ("Device.New.", "x", "", "path"),
        ("Nothing.New", "x", "", "path"),
        ("Device.WiFi.SSID.1.SSID", "a\x07b", "", "value"),
        ("Device.New.Bytes", "xyz", "hexBinary", "value"),
        ("Device.WiFi.SSID.2.SSID", "x", "", "path"),
    ],
)
def test_a_value_that_does_not_is_refused_by_field(tenant_id, device, path, value, kind, field):
    keep(tenant_id, device, "Device.WiFi.SSID.2.", [("Device.WiFi.SSID.2.SSID", False)])
    with pytest.raises(Invalid) as refused:
        browsing.check(device, path, value, kind)
    assert list(refused.value.fields) == [field]
