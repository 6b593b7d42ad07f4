"""Mistakes in vendor profiles, each with its place."""

from __future__ import annotations

import re
from contextlib import suppress
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.profile_documents import library, profile, told
from workflows.reader import LIBRARY
from workflows.settings import Missing


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


SHIPPED = [path.read_text(encoding="utf-8") for path in sorted((LIBRARY / "vendors").glob("*.xml"))]
PIECES = st.sampled_from(
    [
        "",
        "x",
        "{i}",
        "{wan}.",
        "0",
        "-",
        "|",
        "a=b",
        "true",
        "Device.",
        "InternetGatewayDevice.A.",
        "wifi.5g.ssid",
        "[",
    ]
)


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(SHIPPED), st.randoms(use_true_random=False), st.lists(PIECES, min_size=1, max_size=4))
def test_whatever_an_author_writes_is_told_and_never_raised(
    text: str, chance: Random, pieces: list[str]
) -> None:
    """Attributes replaced at random: read with errors, or read and usable."""
    places = [m.span(1) for m in re.finditer(r'="([^"]*)"', text)]
    for piece in pieces:
        start, end = chance.choice(places)
        text = text[:start] + piece + text[end:]
        places = [m.span(1) for m in re.finditer(r'="([^"]*)"', text)]
    read = library(text)
    for one in read.settings.profiles.by_name.values():
        for match in one.matches:
            device = {"data_model": one.model, "oui": match.oui, "product_class": match.product_class}
            read.settings.fitted(device)
            with suppress(Missing):
                read.settings.value("stations", told({}, **device))
            read.settings.prefixes(sorted(read.settings.by_name), device)
