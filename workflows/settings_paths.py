"""Where a setting is on one device: instances found in the stored parameters, never guessed.

A *place* is an object of the data model under a name of ours: `radio.5g` is the `Device.WiFi.Radio.{i}.`
whose OperatingFrequencyBand is 5GHz, `ap.5g` the access point whose SSIDReference leads to `ssid.5g`.
Nothing here fetches. What was found is remembered beside the facts it was found in, since every decision
asks again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from workflows.facts import Facts
from workflows.settings_values import SAME, Conversion, holds

REFERENCES_LIMIT = 8  # how many places one may lead through
SELF = "."  # a column that holds the path of its own row
_LAST = "\U0010ffff"

Where = tuple[tuple[str, str], ...]
"""(name below the instance, wish as `settings_values.holds` reads it; "{place}": it refers to that place)."""


@dataclass(frozen=True, slots=True)
class Place:
    """An object by name, or what a parameter's path is made of.

    `path` may hold `{i}` (an instance), `{via}` (what the parameter `via` refers to; `via_where` choose
    among the instances of its last `{i}`) and begin with `{place}` (another place). `where` must hold for
    the instance of the last `{i}` that is followed by anything; of several that fit, the `which`-th counts.
    `within` is what to load or read to find it; "" for what comes before the first `{i}`.
    """

    model: str
    path: str
    via: str = ""
    where: Where = ()
    within: str = ""
    via_where: Where = ()
    which: int = 1

    @property
    def names(self) -> frozenset[str]:
        """The places it leads through."""
        wishes = (value for _, value in (*self.where, *self.via_where) if value.startswith("{"))
        heads = (self.path,) if self.path.startswith("{") and not self.path.startswith("{via}") else ()
        return frozenset(text[1:].partition("}")[0] for text in (*wishes, *heads))

    def prefix(self) -> str:
        """What to load or read when nothing is known: a full path, or a partial one ending in "."; ""
        when the place it begins with says so."""
        if self.within or not self.path.startswith("{"):
            return self.within or self.path.partition("{i}")[0]
        return ""

    def via_prefix(self) -> str:
        """The same for the reference it leads through; "" for none."""
        return self.via.partition("{i}")[0]


@dataclass(frozen=True, slots=True)
class Also:
    """Another parameter beside the written one that must be written with it, e.g. the cipher that belongs
    to WPA2. `when` is the value of ours it holds for; "" for every one."""

    name: str
    value: str
    type: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """Where one data model keeps a setting: see `Place` for path, via, where and within.

    `every`: it is kept at every instance that fits (a MAC filter for each band): read together, written to
    all. `constants` are column values that a table's rows get from this rule.
    """

    model: str
    path: str
    via: str = ""
    where: Where = ()
    within: str = ""
    conversion: Conversion = SAME
    every: bool = False
    also: tuple[Also, ...] = ()
    constants: tuple[tuple[str, str], ...] = ()
    place: Place = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        place = Place(self.model, self.path, self.via, self.where, self.within)
        object.__setattr__(self, "place", place)


Places = Mapping[str, tuple[Place, ...]]
"""By name, those of one data model, in the author's order: the first that is found counts."""


def found(rule: Rule, places: Places, facts: Facts) -> str | None:
    """The full path of a setting on this device, or None while an instance or a reference is unknown."""
    _, known = facts.memory.setdefault(("places", id(places)), (places, {}))
    key = ("rule", id(rule))
    remembered = known.get(key)
    if remembered is None or remembered[0] is not rule:
        path = next(iter(_of(rule.place, places, facts, every=False)), None)
        remembered = known[key] = (rule, path)
    result: str | None = remembered[1]
    return result


def found_all(rule: Rule, places: Places, facts: Facts) -> tuple[str, ...]:
    """The full path at every instance that fits."""
    return _of(rule.place, places, facts, every=True)


def place_of(name: str, places: Places, facts: Facts) -> str | None:
    """The path of a named place on this device, ending in "."; None while it is unknown."""
    return next(iter(_named(name, places, facts, every=False)), None)


def table_of(rule: Rule, places: Places, facts: Facts) -> str | None:
    """The object whose rows a table's rule speaks of, ending in "."; None while it is unknown."""
    head, mark, _ = rule.path.rpartition("{i}")
    return next(iter(_of(Place(rule.model, head), places, facts, every=False)), None) if mark else None


