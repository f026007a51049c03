"""Find the buyer in default, decide on it, and say how his deposit is used up."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository as auctions
from app.auctions.confirmations import actions as confirmations
from app.auctions.defaults import repository, rules
from app.auctions.defaults.errors import DefaultFoundBefore, NoDepositForfeited
from app.auctions.defaults.events import BuyerDefaulted, SaleDefaulted
from app.auctions.defaults.rules import Due, Resale
from app.auctions.defaults.schemas import DefaultIn, DispositionIn
from app.auctions.defaults.states import MACHINE, DefaultStatus, Ground
from app.auctions.defaults.tables import DefaultRow
from app.auctions.reauctions import repository as reauctions
from app.auctions.rules import notice
from app.auctions.states import ENDED, AuctionStatus
from app.auctions.tables import AuctionRow
from app.calendar.queries import add_working_days
from app.db.clock import Clock
from app.events import outbox
from app.http.etags import check_version
from app.identity import actions as identity
from app.identity.access import Actor
from app.identity.states import CreditKind
from app.kit.dates import market_date
from app.kit.money import fen, yuan
from app.markets import actions as markets
from app.markets import repository as offerings
from app.markets.registrations import repository as registrants
from app.markets.tables import AwardRow
from app.settlement import actions as settlement
from app.settlement import queries as deposits
from app.settlement.dispositions import actions as dispositions
from app.settlement.dispositions.actions import Proposal
from app.settlement.dispositions.tables import DispositionRow

RESCINDED = "受让方悔拍"


async def propose_default(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, asked: DefaultIn
) -> DefaultRow:
    """Propose to find the buyer of a sale in default, by a paper. Nothing changes until a second person confirms.

    Raises `NotFound`, `OperatorIsSeller`, `NothingAwarded`, `DefaultTooEarly`, `DefaultFoundBefore`, and the market's
    `AwardWasConcluded`, `AwardWasRescinded`.
    """
    row = await auctions.lock_in_region(session, auction_id, actor.region_prefix)
    at = await clock.read(session)
    award = await _award_of(session, row)
    buyer = award.buyer_party_id if award is not None else None
    notice.check_publisher(concerned=actor.belongs_to(row.seller_party_id, buyer))
    due = await _due(session, row, award)
    rules.check_ground(AuctionStatus(row.status), ground=asked.ground, due=due, at=at)
    assert award is not None
    if await repository.stands(session, row.id):
        raise DefaultFoundBefore()
    await markets.standing_award(session, award_id=award.id)
    return await repository.add(
        session,
        DefaultRow(
            auction_id=row.id,
            award_id=award.id,
            registration_id=award.registration_id,
            seller_party_id=award.seller_party_id,
            buyer_party_id=award.buyer_party_id,
            price_minor=award.amount_minor,
            ground=asked.ground,
            due_on=_due_on(asked.ground, due),
            document_no=asked.document_no,
            reason=asked.reason,
            source=rules.source_of(auctions.terms_of(row).organiser),
            status=MACHINE.initial,
            region_code=row.region_code,
            entered_by=actor.user_id,
        ),
    )


async def confirm_default(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, expected: int
) -> DefaultRow:
    """Confirm as the second person: the award is rescinded, the deposit forfeited, the buyer's credit record noted.

    One commit: there is no moment at which the award is gone and the deposit still held. Raises `DefaultNotFound`,
    `DefaultNeedsSecondPerson`, `DefaultDecided`, `Stale`, the market's `AwardWasConcluded`, and settlement's
    `DepositEnded` where the deposit has been applied to the price in the meantime.
    """
    row, found = await _locked(session, actor, auction_id, expected)
    at = await clock.read(session)
    await markets.rescind(
        session,
        clock,
        award_id=found.award_id,
        document_no=found.document_no,
        reason=f"{RESCINDED}：{found.reason}",
        decided_by=actor.user_id,
    )
    found.forfeited_minor = await _forfeit(session, clock, found, actor)
    _decide(found, actor, DefaultStatus.CONFIRMED, at)
    await confirmations.void(session, auction_id=row.id, at=at)
    await session.flush()
    for party_id in await _buyers(session, found):
        await identity.note_credit(
            session,
            party_id=party_id,
            kind=CreditKind.BUYER_DEFAULT,
            reference=row.number,
            document_no=found.document_no,
            note=found.reason,
            entered_by=actor.user_id,
            at=at,
        )
    await outbox.record(session, *_told(row, found, at))
    return found


async def refuse_default(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, expected: int, reason: str
) -> DefaultRow:
    """Send the proposal back as the second person. The award stands. Raises as `confirm_default` does."""
    _, found = await _locked(session, actor, auction_id, expected)
    _decide(found, actor, DefaultStatus.REFUSED, await clock.read(session), reason)
    await session.flush()
    return found


async def propose_disposition(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, asked: DispositionIn
) -> DispositionRow:
    """Propose how the forfeited deposit is used up: costs, the re-auction's shortfall, the seller; finance confirms.

    Raises `DefaultNotFound`, `NoDepositForfeited`, `ReauctionMayFollow`, settlement's `DisposedBefore`.
    """
    row = await auctions.lock_in_region(session, auction_id, actor.region_prefix)
    at = await clock.read(session)
    found = await repository.latest(session, row.id)
    notice.check_publisher(concerned=actor.belongs_to(found.seller_party_id, found.buyer_party_id))
    if found.registration_id is None or found.decided_at is None or not found.forfeited_minor:
        raise NoDepositForfeited()
    offering = await offerings.lock(session, row.offering_id)
    days = (await offerings.profile_of(session, offering)).auction.reauction_days.value
    shortfall = rules.shortfall_of(
        number=row.number,
        price_minor=found.price_minor,
        resale=await _resale(session, row),
        reauction_until=rules.reauction_until(found.decided_at, days=days),
        given_up_by=asked.reauction_given_up_by,
        at=at,
    )
    return await dispositions.propose(
        session,
        actor=actor,
        reference_id=found.registration_id,
        seller_party_id=found.seller_party_id,
        proposal=Proposal(
            costs_minor=fen(asked.costs),
            costs_document_no=asked.costs_document_no,
            shortfall_minor=shortfall.amount_minor,
            shortfall_basis=shortfall.basis,
            source=found.source,
            note=asked.note,
        ),
    )


async def _locked(
    session: AsyncSession, actor: Actor, auction_id: UUID, expected: int
) -> tuple[AuctionRow, DefaultRow]:
    row = await auctions.lock_in_region(session, auction_id, actor.region_prefix)
    found = await repository.latest(session, row.id)
    notice.check_publisher(concerned=actor.belongs_to(found.seller_party_id, found.buyer_party_id))
    rules.check_decision(DefaultStatus(found.status), same_person=actor.user_id == found.entered_by)
    check_version(found.version, expected)
    return row, found


async def _award_of(session: AsyncSession, row: AuctionRow) -> AwardRow | None:
    return await offerings.award_of(session, row.award_id) if row.award_id is not None else None


async def _buyers(session: AsyncSession, found: DefaultRow) -> list[UUID]:
    """All who bought, where several did jointly."""
    if found.registration_id is None:
        return [found.buyer_party_id]
    return [one.party_id for one in await registrants.buyers_of(session, found.registration_id)]


async def _due(session: AsyncSession, row: AuctionRow, award: AwardRow | None) -> Due:
    """Working days from the day of the award, which is day 0, as the rule profile says."""
    awarded_on = market_date(award.awarded_at if award is not None else row.sorted_at)
    usual = (await offerings.profile_of(session, await offerings.lock(session, row.offering_id))).auction
    confirm = await add_working_days(session, awarded_on, usual.confirmation_days.value)
    sign = await add_working_days(session, awarded_on, usual.contract_days.value)
    return Due(confirm_on=confirm.on, sign_on=sign.on)


def _due_on(ground: Ground, due: Due) -> date | None:
    if ground is Ground.DECLARED:
        return None
    return due.confirm_on if ground is Ground.NOT_CONFIRMED else due.sign_on


async def _forfeit(session: AsyncSession, clock: Clock, found: DefaultRow, actor: Actor) -> int:
    if found.registration_id is None or await deposits.deposit_of(session, found.registration_id) is None:
        return 0
    deposit = await settlement.forfeit(
        session,
        clock,
        reference_id=found.registration_id,
        decision_reference=found.document_no,
        reason=f"{RESCINDED}，扣收保证金",
        entered_by=actor.user_id,
    )
    return deposit.left_minor


async def _resale(session: AsyncSession, row: AuctionRow) -> Resale | None:
    following = await reauctions.following(session, row.id)
    if following is None:
        return None
    # Awards are compared, not bids: what was bid may be a rate or a yearly fee.
    award = await _award_of(session, following)
    return Resale(
        number=following.number,
        ended=following.status in ENDED,
        price_minor=award.amount_minor if award is not None else None,
    )


def _decide(
    found: DefaultRow, actor: Actor, to: DefaultStatus, at: datetime, reason: str | None = None
) -> None:
    MACHINE.advance(found, to)
    found.decided_by, found.decided_at, found.decision_reason = actor.user_id, at, reason


def _told(row: AuctionRow, found: DefaultRow, at: datetime) -> tuple[SaleDefaulted, BuyerDefaulted]:
    price = yuan(found.price_minor)
    return (
        SaleDefaulted(
            subject_id=row.id,
            at=at,
            parties=(found.seller_party_id, found.buyer_party_id),
            number=row.number,
            offering_id=row.offering_id,
            title=row.title,
            price=price,
            source=found.source,
        ),
        BuyerDefaulted(
            subject_id=row.id,
            at=at,
            parties=(found.seller_party_id, found.buyer_party_id),
            number=row.number,
            award_id=found.award_id,
            seller_party_id=found.seller_party_id,
            buyer_party_id=found.buyer_party_id,
            ground=Ground(found.ground),
            document_no=found.document_no,
            reason=found.reason,
            price=price,
            forfeited=yuan(found.forfeited_minor),
            source=found.source,
        ),
    )
