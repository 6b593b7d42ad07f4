"""Vendor profiles: which devices fit, and what is laid over the settings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.profile_documents import BOX, POOL, library, profile, told
from workflows.profiles import Match, identity_of, version_key
from workflows.reader import read_library
from workflows.secrecy import STORED
from workflows.settings import Missing, NotCapable, Refused

# -- whom it fits --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("match", "fits"),
    [
        (Match(oui="0200aa"), True),
        (Match(manufacturer="Acme", product_class="Box"), True),
        (Match(model="Box"), False),  # never a part of a name
        (Match(model="Box 1", hardware_version="2"), False),
        (Match(oui="0200AA", since="1.9", below="1.11"), True),
        (Match(oui="0200AA", since="1.10"), True),
        (Match(oui="0200AA", below="1.10"), False),
        (Match(oui="0200AA", since="1.10.1"), False),
    ],
)
def test_exact_match_and_ranges_of_versions(match: Match, fits: bool) -> None:
    assert match.fits(identity_of({**BOX, "software_version": "1.10", "hardware_version": "1"})) is fits


def test_a_device_that_has_not_told_its_version_is_in_no_range() -> None:
    assert not Match(oui="0200AA", below="9").fits(identity_of(BOX))


@pytest.mark.parametrize(
    ("lower", "higher"),
    [("1.9", "1.10"), ("2.0a", "2.0b"), ("1.0", "1.0.1"), ("V3.04", "v3.5"), ("7.2_beta1", "7.2_beta2")],
)
def test_versions_in_order(lower: str, higher: str) -> None:
    assert version_key(lower) < version_key(higher)


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_two_texts_have_an_order(one: str, other: str) -> None:
    assert (version_key(one) < version_key(other)) or version_key(one) >= version_key(other)


def test_the_more_it_demands_the_later_it_counts() -> None:
    maker = profile('<capability name="ping" available="false"><reason lang="en">no</reason></capability>')
    model = profile(
        '<capability name="ping"/>', name="box", match='<for oui="0200AA" product-class="Box" hardware="2"/>'
    )
    settings = library(maker, model).settings
    assert not settings.capability("ping", told({}, hardware_version="1")).available
    assert settings.capability("ping", told({}, hardware_version="2")).available
    assert [p.name for p in settings.fitted({**BOX, "hardware_version": "2"}).profiles] == ["acme", "box"]


def test_what_people_are_told_of_a_model() -> None:
    settings = read_library().settings
    lumo = {"data_model": "tr181", "manufacturer": "Brennholt", "oui": "02CF11", "product_class": "LF2"}
    found = settings.profile({**lumo, "hardware_version": "R1"}, "pl")
    assert found["name"] == "Brennholt Lumo F2, sprzęt R1" and len(found["quirks"]) == 3
    assert settings.profile(BOX) == {"name": "", "quirks": []}


def test_another_data_model_of_the_same_maker_is_another_profile() -> None:
    settings = library(profile('<setting name="dhcp.lease" scale="60"/>')).settings
    known = told({POOL + "LeaseTime": "5"})
    assert settings.value("dhcp.lease", known) == 300
    older = {"InternetGatewayDevice.LANDevice.1.LANHostConfigManagement.DHCPLeaseTime": "300"}
    assert settings.value("dhcp.lease", told(older, data_model="tr098")) == 300


def test_kinds_of_devices_share_what_is_the_same_and_are_worked_out_once() -> None:
    settings = library(profile("")).settings
    one, two = ({**BOX, "software_version": version} for version in ("1", "2"))
    assert settings.fitted(one) is settings.fitted(one) is settings.fitted(two)
    assert settings.fitted({**BOX, "oui": "0200AB"}) is not settings.fitted(one)


# -- what is laid over ---------------------------------------------------------------------------


def test_values_in_a_models_own_words_both_ways() -> None:
    body = '<setting name="dhcp.enabled" xsd="xsd:string"><value device="Enabled" means="true"/>'
    body += '<value device="On" means="true"/><value device="Disabled" means="false"/></setting>'
    settings = library(profile(body)).settings
    path = "Device.DHCPv4.Server.Enable"
    for text, value in (("enabled", True), ("On", True), ("Disabled", False)):
        assert settings.value("dhcp.enabled", told({path: text})) is value
    with pytest.raises(Missing):  # a word nobody has told us of
        settings.value("dhcp.enabled", told({path: "Perhaps"}))
    known = told({path: "Disabled"})
    written = settings.written(path, True, known)
    assert settings.together([written], known) == [(path, "Enabled", "xsd:string")]
    assert settings.told(path, "On", known) == "true"
    assert settings.together([(path, "On", "xsd:string")], known, spelled=True) == [
        (path, "On", "xsd:string")
    ]


def test_what_no_word_of_the_model_means_is_refused() -> None:
    body = '<setting name="wifi.5g.bandwidth"><value device="0" means="20MHz"/></setting>'
    settings = library(profile(body)).settings
    radio = "Device.WiFi.Radio.1."
    known = told({radio + "OperatingFrequencyBand": "5GHz", radio + "OperatingChannelBandwidth": "0"})
    path, _ = settings.path_of("wifi.5g.bandwidth", known)
    with pytest.raises(Refused) as caught:
        settings.together([settings.written(path, "160MHz", known)], known)
    assert caught.value.setting == "wifi.5g.bandwidth"


def test_a_stored_secret_goes_along_without_being_known() -> None:
    settings = library(profile('<together setting="wifi.5g.ssid" with="wifi.5g.key"/>')).settings
    wifi = {
        "Device.WiFi.Radio.1.OperatingFrequencyBand": "5GHz",
        "Device.WiFi.SSID.4.LowerLayers": "Device.WiFi.Radio.1",
        "Device.WiFi.SSID.4.SSID": "Home",
        "Device.WiFi.AccessPoint.2.SSIDReference": "Device.WiFi.SSID.4.",
    }
    key = "Device.WiFi.AccessPoint.2.Security.KeyPassphrase"
    known = told({**wifi, key: "••••••"})
    path, _ = settings.path_of("wifi.5g.ssid", known)
    written = [settings.written(path, "Garden", known)]
    assert settings.together(written, known) == [
        (path, "Garden", "xsd:string"),
        (key, STORED, "xsd:string"),
    ]
    with pytest.raises(Refused):
        settings.together(written, told({**wifi, key: ""}))
    assert (
        key.rpartition("Security")[0]
        .split(".{")[0]
        .startswith(settings.prefixes(("wifi.5g.ssid",), BOX)[0][:12])
    )


def test_orders_and_requests_apart() -> None:
    body = '<order first="dhcp.dns" then="dhcp.enabled"/>'
    body += '<order first="dhcp.lease" then="dhcp.dns" apart="true"/>'
    settings = library(profile(body)).settings
    known = told({POOL + name: "1" for name in ("DNSServers", "LeaseTime", "MinAddress")})
    values = {"dhcp.enabled": True, "dhcp.pool.min": "10.0.0.5", "dhcp.dns": ["9.9.9.9"], "dhcp.lease": 60}
    written = [settings.written(settings.path_of(n, known)[0], v, known) for n, v in values.items()]
    together = settings.together(written, known)
    names = [path.rpartition(".")[2] for path, _, _ in together]
    assert names.index("LeaseTime") < names.index("DNSServers") < names.index("Enable")
    groups = [[path.rpartition(".")[2] for path, _, _ in g] for g in settings.apart(together, known)]
    assert [n for g in groups for n in g] == names
    assert len(groups) == 2 and "LeaseTime" in groups[0] and "DNSServers" in groups[1]


def test_an_absent_setting_is_like_one_the_model_never_had() -> None:
    settings = library(profile('<setting name="dhcp.dns" absent="true"/>')).settings
    known = told({POOL + "DNSServers": "9.9.9.9"})
    with pytest.raises(Missing):
        settings.value("dhcp.dns", known)
    assert not settings.capability("dhcp.dns", known).available
    assert settings.prefixes(("dhcp.dns",), BOX) == ()


def test_a_diagnostic_waits_for_the_interface_it_must_name() -> None:
    settings = library(
        profile('<diagnostic name="ping"><interface place="wan">Via</interface></diagnostic>')
    ).settings
    with pytest.raises(Missing) as caught:
        settings.diagnostic("ping", told({}))
    assert caught.value.names == ("wan",)
    read = settings.prefixes(("ping",), BOX)
    assert "Device.Routing.Router." in read and "Device.IP.Interface." in read
    route = "Device.Routing.Router.1.IPv4Forwarding.2."
    known = told(
        {
            route + "DestIPAddress": "0.0.0.0",
            route + "Enable": "1",
            route + "Interface": "Device.IP.Interface.7",
        }
    )
    ping = settings.diagnostic("ping", known)
    assert ("Device.IP.Diagnostics.IPPing.Via", "Device.IP.Interface.7.", "xsd:string") in ping.inputs(
        {"host": "9.9.9.9"}
    )


@pytest.mark.parametrize(
    ("given_", "reason"),
    [
        ({}, "ping needs 'host'."),
        ({"host": "x", "speed": 1}, "ping takes no input 'speed'."),
        ({"host": "x", "count": "many"}, "'many' is not of type int."),
        ({"host": "x", "count": 51}, "'51' is outside what count may be."),
    ],
)
def test_inputs_are_checked_before_they_leave(given_: dict[str, object], reason: str) -> None:
    with pytest.raises(Refused) as caught:
        library().settings.diagnostic("ping", told({})).inputs(given_)
    assert caught.value.reason == reason


def test_what_a_model_cannot_do_has_its_reason() -> None:
    with pytest.raises(NotCapable) as caught:
        library().settings.diagnostic("neighbours", told({}, data_model="tr098"))
    assert caught.value.reason == "This router has no such function."
