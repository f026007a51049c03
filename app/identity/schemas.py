"""Identity's wire shapes. Neither passwords nor identity numbers ever come back."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints, field_validator

from app.identity.permissions import Permission, Role
from app.identity.states import CreditKind, PartyKind, ReviewStatus
from app.kit.dates import Instant
from app.kit.schemas import Input, Line, Output, RegionCode, ShortText, Text, storable

PERSON_NUMBER_MASK = "******************"


def _secret(value: SecretStr) -> SecretStr:
    storable(value.get_secret_value())
    return value


def _as_typed(value: object) -> object:
    """Inputs lose the spaces around their texts; those of a password are part of it."""
    return SecretStr(value) if isinstance(value, str) else value


Login = Annotated[
    str,
    StringConstraints(min_length=3, max_length=100, pattern=r"^[A-Za-z0-9_.@+\-]+$"),
    Field(
        examples=["tto@example.cn"],
        description="E-mail address, telephone number or a name; case does not count.",
    ),
]
Password = Annotated[
    SecretStr, BeforeValidator(_as_typed), Field(min_length=1, max_length=128), AfterValidator(_secret)
]
Uscc = Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(storable)]
CountryCode = Annotated[
    str, StringConstraints(pattern=r"^[A-Z]{3}$"), Field(description="ISO 3166-1 alpha-3.")
]
PersonNumber = Annotated[SecretStr, Field(min_length=1, max_length=64), AfterValidator(_secret)]


class FirstPersonIn(Input):
    """Who acts for a new party first. A clerk leaves the password out: the person gets an invitation."""

    login: Login
    name: Line
    password: Password | None = None


class PartyIn(Input):
    """A new party with its first person.

    Exactly one number identifies it: `uscc` for organisations of the mainland, `person_number` for natural persons,
    `registration_no` with `country_code` for Hong Kong, Macau, Taiwan and foreign parties.
    """

    kind: PartyKind
    name: Line
    name_en: Line | None = None
    uscc: Uscc | None = Field(None, description="统一社会信用代码, 18 characters, half-width capitals.")
    registration_no: Line | None = None
    country_code: CountryCode | None = None
    person_number: PersonNumber | None = Field(
        None, description="18 characters; stored encrypted, never shown."
    )
    region_code: RegionCode
    objection_procedure: Text | None = Field(
        None, description="异议处理办法; needed before a negotiated price is put on notice."
    )
    person: FirstPersonIn | None = Field(
        None, description="Left out by somebody signed in who becomes the first person, and by clerks."
    )


class PartyOut(Output):
    """A party, as its own people and the operators see it."""

    id: UUID
    kind: PartyKind
    name: str
    name_en: str | None
    uscc: str | None
    registration_no: str | None
    country_code: str
    person_number: str | None
    region_code: str
    objection_procedure: str | None
    status: ReviewStatus
    review_reason: str | None
    entered_on_behalf: bool
    created_at: Instant
    version: int


class PartyRegisteredOut(Output):
    """The new party. `invitation` is shown once: the first person sets a password with it."""

    party: PartyOut
    user_id: UUID | None
    invitation: str | None


class PartyPatch(Input):
    """What a party changes by itself. A field that is left out stays as it is."""

    name_en: Line | None = None
    objection_procedure: Text | None = None


class PartyReviewIn(Input):
    """The operator's decision. A refusal needs its reason."""

    approved: bool
    reason: ShortText | None = None


class ResubmissionIn(Input):
    """What a refused party corrects. A field that is left out stays as it is."""

    name: Line | None = None
    name_en: Line | None = None
    uscc: Uscc | None = None
    registration_no: Line | None = None
    region_code: RegionCode | None = None

    @field_validator("name", "uscc", "registration_no", "region_code")
    @classmethod
    def _not_removed(cls, value: str | None) -> str | None:
        if value is None:
            raise ValueError("leave the field out to keep it; it cannot be removed")
        return value


