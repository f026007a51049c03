"""What fits together in an achievement, who may move it, and how its contact is masked; without a database."""

from datetime import UTC, datetime
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.ids import new_id
from app.kit.states import IllegalTransition
from app.listings import errors
from app.listings.rules import content, masking, patents, review
from app.listings.rules.description import AchievementContent, AchievementPatch
from app.listings.states import MACHINE, AchievementStatus, SecrecyLevel

OWNER, CLERK, HOLDER, OTHER = (new_id() for _ in range(4))
AT = datetime(2026, 3, 2, tzinfo=UTC)


def described(**told: Any) -> AchievementContent:
    return AchievementContent.model_validate(
        {"title": "垫片", "abstract": "摘要", "tech_field": "new_materials"} | told
    )


def standing(status: AchievementStatus = AchievementStatus.DRAFT, **told: Any) -> review.Standing:
    facts: dict[str, Any] = {
        "status": status,
        "holder_party_id": HOLDER,
        "entered_by": OWNER,
        "on_behalf": False,
        "owner_confirmed_at": None,
        "secrecy_level": SecrecyLevel.NONE,
    }
    return review.Standing(**facts | told)


@pytest.mark.parametrize(
    "number", ["200510030457.8", "ZL201810155794.7", "CN201220572874.0", "99113861.9", "202119534319.x"]
)
def test_true_patent_numbers_pass(number: str) -> None:
    patents.check_chinese_number(number, "/body")


@pytest.mark.parametrize(
    ("number", "fitting"), [("202110123456.9", "7"), ("ZL 9911 3861.8", "9"), ("2021195343190", "X")]
)
def test_a_wrong_check_digit_is_refused_with_the_fitting_one(number: str, fitting: str) -> None:
    with pytest.raises(errors.PatentNumberInvalid, match=f"is {fitting}, not") as refused:
        patents.check_chinese_number(number, "/body/ip_rights/0/grant_no")
    assert refused.value.field == "/body/ip_rights/0/grant_no"


@pytest.mark.parametrize("number", ["202110123456", "CN112345678A", "CNA20191007316", "2019SR0123456", "-"])
def test_numbers_without_a_check_digit_are_taken_as_they_are(number: str) -> None:
    patents.check_chinese_number(number, "/body")


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 11), st.integers(1, 9))
def test_the_check_digit_finds_every_single_wrong_digit(digits: str, place: int, by: int) -> None:
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    assert patents.check_digit(wrong) != patents.check_digit(digits)


def test_another_country_has_no_check_digit_of_ours() -> None:
    right = {"type": "invention", "name": "x", "country_code": "USA", "application_no": "202110123456.9"}
    content.check_content(described(ip_rights=[right]))


@pytest.mark.parametrize(
    ("form", "low", "high", "field"),
    [
        ("negotiable", None, None, None),
        ("negotiable", "1.00", None, "/body/price_min"),
        ("negotiable", None, "1.00", "/body/price_max"),
        ("reference_range", None, None, "/body/price_min"),
        ("reference_range", "1.00", None, None),
        ("reference_range", None, "1.00", None),
        ("reference_range", "1.00", "2.00", None),
        ("reference_range", "10.00", "9.00", "/body/price_max"),
        ("asking", None, None, "/body/price_min"),
        ("asking", "5.00", None, None),
        ("asking", "5.00", "5.00", None),
        ("asking", "5.00", "6.00", "/body/price_max"),
    ],
)
def test_amounts_fit_the_form_of_the_price(
    form: str, low: str | None, high: str | None, field: str | None
) -> None:
    told = described(price_form=form, price_min=low, price_max=high)
    if field is None:
        content.check_content(told)
        return
    with pytest.raises(errors.PriceFormInconsistent) as refused:
        content.check_content(told)
    assert refused.value.field == field


def test_an_open_end_of_a_range_takes_the_other_ends_value() -> None:
    assert content.price_bounds(described(price_form="reference_range", price_max="2.00")) == (200, 200)
    assert content.price_bounds(described()) == (None, None)


@pytest.mark.parametrize(
    ("shares", "field"),
    [
        ([], None),
        ([{"party_id": str(HOLDER), "share_bp": 7_000}, {"holder_name": "李某", "share_bp": 3_000}], None),
        ([{"share_bp": 10_000}], "/body/ownership_shares/0"),
        (
            [{"holder_name": "甲", "share_bp": 5_000}, {"holder_name": "甲", "share_bp": 5_000}],
            "/body/ownership_shares/1",
        ),
        ([{"holder_name": "甲", "share_bp": 9_999}], "/body/ownership_shares"),
    ],
)
def test_shares_name_each_holder_once_and_make_the_whole(
    shares: list[dict[str, Any]], field: str | None
) -> None:
    told = described(ownership_shares=shares)
    if field is None:
        content.check_shares(told)
        return
    with pytest.raises(errors.SharesInconsistent) as refused:
        content.check_shares(told)
    assert refused.value.field == field


def test_a_price_is_amended_as_a_whole_and_the_rest_stays() -> None:
    stored = described(
        price_form="asking", price_min="5.00", price_max="5.00", keywords=["a"], application_scope="b"
    )
    amended = content.amended(
        stored.model_dump(), AchievementPatch.model_validate({"price_min": "6.00", "application_scope": None})
    )
    assert (amended.price_form, amended.price_min, amended.price_max) == ("asking", "6.00", None)
    assert (amended.keywords, amended.application_scope, amended.title) == (("a",), None, "垫片")


def test_submission_needs_a_contact_and_a_right_or_know_how() -> None:
    content.check_complete(contact={"name": "何敏"}, ip_rights=1)
    with pytest.raises(errors.AchievementIncomplete) as refused:
        content.check_complete(contact=None, ip_rights=0)
    assert refused.value.data["missing"] == ["contact", "ip_rights"]


