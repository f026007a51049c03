"""Notices for everybody; mending them; objections."""

from app.notices.routes import mends, notices, objections

ROUTERS = (notices.router, mends.router, objections.router)
