"""One row: from cells to an achievement, or to what is wrong with it. No text of a cell goes into a finding."""

import hashlib
import json
import re
from collections.abc import Mapping as Cells
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from app.kit.errors import Refusal
from app.kit.money import fen_of_wan, yuan
from app.listings.imports import errors
from app.listings.imports.rules.limits import FINDINGS_PER_ROW_MAX
from app.listings.imports.rules.mapping import (
    AMOUNTS,
    SEPARATORS,
    SPLIT,
    FieldFrom,
    ImportedRow,
    header_name,
    last_word,
    put,
    settled,
)
from app.listings.imports.rules.reasons import reason
from app.listings.rules.content import check_content
from app.listings.rules.labels import LABELS
from app.listings.states import SecrecyLevel

_MARKING: Final = re.compile(r"(秘密|机密|绝密)\s*[★☆]")
_SECRECY_COLUMNS: Final = frozenset({"密级", "涉密等级", "保密级别", "secrecy_level", "secrecylevel"})
_YUAN: Final = re.compile(r"(0|[1-9][0-9]{0,13})(?:\.([0-9]{1,2}))?\Z", re.ASCII)
_DATE: Final = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))\Z", re.ASCII)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a row: where in the achievement, in which column, which rule, why."""

    pointer: str | None
    column: str | None
    code: str
    reason_zh: str
    reason_en: str

    @classmethod
    def of(cls, refusal: Refusal, column: str | None = None) -> "Finding":
        """A refusal's finding."""
        pointer = refusal.field.removeprefix("/body") if refusal.field else None
        return cls(pointer, column, refusal.code, refusal.detail_zh, refusal.detail_en)


@dataclass(frozen=True)
class Accepted:
    """A row that can become an achievement. The digest is the same for the same content, whatever its file."""

    content: ImportedRow
    digest: str


def judge(cells: Cells[str, Any], fields: Cells[str, FieldFrom] | None) -> Accepted | list[Finding]:
    """Make an achievement of a row, or say what is wrong. `fields` is None for rows in the API's own shape.

    Secrecy is looked at before anything else, in the cells as they came, whether or not the mapping names the column.
    """
    if _marked_secret(cells):
        return [Finding.of(errors.SecretNotImported(field="/secrecy_level"))]
    findings: list[Finding] = []
    shaped = dict(cells) if fields is None else _shape(cells, fields, findings)
    if _level(shaped.get("secrecy_level")) is not SecrecyLevel.NONE:
        return [Finding.of(errors.SecretNotImported(field="/secrecy_level"))]
    if findings:
        return findings[:FINDINGS_PER_ROW_MAX]
    columns = {} if fields is None else {path: source.column for path, source in fields.items()}
    try:
        content = ImportedRow.model_validate(shaped, strict=False)
        check_content(content)
    except ValidationError as refused:
        return [_finding(error, columns) for error in refused.errors(include_url=False)][
            :FINDINGS_PER_ROW_MAX
        ]
    except Refusal as refusal:
        return [Finding.of(refusal, _column(refusal.field or "", columns))]
    return Accepted(content, digest_of(content))


def digest_of(content: ImportedRow) -> str:
    """SHA-256 of the content in one canonical form."""
    told = json.dumps(content.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def _marked_secret(cells: Cells[str, Any]) -> bool:
    for name, value in cells.items():
        if header_name(name).lower() in _SECRECY_COLUMNS and _level(value) is not SecrecyLevel.NONE:
            return True
    return any(_MARKING.search(text) for text in _texts(list(cells.values())))


def _texts(value: Any) -> list[str]:
    """Every text inside a value, without recursion: depth is a stranger's choice."""
    found, open_values = [], [value]
    while open_values:
        item = open_values.pop()
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, dict):
            open_values += item.values()
        elif isinstance(item, list):
            open_values += item
    return found


def _level(value: Any) -> SecrecyLevel | None:
    """The level of secrecy that is written; None for a word nobody knows, which counts as secret."""
    if value is None:
        return SecrecyLevel.NONE
    text = str(value).strip()
    known = LABELS["secrecy_level"].get(text, text.lower() or SecrecyLevel.NONE)
    return SecrecyLevel(known) if known in set(SecrecyLevel) else None


