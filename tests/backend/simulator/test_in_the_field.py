"""Each way in which routers differ in the field, by a router that differs so, at the real ACS."""

from __future__ import annotations

import pytest
from flask import Flask

from backend import announcements
from backend.announcements import Hearers
from backend.cwmp import rpc
from backend.database import after_commit
from backend.devices import files, links, records
from backend.devices.announcements import TaskFinished
from backend.files import FileServer
from backend.simulator import variant_osterby
from backend.simulator.firmware import build_image
from tests.backend.simulator.in_the_field import SETTINGS, Field
from tests.backend.simulator.test_with_acs import Serving
from workflows.effects import AddObject, Download, SetValues
from workflows.settings import NotCapable, Refused

HOST = "InternetGatewayDevice.LANDevice.1.LANHostConfigManagement."


@pytest.fixture
def field(make_tenant, database, tmp_path):
    """field(story) -> a home that has called once."""
    tenant_id = make_tenant("north").tenant_id
    replies = {}

    def finished(told: TaskFinished) -> None:
        replies[told.owner_key] = told.reply

    with announcements.wired({TaskFinished: Hearers(inside=[finished])}, after_commit):

        def of(story):
            made = Field(tenant_id, story, tmp_path / "routers", replies)
            made.contact()
            return made

        yield of


# -- units ---------------------------------------------------------------------------------------


def test_optical_power_in_tenths_of_a_microwatt_or_as_a_text_with_its_unit(field):
    assert field("several-wans").value("wan.optical_power") == pytest.approx(-25.086)
    assert field("hardware-apart").value("wan.optical_power") == -18.5


def test_signals_as_half_steps_above_110_or_without_their_minus(field):
    t5 = field("other-way-round").value("stations")
    assert [-90 < row["signal_dbm"] < -30 for row in t5] == [True, True]
    assert {row["band"] for row in t5} == {"2.4GHz", "5GHz"}
    assert all(-90 < row["signal_dbm"] < -30 for row in field("one-ping").value("stations"))


def test_ping_in_microseconds_and_bytes_swapped(field):
    home = field("several-wans")
    reply, found = home.diagnose("ping", host="9.9.9.9", count=3)
    assert reply.ok and found["success"] == 3 and 1 <= found["average_ms"] < 100
    known = home.read("wan.bytes_sent", "wan.bytes_received")
    assert SETTINGS.value("wan.bytes_sent", known) == 209_715_200
    assert SETTINGS.value("wan.bytes_received", known) == 734_003_200


# -- types ---------------------------------------------------------------------------------------


def test_every_value_a_text_and_switches_in_words(field):
    home = field("other-way-round")
    known = home.read("wifi.5g.enabled", "wifi.5g.auto_channel", "dhcp.enabled", "wifi.5g.channel")
    assert {datum.type for path, datum in known.parameters.items() if "LANDevice" in path} == {"xsd:string"}
    assert [SETTINGS.value(f"wifi.5g.{name}", known) for name in ("enabled", "auto_channel")] == [True, True]
    assert SETTINGS.value("dhcp.enabled", known) is True
    (reply,) = home.write({"wifi.5g.auto_channel": False, "wifi.5g.channel": 44})
    assert reply.ok
    assert home.router.tree.value("InternetGatewayDevice.LANDevice.1.WLANConfiguration.2.Channel") == "44"
    assert home.value("wifi.5g.auto_channel") is False


def test_a_width_as_0_to_3(field):
    home = field("other-way-round")
    assert home.value("wifi.5g.bandwidth") == "80MHz"
    (reply,) = home.write({"wifi.5g.bandwidth": "40MHz"})
    assert reply.ok and home.value("wifi.5g.bandwidth") == "40MHz"
    path, _ = SETTINGS.path_of("wifi.5g.bandwidth", home.facts(("wifi.5g.bandwidth",)))
    assert SETTINGS.told(path, "3", home.facts(("wifi.5g.bandwidth",))) == "160MHz"


def test_eleven_spellings_of_tcp_and_udp(field):
    rules = field("choosy").value("port_rules")
    assert [row["protocol"] for row in rules] == ["TCP and UDP"] * 11 + ["UDP"]


