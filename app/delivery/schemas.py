"""Shapes of the organisation's stream."""

from typing import Any
from uuid import UUID

from app.kit.dates import Instant
from app.kit.schemas import Output


class OrganisationEvent(Output):
    """The data of one event. The stream's id is its position; the event's name is its kind."""

    position: int
    kind: str
    version: int
    subject: str
    subject_id: UUID
    at: Instant
    data: dict[str, Any]


class OrganisationHeartbeat(Output):
    """Sent every 5 s: market time and the last position that was told, so that silence can be told from loss."""

    server_at: Instant
    position: int
