"""The configuration files of the simulated makers: what a backup holds, and what a restore makes of it.

    SIMCFG1 {"model": "HomeRouter AX6", "sha256": "..."}
    {"values": {path: value}, "rows": {table: [number]}}

A backup holds what a household has set: every writable value unlike the factory's and every row, with keys
and passwords, and nothing of ManagementServer (a router must not lose its ACS by a restore). Pure.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from backend.simulator.firmware import BadFile
from backend.simulator.model import Change, ParameterTree

_MAGIC: Final = b"SIMCFG1 "


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a file holds: values unlike the factory's, and the numbers of each table's rows."""

    values: Mapping[str, str]
    rows: Mapping[str, list[int]]


def backup(model: str, tree: ParameterTree, factory: Mapping[str, str]) -> bytes:
    """The file that an Upload of "1 Vendor Configuration File" sends."""
    values = {path: value for path, value in tree.written(factory).items() if not _is_kept(path)}
    body = json.dumps({"values": values, "rows": tree.rows()}, indent=1).encode()
    header = {"model": model, "sha256": hashlib.sha256(body).hexdigest()}
    return _MAGIC + json.dumps(header).encode() + b"\n" + body


def read(content: bytes, model: str) -> Configuration:
    """A file, checked to be whole and of this model; BadFile."""
    line, _, body = content.partition(b"\n")
    if not line.startswith(_MAGIC):
        raise BadFile("not a configuration file of this maker")
    try:
        header = json.loads(line[len(_MAGIC) :])
        whole = hashlib.sha256(body).hexdigest() == header["sha256"]
        data = json.loads(body) if whole else {}
        if not whole or header["model"] != model:
            raise BadFile(f"the file is of {header['model']}" if whole else "the file's checksum is wrong")
        values = {str(path): str(value) for path, value in data["values"].items()}
        rows = {str(table): [int(number) for number in numbers] for table, numbers in data["rows"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, BadFile):
            raise
        raise BadFile("the file cannot be read") from error
    return Configuration(values, rows)


def restore(tree: ParameterTree, factory: Mapping[str, str], wanted: Configuration) -> list[Change]:
    """Make the tree what the file says; gives every value that changed."""
    before = tree.values()
    for table, numbers in tree.rows().items():
        for number in numbers:
            if number not in wanted.rows.get(table, []):
                tree.remove(f"{table}{number}.")
    for table, numbers in wanted.rows.items():
        for number in numbers:
            if tree.is_table(table):
                tree.add(f"{table}{number}.")
    for path, value in tree.written(factory).items():
        if not _is_kept(path) and path in factory and value != factory[path]:
            tree.put(path, factory[path])
    tree.restore({path: value for path, value in wanted.values.items() if not _is_kept(path)})
    after = tree.values()
    return [
        Change(path, before.get(path, ""), after[path]) for path in after if before.get(path) != after[path]
    ]


def _is_kept(path: str) -> bool:
    """Whether a path is left out of backups and restores."""
    return ".ManagementServer." in path or path.endswith("DiagnosticsState")
