"""Parameter paths of both data models: full or partial (ending in "."), with instance numbers between dots.

Pure text; which instances there are is for the facts to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

ROOTS = ("Device.", "InternetGatewayDevice.")
ANY = "{i}"


def is_path(name: str) -> bool:
    """Whether a name is a path from the root of either data model."""
    return name.startswith(ROOTS)


def as_object(path: str) -> str:
    """The path of an object, with the dot at its end."""
    return path if path.endswith(".") else f"{path}."


def parent_of(instance: str) -> str:
    """The object that holds an instance: "A.B." of "A.B.3."."""
    return instance.rstrip(".").rpartition(".")[0] + "."


def before_any(pattern: str) -> str:
    """What stands before the first `{i}`."""
    return pattern.partition(ANY)[0]


def fitting(pattern: str, paths: Iterable[str]) -> list[tuple[str, str]]:
    """(path, the instance of its last `{i}`) of what fits a pattern, ordered by instance numbers, once each.

    A pattern that ends in `{i}` or `{i}.` names instances, any other a parameter or object below them.
    """
    written = as_object(pattern) if pattern.rstrip(".").endswith(ANY) else pattern
    *parts, rest = (re.escape(part) for part in written.split(ANY))
    upto = r"(\d+)".join([*parts, ""])
    whole = re.compile(f"(?P<instance>{upto}){rest}" + ("" if written.endswith(".") else "$"))
    named: dict[str, tuple[tuple[int, ...], str]] = {}
    for path in paths:
        if match := whole.match(path):
            numbers = tuple(int(number) for number in match.groups()[1:])
            named.setdefault(match.group(0), (numbers, match.group("instance") + "."))
    return [(path, instance) for path, (_, instance) in sorted(named.items(), key=lambda item: item[1][0])]
