"""The planted faults: what is changed, and which tests must notice."""

from typing import Final

from tests.planted.fault import Edit, Fault
from tests.planted.fault import planted as _fault
from tests.planted.notices import NOTICES
from tests.planted.rooms import ROOMS

RULES: Final = "tests/auctions/test_rules.py"
TIMING: Final = "tests/auctions/test_rules_timing.py"
SIMULATION: Final = "tests/simulation/test_simulation.py"
RACES: Final = "tests/concurrency/test_auctions.py"
WRITER: Final = "tests/concurrency/test_writer.py"


_IN_THE_RULES: Final = (
    _fault(
        "extension-from-the-end",
        "a late bid moves the end from the old end, not from the bid's own time",
        "app/auctions/rules/closing.py",
        (
            "end = at + timedelta(seconds=snapshot.terms.window_seconds)\n        return end if",
            (
                "end = (snapshot.ends_at or at) - timedelta(seconds=snapshot.terms.window_seconds)\n"
                "        end += 2 * timedelta(seconds=snapshot.terms.window_seconds)\n        return end if"
            ),
        ),
        SIMULATION,
        TIMING,
        quick=True,
    ),
    Fault(
        "bid-at-the-very-end",
        "a bid counts whose time is the end itself",
        (
            Edit(
                "app/auctions/rules/closing.py",
                "return snapshot.ends_at is not None and at < snapshot.ends_at",
                "return snapshot.ends_at is not None and at <= snapshot.ends_at",
            ),
            Edit("app/auctions/rules/timing.py", "next_at <= minutes.at:", "next_at < minutes.at:"),
        ),
        (SIMULATION, TIMING),
        quick=True,
    ),
    _fault(
        "clock-that-runs-back",
        "a clock that jumps back is believed",
        "app/auctions/rules/engine.py",
        ("held = at if snapshot.last_at is None else max(at, snapshot.last_at)", "held = at"),
        SIMULATION,
        TIMING,
        quick=True,
    ),
    _fault(
        "maximum-against-itself",
        "a maximum raises the price of the bidder who left it and leads",
        "app/auctions/rules/proxies.py",
        ("if all(rival.proxy.code == now.leader_code for rival in able):", "if not able:"),
        SIMULATION,
        "tests/auctions/test_rules_proxies.py",
        quick=True,
    ),
    _fault(
        "later-maximum-first",
        "of two equal maxima the one that was left later stands",
        "app/auctions/rules/proxies.py",
        ("rival.proxy.no))", "-rival.proxy.no))"),
        SIMULATION,
        "tests/auctions/test_rules_proxies.py",
        quick=True,
    ),
    _fault(
        "reserve-forgotten",
        "a lot is knocked down below its secret reserve",
        "app/auctions/rules/outcome.py",
        ("max(announced or 0, secret or 0)", "(announced or 0)"),
        SIMULATION,
        quick=True,
    ),
    _fault(
        "later-of-the-tied",
        "of two equal sealed offers the one that was received later wins",
        "app/auctions/rules/sealed/judging.py",
        (
            "(bid.amount_minor, -bid.received_at.timestamp(),",
            "(bid.amount_minor, bid.received_at.timestamp(),",
        ),
        SIMULATION,
        quick=True,
    ),
    _fault(
        "floor-reached-suffices",
        "in a further round an offer counts that only equals the one to be exceeded",
        "app/auctions/rules/sealed/judging.py",
        ("if floor is None else amount_minor > floor", "if floor is None else amount_minor >= floor"),
        SIMULATION,
        "tests/auctions/test_rules_sealed.py",
        quick=True,
    ),
    _fault(
        "another-set-is-opened",
        "of the envelopes that are opened only the number is compared with what was published",
        "app/auctions/rules/sealed/judging.py",
        ("if (tree.root.hex(), tree.size) != (state.root, state.size):", "if tree.size != state.size:"),
        SIMULATION,
        quick=True,
    ),
    _fault(
        "receipt-anew",
        "an envelope that is sent once more is received anew",
        "app/auctions/rules/sealed/receipts.py",
        ("if before is not None:", "if before is not None and before > at:"),
        SIMULATION,
        quick=True,
    ),
    _fault(
        "late-copy",
        "a delayed copy of an older envelope takes its replacement's place",
        "app/auctions/rules/sealed/receipts.py",
        (
            "if lies_since is not None and pass_at < lies_since:",
            "if lies_since is not None and pass_at > lies_since:",
        ),
        SIMULATION,
        quick=True,
    ),
    _fault(
        "close-before-the-outage",
        "what is due happens before it is looked at whether an outage touched it",
        "app/auctions/rules/engine.py",
        ("    outages.compensate(minutes)\n", "    catch_up(minutes)\n    outages.compensate(minutes)\n"),
        SIMULATION,
        quick=True,
    ),
    _fault(
        "more-than-the-whole",
        "a royalty may be offered that is a hundredth above the whole",
        "app/auctions/rules/price.py",
        (
            "if ceiling is not None and amount_minor > ceiling:",
            "if ceiling is not None and amount_minor > ceiling + 1:",
        ),
        "tests/auctions/test_rules_price.py",
        quick=True,
    ),
    _fault(
        "hammer-after-two-calls",
        "the hammer falls after the second call",
        "app/auctions/rules/hall.py",
        ("if hall.calls < CALLS or hall.warns_until", "if hall.calls < CALLS - 1 or hall.warns_until"),
        SIMULATION,
        "tests/auctions/test_rules_hall.py",
        quick=True,
    ),
    _fault(
        "seller-bids",
        "whoever is related to the seller may bid",
        "app/auctions/rules/bids.py",
        ("if bidder.is_seller or bidder.is_related:", "if bidder.is_seller and bidder.is_related:"),
        SIMULATION,
        RULES,
        quick=True,
    ),
    _fault(
        "chain-without-links",
        "a fact's hash does not cover the hash before it",
        "app/auctions/rules/record.py",
        ("        previous=previous,\n", "        previous=bytes(32),\n"),
        "tests/auctions/test_rules_record.py",
        quick=True,
    ),
)

