"""What auctions do when another room tells something."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions
from app.auctions.actions import objecting
from app.auctions.actions.noticing import ABOUT
from app.db.clock import Clock
from app.events.dispatch import Handler
from app.events.model import Event
from app.markets.events import CompetitionRequired
from app.notices.events import NoticeEvent, NoticeFailed, NoticePassed, NoticePaused, NoticeResumed
from app.notices.states import NoticeKind


async def open_competition(session: AsyncSession, clock: Clock, event: Event) -> None:
    """A listed sale has rivals: they bid, on the registrations that they have."""
    assert isinstance(event, CompetitionRequired)
    await actions.call_competition(session, clock, required=event)


async def follow_notice(session: AsyncSession, clock: Clock, event: Event) -> None:
    """A sale stands still, goes on and ends with its notice."""
    assert isinstance(event, NoticeEvent)
    if event.about_kind != ABOUT or event.notice_kind is not NoticeKind.AUCTION:
        return
    if isinstance(event, NoticePaused):
        await objecting.interrupt(session, clock, auction_id=event.about_id)
    elif isinstance(event, NoticeFailed):
        await objecting.call_off(session, clock, auction_id=event.about_id, document_no=event.document_no)
    else:
        await objecting.go_on(session, clock, auction_id=event.about_id)


HANDLERS = (
    Handler("auctions.open_competition", (CompetitionRequired.kind,), open_competition),
    Handler(
        "auctions.follow_notice",
        (NoticePaused.kind, NoticeResumed.kind, NoticePassed.kind, NoticeFailed.kind),
        follow_notice,
    ),
)
