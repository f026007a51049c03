"""The auction engine: pure. `engine.decide(snapshot, command, at)` gives facts or raises one refusal.

Nothing here knows a session, a setting or a clock; time is an argument, money is integer fen, a bidder is a code.
"""
