"""Our own words: every language says everything, with the same arguments, and nothing is said twice."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from widgets.messages import FALLBACK, LOCALES_DIR, has_message, language_of, languages, message


class Arguments(Visitor):
    """Collects the names of the arguments of a message."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 - the library's name
        self.names.add(node.id.name)


def said(language: str) -> dict[str, set[str]]:
    """The arguments of each message of a language, by id; fails over a file that does not parse."""
    found: dict[str, set[str]] = {}
    ids: Counter[str] = Counter()
    for path in sorted((LOCALES_DIR / language).glob("*.ftl")):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, ast.Junk), f"{path.name}: {entry.content}"
            if isinstance(entry, ast.Message):
                arguments = Arguments()
                arguments.visit(entry)
                found[entry.id.name] = arguments.names
                ids[entry.id.name] += 1
    assert [id for id, count in ids.items() if count > 1] == []
    return found


@pytest.mark.parametrize("language", languages()[1:])
def test_every_language_says_everything_with_the_same_arguments(language):
    assert said(language) == said(FALLBACK)


def test_what_the_engine_says_is_there():
    for id in ["nothing-changed", "stage-contact", "finding-unreachable", "finding-stopped-changed"]:
        assert all(has_message(language, id) for language in languages())


def test_a_locale_finds_its_language():
    assert language_of("pl-PL") == "pl"
    assert language_of("PL_pl") == "pl"
    assert language_of("de") == "en"


def test_arguments_are_filled_and_numbers_stay_readable():
    assert message("en", "why-unknown", missing="dhcp.dns") == "Not known yet: dhcp.dns"
    assert message("en", "answer-too-long", limit=500.0).count("500") == 1


def test_an_unknown_message_is_its_id():
    assert message("en", "no-such-message") == "no-such-message"


def test_no_argument_is_left_unfilled_in_what_takes_none():
    for language in languages():
        for id, arguments in said(language).items():
            if not arguments:
                assert not re.search(r"\{|\}", message(language, id)), id
