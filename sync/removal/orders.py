"""A workplace's orders: giving and signing them, telling how they stand, carrying them out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from app.domain.consent import ended_by
from app.domain.declarations import ORDER, STAND_IN
from app.domain.dots import Dot
from app.domain.errors import NotFoundError
from app.domain.orders import (
    WITHDRAWAL,
    CaseErasedError,
    Order,
    OrderBasisError,
    OrderKind,
    missing_signatures,
)
from app.domain.records import Record, new_record
from app.domain.stand_in import is_over
from app.services.orders import Loss, OrderState
from app.services.readers import entries_of_case
from sync.encoding import wire
from sync.encoding.signing import sha256
from sync.ports import Post
from sync.removal.days import today_of
from sync.removal.order_book import DOCUMENT, KnownOrder
from sync.removal.order_work import LET_GO, OrderWork, let_go, receipts
from sync.roster import DeviceState, day_number, day_of
from sync.signed.order import NONCE_BYTES, order_content, read_content, sign_order
from sync.signed.order_list import read_order_list

__all__ = ["Loss", "OrderState", "Orders"]


class Orders(OrderWork):
    """What a workplace offers about orders. Carrying out may block: call it in a lane."""

    def issue(
        self,
        kind: OrderKind,
        basis: str,
        case: Dot,
        *,
        dots: Iterable[Dot] = (),
        member: int | None = None,
    ) -> bytes:
        """Give an order about a case file, signed by this device, and its id; it counts once all have signed.

        `dots`: the changes to be redacted; `member`: whose access ends. Raises OrderBasisError,
        CaseErasedError, WrongSizeError.
        """
        with self._engine.office.transaction() as post:
            if post.orders.is_erased(case):
                raise CaseErasedError
            order = self._order(post, kind, basis, case, frozenset(dots), member)
            if not order.is_sound:
                raise OrderBasisError(kind=kind.value, basis=basis)
            content = order_content(order, self._engine.roster)
            return self._sign(post, content)

    def restrict_withdrawn(self, case: Dot) -> bool:
        """Lock a case file whose client has withdrawn everything, once for each withdrawal.

        The restriction can be lifted, and is not given again for the same withdrawal (GDPR Art. 7(3)).
        """
        with self._engine.office.transaction() as post:
            if post.orders.is_erased(case):
                return False
            given = {known.order.nonce for known in self._book.known(post)}
            wanted = [_nonce(entry) for entry in ended_by(entries_of_case(post.records, case))]
            new = [nonce for nonce in wanted if nonce not in given]
            for nonce in new:
                order = self._order(post, OrderKind.RESTRICT, WITHDRAWAL, case, frozenset(), None)
                self._sign(post, order_content(replace(order, nonce=nonce), self._engine.roster))
        return bool(new)

    def sign(self, order_id: bytes) -> None:
        """Sign an order that somebody else gave; it counts at once when that was the last signature.

        Raises NotFoundError.
        """
        with self._engine.office.transaction() as post:
            known = next((item for item in self._book.known(post) if item.id == order_id), None)
            if known is None:
                raise NotFoundError(record_type=ORDER.label)
            self._sign(post, known.content)

    def overview(self) -> tuple[OrderState, ...]:
        """Give every order known here, those that wait for signatures first, then the newest."""
        with self._engine.office.transaction() as post:
            told = receipts(post)
            found = [self._state(post, known, told) for known in self._book.known(post)]
        return tuple(sorted(found, key=lambda item: (item.in_force, -item.order.day, item.id)))

    def losses(self) -> tuple[Loss, ...]:
        """Give what orders took from this computer and the person has not been told yet."""
        with self._engine.office.transaction() as post:
            count = let_go(post)
            ordered = tuple(
                Loss(
                    item.id,
                    tuple(sorted(read_content(item.content).cases)),
                    item.gone,
                    item.unsent,
                    item.refused,
                )
                for item in post.orders.standing()
                if item.kind in (OrderKind.ERASE, OrderKind.REDACT) and item.gone and not item.seen
            )
        return (*ordered, *((Loss(b"", (), count, 0, 0),) if count else ()))

    def note_losses_seen(self) -> None:
        """Note that the person has been told."""
        with self._engine.office.transaction() as post:
            post.orders.note_seen()
            if let_go(post):
                post.records.put_setting(LET_GO, "0")

    def is_restricted(self, case: Dot) -> bool:
        """Tell whether a case file is locked."""
        with self._engine.office.transaction() as post:
            return post.orders.is_restricted(case)

    def restricted_cases(self) -> tuple[Dot, ...]:
        """Give the case files that are locked."""
        with self._engine.office.transaction() as post:
            return post.orders.restricted_cases()

    def take_order_list(self, path: Path) -> int:
        """Take the orders of such a list; gives how many came into force.

        Raises ReadingErrors for one that is damaged, of another district, or not signed by an active device.
        """
        with path.open("rb") as file:
            documents = read_order_list(file.read(wire.ORDER_LIST_LIMIT + 1), self._engine.roster)
        with self._engine.office.transaction() as post:
            before = len(post.orders.standing())
            for document in documents:
                post.orders.put_document(document)
            self._book.review(post)
            return len(post.orders.standing()) - before

    def _order(
        self, post: Post, kind: OrderKind, basis: str, case: Dot, dots: frozenset[Dot], member: int | None
    ) -> Order:
        cases = frozenset(post.records.case_group(case)) | {case}
        moved = [post.orders.moved(one) for one in cases]
        erasing = kind is OrderKind.ERASE
        away = frozenset(record for into, _out in moved for record in into) if erasing else frozenset()
        return Order(
            kind,
            basis,
            day_number(self._engine.clock.now().date()),
            self._engine.entropy.bytes(NONCE_BYTES),
            cases,
            self._terms(post, case, member) if kind is OrderKind.END_ACCESS else away,
            frozenset(record for _into, out in moved for record in out) if erasing else frozenset(),
            dots,
            self._book.restrictions(post, cases) if kind is OrderKind.LIFT else frozenset(),
            member,
        )

    def _terms(self, post: Post, case: Dot, member: int | None) -> frozenset[Dot]:
        """Give the entries by which a member stood in until now: another one lets them in again.

        One that only a client's no keeps from counting is none of them.
        """
        today = today_of(self._engine, post)
        mine = (
            item for item in post.records.records(STAND_IN.name, case) if item.number("stand_in") == member
        )
        return frozenset(item.id for item in mine if item.id and is_over(item, today))

    def _sign(self, post: Post, content: bytes) -> bytes:
        engine = self._engine
        document = sign_order(content, engine.index, engine.roster, engine.sign)
        post.records.save(None, new_record(ORDER).edited(**{DOCUMENT: document}))
        self._book.review(post)
        known = next(item for item in self._book.known(post) if item.content == content)
        return known.id

    def _state(
        self, post: Post, known: KnownOrder, confirmed: Sequence[tuple[bytes, int, int]]
    ) -> OrderState:
        in_force = post.orders.is_in_force(known.id) or known.may_be_complete
        missing = () if in_force else known.missing
        told = {device: refused for order_id, device, refused in confirmed if order_id == known.id}
        devices = [item for item in self._engine.roster.devices if item.state is DeviceState.ACTIVE]
        signed = tuple(item.member for item in known.signers)
        me = self._engine.me.id
        with_mine = (*known.signers, self._book.signer(post, me, known.order))
        helps = len(missing_signatures(known.order, with_mine)) < len(missing)
        return OrderState(
            known.id,
            known.order,
            day_of(known.order.day),
            _numbers(post, known.order),
            signed,
            missing,
            in_force,
            self._engine.device.id in told,
            sum(item.id in told for item in devices),
            len(devices),
            sum(told.values()),
            mine=me not in signed and helps,
        )


def _nonce(entry: Record) -> bytes:
    """Give the nonce by which the restriction that follows from a withdrawal is known again."""
    return sha256(b"" if entry.id is None else entry.id.to_bytes())[:NONCE_BYTES]


def _numbers(post: Post, order: Order) -> tuple[str, ...]:
    """Give the numbers of the case files that an order names, as far as they are here."""
    heads = (post.records.record("CaseFile", case) for case in sorted(order.cases))
    return tuple(head.text("number") for head in heads if head is not None)
