"""What expressions may ask of a model: can('ping'), limit('download.mbps')."""

from __future__ import annotations

import pytest

from workflows.conditions import Condition, Missing, Scope, Template, Verdict
from workflows.expressions import ExpressionError, Vocabulary
from workflows.facts import Datum, Facts
from workflows.reader import read_library


@pytest.mark.parametrize(
    ("source", "gives"),
    [
        ("${can('ping')}", True),
        ("${can('neighbours')}", True),
        ("${can('wifi.mac_filter.deny')}", False),
        ("${can('ping') && sv('dhcp.enabled')}", True),
    ],
)
def test_what_a_model_can_do(source: str, gives: bool) -> None:
    library = read_library().settings
    known = Facts(
        0.0, {"data_model": "tr181"}, {"Device.DHCPv4.Server.Enable": Datum("1", "xsd:boolean", 0.0)}
    )
    scope = Scope(known, library)
    vocabulary = Vocabulary(library.vocabulary())
    assert Condition(source, vocabulary).evaluate(scope) == Verdict(gives)


def test_what_a_model_can_do_is_unknown_before_it_has_called() -> None:
    library = read_library().settings
    asked = Condition("${can('ping')}", Vocabulary(library.vocabulary()))
    assert asked.evaluate(Scope(Facts(0.0), library)) == Verdict(None, ("can('ping')",))
    limit = Template("${limit('download.mbps')}", Vocabulary(library.vocabulary()))
    with pytest.raises(Missing) as caught:
        limit.value(Scope(Facts(0.0, {"data_model": "tr181"}), library))
    assert caught.value.names == ("limit('download.mbps')",)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("${can('pong')}", "no model is known to have or lack 'pong'; did you mean 'ping'?"),
        ("${sv('ping')}", "unknown setting value 'ping'"),
        ("${limit('pong.mbps') > 1.0}", "no model is known to have or lack 'pong'; did you mean 'ping'?"),
        ("${can(sv('firmware'))}", "can() takes one literal name of a diagnostic or setting: can('ping')"),
    ],
)
def test_a_capability_nobody_has_is_a_mistake(source: str, reason: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        Template(source, Vocabulary(read_library().settings.vocabulary()))
    assert reason in caught.value.reason
