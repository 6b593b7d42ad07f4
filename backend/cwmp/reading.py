"""One pass over one regular tree: names, arrays, values and plain fields, with every oddity noted.

Liberal in what it takes: an element that is missing or empty where the schema wants one means the
least it can mean, a missing arrayType is no harm, spaces around a name are dropped. Each of these makes
`lenient` true. What would be a guess is malformed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from lxml import etree

from backend.cwmp import datamodel, rpc
from backend.cwmp.elements import Element, Group, Kind, Leaf, Strings, Structs
from backend.cwmp.envelope import SOAP_ENCODING, XSI, Limits
from backend.cwmp.faults import RemoteError

_ARRAY_TYPE: Final = f"{{{SOAP_ENCODING}}}arrayType"
TYPE: Final = f"{{{XSI}}}type"
_OLD_TYPE: Final = "{http://www.w3.org/1999/XMLSchema-instance}type"
_UNSIGNED_LIMIT: Final = 2**32 - 1
_TRUTHS: Final = MappingProxyType({"1": True, "0": False, "true": True, "false": False})

_TYPE_NAMES: Final = MappingProxyType(
    {
        **{name.partition(":")[2]: name for name in datamodel.TYPES},
        **{name: name for name in datamodel.TYPES},
        "base64": datamodel.BASE64,
    }
)


class Reading:
    """One pass over one regular tree; `lenient` becomes true with the first oddity."""

    __slots__ = ("lenient", "limits")

    def __init__(self, limits: Limits, lenient: bool) -> None:
        self.limits = limits
        self.lenient = lenient

    def fields(self, element: etree._Element) -> dict[str, etree._Element]:
        """The children by name; of two with one name the last."""
        return {child.tag: child for child in element}

    def array(self, element: etree._Element | None, what: str) -> etree._Element | tuple[()]:
        """The items of a SOAP array; a missing one is empty and odd."""
        if element is None:
            self.lenient = True
            return ()
        count = len(element)
        if count > self.limits.parameters:
            raise RemoteError("too_many", f"{count} items in {what}")
        declared = element.get(_ARRAY_TYPE)
        if declared is None or not declared.endswith(f"[{count}]"):
            self.lenient = True
        return element

    def name(self, text: str | None) -> str:
        """A parameter's name without the spaces some devices put around it."""
        found = (text or "").strip()
        if found != text:
            self.lenient = True
        if len(found) > self.limits.name_chars:
            raise RemoteError("too_large", f"a name of {len(found)} characters")
        return found

    def values(self, listed: etree._Element | None) -> tuple[rpc.ParameterValue, ...]:
        """ParameterList: a tuple of ParameterValue."""
        items = self.array(listed, "ParameterList")
        if isinstance(items, tuple):
            return ()
        names = self._names(items)
        values = list(items.iter("Value"))
        if not len(names) == len(values) == len(items):
            raise RemoteError("malformed", "a parameter without name and value")
        made = []
        known, make, string = _TYPE_NAMES, rpc.ParameterValue, datamodel.STRING
        for name, value in zip(names, values, strict=True):
            spelt = value.get(TYPE)
            kind = known.get(spelt or "") or self._odd_type(value, spelt)
            text = value.text or ""
            made.append(make(name, text if kind == string else text.strip(), kind))
        return tuple(made)

    def infos(self, listed: etree._Element | None) -> tuple[rpc.ParameterInfo, ...]:
        """ParameterList of GetParameterNamesResponse: a tuple of ParameterInfo."""
        items = self.array(listed, "ParameterList")
        if isinstance(items, tuple):
            return ()
        names = self._names(items)
        writable = [self.truth(one.text, "Writable") for one in items.iter("Writable")]
        if not len(names) == len(writable) == len(items):
            raise RemoteError("malformed", "a name without Writable")
        return tuple(map(rpc.ParameterInfo, names, writable))

    def _names(self, items: etree._Element) -> list[str]:
        names = [name.text or "" for name in items.iter("Name")]
        if _are_tidy(names, self.limits.name_chars):
            return names
        return [self.name(name) for name in names]

    def _odd_type(self, value: etree._Element, spelt: str | None) -> str:
        """The type behind a prefix of the sender's own, else a string."""
        if spelt is None:
            self.lenient = True
            spelt = value.get(_OLD_TYPE) or ""
        kind = _TYPE_NAMES.get(spelt.strip().rpartition(":")[2])
        if kind is None:
            self.lenient = True
        return kind or datamodel.STRING

    def strings(self, listed: etree._Element | None, what: str) -> tuple[str, ...]:
        """A SOAP array of names: parameters, methods, who may write."""
        return tuple([self.name(item.text) for item in self.array(listed, what)])

    def record(self, element: etree._Element, elements: Iterable[Element]) -> list[Any]:
        """What `elements` say of the fields of `element`, in their order."""
        fields = self.fields(element)
        made: list[Any] = []
        for one in elements:
            found = fields.get(one.name)
            match one:
                case Leaf(name, kind):
                    made.append(self.leaf(found, name, kind))
                case Group(_, leaves):
                    made += self._group(found, leaves)
                case Strings(name):
                    made.append(self.strings(found, name))
                case Structs(name, _, make, inner):
                    items = self.array(found, name)
                    made.append(tuple([make(*self.record(item, inner)) for item in items]))
        return made

    def _group(self, found: etree._Element | None, leaves: tuple[Leaf, ...]) -> list[Any]:
        if found is None:
            self.lenient = True
            return [leaf.kind.missing for leaf in leaves]
        if len(found) == 1 and found[0].tag == "FaultStruct":
            self.lenient = True  # some wrap the struct in an element of its type's name
            found = found[0]
        return self.record(found, leaves)

    def leaf(self, found: etree._Element | None, name: str, kind: Kind) -> Any:
        """One field's value, as its kind is taken."""
        text = "" if found is None else found.text or ""
        if kind is Kind.TEXT:
            self.lenient |= found is None and name != "FaultString"  # it is optional
            return text
        spelt = text.strip()
        if not spelt:
            self.lenient |= found is None or kind is not Kind.TOKEN
            if kind.missing is None:
                raise RemoteError("malformed", f"no {name}")
            return kind.missing
        match kind:
            case Kind.TRUTH:
                return self.truth(spelt, name)
            case Kind.SIGNED:
                negative = spelt[0] == "-"
                return -integer(spelt[1:], name, 2**31) if negative else integer(spelt, name, 2**31 - 1)
            case Kind.NUMBER:
                return integer(spelt, name)
            case Kind.DONE | Kind.STARTED:
                return integer(spelt, name, 1)
            case Kind.INSTANCE:
                number = integer(spelt, name)
                if not number:
                    raise RemoteError("malformed", f"{name} is 0")
                return number
        return spelt

    def spare(self, text: str | None, missing: int) -> int:
        """A number on which nothing depends: one that cannot be read is as good as none."""
        try:
            return integer(text, "") if text else missing
        except RemoteError:
            self.lenient = True
            return missing

    def truth(self, text: str | None, what: str) -> bool:
        """A boolean; an empty one is false and odd."""
        found = _TRUTHS.get(text or "")
        if found is not None:
            return found
        spelt = (text or "").strip()
        self.lenient = True
        if not spelt:
            return False
        try:
            return datamodel.parse(spelt, datamodel.BOOLEAN) is True
        except ValueError as error:
            raise RemoteError("malformed", f"{what}: {error}"[:200]) from error


def _are_tidy(names: list[str], limit_chars: int) -> bool:
    """True when no name has a space in it, is empty, or is over the limit: one look at them all."""
    joined = "".join(names)
    return not names or (
        joined.split() == [joined] and "" not in names and len(max(names, key=len)) <= limit_chars
    )


def text(fields: Mapping[str, etree._Element], name: str) -> str:
    """A field's text, "" where it is missing."""
    found = fields.get(name)
    return "" if found is None else found.text or ""


def integer(text: str | None, what: str, limit: int = _UNSIGNED_LIMIT) -> int:
    """A number from 0 to `limit`, else RemoteError."""
    spelt = (text or "").strip()
    if not (spelt.isascii() and spelt.isdigit() and len(spelt) <= 20) or int(spelt) > limit:
        raise RemoteError("malformed", f"{what} is no number it can be: {spelt[:40]!r}")
    return int(spelt)
