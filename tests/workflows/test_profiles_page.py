"""The page on vendor profiles quotes a profile that is sound, and tells of every shipped one."""

from __future__ import annotations

import re
from pathlib import Path

from workflows.reader import LIBRARY, read_library

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "vendor-profiles.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "docs" / "example" / "vendors" / "linden.xml"


def test_what_the_page_quotes_stands_in_the_example() -> None:
    lines = {line.strip() for line in EXAMPLE.read_text(encoding="utf-8").splitlines()}
    quoted = [
        line.strip()
        for block in re.findall(r"```xml\n(.*?)```", PAGE, re.DOTALL)
        for line in block.splitlines()
    ]
    assert quoted and [line for line in quoted if line not in lines] == []


def test_every_shipped_profile_is_told_of() -> None:
    shipped = read_library().settings.profiles.by_name
    assert [name for name in shipped if f"`{name}`" not in PAGE] == []


def test_the_example_is_read_over_the_shipped_library() -> None:
    read = read_library((LIBRARY, EXAMPLE.parent.parent))
    assert [str(error) for error in read.errors] == []
    assert "linden-l2" in read.settings.profiles.by_name
