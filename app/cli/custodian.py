"""`custodian`: a custodian makes a key pair of his own, registers its public half, and opens his shares.

The private key is written to a file that only its owner reads, encrypted with a passphrase. It is never sent.
"""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final
from uuid import UUID

import typer
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from app.cli.market import Market
from app.embedded.faults import ServersFault
from app.sealing.client import is_published, opened_shares
from app.sealing.custody import NotForThisKeyError, answer_challenge, fingerprint, public_bytes
from app.sealing.wire import Envelope

ADDRESS: Final = "http://127.0.0.1:8000"
PASSPHRASE: Final = "JISHI_KEY_PASSPHRASE"  # noqa: S105  # the name of a variable
PASSPHRASE_MIN: Final = 8


class Act(StrEnum):
    """What a custodian does."""

    KEYGEN = "keygen"
    OPEN = "open"


def command(
    act: Annotated[Act, typer.Argument(help="keygen 生成并登记密钥 · open 打开份额")],
    file: Annotated[Path, typer.Option(help="私钥文件，请自行妥善保管 · the private key's file")],
    *,
    name: Annotated[str, typer.Option(help="密钥名称 · what to call the key")] = "开标密钥",
    auction: Annotated[UUID | None, typer.Option(help="竞价编号 · the auction (open)")] = None,
    rehearsal: Annotated[bool, typer.Option(help="开标演练 · the rehearsal (open)")] = False,
    address: Annotated[str, typer.Option(help="服务地址 · where the market is")] = ADDRESS,
) -> None:
    """开标托管人:生成并登记密钥，打开本席份额 · a custodian's key, and what it opens.

    接口密钥放在环境变量 JISHI_API_KEY · the API key comes from JISHI_API_KEY.
    """
    market = Market(address)
    if act is Act.KEYGEN:
        register(market, make_key(file, _passphrase(confirm=True)), name)
    elif auction is None:
        raise ServersFault("请用 --auction 指明竞价", "name the sale with --auction")
    else:
        open_round(market, read_key(file, _passphrase()), auction, rehearsal=rehearsal)


def make_key(file: Path, passphrase: str) -> X25519PrivateKey:
    """A new key pair, its private half in a new file. An existing file is never overwritten."""
    key = X25519PrivateKey.generate()
    sealed = key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode())
    )
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(sealed)
    except FileExistsError:
        raise ServersFault("文件已存在，不覆盖", "the file exists; it is not overwritten") from None
    print(f"私钥已保存 private key: {file}")
    return key


def read_key(file: Path, passphrase: str) -> X25519PrivateKey:
    """The private key of a file."""
    try:
        key = load_pem_private_key(file.read_bytes(), passphrase.encode())
    except (OSError, ValueError, TypeError):
        raise ServersFault("无法读取私钥文件或口令有误", "no key file, or a wrong passphrase") from None
    if not isinstance(key, X25519PrivateKey):
        raise ServersFault("不是 X25519 私钥", "not an X25519 key")
    return key


def register(market: Market, key: X25519PrivateKey, name: str) -> dict[str, Any]:
    """Register the public half, and prove that one holds the private one."""
    public = public_bytes(key)
    made = market.post("/custodian-keys", {"public_key": public.hex(), "name": name})
    try:
        answer = answer_challenge(key, bytes.fromhex(made["challenge"]))
    except NotForThisKeyError:
        raise ServersFault("市场发来的验证密文有误", "the market's challenge is not for this key") from None
    proven: dict[str, Any] = market.post(f"/custodian-keys/{made['id']}/proof", {"answer": answer.hex()})
    print(f"公钥已登记并验证 registered and proven: {fingerprint(public)}")
    return proven


def open_round(market: Market, key: X25519PrivateKey, auction: UUID, *, rehearsal: bool) -> dict[str, Any]:
    """Fetch the published envelopes, check that they are those of the root, open this key's shares, hand them in."""
    asked = {"round_no": 0} if rehearsal else {}
    before = market.get(f"/auctions/{auction}/opening", **asked)
    told = market.get(f"/auctions/{auction}/opening/envelopes", round_no=before["round_no"])
    envelopes = [Envelope.model_validate(one) for one in told["data"]]
    if not envelopes:
        raise ServersFault("尚无可打开的信封", "there is nothing to open yet")
    if not rehearsal and not is_published(envelopes, before["root"] or ""):
        raise ServersFault("信封与公布的根不符，未提交任何份额", "not the envelopes of the published root")
    shares = opened_shares(envelopes, key)
    if not any(shares.values()):
        raise ServersFault("这把私钥在本场没有席位", "this key holds no seat in this sale")
    body = {
        "round_no": before["round_no"],
        "key": fingerprint(public_bytes(key)),
        "shares": [{"envelope_id": one, "share": share} for one, share in shares.items()],
    }
    after: dict[str, Any] = market.post(f"/auctions/{auction}/opening/shares", body)
    failed = list(shares.values()).count(None)
    print(f"已打开 opened: {len(shares) - failed}/{len(shares)}")
    print("已交席位 seats handed in: " + "、".join(s["holder"] for s in after["seats"] if s["handed_in"]))
    return after


def _passphrase(*, confirm: bool = False) -> str:
    found = os.environ.get(PASSPHRASE)
    if found is None:
        asked: str = typer.prompt("口令 passphrase", hide_input=True, confirmation_prompt=confirm)
        found = asked
    if len(found) < PASSPHRASE_MIN:
        raise ServersFault("口令至少 8 个字符", "the passphrase has at least 8 characters")
    return found
