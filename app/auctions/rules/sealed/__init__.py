"""Sealed offers as rules: who keeps the seats, what one envelope counts for, how a round ends. Pure."""
