"""`seal`: a bidder's own program. The amount is typed, never an argument, and leaves this machine sealed."""

import json
import os
from pathlib import Path
from typing import Annotated, Any, Final
from uuid import UUID

import typer

from app.auctions.rules.price import RATE_MAX
from app.auctions.shapes import PERCENT
from app.cli.market import Market
from app.embedded.faults import ServersFault
from app.kit.money import capital, fen, yuan
from app.sealing.client import (
    ClientFaultError,
    is_receipt_of,
    is_receipt_signed,
    pass_of,
    seal_bid,
)

ADDRESS: Final = "http://127.0.0.1:8000"


def command(
    auction: Annotated[UUID, typer.Option(help="竞价编号 · the auction")],
    receipt: Annotated[Path, typer.Option(help="回执保存到 · where to keep the receipt")],
    address: Annotated[str, typer.Option(help="服务地址 · where the market is")] = ADDRESS,
) -> None:
    """密封报价:金额只在本机加密，截止前可重新密封，以最后一次为准 · seal an offer.

    接口密钥放在环境变量 JISHI_API_KEY · the API key comes from JISHI_API_KEY.
    """
    market = Market(address)
    told = market.get(f"/auctions/{auction}/envelope")
    least = told["floor"] or told["start_price"]
    more = "须高于 above" if told["floor"] else "不低于 at least"
    rate = is_rate(told)
    print(f"第 {told['round_no']} 轮 round {told['round_no']},{more} {least['amount']}{' %' if rate else ''}")
    asked = "报价(%，如 3.50)rate" if rate else "报价(元，如 3100000.00)amount"
    amount = typer.prompt(asked, hide_input=True)
    check_amount(told, amount)
    print(f"{amount} %" if rate else f"{amount} 元\n{capital(fen(amount))}")
    if not typer.confirm("确认密封？seal it?"):
        raise typer.Exit(1)
    kept = seal_and_send(market, auction, told, amount)
    with os.fdopen(os.open(receipt, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        json.dump(kept, stream, ensure_ascii=False, indent=1)
    print(f"已密封 sealed: {kept['received_at']}  指纹 digest {kept['digest'][:16]}…")


def is_rate(told: dict[str, Any]) -> bool:
    """Whether a royalty rate is offered, not money."""
    return bool(told["start_price"].get("currency") == PERCENT)


def check_amount(told: dict[str, Any], amount: str) -> None:
    """Refuse an amount that could not count, before anything is sealed."""
    try:
        asked = fen(amount)
    except ValueError:
        raise ServersFault("金额须写明两位小数", "write the amount with two decimals") from None
    floor, start = told["floor"], fen(told["start_price"]["amount"])
    if asked < start if floor is None else asked <= fen(floor["amount"]):
        least = yuan(start) if floor is None else floor["amount"]
        raise ServersFault(f"低于本轮的下限 {least}", f"too low for this round: {least}")
    if is_rate(told) and asked > RATE_MAX:
        raise ServersFault(f"提成比例最高为 {yuan(RATE_MAX)}%", f"a royalty is at most {yuan(RATE_MAX)} %")


def seal_and_send(market: Market, auction: UUID, told: dict[str, Any], amount: str) -> dict[str, Any]:
    """Try oneself, seal, send without naming oneself, and check the receipt. Returns it."""
    try:
        envelope = seal_bid(pass_of(told), amount)
    except (ClientFaultError, KeyError, ValueError) as error:
        raise ServersFault("自检未通过，未发送任何内容", f"nothing was sent: {error}") from None
    kept: dict[str, Any] = market.put_unnamed(
        f"/auctions/{auction}/envelope",
        envelope.model_dump(mode="json"),
        {"Envelope-Pass": told["envelope_pass"]},
    )
    if not is_receipt_of(kept, envelope):
        raise ServersFault("回执与所交信封不符", "the receipt is not of the envelope that was sent")
    if kept["signature"] is not None and not _signed(market, kept):
        raise ServersFault("回执签名无效", "the receipt's signature does not hold")
    return kept


def _signed(market: Market, receipt: dict[str, Any]) -> bool:
    keys = {key["id"]: key["public_key"] for key in market.get("/keys")["data"]}
    known = keys.get(receipt["key_id"])
    return known is not None and is_receipt_signed(receipt, bytes.fromhex(known))
