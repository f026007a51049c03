"""The demonstration: parties, achievements, demands and sales as they really are, played through the API."""

DAYS_BACK = 100
"""So many days its history takes: its listing alone runs for a month, more with a long holiday in it."""
