"""The stored data model: only what changed is written, only what is asked for is read."""

from __future__ import annotations

import pytest

from backend import database
from backend.devices import parameters, records
from backend.devices.statements import Statement
from backend.identity import secrets

pytestmark = pytest.mark.store
NOW = 1_700_000_000.0


@pytest.fixture
def device(tenant_id):
    return records.enrol(
        tenant_id, oui="00D09E", product_class="Hub", serial_number="R1", password="x", now=NOW
    )


def store(tenant, device, values, now=NOW, **more):
    with database.transaction():
        return parameters.store(
            tenant, device, [(path, value, "xsd:string") for path, value in values], now, **more
        )


def test_loads_what_lies_under_a_prefix_and_full_paths_only(tenant_id, device):
    store(
        tenant_id,
        device,
        [("Device.A.B", "1"), ("Device.A.C.D", "2"), ("Device.AB", "3"), ("Device.Z", "4")],
    )
    assert set(parameters.load(device, ["Device.A."])) == {"Device.A.B", "Device.A.C.D"}
    assert set(parameters.load(device, ["Device.AB", "Device.Nothing"])) == {"Device.AB"}
    assert set(parameters.load(device, ["Device.", "Device.A.", "Device.Z"])) == {
        "Device.A.B",
        "Device.A.C.D",
        "Device.AB",
        "Device.Z",
    }
    assert parameters.load(device, []) == {}


def test_a_value_keeps_its_type_and_time(tenant_id, device):
    with database.transaction():
        parameters.store(tenant_id, device, [("Device.On", "true", "xsd:boolean")], NOW)
    datum = parameters.load(device, ["Device.On"])["Device.On"]
    assert (datum.value, datum.type, datum.read_at) == ("true", "xsd:boolean", NOW)


def test_an_unchanged_value_is_refreshed_only_when_it_is_old(tenant_id, device):
    assert store(tenant_id, device, [("Device.A", "1")]) == 1
    assert store(tenant_id, device, [("Device.A", "1")], NOW + 30) == 0
    assert parameters.load(device, ["Device.A"])["Device.A"].read_at == NOW
    assert store(tenant_id, device, [("Device.A", "1")], NOW + 61) == 0
    assert parameters.load(device, ["Device.A"])["Device.A"].read_at == NOW + 61


def test_a_changed_value_or_type_is_written_at_once(tenant_id, device):
    store(tenant_id, device, [("Device.A", "1")])
    assert store(tenant_id, device, [("Device.A", "2")], NOW + 1) == 1
    assert parameters.load(device, ["Device.A"])["Device.A"].value == "2"
    with database.transaction():
        assert parameters.store(tenant_id, device, [("Device.A", "2", "xsd:int")], NOW + 2) == 1


def test_what_a_whole_object_no_longer_holds_is_forgotten(tenant_id, device):
    store(
        tenant_id,
        device,
        [("Device.Hosts.Host.1.X", "a"), ("Device.Hosts.Host.2.X", "b"), ("Device.A", "c")],
    )
    changed = store(tenant_id, device, [("Device.Hosts.Host.2.X", "b")], NOW + 1, whole=["Device.Hosts."])
    assert changed == 1
    assert set(parameters.load(device, ["Device."])) == {"Device.Hosts.Host.2.X", "Device.A"}


def test_an_empty_object_forgets_all_under_it(tenant_id, device):
    store(tenant_id, device, [("Device.Hosts.Host.1.X", "a")])
    assert store(tenant_id, device, [], whole=["Device.Hosts."]) == 1
    assert parameters.load(device, ["Device."]) == {}


def test_secrets_are_sealed_in_rows_and_masked_when_loaded(tenant_id, device):
    path = "Device.WiFi.AccessPoint.1.Security.KeyPassphrase"
    store(tenant_id, device, [(path, "correct horse")])
    kept = Statement("SELECT value FROM stored_parameter WHERE path = ?")(path).fetchone()[0]
    assert "correct horse" not in kept
    assert secrets.open_sealed(tenant_id, kept) == "correct horse"
    assert parameters.load(device, ["Device.WiFi."])[path].value == secrets.mask("x")
    assert store(tenant_id, device, [(path, "correct horse")], NOW + 1) == 0
    assert store(tenant_id, device, [(path, "another")], NOW + 2) == 1


