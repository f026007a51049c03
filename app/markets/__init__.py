"""Offerings: what is for sale, in which scope, how often, along which one pricing path, and to whom it went.

Owns offerings, their subjects, the rule profile that binds each, a buyer's way in (`registrations`), the negotiated and
the listed path, and the `Award` in which every path ends. Refuses to know paper (contracts), bids (auctions), accounts
(settlement keeps the deposits; this room asks it to hold and to release).
"""
