"""The opening: what is found out, who decides, what a restart loses (nothing), who opens where the market sealed."""

import asyncio
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository as auctions
from app.auctions.errors.sealed import (
    AlreadyReleased,
    CustodianKeyTaken,
    CustodianKeyUnknown,
    CustodyIncomplete,
    CustodyNotIndependent,
    EnvelopesDiffer,
    NotACustodian,
    NothingToOpen,
    OpeningNotHalted,
    PossessionNotProven,
    ReleaseNotAsked,
    SaleNotSealed,
    ShareDisagrees,
)
from app.auctions.rules.sealed.terms import Office, SealingMethod
from app.auctions.sealed import actions, queries
from app.auctions.sealed.repository import slots
from app.auctions.sealed.schemas import CustodyIn, SeatIn, SharesIn
from app.auctions.sealed.vault import Kept, Vault
from app.config import Settings
from app.db.session import Database
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.kit.errors import NotFound
from app.sealing.custody import public_bytes
from app.sealing.envelopes import bid, nothing, seal, share_commitment
from app.sealing.wire import Envelope
from app.signing.keyring import Keyring
from tests.auctions.sealed.test_examples import codes
from tests.auctions.stored import deposits, events_of
from tests.factories.auctions import CLOCK, Sale, make_draft
from tests.factories.identity import make_member
from tests.factories.sealed import (
    SealedSale,
    close_sealing,
    custody_of,
    decide,
    hand_in,
    make_custodian,
    make_sealed_draft,
    make_sealed_registered,
    make_sealing,
    open_all,
    opened_by,
    pass_for,
    place_of,
    sealed_terms,
    send,
)


async def put(session: AsyncSession, sale: SealedSale, bidder: int, envelope: Envelope) -> None:
    """Hand in an envelope that a program of the bidder's own has made."""
    given = await pass_for(session, sale, sale.bidders[bidder])
    await actions.take_envelope(
        session, CLOCK, auction_id=sale.auction_id, shown=given.envelope_pass, envelope=envelope
    )


async def results(session: AsyncSession, sale: Sale) -> list[dict[str, Any]]:
    """What the public record says of each envelope of the last opening."""
    opened = [one for one in await events_of(session, sale) if one.kind == "envelopes_opened"]
    found: list[dict[str, Any]] = opened[-1].payload["results"]
    return found


# --- void, with the culprit's name ------------------------------------------------------------------------------------


async def test_falsely_dealt_shares_void_the_bid_name_its_sealer_and_hold_up_nobody(
    session: AsyncSession,
) -> None:
    sale = await make_sealing(session, bidders=2)
    given = await pass_for(session, sale, sale.bidders[0])
    right = seal(bid("9000000.00", given.bidder_code), place_of(given), custody_of(given))
    false = [*right.share_commitments[:2], share_commitment(place_of(given), 3, bytes(32))]
    await put(session, sale, 0, right.model_copy(update={"share_commitments": false}))
    await send(session, sale, sale.bidders[1], "2100000.00")
    row = await open_all(session, sale)
    a, b = await codes(session, sale)
    assert (row.status, row.leader_code, row.current_minor) == ("awarded", b, 210_000_000)
    void = [one for one in await results(session, sale) if one["outcome"] == "void"]
    assert [(one["reason"], one["culprit"]) for one in void] == [("dealt_falsely", a)]


async def test_an_offer_under_another_bidders_code_is_void_and_names_who_made_it(
    session: AsyncSession,
) -> None:
    sale = await make_sealing(session, bidders=2)
    a, b = await codes(session, sale)
    given = await pass_for(session, sale, sale.bidders[0])
    await put(session, sale, 0, seal(bid("9000000.00", b), place_of(given), custody_of(given)))
    await send(session, sale, sale.bidders[1], "2100000.00")
    row = await open_all(session, sale)
    assert (row.leader_code, row.current_minor) == (b, 210_000_000)
    void = [one for one in await results(session, sale) if one["outcome"] == "void"]
    assert [(one["reason"], one["culprit"], one["code"]) for one in void] == [("code_disagrees", a, b)]


