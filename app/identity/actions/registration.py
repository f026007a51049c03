"""A party comes in: by itself, by a clerk on its behalf, or, for the exchange, by the administrator."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events import outbox
from app.identity import repository
from app.identity.access import Actor
from app.identity.actions.invitations import invite
from app.identity.errors import LoginTaken
from app.identity.events import PartyRegistered
from app.identity.permissions import Permission
from app.identity.rules.codes import check_region, check_uscc
from app.identity.rules.members import first_roles
from app.identity.rules.parties import CHINA, FirstPerson, Identity, check_identity, first_person
from app.identity.rules.secrets import fold_login
from app.identity.sealing import Sealer
from app.identity.states import PartyKind, ReviewStatus
from app.identity.tables import MembershipRow, PartyRow, UserRow
from app.kit.dates import market_date
from app.kit.ids import new_id


@dataclass(frozen=True)
class NewPerson:
    """The first person of a party. password_hash: None for somebody who is invited."""

    login: str
    name: str
    password_hash: str | None


@dataclass(frozen=True)
class PartyTexts:
    """What a party says of itself."""

    name: str
    name_en: str | None
    objection_procedure: str | None


@dataclass(frozen=True)
class Registered:
    """What came of a registration."""

    party: PartyRow
    user_id: UUID | None
    invitation: str | None


async def register_party(
    session: AsyncSession,
    clock: Clock,
    *,
    sealer: Sealer,
    identity: Identity,
    texts: PartyTexts,
    person: NewPerson | None,
    actor: Actor | None,
) -> Registered:
    """Enter a party, pending review, with its first person.

    Raises the refusals of `first_person` and `check_identity`, `PartyAlreadyRegistered`, `LoginTaken`.
    """
    clerk = actor is not None and actor.may(Permission.ENTER_ON_BEHALF)
    how = first_person(
        signed_in=actor is not None,
        clerk=clerk,
        named=person is not None,
        with_password=person is not None and person.password_hash is not None,
        by_key=actor is not None and actor.via != "session",
    )
    at = await clock.read(session)
    return await _enter(
        session,
        at,
        sealer=sealer,
        identity=identity,
        texts=texts,
        person=person,
        how=how,
        actor=actor,
        clerk=clerk,
    )


async def introduce_party(
    session: AsyncSession,
    clock: Clock,
    *,
    sealer: Sealer,
    identity: Identity,
    texts: PartyTexts,
    person: NewPerson,
    actor: Actor,
) -> Registered:
    """Enter a party that somebody deals with and that is new here, pending review, with an invitation for its first person.

    The invitation is the link that becomes an account; who introduces belongs to the party in no way. Raises the refusals
    of `check_identity`, `PartyAlreadyRegistered`, `LoginTaken`.
    """
    at = await clock.read(session)
    return await _enter(
        session,
        at,
        sealer=sealer,
        identity=identity,
        texts=texts,
        person=person,
        how=FirstPerson.INVITED,
        actor=actor,
        clerk=True,
    )


async def _enter(
    session: AsyncSession,
    at: datetime,
    *,
    sealer: Sealer,
    identity: Identity,
    texts: PartyTexts,
    person: NewPerson | None,
    how: FirstPerson,
    actor: Actor | None,
    clerk: bool,
) -> Registered:
    country = check_identity(identity, market_date(at))
    party = _party(sealer, identity, texts, country)
    await repository.check_party_new(
        session,
        uscc=party.uscc,
        country_code=country,
        registration_no=party.registration_no,
        person_number_hash=party.person_number_hash,
    )
    user, invitation = await _first_user(session, how, person)
    acting = actor.user_id if actor is not None else None
    new_user = user.id if user is not None else None
    party.entered_by = acting or new_user
    party.entered_on_behalf_of = party.id if clerk else None
    session.add(party)
    await session.flush()
    member_id = acting if how is FirstPerson.ACTOR else new_user
    if member_id is not None:
        roles = sorted(str(role) for role in first_roles(identity.kind))
        session.add(MembershipRow(user_id=member_id, party_id=party.id, roles=roles))
    await outbox.record(
        session,
        PartyRegistered(
            subject_id=party.id,
            at=at,
            parties=(party.id,),
            party_kind=identity.kind,
            name=party.name,
            region_code=party.region_code,
            entered_on_behalf=clerk,
        ),
    )
    return Registered(party=party, user_id=member_id, invitation=invitation)


def _party(sealer: Sealer, identity: Identity, texts: PartyTexts, country: str) -> PartyRow:
    number, party_id = identity.person_number, new_id()
    return PartyRow(
        id=party_id,
        kind=identity.kind,
        name=texts.name,
        name_en=texts.name_en,
        uscc=identity.uscc,
        registration_no=identity.registration_no,
        country_code=country,
        person_number_hash=sealer.fingerprint(number) if number else None,
        person_number_sealed=sealer.seal(number, party_id) if number else None,
        region_code=identity.region_code,
        objection_procedure=texts.objection_procedure,
    )


async def _first_user(
    session: AsyncSession, how: FirstPerson, person: NewPerson | None
) -> tuple[UserRow | None, str | None]:
    if person is None or how not in (FirstPerson.NEW, FirstPerson.INVITED):
        return None, None
    login = fold_login(person.login)
    if await repository.user_by_login(session, login) is not None:
        raise LoginTaken(field="/body/person/login")
    user = UserRow(login=login, name=person.name, password_hash=person.password_hash)
    session.add(user)
    await session.flush()
    return user, await invite(session, user) if how is FirstPerson.INVITED else None


async def found_exchange(
    session: AsyncSession, *, name: str, uscc: str, region_code: str, login: str, person_name: str
) -> Registered:
    """Set up the exchange that runs this market, with its first manager, who then appoints everybody else.

    Called by the administrator's command, never over HTTP: an exchange reviews parties, so nobody could review it.
    """
    check_uscc(uscc)
    check_region(region_code)
    await repository.check_party_new(
        session, uscc=uscc, country_code=CHINA, registration_no=None, person_number_hash=None
    )
    user, invitation = await _first_user(
        session, FirstPerson.INVITED, NewPerson(login=login, name=person_name, password_hash=None)
    )
    assert user is not None
    party = PartyRow(
        kind=PartyKind.EXCHANGE,
        name=name,
        uscc=uscc,
        country_code=CHINA,
        region_code=region_code,
        status=ReviewStatus.APPROVED,
        entered_by=user.id,
    )
    session.add(party)
    await session.flush()
    roles = sorted(str(role) for role in first_roles(PartyKind.EXCHANGE))
    session.add(MembershipRow(user_id=user.id, party_id=party.id, roles=roles))
    await session.flush()
    return Registered(party=party, user_id=user.id, invitation=invitation)
