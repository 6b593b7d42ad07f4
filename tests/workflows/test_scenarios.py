"""Playing scenarios: the home of a scenario, and what is told when something comes out otherwise."""

from __future__ import annotations

from tests.workflows.documents import library
from workflows.documents import parse
from workflows.effects import GetValues, LedgerNote, SetValues
from workflows.scenarios import Home, judge, play, scenarios

VALUES = {"Device.A": ("false", "xsd:boolean"), "Device.T.1.N": ("90", "xsd:int")}
SET_A = SetValues((("Device.A", "true", "xsd:boolean"),))


def test_a_home_reads_objects_and_refuses_unknown_names() -> None:
    home = Home(dict(VALUES))
    assert home.reply(GetValues(("Device.T.", "Device.A")), 1.0).values == VALUES
    assert home.reply(GetValues(("Device.A", "Device.B")), 1.0).fault_code == "9005"


def test_a_home_writes_all_or_nothing() -> None:
    home = Home(dict(VALUES), refuses={"Device.T.1.N": ("9007", 1)})
    both = SetValues((*SET_A.values, ("Device.T.1.N", "5", "xsd:int")))
    reply = home.reply(both, 1.0)
    assert reply.fault_code == "9003"
    assert [f.name for f in reply.fault_parameters] == ["Device.T.1.N"]
    assert home.values == VALUES
    assert home.reply(both, 1.0).ok
    assert home.values["Device.T.1.N"] == ("5", "xsd:int")


def test_a_home_that_ignores_is_silent_or_notes() -> None:
    home = Home(dict(VALUES), ignores={"Device.A": 1}, silent={2: True, 3: False})
    assert home.reply(SET_A, 1.0).ok
    assert home.values == VALUES
    assert home.reply(SET_A, 1.0).uncertain
    assert home.reply(SET_A, 1.0).timed_out
    assert home.reply(LedgerNote("x"), 1.0).ok
    assert home.notes == ["x"]


HEAD = """<scenarios workflow="w">
  <device name="d" model="tr181">
    <value path="Device.A" type="boolean">false</value>
    <value path="Device.T.1.N" type="int">90</value>
  </device>
"""


def judged(scenario: str) -> list[str]:
    document = parse(HEAD + scenario + "</scenarios>", "s.xml")
    assert document.errors == []
    for one in scenarios(document):
        judge(document, one, play(library().workflows["w"], one))
    return [f"{error.line}: {error.reason}" for error in document.errors]


def test_all_as_expected() -> None:
    assert (
        judged(
            """<scenario name="s" device="d" ends="waiting">
    <choose to="repair"/><agree/><answer field="joined" value="no"/>
    <path>check repair ask</path><codes step="check">off</codes><offers>check</offers>
    <write path="Device.A">true</write><says>It is off (90).</says>
  </scenario>"""
        )
        == []
    )


def test_each_difference_has_its_line() -> None:
    said = judged(
        """<scenario name="s" device="d" ends="SUCCESS">
    <choose to="repair"/><decline/><choose to="ask"/>
    <path>check</path>
    <codes step="check">on</codes>
    <offers>ask</offers>
    <write path="Device.A">true</write>
    <note>Hello</note>
    <says>Goodbye</says>
  </scenario>"""
    )
    assert [line.split(":")[0] for line in said] == ["6", "6", "8", "9", "10", "6", "6", "13"]
    assert "does not fit here: action_not_offered" in said[0]
    assert "its end should be SUCCESS, is waiting" in said[1]
    assert "the path should be ['check'], is ['check', 'repair']" in said[2]
    assert "nobody says 'Goodbye'" in said[-1]


def test_a_silent_home_in_polish() -> None:
    assert (
        judged(
            """<scenario name="s" device="d" ends="person" locale="pl" stored-age="61">
    <silent request="1"/>
    <path>check</path><codes step="check">unreachable</codes>
  </scenario>"""
        )
        == []
    )
