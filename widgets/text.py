"""The same widgets as plain text with quick replies: for SMS, chat channels and screen readers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class PlainText:
    """`text` is all there is to read; `quick_replies` are (action id, label), numbered from 1."""

    text: str
    quick_replies: tuple[tuple[str, str], ...]


def plain(body: Mapping[str, Any]) -> PlainText:
    """A session event's body as text. Every widget says itself by its `fallback`."""
    parts: list[str] = []
    if body.get("text"):
        parts.append(str(body["text"]))
    widgets: Iterable[Mapping[str, Any]] = body.get("widgets") or ()
    parts.extend(str(widget["fallback"]) for widget in widgets)
    actions = body.get("actions") or ()
    replies = tuple((str(action["id"]), str(action["label"])) for action in actions)
    fields = (body.get("input") or {}).get("fields") or ()
    if not replies:
        parts.extend(str(field["fallback"]) for field in fields)
    for number, action in enumerate(actions, start=1):
        reason = f" – {action['reason']}" if action.get("reason") else ""
        parts.append(f"{number}. {action['label']}{reason}")
    return PlainText("\n".join(parts), replies)
