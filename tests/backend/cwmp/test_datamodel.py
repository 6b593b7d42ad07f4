"""Values as devices spell them, and the paths that may be asked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.cwmp import datamodel


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("1", "xsd:boolean", True),
        (" True\n", "xsd:boolean", True),
        ("false", "xsd:boolean", False),
        ("-1", "xsd:int", -1),
        ("+007", "xsd:unsignedInt", 7),
        ("18446744073709551615", "xsd:unsignedLong", 2**64 - 1),
        (" as it is ", "xsd:string", " as it is "),
        ("YWI=", "xsd:base64Binary", b"ab"),
        ("00ff", "xsd:hexBinary", b"\x00\xff"),
        ("2026-01-31T23:59:59+01:00", "xsd:dateTime", datetime(2026, 1, 31, 22, 59, 59, tzinfo=UTC)),
        ("2026-01-31T23:59:59.25Z", "xsd:dateTime", datetime(2026, 1, 31, 23, 59, 59, 250_000, UTC)),
        ("2026-01-31T23:59:59", "xsd:dateTime", datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC)),
        (datamodel.UNKNOWN_TIME, "xsd:dateTime", datetime(1, 1, 1, tzinfo=UTC)),
    ],
)
def test_parse(text: str, kind: str, value: datamodel.Value) -> None:
    assert datamodel.parse(text, kind) == value


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("yes", "xsd:boolean"),
        ("", "xsd:int"),
        ("1_0", "xsd:int"),
        ("٣", "xsd:int"),
        ("2147483648", "xsd:int"),
        ("-1", "xsd:unsignedInt"),
        ("9" * 5000, "xsd:unsignedLong"),
        ("2026-13-01T00:00:00Z", "xsd:dateTime"),
        ("yesterday", "xsd:dateTime"),
        ("?", "xsd:base64Binary"),
        ("0g", "xsd:hexBinary"),
        ("x", "xsd:other"),
    ],
)
def test_what_is_not_of_its_type(text: str, kind: str) -> None:
    with pytest.raises(ValueError):
        datamodel.parse(text, kind)


@given(
    st.one_of(
        st.tuples(st.booleans(), st.just("xsd:boolean")),
        st.tuples(st.integers(-(2**31), 2**31 - 1), st.just("xsd:int")),
        st.tuples(st.integers(0, 2**64 - 1), st.just("xsd:unsignedLong")),
        st.tuples(st.text(), st.just("xsd:string")),
        st.tuples(st.binary(), st.sampled_from(["xsd:base64Binary", "xsd:hexBinary"])),
        st.tuples(
            st.datetimes(timezones=st.just(UTC)).map(lambda t: t.replace(microsecond=0)),
            st.just("xsd:dateTime"),
        ),
    )
)
def test_parse_reads_what_write_wrote(pair: tuple[datamodel.Value, str]) -> None:
    value, kind = pair
    assert datamodel.parse(datamodel.write(value, kind), kind) == value


@pytest.mark.parametrize(
    ("value", "kind"),
    [(True, "xsd:int"), ("x", "xsd:int"), (-1, "xsd:unsignedInt"), (datetime(2026, 1, 1), "xsd:dateTime")],  # noqa: DTZ001
)
def test_what_cannot_be_written(value: datamodel.Value, kind: str) -> None:
    with pytest.raises(ValueError):
        datamodel.write(value, kind)


def test_two_spellings_of_one_value() -> None:
    assert datamodel.same("1", "true", "xsd:boolean")
    assert datamodel.same("007", "7", "xsd:unsignedInt")
    assert not datamodel.same("007", "7", "xsd:string")
    assert not datamodel.same("x", "7", "xsd:int")


@pytest.mark.parametrize(
    "path",
    [
        "Device.",
        "Device.DHCPv4.Server.Pool.1.MinAddress",
        "InternetGatewayDevice.LANDevice.1.",
        "Device.X_00AABB_A-b.1.2.",
    ],
)
def test_a_path(path: str) -> None:
    assert datamodel.is_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "Device",
        "Other.X",
        "Device..X",
        "Device.0.",
        "Device.A b",
        "Device.A'",
        "Device." + "A" * 256,
    ],
)
def test_no_path(path: str) -> None:
    assert not datamodel.is_path(path)


def test_what_a_path_covers() -> None:
    assert datamodel.covers("Device.A.", "Device.A.B")
    assert datamodel.covers("Device.A", "Device.A")
    assert not datamodel.covers("Device.A", "Device.AB")
    assert datamodel.is_partial("Device.A.")
    assert not datamodel.is_partial("Device.A")
    assert datamodel.data_model_of("Device.A") == "tr181"
    assert datamodel.data_model_of("InternetGatewayDevice.A") == "tr098"
    assert datamodel.data_model_of("Devices.A") is None
