"""What the demonstration is made of: its files, and the bodies that its people send."""

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from app.demo.person import Json
from app.kit.money import fen_of_wan, yuan

DIRECTORY = Path(__file__).parent / "data"
MONTHS_A_YEAR = 12


@cache
def _read(name: str) -> Any:
    return json.loads((DIRECTORY / name).read_text(encoding="utf-8"))


def organisations() -> list[Json]:
    """Everybody who takes part."""
    found: list[Json] = _read("organisations.json")
    return found


def organisation(key: str) -> Json:
    """One of them by its key."""
    return next(one for one in organisations() if one["key"] == key)


def achievements() -> list[Json]:
    """All achievements, in the order of their external ids."""
    rows = [
        row
        for file in sorted((DIRECTORY / "achievements").glob("*.json"))
        for row in _read(f"achievements/{file.name}")
    ]
    return sorted(rows, key=lambda row: str(row["external_id"]))


def achievement(external_id: str) -> Json:
    """One achievement."""
    return next(row for row in achievements() if row["external_id"] == external_id)


def demands() -> list[Json]:
    """All demands."""
    found: list[Json] = _read("demands.json")
    return found


def demand(external_id: str) -> Json:
    """One demand."""
    return next(row for row in demands() if row["external_id"] == external_id)


def sales() -> Json:
    """The sales that are played, and the lots that are always live."""
    found: Json = _read("sales.json")
    return found


def person_with(key: str, *roles: str) -> str:
    """The login of the first of a party's people who holds one of these roles, in the order of the roles."""
    people = organisation(key)["people"]
    for role in roles:
        for person in people:
            if role in person["roles"]:
                return str(person["login"])
    raise LookupError(f"{key} has nobody who is {roles}")


def seller_of(key: str) -> str:
    """Who posts, offers and signs for a party: its transfer officer, or an enterprise's agent."""
    return person_with(key, "tto_officer", "enterprise_user", "enterprise_admin")


def buyer_of(key: str) -> str:
    """Who asks, registers, bids and signs for an enterprise."""
    return person_with(key, "enterprise_user", "enterprise_admin")


def amount(wan: str) -> str:
    """The exact yuan string of an amount in 万元."""
    return yuan(fen_of_wan(wan))


def achievement_body(row: Json) -> Json:
    """What its holder sends to post an achievement."""
    summary = row["summary"]
    kept = (
        "title summary trl indicators keywords tech_field industry_code achievement_class form attribute stage"
        " secrecy_level fund_source completers contact cooperation_modes price_form"
    )
    body = {name: row[name] for name in kept.split()}
    holder = organisation(row["holder"])["name"]
    return {
        **body,
        "abstract": "".join(summary[part] for part in ("problem", "advantage", "stage")),
        "first_completer": row["completers"][0]["name"],
        "completer_organisations": [holder],
        "ip_rights": [_right(right) for right in row["ip_rights"]],
        "price_min": _optional(row["price_min_wan"]),
        "price_max": _optional(row["price_max_wan"]),
        "conversion_status": "not_converted",
    }


def _right(right: Json) -> Json:
    return {**right, "holders": [organisation(key)["name"] for key in right["holders"]]}


def _optional(wan: str | None) -> str | None:
    return amount(wan) if wan is not None else None


def demand_body(row: Json, on: date) -> Json:
    """What its poster, or the clerk, sends to post a demand on a day."""
    kept = (
        "title type current_state indicators what_was_tried duration_months cooperation_modes confidentiality"
        " tech_field industry_code region_code contact"
    )
    return {
        **{name: row[name] for name in kept.split()},
        "budget_min_amount": amount(row["budget_min_wan"]),
        "budget_max_amount": amount(row["budget_max_wan"]),
        "deadline_on": (on + timedelta(days=int(row["deadline_days"]))).isoformat(),
        "source": {"system": "demonstration", "external_id": row["external_id"]},
    }


def offering_body(sale: Json, *, path: str, achievement_id: str, on: date) -> Json:
    """What its seller sends to offer an achievement on a path, on a day."""
    scope = sale["scope"]
    decided = sale["decision"]
    years = scope["term_years"]
    body: Json = {
        "path": path,
        "achievement_ids": [achievement_id],
        "mode": scope["mode"],
        "title": sale["title"],
        "territory": scope["territory"],
        "field_of_use": scope["field_of_use"],
        "term_months": years * MONTHS_A_YEAR if years else None,
        "capacity": scope["capacity"],
        "secrecy": {
            "reviewer": f"{organisation(sale['seller'])['legal_representative']}（保密审查）",
            "reviewed_on": (on - timedelta(days=10)).isoformat(),
            "document_no": f"保密审查意见〔{on.year}〕{sale['external_id'][-3:].strip('-')} 号",
        },
        "shares_declared": True,
        "buyer_conditions": _conditions(sale),
    }
    if decided is not None:
        decided_on = on - timedelta(days=int(decided["days_before"]))
        body["decision"] = {"document_no": decided["document_no"], "decided_on": decided_on.isoformat()}
    return body


def _conditions(sale: Json) -> str | None:
    lines = [f"{number}. {line}" for number, line in enumerate(sale.get("buyer_conditions", ()), 1)]
    if "known_defects" in sale:
        lines.append(f"标的瑕疵说明：{sale['known_defects']}")
    return "\n".join(lines) or None


def terms(lot: Json, *, free_seconds: int, window_seconds: int, long: bool) -> Json:
    """The terms of an auction with one increment at every price."""
    return {
        "start_price": amount(lot["start_wan"]),
        "ladder": [{"from_price": "0.00", "increment": amount(lot["step_wan"])}],
        "deposit": amount(lot["deposit_wan"]),
        "free_seconds": free_seconds,
        "window_seconds": window_seconds,
        "session_profile": "online_long" if long else "online_session",
    }


def payment_terms(sale: Json) -> str:
    """How the price is paid, in a sentence for each part."""
    return "；".join(
        f"{part['when']}支付 {part['share_percent']}%（{part['amount_wan']} 万元）"
        for part in sale["payment"]
    )


def hall() -> Json:
    """The session in the hall: its lots and what happens with each."""
    found: Json = _read("hall.json")
    return found


def play() -> Json:
    """The story that `--play` plays: an achievement and its sale."""
    found: Json = _read("play.json")
    return found
