"""Plays one script of a sealed sale: clients that seal and seal again, custodians, the seller, and what gets lost between."""

from app.auctions.rules import engine
from app.auctions.rules.commands import Tick
from app.auctions.rules.sealed.commands import DecideOpening
from app.auctions.states import ENDED, AuctionStatus
from app.markets.award import PriceKind
from tests.auctions.sale import WAN
from tests.invariants import Record
from tests.invariants.i_03 import Read, linearizable
from tests.invariants.record import require
from tests.simulation.day import Day, Request
from tests.simulation.script import FAULTLESS, Copy, Move, Script
from tests.simulation.sealed_checks import check_sealed_record
from tests.simulation.sealed_market import OFFICERS, SealedMarket
from tests.simulation.sealed_slots import Envelope


class SealedDay(Day):
    """One history of a sealed sale as it is played."""

    market: SealedMarket

    def _market(self, script: Script) -> SealedMarket:
        self._sent: dict[int, Envelope] = {}
        return SealedMarket(script)

    def _make(self, key: int, move: Move) -> None:
        if move.kind == "clock" and move.jump < 0 and not self.market.down:
            self.market.ran_back = True
        if move.kind == "cheat" and not self.market.down:
            self.market.cheat(move.client, self._now)
        else:
            super()._make(key, move)

    def _amount(self, move: Move) -> int:
        """What a client offers, by what he sees when he seals: the start price, or what must be exceeded."""
        now = self.market.snapshot
        base = now.terms.start_price_minor if now.sealing.floor_minor is None else now.sealing.floor_minor
        unit = 25 if now.terms.price.kind is PriceKind.ROYALTY_RATE else WAN
        return max(1, base + move.steps * unit + move.off)

    def _serve(self, request: Request, copy: Copy, now: int) -> None:
        market, move = self.market, request.move
        if move.kind == "seal":
            person = self._standing(move)
            answer = market.take(self._sealed(request), person, now, copy.crash)
        elif move.kind == "shares":
            answer = market.hand_in(request.key, move, now, copy.crash)
        elif move.kind == "decide":
            answer = market.decide(request.key, self._decision(move), now, copy.crash)
        else:
            super()._serve(request, copy, now)
            return
        if answer is not None and copy.back is not None:
            self._at(now + copy.back, lambda at: self._hear(request, answer, at))

    def _decision(self, move: Move) -> DecideOpening:
        return DecideOpening(proceed=not move.ends, document_no="甲2", note="决定")

    def _send(self, request: Request, number: int) -> None:
        if request.move.kind == "seal" and number == 0:
            round_no = self.market.snapshot.sealing.round_no
            code = self._standing(request.move).code or ""
            self._sent[request.key] = Envelope(
                request.key,
                round_no,
                code,
                request.amount,
                request.move.content,
                self.market.pass_for(code, self._now),
                self._now,
            )
        super()._send(request, number)

    def _sealed(self, request: Request) -> Envelope:
        """The same bytes each time, for the round that the client saw when he sealed."""
        return self._sent[request.key]

    def _end(self) -> None:
        """Nobody seals any more: what was interrupted goes on, custodians open, the seller decides, time passes."""
        market = self.market
        market.does(self._order("resume"), self._now)
        while market.snapshot.status not in ENDED:
            before, due = market.snapshot, engine.due(market.snapshot)
            if before.status is AuctionStatus.OPENING:
                self._open()
            else:
                require(due is not None, "I-08", f"a sale that stays {before.status}")
                assert due is not None
                self._now = max(self._now, self._true(due))
                market.does(Tick(), self._now)
            require(market.snapshot != before, "I-29", f"nothing happened while {before.status}, due {due}")

    def _open(self) -> None:
        """Every custodian with his key; what still cannot be opened the seller goes on without."""
        sealed, shown = self._script.terms.sealed, self.market.snapshot.sealing
        assert sealed is not None
        if shown.halted:
            self._asked("decide")
        who = range(1, OFFICERS + 1) if self.market.by_market else [seat.no for seat in sealed.seats]
        for seat in who:
            if self.market.snapshot.status is AuctionStatus.OPENING:
                self._asked("shares", seat)

    def _asked(self, kind: str, seat: int = 1) -> None:
        request = Request(-1 - len(self.requests), Move(kind, seat=seat), 0, self._now)
        self.requests.append(request)
        self._serve(request, Copy(0, 0, FAULTLESS), self._now)
        self._pass_until(self._now)

    def _check(self) -> None:
        market = self.market
        check_sealed_record(Record(market.first, market.facts, market.script.secret_reserve))
        require(max(market.effects.values(), default=0) <= 1, "I-05", "a key had two effects")
        for request in self.requests:
            if request.answer is not None and not isinstance(request.answer, Read):
                kept = market.answers.get(request.key, request.answer)
                require(kept == request.answer, "I-05", "a key was answered in two ways")
        require(linearizable(self._history()), "I-03", "no order explains what the clients saw")
