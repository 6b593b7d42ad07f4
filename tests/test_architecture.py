"""The house rules that a reader can see and a linter cannot: sizes, names, places, and words that stay true.

Who may import whom is `.importlinter`; this file must never import what it looks at.
"""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

MODULE_LINES = 400
FUNCTION_LINES = 60
DRAWERS = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "base", "misc"}
TOP_LEVEL = {
    # fixed by the design
    *("backend", "chatbot", "mobile_api", "workflows", "widgets", "tests", "app.py", "requirements.txt"),
    # what a repository needs
    *("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "LICENSE", "pyproject.toml", "requirements-dev.txt"),
    *("script", "deploy", "docs", "bench", ".ci", ".gitignore", ".importlinter", ".gitattributes"),
}


def tracked(*patterns: str) -> list[Path]:
    """Files of the repository (known to git, or new and not ignored) that are there now."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in sorted(set(listed.split("\0"))) if name and (ROOT / name).is_file()]


def shown(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def test_top_level_is_the_fixed_one():
    found = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert found <= TOP_LEVEL


def test_modules_fit_a_reader():
    long = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in tracked("*.py", "*.ts")
        if (lines := len(path.read_text().splitlines())) > MODULE_LINES
    ]
    assert long == []


def test_functions_fit_a_screen():
    long = []
    for path in tracked("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {lines} lines")
    assert long == []


def test_no_drawers():
    drawers = [
        path
        for path in tracked("*.py", "*.ts")
        if DRAWERS & {part.split(".")[0].lower() for part in path.relative_to(ROOT).parts}
    ]
    assert shown(drawers) == []


def test_every_module_says_what_it_is_for():
    silent = [
        path
        for path in tracked("*.py")
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert shown(silent) == []


def test_no_empty_rooms():
    rooms = {path.parent for path in tracked("*/__init__.py")}
    empty = [
        room
        for room in sorted(rooms)
        if room.parts[len(ROOT.parts)] != "tests" and len([p for p in tracked() if room in p.parents]) < 2
    ]
    assert shown(empty) == []


def test_tests_mirror_the_tree():
    """tests/backend/runs tests backend/runs; beside them only whole journeys, the browser's and the hunt."""
    stray = []
    for folder in sorted({path.parent.relative_to(ROOT / "tests") for path in tracked("tests/*.py")}):
        place = ROOT / folder
        if folder.parts and folder.parts[0] not in ("journeys", "browser", "fuzz") and not place.exists():
            stray.append(str(folder))
    assert stray == []


def test_tests_never_sleep():
    sleepers = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked("tests/*.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\b(time|gevent|asyncio)\.sleep\((?!0\))|wait_for_timeout\(", line)
    ]
    assert sleepers == []


def test_the_code_map_is_true():
    """Each path that ARCHITECTURE.md names in code stands there, and each package is on the map."""
    text = (ROOT / "ARCHITECTURE.md").read_text()
    named = set(re.findall(r"`((?:app\.py|\.importlinter|(?:[a-z_.]+/)+)[a-z_./-]*)`", text))
    missing = sorted(name for name in named if not (ROOT / name).exists())
    assert missing == []
    packages = {
        str(path.parent.relative_to(ROOT)) + "/"
        for path in tracked("backend/*/__init__.py", "workflows/__init__.py", "widgets/__init__.py")
        + tracked("mobile_api/__init__.py", "backend/__init__.py")
        if len(path.parent.relative_to(ROOT).parts) <= 2
    }
    assert sorted(package for package in packages if package not in named) == []


def test_the_layers_told_are_the_layers_checked():
    contracts = (ROOT / ".importlinter").read_text()
    checked = re.search(r"exhaustive = True.*?^layers =\n(.*?)^\n", contracts, re.DOTALL | re.MULTILINE)
    assert checked
    told = re.search(
        r"^backend\n(.*?)^workflows\n", (ROOT / "ARCHITECTURE.md").read_text(), re.DOTALL | re.MULTILINE
    )
    assert told
    assert told[1].split() == checked[1].split()


SETTING = re.compile(r"\bCAREFLOW_[A-Z_]*[A-Z]\b|\bDATABASE_URL\b|\bREDIS_URL\b")


def test_every_setting_is_documented():
    """The README's table names what config reads; a script's own settings stand at its top."""
    readme = (ROOT / "README.md").read_text()
    read = set(SETTING.findall((ROOT / "backend/config.py").read_text()))
    assert sorted(name for name in read if f"`{name}`" not in readme) == []
    for script in tracked("script/*"):
        text = script.read_text()
        assert set(SETTING.findall(text)) <= set(SETTING.findall(text.split("set -", 1)[0])) | read, script


def test_only_config_reads_the_environment():
    """And what starts processes, to hand it on."""
    allowed = {"app.py", "backend/config.py", "backend/processes.py", "backend/serving.py"}
    readers = {
        str(path.relative_to(ROOT))
        for path in tracked("backend/*.py", "mobile_api/*.py", "workflows/*.py", "widgets/*.py", "app.py")
        if re.search(r"\bos\.(environ|getenv)\b", path.read_text())
    }
    assert readers <= allowed


@pytest.mark.parametrize(
    "name", ["script/demo", "script/test", "script/setup", "script/npm", "script/soak", ".ci/run"]
)
def test_scripts_are_plain_posix_and_runnable(name: str):
    script = ROOT / name
    assert script.stat().st_mode & 0o111
    assert script.read_text().startswith("#!/bin/sh\n")
    assert subprocess.run(["sh", "-n", str(script)], check=False).returncode == 0
