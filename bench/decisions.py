"""How many decisions the engine makes in a second of one core's time.

    python bench/decisions.py [--seconds N]

Every decision of every scenario of the shipped workflows is recorded once (start, replies, choices, consents,
answers, time-outs: whole repairs in both data models) and then made again and again. A decision is all of
`engine.decide`: conditions, scripts replayed over their replies, texts, and the commands that follow.

    figure decisions_per_s N decisions/s
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from workflows import scenarios  # noqa: E402
from workflows.check import SCENARIOS_FOLDER  # noqa: E402
from workflows.documents import parse  # noqa: E402
from workflows.engine import decide  # noqa: E402
from workflows.reader import LIBRARY, read_library  # noqa: E402


def recorded() -> list[tuple[Any, ...]]:
    """The arguments of every decision of the shipped scenarios."""
    calls: list[tuple[Any, ...]] = []

    def decide_and_record(*given: Any, **named: Any) -> Any:
        calls.append((given, named))
        return decide(*given, **named)

    library = read_library([LIBRARY])
    scenarios.decide = decide_and_record
    for path in sorted((LIBRARY / SCENARIOS_FOLDER).glob("*.xml")):
        document = parse(path.read_text(encoding="utf-8"), str(path))
        for scenario in scenarios.scenarios(document):
            scenarios.play(library.workflows[str(document.root.get("workflow"))], scenario)
    return calls


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10.0)
    given = parser.parse_args()
    calls = recorded()
    made = 0
    started = time.process_time()
    while (took_s := time.process_time() - started) < given.seconds:
        for arguments, named in calls:
            decide(*arguments, **named)
        made += len(calls)
    print(f"{len(calls)} recorded decisions, made {made // len(calls)} times in {took_s:.1f} s of one core")
    print(f"figure decisions_per_s {made / took_s:.0f} decisions/s")


if __name__ == "__main__":
    main()
