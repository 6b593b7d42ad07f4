"""The tables behind the device page; private to this package. What a router itself tells is in `tables`."""

from __future__ import annotations

import peewee

from backend.database import JsonField, MomentField, TenantRow
from backend.devices.tables import Device
from backend.postgresql import PrefixIndex

for _column in ("serial_number", "model", "software_version", "source_address"):
    Device.add_index(PrefixIndex(f"device_{_column}_found", "device", f"lower({_column})", ("tenant_id",)))


Device.add_index(Device.tenant_id, Device.id)  # lists in pages, and ids that other selects found


class DeviceTag(TenantRow):
    """One tag of one router in the form it is found by (`identity.words.normal`); shown are `Device.tags`."""

    id = None
    tenant_id = peewee.CharField(max_length=26)
    device_id = peewee.CharField(max_length=26)
    tag = peewee.CharField(max_length=64)

    class Meta:
        primary_key = peewee.CompositeKey("device_id", "tag")


DeviceTag.add_index(PrefixIndex("device_tag_found", "device_tag", "tag", ("tenant_id",), ("device_id",)))


class SeenNames(TenantRow):
    """What GetParameterNames told of one object: its direct children as [name, writable] with an object's
    name ending in "."; `path` ends in "." and is "" for the root."""

    id = None
    tenant_id = peewee.CharField(max_length=26)
    device_id = peewee.CharField(max_length=26)
    path = peewee.CharField(max_length=256)
    names = JsonField()
    read_at = MomentField()

    class Meta:
        primary_key = peewee.CompositeKey("device_id", "path")


class CwmpSession(TenantRow):
    """One session of one router as it went. `ending` is "open" until it is known how it ended.

    Several processes may have had a part in it: each adds what it saw to the counts.
    """

    tenant_id = peewee.CharField(max_length=26)
    device_id = peewee.CharField(max_length=26)
    began_at = MomentField()
    ended_at = MomentField(null=True)
    events = JsonField(default=list)
    source = peewee.CharField(max_length=64, default="")
    ending = peewee.CharField(max_length=12, default="open")
    messages = peewee.IntegerField(default=0)
    bytes_in = peewee.IntegerField(default=0)
    bytes_out = peewee.IntegerField(default=0)

    class Meta:
        indexes = ((("device_id", "id"), False), (("began_at",), False))


class CwmpMessages(TenantRow):
    """What one process saw of a session: its messages, masked and packed (`history`)."""

    tenant_id = peewee.CharField(max_length=26)
    device_id = peewee.CharField(max_length=26)
    session_id = peewee.CharField(max_length=26)
    packed = peewee.BlobField()

    class Meta:
        indexes = ((("device_id", "session_id"), False),)


TABLES = (DeviceTag, SeenNames, CwmpSession, CwmpMessages)