_AROUND_THE_DATABASE: Final = (
    Fault(
        "no-lock",
        "bids are judged on an auction that nobody holds",
        (
            Edit(
                "app/auctions/repository/batches.py",
                "    .with_for_update(key_share=True, skip_locked=not wait)\n",
                "",
            ),
        ),
        (f"{WRITER}::test_writers_of_several_processes_take_turns_on_one_sale", RACES),
    ),
    _fault(
        "answer-before-commit",
        "bidders are told of an accepted bid before it is durable",
        "app/auctions/writer.py",
        (
            "                committing = True\n",
            (
                "                for one, answer in zip(batch, answers, strict=True):\n"
                "                    if answer is not None:\n"
                "                        _give(one, answer)\n"
                "                committing = True\n"
            ),
        ),
        f"{RACES}::test_a_bid_whose_commit_fails_is_never_acknowledged_and_leaves_nothing",
    ),
    _fault(
        "time-before-the-lock",
        "the transaction's beginning is taken for the time, and not the clock once the lock is held",
        "app/db/clock.py",
        ('"SELECT market_now()"\n', '"SELECT market_now() - (clock_timestamp() - now())"\n'),
        f"{RACES}::test_a_bid_that_waited_for_the_lock_past_the_end_is_refused",
    ),
    _fault(
        "event-outside-the-transaction",
        "an event is committed by itself, whatever becomes of what it tells of",
        "app/events/outbox.py",
        (
            "    await plain.post(session, _RECORD, *plain.columns(rows))\n",
            (
                "    async with AsyncSession(session.bind) as other:\n"
                "        await plain.post(other, _RECORD, *plain.columns(rows))\n"
                "        await other.commit()\n"
            ),
        ),
        "tests/events/test_outbox.py::test_an_event_of_a_rolled_back_change_does_not_exist",
        quick=True,
    ),
    _fault(
        "cursor-by-id",
        "the relay takes events as it sees them, and not below the watermark",
        "app/events/relay.py",
        ("AND xid < pg_snapshot_xmin(pg_current_snapshot())", ""),
        "tests/events/test_outbox.py::test_nothing_is_placed_while_an_older_writer_is_still_open",
        quick=True,
    ),
    _fault(
        "deposit-released-twice",
        "a deposit that was released is released again",
        "app/settlement/rules.py",
        (
            (
                "    if deposit.status in (DepositStatus.RELEASED, DepositStatus.LAPSED):\n        return None\n"
                "    if deposit.status is DepositStatus.REQUIRED:\n        return Ending(DepositStatus.LAPSED, None, (), 0)\n"
                "    _check_held(deposit)\n    if not deposit"
            ),
            (
                "    if deposit.status is DepositStatus.REQUIRED:\n        return Ending(DepositStatus.LAPSED, None, (), 0)\n"
                "    if not deposit"
            ),
        ),
        "tests/settlement/test_actions.py::test_releasing_twice_has_one_effect",
        "tests/settlement/test_rules.py",
        quick=True,
    ),
    Fault(
        "key-without-its-body",
        "a used key answers another request than the one that it served",
        (
            Edit(
                "app/http/idempotency.py",
                "if (kept.route, kept.request_hash) != (route, asked):",
                "if kept.route != route:",
            ),
            Edit(
                "app/auctions/actions/batch.py",
                "on_record.answer if on_record.use == one.use else _reused(one)",
                "on_record.answer",
            ),
        ),
        (
            "tests/auctions/test_routes.py::test_a_refused_bid_is_answered_the_same_again",
            f"{WRITER}::test_a_key_that_comes_twice_in_one_batch_places_one_bid",
        ),
    ),
    _fault(
        "close-without-the-lock",
        "timers take a sale that another one holds",
        "app/auctions/repository/locks.py",
        (
            (
                "        .order_by(AuctionRow.next_due_at)\n        .limit(1)\n"
                "        .with_for_update(key_share=True, skip_locked=True)\n"
            ),
            "        .order_by(AuctionRow.next_due_at)\n        .limit(1)\n",
        ),
        f"{RACES}::test_ten_timers_at_once_close_a_sale_once",
        RACES,
    ),
    Fault(
        "stale-cache",
        "a sale is read from a cache that is up to 0.3 s old",
        (
            Edit(
                "app/auctions/queries.py",
                '    """One sale, whole. Raises `NotFound`."""\n',
                '    """One sale, whole. Raises `NotFound`."""\n'
                "    kept = _STALE.get(auction_id)\n"
                "    if kept is not None and monotonic() - kept[0] < 0.3:\n"
                "        return kept[1]\n"
                "    fresh = await _read_fresh(session, actor=actor, auction_id=auction_id)\n"
                "    _STALE[auction_id] = (monotonic(), fresh)\n"
                "    return fresh\n\n\n"
                "_STALE: dict[UUID, tuple[float, AuctionOut]] = {}\n\n\n"
                "async def _read_fresh(session: AsyncSession, *, actor: Actor | None, auction_id: UUID) -> AuctionOut:\n",
            ),
            Edit(
                "app/auctions/queries.py",
                "from datetime import datetime\n",
                "from datetime import datetime\nfrom time import monotonic\n",
            ),
        ),
        ("tests/concurrency/test_linearizable.py",),
    ),
    _fault(
        "failed-batch-not-retried",
        "one bid that cannot be stored fails all that were written with it",
        "app/auctions/writer.py",
        ("elif len(batch) > 1:\n", "elif len(batch) > 1_000:\n"),
        f"{WRITER}::test_one_bid_that_cannot_be_stored_costs_only_itself",
    ),
    _fault(
        "lost-commit-not-looked-up",
        "after a commit that nobody heard of the bids are told that nothing has happened",
        "app/auctions/writer.py",
        ("if committing and _is_lost(error):", "if False and _is_lost(error):"),
        f"{WRITER}::test_after_a_commit_that_nobody_heard_of_each_bid_has_one_effect_and_its_answer",
    ),
    _fault(
        "hold-kept-when-outbid",
        "the unit of who was outbid stays behind the lot",
        "app/auctions/sessions/repository/units.py",
        (
            "for one, step in ((lot.holder_id, -1), (holder, 1)):",
            "for one, step in ((holder, 1),):",
        ),
        "tests/auctions/sessions/test_actions_units.py",
    ),
    _fault(
        "sealed-amount-in-a-log",
        "whoever seals an offer writes it into a log",
        "app/sealing/envelopes.py",
        (
            "    commitment = content.commitment(place)\n    shares = split(",
            (
                "    import structlog\n\n    structlog.get_logger().info('sealed', content=repr(content))\n"
                "    commitment = content.commitment(place)\n    shares = split("
            ),
        ),
        "tests/auctions/sealed/test_canary.py",
    ),
)

FAULTS: Final[tuple[Fault, ...]] = (*_IN_THE_RULES, *_AROUND_THE_DATABASE, *NOTICES, *ROOMS)
