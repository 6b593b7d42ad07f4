"""Cuts what a device said to what an event may hold: a router may call itself, or a phone in the home, by a
name of any length, and nobody's conversation ends because of it."""

from __future__ import annotations

from typing import Any

from backend.live.schemas import LIST_LENGTH_MAX, TEXT_LENGTH_MAX

VALUE_LIMIT_CHARS = 1_000
MORE = "…"


def fitted(body: dict[str, Any]) -> dict[str, Any]:
    """The body of a session event with its texts and lists within the limits of the wire."""
    return {name: _fitted(value, TEXT_LENGTH_MAX) for name, value in body.items()}


def _fitted(value: Any, limit_chars: int) -> Any:
    if isinstance(value, str):
        return value if len(value) <= limit_chars else value[: limit_chars - 1] + MORE
    if isinstance(value, dict):
        return {
            name: _fitted(inner, VALUE_LIMIT_CHARS if name in _VALUES else TEXT_LENGTH_MAX)
            for name, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [_fitted(inner, limit_chars) for inner in value[:LIST_LENGTH_MAX]]
    return value


_VALUES = frozenset({"value", "before", "after"})
