"""What registrations tell: to the buyer concerned, nobody else."""

from datetime import datetime

from app.kit.money import yuan
from app.markets.events import Registered, RegistrationConcluded, RegistrationDecided, RegistrationQualified
from app.markets.registrations.states import RegistrationStatus
from app.markets.registrations.tables import RegistrationRow
from app.markets.tables import OfferingRow


def registered_event(row: RegistrationRow, offering: OfferingRow, at: datetime) -> Registered:
    """What is told of a new registration."""
    return Registered(
        subject_id=row.id,
        at=at,
        parties=(row.buyer_party_id,),
        registration_number=row.number,
        offering_id=offering.id,
        offering_number=offering.number,
        title=offering.title,
        deposit_amount=yuan(row.deposit_minor),
        deposit_due_at=offering.deposit_due_at if row.deposit_minor else None,
    )


def decided_event(row: RegistrationRow, at: datetime) -> list[RegistrationDecided | RegistrationQualified]:
    """What is told of a decision, and of the qualification that it brings."""
    told: list[RegistrationDecided | RegistrationQualified] = [
        RegistrationDecided(
            subject_id=row.id,
            at=at,
            parties=(row.buyer_party_id,),
            registration_number=row.number,
            offering_id=row.offering_id,
            passed=bool(row.passed),
            reason=row.decision_reason or "",
            status=row.status,
        )
    ]
    return [*told, qualified_event(row, at)] if row.status == RegistrationStatus.QUALIFIED else told


def qualified_event(row: RegistrationRow, at: datetime) -> RegistrationQualified:
    """What is told of who may take part now."""
    return RegistrationQualified(
        subject_id=row.id,
        at=at,
        parties=(row.buyer_party_id,),
        registration_number=row.number,
        offering_id=row.offering_id,
    )


def concluded_event(row: RegistrationRow, at: datetime) -> RegistrationConcluded:
    """What is told of how a registration ended."""
    return RegistrationConcluded(
        subject_id=row.id,
        at=at,
        parties=(row.buyer_party_id,),
        registration_number=row.number,
        offering_id=row.offering_id,
        status=row.status,
    )
