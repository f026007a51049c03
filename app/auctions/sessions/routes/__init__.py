"""Paths of sessions: planned, registered for, conducted, printed."""

from app.auctions.sessions.routes import conducting, papers, planning, registering, watching

ROUTERS = (
    planning.router,
    registering.router,
    conducting.router,
    papers.router,
    papers.printing,
    watching.router,
)
