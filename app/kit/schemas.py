"""Wire shapes shared by all rooms: inputs forbid what they do not know, outputs leave nothing to a default."""

from datetime import date
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    StringConstraints,
)
from pydantic_core import CoreSchema, core_schema

from app.kit.money import Sum, yuan

T = TypeVar("T")


def written_as_date(value: Any) -> Any:
    """A date or time as text (or as one that we made ourselves), never as a number of seconds."""
    if isinstance(value, (int, float)) or (isinstance(value, str) and "-" not in value):
        raise ValueError("a date or time is written as text, such as 2026-11-02 or 2026-11-02T09:00:00Z")
    return value


_DATES = core_schema.no_info_before_validator_function(written_as_date, core_schema.any_schema())["function"]


def _exactly(schema: Any) -> None:
    """Let no number stand for a truth value or a date, and no text for a number, anywhere in a schema."""
    if isinstance(schema, list):
        for part in schema:
            _exactly(part)
    if not isinstance(schema, dict) or schema.get("function") == _DATES:
        return
    if schema.get("type") in ("int", "bool"):
        schema["strict"] = True
    elif schema.get("type") in ("date", "datetime"):
        inner = dict(schema)
        schema.clear()
        schema |= core_schema.no_info_before_validator_function(written_as_date, inner)
        return
    for part in list(schema.values()):
        _exactly(part)


class Input(BaseModel):
    """What a caller sends. Unknown fields are refused, never dropped, and nothing is converted: `"7"` is no number.

    A table's cells are text; importing them says `model_validate(row, strict=False)`.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)
    exact: ClassVar[bool] = True

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The usual schema, made exact."""
        schema = handler(source)
        if cls.exact:
            _exactly(schema)
        return schema


class QueryInput(Input):
    """What stands in a query, where everything is text."""

    exact: ClassVar[bool] = False


class Output(BaseModel):
    """What we answer. Every field is always present."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, frozen=True)


class MoneyOut(Output):
    """An amount with its currency: exact yuan as a string."""

    amount: Sum
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

QueryDate = Annotated[date, BeforeValidator(written_as_date)]
"""A local date in a path or a query; in a body, `Input` sees to it."""
