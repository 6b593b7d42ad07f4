"""Checks a library before it is shipped: read, lint, play every scenario, count what they cover."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from workflows import profile_examples
from workflows.documents import Document, parse
from workflows.graph import Workflow
from workflows.lint import lint
from workflows.reader import LIBRARY, Library, read_library
from workflows.scenarios import judge, play, scenarios

SCENARIOS_FOLDER = "tests"


@dataclass(slots=True)
class Coverage:
    """What the scenarios of one workflow went through."""

    scenarios: int = 0
    steps: int = 0
    steps_of: int = 0
    connections: int = 0
    connections_of: int = 0


def check_library(directories: Iterable[Path] = (LIBRARY,), say: Callable[[str], object] = print) -> bool:
    """Say what is wrong and what is covered, a line each; whether the library may be shipped.

    Wrong is: a document that cannot be read, a remark of the linter, a scenario that comes out
    otherwise, a step or connection that no scenario goes through.
    """
    directories = tuple(directories)
    library = read_library(directories)
    for error in library.errors:
        say(str(error))
    fine = _examples(library, say) and not library.errors
    coverages = []
    tests = _scenario_documents(directories)
    for name, workflow in sorted(library.workflows.items()):
        for remark in lint(workflow):
            fine = False
            say(f"{library.files[('workflow', name)]}:{remark.line}: {remark}")
        coverage, passed = _play_all(workflow, [d for d in tests if _tested(d) == name], say)
        fine = fine and passed
        coverages.append(coverage)
        say(
            f"{name}: {coverage.scenarios} scenarios, steps {coverage.steps}/{coverage.steps_of}, "
            f"connections {coverage.connections}/{coverage.connections_of}"
        )
    fine = _strays(library, tests, say) and fine
    covered = sum(c.connections for c in coverages)
    of = sum(c.connections_of for c in coverages)
    say(f"figure library_workflows {len(library.workflows)} workflows")
    say(f"figure library_connection_coverage {round(100 * covered / of, 1) if of else 0:g} %")
    return fine


def _examples(library: Library, say: Callable[[str], object]) -> bool:
    """Play the examples of the vendor profiles; whether all came out as their authors say."""
    fine = True
    played = 0
    for (grammar, name), file in sorted(library.files.items()):
        if grammar != "profile" or name not in library.settings.profiles.by_name:
            continue
        document = parse(library.sources[file], file)
        played += profile_examples.play(document, library.settings)
        for error in document.errors:
            fine = False
            say(str(error))
    profiles = len(library.settings.profiles.by_name)
    say(f"vendor profiles: {profiles}, with {played} examples")
    return fine


def _scenario_documents(directories: tuple[Path, ...]) -> list[Document]:
    found = []
    for directory in directories:
        for path in sorted(Path(directory).glob(f"**/{SCENARIOS_FOLDER}/*.xml")):
            file = path.relative_to(directory).as_posix()
            document = parse(path.read_text(encoding="utf-8"), file)
            if document.root is not None and document.grammar != "scenarios" and not document.errors:
                document.error(document.root, f"<{document.grammar}> holds no scenarios")
            found.append(document)
    return found


def _tested(document: Document) -> str:
    return str(document.root.get("workflow", "")) if document.root is not None else ""


def _strays(library: Library, tests: list[Document], say: Callable[[str], object]) -> bool:
    """Report scenario documents that cannot be read or test no workflow of the library."""
    fine = True
    for document in tests:
        tested = _tested(document)
        if not document.errors and tested not in library.workflows:
            document.error(document.root, f"unknown workflow '{tested}'")
        if tested not in library.workflows:
            fine = False
            for error in document.errors:
                say(str(error))
    return fine


def _play_all(
    workflow: Workflow, documents: list[Document], say: Callable[[str], object]
) -> tuple[Coverage, bool]:
    steps: set[str] = set()
    followed: set[int] = set()
    coverage = Coverage(steps_of=len(workflow.steps), connections_of=len(workflow.connections))
    for document in documents:
        if document.errors:
            continue
        for scenario in scenarios(document):
            played = play(workflow, scenario)
            judge(document, scenario, played)
            steps.update(node for node in played.path if node in workflow.steps)
            followed.update(
                n for n, c in enumerate(workflow.connections) if any(c is taken for taken in played.followed)
            )
            coverage.scenarios += 1
    fine = not any(document.errors for document in documents)
    for document in documents:
        for error in document.errors:
            say(str(error))
    coverage.steps, coverage.connections = len(steps), len(followed)
    for step in workflow.steps.values():
        if step.id not in steps:
            fine = False
            say(f"no scenario goes through step {step.id} of {workflow.name} (line {step.line})")
    for number, connection in enumerate(workflow.connections):
        if number not in followed:
            fine = False
            say(f"no scenario goes from {connection.source} to {connection.target} (line {connection.line})")
    return coverage, fine


def main(arguments: list[str]) -> int:
    """`app.py check [FOLDER ...]`: the shipped library, and own folders over it. 0 when all is well."""
    folders = [Path(argument) for argument in arguments]
    absent = [folder for folder in folders if not folder.is_dir()]
    for folder in absent:
        print(f"{folder}: there is no such folder")
    return 0 if not absent and check_library((LIBRARY, *folders)) else 1
