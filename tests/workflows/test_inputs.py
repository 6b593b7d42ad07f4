"""What a workflow is given: declared, read, checked, and answers of the run from then on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workflows.documents import GRAPH, SOURCES, library
from widgets.messages import languages, message
from widgets.widget import InvalidAnswer, InvalidAnswers
from workflows.engine import decide
from workflows.facts import Facts
from workflows.inputs import Input, parsed
from workflows.reader import Library, read_sources
from workflows.run import Run, Start

LABEL = {"en": "X"}


def one(kind: str, **more: Any) -> Input:
    return Input("x", kind, LABEL, **more)


@pytest.mark.parametrize(
    ("declared", "given", "value"),
    [
        (one("string"), " a ", "a"),
        (one("value"), " a ", " a "),
        (one("int", least=1, most=9), "7", 7),
        (one("int"), -3, -3),
        (one("boolean"), "true", True),
        (one("boolean"), False, False),
        (one("path"), "Device.WiFi.SSID.1.Enable", "Device.WiFi.SSID.1.Enable"),
        (one("path"), "InternetGatewayDevice.Time.", "InternetGatewayDevice.Time."),
        (one("string", pattern="[a-z]+"), "abc", "abc"),
        (one("string", options=(("a", LABEL), ("b", LABEL))), "b", "b"),
    ],
)
def test_what_fits_has_its_type(declared: Input, given: Any, value: Any) -> None:
    assert parsed((declared,), {"x": given}) == {"x": value}


@pytest.mark.parametrize(
    ("declared", "given", "why"),
    [
        (one("int", least=1), "0", "answer-too-small"),
        (one("int", most=9), "10", "answer-too-large"),
        (one("int"), "1.5", "answer-not-a-number"),
        (one("int"), True, "answer-not-a-number"),
        (one("boolean"), "perhaps", "answer-not-yes-or-no"),
        (one("string"), 5, "answer-not-text"),
        (one("string"), "a" * 2_001, "answer-too-long"),
        (one("string", pattern="[a-z]+"), "abc1", "answer-does-not-fit"),
        (one("string", options=(("a", LABEL),)), "b", "answer-not-offered"),
        (one("path"), "WiFi.SSID.1.", "answer-not-a-path"),
        (one("value"), "${sealed:anything}", "answer-does-not-fit"),
        (one("value"), "${stored}", "answer-does-not-fit"),
        (one("value"), "${hidden}", "answer-does-not-fit"),
        (one("value"), "${as-written}", "answer-does-not-fit"),
        (one("path"), "Device.A b", "answer-not-a-path"),
        (one("string", required=True), "", "answer-missing"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(declared: Input, given: Any, why: str) -> None:
    with pytest.raises(InvalidAnswers) as invalid:
        parsed((declared,), {"x": given})
    (error,) = invalid.value.errors
    assert (error.field, error.message_id) == ("x", why)
    for language in languages():
        assert message(language, why, **error.values) != why


def test_every_bad_one_is_named_and_so_is_a_stranger() -> None:
    with pytest.raises(InvalidAnswers) as invalid:
        parsed((one("int"), Input("y", "path", LABEL, required=True)), {"x": "a", "z": 1})
    assert sorted(e.field for e in invalid.value.errors) == ["x", "y", "z"]


def test_defaults_stand_in_and_what_is_optional_stays_unknown() -> None:
    declared = (one("int", default=5), Input("y", "string", LABEL), Input("v", "value", LABEL, required=True))
    assert parsed(declared, {"v": ""}) == {"x": 5, "v": ""}


def with_input(element: str, when: str = "${answers.n > 3}") -> Library:
    graph = GRAPH.replace('<step id="check"', element + '<step id="check"', 1)
    graph = graph.replace("""when="${'off' in outcome.codes}" auto="true\"""", f'when="{when}" auto="true"')
    return read_sources({**SOURCES, "w.xml": graph})


INPUT = '<input name="n" type="int" min="1" max="9" default="4"><label lang="en">How many</label></input>'


def test_an_input_is_read_and_typed() -> None:
    read = with_input(INPUT)
    assert read.errors == ()
    (declared,) = read.workflows["w"].inputs
    assert declared == Input("n", "int", {"en": "How many"}, default=4, least=1, most=9)
    assert declared.describe("pl")["label"] == "How many"


@pytest.mark.parametrize(
    ("element", "reason"),
    [
        (INPUT + INPUT, "input 'n' is given twice"),
        (INPUT.replace('default="4"', 'default="10"'), "9 or less"),
        (INPUT.replace('type="int"', 'type="path"'), "only an input of type 'int' has min"),
        (INPUT.replace('default="4"', 'accept="x"'), "only an input of type 'file' has accept"),
        (INPUT.replace('default="4"', 'pattern="("'), "not a regular expression"),
        (INPUT.replace('<label lang="en">', '<label lang="pl">'), "no English text"),
    ],
)
def test_mistakes_are_told(element: str, reason: str) -> None:
    assert any(reason in error.reason for error in with_input(element).errors)


def test_a_type_error_over_an_input_is_found_at_load() -> None:
    assert with_input(INPUT, "${answers.n == 'x'}").errors != ()


def test_inputs_are_answers_from_the_start() -> None:
    workflow = with_input(INPUT).workflows["w"]
    run, _ = decide(workflow, Run("R", "w", "v", "customer", "en"), Start(inputs={"n": 5}), Facts(0.0), 0.0)
    assert run.answers == {"n": 5}
    assert library().workflows["w"].inputs == ()


def test_an_invalid_answer_says_which() -> None:
    with pytest.raises(InvalidAnswer):
        one("int").parse("x")