def _shape(cells: Cells[str, Any], fields: Cells[str, FieldFrom], findings: list[Finding]) -> dict[str, Any]:
    """The cells in the form of the API. An item of a list that no cell says anything about is left out."""
    told: dict[str, bool] = {}
    values: list[tuple[str, Any]] = []
    for path, source in fields.items():
        try:
            value = _value(path, source, cells)
        except Refusal as refusal:
            findings.append(Finding.of(refusal, source.column))
            continue
        item = _item(path)
        told[item] = told.get(item, False) or (source.column is not None and value is not None)
        if value is not None:
            values.append((path, value))
    constants = {
        item for item in told if all(s.constant is not None for p, s in fields.items() if _item(p) == item)
    }
    shaped: dict[str, Any] = {}
    for path, value in values:
        item = _item(path)
        if not item or told[item] or item in constants:
            put(shaped, path, value)
    return {name: settled(value) for name, value in shaped.items()}


def _item(path: str) -> str:
    """`ip_rights.0` of `ip_rights.0.type`; nothing for a plain field. Objects such as `contact` count as items too."""
    return path.rsplit(".", 1)[0] if "." in path else ""


def _value(path: str, source: FieldFrom, cells: Cells[str, Any]) -> Any:
    if source.column is None:
        return source.constant
    value = cells.get(source.column)
    if isinstance(value, str):
        value = value.strip()
    if value is None or value in ("", []):
        return source.otherwise
    if isinstance(value, (dict, list)):
        return value
    return _meant(path, source, str(value))


def _meant(path: str, source: FieldFrom, text: str) -> Any:
    """What a written cell means: by the mapping's own words first, then by the field's nature."""
    if source.values or source.starts_with:
        begins = max((key for key in source.starts_with if text.startswith(key)), key=len, default="")
        return source.values.get(text) or source.starts_with.get(begins) or source.otherwise or text
    name = last_word(path)
    if source.split is not None or name in SPLIT:
        return [_labelled(name, word) for word in _words(text, source.split or SEPARATORS)]
    if name in AMOUNTS:
        return amount(text, source.unit, "/" + path.replace(".", "/"))
    if name.endswith(("_on", "_until")):
        return _date(text)
    return _labelled(name, text)


def _words(text: str, separators: tuple[str, ...]) -> list[str]:
    for separator in separators:
        text = text.replace(separator, "\n") if separator else text
    return list(dict.fromkeys(word.strip() for word in text.split("\n") if word.strip()))


def _labelled(name: str, text: str) -> str:
    return LABELS.get(name, {}).get(text, text)


def _date(text: str) -> str:
    """A date as people write it, in ISO form; anything else is left for the form to refuse."""
    found = _DATE.match(text.split(" ", 1)[0])
    if found is None:
        return text
    return f"{found[1]}-{(found[2] or found[4]):0>2}-{(found[3] or found[5]):0>2}"


def amount(text: str, unit: str, pointer: str) -> str:
    """The exact yuan string of an amount in yuan or 万元. Full-width digits are refused, never guessed at."""
    if not text.isascii():
        raise errors.AmountNotAscii(field=pointer)
    try:
        if unit == "wan":
            return yuan(fen_of_wan(text))
    except ValueError:
        raise errors.AmountMalformed(field=pointer) from None
    found = _YUAN.match(text)
    if found is None:
        raise errors.AmountMalformed(field=pointer)
    return f"{found[1]}.{(found[2] or ''):0<2}"


def _finding(error: Any, columns: Cells[str, str | None]) -> Finding:
    pointer = "/" + "/".join(_printable(str(part)) for part in error["loc"])
    zh, en = reason(str(error["type"]), error.get("ctx") or {})
    return Finding(pointer, _column(pointer, columns), str(error["type"]), zh, en)


def _printable(name: str) -> str:
    """A field's name as it may be stored and shown: an unknown one is a stranger's text."""
    return "".join(character if character.isprintable() else "?" for character in name[:80])


def _column(pointer: str, columns: Cells[str, str | None]) -> str | None:
    path = pointer.removeprefix("/body").strip("/").replace("/", ".")
    return columns.get(path) or columns.get(path.rsplit(".", 1)[0])