async def test_a_share_that_is_not_the_committed_one_is_refused_by_its_envelope(
    session: AsyncSession,
) -> None:
    sale = await make_sealing(session, bidders=1)
    await close_sealing(session, sale)
    custodian = sale.custodians[0][0]
    envelopes = await queries.envelopes_of(
        session, actor=custodian.member.actor, auction_id=sale.auction_id, round_no=1
    )
    shares = opened_by(custodian, envelopes)
    shares[3] = shares[3].model_copy(update={"share": "0" * 64})
    asked = SharesIn(round_no=1, key=custodian.fingerprint, shares=shares)
    with pytest.raises(ShareDisagrees) as caught:
        await actions.hand_in_shares(
            session, CLOCK, actor=custodian.member.actor, auction_id=sale.auction_id, asked=asked
        )
    assert caught.value.data == {"envelope_id": str(shares[3].envelope_id), "seat": 1}


# --- what cannot be opened stops for a person -------------------------------------------------------------------------


def unreadable(envelope: Envelope) -> Envelope:
    """The same shares, a content that another key encrypted: our format gone wrong, or a program of one's own."""
    wrong = AESGCM(bytes(32)).encrypt(bytes(12), b" " * 256, b"")
    return envelope.model_copy(update={"ciphertext": wrong.hex()})


async def _halted(session: AsyncSession) -> SealedSale:
    sale = await make_sealing(session, bidders=2)
    given = await pass_for(session, sale, sale.bidders[0])
    right = seal(bid("9000000.00", given.bidder_code), place_of(given), custody_of(given))
    await put(session, sale, 0, unreadable(right))
    await send(session, sale, sale.bidders[1], "2100000.00")
    row = await open_all(session, sale)
    assert (row.status, row.folded["sealing"]["halted"]) == ("opening", [str(given.envelope_id)])
    assert row.bid_no == 0
    return sale


async def test_where_one_envelope_cannot_be_opened_the_seller_may_go_on_without_it(
    session: AsyncSession,
) -> None:
    sale = await _halted(session)
    row = await decide(session, sale, proceed=True)
    assert (row.status, row.current_minor) == ("awarded", 210_000_000)
    assert [one["outcome"] for one in await results(session, sale)].count("struck") == 1
    told = next(one for one in await events_of(session, sale) if one.kind == "opening_decided")
    assert (told.payload["proceed"], told.payload["document_no"]) == (True, "校办〔2026〕31号")


async def test_or_he_ends_the_sale_and_every_deposit_goes_back(session: AsyncSession) -> None:
    sale = await _halted(session)
    row = await decide(session, sale, proceed=False)
    assert (row.status, row.bid_no) == ("cancelled", 0)
    assert await deposits(session, sale) == ["released", "released"]


async def test_nobody_decides_but_the_seller_and_only_where_there_is_something(
    session: AsyncSession,
) -> None:
    sale = await make_sealing(session, bidders=1)
    await close_sealing(session, sale)
    with pytest.raises(OpeningNotHalted):
        await decide(session, sale, proceed=True)
    sale.seller = sale.operator
    with pytest.raises(NotFound):
        await decide(session, sale, proceed=True)


async def test_a_deputy_who_can_open_after_all_ends_the_halt_without_a_decision(
    session: AsyncSession,
) -> None:
    """Two of three custodians report one envelope as not to be opened; the first one's deputy opens it."""
    sale = await make_sealing(session, bidders=1)
    envelope = await send(session, sale, sale.bidders[0], "2100000.00")
    await close_sealing(session, sale)
    for seat in (1, 2):
        custodian = sale.custodians[seat - 1][0]
        told = await queries.envelopes_of(
            session, actor=custodian.member.actor, auction_id=sale.auction_id, round_no=1
        )
        shares = [
            one.model_copy(update={"share": None}) if one.envelope_id == envelope.envelope_id else one
            for one in opened_by(custodian, told)
        ]
        asked = SharesIn(round_no=1, key=custodian.fingerprint, shares=shares)
        row = await actions.hand_in_shares(
            session, CLOCK, actor=custodian.member.actor, auction_id=sale.auction_id, asked=asked
        )
    assert row.folded["sealing"]["halted"] == [str(envelope.envelope_id)]
    shown = await queries.opening(session, actor=None, auction_id=sale.auction_id, round_no=None)
    assert [seat.failed for seat in shown.seats] == [1, 1, 0]
    await hand_in(session, sale, sale.custodians[0][1])
    row = await hand_in(session, sale, sale.custodians[2][0])
    assert (row.status, row.current_minor) == ("awarded", 210_000_000)
    shown = await queries.opening(session, actor=None, auction_id=sale.auction_id, round_no=None)
    assert shown.halted == []