def test_the_graph_of_states_is_this_and_no_other() -> None:
    edges = {(here, to) for here, to in product(AchievementStatus, repeat=2) if MACHINE.allows(here, to)}
    assert edges == {
        ("draft", "submitted"),
        ("draft", "withdrawn"),
        ("submitted", "returned"),
        ("submitted", "registered"),
        ("submitted", "withdrawn"),
        ("returned", "submitted"),
        ("returned", "withdrawn"),
        ("registered", "published"),
        ("registered", "withdrawn"),
        ("published", "withdrawn"),
    }
    for here, to in set(product(AchievementStatus, repeat=2)) - edges:
        row = type("Row", (), {"status": here})()
        with pytest.raises(IllegalTransition):
            MACHINE.advance(row, to)
        assert row.status == here


@pytest.mark.parametrize("status", AchievementStatus)
def test_only_drafts_and_what_was_returned_can_be_edited(status: AchievementStatus) -> None:
    if status in ("draft", "returned"):
        review.check_editable(standing(status))
        return
    with pytest.raises(errors.AchievementNotEditable):
        review.check_editable(standing(status))


@pytest.mark.parametrize(
    ("own", "may_enter", "prefix", "region", "allowed"),
    [
        (True, False, "3301", "330106", True),
        (False, True, "3301", "330106", True),
        (False, True, "", "330106", True),
        (False, True, "3302", "330106", False),
        (False, True, "", None, False),
        (False, False, "", "330106", False),
    ],
)
def test_clerks_enter_for_parties_of_their_region(
    own: bool, may_enter: bool, prefix: str, region: str | None, allowed: bool
) -> None:
    told = {"own": own, "may_enter": may_enter, "clerk_prefix": prefix, "region_code": region}
    if allowed:
        review.check_holder(**told)
        return
    with pytest.raises(errors.BehalfNotAllowed):
        review.check_holder(**told)


def _submit(party: UUID, facts: review.Standing, *, submit: bool = False, enter: bool = False) -> None:
    review.check_submission(facts, party_id=party, may_submit=submit, may_enter=enter)


def test_the_holders_officers_submit_and_a_clerk_after_the_owners_confirmation() -> None:
    _submit(HOLDER, standing(), submit=True)
    with pytest.raises(errors.SubmissionNotAllowed):
        _submit(HOLDER, standing())
    behalf, confirmed = standing(on_behalf=True), standing(on_behalf=True, owner_confirmed_at=AT)
    for party, told in ((HOLDER, {"submit": True}), (CLERK, {"enter": True})):
        with pytest.raises(errors.OwnerConfirmationMissing):
            _submit(party, behalf, **told)
        _submit(party, confirmed, **told)
    with pytest.raises(errors.SubmissionNotAllowed):
        _submit(CLERK, confirmed, submit=True)


def test_a_change_by_somebody_else_asks_for_the_owners_confirmation_again() -> None:
    assert review.confirmation_after_change(AT, OWNER, own=True) == (AT, OWNER)
    assert review.confirmation_after_change(AT, OWNER, own=False) == (None, None)


def test_each_holder_confirms_his_own_share_and_the_first_those_without_an_account() -> None:
    shares = [(HOLDER, None, None), (OTHER, None, None), (None, "协议 1 号", None), (None, None, None)]
    asked = {"holder_party_id": HOLDER}
    assert review.shares_to_confirm(shares, party_id=HOLDER, **asked) == [0, 2]
    assert review.shares_to_confirm(shares, party_id=OTHER, **asked) == [1]
    with pytest.raises(errors.NothingToConfirm):
        review.shares_to_confirm([(HOLDER, None, AT)], party_id=HOLDER, **asked)


@pytest.mark.parametrize("level", SecrecyLevel)
def test_only_what_has_no_level_of_secrecy_is_published(level: SecrecyLevel) -> None:
    if level is SecrecyLevel.NONE:
        review.check_publication(standing(secrecy_level=level))
        return
    with pytest.raises(errors.SecretNotPublished) as refused:
        review.check_publication(standing(secrecy_level=level))
    assert refused.value.source == "促进科技成果转化法 art. 11"


def test_nobody_reviews_what_he_typed_in() -> None:
    review.check_review(standing(), reviewer=OTHER)
    with pytest.raises(errors.AuthorMayNotReview):
        review.check_review(standing(), reviewer=OWNER)


def test_whoever_writes_takes_back_drafts_and_officers_take_back_all() -> None:
    review.check_withdrawal(standing(), may_write=True, may_submit=False)
    review.check_withdrawal(standing(AchievementStatus.PUBLISHED), may_write=False, may_submit=True)
    with pytest.raises(errors.WithdrawalNotAllowed):
        review.check_withdrawal(standing(AchievementStatus.SUBMITTED), may_write=True, may_submit=False)


@pytest.mark.parametrize(
    ("given_", "masked"),
    [
        (masking.masked_name("何敏"), "何*"),
        (masking.masked_name("欧阳某某某"), "欧**"),
        (masking.masked_phone("13812345678"), "138******78"),
        (masking.masked_phone("0574-88122210"), "057*-******10"),
        (masking.masked_phone("12345"), "***45"),
        (masking.masked_email("hemin@zdlg.example.cn"), "h***@zdlg.example.cn"),
    ],
)
def test_a_contact_is_recognised_but_not_reached(given_: str, masked: str) -> None:
    assert given_ == masked


@given(st.text("0123456789+- ", min_size=5, max_size=20))
def test_a_masked_phone_never_keeps_more_than_five_digits(phone: str) -> None:
    told = masking.masked_phone(phone)
    assert len(told) == len(phone)
    assert sum(character.isdigit() for character in told) <= 5
