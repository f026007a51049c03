"""`/v1/negotiations`: talking, and what becomes of agreed terms."""

from app.markets.negotiated.routes import talks, terms

ROUTERS = (talks.router, terms.router)
