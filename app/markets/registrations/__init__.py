"""A buyer's way in, for listed and auction alike: intent, qualification, deposit, code drawn at random.

Owns who has registered. Whoever reads that is written down; the seller and the public learn neither names nor count.
"""
