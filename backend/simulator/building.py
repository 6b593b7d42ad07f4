"""Put a router's parameter tree together: the data model's tables, what its variant adds, leaves out or
writes in another way, and what its story has changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from backend.simulator import variants
from backend.simulator.house import Home
from backend.simulator.model import Agree, ParameterTree
from backend.simulator.parameter import read_table
from backend.simulator.rows import read_rows
from backend.simulator.spelling import Spelling


def build_tree(
    home: Home,
    words: Mapping[str, object],
    tables: Iterable[str],
    rows: str,
    booleans: tuple[str, str],
    agree: Agree,
) -> ParameterTree:
    """The tree of `home` as it left the factory: `tables` as `parameter.read_table` reads them, `rows`
    as `rows.read_rows` does. `words` fill in what the variant's own parameters leave open."""
    variant = variants.found()[home.variant]
    own = (variant.tree.format_map(words),) if variant.tree else ()
    parameters = [one for text in (*tables, *own) for one in read_table(text, booleans)]
    if variant.without:
        parameters = [one for one in parameters if not variants.covered(one.path, variant.without)]
    spelling = Spelling(variant.moved, variant.shown, variant.taken)
    templates = [*read_rows(rows, booleans), *read_rows(variant.rows, booleans)]
    return ParameterTree(parameters, booleans, agree, spelling, templates)
