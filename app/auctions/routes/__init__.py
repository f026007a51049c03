"""`/v1/auctions`: announce, register elsewhere, bid here, watch."""

from app.auctions.routes import bids, sales, streams

ROUTERS = (sales.router, bids.router, bids.queued, streams.router)
