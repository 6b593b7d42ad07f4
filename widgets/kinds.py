"""The closed set of widget kinds: how an author's panel becomes widgets.

`PANEL_KINDS` is what a `<panel>` may name. A kind not listed here cannot be shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from widgets.channels import Channels
from widgets.choice import Choice
from widgets.hops import Hops
from widgets.hosts import Hosts
from widgets.measured import Measured
from widgets.readings import Readings, Row
from widgets.text_field import LENGTH_LIMIT_CHARACTERS, TextField
from widgets.widget import Field, Widget

PANEL_KINDS = ("choice", "text", "hosts", "readings", "channels", "hops", "measured")
DISPLAY_KINDS = ("hosts", "readings", "channels", "hops", "measured")
ATTRIBUTES = ("rows", "required", "limit", "channel", "best", "band", "ssid")
"""What a `<widget>` of any kind may carry beside its kind and id; each is an expression or plain text."""


def make(
    kind: str,
    id: str,
    attributes: Mapping[str, Any],
    texts: Mapping[str, str],
    options: Sequence[tuple[str, str]] = (),
    locale: str = "en",
) -> Widget:
    """The widget of a panel: `attributes` already evaluated, `texts` and `options` already in one
    language, `locale`. `choice` may take `rows`, {"value", "label"}, that come before its options.

    Each kind that shows takes attribute `rows` and texts `title` and `summary`: `hosts` a table setting;
    `readings` a list of {"name", "label", "value", "unit", "age_s"}; `channels` a neighbour scan, with
    `channel` (own), `best`, `band` and `ssid` if known; `hops` a trace route; `measured` a list of
    measures or one diagnosis (see each kind's `of`).
    ValueError for an unknown kind (the reader refuses it earlier)."""
    match kind:
        case "choice":
            return Choice.of(id, texts.get("label", ""), attributes.get("rows") or (), options)
        case "text":
            required = attributes.get("required", True)
            return TextField(
                id,
                texts.get("label", ""),
                required=required not in (False, "false", "0"),
                limit_characters=min(
                    int(attributes.get("limit", LENGTH_LIMIT_CHARACTERS)), LENGTH_LIMIT_CHARACTERS
                ),
            )
        case "hosts":
            rows = attributes.get("rows") or ()
            return Hosts.of(id, texts.get("title", ""), rows, texts.get("summary", texts.get("title", "")))
        case "readings":
            listed = tuple(
                Row(r["name"], r.get("label", r["name"]), r.get("value"), r.get("unit", ""), r.get("age_s"))
                for r in attributes.get("rows") or ()
            )
            return Readings(id, texts.get("title", ""), listed)
        case "channels":
            return Channels.of(id, texts.get("title", ""), attributes, texts.get("summary", ""), locale)
        case "hops":
            rows = attributes.get("rows") or ()
            return Hops.of(id, texts.get("title", ""), rows, texts.get("summary", ""), locale)
        case "measured":
            rows = attributes.get("rows") or ()
            return Measured.of(id, texts.get("title", ""), rows, texts.get("summary", ""), locale)
        case _:
            raise ValueError(f"unknown widget kind {kind!r}; known: {', '.join(PANEL_KINDS)}")


def field_of(described: Mapping[str, Any]) -> Field:
    """The field that `describe()` wrote: an answer is checked against the question as it was put.
    ValueError for a kind that does not ask."""
    match described["type"]:
        case "choice":
            options = tuple((option["value"], option["label"]) for option in described["options"])
            return Choice(described["id"], described["label"], options)
        case "text":
            return TextField(
                described["id"],
                described["label"],
                required=described["required"],
                limit_characters=described["limit_characters"],
            )
        case kind:
            raise ValueError(f"a widget of kind {kind!r} does not ask")
