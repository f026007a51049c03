"""What evidence does: publishes heads."""

from app.evidence.actions.heads import publish_head

__all__ = ["publish_head"]
