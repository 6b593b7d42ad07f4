"""One answer out of a list: the author's options, and what was found."""

from __future__ import annotations

from widgets.choice import OPTIONS_LIMIT
from widgets.kinds import make


def described(rows: object, *options: tuple[str, str]) -> list[tuple[str, str]]:
    made = make("choice", "which", {"rows": rows}, {"label": "Which one?"}, options).describe()
    return [(option["value"], option["label"]) for option in made["options"]]


def test_what_was_found_comes_before_the_authors_options() -> None:
    rows = [{"value": "06:AA", "label": "laptop"}, {"value": "06:BB"}]
    assert described(rows, ("all", "All of them")) == [
        ("06:AA", "laptop"),
        ("06:BB", "06:BB"),
        ("all", "All of them"),
    ]


def test_rows_without_a_value_or_named_twice_are_left_out() -> None:
    rows = [
        {"label": "x"},
        "y",
        {"value": ""},
        {"value": "a"},
        {"value": "a", "label": "again"},
        {"value": "all"},
    ]
    assert described(rows, ("all", "All")) == [("a", "a"), ("all", "All")]


def test_the_list_is_bounded_and_keeps_the_authors_options() -> None:
    found = described([{"value": str(n)} for n in range(500)], ("all", "All"))
    assert len(found) == OPTIONS_LIMIT
    assert found[-1] == ("all", "All")
