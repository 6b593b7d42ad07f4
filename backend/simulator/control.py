"""A page and a JSON answer for whoever wants to look inside the simulated routers.

GET  /routers                      every router of the fleet
GET  /routers/SERIAL               one: its household, its DHCP settings, the writes applied
GET  /routers/SERIAL/parameters    all its parameters (keys and passwords masked)
POST /routers/SERIAL/boot          switch it off and on
POST /routers/SERIAL/reset         press its reset pin: everything as it left the factory
POST /routers/SERIAL/firmware      let it ask the ACS for new firmware (RequestDownload)

HTML for a browser, JSON for the rest (or with `?format=json`). It listens on this machine only and has
no login: it shows simulated homes, and must never be given anything else to show.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit

from backend.cwmp import rpc
from backend.simulator import air
from backend.simulator.cpe import Cpe
from backend.simulator.standing import MASKED

LINES_SHOWN = 200
ROUTERS_SHOWN = 100
BUTTONS = {
    "boot": "Switch it off and on",
    "firmware": "Let it ask for new firmware",
    "reset": "Press the reset pin: all settings are lost",
}
REQUESTS_DOWNLOAD = "9 REQUEST DOWNLOAD"

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]

_TROUBLES = {
    "": "joined, opens web pages",
    "no-address": "gets no address",
    "outside-subnet": "has an address outside the home network",
    "pool-full": "found no free address",
    "lease-expired": "off the network until it is lent an address again",
    "no-gateway": "joined, no way to the internet",
    "no-names": "joined, but the name server does not answer: no web page opens",
    "radio-off": "its WiFi is switched off",
    "reconnecting": "the WiFi has just changed: it is joining again",
    "filtered": "turned away by the router's list of devices",
    "wrong-network": "does not find the WiFi name and key it knows",
    "dropping": "thrown off the WiFi by the router's old firmware",
    "crowded": "joined, but the channel is crowded: pages load slowly",
    "lost": "too far away for a channel this crowded",
}
_STYLE = """
:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}
body{margin:0 auto;max-width:64rem;padding:1.5rem}
h1{font-size:1.35rem;margin:.2rem 0}h2{font-size:1.05rem;margin:1.6rem 0 .4rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.35rem .6rem .35rem 0;border-bottom:1px solid #8884;vertical-align:top}
td{overflow-wrap:anywhere}code{font:13px ui-monospace,monospace}
.good{color:light-dark(#0a6b3d,#6fdca4)}.bad{color:light-dark(#a3261c,#ff9d92)}
button{font:inherit;padding:.35rem .9rem}form{display:inline-block;margin:.6rem .6rem 0 0}
"""
_HEADERS = [
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
]


class Control:
    """The WSGI application over the fleet's routers by serial number."""

    def __init__(self, routers: Mapping[str, Cpe], clock: Callable[[], float]) -> None:
        self._routers = routers
        self._clock = clock

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "/")
        match [method, *path.strip("/").split("/")]:
            case ["GET", ""] | ["GET", "routers"]:
                return self._show(environ, start_response, self._fleet(), _fleet_page)
            case ["GET", "routers", serial] if serial in self._routers:
                return self._show(environ, start_response, self._detail(serial), _router_page)
            case ["GET", "routers", serial, "parameters"] if serial in self._routers:
                return self._show(environ, start_response, self._parameters(serial), _parameters_page)
            case ["POST", "routers", serial, what] if serial in self._routers and what in BUTTONS:
                if not _same_origin(environ):
                    return _send(start_response, "403 Forbidden", "text/plain", "another site's page\n")
                _do(self._routers[serial], what)
                start_response("303 See Other", [*_HEADERS, ("Location", f"/routers/{serial}")])
                return [b""]
            case _:
                return _send(start_response, "404 Not Found", "text/plain", "no such router or page\n")

    def _fleet(self) -> dict[str, Any]:
        """The first ROUTERS_SHOWN in full; the figures are of all."""
        cpes = list(self._routers.values())
        return {
            "routers": [cpe.summary(self._clock()) for cpe in cpes[:ROUTERS_SHOWN]],
            "count": len(cpes),
            "sessions": sum(cpe.sessions for cpe in cpes),
            "failed": sum(cpe.failed for cpe in cpes),
        }

    def _detail(self, serial: str) -> dict[str, Any]:
        cpe = self._routers[serial]
        lan = cpe.router.model.lan(cpe.router.tree)
        return {
            **cpe.summary(self._clock()),
            "lan": {name: getattr(lan, name) for name in lan.__dataclass_fields__},
            "parameters": self._parameters(serial)["parameters"],
            "applied": cpe.router.applied[-LINES_SHOWN:],
            "transfers": [
                {"file": one.file_type, "state": one.state, "fault": one.fault_text}
                for one in cpe.router.transfers.every()
            ],
            "radios": self._radios(cpe),
        }

    def _radios(self, cpe: Cpe) -> list[dict[str, Any]]:
        router = cpe.router
        return [
            {
                "band": radio.band,
                "on": radio.on,
                "name": radio.ssid,
                "channel": radio.channel,
                "busy_percent": round(100 * air.busy_share(radio, router.home.neighbours)),
                "admits": "listed devices only" if radio.allow is not None else "everybody",
                "denies": len(radio.deny),
            }
            for radio in router.model.radios(router.tree).values()
        ]

    def _parameters(self, serial: str) -> dict[str, Any]:
        router = self._routers[serial].router
        router.settle(self._clock())
        found = (router.tree.parameter(path) for path in router.tree.values())
        return {
            "serial": serial,
            "parameters": {
                p.path: {"value": MASKED if p.hidden else p.value, "type": p.type, "writable": p.writable}
                for p in found
            },
        }

    def _show(
        self,
        environ: Environ,
        start_response: StartResponse,
        data: dict[str, Any],
        page: Callable[[dict[str, Any]], Iterator[str]],
    ) -> Iterable[bytes]:
        asked = parse_qs(environ.get("QUERY_STRING", "")).get("format", [""])[0]
        if asked == "json" or "text/html" not in environ.get("HTTP_ACCEPT", ""):
            return _send(start_response, "200 OK", "application/json", json.dumps(data) + "\n")
        return _send(start_response, "200 OK", "text/html; charset=utf-8", "".join(page(data)))


def _do(cpe: Cpe, what: str) -> None:
    if what == "boot":
        cpe.power_cycle()
    elif what == "reset":
        cpe.press_reset()
    else:
        running = rpc.Argument("Version", cpe.router.software_version)
        cpe.tell(rpc.RequestDownload("1 Firmware Upgrade Image", (running,)), rpc.Event(REQUESTS_DOWNLOAD))


def _send(start_response: StartResponse, status: str, kind: str, text: str) -> list[bytes]:
    body = text.encode()
    start_response(status, [*_HEADERS, ("Content-Type", kind), ("Content-Length", str(len(body)))])
    return [body]


def _same_origin(environ: Environ) -> bool:
    origin = environ.get("HTTP_ORIGIN")
    return origin is None or urlsplit(origin).netloc == environ.get("HTTP_HOST")


def _page(title: str, *, reload_s: int = 0) -> str:
    again = f'<meta http-equiv="refresh" content="{reload_s}">' if reload_s else ""
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8">{again}'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style>"
    )


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Cells are HTML already."""
    yield "<table><tr>" + "".join(f"<th>{escape(head)}</th>" for head in heads) + "</tr>"
    for row in rows:
        yield "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>"
    yield "</table>"


def _fleet_page(data: dict[str, Any]) -> Iterator[str]:
    yield _page("Simulated routers", reload_s=5)
    yield "<h1>Simulated routers</h1><p>What each home is like now. The page renews itself. "
    yield f"{data['count']} routers, {data['sessions']} sessions, {data['failed']} failed ones.</p>"
    yield from _table(
        ("Router", "Home", "Story", "Online", "Writes applied", "Connection"),
        (
            (
                f'<a href="/routers/{escape(row["serial"])}">{escape(row["serial"])}</a><br>'
                f"{escape(row['model'])}, {escape(row['data_model'])}",
                f"{escape(row['customer'])}<br>{escape(row['phone'])}",
                escape(row["title"])
                + (f"<br><em>{escape(row['tries'])}</em>" if row["tries"] else ""),
                _mark(f"{row['joined']} of {len(row['stations'])}", row["joined"] == len(row["stations"])),
                str(row["writes"]),
                _mark(row["connection"], row["connection"] == "ok"),
            )
            for row in data["routers"]
        ),
    )


def _router_page(data: dict[str, Any]) -> Iterator[str]:
    serial, lan = escape(data["serial"]), data["lan"]
    yield _page(f"Router {serial}", reload_s=3)
    yield f'<p><a href="/routers">All routers</a></p><h1>{escape(data["model"])} {serial}</h1>'
    yield f"<p>{escape(data['customer'])}. The story: {escape(data['title'])}.</p>"
    if data["tries"]:
        yield f"<p>What to try: {escape(data['tries'])}</p>"
    yield f"<p>Firmware {escape(data['firmware'])}.</p>"
    yield from _home_tables(data)
    yield "<h2>DHCP as the router has it</h2>"
    names = {
        "DHCP server": "on" if lan["dhcp_enabled"] else "off",
        "First address": lan["pool_min"],
        "Last address": lan["pool_max"],
        "Router": f"{lan['router']} / {lan['mask']}",
        "Name servers": ", ".join(lan["dns"]),
        "Lease": f"{lan['lease_s']} s",
    }
    yield from _table(
        ("Setting", "Value"), ((name, f"<code>{escape(value)}</code>") for name, value in names.items())
    )
    yield f"<h2>Writes applied ({len(data['applied'])})</h2>"
    yield from _table(
        ("When", "What", "Before", "After", "Command"),
        (
            (
                escape(datetime.fromtimestamp(line["at"], UTC).strftime("%Y-%m-%d %H:%M:%S UTC")),
                f"<code>{escape(line['path'] or line['rpc'])}</code>",
                *(f"<code>{escape(line[name])}</code>" for name in ("before", "after", "command")),
            )
            for line in reversed(data["applied"])
        ),
    )
    yield f'<p><a href="/routers/{serial}/parameters">All {len(data["parameters"])} parameters</a></p>'
    for what, label in BUTTONS.items():
        yield f'<form method="post" action="/routers/{serial}/{what}"><button>{label}</button></form>'


def _home_tables(data: dict[str, Any]) -> Iterator[str]:
    """The household, its WiFi, and files under way."""
    yield "<h2>Devices in the home</h2>"
    yield from _table(
        ("Device", "MAC address", "IP address", "Now"),
        (
            (
                escape(one["name"]),
                f"<code>{escape(one['mac'])}</code>",
                f"<code>{escape(one['ip']) or '&ndash;'}</code>",
                _mark(_TROUBLES[one["trouble"]], not one["trouble"]),
            )
            for one in data["stations"]
        ),
    )
    yield "<h2>WiFi as the router has it</h2>"
    yield from _table(
        ("Band", "Name", "Channel", "Taken by neighbours", "Lets in"),
        (
            (
                escape(one["band"]) + ("" if one["on"] else " (off)"),
                f"<code>{escape(one['name'])}</code>",
                str(one["channel"]),
                _mark(f"{one['busy_percent']} %", one["busy_percent"] < 100 * air.SLOW_SHARE),
                escape(one["admits"]) + (f", {one['denies']} denied" if one["denies"] else ""),
            )
            for one in data["radios"]
        ),
    )
    if data["transfers"]:
        yield "<h2>Files</h2>"
        yield from _table(
            ("File", "State", "Fault"),
            ([escape(one[name]) for name in ("file", "state", "fault")] for one in data["transfers"]),
        )


def _parameters_page(data: dict[str, Any]) -> Iterator[str]:
    serial = escape(data["serial"])
    yield _page(f"Parameters of {serial}")
    yield f'<p><a href="/routers/{serial}">Router {serial}</a></p><h1>Parameters</h1>'
    yield from _table(
        ("Path", "Value", "Type"),
        (
            (f"<code>{escape(path)}</code>", f"<code>{escape(one['value'])}</code>", escape(one["type"]))
            for path, one in data["parameters"].items()
        ),
    )


def _mark(text: str, good: bool) -> str:
    return f'<span class="{"good" if good else "bad"}">{escape(text)}</span>'
