"""`verify`: checks an evidence pack, a record or a receipt with no database and no part of the service but its rules."""

from pathlib import Path
from typing import Annotated, Any, NoReturn

import httpx
import typer

from app.evidence.rules.checking import is_receipt, keys_of, verify_one_receipt, verify_record
from app.evidence.rules.findings import Report
from app.evidence.rules.packs import is_pack, verify_pack
from app.evidence.rules.shape import NotADocument, read_json
from app.kit.money import yuan

READ_BYTES_MAX = 256 * 1024 * 1024
SHOWN_MAX = 50


def command(
    source: Annotated[
        str,
        typer.Argument(
            metavar="FILE|URL", help="证据包、记录或回执 · an evidence pack, a record or a receipt"
        ),
    ],
    *,
    keys: Annotated[
        str | None, typer.Option(help="您保存的公钥(GET /v1/keys)· keys that you kept: FILE|URL")
    ] = None,
    record: Annotated[
        str | None, typer.Option(help="用来核对回执的记录 · the record to hold a receipt against: FILE|URL")
    ] = None,
) -> None:
    """核验证据包、竞价记录、公告记录或回执，不需要数据库 · verify an evidence pack, a record of a sale or a notice, or a receipt, without a database.

    退出码 exit code: 0 相符 verified, 1 有出入 differs, 2 无法读取 cannot be read.
    """
    data, pinned = _bytes(source), _keys(keys)
    if is_pack(data):
        title, report = verify_pack(data, pinned=pinned)
        _tell(title, report, trusted=pinned is not None)
        raise typer.Exit(0 if report.verified else 1)
    told = _json(source, data)
    if is_receipt(told):
        held = _read(record) if record is not None else None
        known = pinned if pinned is not None else _keys_of(held)
        if known is None:
            _give_up(
                "核验回执需要公钥：请用 --keys 或 --record 给出",
                "a receipt needs public keys: name them with --keys, or a --record that holds them",
            )
        report = verify_one_receipt(told, keys=known, record=held)
        title = f"{told.get('auction_id')} seq {told.get('seq')}"
    else:
        report = verify_record(told, pinned=pinned)
        title = _title(told)
    _tell(title, report, trusted=pinned is not None)
    raise typer.Exit(0 if report.verified else 1)


def _read(source: str) -> Any:
    return _json(source, _bytes(source))


def _json(source: str, data: bytes) -> Any:
    try:
        return read_json(data)
    except NotADocument as error:
        _give_up(f"{source} 不是可读的 JSON:{error}", f"{source} is no readable JSON: {error}")


def _bytes(source: str) -> bytes:
    try:
        if source.startswith(("http://", "https://")):
            response = httpx.get(source, timeout=30, follow_redirects=False)
            if response.status_code != 200:
                _give_up(f"{source} 答复 {response.status_code}", f"{source} answered {response.status_code}")
            return response.content
        path = Path(source)
        if path.stat().st_size > READ_BYTES_MAX:
            _give_up(f"{source} 太大", f"{source} is too large")
        return path.read_bytes()
    except (OSError, httpx.HTTPError) as error:
        _give_up(f"读不到 {source}:{error}", f"cannot read {source}: {error}")


def _keys(source: str | None) -> dict[str, bytes] | None:
    if source is None:
        return None
    found = _keys_of(_read(source))
    if found is None:
        _give_up(f"{source} 里没有公钥", f"{source} holds no public keys")
    return found


def _keys_of(told: Any) -> dict[str, bytes] | None:
    try:
        return keys_of(told)
    except ValueError:
        return None


def _title(told: Any) -> str:
    of = (told.get("auction") or told.get("notice")) if isinstance(told, dict) else None
    return f"{of.get('number')} {of.get('title')}" if isinstance(of, dict) else "?"


def _tell(title: str, report: Report, *, trusted: bool) -> None:
    print(title)
    for found in report.differences[:SHOWN_MAX]:
        print(f"  ✗ [{found.code}] {found.zh}\n      {found.en}")
    if len(report.differences) > SHOWN_MAX:
        print(f"  … 共 {len(report.differences)} 处 · {len(report.differences)} differences")
    for found in report.notes:
        print(f"  · {found.zh}\n    {found.en}")
    if report.outcome:
        print(f"  重演结果 replayed: {_outcome(report.outcome)}")
    if report.verified:
        print(f"核验通过：{report.facts} 条 · verified: {report.facts} entries")
        if not trusted:
            print(
                "公钥取自文件本身；请与您保存的或 /v1/keys 公布的核对(--keys)· "
                "the keys are those of the document itself; compare them with what you kept (--keys)"
            )
    else:
        print(f"核验不符：{len(report.differences)} 处 · differs in {len(report.differences)} place(s)")


def _outcome(reached: dict[str, Any]) -> str:
    if reached["amount_minor"] is None:
        return f"{reached['status']} {reached['ended_at']}"
    return (
        f"{reached['status']} {reached['bidder_code']} {yuan(reached['amount_minor'])}, {reached['ended_at']}, "
        f"{reached['bid_count']} bids, {reached['extension_count']} extensions"
    )


def _give_up(zh: str, en: str) -> NoReturn:
    print(f"{zh} · {en}")
    raise typer.Exit(2)
