"""The life of a sealed sale: sealing until the deadline, the published root, the opening of exactly that set, the outcome.

The highest offer wins. Who ties for the highest goes into one extra round; who ties there, or seals nothing in it, stands
by the time of receipt. Source: house rules (written rounds as exchanges hold them; the tie rule as the notice says).
"""

from datetime import timedelta

from app.auctions.errors.sealed import (
    NotInThisRound,
    OpeningHalts,
    OpeningNotHalted,
    RehearsalNotAsked,
    SealingEnded,
    SealingNotOpen,
)
from app.auctions.rules.bids import judge_bidder
from app.auctions.rules.commands import BidVia, CancelReason
from app.auctions.rules.facts import (
    BidPlaced,
    Cancelled,
    EnvelopesOpened,
    OpeningDecided,
    OpeningHalted,
    OpeningRehearsed,
    RoundOpened,
)
from app.auctions.rules.notice import require_stage
from app.auctions.rules.outcome import write_outcome
from app.auctions.rules.price import exceeds
from app.auctions.rules.record import BrokenRecordError, Minutes
from app.auctions.rules.sealed.commands import (
    DecideOpening,
    HaltOpening,
    OpenEnvelopes,
    PassRehearsal,
    Seal,
)
from app.auctions.rules.sealed.rehearsal import needs_rehearsal
from app.auctions.rules.sealed.state import Fault, Found, Outcome, Result, VoidReason
from app.auctions.rules.sealed.terms import DropRule
from app.auctions.rules.snapshot import Snapshot
from app.auctions.states import AuctionStatus
from app.sealing.envelopes import Kind
from app.signing.rules.merkle import Tree

_VOID = {
    Fault.DEALT_FALSELY: VoidReason.DEALT_FALSELY,
    Fault.COMMITMENT_DISAGREES: VoidReason.COMMITMENT_DISAGREES,
}


def seal(minutes: Minutes, command: Seal) -> None:
    """Refuse an envelope that comes too early or too late, for another round, or from who may not bid in this one."""
    now = minutes.now
    if now.status is not AuctionStatus.SEALING:
        late = now.status is AuctionStatus.OPENING or now.sealing.root is not None
        raise (SealingEnded if late else SealingNotOpen)(status_now=str(now.status))
    if command.round_no != now.sealing.round_no:
        raise SealingEnded(round_no=now.sealing.round_no)
    code = judge_bidder(now, command.bidder, may_lead=True)
    if now.sealing.among is not None and code not in now.sealing.among:
        raise NotInThisRound(round_no=now.sealing.round_no)


def pass_rehearsal(minutes: Minutes, command: PassRehearsal) -> None:
    """Custodians have opened a dummy, once registration is over and before the sale is ready."""
    require_stage(minutes, AuctionStatus.REGISTRATION_CLOSED)
    if not needs_rehearsal(minutes.now):
        raise RehearsalNotAsked()
    minutes.enter(OpeningRehearsed(seq=minutes.seq, at=minutes.at, seats=command.seats))


def halt(minutes: Minutes, command: HaltOpening) -> None:
    """Some envelopes cannot be opened: stop, and let the seller decide (法释〔2016〕18号 art. 31 knows system faults)."""
    require_stage(minutes, AuctionStatus.OPENING)
    minutes.enter(
        OpeningHalted(
            seq=minutes.seq,
            at=minutes.at,
            round_no=minutes.now.sealing.round_no,
            envelope_ids=command.envelope_ids,
        )
    )


def decide_opening(minutes: Minutes, command: DecideOpening) -> None:
    """The seller's decision: go on without them, or end the sale without a winner."""
    require_stage(minutes, AuctionStatus.OPENING)
    state = minutes.now.sealing
    if not state.halted:
        raise OpeningNotHalted()
    minutes.enter(
        OpeningDecided(
            seq=minutes.seq,
            at=minutes.at,
            round_no=state.round_no,
            proceed=command.proceed,
            envelope_ids=state.halted,
            document_no=command.document_no,
            note=command.note,
        )
    )
    if not command.proceed:
        minutes.enter(
            Cancelled(
                seq=minutes.seq,
                at=minutes.at,
                reason=CancelReason.SYSTEM_FAULT,
                document_no=command.document_no,
                note=command.note,
            )
        )


