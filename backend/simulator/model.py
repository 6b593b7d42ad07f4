"""A router's parameter tree: what the RPCs on parameters and rows do to it.

The rules are those of TR-069 Amendment 6, Annex A.3.2: a write is atomic (every parameter or none);
a refused write is fault 9003 with one entry per bad parameter (9005 unknown name, 9006 wrong type,
9007 wrong value, 9008 not writable); reading an unknown name is fault 9005; a hidden parameter
(a key, a password) reads as the empty string.

Inside, every path and value is the usual one (`variants`); `get`, `names`, `plan`, `add` and `delete`
speak to the ACS, so they translate. The module knows no router, no home and no time. It must never
half-apply a write.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from backend.cwmp import datamodel
from backend.cwmp.faults import (
    INVALID_ARGUMENTS,
    INVALID_NAME,
    INVALID_TYPE,
    INVALID_VALUE,
    NOT_WRITABLE,
    RESOURCES_EXCEEDED,
    TEXTS,
)
from backend.cwmp.rpc import ParameterInfo, ParameterValue, SetParameterFault
from backend.simulator.parameter import BOOLEANS, Parameter, is_allowed
from backend.simulator.rows import RowTemplate, tables_of
from backend.simulator.spelling import Spelling
from backend.simulator.variants import NotTaken

USUAL = Spelling()


class ModelFault(Exception):
    """The CPE answers with this fault; `parameters` is filled only for code 9003."""

    def __init__(self, code: str, text: str = "", parameters: Sequence[SetParameterFault] = ()) -> None:
        self.code = code
        self.text = text or TEXTS[code]
        self.parameters = tuple(parameters)
        super().__init__(f"{code} {self.text}")


@dataclass(frozen=True, slots=True)
class Change:
    """One applied write, in the order of the request, by its usual path. A write of the same value is
    also a change."""

    path: str
    before: str
    after: str


Agree = Callable[[Callable[[str], str]], list[SetParameterFault]]


class ParameterTree:
    """The parameters of one router by full path.

    `booleans` spells false and true; a value written in the other spelling is kept in the router's
    own, as real routers do. `agree` checks parameters against each other on the values as they
    would be after a write, and gives the faults. `spelling` is how this model writes paths and values,
    `rows` the tables that may grow and shrink.
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        booleans: tuple[str, str] = ("false", "true"),
        agree: Agree | None = None,
        spelling: Spelling = USUAL,
        rows: Sequence[RowTemplate] = (),
    ) -> None:
        self._parameters = {p.path: p for p in parameters}
        self._booleans = booleans
        self._agree = agree
        self._spelling = spelling
        self._rows = rows
        self._next: dict[str, int] = {}  # a table's next number, where one was given out
        self._shape()

    def _shape(self) -> None:
        """Which names there are, as this model writes them."""
        out = self._spelling.outward if self._spelling.moves else str
        self._usual = {out(path): path for path in self._parameters} if self._spelling.moves else {}
        self._tables = tables_of(self._rows, self._parameters)
        self._paths = sorted(self._usual or self._parameters)
        self._open = sorted(map(out, self._tables))

    def __len__(self) -> int:
        return len(self._parameters)

    def __contains__(self, path: str) -> bool:
        return path in self._parameters

    def value(self, path: str) -> str:
        """The true value, hidden or not; KeyError for an unknown path."""
        return self._parameters[path].value

    def text(self, path: str, otherwise: str = "") -> str:
        """The true value, or `otherwise` where this model has no such parameter."""
        found = self._parameters.get(path)
        return found.value if found else otherwise

    def is_true(self, path: str, otherwise: bool | None = None) -> bool:
        """A boolean parameter's value; for an unknown path `otherwise`, or KeyError when that is None."""
        if otherwise is not None and path not in self._parameters:
            return otherwise
        return BOOLEANS[self._parameters[path].value]

    def parameter(self, path: str) -> Parameter:
        """The whole parameter; KeyError for an unknown path."""
        return self._parameters[path]

    def values(self) -> dict[str, str]:
        """Every true value by path, hidden ones too, sorted."""
        return {path: self._parameters[path].value for path in sorted(self._parameters)}

    def below(self, prefix: str) -> list[str]:
        """The paths of an object, sorted."""
        return sorted(path for path in self._parameters if path.startswith(prefix))

    def show(self, path: str, value: str | bool | int) -> None:
        """`put`, where this model has such a parameter."""
        if path in self._parameters:
            self.put(path, value)

    def put(self, path: str, value: str | bool | int) -> None:
        """The router itself changes a value (a counter, a lease, a host); no rule is checked."""
        if isinstance(value, bool):
            value = self._booleans[value]
        old = self._parameters[path]
        if old.value != value:
            self._parameters[path] = replace(old, value=str(value))

    def outward(self, path: str) -> str:
        """A usual path as this model writes it."""
        return self._spelling.outward(path)

    def inward(self, path: str) -> str:
        """What a path of this model's is called usually."""
        return self._spelling.inward(path)

    # -- reading -------------------------------------------------------------------------------

    def get(self, names: Sequence[str]) -> list[ParameterValue]:
        """GetParameterValues (A.3.2.2): each name's value; one that ends in "." or
        is empty reads everything below. Raises ModelFault 9005 for a name that is not there."""
        found: list[ParameterValue] = []
        for name in names:
            if not name or name.endswith("."):
                paths = self._below(name)
                if not paths and name not in self._open:
                    raise ModelFault(INVALID_NAME, f"{TEXTS[INVALID_NAME]}: {name}")
            else:
                paths = [name]
            for path in paths:
                parameter = self._parameters.get(self._usual.get(path, path) if self._usual else path)
                if parameter is None or (self._usual and path not in self._usual):
                    raise ModelFault(INVALID_NAME, f"{TEXTS[INVALID_NAME]}: {name}")
                found.append(self._shown(path, parameter))
        return found

    def tell(self, paths: Iterable[str]) -> list[ParameterValue]:
        """The values of usual paths, as the ACS is told them; one that is not there is left out."""
        known = (self._parameters[path] for path in paths if path in self._parameters)
        return [self._shown(self.outward(one.path), one) for one in known]

    def _shown(self, path: str, parameter: Parameter) -> ParameterValue:
        value = "" if parameter.hidden else parameter.value
        return ParameterValue(path, *self._spelling.show(parameter.path, value, parameter.type))

    def names(self, path: str, next_level: bool) -> list[ParameterInfo]:
        """GetParameterNames (A.3.2.3). An object is writable where a row may be added (a table) or
        deleted (a row). Raises ModelFault 9005, and 9003 for `next_level` with a full path."""
        usual = self._usual.get(path) if self._usual else path
        if usual in self._parameters:
            if next_level:
                raise ModelFault(INVALID_ARGUMENTS)
            return [ParameterInfo(path, self._parameters[usual].writable)]
        below = self._below(path)
        opened = [table for table in self._open if table.startswith(path)]
        if not (below or opened) or (path and not path.endswith(".")):
            raise ModelFault(INVALID_NAME, f"{TEXTS[INVALID_NAME]}: {path}")
        names: dict[str, bool] = {} if next_level else {path: self._may_change(path)}
        for full in (*below, *opened):
            parts = full[len(path) :].split(".")
            for depth in range(1, len(parts)):
                name = path + ".".join(parts[:depth]) + "."
                if name not in names:
                    names[name] = self._may_change(name)
            if not full.endswith("."):
                names[full] = self._parameters[self._usual.get(full, full)].writable
        names.pop("", None)
        found = (ParameterInfo(name, writable) for name, writable in names.items())
        return [i for i in found if not next_level or (i.name != path and "." not in i.name[len(path) : -1])]

    def _may_change(self, name: str) -> bool:
        return name in self._open or self._table_and_number(name) is not None

    def _below(self, prefix: str) -> list[str]:
        start = bisect_left(self._paths, prefix)
        end = bisect_left(self._paths, prefix + "\U0010ffff", start)
        return self._paths[start:end]

    # -- writing -------------------------------------------------------------------------------

    def plan(self, values: Sequence[ParameterValue]) -> list[Change]:
        """What SetParameterValues (A.3.2.1) would change, in order; nothing is changed yet.

        Raises ModelFault 9003, which names every bad parameter.
        """
        meant, faults = self._meant(values)
        if not faults and self._agree:
            found = self._agree(lambda path: meant[path] if path in meant else self._parameters[path].value)
            faults = [fault._replace(name=self.outward(fault.name)) for fault in found if fault.name in meant]
        if faults:
            raise ModelFault(INVALID_ARGUMENTS, parameters=faults)
        return [Change(path, self._parameters[path].value, after) for path, after in meant.items()]

    def apply(self, changes: Iterable[Change]) -> None:
        """Carry out what `plan` gave: every change of it."""
        for change in changes:
            self.put(change.path, change.after)

    def written(self, since: Mapping[str, str]) -> dict[str, str]:
        """The writable values that differ from `since`: what a restart must bring back."""
        return {
            path: parameter.value
            for path, parameter in self._parameters.items()
            if parameter.writable and since.get(path) != parameter.value
        }

    def restore(self, values: Mapping[str, str | bool | int]) -> None:
        """Bring back stored values; paths this model no longer has are left out."""
        for path, value in values.items():
            if path in self._parameters:
                self.put(path, value)

    def _meant(
        self, values: Sequence[ParameterValue]
    ) -> tuple[dict[str, str], list[SetParameterFault]]:
        meant: dict[str, str] = {}
        faults: list[SetParameterFault] = []
        for name, value, kind in values:
            path = self._usual.get(name, "") if self._usual else name
            if path in meant:
                faults.append(SetParameterFault(name, INVALID_ARGUMENTS, "Named twice in one request"))
                continue
            parameter = self._parameters.get(path)
            if parameter is None or not parameter.writable:
                code = NOT_WRITABLE if parameter else INVALID_NAME
                faults.append(SetParameterFault(name, code, TEXTS[code]))
                continue
            try:
                meant[path] = self._taken(parameter, value, kind)
            except ModelFault as fault:
                faults.append(SetParameterFault(name, fault.code, fault.text))
        return meant, faults

    def _taken(self, parameter: Parameter, value: str, kind: str) -> str:
        """The usual value of what was written; ModelFault 9006 or 9007."""
        shown = self._spelling.show(parameter.path, parameter.value, parameter.type)[1]
        if kind != shown:
            raise ModelFault(INVALID_TYPE)
        try:
            value, kind = self._spelling.take(parameter.path, value, kind)
            datamodel.parse(value, parameter.type)
        except NotTaken as refusal:
            raise ModelFault(INVALID_VALUE, str(refusal)) from refusal
        except ValueError as error:
            raise ModelFault(INVALID_VALUE) from error
        if not is_allowed(parameter.rule, value):
            raise ModelFault(INVALID_VALUE)
        if parameter.type == "xsd:boolean":
            return self._booleans[BOOLEANS[value.strip()]]
        return value

    # -- rows ----------------------------------------------------------------------------------

    def next_number(self, name: str) -> tuple[str, int]:
        """What AddObject (A.3.2.6) of a table would make: (usual path of the new row, its number).
        Raises ModelFault 9005 for what is no such table, 9004 for a full one."""
        table = self.inward(name)
        template = self._tables.get(table)
        if template is None or self.outward(table) != name:
            raise ModelFault(INVALID_NAME, f"{TEXTS[INVALID_NAME]}: {name}")
        there = self.numbers(table)
        if len(there) >= template.limit:
            raise ModelFault(RESOURCES_EXCEEDED)
        number = max([0, *there, self._next.get(table, 1) - 1]) + 1
        return f"{table}{number}.", number

    def deletable(self, name: str) -> str:
        """The usual path of the row that DeleteObject (A.3.2.7) would take away; ModelFault 9005."""
        found = self._table_and_number(name)
        if found is None:
            raise ModelFault(INVALID_NAME, f"{TEXTS[INVALID_NAME]}: {name}")
        return f"{found[0]}{found[1]}."

    def add(self, row: str) -> None:
        """Make a row of which `next_number` gave the path; one that is there stays as it is."""
        table, number = _split(row)
        if number in self.numbers(table):
            return
        self._parameters |= {one.path: one for one in self._tables[table].row(table, number)}
        self._next[table] = max(number + 1, self._next.get(table, 1))
        self._counted(table)

    def remove(self, row: str) -> None:
        """Take a row away with all below it; its number is not used again."""
        table, number = _split(row)
        self._next[table] = max(number + 1, self._next.get(table, 1))
        for path in self.below(row):
            del self._parameters[path]
        self._counted(table)

    def set_rows(self, table: str, rows: Sequence[Sequence[Parameter]]) -> None:
        """Replace all rows of a table that the router itself fills, e.g. with what a diagnosis found. The
        parameters' paths are those inside the row."""
        for path in self.below(table):
            del self._parameters[path]
        for number, row in enumerate(rows, 1):
            for one in row:
                path = f"{table}{number}.{one.path}"
                self._parameters[path] = replace(one, path=path)
        self._shape()

    def is_table(self, table: str) -> bool:
        """Whether rows may be added to this table, by its usual path."""
        return table in self._tables

    def saved_rows(self) -> dict[str, list[int]]:
        """For each such table the number that the next row gets, then those of its rows."""
        return {table: [self._next.get(table, 1), *numbers] for table, numbers in self.rows().items()}

    def restore_rows(self, saved: Mapping[str, Sequence[int]]) -> None:
        """Bring back what `saved_rows` gave."""
        for table, (following, *numbers) in saved.items():
            if table in self._tables:
                for number in set(self.numbers(table)) - set(numbers):
                    self.remove(f"{table}{number}.")
                for number in numbers:
                    self.add(f"{table}{number}.")
                self._next[table] = following

    def rows(self) -> dict[str, list[int]]:
        """The numbers of the rows of every table that may grow and shrink."""
        return {table: self.numbers(table) for table in self._tables}

    def numbers(self, table: str) -> list[int]:
        """The numbers of the rows of a table, by its usual path."""
        start = len(table)
        found = {path[start:].partition(".")[0] for path in self._parameters if path.startswith(table)}
        return sorted(int(one) for one in found if one.isdecimal())

    def _counted(self, table: str) -> None:
        template = self._tables[table]
        self._shape()
        if (count := template.count_path(table)) in self._parameters:
            self.put(count, len(self.numbers(table)))

    def _table_and_number(self, name: str) -> tuple[str, int] | None:
        """The usual table and number of a row that may be deleted."""
        usual = self.inward(name)
        if not usual.endswith(".") or not usual.rstrip(".").rpartition(".")[2].isdecimal():
            return None
        table, number = _split(usual)
        is_there = table in self._tables and number in self.numbers(table) and self.outward(usual) == name
        return (table, number) if is_there else None


def _split(row: str) -> tuple[str, int]:
    table, _, number = row.rstrip(".").rpartition(".")
    return f"{table}.", int(number)
