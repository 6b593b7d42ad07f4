"""What a workflow is given when it starts: declared by its author, checked here, then answers of the run.

A condition or a script reads an input as `answers.NAME`. One that is optional, has no default and was not
given is unknown, as an unanswered question is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from widgets.widget import InvalidAnswer, InvalidAnswers
from workflows.paths import is_path
from workflows.secrecy import is_ours
from workflows.steps import Texts
from workflows.texts import fill

TYPES = {
    "string": "string",
    "int": "int",
    "boolean": "bool",
    "file": "string",
    "path": "string",
    "value": "string",
    "change": "any",
}
"""Type of an input -> its type in expressions. "file" is the id of a stored file, "path" a parameter,
"value" a text for a parameter, "change" a stored change of this device (see `undoing.given`)."""

LENGTH_LIMIT_CHARACTERS = 2_000
PATH_LIMIT_CHARACTERS = 256
PATTERN_LIMIT_CHARACTERS = 200

_WHOLE = re.compile(r"[+-]?\d{1,18}")
_PATH = re.compile(r"[A-Za-z]\w*(?:\.[\w\-]+)*\.?")
_WORDS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Input:
    """One declared input. `least` and `most` bound an int; `pattern` is a regular expression that a text
    fits as a whole; `options` are (value, label); `accept` are the kinds of files that will do."""

    name: str
    type: str
    label: Texts
    required: bool = False
    default: Any = None
    least: int | None = None
    most: int | None = None
    pattern: str = ""
    options: tuple[tuple[str, Texts], ...] = ()
    accept: tuple[str, ...] = field(default=())

    def parse(self, given: Any) -> Any:
        """The typed value; InvalidAnswer when it does not fit."""
        match self.type:
            case "boolean":
                value: Any = given if isinstance(given, bool) else _WORDS.get(str(given).strip().lower())
                if value is None:
                    raise InvalidAnswer(self.name, "answer-not-yes-or-no")
            case "int":
                value = self._whole(given)
            case _:
                value = self._text(given)
        if self.options and str(value) not in {option for option, _ in self.options}:
            raise InvalidAnswer(self.name, "answer-not-offered")
        return value

    def _whole(self, given: Any) -> int:
        if isinstance(given, bool) or not _WHOLE.fullmatch(str(given).strip()):
            raise InvalidAnswer(self.name, "answer-not-a-number")
        value = int(given)
        if self.least is not None and value < self.least:
            raise InvalidAnswer(self.name, "answer-too-small", limit=self.least)
        if self.most is not None and value > self.most:
            raise InvalidAnswer(self.name, "answer-too-large", limit=self.most)
        return value

    def _text(self, given: Any) -> str:
        if not isinstance(given, str):
            raise InvalidAnswer(self.name, "answer-not-text")
        text = given if self.type == "value" else given.strip()
        if len(text) > LENGTH_LIMIT_CHARACTERS:
            raise InvalidAnswer(self.name, "answer-too-long", limit=LENGTH_LIMIT_CHARACTERS)
        well = self.type != "path" or (
            len(text) <= PATH_LIMIT_CHARACTERS and is_path(text) and _PATH.fullmatch(text)
        )
        if not well:
            raise InvalidAnswer(self.name, "answer-not-a-path")
        if is_ours(text):
            raise InvalidAnswer(self.name, "answer-does-not-fit")
        if self.pattern and not re.fullmatch(self.pattern, text):
            raise InvalidAnswer(self.name, "answer-does-not-fit")
        return text

    def describe(self, locale: str) -> dict[str, Any]:
        """What a screen needs to ask for it."""
        return {
            "name": self.name,
            "type": self.type,
            "label": fill(self.label, locale, {}),
            "required": self.required,
            "default": self.default,
            "min": self.least,
            "max": self.most,
            "pattern": self.pattern,
            "accept": " ".join(self.accept),
            "options": [{"value": value, "label": fill(label, locale, {})} for value, label in self.options],
        }


def parsed(inputs: Sequence[Input], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of all inputs by name, defaults included; InvalidAnswers names every bad one at once."""
    values: dict[str, Any] = {}
    errors = [
        InvalidAnswer(str(name)[:64], "answer-unknown-field")
        for name in given
        if name not in {one.name for one in inputs}
    ]
    for one in inputs:
        value = given.get(one.name)
        if value is None or value == "":
            if one.required and one.default is None and not (value == "" and one.type == "value"):
                errors.append(InvalidAnswer(one.name, "answer-missing"))
            elif one.default is not None:
                values[one.name] = one.default
            elif value == "" and one.type == "value":
                values[one.name] = ""
            continue
        try:
            values[one.name] = one.parse(value)
        except InvalidAnswer as error:
            errors.append(error)
    if errors:
        raise InvalidAnswers(errors)
    return values
