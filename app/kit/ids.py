"""Identifiers: version 7 UUIDs, so that the order of ids is roughly the order of making."""

from uuid import UUID

import uuid_utils
from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A new identifier, unique without asking anybody."""
    return uuid7()


def new_name() -> str:
    """A new identifier as text."""
    return str(uuid_utils.uuid7())
