"""A CWMP message without its secrets, as it may be kept and shown (invariant 12). Pure.

Most messages hold none, and a look for the letters that name them is enough. The others are read as XML and
written anew, each secret masked; what cannot be read is not kept at all.
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from backend.devices.secret_values import MASK, SECRET_ENDINGS, is_secret

_HINTS: Final = (
    *(ending.encode() for ending in SECRET_ENDINGS),
    b".pin",
    b"/files/",
    b"/speed/",
    b"&#",
    b"<![cdata[",
    b"<!--",
    b"\0",
)
"""Without these no name is a secret's (`is_secret`), no link is ours, and nothing is written oddly."""

_SECRET_ELEMENTS: Final = frozenset({"password", "username"})
_LINK: Final = re.compile(r"(/(?:files|speed(?:/[a-z]+)?)/)[^/?#\s]+")


def masked_message(body: bytes) -> bytes | None:
    """The message with its secrets masked; None when it may hold one and cannot be read."""
    low = body.lower()
    if not any(hint in low for hint in _HINTS):
        return body
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
        if root is None:
            return None
        for element in root.iter(etree.Element):
            _mask(element)
        return bytes(etree.tostring(root, encoding="utf-8"))
    except (etree.XMLSyntaxError, ValueError):  # also letters that are none in the charset it names
        return None


def _mask(element: etree._Element) -> None:
    name = _local(element)
    if len(element):
        value = [child for child in element if _local(child) == "value"]
        names = [child.text or "" for child in element if _local(child) == "name"]
        if value and any(is_secret(one.strip()) for one in names):
            for child in value:
                _hide(child)
    elif name in _SECRET_ELEMENTS:
        _hide(element)
    elif element.text:
        element.text = _LINK.sub(rf"\1{MASK}", element.text)


def _hide(element: etree._Element) -> None:
    if "".join(element.itertext()):
        for child in list(element):
            element.remove(child)
        element.text = MASK


def _local(element: etree._Element) -> str:
    """The name without its namespace, or the prefix that nobody declared."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""
