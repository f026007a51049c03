"""Statements of sealed sales: `slots`, `keys`, `shares`, `bidders`."""
