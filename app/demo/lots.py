"""The pipeline of day-long auctions: which lots there are, who bids for them up to what, and how one is prepared."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.demo import data
from app.demo.person import Json, same
from app.demo.steps import STAFF
from app.demo.stories.auction import Lot, Pace, Timetable, admit, announce, open_registration
from app.demo.world import World
from app.kit.dates import at_local, market_date
from app.kit.money import fen_of_wan

DAY = timedelta(days=1)
OPENS = time(10)
"""Lots open at ten in the morning, as a hall does."""
LOT_SECONDS = 86_400
GUEST_PARTY = "lbjm"
GUEST = "guest@example.cn"
"""Registered for every lot, and never bid for by a robot: the seat of whoever looks at the demonstration."""

STEPS = {"5": "0.5", "12": "0.5", "28": "1", "50": "1", "80": "2", "160": "5", "240": "10", "300": "10"}
"""Start prices and steps as they really are, in 万元."""
USUAL_START = "28"
ROBOTS = ("sgdd", "xjqp", "lhxn", "tsjs", "kczy", "jsyr", "ltzc", "hgjm", "ydwc")
SELLABLE = ("transfer", "license_exclusive", "license_sole", "license_ordinary")
SALE_WORDS = {
    "transfer": "转让",
    "license_exclusive": "独占许可",
    "license_sole": "排他许可",
    "license_ordinary": "普通许可",
}
CANNOT_SELL = frozenset({"state_enterprise", "government", "exchange"})


@dataclass(frozen=True)
class Robot:
    """A bidder that bids by itself, up to its limit in fen."""

    login: str
    limit_minor: int


def opening_before(at: datetime) -> datetime:
    """The latest ten in the morning that is not after an instant."""
    opens = at_local(market_date(at), OPENS)
    return opens if opens <= at else opens - DAY


def opening_after(at: datetime) -> datetime:
    """The earliest ten in the morning that is not before an instant."""
    before = opening_before(at)
    return before if before == at else before + DAY


def pace_of(sale: Json) -> Pace:
    """A free phase of a day, then the window."""
    return Pace(free_seconds=LOT_SECONDS, window_seconds=sale["extension_seconds"], long=True)


def robots_of(sale: Json) -> list[Robot]:
    """Who bids for a lot by himself."""
    return [Robot(data.buyer_of(one["party"]), fen_of_wan(one["limit_wan"])) for one in sale["bidders"]]


def planned() -> list[Json]:
    """Every lot that the demonstration can offer, each achievement once: those of the files, then all others."""
    sales = data.sales()
    first: list[Json] = sales["live_lots"]
    sold = {sales[name]["achievement"] for name in ("negotiated", "listed", "auction", "passed_in")}
    taken = sold | {lot["achievement"] for lot in (*first, *data.hall()["lots"])}
    rest = [row for row in data.achievements() if row["external_id"] not in taken]
    return [*first, *(made for row in rest for made in [made_of(row)] if made is not None)]


def made_of(row: Json, *, again: int = 1) -> Json | None:
    """A lot made of an achievement; None for one that cannot go to auction. again: the how-manieth time."""
    seller = data.organisation(row["holder"])
    modes = [mode for mode in SELLABLE if mode in row["cooperation_modes"]]
    if not modes or seller["kind"] in CANNOT_SELL:
        return None
    start = _start(row["price_min_wan"])
    external_id = row["external_id"].replace("CG", "CP")
    public = seller["kind"] in ("university", "institute", "hospital")
    paper = {
        "document_no": f"{seller['name'][:4]}转化纪要 {external_id[-3:]} 号",
        "title": "关于竞价转化的会议纪要",
        "days_before": 15,
    }
    return {
        "external_id": external_id,
        "title": f"{row['title']}{SALE_WORDS[modes[0]]}" + (f"（第 {again} 次公告）" if again > 1 else ""),
        "achievement": row["external_id"],
        "seller": row["holder"],
        "decision": paper if public else None,
        "scope": {
            "mode": modes[0],
            "territory": "中国境内",
            "field_of_use": "不限",
            "term_years": None if modes[0] == "transfer" else 5,
            "capacity": 1,
        },
        "start_wan": start,
        "step_wan": STEPS[start],
        "deposit_wan": f"{fen_of_wan(start) // 10 // 1_000_000 or 1}",
        "extension_seconds": 120,
        "known_defects": row["summary"]["missing"],
        "bidders": _rivals(row, start),
    }


def _start(reference_wan: str | None) -> str:
    """The usual start price nearest below the reference price."""
    if reference_wan is None:
        return USUAL_START
    reference = fen_of_wan(reference_wan)
    return max((wan for wan in STEPS if fen_of_wan(wan) <= reference), key=fen_of_wan, default="5")


def _rivals(row: Json, start: str) -> list[Json]:
    """Two or three bidders with different limits; the same ones each time that it is asked."""
    drawn = hashlib.sha256(row["external_id"].encode()).digest()
    able = [key for key in ROBOTS if key != row["holder"]]
    step = fen_of_wan(STEPS[start])
    bidders = []
    for number in range(2 + drawn[0] % 2):
        key = able.pop(drawn[number + 1] % len(able))
        limit = fen_of_wan(start) + step * (9 + 3 * number + drawn[number + 4] % 3)
        bidders.append({"party": key, "limit_wan": _wan(limit)})
    return bidders


def _wan(amount_minor: int) -> str:
    whole, rest = divmod(amount_minor, 1_000_000)
    return f"{whole}" if not rest else f"{whole}.{rest:06d}".rstrip("0")


async def deposits_due(world: World, starts_on: date) -> datetime:
    """The last lawful cut-off of a start: 17:00 of the working day before the last one up to it."""
    last = await world.working_days(starts_on + DAY, -1)
    return at_local(await world.working_days(last, -1), time(17))


async def timetable_for(world: World, starts_at: datetime, *, closes_at: datetime | None = None) -> Timetable:
    """Register until the deposits are due or `closes_at`."""
    due_at = closes_at or await deposits_due(world, market_date(starts_at))
    return Timetable(due_at, due_at, starts_at)


async def prepare(world: World, sale: Json, achievement_id: str, table: Timetable, *, leap: bool) -> Lot:
    """Announce a lot and let its robots and the guest in, deposits paid. leap: as for `open_registration`."""
    lot = await announce(world, sale, achievement_id, pace_of(sale), table)
    await open_registration(world, lot, leap=leap)
    await admit(world, lot, [*(robot.login for robot in robots_of(sale)), GUEST])
    return lot


async def sign(world: World, path: str) -> Json:
    """Finance signs that the deposits of a sale are reconciled."""
    ready = await (await world.person(STAFF.checker)).post(f"{path}/readiness")
    same("finance has signed", ready["status"], "ready")
    return ready
