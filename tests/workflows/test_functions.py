"""Addresses, subnets and pools: total over what devices may hold."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows import functions

ADDRESSES = st.ip_addresses(v=4).map(str)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("192.168.1.1", True),
        (" 10.0.0.1 ", True),
        ("0.0.0.0", False),
        ("", False),
        ("1.2.3", False),
        ("a", False),
    ],
)
def test_is_ip(text: str, is_one: bool) -> None:
    assert functions.is_ip(text) is is_one


def test_what_is_no_address_is_in_no_subnet() -> None:
    assert not functions.ip_in_subnet("", "192.168.1.1", "255.255.255.0")
    assert functions.ip_in_subnet("192.168.1.200", "192.168.1.1", "255.255.255.0")
    assert not functions.ip_in_subnet("192.168.2.1", "192.168.1.1", "255.255.255.0")


@pytest.mark.parametrize(
    ("ip", "mask"), [("", "255.255.255.0"), ("192.168.1.1", ""), ("192.168.1.1", "1.2.3.4")]
)
def test_a_network_that_is_none_is_an_error(ip: str, mask: str) -> None:
    with pytest.raises(ValueError):
        functions.ip_in_subnet("192.168.1.5", ip, mask)


def test_the_usual_pools() -> None:
    assert functions.dhcp_pool("192.168.1.1", "255.255.255.0") == ["192.168.1.100", "192.168.1.200"]
    assert functions.dhcp_pool("192.168.1.254", "255.255.255.0") == ["192.168.1.100", "192.168.1.200"]
    assert functions.dhcp_pool("10.0.0.150", "255.255.255.0") == ["10.0.0.1", "10.0.0.101"]
    assert functions.dhcp_pool("10.0.0.1", "255.255.255.252") == ["10.0.0.2", "10.0.0.2"]


@given(ADDRESSES, st.integers(min_value=1, max_value=30))
def test_a_pool_lies_in_the_subnet_and_leaves_the_router_out(router: str, prefix: int) -> None:
    network = IPv4Network((router, prefix), strict=False)
    low, high = (IPv4Address(text) for text in functions.dhcp_pool(router, str(network.netmask)))
    assert network.network_address < low <= high < network.broadcast_address
    assert not low <= IPv4Address(router) <= high
    assert int(high) - int(low) < functions.POOL_LIMIT_ADDRESSES


def test_no_room_is_an_error() -> None:
    with pytest.raises(ValueError):
        functions.dhcp_pool("10.0.0.1", "255.255.255.255")


def test_a_mac_address_is_found_however_it_is_spelt() -> None:
    assert functions.mac_in("06:AA:00:00:00:01", ["x", "06-aa-00-00-00-01"])
    assert not functions.mac_in("06:AA:00:00:00:01", ["06:AA:00:00:00:02"])
    assert not functions.mac_in("", [""])
    assert not functions.mac_in("none", ["none"])


def test_a_device_is_called_by_its_name() -> None:
    rows = [{"mac": "06-aa-00-00-00-01", "name": ""}, {"mac": "06:AA:00:00:00:01", "name": "console"}]
    assert functions.device_name(rows, "06:aa:00:00:00:01") == "console (06:aa:00:00:00:01)"
    assert functions.device_name(rows, "06:aa:00:00:00:02") == "06:aa:00:00:00:02"
    assert functions.device_name([{"mac": "x", "name": "none"}], "x") == "x"
