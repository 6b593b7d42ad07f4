"""docs/cwmp.md says what is: its diagrams are the tables, its RPCs the messages, its references exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from backend.cwmp import diagram, rpc
from tests.backend.cwmp.messages import SAID

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "cwmp.md").read_text() if (ROOT / "docs" / "cwmp.md").exists() else ""
REFERENCE = re.compile(r"`((?:backend|tests)/[\w./]+)(?:::(\w+))?`")


def rpc_table() -> str:
    """Every RPC with its clause (the first word of its docstring), who asks it, and its fixtures."""
    asked: dict[type, list[str]] = {}
    for by, requests in (("ACS", rpc.AcsRequest), ("CPE", rpc.CpeRequest)):
        for request in get_args(requests):
            asked.setdefault(request, []).append(by)
    rows = []
    for request, by in asked.items():
        both = (request.__name__, f"{request.__name__}Response")
        names = [name for name, (_, _, said) in SAID.items() if type(said).__name__ in both]
        clause = re.match(r"A\.[\d.]+\d", request.__doc__ or "")
        assert clause is not None
        listed = ", ".join(f"`{name}`" for name in sorted(names))
        rows.append((clause[0], f"| {clause[0]} | {request.__name__} | {' and '.join(by)} | {listed} |"))
    rows.sort(key=lambda row: [int(part) for part in row[0].split(".")[1:]])
    head = ["| clause | RPC | asked by | fixtures |", "|---|---|---|---|"]
    return "\n".join(head + [row for _, row in rows])


@pytest.mark.parametrize("drawn", [diagram.acs(), diagram.cpe()], ids=["acs", "cpe"])
def test_the_diagrams_are_the_tables(drawn: str) -> None:
    assert f"```mermaid\n{drawn}\n```" in PAGE


def test_the_rpcs_are_the_messages() -> None:
    assert rpc_table() in PAGE


def test_every_reference_exists() -> None:
    missing = []
    for path, name in REFERENCE.findall(PAGE):
        file = ROOT / path
        text = file.read_text() if file.is_file() else ""
        defined = rf"^(?:def {name}\b|class {name}\b|{name}(?::| =))"
        if not file.exists() or (name and not re.search(defined, text, re.MULTILINE)):
            missing.append(f"{path}::{name}")
    assert missing == []


def test_every_clause_names_code_and_test() -> None:
    rows = PAGE.partition("## Clauses")[2].partition("\n## ")[0].strip().splitlines()[2:]
    assert rows
    assert [row for row in rows if len(REFERENCE.findall(row)) < 2] == []
