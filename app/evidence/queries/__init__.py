"""Reading evidence: records, receipts, heads."""

from app.evidence.queries.batches import receipt
from app.evidence.queries.heads import heads
from app.evidence.queries.records import record

__all__ = ["heads", "receipt", "record"]