class SignInIn(Input):
    """Login and password."""

    login: Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(storable)]
    password: Password


class UserOut(Output):
    """The person."""

    id: UUID
    login: str
    name: str


class PartySummary(Output):
    """The party for which the person acts."""

    id: UUID
    kind: PartyKind
    name: str
    status: ReviewStatus
    region_code: str


class MembershipOut(Output):
    """One of the person's places. `accepted` false: an invitation that waits for his answer."""

    id: UUID
    party_id: UUID
    party_name: str
    party_kind: PartyKind
    roles: list[Role]
    accepted: bool


class SessionOut(Output):
    """Who is signed in, for whom, and what he may do. `csrf_token` goes into `X-CSRF-Token`; null for a key."""

    user: UserOut
    party: PartySummary
    memberships: list[MembershipOut]
    roles: list[Role]
    permissions: list[Permission]
    region_scope: str | None
    csrf_token: str | None


class ActForIn(Input):
    """The party to act for from now on."""

    party_id: UUID


class PasswordIn(Input):
    """The present password and the new one."""

    current_password: Password
    new_password: Password


class InvitationIn(Input):
    """An invitation and the password that its holder chooses."""

    invitation: Annotated[str, StringConstraints(min_length=20, max_length=128, pattern=r"^[A-Za-z0-9_\-]+$")]
    password: Password


class MemberIn(Input):
    """Somebody to bring in. A person who has an account already decides himself whether he accepts."""

    login: Login
    name: Line = Field(description="Used for a new account; somebody who has one keeps his own name.")
    roles: Annotated[list[Role], Field(min_length=1, max_length=12)]
    job: Line | None = None
    region_scope: RegionCode | None = Field(
        None, description="Staff see this region's subtree only; granted by the exchange."
    )


class MemberPatch(Input):
    """What changes. A field that is left out stays as it is."""

    roles: Annotated[list[Role], Field(min_length=1, max_length=12)] | None = None
    job: Line | None = None
    region_scope: RegionCode | None = None

    @field_validator("roles")
    @classmethod
    def _some(cls, value: list[Role] | None) -> list[Role] | None:
        if value is None:
            raise ValueError("leave the field out to keep the roles; end the membership to remove them all")
        return value


class MemberOut(Output):
    """One of a party's people. `accepted` false: invited, not yet answered. `has_password` false: not yet set."""

    id: UUID
    user_id: UUID
    login: str
    name: str
    roles: list[Role]
    job: str | None
    region_scope: str | None
    accepted: bool
    has_password: bool
    created_at: Instant
    version: int


class MemberAddedOut(Output):
    """The member. `invitation` is shown once, to be handed over in person; null for somebody with an account."""

    member: MemberOut
    invitation: str | None


class InvitationOut(Output):
    """A new invitation, shown once (null in a repeat); the earlier one no longer counts."""

    invitation: str | None


class ApiKeyIn(Input):
    """A key to make. Its permissions are at most its maker's, and shrink with his."""

    name: Line
    kind: Literal["live", "test"]
    scopes: Annotated[list[Permission], Field(min_length=1, max_length=50)]
    expires_in_days: int = Field(ge=1, le=365)


class ApiKeyOut(Output):
    """A key, without its secret."""

    id: UUID
    name: str
    kind: Literal["live", "test"]
    prefix: str
    scopes: list[Permission]
    created_at: Instant
    expires_at: Instant
    revoked_at: Instant | None
    last_used_at: Instant | None


class ApiKeyMadeOut(Output):
    """The key with its secret, shown this once: a repeat under the same `Idempotency-Key` finds null."""

    api_key: ApiKeyOut
    key: str | None


class CreditRecordOut(Output):
    """An entry of a party's credit record."""

    id: UUID
    party_id: UUID
    kind: CreditKind
    reference: str
    document_no: str
    note: str
    at: Instant
