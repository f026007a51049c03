"""The listed path 挂牌: an ask that stands for a period in working days, and what happens at its end.

Owns the timetable of a listing. No qualified buyer: failed. One: the ask, or his own higher quote. Two or more: they bid,
which the auction room runs on the same registrations. Refuses to know how they bid.
"""
