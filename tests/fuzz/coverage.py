"""Which lines of some folders ran after which, for one call: what guides the hunt.

It is Python's own tracing, so it works wherever the project does; a fuzzer that instruments bytecode would
be quicker, but comes as a wheel for one kind of machine only.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

Edge = tuple[int, int, int]
"""(code, line before, line): 0 before the first line."""


class Tracer:
    """Runs calls and tells the edges each took through these files, and those below these folders."""

    def __init__(self, *places: Path) -> None:
        self._places = tuple(str(place) if place.suffix else f"{place}/" for place in places)
        self._codes: dict[CodeType, int] = {}
        self.lines = 0
        """How many lines the last call ran: its work, whatever the machine does besides."""

    def _number(self, code: CodeType) -> int:
        """A code object's number from 1; 0 for one that is not watched."""
        number = self._codes.get(code)
        if number is None:
            number = len(self._codes) + 1 if code.co_filename.startswith(self._places) else 0
            self._codes[code] = number
        return number

    def run(self, call: Callable[[bytes], object], data: bytes) -> tuple[set[Edge], Exception | None]:
        """The edges of `call(data)`, and what it raised."""
        edges: set[Edge] = set()
        self.lines = 0

        def entered(frame: FrameType, event: str, arg: Any) -> Any:
            number = self._number(frame.f_code)
            if not number:
                return None
            before = 0

            def stepped(frame: FrameType, event: str, arg: Any) -> Any:
                nonlocal before
                if event == "line":
                    self.lines += 1
                    edges.add((number, before, frame.f_lineno))
                    before = frame.f_lineno
                return stepped

            return stepped

        found: Exception | None = None
        older = sys.gettrace()
        sys.settrace(entered)
        try:
            call(data)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
            found = error
        finally:
            sys.settrace(older)
        return edges, found
