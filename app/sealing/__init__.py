"""Sealed bids as bytes: what a bidder's client makes, what custodians open, and what everybody can check.

Pure functions over values; no database, no network, no clock. The server, the command line and the tests share them;
the browser has its own in TypeScript, held to the same vectors. The protocol is written down in `docs/sealed.md`.
"""
