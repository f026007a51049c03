"""Telling organisations what concerns them: their stream of events, by position."""
