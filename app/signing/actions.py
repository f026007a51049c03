"""Signing what a transaction has added to chains."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import plain
from app.signing import repository
from app.signing.keyring import signer_of
from app.signing.port import sign_batch
from app.signing.rules.receipts import Batch, Entry


async def sign_entries(session: AsyncSession, entries: Sequence[Entry], at: datetime) -> Batch | None:
    """Sign new entries of chains in the transaction that adds them, with one signature, at market time `at`.

    Entries of one chain stand together. None where this process cannot sign (`signer_of`).
    """
    if not entries:
        return None
    # Who signed last signs again without asking: the batch is stored only if that key still does.
    for remembered in (True, False):
        if not remembered:
            await plain.settle(session)
        signer = await signer_of(session, remembered=remembered)
        if signer is None:
            continue
        batch = sign_batch(signer, entries, at)
        if await repository.add_batch(session, batch, at):
            return batch
    if signer is None:
        return None
    raise SigningKeyGone()


class SigningKeyGone(RuntimeError):
    """The key was retired between being read and being used, in one transaction: tried again, it is another one."""
