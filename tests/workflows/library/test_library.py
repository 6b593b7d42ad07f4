"""The shipped library: readable, without remark, every scenario as expected, every connection covered;
and every simulated home is understood by its first step."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflows.check import check_library, main
from workflows.documents import parse
from workflows.lint import template_texts
from workflows.reader import LIBRARY, read_library
from workflows.scenarios import judge, play, scenarios

SHIPPED = read_library()
TESTS = sorted((LIBRARY / "tests").glob("*.xml"))
DOCUMENTS = {path.stem: parse(path.read_text(encoding="utf-8"), path.name) for path in TESTS}
SCENARIOS = [(name, scenario) for name, document in DOCUMENTS.items() for scenario in scenarios(document)]


def test_the_library_may_be_shipped() -> None:
    lines: list[str] = []
    assert check_library(say=lines.append), lines
    assert f"figure library_workflows {len(SHIPPED.workflows)} workflows" in lines
    assert "figure library_connection_coverage 100 %" in lines


@pytest.mark.parametrize(("name", "scenario"), SCENARIOS, ids=[s.name for _, s in SCENARIOS])
def test_scenario(name: str, scenario) -> None:
    document = DOCUMENTS[name]
    before = len(document.errors)
    judge(document, scenario, play(SHIPPED.workflows[name], scenario))
    assert [str(error) for error in document.errors[before:]] == []


def test_every_text_is_in_both_languages() -> None:
    for template in SHIPPED.step_templates.values():
        for where, texts in template_texts(template):
            assert not texts or set(texts) == {"en", "pl"}, (template.name, where)


def copy(directory: Path) -> Path:
    for path in LIBRARY.rglob("*.xml"):
        target = directory / path.relative_to(LIBRARY)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    return directory


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("dhcp-configuration.xml", 'start="check"', 'start="chek"', "start step 'chek' does not exist"),
        ("steps/dhcp-check.xml", "Good news: ", "Unfortunately ", "sounds negative"),
        ("steps/dhcp-check.xml", "'dhcp.lease'", "'dhcp.leese'", "did you mean 'dhcp.lease'"),
        (
            "tests/dhcp-configuration.xml",
            "check enable recheck hosts note",
            "check note",
            "the path should be",
        ),
        ("tests/dhcp-configuration.xml", 'device="new"', 'device="newer"', "unknown device 'newer'"),
        (
            "tests/dhcp-configuration.xml",
            'workflow="dhcp-configuration"',
            'workflow="x"',
            "unknown workflow 'x'",
        ),
        ("tests/dhcp-configuration.xml", "<scenarios", "<scenarioz", "not well formed"),
        (
            "tests/dhcp-configuration.xml",
            '<choose to="enable"/>',
            '<choose to="fix-dns"/>',
            "does not fit here",
        ),
        ("tests/dhcp-configuration.xml", "<says>All set", "<says>All lost", "nobody says"),
    ],
)
def test_what_may_not_be_shipped(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    library = copy(tmp_path)
    text = (library / file).read_text(encoding="utf-8")
    assert old in text
    (library / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    lines: list[str] = []
    assert not check_library([library], lines.append)
    assert any(said in line for line in lines), lines


def test_what_is_not_covered_may_not_be_shipped(tmp_path: Path) -> None:
    library = copy(tmp_path)
    (library / "tests" / "dhcp-configuration.xml").unlink()
    lines: list[str] = []
    assert not check_library([library], lines.append)
    assert "figure library_connection_coverage 100 %" not in lines
    assert any(line.startswith("no scenario goes through step technician") for line in lines)


def test_a_later_directory_goes_before_an_earlier_one(tmp_path: Path) -> None:
    own = (
        (LIBRARY / "steps" / "lan-hosts.xml")
        .read_text(encoding="utf-8")
        .replace("In your network", "At home")
    )
    (tmp_path / "steps").mkdir()
    (tmp_path / "steps" / "lan-hosts.xml").write_text(own, encoding="utf-8")
    read = read_library([LIBRARY, tmp_path])
    assert read.errors == ()
    assert read.step_templates["lan-hosts"].panel[0].texts["title"]["en"] == "At home"
    assert read.workflows["dhcp-configuration"].version != SHIPPED.workflows["dhcp-configuration"].version


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "odd.xml").write_bytes(b"\xff\xfe\x00")
    (error,) = read_library([tmp_path]).errors
    assert error.file == "odd.xml"
    assert "cannot be read" in error.reason


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    figure = f"figure library_workflows {len(SHIPPED.workflows)} workflows"
    assert figure in capsys.readouterr().out.splitlines()
    (tmp_path / "odd.xml").write_text("<workflow>", encoding="utf-8")
    assert main([str(tmp_path)]) == 1
    assert "odd.xml:1:11: not well formed: no element found" in capsys.readouterr().out.splitlines()
    assert main([str(tmp_path / "nowhere")]) == 1
