"""The firmware images of the simulated makers: a header line and a body.

    SIMFW1 {"model": "HomeRouter AX6", "version": "3.4.12", "hardware": [], "size": 65536, "sha256": "..."}
    <size bytes>

`hardware` names the hardware versions it is for; an empty list is any. Pure.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

CORRUPTED: Final = "9018"
DEFAULT_SIZE_BYTES: Final = 1_500_000

_MAGIC: Final = b"SIMFW1 "
_HEADER_LIMIT_BYTES: Final = 1024


class BadFile(ValueError):
    """What came is not for this router; `code` is the transfer's fault (A.5)."""

    def __init__(self, text: str, code: str = CORRUPTED) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Image:
    """What an image says it is."""

    model: str
    version: str
    hardware: tuple[str, ...]


@lru_cache(maxsize=8)
def build_image(
    model: str, version: str, *, hardware: tuple[str, ...] = (), size_bytes: int = DEFAULT_SIZE_BYTES
) -> bytes:
    """An image of this version for this model; the same arguments give the same bytes."""
    body = hashlib.shake_128(f"{model} {version}".encode()).digest(size_bytes)
    header = {
        "model": model,
        "version": version,
        "hardware": list(hardware),
        "size": size_bytes,
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    return _MAGIC + json.dumps(header).encode() + b"\n" + body


def read_image(content: bytes, model: str, hardware_version: str) -> Image:
    """The image, checked to be whole and for this router; BadFile."""
    line, newline, body = content.partition(b"\n")
    if not line.startswith(_MAGIC) or not newline or len(line) > _HEADER_LIMIT_BYTES:
        raise BadFile("not a firmware image of this maker")
    try:
        header = json.loads(line[len(_MAGIC) :])
        image = Image(str(header["model"]), str(header["version"]), tuple(map(str, header["hardware"])))
        size_bytes, digest = int(header["size"]), str(header["sha256"])
    except (ValueError, KeyError, TypeError) as error:
        raise BadFile("the image's header cannot be read") from error
    if len(body) != size_bytes or hashlib.sha256(body).hexdigest() != digest:
        raise BadFile("the checksum of the image is wrong")
    if image.model != model or (image.hardware and hardware_version not in image.hardware):
        raise BadFile(f"the image is for {image.model}, not for {model} {hardware_version}")
    return image
