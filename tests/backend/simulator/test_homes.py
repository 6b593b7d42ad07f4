"""The stories: both data models, and what the household notices before and after a repair."""

from __future__ import annotations

import pytest

from backend.cwmp import datamodel
from backend.cwmp.rpc import ParameterValue
from backend.simulator import tr098, tr181
from backend.simulator.home import Lan, Station, dns_answers, household
from backend.simulator.homes import HOMES, HOST_098, POOL_181, by_serial, every, numbered
from backend.simulator.house import FACTORY_USERNAME
from backend.simulator.standing import DATA_MODELS

NOW = 1_700_000_000.0
STORIES = {home.story: home for home in HOMES}


def build(home):
    return DATA_MODELS[home.data_model].build(home, "http://127.0.0.1:7547/acs", 300, 1)


def troubles(home, tree, now=NOW, leases=None):
    model = DATA_MODELS[home.data_model]
    seen = household(model.lan(tree), home.stations, leases or {}, now)
    model.show(tree, seen)
    return {one.station.name: one.trouble for one in seen}


def write(tree, *values):
    tree.apply(tree.plan([ParameterValue(*v) for v in values]))


def test_homes_with_serials_phones_and_user_names_of_their_own():
    assert len(HOMES) == 16
    for name in ("story", "serial", "username", "number"):
        assert len({getattr(home, name) for home in every()}) == len(every())
    assert len({home.person.phone for home in every()}) == len(every())
    assert {home.data_model for home in HOMES} == {"tr181", "tr098"}
    assert by_serial("NV0000000001").story == "dhcp-disabled"


def test_dhcp_is_off_in_a_home_of_each_data_model():
    off = {h.data_model for h in HOMES if not DATA_MODELS[h.data_model].lan(build(h)).dhcp_enabled}
    assert off == {"tr181", "tr098"}


@pytest.mark.parametrize("home", every(), ids=lambda home: home.story)
def test_a_tree_is_whole_and_each_value_fits_its_type(home):
    tree = build(home)
    assert len(tree) >= 200
    for path in tree.values():
        parameter = tree.parameter(path)
        assert datamodel.is_path(path), path
        assert not datamodel.is_partial(path)
        datamodel.parse(parameter.value, parameter.type)
        assert not parameter.rule or not parameter.value or parameter.rule == parameter.rule.strip()
    for path in DATA_MODELS[home.data_model].INFORM:
        assert path in tree


@pytest.mark.parametrize("home", HOMES, ids=lambda home: home.story)
def test_what_a_tree_holds_would_be_taken_back_as_a_write(home):
    tree = build(home)
    writable = {one.name for one in tree.names("", next_level=False) if one.writable}
    tree.plan([told for told in tree.get([""]) if told.name in writable and told.value])


@pytest.mark.parametrize(
    ("story", "trouble"),
    [
        ("dhcp-disabled", "no-address"),
        ("pool-outside-subnet", "outside-subnet"),
        ("dns-not-allowed", "no-names"),
        ("two-at-once", "no-address"),
        ("healthy", ""),
        ("refuses-write", "no-address"),
        ("does-not-apply", "no-address"),
        ("unreachable", "no-address"),
    ],
)
def test_what_every_station_that_asks_for_an_address_has(story, trouble):
    home = STORIES[story]
    found = troubles(home, build(home))
    assert found.pop("printer") == ""
    assert set(found.values()) == {trouble}


@pytest.mark.parametrize("story", ["lease-too-short", "slow"])
def test_a_short_lease_makes_stations_come_and_go(story):
    home = STORIES[story]
    tree = build(home)
    found = [troubles(home, tree, NOW + second) for second in range(60)]
    for station in home.stations[:-1]:
        off_s = sum(at[station.name] == "lease-expired" for at in found)
        assert 10 <= off_s <= 20


def test_switching_dhcp_on_shows_in_the_hosts_of_tr181():
    home = STORIES["dhcp-disabled"]
    tree = build(home)
    troubles(home, tree)
    assert tree.value("Device.Hosts.Host.1.IPAddress") == ""
    assert tree.value("Device.Hosts.Host.1.Active") == "false"
    write(tree, ("Device.DHCPv4.Server.Enable", "1", "xsd:boolean"))
    assert set(troubles(home, tree).values()) == {""}
    assert tree.value("Device.Hosts.Host.1.IPAddress") == "192.168.1.100"
    assert tree.value("Device.Hosts.Host.1.Active") == "true"
    assert tree.value("Device.Hosts.Host.4.IPAddress") == "192.168.1.20"
    assert tree.value(POOL_181 + "ClientNumberOfEntries") == "3"
    assert tree.value(POOL_181 + "Client.1.Active") == "true"


