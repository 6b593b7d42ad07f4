"""The operator's vendor profiles in published workflows: kept by version, held back when malformed."""

from __future__ import annotations

import pytest

from backend.runs import catalogue
from workflows.facts import Facts
from workflows.reader import LIBRARY

NAME, NOW = "dhcp-configuration", 1_700_000_000.0
ACME = Facts(NOW, {"data_model": "tr181", "oui": "0200AA"})
PROFILE = """<profile name="acme" data-model="tr181">
  <for oui="0200AA"/>
  <capability name="ping" available="false"><reason lang="en">It never answers.</reason></capability>
</profile>"""


@pytest.fixture
def shelf(tmp_path):
    """The operator's folder with one profile."""
    (tmp_path / "acme.xml").write_text(PROFILE, encoding="utf-8")
    return tmp_path


def can_ping(workflow) -> bool:
    """Whether the workflow's settings let this maker's routers ping."""
    return workflow.settings.capability("ping", ACME).available


def test_a_version_keeps_the_profiles_it_was_published_with(make_tenant, database, shelf):
    tenant_id = make_tenant("north").tenant_id
    catalogue.publish_library(tenant_id, NOW, (LIBRARY, shelf))
    before = catalogue.get(tenant_id, NAME)
    (shelf / "acme.xml").write_text(PROFILE.replace("false", "true"), encoding="utf-8")
    published = catalogue.publish_library(tenant_id, NOW + 1, (LIBRARY, shelf))
    assert NAME in [name for name, _ in published.new]
    catalogue.forget_parsed()
    assert can_ping(catalogue.get(tenant_id, NAME))
    assert not can_ping(catalogue.get(tenant_id, NAME, before.version))


@pytest.mark.parametrize("text", [PROFILE.replace('name="ping"', 'nome="ping"'), PROFILE[:80]])
def test_a_malformed_profile_leaves_what_is_published_in_place(make_tenant, database, shelf, text):
    tenant_id = make_tenant("north").tenant_id
    catalogue.publish_library(tenant_id, NOW, (LIBRARY, shelf))
    (shelf / "acme.xml").write_text(text, encoding="utf-8")
    published = catalogue.publish_library(tenant_id, NOW + 1, (LIBRARY, shelf))
    assert published.new == () and {e.file for e in published.errors} == {"acme.xml"}
    assert not can_ping(catalogue.get(tenant_id, NAME))


def test_a_new_tenant_with_a_malformed_profile_has_the_rest(make_tenant, database, shelf):
    (shelf / "acme.xml").write_text("<profile", encoding="utf-8")
    tenant_id = make_tenant("north").tenant_id
    published = catalogue.publish_library(tenant_id, NOW, (LIBRARY, shelf))
    assert NAME in [name for name, _ in published.new] and published.errors
