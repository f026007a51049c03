"""I-10. A secret reserve and a maximum appear in no public fact."""

import json

from app.auctions.rules.record import payload, texts_of
from app.kit.money import yuan
from tests.invariants.i_34 import SALTS
from tests.invariants.record import Step, require


def of_step(step: Step) -> None:
    """No fact holds a secret as a number of fen or of yuan, unless somebody has bid that very amount."""
    secrets = {proxy.max_minor for proxy in step.given.proxies} | {step.given.reserve_minor or 0}
    bid = {getattr(fact, "amount_minor", 0) for fact in step.facts}
    bid |= {state.current_minor or 0 for state in step.states}
    for fact in step.facts:
        told = json.dumps(payload(fact, SALTS)) + json.dumps(texts_of(fact))
        for secret in secrets - bid:
            if secret > 10_000:  # a shorter number is found anywhere by chance
                leaks = str(secret) in told or yuan(secret) in told
                require(not leaks, "I-10", f"{fact.kind} tells a secret amount")
