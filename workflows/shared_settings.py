"""The settings and vendor profiles of a library, read once for all workflows that have the very same.

Every published workflow keeps the text of its settings and profiles (invariant 6), mostly the same for
hundreds of them. What was read without a mistake is remembered by content, so that they share one object,
and with it what was worked out for each kind of device.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from workflows.documents import Document
from workflows.profiles_reader import read_profiles
from workflows.settings import Settings
from workflows.settings_reader import read_settings

SHARED_LIMIT = 16
GRAMMARS = ("settings", "profile")

_ROOT = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<([a-z-]+)((?:\s[^>]*)?)>", re.DOTALL)
_NAME = re.compile(r"""\sname\s*=\s*(?:"([^"]*)"|'([^']*)')""")


@dataclass(frozen=True, slots=True)
class Shared:
    """Settings that were read before from the very same documents. `files` maps each of these to its
    (grammar, name); both are empty when nothing is known of them."""

    settings: Settings | None = None
    files: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @staticmethod
    def of(sources: Mapping[str, str]) -> Shared:
        """What is known of the settings and profiles among these documents."""
        known = _read.get(_key(sources))
        if known is None:
            return Shared()
        _read.move_to_end(_key(sources))
        return known


_read: OrderedDict[str, Shared] = OrderedDict()


def read_shared(
    documents: Iterable[Document], read: Mapping[tuple[str, str], Document], sources: Mapping[str, str]
) -> Settings:
    """The settings with their profiles, out of the well-formed documents `read`; mistakes are recorded in
    them. Remembered when none of `documents` has one."""
    settings = Settings()
    mine = {key: document for key, document in read.items() if key[0] in GRAMMARS}
    for (grammar, _), document in mine.items():
        if grammar == "settings":
            settings = read_settings(document)
    if settings.by_name:
        profiles = read_profiles((d for (grammar, _), d in mine.items() if grammar == "profile"), settings)
        settings = Settings(settings.by_name, settings.places, settings.diagnostics, profiles)
    if mine and not any(d.errors for d in documents if d.grammar in GRAMMARS or not d.grammar):
        _read[_key(sources)] = Shared(settings, {document.file: key for key, document in mine.items()})
        while len(_read) > SHARED_LIMIT:
            _read.popitem(last=False)
    return settings


def named_in(text: str) -> tuple[str, str] | None:
    """(grammar, name) of a document, told from how it begins; None when that cannot be told."""
    found = _ROOT.match(text)
    if found is None:
        return None
    name = _NAME.search(found.group(2))
    return found.group(1), (name.group(1) or name.group(2) or "") if name else ""


def is_profile(document: Document) -> bool:
    """Whether a document is a vendor profile, or would be one if it were well formed."""
    return document.grammar == "profile" or (document.root is None and "<profile" in document.text)


def _key(sources: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for file, text in sorted(sources.items()):
        named = named_in(text)
        if named is not None and named[0] in GRAMMARS:
            digest.update(f"{file}\0{len(text)}\0{text}\0".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
