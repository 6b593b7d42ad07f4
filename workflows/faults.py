"""Faults of devices in plain words: what the codes of TR-069 (Table 66) and the states of diagnostics mean.

The words are in widgets/locales (`fault-9005`, `fault-Error_Timeout`). Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from widgets.messages import FALLBACK, has_message, message
from workflows.outcome import Finding, Outcome
from workflows.settings import Settings
from workflows.texts import chosen

NAMES_LIMIT = 5


def why(code: str, locale: str) -> str:
    """What a fault code means, as a sentence; "" for one without words, and without a code."""
    id = f"fault-{code}"
    return message(locale, id) if code and has_message(FALLBACK, id) else ""


def words_of(finding: Finding, settings: Settings | None, locale: str) -> dict[str, Any]:
    """The readings of a finding with what people read in place of codes and paths: `label` and `why`."""
    values = {reading.name: reading.value for reading in finding.readings}
    if "fault_code" not in values and "why" not in values:
        return values
    told = values.get("why")
    reason = chosen(told, locale) if isinstance(told, Mapping) else why(str(values.get("fault_code")), locale)
    values["why"] = reason or str(values.get("fault_text") or "")
    values["label"] = label_of(
        str(values.pop("setting", "")), str(values.get("parameter", "")), settings, locale
    )
    return values


def label_of(names: str, paths: str, settings: Settings | None, locale: str) -> str:
    """What the settings are called, several with commas between; else the ends of their paths."""
    known = settings.by_name if settings is not None else {}
    found = [chosen(known[name].label, locale) for name in names.split(", ") if name in known]
    found = [label for label in found if label]
    ends = [path.rstrip(".").rpartition(".")[2] for path in paths.split(", ")]
    return ", ".join(dict.fromkeys((found or ends)[:NAMES_LIMIT]))


def readings_of(outcome: Outcome, settings: Settings | None, locale: str) -> dict[str, Any]:
    """Every reading of an outcome by name, the later winning, with faults in words."""
    named: dict[str, Any] = {reading.name: reading.value for reading in outcome.readings}
    for finding in outcome.findings:
        named.update(words_of(finding, settings, locale))
    return named
