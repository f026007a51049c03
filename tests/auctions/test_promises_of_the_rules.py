"""The example of docs/bidding.md, played by the engine: what people are told is what happens."""

import re

from app.config import ROOT
from tests.auctions.sale import started
from tests.auctions.test_rules_proxies import leaves, shown

TOLD = (ROOT / "docs/bidding.md").read_text(encoding="utf-8")


def test_the_example_of_maxima_happens_as_it_is_told() -> None:
    sale = started()
    assert shown(leaves(sale, "A", 300)) == [("A", 200)]
    assert shown(leaves(sale, "B", 255)) == [("B", 250), ("A", 260)]
    assert shown(leaves(sale, "C", 300)) == [("C", 290), ("A", 300)]
    example = TOLD[TOLD.index("例：") : TOLD.index("*Example:*")]
    amounts = [int(number) for number in re.findall(r"(\d+) 万元", example)]
    assert amounts == [200, 10, 300, 200, 255, 250, 260, 300, 290, 300, 300]


def test_the_numbers_that_are_called_usual_are_the_usual_ones() -> None:
    terms = started().now.terms
    assert f"（常用 {terms.jump_confirm_steps} 个）" in TOLD
    assert f"（常用 {terms.jump_confirm_bp // 100} %）" in TOLD
