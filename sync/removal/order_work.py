"""Carrying orders out on this device, down to the last page, and confirming that it was done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Final

from app.domain.declarations import ORDER_RECEIPT, STAND_IN
from app.domain.dots import Dot, hlc_ms
from app.domain.orders import CONSENT_NO, WAIT_MS, WITHDRAWAL, Order, OrderKind, has_waited
from app.domain.records import new_record
from app.domain.stand_in import Today, is_over
from app.services.ended_reading import Ended, Why, leaving_cases, local_day, put_leaving
from app.services.ports import Session
from app.services.readers import entries_of_case
from sync.engine import Engine
from sync.handing.involved import ever_joined
from sync.ports import Post
from sync.removal.days import relay_time, today_of
from sync.removal.order_book import KnownOrder, OrderBook
from sync.removal.parted import Parted, files_ever_one, lies_here_alone
from sync.roster import day_of
from sync.sending.facts import case_facts
from sync.sending.reach import Audiences, is_only_here
from sync.signed.order import read_content

BETWEEN_MS: Final = int(timedelta(hours=20).total_seconds() * 1000)
"""The erasures of a day are carried out together: by itself a device scrubs at most once in this time."""
_SCRUB_DUE: Final = "scrub_due"
_SCRUBBED: Final = "scrubbed_ms"
_ENDED: Final = "ended:"
_WORD: Final = 8
LET_GO: Final = "let_go"
"""The setting that counts the case files that went from here since the person was last told."""
Going = tuple[Dot, Ended, bool]


class OrderWork:
    """What follows from orders on this device. Carrying out may block: call it in a lane."""

    def __init__(self, engine: Engine, session: Session, remake_backups: Callable[[], object]) -> None:
        """Work for one unlocked device; `remake_backups` is called when something was erased."""
        self._engine = engine
        self._session = session
        self._remake_backups = remake_backups
        self._book = OrderBook(engine)

    def review(self) -> bool:
        """Let every order count that has what it needs; tells whether one came into force."""
        with self._engine.office.looking() as post:
            due = self._book.is_due(post)
        if not due:
            return False
        with self._engine.office.transaction() as post:
            return self._book.review(post)

    def give_up(self, cases: Sequence[Dot]) -> int:
        """Erase case files on this computer only, because others have them now; gives their entries."""
        if not cases:
            return 0
        with self._engine.office.transaction() as post:
            return _give_up(post, cases)

    def follow_ended_access(self) -> tuple[Dot, ...]:
        """Erase here what this person has no access to any more, once nothing is lost; gives the cases.

        What is to go, but not yet, is noted for the person to be told.
        """
        with self._engine.office.looking() as post:
            ended = any(item.kind == OrderKind.END_ACCESS for item in post.orders.standing())
            given = post.handovers.given_by(self._session.me)
            if not (ended or given or files_ever_one(post) or leaving_cases(post.records)):
                return ()
        with self._engine.office.transaction() as post:
            going = [*self._handed_over(post), *self._by_orders(post), *self._by_family(post)]
            due = tuple(dict.fromkeys(case for case, _ended, now in going if now))
            put_leaving(post.records, {case: ended for case, ended, _now in going if case not in due})
            for case in due:
                Parted(self._engine, post).note_gone(case)
            if due:
                post.records.put_setting(LET_GO, str(let_go(post) + len(due)))
                _give_up(post, due)
        return due

    def _handed_over(self, post: Post) -> Iterator[Going]:
        """Go through what this person gave away, once all has arrived: `Handovers` says when it goes."""
        for case in post.handovers.given_by(self._session.me):
            since = post.handovers.covered_since(case)
            if since is not None:
                yield case, Ended(Why.HANDED_OVER, "", local_day(since[0] + WAIT_MS)), False

    def _by_orders(self, post: Post) -> Iterator[Going]:
        """Go through what an end of access takes from this person: case file, why, whether it goes now."""
        for item in post.orders.standing():
            order = read_content(item.content) if item.kind == OrderKind.END_ACCESS else None
            if order is None or order.member != self._session.me:
                continue
            held = [case for case in sorted(order.cases) if post.orders.holds(case)]
            now, heard = self._engine.now_ms(), relay_time(post)
            since = _since(post, item.id, now, heard) if held else (now, heard)
            for case in held:
                if self._is_shut_out(post, case, order):
                    waits = not has_waited(since, (now, heard)) or self._is_needed(post, case, order)
                    yield case, _ended(order, since[0]), not waits

    def _by_family(self, post: Post) -> Iterator[Going]:
        """Go through what this person read only by a family that fell apart."""
        parted = Parted(self._engine, post)
        for case, word, since in parted.leaving():
            goes = local_day(since + WAIT_MS)
            yield case, Ended(Why.FAMILY, local_day(hlc_ms(word.hlc)), goes), parted.may_go(case, word)

    def prepare(self) -> None:
        """Before an exchange: let orders count, confirm what was carried out and what was refused since."""
        self.review()
        self.confirm()

    def finish(self) -> bool:
        """After an exchange, and at opening: carry out what is due, unless that was done today already."""
        self.review()
        self.follow_ended_access()
        with self._engine.office.looking() as post:
            last = int.from_bytes(post.rounds.state(_SCRUBBED) or b"", "big")
        now = self._engine.now_ms()
        if 0 <= now - last < BETWEEN_MS:
            return False
        return self.carry_out()

    def carry_out(self) -> bool:
        """Take the last traces of what was erased out of store and backups; tells whether there were any.

        Raises StoreBusyError, DiskFullError; then it stays due, and nothing was confirmed.
        """
        with self._engine.office.looking() as post:
            due = [item for item in post.orders.standing() if item.done_ms is None]
            given_up = post.rounds.state(_SCRUB_DUE)
        if not due and not given_up:
            return False
        self._engine.office.scrub()
        self._remake_backups()
        with self._engine.office.transaction() as post:
            now = self._engine.now_ms()
            for item in due:
                post.orders.note_done(item.id, now)
            post.rounds.put_state(_SCRUB_DUE, None)
            post.rounds.put_state(_SCRUBBED, now.to_bytes(_WORD, "big"))
        self.confirm()
        return True

    def confirm(self) -> None:
        """Write this device's confirmations: of what it carried out, and of what it refused since."""
        own = self._engine.device.id
        with self._engine.office.looking() as post:
            if not post.orders.standing() and not self._book.waiting(post):
                return
        with self._engine.office.transaction() as post:
            told = {order_id for order_id, device, _refused in receipts(post) if device == own}
            for item in post.orders.standing():
                if item.done_ms is not None and (item.told is None or item.refused > item.told):
                    outcome = "done" if item.gone else "nothing_here"
                    _write_receipt(post, item.id, outcome, item.gone, item.refused)
                    post.orders.note_told(item.id)
            for known in self._book.waiting(post):
                if known.id not in told and self._has_nothing(post, known):
                    _write_receipt(post, known.id, "nothing_here", 0, 0)

    def _has_nothing(self, post: Post, known: KnownOrder) -> bool:
        """Whether an order may count though it cannot be judged here, because nothing of it is here."""
        if not known.may_be_complete:
            return False
        return not self._book.is_here(post, known.order)

    def _is_shut_out(self, post: Post, case: Dot, order: Order) -> bool:
        """Whether this person may not read a case file any more that an end of access names.

        Neither a client's no nor the early end of a stand-in reaches whom it shuts out: where nothing here
        says otherwise, the order's word counts.
        """
        me = self._engine.me
        today = today_of(self._engine, post)
        facts = [case_facts(post.records, one, today) for one in post.records.case_group(case)]
        # Who leads what is one with it keeps it, also once they left: what they attached lies nowhere else.
        leads = any(item.responsible == me.id for item in facts)
        if order.basis in (CONSENT_NO, WITHDRAWAL):
            shut_out = not _knows_a_no(post, case) and not _fell_apart(post, case, order)
        else:
            # Whose time as a stand-in is over may have another part in it; who gives it up erases later.
            others = {item.supervision for item in facts}.union(*(item.givers for item in facts))
            shut_out = me.id not in others and not _was_named_anew(post, case, order, today)
        audiences = Audiences(self._engine, post)
        excluded = me.id not in audiences.readers(case)
        # An order ends access to what it names: who reads the family by another case file goes on with it.
        beside = me.id in audiences.readers_beside(case, order.cases)
        return not (leads or beside) and (excluded or shut_out)

    def _is_needed(self, post: Post, case: Dot, order: Order) -> bool:
        """Whether something written here is not with a supervisor yet, or with nobody who keeps it.

        What a stand-in attached here, or typed and did not save, counts; after a client's no it goes, too.
        """
        delivery = post.records.delivery(case)
        refused = order.basis in (CONSENT_NO, WITHDRAWAL)
        waits = delivery.waiting or delivery.at_relay or (not refused and lies_here_alone(post, case))
        return bool(waits) or is_only_here(self._engine, post, case, _ended_in(post, case))


