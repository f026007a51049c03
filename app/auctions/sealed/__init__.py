"""Sealed sales in the database: slots for envelopes, custodians and their keys, the opening.

Before its opening nothing here tells who sealed, how many did, or an amount: not to a caller of any role, not to somebody
who reads the tables, the log of writes, a dump or the service's log. What still shows is said in docs/sealed.md.
"""
