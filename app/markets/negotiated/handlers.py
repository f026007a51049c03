"""What a negotiation does when its offering leaves the market, and when its price notice pauses, passes or fails."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events.dispatch import Handler
from app.events.model import Event
from app.markets.events import OfferingClosed
from app.markets.negotiated import actions
from app.markets.negotiated.actions.noticing import ABOUT
from app.markets.negotiated.states import NegotiationStatus
from app.notices.events import (
    NoticeEvent,
    NoticeFailed,
    NoticePassed,
    NoticePaused,
    NoticeResumed,
    NoticeRevoked,
)


async def _closed(session: AsyncSession, clock: Clock, event: Event) -> None:
    await actions.close_all(session, clock, offering_id=event.subject_id)


async def _follow_notice(session: AsyncSession, clock: Clock, event: Event) -> None:
    assert isinstance(event, NoticeEvent)
    if event.about_kind != ABOUT:
        return
    which = {"negotiation_id": event.about_id, "notice_id": event.subject_id}
    if isinstance(event, NoticePaused):
        await actions.follow(session, **which, to=NegotiationStatus.NOTICE_PAUSED)
    elif isinstance(event, NoticeResumed):
        await actions.follow(session, **which, to=NegotiationStatus.NOTICED)
    elif isinstance(event, NoticePassed):
        await actions.follow(session, **which, to=NegotiationStatus.NOTICED)
        await actions.passed(session, **which, at=event.at)
    elif isinstance(event, NoticeFailed):
        await actions.failed(session, clock, **which, effect=event.effect)
    else:
        await actions.revoked(session, **which)


HANDLERS = (
    Handler("markets.negotiated.offering_closed", (OfferingClosed.kind,), _closed),
    Handler(
        "markets.negotiated.follow_notice",
        (
            NoticePaused.kind,
            NoticeResumed.kind,
            NoticePassed.kind,
            NoticeFailed.kind,
            NoticeRevoked.kind,
        ),
        _follow_notice,
    ),
)
