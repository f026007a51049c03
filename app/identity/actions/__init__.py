"""What can be done in identity, one verb each."""

from app.identity.actions.credit import note_credit
from app.identity.actions.keys import make_api_key, revoke_api_key
from app.identity.actions.members import (
    accept_membership,
    add_member,
    change_member,
    end_membership,
    invite_again,
)
from app.identity.actions.registration import found_exchange, introduce_party, register_party
from app.identity.actions.reviews import change_party, resubmit_party, review_party
from app.identity.actions.sessions import (
    accept_invitation,
    act_for,
    change_password,
    open_session,
    sign_in,
    sign_out,
)

__all__ = [
    "accept_invitation",
    "accept_membership",
    "act_for",
    "add_member",
    "change_member",
    "change_party",
    "change_password",
    "end_membership",
    "found_exchange",
    "introduce_party",
    "invite_again",
    "make_api_key",
    "note_credit",
    "open_session",
    "register_party",
    "resubmit_party",
    "review_party",
    "revoke_api_key",
    "sign_in",
    "sign_out",
]
