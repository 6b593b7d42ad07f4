"""Positive scripting: words a customer should not hear, and sentences too long to listen to.

A short list for each language, each with what to say instead. It is advice for authors, not a filter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SENTENCE_LIMIT_WORDS = 28

NEGATIVE: dict[str, dict[str, str]] = {
    "en": {
        r"unfortunately": "say what can be done",
        r"i'?m afraid": "say what can be done",
        r"can(?:no|')t|cannot": "say what you can do",
        r"won'?t": "say what will happen",
        r"impossible": "say what is possible",
        r"fail(?:ed|ure|s)?": "say what the router did",
        r"errors?": "say what was found",
        r"problems?": "say what was found",
        r"broken": "say what it does now",
        r"wrong": "say what fits instead",
        r"you (?:must|have to)": "ask with 'please'",
        r"your (?:mistake|fault)": "leave out who did it",
        r"calm down": "say that you are there to help",
    },
    "pl": {
        r"niestety": "powiedz, co da się zrobić",
        r"nie (?:da się|można|możemy|mogę|potrafię)": "powiedz, co można zrobić",
        r"niemożliw\w*": "powiedz, co jest możliwe",
        r"błąd|błęd\w*": "powiedz, co widać",
        r"problem\w*": "powiedz, co widać",
        r"awari\w*": "powiedz, co się dzieje",
        r"zepsut\w*": "powiedz, co urządzenie robi teraz",
        r"mus(?:i|isz|ą|icie)": "poproś: 'proszę'",
        r"(?:twoja|pana|pani) wina": "pomiń, kto to zrobił",
        r"proszę się uspokoić": "powiedz, że jesteś po to, żeby pomóc",
    },
}

_SENTENCE = re.compile(r"[.!?]+(?:\s|$)")
_COMPILED = {
    language: [
        (re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE), better) for words, better in table.items()
    ]
    for language, table in NEGATIVE.items()
}


def advice(text: str, language: str) -> Iterator[str]:
    """What could be said better in a text of this language, one sentence each."""
    for pattern, better in _COMPILED.get(language.split("-")[0], []):
        if found := pattern.search(text):
            yield f"'{found.group(0)}' sounds negative: {better}"
    for sentence in _SENTENCE.split(text):
        count = len(sentence.split())
        if count > SENTENCE_LIMIT_WORDS:
            yield f"a sentence of {count} words; {SENTENCE_LIMIT_WORDS} are enough"
