"""The examples of vendor profiles, and profiles as a part of each workflow's version."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workflows.profile_documents import POOL, library, profile, told
from workflows import profile_examples
from workflows.documents import parse
from workflows.reader import LIBRARY, read_library, read_sources


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
