"""Published workflows: a run keeps its version, and a malformed new one leaves the old one in place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from backend.errors import NotFound
from backend.runs import catalogue, perform
from backend.runs.replay import replayed
from backend.runs.sealing import opened
from backend.runs.tables import Publication, Run
from tests.backend.runs.household import NOW
from workflows.reader import LIBRARY

pytestmark = pytest.mark.store
NAME = "dhcp-configuration"


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A copy of the library that a test may change."""
    return Path(shutil.copytree(LIBRARY, tmp_path / "library"))


def rewrite(shelf: Path, file: str, before: str, after: str) -> None:
    text = (shelf / file).read_text(encoding="utf-8")
    assert before in text
    (shelf / file).write_text(text.replace(before, after), encoding="utf-8")


def test_publishing_twice_publishes_once(tenant, shelf):
    first = catalogue.publish_library(tenant.tenant_id, NOW, [shelf])
    assert NAME in [name for name, _ in first.new]
    assert catalogue.publish_library(tenant.tenant_id, NOW + 1, [shelf]).new == ()
    mine = Publication.of(tenant.tenant_id).where(Publication.name == NAME)
    assert mine.count() == 1


def test_a_text_makes_a_new_version_and_the_old_one_can_be_had(tenant, shelf):
    catalogue.publish_library(tenant.tenant_id, NOW, [shelf])
    old = catalogue.get(tenant.tenant_id, NAME)
    rewrite(shelf, "steps/dhcp-check.xml", "Home network check", "A look at the network")
    catalogue.publish_library(tenant.tenant_id, NOW + 1, [shelf])
    catalogue.forget_parsed()
    new = catalogue.get(tenant.tenant_id, NAME)
    assert new.version != old.version
    assert new.steps["check"].template.title["en"] == "A look at the network"
    again = catalogue.get(tenant.tenant_id, NAME, old.version)
    assert again.steps["check"].template.title["en"] == "Home network check"
    assert again.version == old.version


def test_going_back_makes_the_old_version_current(tenant, shelf):
    catalogue.publish_library(tenant.tenant_id, NOW, [shelf])
    old = catalogue.get(tenant.tenant_id, NAME).version
    rewrite(shelf, "steps/dhcp-check.xml", "Home network check", "Another")
    catalogue.publish_library(tenant.tenant_id, NOW + 1, [shelf])
    catalogue.publish_library(tenant.tenant_id, NOW + 2, [LIBRARY])
    assert catalogue.get(tenant.tenant_id, NAME).version == old
    mine = Publication.of(tenant.tenant_id).where(Publication.name == NAME, Publication.current)
    assert mine.count() == 1


def test_a_malformed_document_leaves_the_old_version(tenant, shelf):
    catalogue.publish_library(tenant.tenant_id, NOW, [shelf])
    old = catalogue.get(tenant.tenant_id, NAME).version
    rewrite(shelf, "steps/dhcp-check.xml", "!sv('dhcp.enabled')", "sv('dhcp.enabled') == 'true'")
    published = catalogue.publish_library(tenant.tenant_id, NOW + 1, [shelf])
    assert published.new == ()
    assert any(error.file == "steps/dhcp-check.xml" and error.line > 1 for error in published.errors)
    catalogue.forget_parsed()
    assert catalogue.get(tenant.tenant_id, NAME).version == old


def test_a_run_goes_on_with_the_version_it_began_with(move_in, shelf):
    home = move_in("dhcp-disabled")
    home.start()
    rewrite(shelf, "dhcp-configuration.xml", "Turn on address sharing", "Something new")
    catalogue.publish_library(home.tenant_id, NOW + 1, [shelf])
    catalogue.forget_parsed()
    home.serve()
    assert home.last("step.offered")["actions"][0]["label"] == "Turn on address sharing"
    assert replayed(home.tenant_id, home.run_id) == opened(
        home.tenant_id, Run.find(home.tenant_id, home.run_id).state
    )
    home.start()
    home.serve()
    assert home.last("step.offered")["actions"][0]["label"] == "Something new"


def test_the_listing_is_by_audience_and_language(tenant):
    catalogue.publish_library(tenant.tenant_id, NOW)
    found = catalogue.listing(tenant.tenant_id, "customer", "pl-PL")
    assert [one["name"] for one in found[:2]] == ["wifi-channel", NAME]  # by rank, then by title
    assert (found[0]["icon"], found[0]["text"][:6]) == ("wifi", "Szuka ")
    [listed] = [one for one in found if one["name"] == NAME]
    assert listed["title"] == "Moje urządzenia nie mogą połączyć się z siecią"
    assert listed["symptom"] == "devices_cannot_connect"
    assert (listed["writes"], listed["disrupts_s"], listed["inputs"]) == (True, 10, [])
    staff = {one["name"]: one for one in catalogue.listing(tenant.tenant_id, "operator", "en")}
    [asked] = staff["undo-change"]["inputs"]
    assert (asked["name"], asked["type"], asked["required"]) == ("change", "change", True)
    assert staff["undo-change"]["text"].startswith("Writes the earlier values")
    assert catalogue.title(tenant.tenant_id, NAME, "agent", "en") == "My devices cannot join the network"
    assert catalogue.title(tenant.tenant_id, "nothing", "agent", "en") is None
    assert catalogue.title(tenant.tenant_id, NAME, "nobody", "en") is None
    assert catalogue.listing("ANOTHER", "customer", "en") == []


def test_starting_what_is_not_published_is_refused(move_in):
    home = move_in("healthy")
    for workflow, audience in [("nothing", "customer"), (NAME, "nobody")]:
        with pytest.raises(NotFound) as missing:
            home.start(audience, workflow)
        assert missing.value.code == "workflow_unknown"
    assert Run.of(home.tenant_id).count() == 0
    with pytest.raises(NotFound):
        perform.start(
            home.tenant_id,
            workflow=NAME,
            device_id="ANOTHER",
            customer_id=home.customer_id,
            conversation_id=None,
            audience="customer",
            starter={},
            locale="en",
            now=NOW,
        )
    assert Run.of(home.tenant_id).count() == 0
