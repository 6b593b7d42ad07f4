"""Vendor profiles: mistakes with their place, which devices fit, and what is laid over the settings."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows import profile_examples
from workflows.documents import parse
from workflows.facts import Datum, Facts
from workflows.profiles import Match, identity_of, version_key
from workflows.reader import LIBRARY, Library, read_library, read_sources
from workflows.settings import STORED, Missing, NotCapable, Refused

SETTINGS = (LIBRARY / "settings.xml").read_text(encoding="utf-8")
BOX = {
    "data_model": "tr181",
    "manufacturer": "Acme",
    "oui": "0200AA",
    "product_class": "Box",
    "model": "Box 1",
}
POOL = "Device.DHCPv4.Server.Pool.1."


def library(*profiles: str) -> Library:
    """The shipped settings with these profiles."""
    return read_sources(
        {"settings.xml": SETTINGS} | {f"vendors/p{n}.xml": text for n, text in enumerate(profiles, 1)}
    )


def profile(
    body: str, *, name: str = "acme", match: str = '<for oui="0200AA"/>', model: str = "tr181"
) -> str:
    """A profile of the box's maker."""
    return f'<profile name="{name}" data-model="{model}">\n{match}\n{body}\n</profile>'


def told(values: dict[str, str], **device: str) -> Facts:
    """What a box has told."""
    parameters = {path: Datum(value, "xsd:string", 90.0) for path, value in values.items()}
    return Facts(100.0, {**BOX, **device}, parameters)


# -- mistakes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "line", "reason"),
    [
        ('<setting name="wifi.5g.chanel"/>', 3, "there is no setting 'wifi.5g.chanel'"),
        (
            '<setting name="dhcp.lease"><path>Other.Lease</path></setting>',
            3,
            "a tr181 path starts with 'Device.'",
        ),
        ('<setting name="dhcp.lease"><path>{hall}.Lease</path></setting>', 3, "there is no place 'hall'"),
        (
            '<setting name="dhcp.dns" scale="2"/>',
            3,
            "scale, offset and formula are for numbers, not for list",
        ),
        ('<setting name="dhcp.lease" scale="0"/>', 3, "a scale is not 0"),
        ('<setting name="dhcp.lease" formula="magic"/>', 3, "formula is one of: number, tenth-microwatt"),
        (
            '<setting name="dhcp.enabled"><value device="on" means="yes"/></setting>',
            3,
            "a boolean's value means true or false",
        ),
        ('<setting name="dhcp.lease" separator="|"/>', 3, "only a list has a separator"),
        (
            '<setting name="wan.uptime" scale="60"/>',
            3,
            "'wan.uptime' has no path in tr181: give one",
        ),
        (
            '<setting name="hosts"><path>Device.Hosts.Host.{i}.MAC</path></setting>',
            3,
            "the path of 'hosts' is of its rows and ends in '.': 'Device.Hosts.Host.{i}.MAC'",
        ),
        (
            '<setting name="hosts"><column name="colour">Colour</column></setting>',
            3,
            "setting 'hosts' has no column 'colour'",
        ),
        (
            '<setting name="dhcp.lease">\n<limit pattern="["/></setting>',
            4,
            "not a pattern: unterminated character set at position 0",
        ),
        (
            '<setting name="dhcp.lease"/>\n<setting name="dhcp.lease"/>',
            4,
            "<setting> 'dhcp.lease' is given twice",
        ),
        (
            '<setting name="dhcp.lease" absent="true" scale="2"/>',
            3,
            "what is absent has no path and no values",
        ),
        ('<diagnostic name="pong"/>', 3, "there is no diagnostic 'pong'"),
        (
            '<diagnostic name="ping"><interface place="hall"/></diagnostic>',
            3,
            "there is no place 'hall'",
        ),
        ('<capability name="ping" available="false"/>', 3, 'say why not: <reason lang="en">'),
        (
            '<capability name="ping" available="false"><reason lang="pl">nie</reason></capability>',
            3,
            '<reason> has no English text (lang="en")',
        ),
        ('<together setting="dhcp.dns" with="hosts"/>', 3, "'hosts' is a table"),
        ('<together setting="dhcp.dnss" with="dhcp.lease"/>', 3, "there is no setting 'dhcp.dnss'"),
        (
            '<order first="dhcp.dns" then="dhcp.lease uptime"/>',
            3,
            "an order is of one setting before one other",
        ),
        ('<reboot after="dhcp.* lan.*  wlan.*"/>', 3, "there is no setting 'wlan.*'"),
        ('<leave table="dhcp.dns" unless="A=1"/>', 3, "'dhcp.dns' is no table"),
        ('<leave table="hosts" unless="always"/>', 3, "unless is 'Name=value' pairs, with ';' between"),
        (
            '<place name="x">Device.WiFi.Radio</place>',
            3,
            "a place is an object: 'Device.WiFi.Radio' ends with '.'",
        ),
        ('<quirk><text lang="pl">dziwny</text></quirk>', 3, '<text> has no English text (lang="en")'),
        ("<wish/>", 3, "Element 'wish': This element is not expected."),
    ],
)
def test_a_mistake_has_its_place(body: str, line: int, reason: str) -> None:
    errors = library(profile(body)).errors
    assert [(e.file, e.line) for e in errors] == [("vendors/p1.xml", line)], [str(e) for e in errors]
    assert errors[0].reason.startswith(reason), errors[0].reason


