"""What a run is given when it starts: checked against what its workflow declares, and against the store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.devices import files
from backend.errors import Conflict, Invalid, NotFound
from backend.runs import changed
from widgets.messages import message
from widgets.widget import InvalidAnswer, InvalidAnswers
from workflows.graph import Workflow
from workflows.inputs import Input, parsed


def checked(
    tenant_id: str, device_id: str, workflow: Workflow, inputs: Mapping[str, Any], locale: str
) -> dict[str, Any]:
    """The inputs as the run gets them: a change with what it changed. Invalid with the errors by field."""
    errors: list[InvalidAnswer] = []
    values: dict[str, Any] = {}
    try:
        values = parsed(workflow.inputs, inputs)
    except InvalidAnswers as invalid:
        errors += invalid.errors
    for one in workflow.inputs:
        if one.name not in values:
            continue
        try:
            values[one.name] = _there(tenant_id, device_id, one, values[one.name])
        except InvalidAnswer as error:
            errors.append(error)
    if errors:
        fields: dict[str, list[str]] = {}
        for error in errors:
            fields.setdefault(error.field, []).append(message(locale, error.message_id, **error.values))
        raise Invalid("inputs_invalid", fields=fields)
    return values


def begun(tenant_id: str, workflow: Workflow, given: Mapping[str, Any], run_id: str) -> None:
    """The run exists: what it puts back is under way. Conflict when another run took it in the meantime."""
    for one in workflow.inputs:
        found = given.get(one.name) if one.type == "change" else None
        if found is not None and not changed.undoing(tenant_id, found["id"], run_id):
            raise Conflict("undo_impossible", message("en", "undo-state-running"))


def _there(tenant_id: str, device_id: str, one: Input, value: Any) -> Any:
    if one.type == "change":
        found = changed.to_undo(tenant_id, device_id, value)
        if found is None:
            raise InvalidAnswer(one.name, "answer-no-way-back")
        return found
    if one.type == "file":
        try:
            file = files.get(tenant_id, value)
        except NotFound:
            raise InvalidAnswer(one.name, "answer-no-such-file") from None
        foreign = file["device_id"] not in (None, device_id)
        if foreign or (one.accept and file["kind"] not in one.accept):
            raise InvalidAnswer(one.name, "answer-no-such-file")
    return value
