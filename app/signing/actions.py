"""Signing what a transaction has added to chains."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import plain
from app.kit.errors import Again
from app.signing import repository
from app.signing.keyring import forget_signer, signer_of
from app.signing.port import sign_batch
from app.signing.rules.receipts import Batch, Entry


async def sign_entries(session: AsyncSession, entries: Sequence[Entry], at: datetime) -> Batch | None:
    """Sign new entries of chains in the transaction that adds them, with one signature, at market time `at`.

    Entries of one chain stand together. None where this process cannot sign (`signer_of`).
    """
    # In a batch, who signed last signs again without asking: what he signs is stored only if his key still does.
    remembered = plain.is_posting(session)
    signer = await signer_of(session, remembered=remembered) if entries else None
    if signer is None:
        return None
    batch = sign_batch(signer, entries, at)
    await repository.add_batch(session, batch, at, partial(_check, session))
    return batch


def _check(session: AsyncSession, stored: int) -> None:
    if not stored:
        forget_signer(session)
        raise SigningKeyGone()


class SigningKeyGone(Again):
    """The key was retired between being known and being used."""
