"""The negotiated path 协议定价: offers and counter-offers between one buyer and the seller, until one is accepted.

Owns what was said, append-only. Refuses to know who else negotiates: several may at once, the first acceptance wins.
"""
