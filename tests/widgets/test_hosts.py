"""A device in the home names itself: whatever it says, the list of devices stays a list."""

from __future__ import annotations

import pytest

from widgets.hosts import Hosts
from widgets.told import ADDRESS_LIMIT_CHARACTERS, NAME_LIMIT_CHARACTERS


def shown(**row: object) -> dict[str, object]:
    described = Hosts.of("hosts", "Devices", [row], "1 device").describe()
    return dict(described["rows"][0])


def test_a_long_name_is_cut_and_says_so() -> None:
    row = shown(name="n" * 10_000, mac="m" * 10_000, ip="1" * 10_000)
    assert row["name"] == "n" * (NAME_LIMIT_CHARACTERS - 1) + "…"
    assert len(str(row["mac"])) == len(str(row["ip"])) == ADDRESS_LIMIT_CHARACTERS


@pytest.mark.parametrize("name", ["Anna's phone", "Żółw 🐢", "<script>alert(1)</script>", "手机"])
def test_a_name_that_prints_is_shown_as_it_is(name: str) -> None:
    assert shown(name=name)["name"] == name


@pytest.mark.parametrize("odd", ["\n", "\0", "\x1b[2J", "\u202e", "\u2066", "\u200b", "\x9b"])
def test_what_would_turn_the_line_around_is_left_out(odd: str) -> None:
    name = str(shown(name=f"phone{odd}gpj")["name"])
    assert name.isprintable()
    assert name.startswith("phone")
    assert name.endswith("gpj")
