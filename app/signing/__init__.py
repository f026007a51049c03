"""Signing: the market's keys, Merkle trees, and signatures that anybody can check without us."""
