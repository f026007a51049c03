"""Internal decisions."""
