"""Reading evidence: records, receipts, heads, redactions, and what was secret until the close."""

from app.evidence.queries.batches import receipt
from app.evidence.queries.heads import heads
from app.evidence.queries.notices import notice_record
from app.evidence.queries.records import record
from app.evidence.queries.redactions import redaction, redactions
from app.evidence.queries.secrets import identities, reserve, secret_reads

__all__ = [
    "heads",
    "identities",
    "notice_record",
    "receipt",
    "record",
    "redaction",
    "redactions",
    "reserve",
    "secret_reads",
]
