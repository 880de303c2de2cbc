"""Judging orders: which have all their signatures, what follows from them, on this device."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import cbor2

from app.domain.audience import Role
from app.domain.declarations import ORDER, ORDER_RECEIPT
from app.domain.dots import Dot
from app.domain.merge import Change
from app.domain.orders import Order, OrderKind, Signer, missing_signatures
from app.domain.schema import ALIAS
from sync.encoding import wire
from sync.encoding.signing import sha256
from sync.engine import Engine
from sync.handing.involved import ever_joined
from sync.layout import canonical_change
from sync.ports import Post
from sync.removal.voiding import void_with_purge
from sync.roster import meets_floor
from sync.signed.order import SignedOrder, check_order
from sync.signed.order_list import sign_order_list

DOCUMENT: Final = "order_document"
_ERASING: Final = (OrderKind.ERASE, OrderKind.REDACT)
_TOLD: Final = frozenset({ORDER.name, ORDER_RECEIPT.name})
_RESPONSIBLE: Final = frozenset({"number", "responsible", ALIAS})


@dataclass(frozen=True)
class KnownOrder:
    """An order that is known here, with the members who signed it and what signatures it lacks."""

    id: bytes
    order: Order
    content: bytes
    signers: tuple[Signer, ...]
    documents: tuple[bytes, ...]
    is_done_elsewhere: bool = False
    """Whether a supervisor's computer has carried it out, and this one holds what it names.

    Who leads a case file by now is told to its readers: not to those who read it once and have it still.
    """

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Whose signatures are missing, as far as this device can know."""
        if self.is_done_elsewhere and self.may_be_complete:
            return ()
        return missing_signatures(self.order, self.signers)

    @cached_property
    def may_be_complete(self) -> bool:
        """Whether it would count, were a case manager who signed responsible: not everybody can know."""
        believed = (replace(item, responsible=True) for item in self.signers)
        return not missing_signatures(self.order, believed)