def via_of(place: Place, facts: Facts, places: Places) -> str | None:
    """The full path of the reference a place leads through, if it has one and it is known."""
    for path in _filled(place.via, place.via_where, facts, places) if place.via else ():
        return path
    return None


def to_load(rule: Rule, places: Places) -> frozenset[str]:
    """All that must be loaded to find the rule's parameter and have its value."""
    return _loads(rule.place, places, REFERENCES_LIMIT)


def instances(before: str, facts: Facts) -> list[int]:
    """The instance numbers stored below an object path that ends in ".", lowest first."""
    remembered = facts.memory.get(("instances", before))
    if remembered is None:
        remembered = facts.memory[("instances", before)] = _instances(before, facts)
    return remembered


def below(prefix: str, facts: Facts) -> list[str]:
    """The stored paths that begin with `prefix`, sorted."""
    paths = _sorted(facts)
    return paths[bisect_left(paths, prefix) : bisect_left(paths, prefix + _LAST)]


def _sorted(facts: Facts) -> list[str]:
    paths = facts.memory.get("paths")
    if paths is None:
        paths = facts.memory["paths"] = sorted(facts.parameters)
    return paths


def _instances(before: str, facts: Facts) -> list[int]:
    paths = _sorted(facts)
    numbers = []
    at = bisect_left(paths, before)
    while at < len(paths) and paths[at].startswith(before):
        number = paths[at][len(before) :].partition(".")[0]
        if number.isdecimal() and number.isascii():
            numbers.append(int(number))
        at = bisect_left(paths, f"{before}{number}.{_LAST}", at + 1)
    return sorted(set(numbers))


def _named(name: str, places: Places, facts: Facts, *, every: bool) -> tuple[str, ...]:
    _, known = facts.memory.setdefault(("places", id(places)), (places, {}))
    remembered = known.get((name, every))
    if remembered is None:
        remembered = known[(name, every)] = ()  # a place that leads to itself is never found
        for place in places.get(name, ()):
            if remembered := _of(place, places, facts, every=every):
                break
        known[(name, every)] = remembered
    return tuple(remembered)


def _of(place: Place, places: Places, facts: Facts, *, every: bool) -> tuple[str, ...]:
    """The paths of a place, one for each instance that fits; of which one when not `every`."""
    starts: list[str] = []
    if place.via:
        via = via_of(place, facts, places)
        datum = facts.parameters.get(via) if via else None
        if datum is None or not (target := datum.value.partition(",")[0].strip()):
            return ()
        starts.append(place.path.replace("{via}", target.rstrip(".")))
    elif place.path.startswith("{") and not place.path.startswith("{i}"):
        name, _, rest = place.path[1:].partition("}.")
        starts.extend(one + rest for one in _named(name, places, facts, every=every))
    else:
        starts.append(place.path)
    fitting = [path for start in starts for path in _filled(start, place.where, facts, places, every)]
    return tuple(fitting) if every else tuple(fitting[place.which - 1 : place.which])


def _filled(path: str, where: Where, facts: Facts, places: Places, every: bool = False) -> Iterator[str]:
    """The path with every `{i}` filled, lowest first. `where` are wishes of the last instance."""
    before, mark, after = path.partition("{i}")
    if not mark:
        yield path
        return
    last = "{i}" not in after
    for number in instances(before, facts):
        here = f"{before}{number}"
        if not last or all(_has(f"{here}.{name}", wish, facts, places, every) for name, wish in where):
            yield from _filled(here + after, where, facts, places, every)


def _has(path: str, wish: str, facts: Facts, places: Places, every: bool) -> bool:
    datum = facts.parameters.get(path)
    if datum is None:
        return False
    if not wish.startswith("{"):
        return holds(wish, datum.value)
    targets = {one.rstrip(".") for one in _named(wish[1:-1], places, facts, every=every)}
    return any(part.strip().rstrip(".") in targets for part in datum.value.split(","))


def _loads(place: Place, places: Places, depth: int) -> frozenset[str]:
    found = {prefix for prefix in (place.prefix(), place.via_prefix()) if prefix}
    if depth:
        for name in place.names:
            for other in places.get(name, ()):
                found |= _loads(other, places, depth - 1)
    return frozenset(found)
