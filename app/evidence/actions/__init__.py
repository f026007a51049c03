"""What evidence does: publishes heads, redacts texts, records who asks for secrets."""

from app.evidence.actions.heads import publish_head
from app.evidence.actions.redactions import (
    request_file_redaction,
    request_notice_redaction,
    request_redaction,
    review_redaction,
)
from app.evidence.actions.secrets import ask_for

__all__ = [
    "ask_for",
    "publish_head",
    "request_file_redaction",
    "request_notice_redaction",
    "request_redaction",
    "review_redaction",
]
