"""Published workflows: a name, a content hash, and the sources of all they use, kept while a run may need
them. Publishing resets nobody (invariant 6); a malformed new version leaves the old one in place.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from backend.database import new_id, transaction
from backend.errors import NotFound
from backend.runs.tables import Publication
from workflows.graph import Workflow
from workflows.reader import LIBRARY, Library, WorkflowError, read_library, read_sources
from workflows.texts import fill

log = structlog.get_logger(__name__)

PARSED_LIMIT_WORKFLOWS = 128

_parsed: OrderedDict[str, Workflow] = OrderedDict()
"""By version: a content hash names the same workflow for every tenant."""


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication did: names and versions that are current now and were not before, and the
    author's mistakes, each with file, line and reason."""

    new: tuple[tuple[str, str], ...]
    errors: tuple[WorkflowError, ...]


def publish_library(tenant_id: str, now: float, directories: Iterable[Path] = (LIBRARY,)) -> Published:
    """Publish every well-formed workflow of the directories that differs from its current version."""
    return publish(tenant_id, read_library(directories), now)


def publish(tenant_id: str, library: Library, now: float) -> Published:
    """The same for a library that is read already. Runs keep the version they began with."""
    for error in library.errors:
        log.error(
            "workflow_malformed",
            tenant=tenant_id,
            file=error.file,
            line=error.line,
            column=error.column,
            reason=error.reason,
        )
    new: list[tuple[str, str]] = []
    with transaction():
        for name, workflow in sorted(library.workflows.items()):
            _keep(workflow)
            if _make_current(tenant_id, workflow, library, now):
                new.append((name, workflow.version))
    return Published(tuple(new), library.errors)


def _make_current(tenant_id: str, workflow: Workflow, library: Library, now: float) -> bool:
    named = Publication.of(tenant_id).where(Publication.name == workflow.name)
    current = named.where(Publication.current).first()
    if current is not None and (current.version == workflow.version or library.unsure):
        return False  # with a malformed profile, routers of its maker would be treated without what it says
    mine = (Publication.tenant_id == tenant_id) & (Publication.name == workflow.name)
    Publication.update(current=False).where(mine).execute()
    again = Publication.update(current=True, published_at=now).where(
        mine, Publication.version == workflow.version
    )
    if not again.execute():
        Publication.insert(
            id=new_id(),
            tenant_id=tenant_id,
            name=workflow.name,
            version=workflow.version,
            sources=library.sources_of(workflow.name),
            current=True,
            published_at=now,
        ).execute()
    log.info("workflow_published", tenant=tenant_id, workflow=workflow.name, version=workflow.version[:12])
    return True


def get(tenant_id: str, name: str, version: str | None = None) -> Workflow:
    """A published workflow: the current version, or the very one asked for. NotFound when there is none."""
    if version is None:
        columns = (Publication.version,)
        row = Publication.of(tenant_id, *columns).where(Publication.name == name, Publication.current).first()
        if row is None:
            raise NotFound("workflow_unknown", "There is no such workflow.")
        version = row.version
    known = _parsed.get(version)
    if known is not None and known.name == name:
        _parsed.move_to_end(version)
        return known
    row = Publication.of(tenant_id).where(Publication.name == name, Publication.version == version).first()
    if row is None:
        raise NotFound("workflow_unknown", "There is no such workflow.")
    return _read(row)


def _read(row: Publication) -> Workflow:
    """Read a version again from its own sources."""
    library = read_sources(row.sources)
    workflow = library.workflows.get(row.name)
    if workflow is None or workflow.version != row.version:
        reasons = "; ".join(str(error) for error in library.errors) or "its sources give another version"
        log.error("workflow_unreadable", workflow=row.name, version=row.version, reasons=reasons)
        raise NotFound("workflow_unreadable", "This version of the workflow can no longer be read.")
    _keep(workflow)
    return workflow


def _keep(workflow: Workflow) -> None:
    _parsed[workflow.version] = workflow
    _parsed.move_to_end(workflow.version)
    while len(_parsed) > PARSED_LIMIT_WORKFLOWS:
        _parsed.popitem(last=False)


def listing(tenant_id: str, audience: str, locale: str) -> list[dict[str, Any]]:
    """What an audience can start, by rank and title: {"name", "title", "symptom", "rank", "icon", "version",
    "text", "group", "writes", "disrupts_s", "inputs"}; of an input {"name", "type", "label", "required",
    "default", "min", "max", "pattern", "accept", "options"}."""
    rows = Publication.of(tenant_id, Publication.name, Publication.version).where(Publication.current)
    workflows = [get(tenant_id, row.name, row.version) for row in rows]
    listed = [
        {
            "name": w.name,
            "title": fill(w.title, locale, {}),
            "symptom": w.symptom,
            "rank": w.rank,
            "icon": w.icon,
            "version": w.version,
            "text": fill(w.text, locale, {}),
            "group": w.group,
            "writes": w.writes,
            "disrupts_s": w.disrupts_s,
            "inputs": [one.describe(locale) for one in w.inputs],
        }
        for w in workflows
        if audience in w.audiences
    ]
    return sorted(listed, key=lambda one: (one["rank"], one["title"].casefold(), one["name"]))


def title(tenant_id: str, name: str, audience: str, locale: str) -> str | None:
    """The workflow's title in a language; None when nothing of that name is published for the audience."""
    try:
        workflow = get(tenant_id, name)
    except NotFound:
        return None
    return fill(workflow.title, locale, {}) if audience in workflow.audiences else None


def forget_parsed() -> None:
    """Empty this process's memory of read workflows: the next `get` reads from the rows."""
    _parsed.clear()
