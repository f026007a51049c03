"""The demonstration's texts and numbers are whole, consistent and as exact as the trade's own papers.

Patent serials begin at 9,000,000, which no year has reached, so that no real patent is named by an invented holder.
"""

import json
import re
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from stdnum.cn import ric

from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.kit.money import fen_of_wan

DATA = Path(__file__).parents[2] / "app" / "demo" / "data"
Record = dict[str, Any]

TECH_FIELDS = {
    "electronics_it",
    "aerospace",
    "advanced_manufacturing",
    "biomedicine",
    "new_materials",
    "new_energy",
    "environment",
    "agriculture",
    "nuclear",
    "transport",
    "urban_social",
}
MODES = {
    "transfer",
    "license_exclusive",
    "license_sole",
    "license_ordinary",
    "equity",
    "joint",
    "open_license",
}
DEMAND_MODES = MODES | {"development", "service", "consulting"}
NUMBERED = {"invention", "utility", "patent_application"}
RIGHTS = NUMBERED | {"software", "know_how", "plant_variety", "new_drug"}


def read(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


PARTIES: list[Record] = read("organisations.json")
ACHIEVEMENTS: list[Record] = [
    row
    for path in sorted((DATA / "achievements").glob("*.json"))
    for row in json.loads(path.read_text(encoding="utf-8"))
]
DEMANDS: list[Record] = read("demands.json")
SALES: Record = read("sales.json")

PARTY = {row["key"]: row for row in PARTIES}
ACHIEVEMENT = {row["external_id"]: row for row in ACHIEVEMENTS}
DEMAND = {row["external_id"]: row for row in DEMANDS}
AUCTIONS: list[Record] = [SALES["auction"], SALES["passed_in"], *SALES["live_lots"]]
OFFERED: list[Record] = [SALES["negotiated"], SALES["listed"], *AUCTIONS]


def uscc_check(code: str) -> str:
    """The check character of a unified code: GB 32100, weights 3^i modulo 31."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(char) * pow(3, i, 31) for i, char in enumerate(code[:17]))
    return alphabet[-total % 31]


def patent_check(digits: str) -> str:
    """The check character of a patent number: weights 2 to 9 repeating over twelve digits, modulo 11, 10 is X."""
    total = sum(int(digit) * (2 + i % 8) for i, digit in enumerate(digits))
    return "0123456789X"[total % 11]


def leaves(value: object) -> list[object]:
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in leaves(inner)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in leaves(inner)]
    return [value]


def amounts(value: object) -> list[str]:
    """Every string under a key that ends in `_wan`."""
    if isinstance(value, dict):
        here = [v for k, v in value.items() if k.split("_")[-1] == "wan" or "_wan" in k]
        return [v for v in here if v is not None] + [a for v in value.values() for a in amounts(v)]
    if isinstance(value, list):
        return [a for inner in value for a in amounts(inner)]
    return []


def keys_of_parties(value: object) -> set[str]:
    named = {"seller", "buyer", "by", "party", "winner", "chosen", "holder", "poster"}
    if isinstance(value, dict):
        here = {v for k, v in value.items() if k in named and isinstance(v, str)}
        return here.union(*(keys_of_parties(v) for v in value.values()))
    if isinstance(value, list):
        return set().union(*(keys_of_parties(v) for v in value))
    return set()


def test_the_check_characters_are_those_of_real_papers() -> None:
    for number in ("200510030457.8", "201810155794.7", "201220572874.0", "202110123456.7"):
        digits, check = number.split(".")
        assert patent_check(digits) == check
    assert patent_check("202110123456") != "9"
    assert uscc_check("N2330523MF1234567W") == "W"


def test_there_are_as_many_as_the_demonstration_promises() -> None:
    assert (len(ACHIEVEMENTS), len(DEMANDS)) == (60, 25)
    assert 14 <= len(PARTIES) <= 24
    assert len(SALES["live_lots"]) >= 6


def test_no_key_title_or_external_id_is_used_twice() -> None:
    for rows, field in (
        (PARTIES, "key"),
        (PARTIES, "name"),
        (ACHIEVEMENTS, "external_id"),
        (ACHIEVEMENTS, "title"),
        (DEMANDS, "external_id"),
        (DEMANDS, "title"),
        ([*OFFERED, SALES["demand_contract"]], "external_id"),
    ):
        values = [row[field] for row in rows]
        assert len(values) == len(set(values)), field
    logins = [person["login"] for party in PARTIES for person in party["people"]]
    assert len(logins) == len(set(logins))


@pytest.mark.parametrize("party", PARTIES, ids=lambda party: party["key"])
def test_a_party_is_identified_by_a_valid_code_of_its_kind(party: Record) -> None:
    assert party["kind"] in set(PartyKind)
    assert re.fullmatch(r"\d{6}", party["region_code"])
    held = {"uscc", "registration_no", "id_number"} & party.keys()
    if party["kind"] == "natural_person":
        assert held == {"id_number"}
        assert ric.validate(party["id_number"]) == party["id_number"]
        return
    if party["kind"] in {"hong_kong", "foreign"}:
        assert held == {"registration_no"}
        assert re.fullmatch(r"[A-Z]{3}", party["country_code"])
        return
    assert held == {"uscc"}
    code = party["uscc"]
    assert re.fullmatch(r"[0-9A-Z]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}", code)
    assert uscc_check(code) == code[-1]
    leading = {"university": "12", "institute": "12", "hospital": "12", "village_collective": "N2"}
    assert code[:2] == leading.get(party["kind"], "11" if party["kind"] == "government" else "91")


def test_each_sector_of_the_market_is_there() -> None:
    kinds = Counter(party["kind"] for party in PARTIES)
    assert kinds["university"] + kinds["institute"] + kinds["hospital"] == 4
    assert kinds["private_enterprise"] >= 6
    for kind in (
        "village_collective",
        "state_enterprise",
        "exchange",
        "auction_house",
        "government",
        "natural_person",
        "hong_kong",
    ):
        assert kinds[kind] >= 1, kind


def test_people_hold_known_roles_and_no_password_is_in_the_file() -> None:
    for party in PARTIES:
        assert party["people"], party["key"]
        for person in party["people"]:
            assert set(person) == {"name", "login", "job", "roles"}
            assert person["roles"] and set(person["roles"]) <= set(Role)
            assert person["login"].endswith("@example.cn")
    market = Counter(role for person in PARTY["zjjy"]["people"] for role in person["roles"])
    assert market == {"operator": 2, "finance": 2, "auditor": 1}


def test_public_sellers_say_how_one_objects() -> None:
    for party in PARTIES:
        if party["kind"] in {"university", "institute", "hospital"}:
            assert len(party["objection_procedure"]) > 40


@pytest.mark.parametrize("row", ACHIEVEMENTS, ids=lambda row: row["external_id"])
def test_an_achievement_says_what_a_buyer_asks_first(row: Record) -> None:
    assert set(row["summary"]) == {"problem", "advantage", "stage", "missing"}
    assert all(len(part) >= 20 for part in row["summary"].values())
    assert 1 <= row["trl"]["level"] <= 9 and row["trl"]["scheme"] == "GB/T 22900-2022"
    assert len(row["indicators"]) >= 2
    for indicator in row["indicators"]:
        assert set(indicator) == {"name", "present", "achieved", "unit", "test_standard"}
        assert indicator["present"] != indicator["achieved"]
    assert 1 <= len(row["keywords"]) <= 3
    assert row["tech_field"] in TECH_FIELDS and re.fullmatch(r"\d{4}", row["industry_code"])
    assert row["secrecy_level"] == "none" and row["holder"] in PARTY
    assert sum(c["contribution_percent"] for c in row["completers"]) == 100
    assert row["cooperation_modes"] and set(row["cooperation_modes"]) <= MODES
    assert "***" in row["contact"]["phone"]
    assert all(leaf not in ("", [], {}) for leaf in leaves(row))


@pytest.mark.parametrize("row", ACHIEVEMENTS, ids=lambda row: row["external_id"])
def test_a_price_has_the_form_that_it_names(row: Record) -> None:
    low, high = row["price_min_wan"], row["price_max_wan"]
    match row["price_form"]:
        case "negotiable":
            assert low is None and high is None
        case "asking":
            assert low == high
        case "reference_range":
            assert fen_of_wan(low) < fen_of_wan(high)
        case other:
            pytest.fail(f"unknown price form {other}")


@pytest.mark.parametrize("row", ACHIEVEMENTS, ids=lambda row: row["external_id"])
def test_rights_have_numbers_and_dates_that_agree(row: Record) -> None:
    assert row["ip_rights"]
    for right in row["ip_rights"]:
        kind = right["type"]
        assert kind in RIGHTS and right["holders"] and set(right["holders"]) <= PARTY.keys()
        if kind not in NUMBERED:
            continue
        digits, check = right["application_no"].split(".")
        assert len(digits) == 12 and patent_check(digits) == check
        assert digits[:4] == right["apply_on"][:4]
        assert digits[4] == ("2" if kind == "utility" else "1") and int(digits[5:]) >= 9_000_000
        if kind == "patent_application":
            assert right["grant_no"] is None and right["grant_on"] is None
        else:
            assert right["grant_no"] == "ZL" + right["application_no"]
            assert date.fromisoformat(right["apply_on"]) < date.fromisoformat(right["grant_on"])


def test_no_patent_number_is_used_twice() -> None:
    numbers = [r["application_no"] for row in ACHIEVEMENTS for r in row["ip_rights"] if r["application_no"]]
    assert len(numbers) == len(set(numbers))


def test_no_sentence_is_repeated_between_achievements() -> None:
    seen: dict[str, str] = {}
    for row in ACHIEVEMENTS:
        for part in row["summary"].values():
            for sentence in re.split(r"[。；！？]", part):
                if len(sentence) > 15:
                    other = seen.setdefault(sentence, row["external_id"])
                    assert other == row["external_id"], sentence


def test_all_eleven_fields_are_served() -> None:
    assert {row["tech_field"] for row in ACHIEVEMENTS} == TECH_FIELDS


@pytest.mark.parametrize("row", DEMANDS, ids=lambda row: row["external_id"])
def test_a_demand_names_its_figures_budget_and_what_was_tried(row: Record) -> None:
    assert row["type"] in {"problem", "purchase", "joint_rd", "scenario", "challenge"}
    assert row["confidentiality"] in {"public", "anonymous_org"}
    assert len(row["current_state"]) >= 20 and len(row["what_was_tried"]) >= 20
    for indicator in row["indicators"]:
        assert set(indicator) == {"name", "present", "target", "unit", "test_standard"}
    assert fen_of_wan(row["budget_min_wan"]) <= fen_of_wan(row["budget_max_wan"])
    assert 20 <= row["deadline_days"] <= 120 and 1 <= row["duration_months"] <= 36
    assert row["cooperation_modes"] and set(row["cooperation_modes"]) <= DEMAND_MODES
    assert row["tech_field"] in TECH_FIELDS and re.fullmatch(r"\d{4}", row["industry_code"])
    assert row["poster"] in PARTY and row["region_code"] == PARTY[row["poster"]]["region_code"]
    assert "***" in row["contact"]["phone"]
    assert all(leaf not in ("", None) for leaf in leaves(row))


def test_what_the_county_typed_belongs_to_its_own_region() -> None:
    typed = [row for row in DEMANDS if row["entered_by_bureau"]]
    assert len(typed) == 2
    assert {row["region_code"] for row in typed} == {PARTY["oykj"]["region_code"]}


def test_every_amount_in_wan_is_exact() -> None:
    found = amounts([ACHIEVEMENTS, DEMANDS, SALES])
    assert len(found) > 150
    for amount in found:
        assert isinstance(amount, str)
        assert fen_of_wan(amount) > 0


def test_sales_name_parties_achievements_and_demands_that_exist() -> None:
    sides = {"seller", "buyer"}  # who speaks in a round of a negotiation
    assert keys_of_parties(SALES) - sides <= PARTY.keys()
    for sale in OFFERED:
        assert ACHIEVEMENT[sale["achievement"]]["holder"] == sale["seller"]
        assert sale["scope"]["mode"] in ACHIEVEMENT[sale["achievement"]]["cooperation_modes"]
    demands = {sale["demand"] for sale in (SALES["negotiated"], SALES["listed"], SALES["demand_contract"])}
    assert demands <= DEMAND.keys()
    taken = [sale["achievement"] for sale in OFFERED]
    assert len(taken) == len(set(taken))


def test_public_sellers_bring_their_decision_and_no_state_enterprise_sells() -> None:
    for sale in OFFERED:
        kind = PARTY[sale["seller"]]["kind"]
        assert kind != "state_enterprise"
        assert (sale["decision"] is None) == (kind == "private_enterprise")


def test_the_negotiated_sale_ends_at_the_last_counter_offer() -> None:
    sale = SALES["negotiated"]
    assert PARTY[sale["seller"]]["kind"] == "private_enterprise"
    assert [r["by"] for r in sale["rounds"]] == ["seller", "buyer", "seller", "buyer"]
    assert sale["rounds"][0]["price_wan"] == sale["asking_price_wan"]
    assert sale["rounds"][-1]["price_wan"] == sale["price_wan"] == "46.8"
    assert sale["accepted_by"] == "seller"


def test_payments_add_up_to_the_price() -> None:
    for sale in (SALES["negotiated"], SALES["listed"]):
        assert sum(fen_of_wan(p["amount_wan"]) for p in sale["payment"]) == fen_of_wan(sale["price_wan"])
        assert sum(p["share_percent"] for p in sale["payment"]) == 100
        for payment in sale["payment"]:
            part = fen_of_wan(sale["price_wan"]) * payment["share_percent"]
            assert fen_of_wan(payment["amount_wan"]) * 100 == part
    deal = SALES["demand_contract"]
    assert sum(fen_of_wan(m["amount_wan"]) for m in deal["milestones"]) == fen_of_wan(deal["price_wan"])


def test_the_listed_sale_has_one_buyer_at_the_asking_price() -> None:
    sale = SALES["listed"]
    assert sale["price_wan"] == sale["asking_price_wan"]
    assert [r["party"] for r in sale["registrations"]] == [sale["buyer"]]


def test_the_demand_is_awarded_within_its_budget_to_a_shortlisted_answer() -> None:
    deal = SALES["demand_contract"]
    demand = DEMAND[deal["demand"]]
    answers = {answer["by"]: answer for answer in deal["solutions"]}
    assert deal["chosen"] in deal["shortlist"] and set(deal["shortlist"]) <= answers.keys()
    assert answers[deal["chosen"]]["price_wan"] == deal["price_wan"]
    assert demand["poster"] == deal["buyer"] and deal["buyer"] not in answers
    assert fen_of_wan(deal["price_wan"]) <= fen_of_wan(demand["budget_max_wan"])
    assert deal["milestones"][-1]["due_month"] == demand["duration_months"]


def test_ten_bids_by_three_bidders_raise_two_hundred_to_three_hundred() -> None:
    sale = SALES["auction"]
    step, limits = fen_of_wan(sale["step_wan"]), {}
    for bidder in sale["bidders"]:
        limits[bidder["party"]] = fen_of_wan(bidder["limit_wan"])
    bids = [(bid["by"], fen_of_wan(bid["amount_wan"])) for bid in sale["bids"]]
    assert len(bids) == 10 and len(limits) == 3 and {by for by, _ in bids} == limits.keys()
    assert bids[0][1] == fen_of_wan(sale["start_wan"]) == fen_of_wan("200")
    for (last, before), (by, amount) in pairwise(bids):
        assert by != last and amount > before and (amount - before) % step == 0
    assert all(amount <= limits[by] for by, amount in bids)
    assert bids[-1] == (sale["winner"], fen_of_wan(sale["price_wan"]))
    assert sale["price_wan"] == "300"


def test_the_drug_patent_passed_in_without_a_bid() -> None:
    sale = SALES["passed_in"]
    assert sale["start_wan"] == "900" and sale["bids"] == []
    assert sale["winner"] is None and sale["price_wan"] is None


@pytest.mark.parametrize("lot", AUCTIONS, ids=lambda lot: lot["external_id"])
def test_a_lot_can_be_bid_for(lot: Record) -> None:
    start, step, deposit = (fen_of_wan(lot[name]) for name in ("start_wan", "step_wan", "deposit_wan"))
    assert 0 < deposit * 10 <= start * 3
    assert 15 <= lot["free_minutes"] <= 60 and 60 <= lot["extension_seconds"] <= 180
    parties = [bidder["party"] for bidder in lot["bidders"]]
    assert len(parties) == len(set(parties)) and lot["seller"] not in parties
    for bidder in lot["bidders"]:
        people = PARTY[bidder["party"]]["people"]
        assert any("enterprise_user" in person["roles"] for person in people)
        assert (fen_of_wan(bidder["limit_wan"]) - start) % step == 0


def test_live_lots_have_rivals_and_starts_and_steps_as_they_really_are() -> None:
    steps = {"5": "0.5", "12": "0.5", "28": "1", "50": "1", "80": "2", "160": "5", "240": "10", "300": "10"}
    for lot in SALES["live_lots"]:
        assert lot["step_wan"] == steps[lot["start_wan"]]
        limits = [fen_of_wan(bidder["limit_wan"]) for bidder in lot["bidders"]]
        assert len(limits) >= 2 and len(set(limits)) == len(limits)
        assert min(limits) > fen_of_wan(lot["start_wan"])
