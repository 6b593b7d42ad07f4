"""The lenient half of decoding: makes a regular tree of what real devices send.

It mends undeclared prefixes, wrong SOAP and XSI namespaces, bare ampersands, characters that XML
1.0 cannot hold, wrong or missing charsets, and junk before the first tag or after the last. It never
guesses a missing end: a truncated body is malformed, since half a value would be a wrong one.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import Final

from lxml import etree

from backend.cwmp.envelope import CWMP_1_0, SOAP, XSI, Limits
from backend.cwmp.faults import RemoteError

_DECLARATION: Final = re.compile(r"\A[^<]*(<\?xml[^>]*\?>)?[^<]*")
_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CDATA: Final = "<![CDATA["
_BARE_AMPERSAND: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_REFERENCE: Final = re.compile(r"&#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}));")
_END: Final = "Envelope>"
_TAG_LIMIT_CHARS: Final = 8192
_LONG_TAG: Final = re.compile(f"<[^<>]{{{_TAG_LIMIT_CHARS}}}")
_CWMP: Final = re.compile(r"urn:dslforum-org:cwmp-1-[0-4]")
_ATTRIBUTES: Final = {
    "type": f"{{{XSI}}}type",
    "mustUnderstand": f"{{{SOAP}}}mustUnderstand",
    "actor": f"{{{SOAP}}}actor",
}
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def parser(*, recover: bool) -> etree.XMLParser:
    """An XML parser that fetches nothing, expands nothing and keeps libxml2's own limits."""
    return etree.XMLParser(
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8" if recover else None,
    )


@lru_cache(maxsize=8)
def _deeper_than(limit_levels: int) -> etree.XPath:
    return etree.XPath("boolean(" + "/*" * (limit_levels + 1) + ")")


def refuse_depth(root: etree._Element, limit_levels: int) -> None:
    """RemoteError when elements nest deeper than the limit."""
    if _deeper_than(limit_levels)(root):
        raise RemoteError("too_deep", f"more than {limit_levels} levels")


def mended(body: bytes, limits: Limits) -> etree._Element:
    """A regular tree, as `decode` reads it; RemoteError when the body is past mending.

    libxml2 recovers from many bad attributes in quadratic time, so a tag's length is limited too.
    """
    text = _text(body)
    if text.count("<") > 8 * limits.parameters or _LONG_TAG.search(text):
        raise RemoteError("too_many", "elements or attributes in a body that needs mending")
    if "<!DOCTYPE" in text:
        raise RemoteError("doctype", "a document type is never read")
    tolerant = parser(recover=True)
    try:
        root = etree.fromstring(text.encode(), tolerant)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise RemoteError("malformed", str(error)[:200]) from error
    for problem in tolerant.error_log:
        if problem.domain_name != "NAMESPACE":
            raise RemoteError("malformed", f"line {problem.line}: {problem.message[:160]}")
    if root is None:
        raise RemoteError("malformed", "no element")
    refuse_depth(root, limits.depth_levels)
    _regularise(root, text)
    return root


def _text(body: bytes) -> str:
    """The body as legal XML characters, without declaration, in whatever charset it really is."""
    text = None
    for mark, charset in _BOMS:
        if body.startswith(mark):
            text = body[len(mark) :].decode(charset, "replace")
            break
    if text is None:
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            text = body.decode("latin-1")
    text = _DECLARATION.sub("", text, count=1)
    end = text.rfind(_END)
    if end >= 0:
        text = text[: end + len(_END)]  # what stood in the sender's buffer before
    plain, *marked = _ILLEGAL.sub("", text).split(_CDATA)
    parts = [_legal_references(plain)]
    for part in marked:  # inside a marked section an ampersand is only that (XML 1.0, 2.7)
        inside, closing, outside = part.partition("]]>")
        parts.extend((_CDATA, inside, closing, _legal_references(outside)))
    return "".join(parts)


def _legal_references(text: str) -> str:
    return _REFERENCE.sub(_legal_reference, _BARE_AMPERSAND.sub("&amp;", text))


def _legal_reference(found: re.Match[str]) -> str:
    code = int(found[1], 16) if found[1] else int(found[2])
    if code > 0x10FFFF or _ILLEGAL.match(chr(code)):
        return ""
    return found[0]


def _local(tag: str) -> str:
    """The name without its namespace, and without a prefix that was never declared."""
    return tag.rpartition("}")[2].rpartition(":")[2]


def _regularise(root: etree._Element, text: str) -> None:
    """Rename what stands in the right place to what it must be called."""
    if _local(root.tag) != "Envelope":
        raise RemoteError("malformed", f"{_local(root.tag)[:40]!r} is not an Envelope")
    declared = _CWMP.search(text)
    namespace = declared[0] if declared else CWMP_1_0
    for element in root.iterdescendants():
        try:
            element.tag = _local(str(element.tag))
        except ValueError as error:
            raise RemoteError("malformed", "a tag without a name") from error
        for name, value in element.items():
            known = _ATTRIBUTES.get(_local(str(name)))
            if known is not None:
                element.set(known, value)
    root.tag = f"{{{SOAP}}}Envelope"
    bodies = [child for child in root if child.tag == "Body"]
    if len(bodies) != 1 or not len(bodies[0]):
        raise RemoteError("malformed", "an Envelope holds one Body with one message")
    header = root.find("Header")
    if header is not None:
        header.tag = f"{{{SOAP}}}Header"
        root.insert(0, header)
    body = bodies[0]
    body.tag = f"{{{SOAP}}}Body"
    root.append(body)
    method = body[0]
    if method.tag == "Fault":
        method.tag = f"{{{SOAP}}}Fault"
        for inner in method.iterfind("detail/Fault"):
            inner.tag = f"{{{namespace}}}Fault"
    else:
        method.tag = f"{{{namespace}}}{method.tag}"