@pytest.mark.parametrize(
    ("match", "reason"),
    [
        ('<for hardware="1"/>', "<for> names a manufacturer, an oui, a product-class or a model at least"),
        ('<for oui="0200AA" since="2.0" below="2.0"/>', "no version is since 2.0 and below 2.0"),
        ('<for oui="0200AA" since="..."/>', "'...' is no version"),
        ('<for oui="0200A"/>', "Element 'for', attribute 'oui'"),
    ],
)
def test_whom_it_is_for_must_be_told(match: str, reason: str) -> None:
    (error,) = library(profile("", match=match)).errors
    assert error.reason.startswith(reason) and error.line == 2


def test_a_malformed_profile_spoils_itself_only_and_says_that_it_is_missing() -> None:
    good, bad = profile("", name="good"), profile('<setting name="nothing"/>', match='<for oui="0200AB"/>')
    read = library(good, bad)
    assert set(read.settings.profiles.by_name) == {"good"}
    assert read.unsure and "acme" in read.malformed
    assert not library(good).unsure


def test_two_that_fit_equally_well_are_an_error_that_names_both() -> None:
    one = profile("", name="one", match='<for oui="0200AA" since="1.0" below="2.0"/>')
    for two, meets in [
        ('<for oui="0200AA" since="1.9"/>', True),
        ('<for oui="0200AA" since="2.0"/>', False),
        ('<for oui="0200AB" since="1.0"/>', False),
        ('<for oui="0200AA"/>', False),  # demands less, so it lies below
    ]:
        errors = library(one, profile("", name="two", match=two)).errors
        expected = ["a device may fit 'one' and 'two' equally well: demand more in one"] if meets else []
        assert [e.reason for e in errors] == expected, two


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


# -- examples and versions -----------------------------------------------------------------------


def played(body: str) -> list[str]:
    """What the examples of a profile say."""
    text = profile(body)
    read = library(text)
    assert not read.errors, [str(e) for e in read.errors]
    document = parse(text, "p.xml")
    profile_examples.play(document, read.settings)
    return [e.reason for e in document.errors]


