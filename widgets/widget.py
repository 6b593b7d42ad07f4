"""What every widget can do, and how a broken answer is told.

A widget is a frozen description. `describe()` gives the JSON that travels on the wire: it always
holds `type`, `id`, `fallback` (plain text) and `summary` (one sentence). A widget that asks is a
`Field`; its `parse` turns an answer into a typed value or raises `InvalidAnswer`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable


class InvalidAnswer(ValueError):
    """An answer that does not fit. `message_id` names a text in widgets/locales, `values` its
    arguments; the question stays open."""

    def __init__(self, field: str, message_id: str, **values: Any) -> None:
        super().__init__(f"{field}: {message_id}")
        self.field = field
        self.message_id = message_id
        self.values = values


class Widget(Protocol):
    """Something a person is shown."""

    @property
    def id(self) -> str: ...

    def describe(self) -> dict[str, Any]:
        """The wire form: JSON with `type`, `id`, `fallback` and `summary`."""
        ...


@runtime_checkable
class Field(Widget, Protocol):
    """Something a person answers."""

    def parse(self, answer: Any) -> Any:
        """The typed value of `answer`; InvalidAnswer when it does not fit."""
        ...

    def say(self, value: Any) -> str:
        """The answer in the person's words, for the transcript."""
        ...


def parse_all(fields: Mapping[str, Field] | list[Field], answers: Any) -> dict[str, Any]:
    """Parse the answers of a whole form.

    `answers` maps field id to raw answer. Raises `InvalidAnswers` naming every bad field at once.
    """
    listed = list(fields.values()) if isinstance(fields, Mapping) else fields
    if not isinstance(answers, Mapping):
        answers = {}
    values: dict[str, Any] = {}
    errors: list[InvalidAnswer] = []
    for field in listed:
        try:
            values[field.id] = field.parse(answers.get(field.id))
        except InvalidAnswer as error:
            errors.append(error)
    known = {field.id for field in listed}
    errors.extend(
        InvalidAnswer(str(name)[:64], "answer-unknown-field") for name in answers if name not in known
    )
    if errors:
        raise InvalidAnswers(errors)
    return values


class InvalidAnswers(ValueError):
    """All that is wrong with one form; `errors` has one entry a field."""

    def __init__(self, errors: list[InvalidAnswer]) -> None:
        super().__init__("; ".join(str(error) for error in errors))
        self.errors = errors
