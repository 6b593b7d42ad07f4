"""The rules of reading and writing a parameter tree (TR-069 A.3.2)."""

from __future__ import annotations

import pytest

from backend.cwmp.rpc import ParameterInfo, ParameterValue
from backend.simulator.model import Change, ModelFault, ParameterTree
from backend.simulator.parameter import read_table

TABLE = """
Device.
RootDataModelVersion string r 2.16
Device.LAN.
Enable boolean w true
Name string w home ; len 1..8
Mode string w a ; a|b
Port unsignedInt w 443 ; 1..65535
Lease int w 60 ; -1..
Address string w 192.168.1.1 ; ipv4
Servers string w ; ipv4s
Chaddr string w ; mac
Since dateTime w 0001-01-01T00:00:00Z
Device.LAN.Key.1.
Passphrase string h secret-words
Device.LAN.Key.10.
Passphrase string h more-words
"""


@pytest.fixture
def tree() -> ParameterTree:
    return ParameterTree(read_table(TABLE))


def value(path: str, text: str, kind: str = "xsd:string") -> ParameterValue:
    return ParameterValue(path, text, kind)


def refusal(tree: ParameterTree, *values: ParameterValue) -> list[tuple[str, str]]:
    with pytest.raises(ModelFault) as caught:
        tree.plan(values)
    assert caught.value.code == "9003"
    return [(fault.name, fault.code) for fault in caught.value.parameters]


def test_full_and_partial_names_are_read(tree):
    assert tree.get(["Device.LAN.Mode"]) == [("Device.LAN.Mode", "a", "xsd:string")]
    assert len(tree.get(["Device.LAN."])) == 11
    assert tree.get([""]) == tree.get(["Device."])
    assert len(tree.get(["Device."])) == len(tree)


def test_a_partial_name_takes_only_whole_parts(tree):
    assert [v.name for v in tree.get(["Device.LAN.Key.1."])] == ["Device.LAN.Key.1.Passphrase"]


def test_a_hidden_parameter_reads_as_nothing_but_keeps_its_value(tree):
    assert tree.get(["Device.LAN.Key.1.Passphrase"])[0].value == ""
    assert tree.value("Device.LAN.Key.1.Passphrase") == "secret-words"


@pytest.mark.parametrize("name", ["Device.WiFi.", "Device.LAN", "Device.LAN.Nothing", "Device.LAN.Key.2."])
def test_reading_what_is_not_there_is_9005(tree, name):
    with pytest.raises(ModelFault) as caught:
        tree.get(["Device.LAN.Mode", name])
    assert caught.value.code == "9005"
    assert name in caught.value.text


@pytest.mark.parametrize(
    ("path", "text", "kind", "code"),
    [
        ("Device.LAN.Nothing", "1", "xsd:string", "9005"),
        ("Device.LAN.Enable", "1", "xsd:string", "9006"),
        ("Device.LAN.Enable", "on", "xsd:boolean", "9007"),
        ("Device.LAN.Name", "", "xsd:string", "9007"),
        ("Device.LAN.Name", "far too long", "xsd:string", "9007"),
        ("Device.LAN.Mode", "c", "xsd:string", "9007"),
        ("Device.LAN.Port", "0", "xsd:unsignedInt", "9007"),
        ("Device.LAN.Port", "-1", "xsd:unsignedInt", "9007"),
        ("Device.LAN.Port", "1.5", "xsd:unsignedInt", "9007"),
        ("Device.LAN.Lease", "-2", "xsd:int", "9007"),
        ("Device.LAN.Lease", "99999999999", "xsd:int", "9007"),
        ("Device.LAN.Address", "192.168.1.256", "xsd:string", "9007"),
        ("Device.LAN.Servers", "9.9.9.9,", "xsd:string", "9007"),
        ("Device.LAN.Chaddr", "00:00", "xsd:string", "9007"),
        ("Device.LAN.Since", "yesterday", "xsd:dateTime", "9007"),
        ("Device.RootDataModelVersion", "3", "xsd:string", "9008"),
    ],
)
def test_a_bad_parameter_is_named_with_its_code(tree, path, text, kind, code):
    assert refusal(tree, value(path, text, kind)) == [(path, code)]


def test_every_bad_parameter_is_named_and_none_is_applied(tree):
    before = tree.values()
    found = refusal(
        tree,
        value("Device.LAN.Mode", "b"),
        value("Device.LAN.Port", "0", "xsd:unsignedInt"),
        value("Device.RootDataModelVersion", "3"),
    )
    assert found == [("Device.LAN.Port", "9007"), ("Device.RootDataModelVersion", "9008")]
    assert tree.values() == before


def test_one_parameter_twice_in_a_request_is_refused(tree):
    found = refusal(tree, value("Device.LAN.Mode", "b"), value("Device.LAN.Mode", "a"))
    assert found == [("Device.LAN.Mode", "9003")]


def test_a_write_is_applied_in_order_and_the_same_value_again_is_a_change(tree):
    changes = tree.plan([value("Device.LAN.Servers", "9.9.9.9, 1.1.1.1"), value("Device.LAN.Mode", "a")])
    assert changes == [
        Change("Device.LAN.Servers", "", "9.9.9.9, 1.1.1.1"),
        Change("Device.LAN.Mode", "a", "a"),
    ]
    assert tree.value("Device.LAN.Servers") == ""
    tree.apply(changes)
    assert tree.value("Device.LAN.Servers") == "9.9.9.9, 1.1.1.1"


def test_booleans_are_kept_in_the_routers_own_spelling():
    tree = ParameterTree(read_table(TABLE, ("0", "1")), ("0", "1"))
    assert tree.value("Device.LAN.Enable") == "1"
    tree.apply(tree.plan([value("Device.LAN.Enable", "false", "xsd:boolean")]))
    assert tree.value("Device.LAN.Enable") == "0"
    assert not tree.is_true("Device.LAN.Enable")


def test_names_of_everything_below_and_of_the_next_level_only(tree):
    assert tree.names("Device.LAN.Mode", False) == [ParameterInfo("Device.LAN.Mode", True)]
    level = tree.names("Device.LAN.Key.", True)
    assert level == [ParameterInfo("Device.LAN.Key.1.", False), ParameterInfo("Device.LAN.Key.10.", False)]
    assert tree.names("", True) == [ParameterInfo("Device.", False)]
    below = [info.name for info in tree.names("Device.LAN.Key.", False)]
    assert below[0] == "Device.LAN.Key."
    assert "Device.LAN.Key.10.Passphrase" in below


@pytest.mark.parametrize(
    ("path", "next_level", "code"),
    [("Device.LAN", False, "9005"), ("Device.Nothing.", True, "9005"), ("Device.LAN.Mode", True, "9003")],
)
def test_names_of_what_is_not_there(tree, path, next_level, code):
    with pytest.raises(ModelFault) as caught:
        tree.names(path, next_level)
    assert caught.value.code == code
