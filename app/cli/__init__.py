"""The commands of `python -m app`: each parses its options and calls what does the work. No business here."""
