"""Whole sales as their users live them. The loader, `--play` and the journeys of the tests play the same ones."""
