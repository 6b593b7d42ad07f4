"""Tags of routers: kept as staff wrote them, found in a form without case and accents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from backend import database
from backend.devices.page_tables import DeviceTag
from backend.devices.tables import Device
from backend.errors import Invalid
from backend.identity.words import normal

TAGS_LIMIT: Final = 20
TAG_LIMIT_CHARS: Final = 48
KEY_LIMIT_CHARS: Final = 64


def tag_key(tag: str) -> str:
    """The form in which a tag is found: "Vip" and "VIP" are one."""
    return normal(tag.strip())[:KEY_LIMIT_CHARS]


def put(tenant_id: str, device_id: str, tags: Iterable[str]) -> list[str]:
    """Give a router these tags and no others; gives them as kept. NotFound; Invalid for too many."""
    kept = list({tag_key(one): one.strip() for one in tags if one.strip()}.values())
    if len(kept) > TAGS_LIMIT or any(len(one) > TAG_LIMIT_CHARS for one in kept):
        raise Invalid("tags_too_many", fields={"tags": [f"At most {TAGS_LIMIT} tags."]})
    with database.transaction():
        Device.find(tenant_id, device_id)
        Device.update(tags=kept).where(Device.tenant_id == tenant_id, Device.id == device_id).execute()
        retagged(tenant_id, device_id, kept)
    return kept


def retagged(tenant_id: str, device_id: str, tags: Iterable[str]) -> None:
    """Let a router be found by its tags, in the transaction that wrote them into its record."""
    DeviceTag.delete().where(DeviceTag.tenant_id == tenant_id, DeviceTag.device_id == device_id).execute()
    rows = [
        {"tenant_id": tenant_id, "device_id": device_id, "tag": key}
        for key in sorted({tag_key(one) for one in tags})
    ]
    if rows:
        DeviceTag.insert_many(rows).execute()


def in_use(tenant_id: str, limit: int = 100) -> list[str]:
    """The tags that routers have, for people to choose from."""
    rows = DeviceTag.of(tenant_id, DeviceTag.tag).distinct().order_by(DeviceTag.tag).limit(limit)
    return [row.tag for row in rows]
