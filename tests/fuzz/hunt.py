"""A hunt for inputs that break us, guided by what they make run (`script/soak fuzz`).

python -m tests.fuzz.hunt [--minutes N] [--only TARGET] [--seed N] [--workers N] [--grow]

It damages what it knows, keeps what leads where nothing led before, and stores what breaks something in
tests/fuzz/corpus/TARGET/, made as small as it can: from then on that is a test. With --grow it also keeps a
small set of inputs that together reach all that was reached.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import os
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.fuzz import door
from tests.fuzz.coverage import Edge, Tracer
from tests.fuzz.mutating import mutated
from tests.fuzz.targets import TARGETS, Target

NAMES = [*TARGETS, "door"]
CORPUS = Path(__file__).parent / "corpus"
POOL_LIMIT_INPUTS = 3000
SMALLER_LIMIT_RUNS = 600
CORPUS_LIMIT_INPUTS = 60
SLICE_S = 8.0
SLOW_S = 2.0


class TooMuchWork(AssertionError):
    """More lines ran, or more seconds went by, than an input of this size is worth."""


@dataclass(frozen=True)
class Find:
    """An input that breaks something, as small as it could be made, and what it breaks."""

    target: str
    data: bytes
    error: Exception

    def name(self) -> str:
        """The file it is stored as."""
        return f"crash-{hashlib.sha256(self.data).hexdigest()[:16]}"

    def text(self) -> str:
        """What a person needs to see."""
        told = "".join(traceback.format_exception(self.error)[-6:])
        return f"{self.target}: {self.data[:600]!r}\n{told}"


@dataclass
class Hunt:
    """One target's hunt; the same seed, inputs and number of runs find the same."""

    target: Target
    chance: Random
    slow_s: float | None = None
    pool: list[bytes] = field(default_factory=list)
    reached: set[Edge] = field(default_factory=set)
    finds: list[Find] = field(default_factory=list)
    runs: int = 0

    def __post_init__(self) -> None:
        self._tracer = Tracer(*self.target.watched)
        self._broken: set[str] = set()

    def begin(self, inputs: Sequence[bytes]) -> None:
        """Run what is known already."""
        for data in inputs:
            self._try(data)
            if data not in self.pool:
                self.pool.append(data)

    def step(self) -> None:
        """One damaged input."""
        base = self.pool[self._pick()]
        self._try(mutated(base, self.chance, self.pool, self.target.ways))

    def _pick(self) -> int:
        """The newest are the most promising."""
        count = len(self.pool)
        return max(self.chance.randrange(count), self.chance.randrange(count))

    def _try(self, data: bytes) -> None:
        edges, error = self._run(data)
        if error is not None:
            where = _where(error)
            if where not in self._broken:
                self._broken.add(where)
                self.finds.append(Find(self.target.name, self._smaller(data, where), error))
            return
        if not edges <= self.reached:
            self.reached |= edges
            self.pool.append(data)
            if len(self.pool) > POOL_LIMIT_INPUTS:
                del self.pool[self.chance.randrange(len(self.pool) // 2)]

    def _run(self, data: bytes) -> tuple[set[Edge], Exception | None]:
        self.runs += 1
        begun = time.process_time()  # not the clock: others work on this machine, too
        edges, error = self._tracer.run(self.target.run, data)
        took_s = time.process_time() - begun
        if error is None and self._tracer.lines > 20_000 + 40 * len(data):
            error = TooMuchWork(f"{self._tracer.lines} lines for {len(data)} bytes")
        if error is None and self.slow_s is not None and took_s > self.slow_s:
            error = TooMuchWork(f"{took_s:.1f} s for {len(data)} bytes")
        return edges, error

    def _smaller(self, data: bytes, where: str) -> bytes:
        """The same find with pieces left out, ever smaller pieces."""
        left, size = SMALLER_LIMIT_RUNS, max(1, len(data) // 2)
        while size and left > 0:
            at = 0
            while at < len(data) and left > 0:
                less = data[:at] + data[at + size :]
                error = self._run(less)[1]
                left -= 1
                if error is not None and _where(error) == where:
                    data = less
                else:
                    at += size
            size //= 2
        return data

    def essence(self) -> list[bytes]:
        """A few inputs of the pool that together reach what it reaches: small ones first."""
        reached: set[Edge] = set()
        kept = []
        for data in sorted(self.pool, key=len):
            edges, error = self._run(data)
            if error is None and not edges <= reached:
                reached |= edges
                kept.append(data)
        return kept


def _where(error: Exception) -> str:
    """What makes two finds one: the kind of error, and the innermost line of it."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return type(error).__name__ + place


def known(target: Target) -> list[bytes]:
    """The seeds of a target and what the repository has stored of it."""
    folder = CORPUS / target.name
    stored = [path.read_bytes() for path in sorted(folder.glob("*"))] if folder.is_dir() else []
    return [*target.seeds(), *stored]


def store(find: Find) -> Path:
    """Keep a find as a test."""
    folder = CORPUS / find.target
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / find.name()
    path.write_bytes(find.data)
    return path


def _hunt_until(
    targets: Sequence[Target], seed: int, end_at: float, grow: bool, say: Callable[[str], None]
) -> int:
    """Go through the targets in slices of time; the number of finds."""
    hunts = {target.name: Hunt(target, Random(f"{seed} {target.name}"), SLOW_S) for target in targets}
    for hunt in hunts.values():
        hunt.begin(known(hunt.target))
    shares = sum(hunt.target.share for hunt in hunts.values())
    share_s = min(SLICE_S, (end_at - time.monotonic()) / shares / 2)
    while time.monotonic() < end_at:
        for hunt in hunts.values():
            before = len(hunt.finds)
            slice_end = min(end_at, time.monotonic() + share_s * hunt.target.share)
            while time.monotonic() < slice_end:
                hunt.step()
            for find in hunt.finds[before:]:
                say(f"FOUND {store(find)}\n{find.text()}")
    for hunt in hunts.values():
        say(
            f"{hunt.target.name}: {hunt.runs} inputs, {len(hunt.reached)} edges,"
            f" {len(hunt.pool)} in the pool, {len(hunt.finds)} found"
        )
        if grow:
            for data in hunt.essence()[:CORPUS_LIMIT_INPUTS]:
                _keep(hunt.target, data)
    return sum(len(hunt.finds) for hunt in hunts.values())


def _keep(target: Target, data: bytes) -> None:
    folder = CORPUS / target.name
    folder.mkdir(parents=True, exist_ok=True)
    if data not in target.seeds():
        (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


def _say(text: str) -> None:
    print(text, flush=True)


def _work(names: Sequence[str], seed: int, end_at: float, grow: bool) -> None:
    with door.standing() as whole:
        targets = [target for target in (*TARGETS.values(), whole) if target.name in names]
        found = _hunt_until(targets, seed, end_at, grow, _say)
    sys.exit(min(found, 100))


def main(given: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--only", choices=NAMES, help="one target")
    parser.add_argument("--seed", type=int, help="where chance begins (a new one)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--grow", action="store_true", help="also keep what reached something new")
    options = parser.parse_args(given)
    seed = options.seed if options.seed is not None else int.from_bytes(os.urandom(4))
    names = [options.only] if options.only else NAMES
    end_at = time.monotonic() + options.minutes * 60
    print(f"seed {seed}, {options.workers} at work", flush=True)
    context = multiprocessing.get_context("spawn")
    workers = [
        context.Process(target=_work, args=(names, seed + number, end_at, options.grow and number == 0))
        for number in range(options.workers)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    bad = sum(worker.exitcode != 0 for worker in workers)
    print("nothing found" if not bad else f"{bad} at work found something, or failed", flush=True)
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