def _ended_in(post: Post, case: Dot) -> frozenset[int | None]:
    """Give whose access to a case file an order ends."""
    orders = (read_content(item.content) for item in post.orders.standing())
    return frozenset(
        order.member for order in orders if order.kind is OrderKind.END_ACCESS and case in order.cases
    )


def _give_up(post: Post, cases: Sequence[Dot]) -> int:
    gone = sum(post.orders.give_up(case) for case in cases)
    if gone:
        post.rounds.put_state(_SCRUB_DUE, b"\1")
    return gone


def let_go(post: Post) -> int:
    """Give how many case files went from here since the person was told: they were read no more."""
    return int(post.records.setting(LET_GO) or 0)


def _ended(order: Order, since_ms: int) -> Ended:
    why = Why.REFUSED if order.basis in (CONSENT_NO, WITHDRAWAL) else Why.STAND_IN
    return Ended(why, day_of(order.day).isoformat(), local_day(since_ms + WAIT_MS))


def _was_named_anew(post: Post, case: Dot, order: Order, today: Today) -> bool:
    """Whether an order's member stands in, or will, by an entry that it does not name.

    The early end of one that it does name reaches nobody whom it shuts out.
    """
    entries = (item for item in post.records.records(STAND_IN.name, case) if item.id not in order.records)
    return any(item.number("stand_in") == order.member and not is_over(item, today) for item in entries)


