"""Handovers as the engine keeps them: receipts by the new holder, and when the giver may let go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.domain.declarations import HANDOVER_RECEIPT
from app.domain.dots import Context, Dot
from app.domain.handover import Handover
from app.domain.orders import WAIT_MS, GivingUp, may_give_up
from app.domain.receipt import pack_receipts
from app.domain.records import Record, new_record
from app.services import handovers
from app.services.ports import Session, today
from sync.days import relay_time
from sync.engine import Engine
from sync.ports import Post


@dataclass(frozen=True)
class Standing:
    """How a handover stands, seen from this device.

    `arrived` of `held` changes are on the recipient's computers by their receipts;
    `gives_up_ms` is the moment (since 1970, this device's clock) from which the giver's
    copy may go, None while something is lacking: see `lacks`.
    """

    handover: Handover
    case: Dot
    number: str
    held: int = 0
    arrived: int = 0
    gives_up_ms: int | None = None
    lacks: tuple[str, ...] = ()
    """ "answer", "receipt", "identity", "time", in this order: all that giving up still waits for."""


class Handovers:
    """What a workplace offers about handovers. Asking and answering are in `app.services.handovers`."""

    def __init__(self, engine: Engine, session: Session) -> None:
        """Work for one unlocked device."""
        self._engine = engine
        self._session = session

    def prepare(self) -> None:
        """Write what is due before an exchange: receipts for what came, and that all has arrived."""
        with self._engine.office.transaction() as post:
            for case in post.handovers.taken_by(self._session.me):
                self._write_receipts(post, case)
            for case in post.handovers.given_by(self._session.me):
                self._follow(post, case)

    def standing(self) -> tuple[Standing, ...]:
        """Tell how every handover known here stands, newest first."""
        with self._engine.office.transaction() as post:
            cases = post.handovers.cases()
            found = [self._stands(post, case, item) for case in cases for item in _known(post, case)]
        return tuple(sorted(found, key=lambda item: item.handover.asked.updated_hlc, reverse=True))

    def receipt_covers(self, case: Dot) -> Context:
        """Give what the new holder's receipts cover of a case file that was handed over from here."""
        with self._engine.office.transaction() as post:
            found = self._given(post, case)
            return Context() if found is None else post.handovers.receipts(case, found.recipient)

    def may_give_up(self, case: Dot) -> bool:
        """Tell whether nothing is left to wait for: all arrived, identity data settled, 14 days over."""
        with self._engine.office.transaction() as post:
            found = self._given(post, case)
            return found is not None and not self._stands(post, case, found).lacks

    def due(self) -> tuple[Dot, ...]:
        """Give the case files that this device may give up now."""
        with self._engine.office.transaction() as post:
            given = post.handovers.given_by(self._session.me)
        return tuple(case for case in given if self.may_give_up(case))

    def _write_receipts(self, post: Post, case: Dot) -> None:
        """Name what came since the last receipt; own entries alone give no reason for one."""
        me = self._session.me
        taken = [item for item in _known(post, case) if item.recipient == me and item.is_taken]
        if not taken or _responsible(post, case) != me:
            return
        memory = post.handovers
        named, held = memory.receipts(case, me), memory.held(case)
        if all(item.status == "released" for item in taken):
            expected = memory.held(case, {item.giver for item in taken})
        else:
            expected = Context(held.dots - memory.held(case, {me}).dots)
        if expected.dots <= named.dots:
            return
        for document in pack_receipts(Context((held | memory.superseded(case)).dots - named.dots)):
            post.records.save(None, self._receipt(case, document, len(held.dots)))

    def _receipt(self, case: Dot, document: bytes, count: int) -> Record:
        day = today(self._session.clock)
        return new_record(
            HANDOVER_RECEIPT, case, receipt_on=day, receipt_count=count, receipt_context=document
        )

    def _follow(self, post: Post, case: Dot) -> None:
        """Note on the giver's device that all arrived, and since when."""
        found = self._given(post, case)
        if found is None:
            post.handovers.put_covered_since(case, None)
            return
        lacks = self._stands(post, case, found).lacks
        if found.status == "accepted" and not set(lacks) & {"receipt", "identity"}:
            handovers.release(self._session, found)
        elif found.status == "released" and "receipt" not in lacks:
            self._begin_wait(post, case)

    def _begin_wait(self, post: Post, case: Dot) -> None:
        """Begin to count; anew when a relay is heard for the first time, for its clock must agree."""
        since, heard = post.handovers.covered_since(case), relay_time(post)
        if since is not None and since[1] is None and heard is not None:
            post.handovers.put_covered_since(case, None)
        post.handovers.put_covered_since(case, (self._engine.now_ms(), heard))

    def _given(self, post: Post, case: Dot) -> Handover | None:
        """Give the handover by which a case file left this person; None while, or again, it is theirs."""
        me = self._session.me
        if _responsible(post, case) == me:
            return None
        return next((item for item in _known(post, case) if item.giver == me and item.is_taken), None)

    def _stands(self, post: Post, case: Dot, found: Handover) -> Standing:
        head = post.records.record("CaseFile", case)
        number = head.text("number") if head is not None else ""
        if not found.is_taken:
            return Standing(found, case, number, lacks=("answer",) if found.status == "asked" else ())
        known = self._known_of(post, case, found)
        arrived = known.held.dots & (known.receipts or Context()).dots
        until = None if known.since_ms is None else known.since_ms[0] + WAIT_MS
        lacks = tuple(_lacks(known, complete=len(arrived) == len(known.held.dots)))
        return Standing(found, case, number, len(known.held.dots), len(arrived), until, lacks)

    def _known_of(self, post: Post, case: Dot, found: Handover) -> GivingUp:
        memory = post.handovers
        return GivingUp(
            held=memory.held(case),
            receipts=memory.receipts(case, found.recipient),
            identity_settled=bool(found.identity_data) or not memory.has_identity_data(case),
            since_ms=memory.covered_since(case) if found.status == "released" else None,
            now_ms=(self._engine.now_ms(), relay_time(post)),
        )


def _lacks(known: GivingUp, *, complete: bool) -> Iterator[str]:
    if not complete:
        yield "receipt"
    if not known.identity_settled:
        yield "identity"
    if not may_give_up(replace(known, receipts=known.held, identity_settled=True)):
        yield "time"


def _known(post: Post, case: Dot) -> tuple[Handover, ...]:
    return handovers.handovers_of(post.records, case)


def _responsible(post: Post, case: Dot) -> int | None:
    head = post.records.record("CaseFile", case)
    return None if head is None else head.number("responsible")
