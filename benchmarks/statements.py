"""The same logical transaction for `pgbench`: a bid as plain statements, one after another, and as one function call.

On the service's own tables, with their keys, constraints and triggers: claim the idempotency key, lock the auction, read
the clock, read the bidder's standing, append the event with its link, the bid, the outbox row, update the auction, keep
the answer, commit. What the engine judges is left out, and so are the signature and the receipt.
"""

from benchmarks.market import START_MINOR, STEP_MINOR, Market

_ANSWER = '{"bid_no":1,"seq":1,"amount":{"amount":"10000.00","currency":"CNY"},"hash":"00"}'
_TOLD = '{"number": "PM-2026-000001", "seq": 1, "bid_no": 1, "bidder_code": "X", "amount": "10000.00"}'


def _steps(market: Market, *, key: str, price: str, bid_no: str, seq: str) -> list[str]:
    """The nine statements between BEGIN and COMMIT."""
    auction = f"'{market.auctions[0]}'::uuid"
    return [
        (
            "INSERT INTO idempotency_keys (actor_id, key, route, request_hash)"
            f" VALUES ('{market.user_id}', {key}, 'POST /v1/auctions/x/bids', repeat('0', 64))"
        ),
        (
            f"SELECT seq, bid_no, coalesce(current_minor, {START_MINOR}) AS price"
            f" FROM auctions WHERE id = {auction} FOR NO KEY UPDATE"
        ),
        "SELECT market_now() AS at",
        (
            "SELECT r.status FROM offerings o JOIN registrations r ON r.offering_id = o.id"
            f" AND r.id = '{market.registration_id}' LEFT JOIN deposits d ON d.reference_id = r.id"
            f" WHERE o.id = '{market.offering_id}'"
        ),
        (
            "INSERT INTO auction_events (auction_id, seq, kind, payload, at, prev_hash, hash)"
            f" SELECT id, {seq} + 1, 'bid_placed', jsonb_build_object('bid_no', {bid_no} + 1, 'bidder_code', 'X',"
            f" 'amount_minor', {price} + {STEP_MINOR}, 'via', 'web'), market_now(), chain_head,"
            f" sha256(chain_head || convert_to(({seq} + 1)::text, 'UTF8')) FROM auctions WHERE id = {auction}"
        ),
        (
            "INSERT INTO bids (auction_id, bid_no, seq, registration_id, bidder_code, amount_minor, at, placed_by)"
            f" VALUES ({auction}, {bid_no} + 1, {seq} + 1, '{market.registration_id}', 'X',"
            f" {price} + {STEP_MINOR}, market_now(), '{market.user_id}')"
        ),
        (
            "INSERT INTO events (kind, version, subject, subject_id, public, parties, payload, at)"
            f" VALUES ('auctions.bid_placed', 1, 'auction', {auction}, true, '{{}}', '{_TOLD}', market_now())"
        ),
        (
            f"UPDATE auctions a SET seq = e.seq, bid_no = {bid_no} + 1, current_minor = {price} + {STEP_MINOR},"
            " leader_code = 'X', last_at = e.at, chain_head = e.hash, version = version + 1,"
            f" updated_at = market_now() FROM auction_events e WHERE a.id = {auction} AND e.auction_id = {auction}"
            f" AND e.seq = {seq} + 1"
        ),
        (
            f"UPDATE idempotency_keys SET status = 201, headers = '{{}}', body = '{_ANSWER}'"
            f" WHERE actor_id = '{market.user_id}' AND key = {key}"
        ),
    ]


def plain(market: Market) -> str:
    """The script of plain statements; `\\gset` brings what was read to the client, as a client must."""
    steps = _steps(
        market,
        key="(:k)::bigint::text",
        price="(:price)::bigint",
        bid_no="(:bid_no)::integer",
        seq="(:seq)::integer",
    )
    ends = {1: " \\gset"}
    lines = [f"{step}{ends.get(place, ';')}" for place, step in enumerate(steps)]
    return "\n".join(["\\set k random(1, 9000000000000000000)", "BEGIN;", *lines, "COMMIT;"]) + "\n"


def function(market: Market) -> str:
    """The function that does it in one call."""
    steps = _steps(market, key="k::text", price="now.price", bid_no="now.bid_no", seq="now.seq")
    steps[1] = steps[1].replace(" FROM auctions", " INTO now FROM auctions", 1)
    for place in (2, 3):
        steps[place] = steps[place].replace("SELECT", "PERFORM", 1)
    body = ";\n".join(steps)
    return (
        "CREATE OR REPLACE FUNCTION bench_bid(k bigint) RETURNS integer LANGUAGE plpgsql AS $$"
        f" DECLARE now record; BEGIN {body}; RETURN now.bid_no + 1; END $$"
    )


CALL = "\\set k random(1, 9000000000000000000)\nSELECT bench_bid(:k);\n"
"""The script that calls it."""
