"""The rules of internal decisions. Pure."""
