"""Who is let in under load: by event, by device, by tenant; Retry-After spread by chance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.devices.admission import Allowance, Gate, Limits, Load, PutOff, put_off, spread

NOW = 1_700_000_000.0
LIMITS = Limits(sessions=100, tenant_sessions=50, answering=10, lag_s=1.0)
PERIODIC, CHANGE, BOOT = ("2 PERIODIC",), ("4 VALUE CHANGE",), ("1 BOOT", "4 VALUE CHANGE")


@pytest.mark.parametrize(
    ("load", "let_in"),
    [
        (Load(), {"periodic", "change", "boot"}),
        (Load(sessions=69), {"periodic", "change", "boot"}),
        (Load(sessions=70), {"change", "boot"}),
        (Load(tenant_sessions=35), {"change", "boot"}),
        (Load(answering=8), {"change", "boot"}),
        (Load(lag_s=0.85), {"boot"}),
        (Load(sessions=99), {"boot"}),
        (Load(sessions=100), set()),
        (Load(tenant_sessions=50), set()),
    ],
)
def test_the_fuller_the_more_must_wait(load, let_in):
    kinds = {"periodic": PERIODIC, "change": CHANGE, "boot": BOOT}
    assert {name for name, events in kinds.items() if put_off(LIMITS, load, events, 0.5) is None} == let_in


@pytest.mark.parametrize(
    "code",
    [
        "0 BOOTSTRAP",
        "1 BOOT",
        "6 CONNECTION REQUEST",
        "7 TRANSFER COMPLETE",
        "8 DIAGNOSTICS COMPLETE",
        "M Reboot",
    ],
)
def test_what_somebody_waits_for_comes_in_while_there_is_room(code):
    assert put_off(LIMITS, Load(sessions=99), ("2 PERIODIC", code), 0.5) is None


def test_the_reason_is_the_limit_that_is_nearest():
    assert put_off(LIMITS, Load(sessions=80, tenant_sessions=45), PERIODIC, 0.5) == PutOff("tenant_full", 120)
    assert put_off(LIMITS, Load(lag_s=2.0), BOOT, 0.5) == PutOff("overloaded", 10)


@given(st.floats(0.01, 10_000), st.floats(0, 1, exclude_max=True))
def test_retry_after_is_spread_around_the_wait_and_never_zero(wait_s, chance):
    seconds = spread(wait_s, chance)
    assert seconds >= 1
    assert wait_s * 0.5 - 1 <= seconds <= max(1, wait_s * 1.5 + 1)


def test_those_sent_away_together_do_not_come_back_together():
    waits = {put_off(LIMITS, Load(sessions=100), PERIODIC, n / 100).retry_after_s for n in range(100)}
    assert (min(waits), max(waits)) == (60, 179)
    assert len(waits) == 100


def test_an_allowance_is_used_up_and_comes_back():
    allowance = Allowance(2, 0.5, 10)
    assert [allowance.take("d", NOW) for _ in range(3)] == [0.0, 0.0, 2.0]
    assert allowance.take("other", NOW) == 0.0
    assert allowance.take("d", NOW + 1.9) > 0
    assert [allowance.take("d", NOW + 4.0) for _ in range(3)] == [0.0, 0.0, 2.0]
    assert allowance.take("d", NOW - 100) > 0  # a clock set back gives nothing
    assert allowance.take("d", NOW + 4.0) > 0


def test_an_allowance_remembers_the_latest_few():
    allowance = Allowance(1, 0.001, 2)
    for key in ("a", "b", "c"):
        assert allowance.take(key, NOW) == 0.0
    assert allowance.take("c", NOW) > 0
    assert allowance.take("a", NOW) == 0.0


def test_a_device_that_calls_again_and_again_is_put_off_and_others_are_not():
    gate = Gate(Limits(device_burst=3, device_per_s=0.1))
    assert [gate.call("d", Load(), BOOT, NOW, 0.5) for _ in range(3)] == [None] * 3
    assert gate.call("d", Load(), BOOT, NOW, 0.5) == PutOff("device_too_often", 20)
    assert gate.call("e", Load(), BOOT, NOW, 0.5) is None
    assert gate.call("d", Load(), BOOT, NOW + 10, 0.5) is None


def test_newcomers_of_a_tenant_are_limited():
    gate = Gate(Limits(newcomers_burst=1, newcomers_per_s=0.1))
    assert gate.newcomer("t", NOW, 0.5) is None
    assert gate.newcomer("t", NOW, 0.5) == PutOff("newcomers", 40)
    assert gate.newcomer("u", NOW, 0.5) is None