def test_a_new_port_rule_is_written_in_this_models_words(field):
    home = field("choosy")
    known = home.read("port_rules")
    table, _ = SETTINGS.path_of("port_rules", known)
    made = home.do(AddObject(table))
    asked = {"protocol": "TCP and UDP", "external_port": 8080, "enabled": True}
    row = SETTINGS.row(table, asked, known)
    instance = f"{table}{made.instance}."
    together = SETTINGS.together([(instance + name, text, kind) for name, text, kind in row], known)
    assert home.do(SetValues(tuple(together))).ok
    assert home.value("port_rules")[-1] | asked == home.value("port_rules")[-1]
    assert home.router.tree.value(instance + "PortMappingProtocol") == "TCP/UDP"
    with pytest.raises(Refused):
        SETTINGS.row(table, {"protocol": "SCTP"}, known)


# -- instances -----------------------------------------------------------------------------------


def test_bands_numbered_the_other_way_round(field):
    home = field("other-way-round")
    known = home.read("wifi.2g.channel", "wifi.5g.channel")
    assert (SETTINGS.value("wifi.2g.channel", known), SETTINGS.value("wifi.5g.channel", known)) == (6, 36)
    assert SETTINGS.path_of("wifi.2g.channel", known)[0].endswith("WLANConfiguration.6.Channel")
    assert SETTINGS.path_of("wifi.5g.channel", known)[0].endswith("WLANConfiguration.1.Channel")


def test_of_several_wans_the_one_that_carries_the_internet(field):
    home = field("several-wans")
    assert home.value("wan.ip") == home.home.words()["wan_ip"]
    assert SETTINGS.path_of("wan.ip", home.facts(("wan.ip",)))[0].startswith("Device.IP.Interface.4.")
    assert home.value("wan.connected") is True


# -- writes --------------------------------------------------------------------------------------


def test_a_name_goes_with_its_key(field):
    home = field("choosy")
    (reply,) = home.write({"wifi.2g.ssid": "Sady", "wifi.2g.key": "jablonie-2024"})
    wlan = "InternetGatewayDevice.LANDevice.1.WLANConfiguration.1."
    assert reply.ok
    assert home.router.tree.value(wlan + "SSID") == "Sady"
    assert home.router.tree.value(wlan + "PreSharedKey.1.KeyPassphrase") == "jablonie-2024"


def test_a_name_without_a_key_is_refused_where_the_key_would_be_lost(field):
    home = field("choosy")
    with pytest.raises(Refused) as caught:
        home.write({"wifi.2g.ssid": "Sady"})
    assert caught.value.setting == "wifi.2g.ssid" and "password" in caught.value.reason
    assert not any(isinstance(message, rpc.SetParameterValues) for message in home.seen)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"wifi.5g.ssid": "Żółw", "wifi.5g.key": "jablonie-2024"}, "no spaces and no letters with accents"),
        ({"wifi.5g.ssid": "U nas", "wifi.5g.key": "jablonie-2024"}, "no spaces and no letters with accents"),
        ({"login.user": "admin"}, 'does not take the user name "admin"'),
    ],
)
def test_what_this_model_refuses_does_not_leave(field, values, reason):
    home = field("choosy")
    with pytest.raises(Refused) as caught:
        home.write(values)
    assert reason in caught.value.reason and caught.value.texts["pl"]
    assert not any(isinstance(message, rpc.SetParameterValues) for message in home.seen)


def test_name_servers_after_the_providers_are_off(field):
    home = field("choosy")
    replies = home.write({"dhcp.dns": ["9.9.9.9", "1.1.1.1"]})
    assert [reply.ok for reply in replies] == [True, True]
    assert home.router.tree.value(HOST + "DNSServers") == "9.9.9.9,1.1.1.1"
    assert home.value("wan.provider_dns") is False


def test_a_restart_is_needed_after_some_changes(field):
    home = field("choosy")
    (reply,) = home.write({"dhcp.pool.min": "192.168.1.50"})
    assert reply.ok and reply.status == 1 and home.value("dhcp.pool.min") == "192.168.1.100"
    assert SETTINGS.after_write(("dhcp.pool.min",), home.facts()) == {"reboot": True}
    assert SETTINGS.after_write(("dhcp.lease",), home.facts()) == {"reboot": False}
    assert SETTINGS.after_write((HOST + "MaxAddress",), home.facts()) == {"reboot": True}


