"""How a file's columns become an achievement's fields: the mapping that a person writes, and its default."""

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal
from unicodedata import normalize

from pydantic import Field, StringConstraints, field_validator

from app.kit.schemas import Input, Line, ShortText
from app.listings.imports.rules.limits import COLUMNS_MAX
from app.listings.rules.description import AchievementContent, Word
from app.listings.rules.labels import HEADERS

SEPARATORS: Final = (";", "；", "、", "|")
SPLIT: Final = (
    "keywords",
    "cooperation_modes",
    "completer_organisations",
    "holders",
    "inventors",
    "tags",
    "honours",
)
"""Fields that hold several words; a table writes them into one cell."""
AMOUNTS: Final = ("price_min", "price_max", "estimated_value")

SourceName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Path = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}(\.([a-z][a-z_]{0,39}|1?[0-9]))*$", max_length=120)
]


class ImportedRow(AchievementContent):
    """A row of a file, as an achievement with the number that its source knows it by."""

    external_id: Word


class FieldFrom(Input):
    """Where a field comes from.

    values, starts_with: what is written to what is meant; the longest beginning counts. otherwise: where neither fits,
    or the cell is empty. split: what parts one cell into several words. unit: in which an amount is written.
    """

    column: Line | None = None
    constant: ShortText | bool | int | list[ShortText] | None = None
    values: dict[ShortText, ShortText] = Field(default_factory=dict, max_length=1_000)
    starts_with: dict[ShortText, ShortText] = Field(default_factory=dict, max_length=1_000)
    otherwise: ShortText | None = None
    split: Annotated[tuple[ShortText, ...], Field(max_length=10)] | None = None
    unit: Literal["yuan", "wan"] = "yuan"


class Mapping(Input):
    """A whole mapping. `header_row` counts from 1; `sheet` is a workbook's sheet, the first if left out.

    `source` is for the command, which has no other place for it than an option.
    """

    source: SourceName | None = None
    header_row: Annotated[int, Field(ge=1, le=100)] = 1
    sheet: Line | None = None
    delimiter: Literal[",", ";", "\t"] | None = None
    fields: Annotated[dict[Path, FieldFrom], Field(min_length=1, max_length=COLUMNS_MAX)]

    @field_validator("fields")
    @classmethod
    def _known(cls, fields: dict[str, FieldFrom]) -> dict[str, FieldFrom]:
        for path, source in fields.items():
            if path.split(".", 1)[0] not in ImportedRow.model_fields:
                raise ValueError(f"an achievement has no field {path}")
            if (source.column is None) == (source.constant is None):
                raise ValueError(f"{path} needs either a column or a constant")
        return fields


def header_name(text: str) -> str:
    """A column's name as it is compared: compatibility forms folded, spaces gone."""
    return "".join(normalize("NFKC", text).split())


def default_fields(names: Sequence[str]) -> dict[str, FieldFrom]:
    """What a header says by itself: paths of the API, or the Chinese names that offices use."""
    fields: dict[str, FieldFrom] = {}
    for name in names:
        known = header_name(name)
        path = known if known.split(".", 1)[0] in ImportedRow.model_fields else HEADERS.get(known)
        if path is not None and path not in fields:
            fields[path] = FieldFrom(column=name, unit="wan" if "万元" in known else "yuan")
    return fields


def last_word(path: str) -> str:
    """The field's own name: `type` of `ip_rights.0.type`; of a list's item the list's."""
    return next(part for part in reversed(path.split(".")) if not part.isdigit())


def put(target: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a path; numbered parts are kept as keys until `settled` makes lists of them."""
    *parents, name = path.split(".")
    for part in parents:
        found = target.setdefault(part, {})
        if not isinstance(found, dict):
            return
        target = found
    target[name] = value


def settled(value: Any) -> Any:
    """Objects whose keys are all numbers become lists in their order."""
    if not isinstance(value, dict):
        return value
    if value and all(isinstance(key, str) and key.isdigit() for key in value):
        return [settled(value[key]) for key in sorted(value, key=int)]
    return {key: settled(item) for key, item in value.items()}
