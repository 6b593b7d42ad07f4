"""The hunt in brief: what was found once stays mended, and a short hunt finds nothing new.

The long form is `script/soak fuzz`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from tests.fuzz import door
from tests.fuzz.coverage import Tracer
from tests.fuzz.hunt import Find, Hunt, known
from tests.fuzz.mutating import BYTES, INPUT_LIMIT_BYTES, XML, mutated
from tests.fuzz.targets import TARGETS, Target

RUNS_PER_SHARE = 120
DOOR_RUNS = 60
HERE = Path(__file__).parent


def told(finds: list[Find]) -> str:
    return "\n".join(find.text() for find in finds)


@pytest.mark.parametrize("name", TARGETS)
def test_the_corpus_breaks_nothing(name: str) -> None:
    """Seeds, what a hunt once found, and what it kept because it led somewhere."""
    hunt = Hunt(TARGETS[name], Random(1))
    hunt.begin(known(hunt.target))
    assert hunt.finds == [], told(hunt.finds)
    assert hunt.reached


@pytest.mark.parametrize("name", TARGETS)
def test_a_short_hunt_finds_nothing(name: str) -> None:
    hunt = Hunt(TARGETS[name], Random(f"short {name}"))
    hunt.begin(known(hunt.target)[:60])
    for _ in range(RUNS_PER_SHARE * hunt.target.share):
        hunt.step()
    assert hunt.finds == [], told(hunt.finds)


@pytest.fixture
def whole() -> Iterator[Target]:
    with door.standing() as target:
        yield target


def test_the_corpus_costs_the_whole_acs_no_session(whole: Target) -> None:
    hunt = Hunt(whole, Random(1))
    hunt.begin(known(whole))
    assert hunt.finds == [], told(hunt.finds)


def test_a_short_hunt_finds_nothing_at_the_door(whole: Target) -> None:
    hunt = Hunt(whole, Random("short door"))
    hunt.begin(known(whole)[::4])
    for _ in range(DOOR_RUNS):
        hunt.step()
    assert hunt.finds == [], told(hunt.finds)


# -- the hunter itself ----------------------------------------------------------------------------


def guarded(data: bytes) -> None:
    """Breaks for what begins with one word, which chance alone would take sixteen million tries for."""
    if data[:1] != b"b":
        return
    if data[1:2] != b"u":
        return
    if data[2:3] != b"g":
        return
    raise ZeroDivisionError("found")


def busy(data: bytes) -> None:
    """Does more work than its input is worth."""
    for _ in range(len(data) ** 2):
        pass


def hunt_for(run: Callable[[bytes], None], seed: bytes) -> Hunt:
    target = Target("own", run, lambda: [seed], BYTES, watched=(HERE,))
    hunt = Hunt(target, Random(3))
    hunt.begin(target.seeds())
    return hunt


def test_it_is_led_by_what_runs() -> None:
    hunt = hunt_for(guarded, b"----")
    for _ in range(100_000):
        hunt.step()
        if hunt.finds:
            break
    assert [(type(find.error), find.data) for find in hunt.finds] == [(ZeroDivisionError, b"bug")]
    assert hunt.finds[0].name().startswith("crash-")


def test_it_sees_work_that_is_too_much() -> None:
    assert "lines for" in str(hunt_for(busy, b"x" * 150).finds[0].error)


def test_the_same_chance_hunts_the_same() -> None:
    pools = []
    for _ in range(2):
        hunt = Hunt(TARGETS["values"], Random(5))
        hunt.begin(known(hunt.target))
        for _ in range(200):
            hunt.step()
        pools.append(hunt.pool)
    assert pools[0] == pools[1]


def test_an_essence_reaches_what_its_pool_reaches() -> None:
    hunt = Hunt(TARGETS["udp"], Random(5))
    hunt.begin(known(hunt.target))
    for _ in range(500):
        hunt.step()
    kept = hunt.essence()
    smaller = Hunt(TARGETS["udp"], Random(5))
    smaller.begin(kept)
    assert len(kept) <= len(hunt.pool)
    assert len(smaller.reached) == len(hunt.reached)


def test_damage_is_never_longer_than_its_limit() -> None:
    chance = Random(8)
    data = b"<a>b</a>" * 1000
    for _ in range(300):
        data = mutated(data, chance, [b"<q:x y='z'>1</q:x>", b""], XML)
        assert len(data) <= INPUT_LIMIT_BYTES


def test_only_watched_files_are_traced() -> None:
    tracer = Tracer(HERE / "nowhere")
    edges, error = tracer.run(guarded, b"bug")
    assert (edges, type(error), tracer.lines) == (set(), ZeroDivisionError, 0)
