"""Kills the whole system at random moments of the DHCP repair, starts it again, and counts what went wrong.

python bench/kill.py [--rounds N] [--seed N]

figure kill_rounds_lost N rounds       a conversation neither ended nor came to a person
figure kill_rounds_doubled N rounds    an answer or a write on the router happened twice
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.journeys.kill_round import play  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1000, help="seed of the first round")
    given = parser.parse_args()
    lost = doubled = 0
    for seed in range(given.seed, given.seed + given.rounds):
        with tempfile.TemporaryDirectory(prefix="careflow-kill-") as folder:
            result = play(seed, Path(folder))
        print(result.told(), flush=True)
        lost += result.lost
        doubled += bool(result.doubled)
    print(f"figure kill_rounds_lost {lost} rounds")
    print(f"figure kill_rounds_doubled {doubled} rounds")
    return 1 if lost or doubled else 0


if __name__ == "__main__":
    sys.exit(main())
