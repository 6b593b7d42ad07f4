"""Rows added and deleted: AddObject, DeleteObject, and what a restart makes of them."""

from __future__ import annotations

import pytest

from backend.cwmp import rpc
from backend.simulator.homes import HOST_098
from backend.simulator.rows import read_rows

NOW = 1_700_000_000.0
MAPPINGS = "Device.NAT.PortMapping."
COUNT = "Device.NAT.PortMappingNumberOfEntries"
RESERVED = "Device.DHCPv4.Server.Pool.1.StaticAddress."


def ask(router, request):
    return router.answer(request, "1", NOW)


def names(router, path, next_level=True):
    return {one.name: one.writable for one in ask(router, rpc.GetParameterNames(path, next_level)).names}


def test_a_row_is_added_written_counted_and_deleted(opened):
    router = opened("healthy")
    assert names(router, MAPPINGS) == {}
    assert ask(router, rpc.GetParameterValues((MAPPINGS,))).values == ()
    assert ask(router, rpc.AddObject(MAPPINGS, "k1")) == rpc.AddObjectResponse(1, 0)
    assert ask(router, rpc.AddObject(MAPPINGS, "k2")) == rpc.AddObjectResponse(2, 0)
    assert router.tree.value(COUNT) == "2"
    port = rpc.ParameterValue(f"{MAPPINGS}1.ExternalPort", "8080", "xsd:unsignedInt")
    assert ask(router, rpc.SetParameterValues((port,))).status == 0
    assert names(router, MAPPINGS) == {f"{MAPPINGS}1.": True, f"{MAPPINGS}2.": True}
    assert ask(router, rpc.DeleteObject(f"{MAPPINGS}1.", "k3")) == rpc.DeleteObjectResponse(0)
    assert router.tree.value(COUNT) == "1"
    assert router.management("ParameterKey") == "k3"
    assert [(line["rpc"], line["path"], line["command"]) for line in router.applied] == [
        ("AddObject", f"{MAPPINGS}1.", "k1"),
        ("AddObject", f"{MAPPINGS}2.", "k2"),
        ("SetParameterValues", port.name, "1"),
        ("DeleteObject", f"{MAPPINGS}1.", "k3"),
    ]


def test_rows_their_values_and_their_numbers_survive_a_restart(opened):
    router = opened("healthy")
    for _ in range(3):
        ask(router, rpc.AddObject(MAPPINGS))
    client = rpc.ParameterValue(f"{MAPPINGS}2.InternalClient", "192.168.1.20", "xsd:string")
    ask(router, rpc.SetParameterValues((client,)))
    ask(router, rpc.DeleteObject(f"{MAPPINGS}3."))
    ask(router, rpc.DeleteObject(f"{RESERVED}1."))
    again = opened("healthy")
    assert again.tree.numbers(MAPPINGS) == [1, 2]
    assert again.tree.value(client.name) == client.value
    assert again.tree.value(COUNT) == "2"
    assert again.tree.numbers(RESERVED) == []
    assert ask(again, rpc.AddObject(MAPPINGS)).instance_number == 4
    assert ask(again, rpc.AddObject(RESERVED)).instance_number == 2


def test_a_table_inside_a_row_of_tr098(opened):
    router = opened("slow")
    table = HOST_098 + "DHCPStaticAddress."
    assert ask(router, rpc.AddObject(table)).instance_number == 2
    assert router.tree.value(HOST_098 + "DHCPStaticAddressNumberOfEntries") == "2"
    assert router.tree.value(f"{table}2.Enable") == "0"


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (rpc.AddObject("Device.Hosts.Host."), "9005"),
        (rpc.AddObject("Device.NAT.PortMapping"), "9005"),
        (rpc.AddObject(f"{MAPPINGS}1."), "9005"),
        (rpc.DeleteObject(MAPPINGS), "9005"),
        (rpc.DeleteObject(f"{MAPPINGS}7."), "9005"),
        (rpc.DeleteObject("Device.Hosts.Host.1."), "9005"),
    ],
)
def test_what_is_no_table_and_no_row(opened, request_, code):
    router = opened("healthy")
    assert ask(router, request_).code == code
    assert router.applied == []


def test_a_full_table_and_a_locked_one(opened):
    router = opened("healthy")
    for number in range(4 - 1):
        assert ask(router, rpc.AddObject("Device.DNS.Client.Server.")).instance_number == number + 2
    assert ask(router, rpc.AddObject("Device.DNS.Client.Server.")).code == "9004"
    assert ask(opened("refuses-write"), rpc.AddObject(RESERVED)).code == "9001"


def test_templates_are_read_as_written():
    text = "Device.A.{i}. 3 ACount\nX string w {i}\nB.Y int r 0\nDevice.A.{i}.C.{i}.\nZ boolean w 1\n"
    one, two = read_rows(text)
    assert (one.limit, one.count_path("Device.A.")) == (3, "Device.ACount")
    row = [(p.path, p.value) for p in one.row("Device.A.", 7)]
    assert row == [("Device.A.7.X", "7"), ("Device.A.7.B.Y", "0")]
    assert two.count_path("Device.A.1.C.") == ""
    assert two.pattern.fullmatch("Device.A.12.C.")
