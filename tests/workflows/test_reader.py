"""From XML to a frozen workflow: every mistake with its file, line, column and reason; versions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.documents import GRAPH, SOURCES, library
from workflows.documents import DOCUMENT_LIMIT_CHARACTERS, parse
from workflows.graph import Workflow
from workflows.reader import Malformed, read_library, read_sources, read_workflow
from workflows.steps import StepKind


def test_a_library_is_read() -> None:
    read = library()
    assert read.errors == ()
    workflow = read.workflows["w"]
    assert workflow.start == "check"
    assert workflow.audiences == {"customer", "agent"}
    assert workflow.symptom == "it_is_off"
    assert workflow.title == {"en": "It is off", "pl": "Jest wyłączone"}
    repair = workflow.steps["repair"].template
    assert (repair.kind, repair.writes, repair.disrupts_s, repair.max_age_s) == (StepKind.ONLINE, True, 5, 0)
    assert repair.settings == {"a"}
    assert [stage.id for stage in repair.stages] == ["read", "write"]
    assert [c.target for c in workflow.leaving("check")] == ["repair"]


# (file, text replaced, by what, part of the reason); the mark shows where the mistake is found
MARK = "\u00a6"
MISTAKES = [
    ("w.xml", 'start="check"', 'start="\u00a6nowhere"', "start step 'nowhere' does not exist"),
    ("w.xml", 'audience="customer agent"', 'audience="\u00a6robots"', "audience is some of"),
    ("w.xml", 'id="repair"', 'id="\u00a6check"', "step 'check' is given twice"),
    ("w.xml", 'template="ask"', 'template="\u00a6no-such"', "step template 'no-such' does not exist"),
    ("w.xml", 'to="repair"', 'to="\u00a6nowhere"', "unknown step 'nowhere'"),
    ("w.xml", "'off' in outcome.codes", "sv('a') \u00a6== 'on'", "'==' does not take (bool, string)"),
    ("w.xml", "'off' in outcome.codes", "sv('a') &amp;&amp;  \u00a6sv('b')", "unknown setting value 'b'"),
    ("w.xml", "answers.joined", "\u00a6answers.left", "unknown answer 'answers.left'"),
    ("w.xml", '<reason lang="en">It is off for {n:duration}', '\u00a6<reason lang="en">{colour}', "{colour}"),
    ("w.xml", '<reason lang="en">It is off for {n:duration}', '\u00a6<reason lang="en">{n:weeks}', "'weeks'"),
    (
        "w.xml",
        '<reason lang="en">It is off for {n:duration}',
        '\u00a6<reason lang="en">{n',
        "a brace that is",
    ),
    ("w.xml", '<title lang="en">It', '\u00a6<title lang="fr">It', "no English text"),
    ("w.xml", 'auto="true"', 'auto="true" direct="\u00a6true"', "which writes"),
    ("w.xml", 'auto="true"', 'auto="\u00a6perhaps"', "not a valid value"),
    ("w.xml", "<symptom", "\u00a6<symptoms", "not expected"),
    ("w.xml", 'id="check" template', 'id="check" templat="\u00a6check" template', "not allowed"),
    (
        "w.xml",
        '"ask" template="ask"/>',
        '"ask" template="ask"><with name="\u00a6x" value="1"/></step>',
        "parameter",
    ),
    ("steps/check.xml", "sv('a')", "\u00a6sv('aa')", "unknown setting value 'aa'"),
    ("steps/check.xml", "sv('a')", "\u00a6sv('n')", "true or false, not INT"),
    ("steps/check.xml", '<text lang="en">It is off ({n})', '\u00a6<text lang="en">It is off ({m})', "{m}"),
    ("steps/check.xml", 'kind="offline"', 'kind="\u00a6gui"', "a gui step has a panel"),
    ("steps/check.xml", 'kind="offline"', 'kind="online" writes="\u00a6true"', "go together"),
    ("steps/check.xml", 'severity="INFO"', 'severity="\u00a6LOUD"', "LOUD"),
    ("steps/check.xml", "</config>", "</config>\u00a6<config/>", "<config> is given twice"),
    ("steps/check.xml", "<config>", '<config><finding code="a" severity="INFO">\u00a6<b/></finding>', ""),
    (
        "steps/repair.xml",
        '<step-template name="repair" kind="online" writes="true"',
        '\u00a6<step-template name="repair" kind="online"',
        "go together",
    ),
    ("steps/repair.xml", 'template="write"', 'template="\u00a6nothing"', "unknown task template 'nothing'"),
    ("steps/repair.xml", 'var="#value"', 'var="\u00a6#valu"', "has no input 'valu'"),
    ("steps/repair.xml", 'var="#done"', 'var="\u00a6#did"', "has no output 'did'"),
    ("steps/repair.xml", "task.ok", "task\u00a6.okay", "task.okay"),
    (
        "steps/check.xml",
        "  <config>",
        '  <reading-label name="\u00a6ghost"><text lang="en">Ghost</text></reading-label>\n  <config>',
        "this step has no reading 'ghost'",
    ),
    ("steps/repair.xml", '<stage id="write"', '<stage id="\u00a6read"', "stage 'read' is given twice"),
    ("steps/ask.xml", 'kind="choice"', 'kind="\u00a6chart"', "unknown widget kind 'chart'"),
    ("steps/ask.xml", '<label lang="en">Well?</label><label', "\u00a6<label", "<label> has no English text"),
    ("tasks/write.xml", 'stage="write"', 'type="\u00a6float"', "float"),
    (
        "settings.xml",
        '<path model="tr181">Device.A<',
        '\u00a6<path model="tr181">Internet.A<',
        "starts with 'Device.'",
    ),
    ("settings.xml", 'name="n"', 'name="\u00a6a"', "setting 'a' is given twice"),
]


def place_of(file: str, old: str, new: str) -> tuple[int, int]:
    """(line, column) of the mark once `new` stands for `old`."""
    text = SOURCES[file].replace(old, new, 1)
    before = text[: text.index(MARK)]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


@pytest.mark.parametrize(("file", "old", "new", "reason"), MISTAKES)
def test_a_mistake_has_its_place(file: str, old: str, new: str, reason: str) -> None:
    errors = [e for e in library(file, old, new.replace(MARK, "")).errors if e.file == file]
    error = next(e for e in errors if reason in e.reason)
    assert (error.line, error.column) == place_of(file, old, new)
    assert str(error).startswith(f"{file}:{error.line}:{error.column}: ")


def test_an_input_that_is_needed() -> None:
    read = library("steps/repair.xml", '<input var="#value" alias="${true}"/>', "")
    assert any("needs input 'value'" in e.reason and e.line == 9 for e in read.errors)


def test_a_spoilt_template_spoils_only_what_uses_it() -> None:
    other = GRAPH.replace('name="w"', 'name="other"').replace('template="repair"', 'template="ask"')
    sources = {**SOURCES, "other.xml": other.replace("when=\"${'applied' in outcome.codes}\" ", "")}
    sources["steps/repair.xml"] = sources["steps/repair.xml"].replace("<config>", "<konfig>")
    read = read_sources(sources)
    assert set(read.workflows) == {"other"}
    reasons = {(e.file, e.reason) for e in read.errors}
    assert ("w.xml", "step template 'repair' is malformed") in reasons
    assert any(file == "steps/repair.xml" for file, _ in reasons)


def test_all_mistakes_are_told_at_once() -> None:
    read = library("w.xml", 'start="check" audience="customer agent"', 'start="x" audience="y"')
    assert len(read.errors) == 2


def test_what_is_given_twice_is_an_error_that_names_both() -> None:
    read = read_sources({**SOURCES, "copy.xml": GRAPH})
    (error,) = read.errors
    assert (error.file, error.reason) == ("copy.xml", "<workflow> 'w' is also in w.xml")


def test_two_that_go_by_themselves_need_priorities() -> None:
    both = '<connection from="check" to="ask" direct="true"/>\n  <connection from="repair"'
    read = library("w.xml", '<connection from="repair"', both)
    assert ["give each a priority" in e.reason for e in read.errors] == [True, True]
    same = both.replace("/>", ' priority="1"/>')
    read = library("w.xml", '<connection from="repair"', same)
    assert any("check" in e.reason or "priority" in e.reason for e in read.errors)
    sources = dict(SOURCES)
    sources["w.xml"] = GRAPH.replace('auto="true"', 'auto="true" priority="1"').replace(
        '<connection from="repair"', same
    )
    (error,) = read_sources(sources).errors
    assert "'repair' (line 8)" in error.reason
    assert "'ask'" in error.reason
    sources["w.xml"] = sources["w.xml"].replace('direct="true" priority="1"', 'direct="true" priority="2"')
    assert read_sources(sources).errors == ()


def test_task_templates_in_a_circle() -> None:
    circle = '<set key="${task.key}"'
    read = library("tasks/write.xml", circle, '<task template="write"/>' + circle)
    assert any("circle" in e.reason for e in read.errors)


# -- versions -------------------------------------------------------------------------------------


def version(file: str = "", old: str = "", new: str = "") -> str:
    return library(file, old, new).workflows["w"].version


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("w.xml", "It is off for", "It was off for"),
        ("steps/check.xml", "It is on.", "It is on!"),
        ("tasks/write.xml", 'timeoutSeconds="7"', 'timeoutSeconds="8"'),
        ("settings.xml", "Device.A<", "Device.AA<"),
    ],
)
def test_the_version_covers_everything_used(file: str, old: str, new: str) -> None:
    assert version(file, old, new) != version()


def test_the_version_covers_nothing_else() -> None:
    unused = {**SOURCES, "steps/b.xml": SOURCES["steps/ask.xml"].replace('name="ask"', 'name="b"')}
    assert read_sources(unused).workflows["w"].version == version()


def test_a_version_is_read_again_from_its_sources() -> None:
    read = library()
    again = read_sources(read.sources_of("w"))
    assert again.errors == ()
    assert again.workflows["w"].version == read.workflows["w"].version


def test_the_shipped_library_again_from_its_sources() -> None:
    read = read_library()
    assert read.errors == ()
    for name, workflow in read.workflows.items():
        assert read_sources(read.sources_of(name)).workflows[name].version == workflow.version


# -- single documents -----------------------------------------------------------------------------


def test_a_workflow_is_read_against_a_library() -> None:
    workflow = read_workflow(GRAPH.replace('name="w"', 'name="mine"'), "mine.xml", library())
    assert isinstance(workflow, Workflow)
    assert workflow.name == "mine"
    with pytest.raises(Malformed) as caught:
        read_workflow(GRAPH.replace('to="repair"', 'to="x"'), "mine.xml", library())
    assert [e.line for e in caught.value.errors] == [8]
    with pytest.raises(Malformed):
        read_workflow(SOURCES["steps/ask.xml"], "mine.xml", library())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no element found"),
        ("<workflow", "unclosed token"),
        ("<a><b></a>", "mismatched tag"),
        ("<unknown/>", "unknown document <unknown>"),
        ("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><workflow>&b;</workflow>", "DOCTYPE"),
        ("<workflow>&b;</workflow>", "undefined entity"),
        ("<a>" * 60, "deep"),
        ("<workflow>" + " " * DOCUMENT_LIMIT_CHARACTERS + "</workflow>", "100000 characters"),
        ("<workflow>\ud800</workflow>", "not well formed"),
        ("<x:workflow/>", ""),
    ],
)
def test_what_is_no_document(text: str, reason: str) -> None:
    document = parse(text, "f.xml")
    assert document.errors
    assert reason in document.errors[0].reason


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert parse(text, "f.xml").errors


@given(st.integers(0, len(GRAPH) - 1), st.integers(0, 30), st.text(alphabet="<>&'\"${}ab ", max_size=6))
def test_a_damaged_workflow_is_read_or_refused(at: int, length: int, put: str) -> None:
    damaged = GRAPH[:at] + put + GRAPH[at + length :]
    read = read_sources({**SOURCES, "w.xml": damaged})
    assert bool(read.errors) or read.workflows
    for error in read.errors:
        assert error.line >= 1
        assert error.column >= 1
