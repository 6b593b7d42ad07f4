"""Tables that grow and shrink: what AddObject makes and DeleteObject takes away (A.3.2.6, A.3.2.7).

A template is text like a tree's: a line `Path.{i}. limit CountName` opens a table, the lines below are
the new row's parameters as `parameter.read_table` has them (a name may hold dots, for objects inside the
row; "{i}" in a value is the row's number). Only these tables may be changed by an ACS. Numbers are never
used again, so that an old path can not mean a new row. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from backend.simulator.parameter import Parameter, read_table

NUMBER = "{i}"


@dataclass(frozen=True, slots=True)
class RowTemplate:
    """One table. `pattern` matches its path (ending in ".", without the row's number); `count_name` is
    the parameter beside the table that counts the rows, or ""."""

    pattern: re.Pattern[str]
    limit: int
    count_name: str
    parameters: tuple[Parameter, ...]

    def row(self, table: str, number: int) -> list[Parameter]:
        """The parameters of a new row of the table at `table`."""
        prefix = f"{table}{number}."
        return [
            replace(one, path=prefix + one.path, value=one.value.replace(NUMBER, str(number)))
            for one in self.parameters
        ]

    def count_path(self, table: str) -> str:
        """Where the number of rows of `table` is told, or ""."""
        parent = table.rstrip(".").rpartition(".")[0]
        return f"{parent}.{self.count_name}" if self.count_name else ""


@cache
def read_rows(text: str, booleans: tuple[str, str] = ("false", "true")) -> tuple[RowTemplate, ...]:
    """The tables of a text."""
    return tuple(_read_rows(text, booleans))


def _read_rows(text: str, booleans: tuple[str, str]) -> Iterator[RowTemplate]:
    head: list[str] = []
    lines: list[str] = []
    for line in [*filter(None, map(str.strip, text.splitlines())), NUMBER + "."]:
        if not line.split()[0].endswith(NUMBER + "."):
            lines.append(line)
            continue
        if head:
            yield _template(head, lines, booleans)
        head, lines = line.split(), []


def _template(head: list[str], lines: list[str], booleans: tuple[str, str]) -> RowTemplate:
    path = head[0].removesuffix(NUMBER + ".")
    pattern = re.compile(re.escape(path).replace(re.escape(NUMBER), r"\d+"))
    limit = int(head[1]) if len(head) > 1 else 32
    count_name = head[2] if len(head) > 2 else ""
    return RowTemplate(pattern, limit, count_name, tuple(read_table("\n".join(lines), booleans)))


def tables_of(templates: Iterable[RowTemplate], paths: Iterable[str]) -> dict[str, RowTemplate]:
    """The tables that are there by their paths: those inside rows exist once for each of these."""
    found: dict[str, RowTemplate] = {}
    known = list(paths)
    for template in templates:
        text = template.pattern.pattern
        if r"\d+" not in text:
            found[text.replace("\\", "")] = template
            continue
        head, _, tail = text.rpartition(r"\d+\.")
        parent = re.compile(head + r"\d+\.")
        tail = tail.replace("\\", "")
        for path in known:
            if inside := parent.match(path):
                found[inside[0] + tail] = template
    return found
