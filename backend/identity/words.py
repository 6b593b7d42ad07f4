"""Words as people type them and as rows are found by: lower case, without accents, cut to a length.

"Świątek" and "swiatek" are one word. A search asks for the beginning of a word, so that an index answers it.
Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

WORD_LIMIT_CHARS: Final = 40
WORDS_LIMIT: Final = 24
ASKED_LIMIT_WORDS: Final = 8
TAIL_MARK: Final = "<"
TAIL_LEAST_DIGITS: Final = 3
NATIONAL_DIGITS: Final = 9

_SPLIT: Final = re.compile(r"[\s,;/]+")
_PHONE: Final = re.compile(r"\+?[0-9]{6,20}", re.ASCII)
_PLAIN: Final = str.maketrans({"ł": "l", "ß": "ss", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th"})


def normal(text: str) -> str:
    """One text in the form that is compared: "Łódź" is "lodz"."""
    taken_apart = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(letter for letter in taken_apart if not unicodedata.combining(letter))


def words(text: str, limit: int = ASKED_LIMIT_WORDS) -> list[str]:
    """The first words of a text, each once, in its order."""
    found = (word.strip(".()\"'")[:WORD_LIMIT_CHARS] for word in _SPLIT.split(normal(text)))
    return list(dict.fromkeys(word for word in found if word))[:limit]


def typed(text: str) -> list[str]:
    """The words of what someone typed into a search; a phone written in groups is one word."""
    together = re.sub(r"[ ()-]", "", text.strip())
    if _PHONE.fullmatch(together):
        return [together]
    return words(text)


def phone_words(phone: str) -> list[str]:
    """A phone by its beginning, with and without its country, and by its end (turned round, marked)."""
    digits = "".join(letter for letter in phone if letter.isdecimal())
    return [digits, digits[-NATIONAL_DIGITS:], TAIL_MARK + digits[::-1]] if digits else []


def asked_words(word: str) -> list[str]:
    """What one typed word may be the beginning of; digits may also be the end of a phone."""
    digits = word.lstrip("+").replace("-", "")
    if not digits.isdecimal() or len(digits) < TAIL_LEAST_DIGITS:
        return [word]
    return list(dict.fromkeys([word, digits.removeprefix("00"), TAIL_MARK + digits[::-1]]))


def known_words(phone: str, texts: Iterable[str]) -> list[str]:
    """All words that a person is found by."""
    named = [word for text in texts for word in words(text, WORDS_LIMIT)]
    return list(dict.fromkeys([*phone_words(phone), *named]))[:WORDS_LIMIT]


def after_prefix(prefix: str) -> str:
    """The first text, byte by byte, that no longer begins with `prefix`."""
    return prefix + "\U0010ffff"
