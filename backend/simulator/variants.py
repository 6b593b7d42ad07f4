"""What one model of router does unlike the others: the hook that every field variation is written for.

The simulator thinks in one way of writing things, the *usual* one: the paths, types and values of
`tr181` and `tr098`. A `Variant` says how one model differs on the wire, and in what it takes. A module
`variant_<what>.py` of this package offers a tuple `VARIANTS` and a tuple `HOMES` (homes that have such
routers); `found` and `homes` gather them, so nothing else needs to name a new module.

    VARIANTS = (Variant("upside-down", "5 GHz has number 1, 2.4 GHz number 6",
                        moved=((WLAN + "2.", WLAN + "1."), (WLAN + "1.", WLAN + "6."))),)
    HOMES = (Home("upside-down", "...", "FD0000000201", Person(...), variant="upside-down", ...),)

All functions in a Variant are pure. Paths are the usual ones unless a field says otherwise.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from backend.cwmp.rpc import SetParameterFault
from backend.simulator.house import Home

ValueOf = Callable[[str], str]
"""A usual path's value as it would be after the write; KeyError for one that is not there."""


class NotTaken(ValueError):
    """A value this model does not take: fault 9007 for that parameter, with this text."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How a router speaks HTTP and SOAP, where that is unlike the specification or merely rare.

    `stale_cookie` begins each session with the cookie of the one before; `connection_per_post` opens a
    new TCP connection for every POST; a router that reads no declaration fails the session on an answer
    that begins with one; `undeclared_prefixes` leaves out the declarations of xsi, xsd and soap-enc;
    `empty_for_unknown` answers a method it does not know with an empty POST; a chatty one asks
    GetRPCMethods `chatty` times in every session; `slow_s` is (shortest, longest) seconds an answer
    takes; `namespace` is the CWMP namespace it writes.
    """

    keeps_cookies: bool = True
    stale_cookie: bool = False
    connection_per_post: bool = False
    reads_declaration: bool = True
    writes_declaration: bool = True
    cdata: bool = False
    undeclared_prefixes: bool = False
    empty_for_unknown: bool = False
    chatty: int = 0
    slow_s: tuple[float, float] = (0.0, 0.0)
    namespace: str = "urn:dslforum-org:cwmp-1-2"
    rewrite: Callable[[bytes], bytes] | None = None
    """The last word on every message this router writes."""


@dataclass(frozen=True, slots=True)
class Place:
    """An object that carries out a diagnosis of `kind`, and how it shows what was found.

    `table` is its table of rows ("" for none), `row` the parameters of one as `parameter.read_table` reads
    them, `names` what each of these holds where the name is not a usual one: host, address, error, times
    (of a hop); ssid, bssid, band, channel, signal, noise, width, security (of a neighbour).
    """

    kind: str
    table: str = ""
    row: str = ""
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Variant:
    """One model's differences. `says` tells them in words.

    The tree
    - `tree`: more parameters, as `parameter.read_table` reads them, with the words of `Home.words`; one that
      is there already is replaced (its type, access, value and rule).
    - `rows`: tables that AddObject and DeleteObject work on, as `rows.read_rows` reads them.
    - `without`: paths, or prefixes ending in ".", that this model has not.

    The wire
    - `moved`: (usual, this model's) full paths or prefixes ending in "."; "{i}" stands for a number on
      both sides. The first that fits counts.
    - `shown`: (usual path, value, type) -> (value, type) as this model tells them.
    - `taken`: (usual path, value, type) -> the usual (value, type) of what the ACS wrote; NotTaken.

    Writes
    - `checks`: (what is written, the values after it) -> faults for the whole request.
    - `follows`: (what is written, the values after it) -> what else changes, as on a model that resets
      the key with the name.
    - `after_reboot`: paths and prefixes whose writes count only from the next boot (answered status 1).
    - `refuses`: paths and prefixes whose writes are refused (fault 9001 for each).

    The rest
    - `lacks`: methods answered with fault 9000.
    - `inform`: the Inform's parameters, where they are not the data model's.
    - `diagnosed`: (kind, results by name within the object) -> the results as this model writes them.
    - `fails`: kind -> the DiagnosticsState it always ends in, e.g. {"ping": "Error_Internal"}.
    - `no_event`: kinds that end without "8 DIAGNOSTICS COMPLETE", so whoever asks must look.
    - `needs_interface`: kinds refused (9007 for Interface) while their Interface is empty.
    - `transfers_at_once`: a Download or Upload is carried out before it is answered (status 0).
    - `places`: more objects that carry out a diagnosis when their DiagnosticsState is written "Requested",
      by their usual paths; the objects themselves are in `tree`.
    Kinds: "ping", "traceroute", "download", "upload", "neighbours".
    """

    name: str
    says: str
    tree: str = ""
    rows: str = ""
    without: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    shown: Callable[[str, str, str], tuple[str, str]] | None = None
    taken: Callable[[str, str, str], tuple[str, str]] | None = None
    checks: Callable[[Mapping[str, str], ValueOf], list[SetParameterFault]] | None = None
    follows: Callable[[Mapping[str, str], ValueOf], Mapping[str, str]] | None = None
    after_reboot: tuple[str, ...] = ()
    refuses: tuple[str, ...] = ()
    lacks: frozenset[str] = frozenset()
    inform: tuple[str, ...] | None = None
    diagnosed: Callable[[str, dict[str, str]], Mapping[str, str]] | None = None
    fails: Mapping[str, str] = field(default_factory=dict)
    no_event: frozenset[str] = frozenset()
    needs_interface: frozenset[str] = frozenset()
    transfers_at_once: bool = False
    places: Mapping[str, Place] = field(default_factory=dict)
    habits: Habits = Habits()


USUAL = Variant("", "Nothing unlike the others")


@cache
def found() -> Mapping[str, Variant]:
    """Every variant by name; ValueError when two have one name."""
    made = {"": USUAL}
    for variant in _offered("VARIANTS"):
        if variant.name in made:
            raise ValueError(f"two variants are named {variant.name!r}")
        made[variant.name] = variant
    return made


@cache
def homes() -> tuple[Home, ...]:
    """The homes that have routers of these variants."""
    return tuple(_offered("HOMES"))


def _offered(name: str) -> Iterator[Any]:
    import backend.simulator as package

    for module in sorted(found.name for found in pkgutil.iter_modules(package.__path__)):
        if module.startswith("variant_"):
            yield from getattr(importlib.import_module(f"{package.__name__}.{module}"), name, ())


def covered(path: str, prefixes: tuple[str, ...]) -> bool:
    """Whether a path is one of `prefixes`, or below one that ends in "."."""
    return any(path == one or (one.endswith(".") and path.startswith(one)) for one in prefixes)