def test_what_was_kept_before_its_name_was_a_secrets_goes_on(tenant_id, device, monkeypatch):
    """A later version knows more names of secrets than the one that wrote the row."""
    path = "Device.X_ACME_WPAKey"
    with monkeypatch.context() as earlier:
        earlier.setattr(parameters, "is_secret", lambda name: False)
        store(tenant_id, device, [(path, "old key")])
    assert parameters.load(device, [path])[path].value == parameters.MASK
    assert parameters.secrets_of(tenant_id, device, [path]) == {path: "old key"}
    assert store(tenant_id, device, [(path, "old key")], NOW + 61) == 0
    assert store(tenant_id, device, [(path, "new key")]) == 1
    with database.connection():
        (kept,) = Statement("SELECT value FROM stored_parameter WHERE path = ?")(path).fetchone()
    assert secrets.open_sealed(tenant_id, kept) == "new key"


def test_many_values_are_stored_in_batches(tenant_id, device):
    values = [(f"Device.Big.{n}.Value", str(n)) for n in range(1, 1203)]
    assert store(tenant_id, device, values) == 1202
    assert store(tenant_id, device, values, NOW + 100) == 0
    loaded = parameters.load(device, ["Device.Big."])
    assert len(loaded) == 1202
    assert {datum.read_at for datum in loaded.values()} == {NOW + 100}
    assert store(tenant_id, device, [], whole=["Device.Big."]) == 1202


def test_signs_that_mean_something_in_sql_mean_nothing_here(tenant_id, device):
    store(tenant_id, device, [("Device.A%", "%s"), ("Device.A_B", "'; --")])
    assert parameters.load(device, ["Device.A%"])["Device.A%"].value == "%s"
    assert parameters.load(device, ["Device.A_B"])["Device.A_B"].value == "'; --"


def test_a_path_too_long_for_a_row_is_left_out(tenant_id, device):
    assert store(tenant_id, device, [("Device." + "x" * 300, "1"), ("", "2")]) == 0


def test_drop_forgets_one_device_only(tenant_id, device):
    other = records.enrol(
        tenant_id, oui="00D09E", product_class="Hub", serial_number="R2", password="x", now=NOW
    )
    store(tenant_id, device, [("Device.A", "1")])
    store(tenant_id, other, [("Device.A", "1")])
    with database.transaction():
        parameters.drop(device)
    assert parameters.load(device, ["Device."]) == {}
    assert set(parameters.load(other, ["Device."])) == {"Device.A"}


def test_a_device_fills_no_store(tenant_id, device, monkeypatch):
    """New names beyond the limit are left out; what is known goes on, and what is gone makes room."""
    monkeypatch.setattr(parameters, "DEVICE_LIMIT_ROWS", 3)
    store(tenant_id, device, [(f"Device.T.{n}", "1") for n in range(5)])
    assert set(parameters.load(device, ["Device."])) == {"Device.T.0", "Device.T.1", "Device.T.2"}
    store(tenant_id, device, [("Device.T.9", "1"), ("Device.T.1", "2")])
    assert parameters.load(device, ["Device."])["Device.T.1"].value == "2"
    assert "Device.T.9" not in parameters.load(device, ["Device."])
    store(tenant_id, device, [("Device.T.8", "1")], whole=["Device.T."])
    assert set(parameters.load(device, ["Device."])) == {"Device.T.8"}


def test_a_value_without_end_is_left_out(tenant_id, device):
    store(tenant_id, device, [("Device.A", "x" * (parameters.VALUE_LIMIT_CHARS + 1)), ("Device.B", "1")])
    assert set(parameters.load(device, ["Device."])) == {"Device.B"}
