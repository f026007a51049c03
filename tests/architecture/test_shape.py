"""The house's shape: small files, short functions, sentences for names, one writer of statuses."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import ROOT

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
ROOM_WORDS = {
    "access", "actions", "award", "credentials", "errors", "events", "handlers", "jobs", "live", "permissions",
    "profiles", "queries", "repository", "routes", "rules", "schemas", "search", "states", "tables",
}  # fmt: skip
FORBIDDEN_WORDS = re.compile(r"(^|_)(utils?|helpers?|common|misc|manager)(_|$)")


def _tracked(pattern: str) -> list[Path]:
    return sorted(path for path in ROOT.glob(pattern) if "__pycache__" not in path.parts)


SOURCES = _tracked("app/**/*.py") + _tracked("migrations/**/*.py")
TESTS = _tracked("tests/**/*.py")


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=_name)
def test_a_file_has_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= FILE_LINES_MAX


@pytest.mark.parametrize("path", [p for p in SOURCES if "versions" not in p.parts], ids=_name)
def test_a_function_has_at_most_60_lines(path: Path) -> None:
    long = {
        f.name: f.end_lineno - f.lineno + 1
        for f in _functions(path)
        if f.end_lineno and f.end_lineno - f.lineno + 1 > FUNCTION_LINES_MAX
    }
    assert long == {}


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_a_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or path.stat().st_size == 0


@pytest.mark.parametrize("path", TESTS, ids=_name)
def test_the_name_of_a_test_is_a_sentence(path: Path) -> None:
    short = [f.name for f in _functions(path) if f.name.startswith("test_") and f.name.count("_") < 3]
    assert short == []


def test_no_module_is_called_utils_or_the_like() -> None:
    named = [_name(path) for path in SOURCES if FORBIDDEN_WORDS.search(path.stem)]
    assert named == []


def test_nothing_but_a_state_machine_assigns_a_status() -> None:
    writers = []
    for path in SOURCES:
        if path == ROOT / "app/kit/states.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else []
            writers += [
                f"{_name(path)}:{target.lineno}"
                for target in targets
                if isinstance(target, ast.Attribute) and target.attr == "status"
            ]
    assert writers == []


def test_no_test_patches_what_it_tests() -> None:
    found = [
        _name(path)
        for path in TESTS
        if path != Path(__file__)
        and re.search(r"mock\.patch|mocker\.|unittest\.mock|freeze_time", path.read_text())
    ]
    assert found == []


def test_sql_stands_only_where_sql_belongs() -> None:
    """Actions, rules, routes and schemas hold no statement."""
    holders = []
    for path in _tracked("app/**/*.py"):
        parts = set(path.relative_to(ROOT).with_suffix("").parts)
        if not parts & {"actions", "rules", "routes", "schemas", "handlers"}:
            continue
        imported = {
            alias.name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom) and node.module == "sqlalchemy"
            for alias in node.names
        }
        holders += [_name(path)] if imported & {"text", "select", "insert", "update", "delete"} else []
    assert holders == []


def test_nothing_speaks_of_one_machine() -> None:
    """No path of somebody's disk, no registry's address."""
    words = re.compile(r"(?<![A-Za-z0-9_./-])/(?:work|root|home/[a-z]+)/|index-url|registry\.npmjs")
    suffixes = {".py", ".md", ".toml", ".json", ".ts", ".vue", ".yaml", ".sh", ".mako", ".css", ".html"}
    found = []
    for top in ("app", "tests", "docs", "migrations", "frontend/src", "openapi", ".ci"):
        for path in (ROOT / top).rglob("*"):
            if (
                path.is_file()
                and "node_modules" not in path.parts
                and path.suffix in suffixes
                and path != Path(__file__)
            ):
                found += [_name(path)] if words.search(path.read_text(encoding="utf-8")) else []
    assert found == []
