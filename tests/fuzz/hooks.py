"""What the fuzzer must not do to itself.

It reads ids in answers and tries them elsewhere, so sooner or later it would revoke its own key, end its own membership
or give up its own roles, and test nothing but 401 from then on. And it likes to repeat itself: under one and the same
`Idempotency-Key` everything but the first request would be refused for that alone.
"""

from __future__ import annotations

import os
import random
import re
from typing import Any
from uuid import uuid4

import schemathesis

OWN = frozenset(os.environ.get("FUZZ_OWN_IDS", "").split(","))
KEY = "Idempotency-Key"
REPEATED = 0.05
"""How many of the keys stay what they are, so that repeats happen too."""


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case[Any], **kwargs: Any) -> None:
    """Put a stranger's id in the place of an own one."""
    if case.method in ("DELETE", "PATCH"):
        for name, value in (case.path_parameters or {}).items():
            if str(value) in OWN:
                case.path_parameters[name] = str(uuid4())
    headers: Any = case.headers or {}
    if re.fullmatch(r"[\x21-\x7e]{8,128}", str(headers.get(KEY, ""))) and random.random() >= REPEATED:
        headers[KEY] = str(uuid4())
