"""Ways to damage a message: bytes, XML and whole sessions. All chance comes from the caller's Random."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

INPUT_LIMIT_BYTES = 48 * 1024
STEP = b"\n=====\n"
"""Between the steps of a session."""

WORDS = [
    *(b"0", b"1", b"-1", b"2", b"true", b"False", b"4294967295", b"4294967296", b"9" * 21, b"1e9", b" 7 "),
    *(b"", b"&amp;", b"&#0;", b"&#x10FFFF;", b"&#xD800;", b"&#1114112;", b"&bogus;", b"&", b"]]>", b"&#13;"),
    *(b"<!-- x -->", b"<?x y?>", b'<?xml version="1.0" encoding="utf-16"?>', b"\xff\xfe", b"\xef\xbb\xbf"),
    *(b"\x00", b"\x0b", b"\xc3\x28", b"\xed\xa0\x80", b"\xef\xbf\xbf", "żółw".encode(), "🐢".encode()),
    *(b'soap:mustUnderstand="1"', b'xsi:type="xsd:boolean"', b'enc:arrayType="x[3]"', b'xmlns:q="urn:q"'),
    *(b"urn:dslforum-org:cwmp-1-0", b"urn:dslforum-org:cwmp-1-2", b"urn:dslforum-org:cwmp-1-4", b"urn:x"),
    *(b"http://schemas.xmlsoap.org/soap/envelope/", b"http://www.w3.org/1999/XMLSchema-instance"),
    *(b"Device.", b"Device.A.B.", b"InternetGatewayDevice.", b"9003", b"8005", b"2026-01-31T10:00:00Z"),
    *(b"Inform", b"Fault", b"Response", b"Body", b"Header", b"Envelope", b"ID", b"SessionTimeout", b"@ID@"),
    b"<![CDATA[x<y]]>",
]

_ELEMENT = re.compile(rb"<([\w:.-]+)(?:\s[^<>]*)?(?:/>|>[^<]*</\1>)")
_TEXT = re.compile(rb">([^<]*)<")
_NAME = re.compile(rb"</?([\w:.-]+)")
_ATTRIBUTE = re.compile(rb"\s[\w:.-]+=(?:\"[^\"]*\"|'[^']*')")

Mutation = Callable[[bytes, Random, Sequence[bytes]], bytes]


def _span(data: bytes, chance: Random) -> tuple[int, int]:
    start = chance.randint(0, len(data))
    return start, min(len(data), start + chance.choice((1, 1, 2, 4, 16, 64, 400)))


def flip(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    """One byte becomes another."""
    if not data:
        return bytes([chance.randrange(256)])
    at = chance.randrange(len(data))
    return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]


def cut(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    """A piece goes."""
    start, end = _span(data, chance)
    return data[:start] + data[end:]


def repeat(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    """A piece comes again, often or very often."""
    start, end = _span(data, chance)
    return data[:end] + data[start:end] * chance.choice((1, 1, 2, 30, 700)) + data[end:]


def insert(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    """A word that means something stands where it should not."""
    at = chance.randint(0, len(data))
    return data[:at] + chance.choice(WORDS) + data[at:]


def splice(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    """The end is another's."""
    other = chance.choice(others)
    return data[: chance.randint(0, len(data))] + other[chance.randint(0, len(other)) :]


def _at_one(found: list[re.Match[bytes]], data: bytes, chance: Random, new: Callable[..., bytes]) -> bytes:
    if not found:
        return data
    one = chance.choice(found)
    return data[: one.start(one.lastindex or 0)] + new(one) + data[one.end(one.lastindex or 0) :]


def text(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    """An element says something else."""
    return _at_one(list(_TEXT.finditer(data)), data, chance, lambda _: chance.choice(WORDS))


def rename(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    """Every tag of one name gets another's, or a prefix more or less."""
    names = sorted({found[1] for found in _NAME.finditer(data)})
    if not names:
        return data
    old = chance.choice(names)
    theirs = sorted({found[1] for found in _NAME.finditer(chance.choice(others))})
    new = chance.choice([b"q:" + old, old.rpartition(b":")[2], *theirs])
    return re.sub(rb"(</?)" + re.escape(old) + rb"(?=[\s/>])", lambda found: found[1] + new, data)


def element(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    """A small element goes, comes twice, is nested deep, or is another's."""
    found = list(_ELEMENT.finditer(data))
    if not found:
        return data
    one = chance.choice(found)
    whole = one[0]
    deep = chance.choice((2, 9, 40))
    theirs = [m[0] for m in _ELEMENT.finditer(chance.choice(others))]
    new = chance.choice(
        [b"", whole + whole, whole * 200, b"<a>" * deep + whole + b"</a>" * deep, *theirs[:40]]
    )
    return data[: one.start()] + new + data[one.end() :]


def attribute(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    """An attribute goes, comes twice, or moves to another element."""
    found = list(_ATTRIBUTE.finditer(data))
    if not found:
        return data
    one = chance.choice(found)
    match chance.randrange(3):
        case 0:
            return data[: one.start()] + data[one.end() :]
        case 1:
            return data[: one.end()] + one[0] + data[one.end() :]
    tags = list(_NAME.finditer(data))
    at = chance.choice(tags).end() if tags else 0
    return data[:at] + one[0] + data[at:]


def recode(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    """The same in another charset, or said to be in another."""
    said = data.decode("utf-8", "replace")
    charset = chance.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "utf-8-sig"))
    head = chance.choice(("", f'<?xml version="1.0" encoding="{charset}"?>', '<?xml version="1.0"?>'))
    return (head + said).encode(charset, "replace")


BYTES: tuple[Mutation, ...] = (flip, cut, repeat, insert, splice)
XML: tuple[Mutation, ...] = (*BYTES, text, text, rename, element, element, attribute, recode)


def steps(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    """The order of a session's steps is another, or one step is damaged."""
    parts = data.split(STEP)
    at = chance.randrange(len(parts))
    match chance.randrange(6):
        case 0:
            del parts[at]
        case 1:
            parts.insert(at, parts[chance.randrange(len(parts))])
        case 2:
            other = chance.choice(others).split(STEP)
            parts.insert(at, chance.choice(other))
        case 3:
            other_at = chance.randrange(len(parts))
            parts[at], parts[other_at] = parts[other_at], parts[at]
        case _:
            theirs = [part for other in others[:8] for part in other.split(STEP)]
            parts[at] = chance.choice(XML)(parts[at], chance, theirs)
    return STEP.join(parts)


def mutated(data: bytes, chance: Random, others: Sequence[bytes], ways: Sequence[Mutation]) -> bytes:
    """Some mutations one after the other; never longer than the limit."""
    for _ in range(chance.choice((1, 1, 1, 2, 3, 5))):
        data = chance.choice(ways)(data, chance, others)[:INPUT_LIMIT_BYTES]
    return data