# --- the set ----------------------------------------------------------------------------------------------------------


async def test_an_envelope_put_in_or_changed_after_the_close_stops_everything(session: AsyncSession) -> None:
    """Somebody with the market's own keys replaces an envelope: the published root does not know it."""
    sale = await make_sealing(session, bidders=1)
    envelope = await send(session, sale, sale.bidders[0], "2100000.00")
    await close_sealing(session, sale)
    await hand_in(session, sale, sale.custodians[0][0])
    kept = await slots.kept_in(session, sale.auction_id, 1)
    mine = kept[envelope.envelope_id]
    row = await sale.row(session)
    sealed = auctions.terms_of(row).sealed
    assert sealed is not None
    other = seal(nothing(), envelope.place, slots.custody_of(sealed))
    await slots.rewrite(session, kept | {envelope.envelope_id: Kept(other, mine.holder)})
    await slots.publish(session, sale.auction_id, 1)
    with pytest.raises(EnvelopesDiffer):
        await hand_in(session, sale, sale.custodians[1][0])


async def test_a_restart_in_the_middle_of_an_opening_loses_nothing(
    settings: Settings, database: Database
) -> None:
    """Each custodian is served by a process of its own; the second one finds what the first one stored."""

    def start() -> Database:
        made = Database(settings.asyncpg_url, pool_size=2)
        made.lend(vault=Vault.of(settings), keyring=Keyring.of(settings))
        return made

    first, second = start(), start()
    async with first.transaction() as session:
        sale = await make_sealing(session, bidders=2)
        await send(session, sale, sale.bidders[0], "2100000.00")
        await send(session, sale, sale.bidders[1], "2200000.00")
        await close_sealing(session, sale)
    async with first.transaction() as session:
        row = await hand_in(session, sale, sale.custodians[0][0])
        assert row.status == "opening"
    await first.dispose()
    async with second.transaction() as session:
        row = await hand_in(session, sale, sale.custodians[2][0])
        assert (row.status, row.current_minor) == ("awarded", 220_000_000)
    await second.dispose()


async def test_two_custodians_at_the_same_moment_open_once(database: Database, settings: Settings) -> None:
    database.lend(vault=Vault.of(settings))
    async with database.transaction() as session:
        sale = await make_sealing(session, bidders=1)
        await send(session, sale, sale.bidders[0], "2100000.00")
        await close_sealing(session, sale)

    async def one(seat: int) -> str:
        async with database.transaction() as session:
            row = await hand_in(session, sale, sale.custodians[seat][0])
            return row.status

    told = await asyncio.gather(one(0), one(1), one(2), return_exceptions=True)
    assert sorted(str(status) for status in told if isinstance(status, str)).count("awarded") == 1
    assert [type(fault) for fault in told if not isinstance(fault, str)] == [NothingToOpen]
    async with database.session() as session:
        kinds = [event.kind for event in await events_of(session, sale)]
    assert kinds.count("envelopes_opened") == kinds.count("knocked_down") == 1


# --- server-sealed ----------------------------------------------------------------------------------------------------


async def test_where_the_market_sealed_two_officers_open_and_one_does_not(session: AsyncSession) -> None:
    sale = await make_sealing(session, sealed_terms(method=SealingMethod.SERVER), bidders=2)
    await send(session, sale, sale.bidders[0], "2100000.00")
    await close_sealing(session, sale)
    first = sale.operator.actor
    second = (await make_member(session, Role.OPERATOR, kind=PartyKind.EXCHANGE)).actor

    async def release(actor: Any) -> str:
        row = await actions.release_opening(session, CLOCK, actor=actor, auction_id=sale.auction_id)
        return row.status

    assert await release(first) == "opening"
    with pytest.raises(AlreadyReleased):
        await release(first)
    assert await release(second) == "awarded"
    sealed = await make_sealing(session, bidders=1)
    await close_sealing(session, sealed)
    with pytest.raises(ReleaseNotAsked):
        await actions.release_opening(session, CLOCK, actor=first, auction_id=sealed.auction_id)