@pytest.mark.parametrize(
    ("example", "says"),
    [
        ('<expect setting="dhcp.lease" value="300"/>', []),
        ('<expect setting="dhcp.lease" value="5"/>', ["expected '5', came out '300'"]),
        ('<expect setting="dhcp.dns" value="x"/>', ["expected 'x', but nothing is known"]),
        ('<expect setting="dhcp.dns" unknown="true"/>', []),
        ('<expect setting="dhcp.lease" unknown="true"/>', ["this is known: 300"]),
        ('<expect setting="dhcp.loan" value="1"/>', ["there is no setting 'dhcp.loan'"]),
        ('<can name="ping" available="false"/>', ["it can"]),
        (
            '<can name="neighbours" available="true"/>',
            ["it cannot: lost"],
        ),
        (
            '<write><set setting="dhcp.lease" value="600"/>'
            f'<sends path="{POOL}LeaseTime" value="10"/></write>',
            [],
        ),
        (
            '<write reboot="true"><set setting="dhcp.lease" value="600"/></write>',
            [
                f"this is sent, in this order: {POOL}LeaseTime=10 (request 1)",
                "a restart is not needed after it",
            ],
        ),
        ('<write><set setting="wifi.5g.channel" value="6"/></write>', ["not known: wifi.5g.channel"]),
        ('<write refused="true"><set setting="dhcp.lease" value="600"/></write>', ["this is not refused"]),
        ('<diagnose name="neighbours"/>', ["it cannot be run: neighbours: lost"]),
        ('<diagnose name="ping"/>', ["it cannot be run: ping.host: ping needs 'host'."]),
    ],
)
def test_an_example_says_what_came_out_otherwise(example: str, says: list[str]) -> None:
    body = (
        '<setting name="dhcp.lease"><path scale="60">Device.DHCPv4.Server.Pool.{i}.LeaseTime</path></setting>'
        '<capability name="neighbours" available="false"><reason lang="en">lost</reason></capability>'
        f'<example><given path="{POOL}LeaseTime" value="5"/>{example}</example>'
    )
    assert played(body) == says


def test_an_example_must_be_of_a_device_that_fits() -> None:
    assert played('<example oui="0200AB"/>') == ["a device such as this does not fit 'acme'"]


def test_every_shipped_profile_has_examples_that_come_out() -> None:
    shipped = read_library()
    for file in sorted(Path(LIBRARY / "vendors").glob("*.xml")):
        document = parse(file.read_text(encoding="utf-8"), file.name)
        assert profile_examples.play(document, shipped.settings) > 0, file.name
        assert [str(e) for e in document.errors] == []
        first = shipped.settings.profiles.by_name[document.name]
        assert first.title.keys() == {"en", "pl"} and all(q.keys() == {"en", "pl"} for q in first.quirks)


def test_shipped_makers_are_invented() -> None:
    """Locally administered numbers only (IEEE 802 3.1)."""
    for one in read_library().settings.profiles.by_name.values():
        for match in one.matches:
            assert match.oui and int(match.oui[:2], 16) & 2


def test_profiles_are_part_of_a_workflows_version(tmp_path: Path) -> None:
    def version(*profiles: str) -> str:
        for number, text in enumerate(profiles):
            (tmp_path / f"p{number}.xml").write_text(text, encoding="utf-8")
        read = read_library((LIBRARY, tmp_path))
        assert not read.errors
        kept = read.sources_of("dhcp-configuration")
        again = read_sources(kept)
        assert again.workflows["dhcp-configuration"].version == read.workflows["dhcp-configuration"].version
        assert set(again.settings.profiles.by_name) == set(read.settings.profiles.by_name)
        return read.workflows["dhcp-configuration"].version

    assert version() == version()
    first = version(profile(""))
    assert first != version(profile('<setting name="dhcp.lease" scale="60"/>'))


def test_an_own_profile_replaces_the_shipped_one_of_its_name(tmp_path: Path) -> None:
    own = profile("", name="osterby", match='<for oui="02CF14" product-class="OH2"/>')
    (tmp_path / "mine.xml").write_text(own, encoding="utf-8")
    read = read_library((LIBRARY, tmp_path))
    assert not read.errors
    known = told({}, oui="02CF14", product_class="OH2")
    assert read.settings.capability("traceroute", known).available
    assert not read_library().settings.capability("traceroute", known).available


def test_the_same_documents_are_read_once_for_all() -> None:
    assert read_library().settings is read_library().settings
