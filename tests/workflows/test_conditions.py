"""Conditions and templates: typed names, unknown that is not false, mistakes found at load, bounds."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.conditions import (
    Condition,
    ExpressionError,
    ExpressionFailed,
    Missing,
    Scope,
    Template,
    Verdict,
)
from workflows.expressions import Vocabulary
from workflows.facts import Datum, Facts
from workflows.outcome import Finding, Outcome, Reading, Status
from workflows.settings import Rule, Setting, Settings

POOL = "Device.DHCPv4.Server.Pool."
SETTINGS = Settings(
    {
        "dhcp.enabled": Setting("dhcp.enabled", "boolean", (Rule("tr181", "Device.DHCPv4.Server.Enable"),)),
        "dhcp.lease": Setting("dhcp.lease", "int", (Rule("tr181", POOL + "{i}.LeaseTime"),)),
        "dhcp.dns": Setting("dhcp.dns", "list", (Rule("tr181", POOL + "{i}.DNSServers"),)),
        "dhcp.pool.min": Setting("dhcp.pool.min", "string", (Rule("tr181", POOL + "{i}.MinAddress"),)),
    }
)
WORDS = Vocabulary(
    SETTINGS.vocabulary(), (("joined", "string"),), frozenset({"x"}), frozenset({"check", "fix-dns"})
)
FACTS = Facts(
    now=1_000.0,
    device={"data_model": "tr181", "model": "R1"},
    parameters={
        "Device.DHCPv4.Server.Enable": Datum("1", "xsd:boolean", 900.0),
        POOL + "2.LeaseTime": Datum("120", "xsd:int", 940.0),
        POOL + "2.DNSServers": Datum("9.9.9.9, 8.8.8.8", "xsd:string", 940.0),
        "Device.DeviceInfo.UpTime": Datum("77", "xsd:unsignedInt", 940.0),
    },
    customer={"first_name": "Anna"},
    tenant={"dns_allowed": ["9.9.9.9"]},
)
FOUND = Outcome(Status.WARNING, (Finding("dns-not-allowed", "WARN", (Reading("dns", "8.8.8.8"),)),))
SCOPE = Scope(FACTS, SETTINGS, FOUND, {"check": FOUND}, {"joined": "yes"}, {"x": ["a"]})


@pytest.mark.parametrize(
    "source",
    [
        "${sv('dhcp.enabled')}",
        '${sv("dhcp.lease") < 3600}',
        "${sv('dhcp.dns').exists(d, !(d in tenant.dns_allowed))}",
        "${'dns-not-allowed' in outcome.codes && outcome.status == 'WARNING'}",
        "${outcome.readings.dns == '8.8.8.8'}",
        "${outcomes.check.status == 'WARNING' && outcomes['check'].readings.dns == '8.8.8.8'}",
        "${answers.joined == 'yes'}",
        "${device.model == 'R1' && customer.first_name == 'Anna'}",
        "${dm('Device.DeviceInfo.UpTime') == 77}",
        "${age_s('dhcp.lease') == 60 && now == 1000.0}",
        "${path('dhcp.lease') == 'Device.DHCPv4.Server.Pool.2.LeaseTime'}",
        "${task.x == ['a']}",
        "${!known(sv('dhcp.pool.min')) && known(sv('dhcp.lease'))}",
        "${known(outcome.readings.dns) && !known(outcome.readings.other) && !known(outcomes['fix-dns'])}",
        "${known(sv('dhcp.pool.min')) ? sv('dhcp.pool.min') == '' : true}",
        "${'sv(\\'nothing\\') answers.nothing' != ''}",
        "${ip_in_subnet('192.168.1.9', '192.168.1.1', '255.255.255.0')}",
    ],
)
def test_holds(source: str) -> None:
    assert Condition(source, WORDS).evaluate(SCOPE) == Verdict(True)


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        ("${sv('dhcp.pool.min') == ''}", ("dhcp.pool.min",)),
        ("${dm('Device.Nothing') == 1}", ("Device.Nothing",)),
        ("${outcomes['fix-dns'].status == 'SUCCESS'}", ("outcomes['fix-dns']",)),
        ("${subscription.plan == 'x'}", ("subscription.plan",)),
        ("${outcome.readings.other == 1}", ("other",)),
        (
            "${sv('dhcp.pool.min') == '' || dm('Device.Nothing') == 1}",
            ("dhcp.pool.min", "Device.Nothing"),
        ),
    ],
)
def test_unknown_names_what_is_missing(source: str, missing: tuple[str, ...]) -> None:
    assert Condition(source, WORDS).evaluate(SCOPE) == Verdict(None, missing)


def test_unknown_where_the_other_side_decides() -> None:
    assert (
        Condition("${sv('dhcp.enabled') || sv('dhcp.pool.min') == ''}", WORDS).evaluate(SCOPE).holds is True
    )
    assert (
        Condition("${sv('dhcp.pool.min') == '' && !sv('dhcp.enabled')}", WORDS).evaluate(SCOPE).holds is False
    )


def test_negation_of_unknown_is_unknown() -> None:
    assert Condition("${!(sv('dhcp.pool.min') == '')}", WORDS).evaluate(SCOPE).holds is None


def test_without_an_outcome_and_answers() -> None:
    bare = Scope(FACTS, SETTINGS)
    assert Condition("${'x' in outcome.codes}", WORDS).evaluate(bare) == Verdict(None, ("outcome",))
    assert Condition("${answers.joined == 'yes'}", WORDS).evaluate(bare) == Verdict(None, ("answers.joined",))


def test_a_value_of_another_type_is_unknown() -> None:
    odd = replace(FACTS, parameters={"Device.DHCPv4.Server.Enable": Datum("maybe", "xsd:boolean", 0.0)})
    assert Condition("${sv('dhcp.enabled')}", WORDS).evaluate(replace(SCOPE, facts=odd)).missing == (
        "dhcp.enabled",
    )


def test_no_answer_over_these_data_is_unknown_with_a_reason() -> None:
    verdict = Condition("${1 / (sv('dhcp.lease') - 120) == 1}", WORDS).evaluate(SCOPE)
    assert verdict.holds is None
    assert "divide by zero" in verdict.error


@pytest.mark.parametrize(
    ("source", "offset", "reason"),
    [
        ("${sv('dhcp.enabled') == 'true'}", 21, "'==' does not take (bool, string)"),
        ("${  sv('dhcp.enabled') && answers.joined}", 23, "'&&' does not take"),
        ("${sv('dhcp.enabld')}", 2, "did you mean 'dhcp.enabled'"),
        ("${sv(task.x)}", 2, "one literal name"),
        ("${answers.nobody == 'x'}", 2, "the questions asked here give answers.joined"),
        ("${outcomes.nowhere.status == 'x'}", 2, "unknown step 'nowhere'"),
        ("${outcome.colour == 'x'}", 9, "outcome.colour"),
        ("${task.y == 1}", 6, "task.y"),
        ("${customer.password == ''}", 10, "customer.password"),
        ("${known(1)}", 2, "known() takes one name"),
        ("${1 + 1}", 2, "true or false, not INT"),
        ("${dm('Device.Hosts.Host.{i}.Active')}", 2, "full path"),
        ("plain", 0, "one ${...}"),
        ("${true} ${true}", 0, "one ${...}"),
        ("a ${true", 0, "one ${...}"),
        ("${__import__('os')}", 12, "undeclared reference"),
        ("${outcome.codes.__class__}", 15, ""),
    ],
)
def test_mistakes_are_found_at_load(source: str, offset: int, reason: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        Condition(source, WORDS)
    if source != "a ${true":
        assert caught.value.offset == offset
        assert reason in caught.value.reason


@pytest.mark.parametrize(
    "source",
    [
        "${" + "1 == 1 && " * 300 + "true}",
        "${" + "(" * 100 + "true" + ")" * 100 + "}",
        "${['a'].map(a, a+a).map(b, b+b).map(c, c+c) == []}",
        "${['a'].map(a, " + "a+" * 5 + "a) == []}",
        "${" + "task.x+" * 33 + "task.x}",
    ],
)
def test_too_much_is_refused_at_load(source: str) -> None:
    with pytest.raises(ExpressionError):
        Condition(source, WORDS)


def test_too_many_iterations_fail_and_do_not_hang() -> None:
    many = {"x": ["a"] * 10_000}
    hostile = Condition("${task.x.all(a, task.x.all(b, a == b))}", WORDS)
    assert hostile.evaluate(replace(SCOPE, task=many)).holds is None


@pytest.mark.parametrize(
    ("source", "x"),
    [
        ("${task.x + task.x}", "a" * 40_000),
        ("${task.x.map(a, task.x)}", ["a" * 5_000] * 10),
        ("${task.x.map(a, task.x)}", ["a" * 1_000] * 200),
        ("${task.x.map(a, [" + "a," * 400 + "a])}", ["a" * 1_000] * 1_000),
        ("${task.x.map(a, task.x.map(b, {'a': a, 'b': b}))}", ["a" * 1_000] * 90),
        ("${[" + "task.x, " * 200 + "task.x]}", "a" * 60_000),
        ("${task.x == ''}", "a" * 70_000),
    ],
)
def test_a_value_that_grows_is_stopped(source: str, x: object) -> None:
    with pytest.raises(ExpressionFailed):
        Template(source, WORDS).value(replace(SCOPE, task={"x": x}))


def test_a_table_goes_through_map_and_filter() -> None:
    rows = [{"name": f"host {n}", "active": n % 2 == 0} for n in range(256)]
    found = Template("${task.x.filter(h, h.active).map(h, h.name)}", WORDS).value(
        replace(SCOPE, task={"x": rows})
    )
    assert found == [f"host {n}" for n in range(0, 256, 2)]


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("${sv('dhcp.lease')}", 120),
        ("${sv('dhcp.dns')}", ["9.9.9.9", "8.8.8.8"]),
        ("${sv('dhcp.enabled')}", True),
        ("lease ${sv('dhcp.lease')} s, on ${sv('dhcp.enabled')}", "lease 120 s, on true"),
        ("${{'a': [1, 2]}}", {"a": [1, 2]}),
        ("plain", "plain"),
        ("", ""),
        ("a $ b", "a $ b"),
        ("${'}'}", "}"),
    ],
)
def test_a_lone_expression_keeps_its_type(source: str, value: Any) -> None:
    assert Template(source, WORDS).value(SCOPE) == value


def test_a_template_without_value_says_what_is_missing() -> None:
    with pytest.raises(Missing) as caught:
        Template("pool from ${sv('dhcp.pool.min')}", WORDS).value(SCOPE)
    assert caught.value.names == ("dhcp.pool.min",)


def test_what_an_expression_reads() -> None:
    expression = Condition(
        "${known(sv('dhcp.lease')) && dm('Device.A.B') == age_s('dhcp.dns')}", WORDS
    ).expression
    assert expression.named("sv", "age") == {"dhcp.lease", "dhcp.dns"}
    assert expression.named("dm") == {"Device.A.B"}


@given(st.text(max_size=60))
def test_whatever_is_written_is_an_expression_or_a_mistake(text: str) -> None:
    offset = 0
    try:
        Condition("${" + text + "}", WORDS).evaluate(SCOPE)
    except ExpressionError as error:
        offset = error.offset
    assert 0 <= offset <= len(text) + 3


@given(st.text(alphabet="abcsvdm_().'\"[]{}$ &|!=<>+?:0123456789\n\t,\\", max_size=80))
def test_symbols_in_any_order_never_crash(text: str) -> None:
    with suppress(ExpressionError, ExpressionFailed, Missing):
        Template(text, WORDS).value(SCOPE)
