"""Widgets: what they describe, what they accept, what they refuse."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.choice import Choice
from widgets.consent import Consent
from widgets.hosts import ROWS_LIMIT, Hosts
from widgets.kinds import PANEL_KINDS, field_of, make
from widgets.readings import Readings, Row
from widgets.text import plain
from widgets.text_field import TextField
from widgets.widget import InvalidAnswer, InvalidAnswers, parse_all

JOINED = Choice("joined", "Did it join?", (("yes", "Yes, it joined"), ("no", "Not yet")))

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


def test_a_choice_is_parsed_by_value_and_said_by_label() -> None:
    assert JOINED.parse("yes") == "yes"
    assert JOINED.say("no") == "Not yet"


@given(ANYTHING)
def test_a_choice_takes_its_own_values_and_nothing_else(answer: object) -> None:
    try:
        assert JOINED.parse(answer) in ("yes", "no")
    except InvalidAnswer as error:
        assert error.field == "joined"


@given(ANYTHING)
def test_a_text_field_gives_bounded_text_or_an_error(answer: object) -> None:
    field = TextField("name", "Name", limit_characters=10)
    try:
        assert 0 < len(field.parse(answer)) <= 10
    except InvalidAnswer as error:
        assert error.message_id in ("answer-missing", "answer-not-text", "answer-too-long")


def test_a_form_names_every_bad_field_at_once() -> None:
    with pytest.raises(InvalidAnswers) as caught:
        parse_all([JOINED, TextField("name", "Name")], {"joined": "maybe", "extra": 1})
    assert {(e.field, e.message_id) for e in caught.value.errors} == {
        ("joined", "answer-not-offered"),
        ("name", "answer-missing"),
        ("extra", "answer-unknown-field"),
    }


def test_a_form_takes_good_answers() -> None:
    assert parse_all([JOINED, TextField("name", "Name")], {"joined": "no", "name": " tv "}) == {
        "joined": "no",
        "name": "tv",
    }


def test_answers_that_are_no_object_are_missing_answers() -> None:
    with pytest.raises(InvalidAnswers):
        parse_all([JOINED], ["yes"])


def test_hosts_show_the_connected_first_and_stay_bounded() -> None:
    rows = [
        {"name": "tv", "mac": "aa", "ip": "", "active": False},
        {"name": "phone", "mac": "bb", "active": True},
    ]
    described = Hosts.of("hosts", "Devices", rows, "2 devices").describe()
    assert [row["name"] for row in described["rows"]] == ["phone", "tv"]
    assert len(Hosts.of("h", "D", [{"name": str(n)} for n in range(500)], "many").rows) == ROWS_LIMIT


WIDGETS = [
    JOINED,
    TextField("name", "Name"),
    Hosts.of("hosts", "Devices", [{"name": "tv", "ip": "192.168.1.7"}], "1 device"),
    Readings("r", "Readings", (Row("lease", "Lease", 60, "s", 12.0),)),
    Consent("c", "This changes one setting.", 20),
]


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
def test_every_widget_describes_itself_as_json_with_a_fallback(widget: object) -> None:
    described = widget.describe()  # type: ignore[attr-defined]
    assert json.loads(json.dumps(described)) == described
    assert described["type"] and described["id"] and described["fallback"] and described["summary"]


def test_every_kind_of_a_panel_can_be_made() -> None:
    for kind in PANEL_KINDS:
        made = make(kind, "x", {"rows": []}, {"label": "L", "title": "T"}, [("a", "A")])
        assert made.describe()["type"] == kind
    with pytest.raises(ValueError, match="unknown widget kind"):
        make("video", "x", {}, {})


def test_plain_text_numbers_the_answers_and_gives_reasons() -> None:
    body = {
        "text": "I found it.",
        "widgets": [Readings("r", "What I read", (Row("lease", "Lease", 60, "s"),)).describe()],
        "actions": [{"id": "follow:fix", "label": "Fix it", "reason": "The lease is short."}],
    }
    said = plain(body)
    assert said.text == "I found it.\nWhat I read\nLease: 60 s\n1. Fix it – The lease is short."
    assert said.quick_replies == (("follow:fix", "Fix it"),)


def test_plain_text_asks_the_fields_when_there_are_no_buttons() -> None:
    body = {"input": {"fields": [TextField("name", "Its name?").describe()]}}
    assert plain(body).text == "Its name?"


@pytest.mark.parametrize("field", [JOINED, TextField("name", "Name", required=False, limit_characters=7)])
def test_a_field_is_read_back_from_its_wire_form(field: Choice | TextField) -> None:
    assert field_of(field.describe()) == field


def test_what_only_shows_cannot_be_read_back_as_a_field() -> None:
    with pytest.raises(ValueError, match="does not ask"):
        field_of(Consent("c", "text", 5).describe())
