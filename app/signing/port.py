"""The port to whatever holds a private key: a file or a sealed row here, a security module elsewhere."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.kit.canonical import canonical
from app.kit.dates import wire
from app.signing.rules.merkle import Tree
from app.signing.rules.receipts import Batch, Entry, batch_statement, leaf_of
from app.signing.rules.statements import Signature, key_id


class Signer(Protocol):
    """Signs statements with the market's key of the moment."""

    @property
    def key_id(self) -> str:
        """The name of the key."""
        ...

    def sign(self, statement: Mapping[str, Any]) -> Signature:
        """The signature over the statement's canonical JSON."""
        ...


class KeySigner:
    """Signs with a private key in this process's memory. About 50 µs a signature."""

    def __init__(self, private_key: Ed25519PrivateKey) -> None:
        self._private_key = private_key
        self.public_key = private_key.public_key().public_bytes_raw()
        self._key_id = key_id(self.public_key)

    @property
    def key_id(self) -> str:
        """The name of the key."""
        return self._key_id

    def sign(self, statement: Mapping[str, Any]) -> Signature:
        """The signature over the statement's canonical JSON."""
        return Signature(self._key_id, self._private_key.sign(canonical(statement)))


def sign_batch(signer: Signer, entries: Sequence[Entry], at: datetime) -> Batch:
    """One signature for all entries, at market time `at`. Entries of one chain stand together, in their order."""
    tree = Tree(leaf_of(entry.chain_id, entry.seq, entry.hash) for entry in entries)
    signed_at = wire(at)
    statement = batch_statement(key_id=signer.key_id, root=tree.root, size=tree.size, signed_at=signed_at)
    return Batch(entries, tree, signer.sign(statement), signed_at)
