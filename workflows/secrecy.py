"""What stands for a secret where a run may not know it (invariant 12).

The runs of the care centre put these in place of what a device tells of its keys and passwords, and put the
secrets in place of these when a request leaves. A script hands them on and never sees more.
"""

from __future__ import annotations

SEALED = "${sealed:"
"""Begins a sealed secret that can be written again: `${sealed:...}`."""

AS_WRITTEN = "${as-written}"
"""The secret is the very one that this step has written."""

CHANGED = "${changed}"
"""The secret is neither what a change that is to be put back has left, nor what was there before it."""

HIDDEN = "${hidden}"
"""The device shows nothing of its secret, whether there is one or not."""

STORED = "${stored}"
"""Instead of a secret that must be written again though a script may not know it: whoever sends the request
puts the stored one of the same parameter in its place. Never goes to a device."""

MASK = "••••••"
"""What is shown of a secret."""


def sealed(box: str) -> str:
    """The stand-in that carries a sealed secret."""
    return f"{SEALED}{box}}}"


def box_of(text: str) -> str | None:
    """The sealed secret that a stand-in carries; None for any other text."""
    return text[len(SEALED) : -1] if text.startswith(SEALED) and text.endswith("}") else None


def stands_in(text: str) -> bool:
    """Whether a text stands for a secret."""
    return text in (AS_WRITTEN, CHANGED, HIDDEN) or box_of(text) is not None


def is_ours(text: str) -> bool:
    """Whether a text means something of its own to us, so that nobody may write it from outside."""
    return text == STORED or stands_in(text)


def shown(text: str) -> str:
    """The text as it may be read by a script and shown: a mask for a secret, nothing for a hidden one."""
    return ("" if text == HIDDEN else MASK) if stands_in(text) else text
