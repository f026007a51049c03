"""Wire shapes of late deposits."""

from app.kit.schemas import Input, Line, ShortText


class LateAcceptanceIn(Input):
    """The seller's written consent to a deposit that came late; its number is published."""

    consent_document_no: Line
    note: ShortText
