"""What the linter tells an author before publishing."""

from __future__ import annotations

import pytest

from tests.workflows.documents import SOURCES, library
from workflows.lint import lint
from workflows.reader import read_library, read_sources


def remarks(file: str = "", old: str = "", new: str = "") -> set[tuple[str, str]]:
    read = library(file, old, new)
    assert read.errors == ()
    return {(remark.rule, remark.step) for remark in lint(read.workflows["w"])}


USUAL = remarks()
CONSENT = '<consent lang="en">May I?</consent>\n  <consent lang="pl">Czy mogę?</consent>'


def test_the_small_library_leaves_some_open() -> None:
    assert remarks() == {
        ("no-follow-up", "check"),  # on, unreachable, refused
        ("no-follow-up", "repair"),
        ("no-follow-up", "ask"),
        ("missing-label", "check"),
        ("missing-meaning", "check"),
        ("missing-meaning", "repair"),
    }


@pytest.mark.parametrize(
    ("file", "old", "new", "rule", "step"),
    [
        ("w.xml", "<symptom", '<step id="lost" template="ask"/><symptom', "unreachable-step", "lost"),
        ("steps/repair.xml", CONSENT, "", "write-without-consent", "repair"),
        ("w.xml", "<symptom", '<input name="n" type="int"><label lang="en">N</label></input><symptom',
         "unused-input", ""),
        ("w.xml", "<symptom", '<input name="n" type="int"><label lang="en">N</label></input><symptom',
         "missing-translation", ""),
        ("w.xml", "<symptom", '<text lang="en">It is off.</text><symptom', "missing-translation", ""),
        ("tasks/write.xml", '<set key="${task.key}" value="${task.value}" output="#status" stage="write"/>',
         '<reboot/>', "", "no-way-back"),
        ("steps/check.xml", 'max-age="60"', 'max-age="60" disrupts="3"', "disrupts-without-write", "check"),
        ("steps/check.xml", '<title lang="pl">Sprawdzenie</title>', "", "missing-translation", "check"),
        ("w.xml", '<title lang="pl">Jest wyłączone</title>', "", "missing-translation", ""),
        ("w.xml", '<reason lang="pl">Jeszcze raz.</reason>', "", "missing-translation", "ask"),
        ("steps/check.xml", "It is on.", "Unfortunately it is on.", "wording", "check"),
        ("w.xml", "Jeszcze raz.", "Niestety jeszcze raz.", "wording", "ask"),
        ("w.xml", '<reason lang="en">Look again.</reason>\n    <reason lang="pl">Jeszcze raz.</reason>', "",
         "missing-reason", "ask"),
        ("w.xml", '<connection from="ask" to="check" when="${answers.joined == \'no\'}">',
         '<connection from="repair" to="check" auto="true" priority="2"/>'
         '<connection from="ask" to="check" when="${answers.joined == \'no\'}">', "", ""),
    ],
)  # fmt: skip
def test_a_remark(file: str, old: str, new: str, rule: str, step: str) -> None:
    sources = {**SOURCES, file: SOURCES[file].replace(old, new, 1)}
    if step == "no-way-back":  # a step whose undo is promised, and which writes no value
        promised = SOURCES["steps/repair.xml"].replace('writes="true"', 'writes="true" undo="customer"', 1)
        sources["steps/repair.xml"] = promised
        rule, step = "no-way-back", "repair"
    elif not rule:  # a circle of connections that a run follows by itself
        sources[file] = sources[file].replace('direct="true"', 'direct="true" priority="1"')
        rule, step = "endless-loop", "repair"
    read = read_sources(sources)
    assert read.errors == ()
    found = {(remark.rule, remark.step) for remark in lint(read.workflows["w"])}
    assert (rule, step) in found - USUAL


def test_a_circle_that_asks_whether_it_was_there_is_fine() -> None:
    circle = (
        '<connection from="repair" to="check" auto="true" priority="2"'
        ' when="${!known(outcomes.check) || known(outcomes.check)}"><reason lang="en">x</reason></connection>'
    )
    text = SOURCES["w.xml"].replace('direct="true"', 'direct="true" priority="1"')
    read = read_sources({**SOURCES, "w.xml": text.replace("</workflow>", circle + "</workflow>")})
    assert "endless-loop" not in {remark.rule for remark in lint(read.workflows["w"])}


def test_a_dead_end() -> None:
    cut = SOURCES["w.xml"].replace(
        '<connection from="check" to="repair"', '<connection from="ask" to="repair"'
    )
    read = read_sources({**SOURCES, "w.xml": cut.replace('start="check"', 'start="ask"')})
    assert read.errors == ()
    found = [remark for remark in lint(read.workflows["w"]) if remark.rule == "dead-end"]
    assert [remark.step for remark in found] == ["check"]
    assert str(found[0]) == "step check: a dead end: nothing follows off, refused, unreachable [dead-end]"


def test_a_choice_without_follow_up_names_the_value() -> None:
    reasons = [r.reason for r in lint(library().workflows["w"]) if r.step == "ask"]
    assert reasons == ["no follow-up holds when 'joined' is 'yes'"]


def test_the_shipped_workflows_have_no_remark() -> None:
    for workflow in read_library().workflows.values():
        assert [str(remark) for remark in lint(workflow)] == []
