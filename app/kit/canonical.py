"""Canonical JSON: one spelling of a value, so that its hash means something to strangers as well.

UTF-8, keys sorted, no spaces, every character that JSON lets stand as it is. For values without floats and with ASCII
keys this is RFC 8785.
"""

from typing import Any

import orjson


def canonical(value: Any) -> bytes:
    """The value's one spelling. Integers stay exact; floats have no place in it (the caller's duty).

    Raises `TypeError` for what JSON cannot hold, lone surrogates and integers beyond 64 bits included.
    """
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
