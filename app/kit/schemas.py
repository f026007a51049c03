"""Wire shapes shared by all rooms: inputs forbid what they do not know, outputs leave nothing to a default."""

from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from app.kit.money import Money, yuan

T = TypeVar("T")


class Input(BaseModel):
    """What a caller sends. Unknown fields are refused, never dropped."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class Output(BaseModel):
    """What we answer. Every field is always present."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, frozen=True)


class MoneyOut(Output):
    """An amount with its currency: exact yuan as a string."""

    amount: Money
    currency: str

    @classmethod
    def of(cls, amount_minor: int, currency: str = "CNY") -> "MoneyOut":
        """From fen."""
        return cls(amount=yuan(amount_minor), currency=currency)


class Page(Output, Generic[T]):
    """One page of a list, in a stable order."""

    data: list[T]
    next_cursor: str | None
    has_more: bool


def storable(text: str) -> str:
    """The text, if PostgreSQL can store it: a NUL it cannot, and a lone surrogate cannot be encoded at all."""
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("the text contains a character that cannot be stored (NUL or a lone surrogate)")
    return text


Line = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(storable)]
"""One line that a person wrote."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=20_000), AfterValidator(storable)]
"""Several paragraphs."""

ShortText = Annotated[str, StringConstraints(min_length=1, max_length=2_000), AfterValidator(storable)]
"""A paragraph: a reason, an opinion."""

RegionCode = Annotated[
    str,
    StringConstraints(pattern=r"^[1-9][0-9]{5}$"),
    Field(examples=["330100"], description="GB/T 2260 region code, six digits."),
]