async def test_a_sale_that_the_market_seals_says_so_and_needs_no_rehearsal(session: AsyncSession) -> None:
    sale = await make_sealing(session, sealed_terms(method=SealingMethod.SERVER), bidders=1)
    row = await sale.row(session)
    assert row.terms["sealed"]["method"] == "server"
    assert [(seat["office"], seat["holder"]) for seat in row.terms["sealed"]["seats"]] == [
        ("server", "交易平台（代为密封）")
    ]


# --- keys and seats ---------------------------------------------------------------------------------------------------


async def test_a_key_takes_a_seat_only_once_its_holder_has_proven_it(session: AsyncSession) -> None:
    member = await make_member(session, Role.SUPERVISOR)
    proven = await make_custodian(session, member)
    with pytest.raises(CustodianKeyTaken):
        await actions.register_key(
            session, actor=member.actor, public_key=public_bytes(proven.key), name="同一把"
        )
    with pytest.raises(PossessionNotProven):
        await actions.prove_key(session, CLOCK, actor=member.actor, key_id=proven.row.id, answer=bytes(32))
    with pytest.raises(CustodianKeyUnknown):
        await actions.register_key(session, actor=member.actor, public_key=bytes(32), name="零")
    await actions.retire_key(session, CLOCK, actor=member.actor, key_id=proven.row.id)
    sale = await make_draft(session, sealed_terms())
    row = await sale.row(session)
    asked = CustodyIn(seats=[SeatIn(office=Office.EXCHANGE, key_ids=[proven.row.id])])
    with pytest.raises(CustodianKeyUnknown):
        await actions.seat_custodians(
            session, actor=sale.operator.actor, auction_id=row.id, asked=asked, expected=row.version
        )


async def test_no_holder_could_open_alone_and_no_office_is_missing(session: AsyncSession) -> None:
    sale = await make_draft(session, sealed_terms())
    mine = [await make_custodian(session, sale.operator) for _ in range(2)]
    other = await make_custodian(session, sale.seller)

    async def seats(*asked: tuple[Office, Any]) -> None:
        row = await sale.row(session)
        await actions.seat_custodians(
            session,
            actor=sale.operator.actor,
            auction_id=row.id,
            asked=CustodyIn(seats=[SeatIn(office=o, key_ids=[k.row.id]) for o, k in asked]),
            expected=row.version,
        )

    exchange, seller, supervisor = Office.EXCHANGE, Office.SELLER, Office.SUPERVISOR
    with pytest.raises(CustodyNotIndependent):
        await seats((exchange, mine[0]), (seller, other), (supervisor, mine[1]))
    with pytest.raises(CustodyIncomplete):
        await seats((exchange, mine[0]), (seller, other))
    with pytest.raises(CustodyIncomplete):
        await seats((exchange, mine[0]), (exchange, mine[1]), (supervisor, other))


async def test_an_open_sale_has_no_seats_and_a_stranger_opens_nothing(session: AsyncSession) -> None:
    plain = await make_draft(session)
    row = await plain.row(session)
    with pytest.raises(SaleNotSealed):
        await actions.seat_custodians(
            session,
            actor=plain.operator.actor,
            auction_id=row.id,
            asked=CustodyIn(seats=[]),
            expected=row.version,
        )
    sale = await make_sealing(session, bidders=1)
    await close_sealing(session, sale)
    stranger = await make_custodian(session, await make_member(session, Role.SUPERVISOR))
    with pytest.raises(NotACustodian):
        await hand_in(session, sale, stranger)


async def test_an_unfinished_rehearsal_can_be_begun_anew(session: AsyncSession) -> None:
    sale = await make_sealed_registered(session, bidders=1)
    operator = sale.operator.actor
    await actions.rehearse(session, actor=operator, auction_id=sale.auction_id)
    await hand_in(session, sale, sale.custodians[0][0], round_no=0)
    await actions.rehearse(session, actor=operator, auction_id=sale.auction_id)
    await hand_in(session, sale, sale.custodians[1][0], round_no=0)
    assert (await sale.row(session)).folded["sealing"]["rehearsed_at"] is None
    row = await hand_in(session, sale, sale.custodians[2][0], round_no=0)
    assert row.folded["sealing"]["rehearsed_at"] is not None
    draft = await make_sealed_draft(session)
    with pytest.raises(NothingToOpen):
        await actions.rehearse(session, actor=draft.operator.actor, auction_id=draft.auction_id)
