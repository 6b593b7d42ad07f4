"""Plays the examples of a vendor profile: what a router tells goes in, and what must come of it is compared.

An example is the author's own test; `app.py check` plays all. What comes out otherwise is recorded in the
document, at the line of the expectation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workflows.documents import Document
from workflows.facts import Datum, Facts
from workflows.profiles import Profile
from workflows.settings import Missing, NotCapable, Refused, Settings, Written, spelt

NOW = 1_700_000_000.0
_IDENTITY = {
    "manufacturer": "manufacturer",
    "oui": "oui",
    "product-class": "product_class",
    "model": "model",
    "hardware": "hardware_version",
    "software": "software_version",
}


def play(document: Document, settings: Settings) -> int:
    """Play every <example> of a profile's document; how many there were."""
    profile = settings.profiles.by_name.get(document.name)
    examples = document.root.findall("example")
    for element in examples:
        if profile is not None:
            _Example(document, settings, profile, element).play()
    return len(examples)


class _Example:
    """One example."""

    def __init__(self, document: Document, settings: Settings, profile: Profile, element: Any) -> None:
        self.document = document
        self.settings = settings
        self.element = element
        first = profile.matches[0]
        device = {
            "data_model": profile.model,
            **{fact: getattr(first, fact, "") for fact in _IDENTITY.values()},
            "software_version": first.since,
        }
        device |= {
            fact: element.get(name) for name, fact in _IDENTITY.items() if element.get(name) is not None
        }
        self.facts = Facts(NOW, device, dict(_given(element)))
        self.profile = profile

    def play(self) -> None:
        fitting = self.settings.fitted(self.facts.device)
        if self.profile not in fitting.profiles:
            self.document.error(self.element, f"a device such as this does not fit '{self.profile.name}'")
            return
        for element in self.element:
            match element.tag:
                case "expect":
                    self._expect(element)
                case "can":
                    self._can(element)
                case "write":
                    self._write(element)
                case "diagnose":
                    self._diagnose(element)

    def _expect(self, element: Any) -> None:
        name = element.get("setting")
        if name not in self.settings.by_name:
            self.document.error(element, f"there is no setting '{name}'", "setting")
            return
        try:
            value = self.settings.value(name, self.facts)
        except Missing:
            value = None
        self._compare(element, value)

    def _compare(self, element: Any, value: Any) -> None:
        """A value, or one column of one row of it, with what is expected."""
        if element.get("row") is not None:
            rows = value if isinstance(value, list) else []
            number = int(element.get("row"))
            row = rows[number - 1] if number <= len(rows) else {}
            value = row.get(element.get("column")) if isinstance(row, dict) else None
        if element.get("unknown") in ("true", "1"):
            if value is not None:
                self.document.error(element, f"this is known: {_text(value)}", "unknown")
            return
        wanted = element.get("value", "")
        if value is None:
            self.document.error(element, f"expected '{wanted}', but nothing is known", "value")
        elif not _alike(wanted, value):
            self.document.error(element, f"expected '{wanted}', came out '{_text(value)}'", "value")

    def _can(self, element: Any) -> None:
        capability = self.settings.capability(element.get("name"), self.facts)
        wanted = element.get("available") in ("true", "1")
        if capability.available is not wanted:
            why = f": {capability.reason}" if capability.reason else ""
            self.document.error(element, f"it can{'' if capability.available else 'not'}{why}", "available")

    # -- writes ------------------------------------------------------------------------------------

    def _write(self, element: Any) -> None:
        try:
            groups = self._groups(element)
        except Missing as missing:
            self.document.error(element, f"not known: {', '.join(missing.names)}")
            return
        except Refused as refused:
            if element.get("refused") not in ("true", "1"):
                self.document.error(element, f"refused: {refused}")
            return
        if element.get("refused") in ("true", "1"):
            self.document.error(element, "this is not refused", "refused")
            return
        sent = [(path, text, number) for number, group in enumerate(groups, 1) for path, text, _ in group]
        wanted = [(e.get("path"), e.get("value"), int(e.get("request", 1))) for e in element.findall("sends")]
        if sent != wanted:
            told = "; ".join(f"{path}={text} (request {number})" for path, text, number in sent)
            self.document.error(element, f"this is sent, in this order: {told}")
        self._compare_reboot(element)

    def _groups(self, element: Any) -> list[list[Written]]:
        written = []
        for one in element.findall("set"):
            path, _ = self.settings.path_of(one.get("setting"), self.facts)
            written.append(self.settings.written(path, one.get("value"), self.facts))
        return self.settings.apart(self.settings.together(written, self.facts), self.facts)

    def _compare_reboot(self, element: Any) -> None:
        names = [one.get("setting") for one in element.findall("set")]
        needed = self.settings.after_write(names, self.facts)["reboot"]
        if needed is not (element.get("reboot") in ("true", "1")):
            self.document.error(element, f"a restart is {'' if needed else 'not '}needed after it")

    # -- diagnostics -------------------------------------------------------------------------------

    def _diagnose(self, element: Any) -> None:
        name = element.get("name")
        given = {one.get("name"): one.get("value") for one in element.findall("with")}
        try:
            diagnostic = self.settings.diagnostic(name, self.facts)
            sent = {
                path: text for part in (diagnostic, *diagnostic.apart) for path, text, _ in part.inputs(given)
            }
        except (Missing, NotCapable, Refused) as error:
            self.document.error(element, f"it cannot be run: {error}")
            return
        for one in element.findall("sends"):
            if sent.get(one.get("path")) != one.get("value"):
                told = "; ".join(f"{path}={text}" for path, text in sent.items())
                self.document.error(one, f"this is sent: {told}")
        values = {one.get("path"): (one.get("value"), "") for one in element.findall("given")}
        found = self.settings.diagnosed(name, values, self.facts)
        for one in element.findall("expect"):
            self._compare(one, found.get(one.get("result")))


def _given(element: Any) -> Iterator[tuple[str, Datum]]:
    for one in element.findall("given"):
        yield one.get("path"), Datum(one.get("value"), one.get("type", "xsd:string"), NOW)


def _text(value: Any) -> str:
    return spelt(value, "", None)


def _alike(wanted: str, value: Any) -> bool:
    if isinstance(value, float):
        try:
            return abs(float(wanted) - value) < 0.0005
        except ValueError:
            return False
    return wanted == _text(value)
