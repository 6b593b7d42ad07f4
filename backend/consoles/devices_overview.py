"""One router, and lists of them, as staff see them: records, stored data, files and profiles put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from backend.crm import ledger
from backend.devices import files, overview, records, search
from backend.devices.overview import Home, Reach
from backend.devices.search import Asked
from backend.devices.wording import span
from backend.errors import NotFound
from backend.identity import people
from backend.runs import catalogue, outlook
from widgets.messages import message
from workflows.texts import chosen

OWNERS_LIMIT: Final = 500
QUARANTINED: Final = "quarantined"
ENROLLED: Final = "enrolled"


def listing(tenant_id: str, query: Mapping[str, Any], now: float) -> dict[str, Any]:
    """A page of routers: {"items", "next", "total", "total_limit"} (see `devices_schemas.DeviceList`)."""
    state = query["state"]
    held = state == QUARANTINED
    asked = Asked(query["q"], query["tag"], query["model"], query["firmware"], QUARANTINED if held else "")

    def owners(words: Sequence[str]) -> list[str]:
        return people.customers_of_words(tenant_id, words, OWNERS_LIMIT)

    def loaded(ids: Sequence[str]) -> list[dict[str, Any]]:
        return [records.seen(one, now, query["locale"], staff=True) for one in records.of_ids(tenant_id, ids)]

    def in_state(one: Mapping[str, Any]) -> bool:
        online = one["last_contact_at"] is not None and one["online"]
        return (
            bool(online == (state == "online")) if state in ("online", "offline") else one["state"] == state
        )

    looked_at = in_state if state and not held else None
    found = search.page(tenant_id, asked, owners, loaded, looked_at, query["after"], query["limit"])
    names = ledger.names(tenant_id, [one["customer_id"] for one in found.items if one["customer_id"]])
    return {
        "items": [{**one, "customer": _owner(one["customer_id"], names)} for one in found.items],
        "next": found.next_id,
        "total": None if looked_at else search.count(tenant_id, asked, owners),
        "total_limit": search.COUNT_LIMIT_DEVICES,
    }


def _owner(customer_id: str | None, names: Mapping[str, str]) -> dict[str, str] | None:
    return {"id": customer_id, "name": names.get(customer_id, "")} if customer_id else None


def detail(tenant_id: str, device_id: str, locale: str, now: float) -> dict[str, Any]:
    """A router in words, with all that its page shows first. NotFound for another tenant's."""
    found = records.of_ids(tenant_id, [device_id])
    if not found:
        raise NotFound()
    record = found[0]
    said = outlook.overview(tenant_id, device_id, record["customer_id"], now, locale, staff=True)
    home = overview.home(device_id, record["data_model"], now)
    reach = overview.reach(tenant_id, device_id)
    offered = files.firmware_for(tenant_id, record)
    backup = files.latest_backup(tenant_id, device_id)
    names = ledger.names(tenant_id, [record["customer_id"]] if record["customer_id"] else [])
    held = record["admission"] != ENROLLED
    wake_text = message(locale, "device-wake-held") if held else _wake_text(reach, home, locale)
    door = overview.door(tenant_id, device_id)
    shown = {
        **record,
        **said,
        "customer": _owner(record["customer_id"], names),
        "uptime_s": home.uptime_s,
        "wake": {"kind": "none" if held else reach.kind, "text": wake_text},
        "knocked_at": door.knocked_at,
        "may_enrol": door.open,
        "wifi": home.networks,
        "hosts": home.hosts,
        "firmware": {"current": record["software_version"], "offered": offered},
        "backup": backup,
        "profile": _profile(tenant_id, record, locale),
    }
    return {**shown, "summary": list(_sentences(shown, home, now, locale))}


def _wake_text(reach: Reach, home: Home, locale: str) -> str:
    way = "later" if reach.later else reach.kind
    if reach.kind == "none" and home.inform_every_s:
        return message(locale, f"device-wake-{way}-every", span=span(home.inform_every_s, locale))
    return message(locale, f"device-wake-{way}")


def _sentences(shown: Mapping[str, Any], home: Home, now: float, locale: str) -> Iterator[str]:
    if shown["admission"] != ENROLLED:
        yield message(locale, "device-quarantined")
        return
    if shown["knocked_at"] is not None:
        yield message(locale, "device-may-enrol" if shown["may_enrol"] else "device-knocked")
    yield shown["state_text"]
    if home.networks:
        yield _wifi_sentence(home, locale)
    if any(host["active"] is not None for host in home.hosts):
        yield message(locale, "device-says-hosts", n=sum(host["active"] is True for host in home.hosts))
    if home.uptime_s is not None and shown["online"]:
        yield message(locale, "device-says-uptime", span=span(home.uptime_s, locale))
    firmware = shown["firmware"]
    if firmware["offered"]:
        offered = firmware["offered"]["version"]
        yield message(locale, "device-says-firmware-offered", version=firmware["current"], offered=offered)
    elif firmware["current"]:
        yield message(locale, "device-says-firmware", version=firmware["current"])
    if shown["backup"]:
        kept_s = max(0.0, now - shown["backup"]["at"])
        yield message(locale, "device-says-backup", span=span(kept_s, locale))
    elif shown["last_contact_at"] is not None:
        yield message(locale, "device-says-no-backup")
    yield shown["wake"]["text"]


def _wifi_sentence(home: Home, locale: str) -> str:
    on = [network for network in home.networks if network["enabled"] is not False and network["ssid"]]
    if not on:
        return message(locale, "device-says-wifi-off")
    said = [
        message(
            locale,
            "device-says-network-channel" if network["channel"] else "device-says-network",
            ssid=network["ssid"],
            band=network["band"] or "WiFi",
            **({"channel": network["channel"]} if network["channel"] else {}),
        )
        for network in on
    ]
    return message(locale, "device-says-wifi", networks=", ".join(said))


def _profile(tenant_id: str, record: Mapping[str, Any], locale: str) -> dict[str, Any] | None:
    """The profile that demands most of those that fit, with the quirks of all of them."""
    for brief in catalogue.listing(tenant_id, "operator", locale)[:1]:
        settings = catalogue.get(tenant_id, brief["name"], brief["version"]).settings
        profiles = settings.fitted(record).profiles
        if profiles:
            quirks = [chosen(quirk, locale) for profile in profiles for quirk in profile.quirks]
            return {"name": chosen(profiles[-1].title, locale) or profiles[-1].name, "quirks": quirks}
    return None
