"""A seeded day of auctions on the pure engine: people, lost messages, crashes and clocks that jump.

Each history is drawn from a seed, played against the engine and, beside it, against a reference that is written as
plainly as possible; after every step the invariants are checked. A history that fails is shrunk and printed.
"""
