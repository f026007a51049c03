"""Loading, locking and saving auctions. All statements that write are here."""

from app.auctions.repository.announcing import announcement_of, maximum_of
from app.auctions.repository.beside import (
    Beside,
    Sender,
    beside,
    keep_reserve,
    proxies_in_force,
    proxy_of,
)
from app.auctions.repository.bidders import (
    Bidder,
    Identity,
    bidder_for,
    bidder_of,
    identities,
    identity_of,
)
from app.auctions.repository.locks import (
    add,
    is_announced,
    lock,
    lock_announced,
    lock_in_region,
    lock_own,
    note_judged,
    open_of,
    put_off,
    take_due,
    take_unjudged,
)
from app.auctions.repository.record import (
    facts_of,
    save,
)
from app.auctions.repository.rows import (
    TERMS,
    Folded,
    fold_into,
    pinned,
    snapshot_of,
    stored_terms,
    terms_of,
)

__all__ = [
    "TERMS",
    "Beside",
    "Bidder",
    "Folded",
    "Identity",
    "Sender",
    "add",
    "announcement_of",
    "beside",
    "bidder_for",
    "bidder_of",
    "facts_of",
    "fold_into",
    "identities",
    "identity_of",
    "is_announced",
    "keep_reserve",
    "lock",
    "lock_announced",
    "lock_in_region",
    "lock_own",
    "maximum_of",
    "note_judged",
    "open_of",
    "pinned",
    "proxies_in_force",
    "proxy_of",
    "put_off",
    "save",
    "snapshot_of",
    "stored_terms",
    "take_due",
    "take_unjudged",
    "terms_of",
]
