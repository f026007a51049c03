"""Money: a double-entry ledger in fen, deposits that end once, bank arrivals by two persons, refunds."""
