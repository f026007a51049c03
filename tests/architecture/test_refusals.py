"""Every refusal: a code of its own, a Chinese and an English sentence, a remedy in both, and an honest source."""

import ast
import re
from pathlib import Path

import pytest

from app import bootstrap
from app.config import ROOT
from app.documents import generated
from app.kit.errors import Refusal

assert bootstrap.ROUTERS, "the rooms are not loaded"

CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Half-width punctuation beside a Chinese character, and full-width in English, are slips of the keyboard.
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?()]|[,;:!?(][\u4e00-\u9fff]")
HOUSE = re.compile(r"house rule(, after .+)?")
STATUTE = re.compile(r"[\u4e00-\u9fff]+(?:法|条例|细则)(〔\d{4}〕\d+号)? art\. \d+(, \d+)*( and \d+)?")
STANDARD = re.compile(r"GB(/T)? \d+")
NOT_VERIFIED = "not verified since 2025-07"


def _tree(kind: type[Refusal]) -> list[type[Refusal]]:
    return [kind, *(found for below in kind.__subclasses__() for found in _tree(below))]


KINDS = sorted(
    {kind for kind in _tree(Refusal) if kind.__module__.startswith("app.")},
    key=lambda kind: (kind.__qualname__, kind.__module__),
)


def test_no_two_refusals_share_a_code() -> None:
    concrete = [kind for kind in KINDS if "code" in vars(kind)]
    codes = [kind.code for kind in concrete]
    assert sorted({code for code in codes if codes.count(code) > 1}) == []


def _id(kind: type[Refusal]) -> str:
    return f"{kind.__module__.removeprefix('app.')}.{kind.__name__}"


@pytest.mark.parametrize("kind", KINDS, ids=_id)
def test_a_refusal_speaks_chinese_and_english(kind: type[Refusal]) -> None:
    for zh in (kind.title_zh, kind.remedy_zh):
        assert CHINESE.search(zh), zh
        assert not HALF_WIDTH.search(zh), f"half-width punctuation: {zh}"
    for en in (kind.title_en, kind.remedy_en):
        assert re.match(r"[A-Z]", en) and not re.search(r"[，。；：！？（）]", en), en
    assert kind.remedy_zh.endswith(("。", "！", "？")), kind.remedy_zh
    assert kind.remedy_en.endswith((".", "!", "?")), kind.remedy_en


@pytest.mark.parametrize("kind", KINDS, ids=_id)
def test_a_refusals_source_is_the_house_a_statute_with_its_article_or_a_standard(kind: type[Refusal]) -> None:
    known = any(form.fullmatch(kind.source) for form in (HOUSE, STATUTE, STANDARD))
    assert known or kind.source == NOT_VERIFIED, kind.source


def test_every_refusal_is_explained_in_the_generated_list() -> None:
    page = generated()["docs/errors.md"]
    assert [kind.code for kind in KINDS if f"## `{kind.code}` (" not in page] == []


def test_the_repealed_rule_of_2009_is_nobodys_source() -> None:
    assert [kind.code for kind in KINDS if "2009" in kind.source or "120号" in kind.source] == []


def _sentences(path: Path) -> list[tuple[int, str]]:
    """Chinese texts written at the place where something is refused."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            for argument in node.exc.args[:1]:
                parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
                text = "".join(str(part.value) if isinstance(part, ast.Constant) else "0" for part in parts)
                if CHINESE.search(text):
                    found.append((node.lineno, text))
    return found


def test_sentences_made_on_the_spot_are_written_as_people_write() -> None:
    slips = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in sorted((ROOT / "app").rglob("*.py"))
        for line, text in _sentences(path)
        if path.parts[-2] not in ("cli", "embedded", "demo") and HALF_WIDTH.search(text)
    ]
    assert slips == []
