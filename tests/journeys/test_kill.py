"""The system may be killed at any moment of a repair: nobody is left hanging, nothing happens twice.

Three rounds here, each with moments of its own; `bench/kill.py` plays as many as one likes.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.kill_round import play

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_killed_in_the_middle_of_the_repair(seed: int, tmp_path: Path):
    result = play(seed, tmp_path)
    assert not result.lost, result.told()
    assert result.doubled == [], result.told()
