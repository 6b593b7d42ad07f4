"""When our own work is asked again: pure."""

from __future__ import annotations

import pytest

from backend.devices import retrying


@pytest.mark.parametrize("code", ["9000", "9003", "9005", "9008", "8003", "cancelled", "", "9801"])
def test_a_request_that_is_wrong_is_not_repeated(code):
    assert retrying.wait_s(code, 1, 0.5) is None


@pytest.mark.parametrize("code", ["9001", "9002", "9004", "9010", "9018", "9019"])
def test_what_may_pass_is_asked_again(code):
    assert retrying.wait_s(code, 1, 0.5) == retrying.FIRST_S


def test_each_time_later_up_to_a_limit():
    waits = [retrying.wait_s("9002", attempts, 0.5) for attempts in range(1, retrying.RETRIES_LIMIT)]
    assert waits == [30.0, 60.0, 120.0, 240.0, 480.0, 960.0, 1920.0]
    assert retrying.wait_s("9002", retrying.RETRIES_LIMIT, 0.5) is None
    assert all(wait <= retrying.LONGEST_S for wait in waits)


def test_chance_spreads_them():
    assert retrying.wait_s("9002", 1, 0.0) == 22.5
    assert retrying.wait_s("9002", 1, 1.0) == 37.5


def test_a_broken_transfer_is_tried_soon_and_seldom():
    waits = [retrying.transfer_wait_s("9015", attempts, 0.5) for attempts in (1, 2, 3, 4)]
    assert waits == [5.0, 10.0, 20.0, None]


@pytest.mark.parametrize("code", ["9012", "9013", "9018", "9019", "9001", "", "cancelled"])
def test_a_file_that_was_refused_or_wrong_is_not_sent_again(code):
    assert retrying.transfer_wait_s(code, 1, 0.5) is None
