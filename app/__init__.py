"""Jishi 技市: an online technology-trading market."""
