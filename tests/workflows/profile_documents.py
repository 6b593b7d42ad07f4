"""Small profiles of one maker over the shipped settings, and what its router has told."""

from __future__ import annotations

from workflows.facts import Datum, Facts
from workflows.reader import LIBRARY, Library, read_sources

SETTINGS = (LIBRARY / "settings.xml").read_text(encoding="utf-8")
BOX = {
    "data_model": "tr181",
    "manufacturer": "Acme",
    "oui": "0200AA",
    "product_class": "Box",
    "model": "Box 1",
}
POOL = "Device.DHCPv4.Server.Pool.1."


def library(*profiles: str) -> Library:
    """The shipped settings with these profiles."""
    return read_sources(
        {"settings.xml": SETTINGS} | {f"vendors/p{n}.xml": text for n, text in enumerate(profiles, 1)}
    )


def profile(
    body: str, *, name: str = "acme", match: str = '<for oui="0200AA"/>', model: str = "tr181"
) -> str:
    """A profile of the box's maker."""
    return f'<profile name="{name}" data-model="{model}">\n{match}\n{body}\n</profile>'


def told(values: dict[str, str], **device: str) -> Facts:
    """What a box has told."""
    parameters = {path: Datum(value, "xsd:string", 90.0) for path, value in values.items()}
    return Facts(100.0, {**BOX, **device}, parameters)