def open_envelopes(minutes: Minutes, command: OpenEnvelopes) -> None:
    """Publish what every envelope of the published set held, enter the bids, and go on: a further round, or the outcome.

    Raises `OpeningHalts` where one cannot be opened and nobody has decided, and a `BrokenRecordError` where the set is not
    exactly the one whose root was published.
    """
    require_stage(minutes, AuctionStatus.OPENING)
    state = minutes.now.sealing
    tree = Tree(found.leaf for found in command.found)
    if (tree.root.hex(), tree.size) != (state.root, state.size):
        raise BrokenRecordError("the envelopes are not those whose root was published")
    results = tuple(_result(minutes.now, found) for found in command.found)
    minutes.enter(EnvelopesOpened(seq=minutes.seq, at=minutes.at, round_no=state.round_no, results=results))
    bids = sorted((r for r in results if r.outcome is Outcome.BID), key=_ascending)
    for bid in bids:
        assert bid.code is not None and bid.amount_minor is not None
        minutes.enter(
            BidPlaced(
                seq=minutes.seq,
                at=minutes.at,
                bid_no=minutes.now.bid_no + 1,
                bidder_code=bid.code,
                amount_minor=bid.amount_minor,
                via=BidVia.SEALED,
            )
        )
    _go_on(minutes, bids)


def _ascending(bid: Result) -> tuple[int, float, str]:
    """By amount; of equal ones the earlier receipt comes last, so that it leads."""
    assert bid.amount_minor is not None and bid.received_at is not None
    return (bid.amount_minor, -bid.received_at.timestamp(), bid.envelope_id)


def _result(now: Snapshot, found: Found) -> Result:
    outcome, reason = _judged(now, found)
    return Result(
        envelope_id=found.envelope_id,
        commitment=found.commitment,
        digest=found.digest,
        outcome=outcome,
        reason=reason,
        code=found.code,
        amount_minor=found.amount_minor,
        salt=found.salt,
        received_at=found.received_at if outcome is Outcome.BID else None,
        culprit=found.holder_code if outcome is Outcome.VOID else None,
    )


def _judged(now: Snapshot, found: Found) -> tuple[Outcome, VoidReason | None]:
    """What one envelope counts for. The first ground in the order of this function decides."""
    if found.fault is Fault.UNOPENABLE:
        if found.envelope_id not in now.sealing.struck:
            raise OpeningHalts(envelope_id=found.envelope_id)
        return Outcome.STRUCK, None
    if found.fault is not None:
        return Outcome.VOID, _VOID[found.fault]
    if found.kind is Kind.NONE:
        return Outcome.NONE, None
    if found.holder_code is None or found.code != found.holder_code:
        return Outcome.VOID, VoidReason.CODE_DISAGREES
    ground = _ground_against(now, found.amount_minor)
    return (Outcome.BID, None) if ground is None else (Outcome.VOID, ground)


def _ground_against(now: Snapshot, amount_minor: int | None) -> VoidReason | None:
    """Why an opened amount does not count; None where it does."""
    if amount_minor is None or not reaches(now, amount_minor):
        return VoidReason.BELOW_FLOOR
    return VoidReason.ABOVE_WHOLE if exceeds(now.terms.price, amount_minor) else None


def reaches(now: Snapshot, amount_minor: int) -> bool:
    """Whether an offer (fen) is high enough in this round: the start price in the first, above the floor later."""
    floor = now.sealing.floor_minor
    return amount_minor >= now.terms.start_price_minor if floor is None else amount_minor > floor


def _go_on(minutes: Minutes, bids: list[Result]) -> None:
    """After a round with these bids, lowest first: a further round, an extra one between the tied, or the outcome."""
    now, state = minutes.now, minutes.now.sealing
    sealed = now.terms.sealed
    assert sealed is not None
    codes = [bid.code for bid in bids if bid.code is not None]
    tied = [bid.code for bid in bids if bid.code and bid.amount_minor == bids[-1].amount_minor]
    if sealed.drop is DropRule.LOWEST and len(codes) > 2 and len(tied) < len(codes):
        codes = codes[1:]
    if not state.is_tie and state.round_no < now.terms.rounds_max and len(codes) > 1:
        _open_round(minutes, codes, is_tie=False)
    elif not state.is_tie and len(tied) > 1:
        _open_round(minutes, tied, is_tie=True)
    else:
        write_outcome(minutes)


def _open_round(minutes: Minutes, among: list[str], *, is_tie: bool) -> None:
    now = minutes.now
    assert now.terms.sealed is not None and now.current_minor is not None
    minutes.enter(
        RoundOpened(
            seq=minutes.seq,
            at=minutes.at,
            round_no=now.sealing.round_no + 1,
            among=tuple(sorted(among)),
            floor_minor=now.current_minor,
            is_tie=is_tie,
            ends_at=minutes.at + timedelta(seconds=now.terms.sealed.round_seconds),
        )
    )
