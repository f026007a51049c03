"""Contracts: the record of each award, which both sides confirm. It refuses to know how the price was found."""