def _fell_apart(post: Post, case: Dot, order: Order) -> bool:
    """Whether a case file was one with others that an order names, and is so no more, or they were erased.

    The no may have been said in one of them, or been erased with it, though the word that joined them stands.
    Where it was said in this one, and still stands, whoever leads it orders the same of what is one by now.
    """
    left = order.cases.difference(post.records.case_group(case))
    was_one = ever_joined(case, post, order.cases)
    return bool(left & was_one) or any(map(post.orders.is_erased, order.cases - {case}))


def _knows_a_no(post: Post, case: Dot) -> bool:
    refused = ("supervision_item", "stand_in_item")
    entries = entries_of_case(post.records, case)
    return any(item.type == "Withdrawal" or "no" in [item.text(name) for name in refused] for item in entries)


def receipts(post: Post) -> tuple[tuple[bytes, int, int], ...]:
    """Give every confirmation known here: order, device (as in dots), entries refused."""
    found = []
    for record in post.records.records(ORDER_RECEIPT.name, None):
        order_id = record.get("receipt_order")
        if record.id is not None and isinstance(order_id, bytes):
            found.append((order_id, record.id.device, record.number("receipt_refused") or 0))
    return tuple(found)


def _write_receipt(post: Post, order_id: bytes, outcome: str, gone: int, refused: int) -> None:
    receipt = new_record(
        ORDER_RECEIPT,
        receipt_order=order_id,
        receipt_outcome=outcome,
        receipt_gone=gone,
        receipt_refused=refused,
    )
    post.records.save(None, receipt)


def _since(post: Post, order_id: bytes, now: int, heard: int | None) -> tuple[int, int | None]:
    """Give when an ended access was first seen here, by both clocks; the relay's once one was heard."""
    kept = post.rounds.state(_ENDED + order_id.hex()) or b""
    own = int.from_bytes(kept[:_WORD], "big") if kept else now
    relay = int.from_bytes(kept[_WORD:], "big") if kept[_WORD:] else heard
    packed = own.to_bytes(_WORD, "big") + (b"" if relay is None else relay.to_bytes(_WORD, "big"))
    post.rounds.put_state(_ENDED + order_id.hex(), packed)
    return own, relay