def test_a_right_pool_shows_in_the_hosts_of_tr098():
    home = STORIES["pool-outside-subnet"]
    tree = build(home)
    troubles(home, tree)
    assert tree.value(tr098.LAN + "Hosts.Host.1.Active") == "0"
    write(
        tree,
        (HOST_098 + "MinAddress", "192.168.1.100", "xsd:string"),
        (HOST_098 + "MaxAddress", "192.168.1.199", "xsd:string"),
    )
    assert set(troubles(home, tree).values()) == {""}
    assert tree.value(tr098.LAN + "Hosts.Host.1.IPAddress") == "192.168.1.100"
    associated = tr098.LAN + "WLANConfiguration.2.AssociatedDevice.1.AssociatedDeviceIPAddress"
    assert tree.value(associated) == "192.168.1.100"


@pytest.mark.parametrize("story", ["dns-not-allowed", "pool-outside-subnet"])
def test_a_pool_upside_down_is_refused_by_name(story):
    home = STORIES[story]
    tree = build(home)
    prefix = POOL_181 if home.data_model == "tr181" else HOST_098
    with pytest.raises(Exception, match="9003") as caught:
        write(tree, (prefix + "MaxAddress", "192.168.1.2", "xsd:string"))
    assert [f.name for f in caught.value.parameters] == [prefix + "MaxAddress"]


def test_two_at_once_is_repaired_one_after_the_other():
    home = STORIES["two-at-once"]
    tree = build(home)
    write(tree, (HOST_098 + "DHCPServerEnable", "true", "xsd:boolean"))
    assert "lease-expired" in {t for s in range(60) for t in troubles(home, tree, NOW + s).values()}
    write(tree, (HOST_098 + "DHCPLeaseTime", "86400", "xsd:int"))
    assert {t for s in range(60) for t in troubles(home, tree, NOW + s).values()} == {""}


def test_an_allowed_name_server_opens_pages_again():
    home = STORIES["dns-not-allowed"]
    tree = build(home)
    write(tree, (POOL_181 + "DNSServers", "192.168.1.1,9.9.9.9", "xsd:string"))
    assert set(troubles(home, tree).values()) == {""}


@pytest.mark.parametrize(
    ("server", "answers"),
    [("192.168.1.1", True), ("9.9.9.9", True), ("10.0.0.9", False), ("192.168.1.7", False), ("x", False)],
)
def test_which_name_servers_answer(server, answers):
    assert dns_answers(server, "192.168.1.1") is answers


def lan(**changed):
    usual = {
        "router": "192.168.1.1", "mask": "255.255.255.0", "dhcp_enabled": True,
        "pool_min": "192.168.1.100", "pool_max": "192.168.1.101", "lease_s": 86400,
        "gateways": ("192.168.1.1",), "dns": ("192.168.1.1",),
    }  # fmt: skip
    return Lan(**{**usual, **changed})


STATIONS = tuple(Station(name, f"06:00:00:00:00:0{i}") for i, name in enumerate("abc"))


def test_a_full_pool_leaves_the_last_one_out():
    seen = household(lan(), STATIONS, {}, NOW)
    assert [one.trouble for one in seen] == ["", "", "pool-full"]


def test_a_station_keeps_the_address_it_had():
    leases = {STATIONS[2].mac: "192.168.1.100"}
    seen = household(lan(pool_max="192.168.1.150"), STATIONS, leases, NOW)
    assert [one.ip for one in seen] == ["192.168.1.101", "192.168.1.102", "192.168.1.100"]


def test_another_gateway_leads_nowhere():
    seen = household(lan(gateways=("192.168.1.2",)), STATIONS, {}, NOW)
    assert [one.trouble for one in seen] == ["no-gateway", "no-gateway", "pool-full"]


def test_an_endless_lease_and_wrong_addresses_do_no_harm():
    assert household(lan(lease_s=-1), STATIONS[:1], {}, NOW)[0].lease_left_s == -1
    assert household(lan(lease_s=0), STATIONS[:1], {}, NOW)[0].trouble == "lease-expired"
    assert household(lan(router="none"), STATIONS[:1], {}, NOW)[0].trouble == "pool-full"
    assert household(lan(pool_min=""), STATIONS[:1], {}, NOW)[0].trouble == "pool-full"


def test_as_many_homes_as_asked_each_of_its_own():
    many = numbered(40)
    assert many[:3] == numbered(3)
    assert not {home.serial for home in many} & {home.serial for home in every()}
    assert all(home.words()["username"] == FACTORY_USERNAME for home in many)
    assert len({home.serial for home in many}) == 40
    assert len({home.username for home in many}) == 40
    assert len({home.person.phone for home in many}) == 40
    assert len(tr181.build(many[10], "", 300, 1)) >= 200
