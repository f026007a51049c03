"""Inspection 看样: times at which an offering can be seen, booked by who takes part; nobody learns who comes besides."""
