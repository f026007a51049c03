"""Planted faults: each is a small change of our own code, tried on a copy of the tree, that the tests must catch.

A fault that no test notices, and one that no longer fits the code, both fail the run.
"""