class OrderBook:
    """Orders of one device; everything happens in the caller's transaction."""

    def __init__(self, engine: Engine) -> None:
        """Judge for `engine`."""
        self._engine = engine

    def check(self, changes: Sequence[Change], sender: int) -> None:
        """Raise held or quarantined errors for a received order that its sender did not sign."""
        for change in changes:
            if change.type == ORDER.name:
                document = cbor2.loads(change.value).get(DOCUMENT)
                check_order(wire.blob(document), sender, self._engine.roster)

    def known(self, post: Post) -> tuple[KnownOrder, ...]:
        """Give every order known here, by its id, each with all signatures that count."""
        return tuple(self._one(post, order_id) for order_id in self._documents(post))

    def signed_list(self, post: Post) -> bytes:
        """Give the list of these orders, signed: a restored copy takes it before anything else."""
        documents = (document for item in self.known(post) for document in item.documents)
        return sign_order_list(documents, self._engine.roster, self._engine.index, self._engine.sign)

    def waiting(self, post: Post) -> tuple[KnownOrder, ...]:
        """Give the orders that do not count yet: of those that do nobody asks any more who signed them."""
        counting = {item.id for item in post.orders.standing()}
        given = self._documents(post)
        return tuple(self._one(post, order_id) for order_id in given if order_id not in counting)

    def _one(self, post: Post, order_id: bytes) -> KnownOrder:
        what = ("order", order_id, self._engine.roster.hash)
        return post.records.once(what, lambda: self._known(post, order_id, self._documents(post)[order_id]))

    def _documents(self, post: Post) -> Mapping[bytes, Sequence[SignedOrder]]:
        """Give what was signed, by the ids of orders, in their order."""
        return post.records.once(("orders", self._engine.roster.hash), lambda: self._all(post))

    def _all(self, post: Post) -> Mapping[bytes, Sequence[SignedOrder]]:
        found: dict[bytes, list[SignedOrder]] = {}
        records = (record.get(DOCUMENT) for record in post.records.records(ORDER.name, None))
        given = {item for item in records if isinstance(item, bytes)}
        for document in sorted({*given, *post.orders.documents()}):
            signed = self._engine.read_orders.signed(document, self._engine.roster)
            if signed is not None:
                found.setdefault(signed.id, []).append(signed)
        return {order_id: found[order_id] for order_id in sorted(found)}

    def is_due(self, post: Post) -> bool:
        """Tell whether an order has what it needs and does not count yet."""
        return any(not item.missing for item in self.waiting(post))

    def review(self, post: Post) -> bool:
        """Let every order count that now has what it needs; tells whether one came into force."""
        told = False
        for known in self.waiting(post):
            if not known.missing:
                self.enforce(post, known)
                told = True
        return told

    def enforce(self, post: Post, known: KnownOrder) -> None:
        """Put an order in force: at once nothing of what it erases is seen any more."""
        orders, order, now = post.orders, known.order, self._engine.now_ms()
        orders.put_in_force(known.id, order, known.content, now)
        if order.kind not in _ERASING:
            orders.note_done(known.id, now)
            return
        falling = orders.falling(order)
        orders.count_unsent(known.id, falling)
        void_with_purge(self._engine, post, orders.envelopes_with(change.dot for change in falling))
        self._forget_salts(post, falling)
        if order.kind is OrderKind.ERASE:
            orders.take_out(known.id, order)
        else:
            orders.empty(known.id, [change.dot for change in falling])
        if not falling:
            orders.note_done(known.id, now)

    def restrictions(self, post: Post, cases: frozenset[Dot]) -> frozenset[bytes]:
        """Give the restrictions of case files that were not lifted.

        Those too that count only where who signed is known as responsible, or will be: people see them as
        such, and what they lift must not lock again when the case file is handed over.
        """
        known = [item for item in self.known(post) if item.may_be_complete and item.order.cases & cases]
        lifts = (item.order.lifts for item in known if not item.missing)
        found = frozenset(item.id for item in known if item.order.kind is OrderKind.RESTRICT)
        return found.difference(*lifts)

    def roles(self, post: Post, member: int) -> frozenset[Role]:
        """Give every role that a member ever held: it only grows, so no order depends on when it came."""
        roles = self._engine.read_orders.roles(self._engine.roster, post.keys.rosters)
        return roles.get(member, frozenset())

    def signer(self, post: Post, member: int, order: Order) -> Signer:
        """Give what a member's signature under an order is worth here."""
        roles = self.roles(post, member)
        responsible = all(member in self._ever_responsible(post, case, order.cases) for case in order.cases)
        return Signer(member, roles, responsible or self._is_believed(post, roles, order))

    def _is_believed(self, post: Post, roles: frozenset[Role], order: Order) -> bool:
        """Tell whether nobody can judge any more whose signature counts: with a case file that was erased
        went who was responsible for it, and what it was one with.

        Every device erases it in the end, so all end alike. A supervisor must sign such an order as well.
        """
        erased = any(post.orders.is_erased(case) for case in order.cases)
        return erased and order.kind in _ERASING and Role.CASE_MANAGER in roles

    def _known(self, post: Post, order_id: bytes, documents: Sequence[SignedOrder]) -> KnownOrder:
        first = documents[0]
        counting = [item for item in documents if meets_floor(self._engine.roster, item.suite)]
        if len(counting) < len(documents) and post.orders.is_in_force(order_id):
            # What came into force before the floor was raised was carried out, and stays.
            counting = list(documents)
        members = {self._engine.roster.member_of_device(item.signer) for item in counting}
        ids = sorted(member.id for member in members if member is not None)
        signers = tuple(self.signer(post, member, first.order) for member in ids)
        data = tuple(item.data for item in documents)
        done = order_id in self._carried_out(post)
        # Who holds nothing has confirmed already.
        done = done and self.is_here(post, first.order)
        return KnownOrder(order_id, first.order, first.content, signers, data, done)

    def is_here(self, post: Post, order: Order) -> bool:
        """Tell whether anything is here that an order names: of its case files, or what left another one."""
        held = any(post.orders.holds(case) for case in order.cases)
        return held or (order.kind in _ERASING and bool(post.orders.falling(order)))

    def _carried_out(self, post: Post) -> frozenset[bytes]:
        """Give the orders by which a supervisor's computer says that it erased or emptied something: ids."""
        return post.records.once(("carried out", self._engine.roster.hash), lambda: self._done(post))

    def _done(self, post: Post) -> frozenset[bytes]:
        found = set()
        for receipt in post.records.records(ORDER_RECEIPT.name, None):
            order_id = receipt.get("receipt_order")
            device = receipt.id and self._engine.roster.device_by_id(receipt.id.device)
            supervises = device and Role.SUPERVISOR in self.roles(post, device.member)
            if supervises and isinstance(order_id, bytes) and receipt.text("receipt_outcome") == "done":
                found.add(order_id)
        return frozenset(found)

    def _ever_responsible(self, post: Post, case: Dot, named: frozenset[Dot]) -> frozenset[int]:
        """Give who made a case file or was ever responsible for it: it only grows.

        Or for one ever merged with it, where an order names both: who holds one of them can judge.
        """
        found: set[int] = set()
        for one in ever_joined(case, post, named):
            maker = self._engine.roster.device_by_id(one.device)
            found |= {maker.member} if maker else set()
            for kind, register, value in post.into.assignments(one):
                if (kind, register) == ("CaseFile", "responsible"):
                    found |= {item for item in cbor2.loads(value).values() if type(item) is int}
        return frozenset(found)

    def _forget_salts(self, post: Post, falling: Iterable[Change]) -> None:
        """Replace the salt of each change that goes by its leaf: the envelope's proof stays whole."""
        by_dot = {change.dot.to_bytes(): change for change in falling}
        sessions = {change.dot.session for change in by_dot.values()}
        for kept in post.orders.proofs(sessions):
            header, signature, leaves = cbor2.loads(kept.proof)
            going = [leaf for leaf in leaves if bytes(leaf[0]) in by_dot and len(leaf[1]) == wire.SALT_BYTES]
            for leaf in going:
                leaf[1] = sha256(bytes(leaf[1]) + canonical_change(by_dot[bytes(leaf[0])]))
            if going:
                post.orders.put_proof(replace(kept, proof=wire.encode([header, signature, leaves])))


def needs_review(changes: Iterable[Change]) -> bool:
    """Tell whether changes may bring an order what it lacks: a signature, who is responsible, or a word."""
    return any(
        change.type in _TOLD or (change.type == "CaseFile" and change.register in _RESPONSIBLE)
        for change in changes
    )