def test_port_rules_that_games_made_are_left_alone(field):
    home = field("choosy")
    known = home.read("port_rules")
    rules = SETTINGS.value("port_rules", known)
    SETTINGS.leave_alone(rules[0]["object"], known)
    with pytest.raises(Refused) as caught:
        SETTINGS.leave_alone(rules[11]["object"], known)
    assert caught.value.setting == "port_rules"
    with pytest.raises(Refused):
        SETTINGS.together([(rules[11]["object"] + "InternalPort", "1", "xsd:unsignedInt")], known)


# -- diagnostics ---------------------------------------------------------------------------------


def test_a_survey_of_each_band_apart_that_must_be_asked(field):
    home = field("other-way-round")
    reply, found = home.diagnose("neighbours")
    assert reply.ok
    asked = [m for m in home.seen if isinstance(m, rpc.SetParameterValues)]
    assert [next(v.name for v in m.values).split(".")[4] for m in asked] == ["1", "6"]
    rows = found["neighbours"]
    assert rows and all(-100 < row["signal_dbm"] < -20 for row in rows)
    assert {row["band"] for row in rows} == {"2.4GHz", "5GHz"}
    assert len({row["bssid"] for row in rows}) == len(rows)


def test_the_other_maker_of_tr098_scans_in_its_own_way(field):
    reply, found = field("pool-outside-subnet").diagnose("neighbours")
    assert reply.ok and found["neighbours"]
    assert {"ssid", "bssid", "channel", "band", "signal_dbm"} <= found["neighbours"][0].keys()


def test_an_interface_is_named_for_ping(field):
    home = field("several-wans")
    reply, _ = home.diagnose("ping", host="9.9.9.9")
    assert reply.ok
    (asked,) = [m for m in home.seen if isinstance(m, rpc.SetParameterValues)]
    named = {v.name.rpartition(".")[2]: v.value for v in asked.values}
    assert named["Interface"] == "Device.IP.Interface.4."


def test_a_ping_of_one_packet(field):
    home = field("one-ping")
    reply, found = home.diagnose("ping", host="9.9.9.9", count=5)
    assert reply.ok and found["success"] == 1


def test_a_test_that_always_fails_is_not_run(field):
    home = field("one-ping")
    with pytest.raises(NotCapable) as caught:
        home.diagnose("traceroute", host="9.9.9.9")
    assert "always fails" in caught.value.reason
    assert SETTINGS.capability("download", home.facts()).limits == {"mbps": 95.0}


def test_versions_that_lost_a_feature(field):
    assert SETTINGS.capability("neighbours", field("one-ping").facts()).available
    lost = field("lost-scan")
    capability = SETTINGS.capability("neighbours", lost.facts())
    assert not capability.available and "lost the WiFi scan" in capability.reason
    assert SETTINGS.capability("neighbours", field("falls-back").facts()).available


# -- identity and firmware -----------------------------------------------------------------------


@pytest.mark.parametrize("story", ["mac-as-serial", "hexadecimal"])
def test_serial_numbers_that_are_no_plain_numbers(field, story):
    home = field(story)
    assert home.value("firmware") == "9.1"


def test_only_the_hardware_version_tells_models_apart(field):
    names = [
        [p.name for p in SETTINGS.fitted(field(story).facts().device).profiles]
        for story in ("several-wans", "hardware-apart")
    ]
    assert names == [["brennholt", "brennholt-lumo-r1"], ["brennholt", "brennholt-lumo-r2"]]


@pytest.mark.network
def test_an_update_that_comes_up_as_another_version_is_not_done(field):
    """Success is the target version running, not that the version changed."""
    home = field("falls-back")
    home.router.flash_s = 0.0
    target = variant_osterby.SENT
    image = build_image("Home 2", target, size_bytes=4096)
    file_id = files.put(
        home.tenant_id,
        kind="firmware",
        name="oh2",
        content=[image],
        now=home.now,
        version=target,
        models=["OH2"],
    )
    app = Flask("files")
    app.wsgi_app = FileServer().in_front_of(app.wsgi_app)
    with Serving(app) as url:
        links.bind(f"{url}/files")
        assert home.do(Download("1 Firmware Upgrade Image", file_id)).ok
    facts = records.facts(home.tenant_id, home.device_id)
    assert facts["software_version"] == variant_osterby.RUNNING  # it was 2.5.0
    assert files.firmware_for(home.tenant_id, facts) == {"file_id": file_id, "version": target}
    assert home.value("firmware") != target
