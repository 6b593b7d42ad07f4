"""What the pages for people say is true: links lead somewhere, commands exist, the example is sound."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from workflows import check

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
LINK = re.compile(r"(?:\]\(|src=\")([^)\"#]+)")
COMMAND = re.compile(r"python app\.py ([a-z]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    local = [link for link in LINK.findall(page.read_text()) if "://" not in link and "<" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_exist(page):
    from app import COMMANDS

    assert set(COMMAND.findall(page.read_text())) <= set(COMMANDS)


def test_every_command_is_named_in_the_readme():
    from app import COMMANDS

    readme = (ROOT / "README.md").read_text()
    assert [name for name in COMMANDS if f"`{name}`" not in readme] == []


def test_the_example_of_the_page_on_workflows_is_sound(capsys):
    assert check.main([str(ROOT / "docs" / "example")]) == 0, capsys.readouterr().out


def test_what_the_page_on_workflows_quotes_stands_in_the_files():
    page = (ROOT / "docs" / "workflows.md").read_text()
    quoted = re.findall(r"```xml\n(.*?)```", page, re.DOTALL)
    library = ROOT / "workflows" / "library"
    names = ("settings.xml", "tasks/reboot.xml", "set-parameter.xml")
    files = [ROOT / "docs/example/router-feels-slow.xml", *(library / name for name in names)]
    lines = {line.strip() for file in files for line in file.read_text().splitlines()}
    assert [line for block in quoted for line in block.splitlines() if line.strip() not in lines] == []
