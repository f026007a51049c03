"""Auctions: the third pricing path. Owns the sale by rising bids, its events and its close.

Refuses to know who a bidder is beyond a code before the close, to take a bid at or after the end, and to keep
money or contracts: deposits belong to `settlement`, awards to `markets`, paper to `contracts`.
"""
