"""Messages about parameters and objects: values, names, attributes, instances (TR-069 A.3.2.1 to A.3.2.7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class ParameterValue(NamedTuple):
    """ParameterValueStruct: a full path, its value as text, and its type such as "xsd:boolean"."""

    name: str
    value: str
    type: str = "xsd:string"


class ParameterInfo(NamedTuple):
    """ParameterInfoStruct of GetParameterNamesResponse: a path (an object ends in ".")."""

    name: str
    writable: bool


class ParameterAttribute(NamedTuple):
    """ParameterAttributeStruct: `notification` is 0 off, 1 passive, 2 active, 3 to 6 the lightweight ones.

    `access_list` names who besides the ACS may write: "Subscriber", or nobody.
    """

    name: str
    notification: int
    access_list: tuple[str, ...] = ()


class SetParameterAttribute(NamedTuple):
    """SetParameterAttributesStruct: what is None stays as it is (NotificationChange, AccessListChange false).

    A name that ends in "." means all parameters below it.
    """

    name: str
    notification: int | None = None
    access_list: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class SetParameterValues:
    """A.3.2.1: all are applied, or none. The device stores `parameter_key` on success only."""

    values: tuple[ParameterValue, ...]
    parameter_key: str = ""


@dataclass(frozen=True, slots=True)
class SetParameterValuesResponse:
    """A.3.2.1: status 0 applied; 1 accepted and not applied yet."""

    status: int = 0


@dataclass(frozen=True, slots=True)
class GetParameterValues:
    """A.3.2.2: full paths, or partial ones ending in "." for a whole object."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GetParameterValuesResponse:
    """A.3.2.2."""

    values: tuple[ParameterValue, ...]


@dataclass(frozen=True, slots=True)
class GetParameterNames:
    """A.3.2.3: the names under `path`; `next_level` asks for its direct children only."""

    path: str
    next_level: bool = False


@dataclass(frozen=True, slots=True)
class GetParameterNamesResponse:
    """A.3.2.3."""

    names: tuple[ParameterInfo, ...]


@dataclass(frozen=True, slots=True)
class SetParameterAttributes:
    """A.3.2.4: all are applied, or none."""

    attributes: tuple[SetParameterAttribute, ...]


@dataclass(frozen=True, slots=True)
class SetParameterAttributesResponse:
    """A.3.2.4."""


@dataclass(frozen=True, slots=True)
class GetParameterAttributes:
    """A.3.2.5: full paths, or partial ones ending in "."."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GetParameterAttributesResponse:
    """A.3.2.5."""

    attributes: tuple[ParameterAttribute, ...]


@dataclass(frozen=True, slots=True)
class AddObject:
    """A.3.2.6: `object_name` is a multi-instance object's path ending in "."."""

    object_name: str
    parameter_key: str = ""


@dataclass(frozen=True, slots=True)
class AddObjectResponse:
    """A.3.2.6: the new instance's number; status as of SetParameterValuesResponse."""

    instance_number: int
    status: int = 0


@dataclass(frozen=True, slots=True)
class DeleteObject:
    """A.3.2.7: `object_name` is an instance's path ending in "."."""

    object_name: str
    parameter_key: str = ""


@dataclass(frozen=True, slots=True)
class DeleteObjectResponse:
    """A.3.2.7."""

    status: int = 0
