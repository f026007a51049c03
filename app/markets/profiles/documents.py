"""Rule profiles as documents: one JSON object for each version, with every parameter, its bounds and its source."""

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path as FilePath
from typing import Any, Final

from app.markets.auction_parameters import AuctionParameters
from app.markets.parameters import Parameter, Unit
from app.markets.profiles.model import Profile, ProfileCode
from app.markets.states import Path

DATA: Final = FilePath(__file__).with_name("data")

OWN: Final = tuple(field.name for field in fields(Profile) if field.type is Parameter)
"""Names of the profile's own parameters, in their order."""

OF_AUCTIONS: Final = tuple(field.name for field in fields(AuctionParameters))


def profile_of(document: Mapping[str, Any]) -> Profile:
    """Read a document. Raises `ValueError` unless it has every parameter and no other.

    The mistake is ours: what a person proposes is checked before it becomes a document.
    """
    for part, names in (("parameters", OWN), ("auction", OF_AUCTIONS)):
        odd = set(document[part]) ^ set(names)
        if odd:
            raise ValueError(f"{document['code']}: {part}: missing or unknown: {', '.join(sorted(odd))}")
    return Profile(
        code=ProfileCode(document["code"]),
        version=document["version"],
        title_zh=document["title_zh"],
        title_en=document["title_en"],
        source=document["source"],
        verified=document["verified"],
        sells=document["sells"],
        paths={Path(path): source for path, source in document["paths"].items()},
        regions={
            prefix: {name: parameter_of(one) for name, one in values.items()}
            for prefix, values in document["regions"].items()
        },
        auction=AuctionParameters(**{name: parameter_of(document["auction"][name]) for name in OF_AUCTIONS}),
        **{name: parameter_of(document["parameters"][name]) for name in OWN},
    )


def parameter_of(one: Mapping[str, Any]) -> Parameter:
    """Read one parameter."""
    return Parameter(one["value"], Unit(one["unit"]), one["source"], one.get("floor"), one.get("ceiling"))


def shipped() -> tuple[Mapping[str, Any], ...]:
    """The documents that this release comes with: the first version of every profile, in the order of `ProfileCode`."""
    return tuple(json.loads((DATA / f"{code}.json").read_text(encoding="utf-8")) for code in ProfileCode)
