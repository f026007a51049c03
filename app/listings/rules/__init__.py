"""Pure decisions about achievements: what fits together, who may do what, which numbers check."""
