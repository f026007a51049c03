"""Records, receipts and heads for everybody; redactions; and what was secret until the close."""

from app.evidence.routes import packs, records, redactions, secrets

ROUTERS = (records.router, redactions.router, secrets.router, packs.router)
