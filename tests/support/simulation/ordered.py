"""Orders as people signed them: what each names, and which count (design: protection, Art. 17 and 18)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from app.domain.orders import OrderKind

_ERASING = (OrderKind.ERASE, OrderKind.REDACT)
By = tuple[str, str]


@dataclass
class Ordered:
    """One order and who has signed it, as (person, device).

    `words` fall with it, wherever they are. `with_it` and `kept` are entries: those from other case files
    that go too, and those made in these case files that stay. `lifts`: restrictions by their ids.
    """

    kind: OrderKind
    cases: frozenset[str]
    words: frozenset[str] = frozenset()
    with_it: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    lifts: frozenset[str] = frozenset()
    signed: set[By] = field(default_factory=set)

    def takes(self, made_in: str, entry: str) -> bool:
        """Tell whether an order of erasure includes an entry: what was moved away stays."""
        return (made_in in self.cases and entry not in self.kept) or entry in self.with_it


@dataclass
class Orders:
    """The orders of a history; `responsible` tells who ever was so for a case file.

    Or for one that was merged with it, where an order names both.

    Who has heard of a merger only counts it, so for each device an order may count or not.
    """

    supervisors: frozenset[str]
    responsible: Callable[[str, frozenset[str], frozenset[str] | None], frozenset[str]]
    given: dict[str, Ordered] = field(default_factory=dict)
    unheard: set[str] = field(default_factory=set)
    """Orders that the suspended device signed and the keeper did not know as signed then."""
    suspended: str = ""

    def give(self, order: str, item: Ordered, by: By) -> None:
        """Note an order, signed by who gave it."""
        self.given[order] = item
        self.sign(order, by)

    def sign(self, order: str, by: By) -> None:
        """Note one more signature."""
        if order in self.given:
            self.given[order].signed.add(by)
            self.unheard |= {order} if by[1] == self.suspended else set()

    def suspend(self, device: str, signed: frozenset[str]) -> None:
        """Note that a device was suspended by a keeper who knew these orders as signed by it."""
        self.suspended = device
        mine = {order for order, item in self.given.items() if any(one == device for _, one in item.signed)}
        self.unheard |= mine - signed

    def lift(self) -> None:
        """Note that the suspension was lifted: what that device signed counts like anybody's."""
        self.suspended = ""
        self.unheard.clear()

    def in_force(self, *kinds: OrderKind, known: frozenset[str] | None = None) -> tuple[Ordered, ...]:
        """Give the orders that have all their signatures, for who knows `known`; without it: anywhere.

        What a suspended device signed, unknown to the keeper, counts where it had arrived.
        """
        found = [(order, item) for order, item in self.given.items() if item.kind in kinds]
        return tuple(item for order, item in found if self._counts(order, item, known))

    def locked(self, known: frozenset[str] | None = None) -> frozenset[str]:
        """Give the case files that are restricted, but for what was lifted."""
        lifted = frozenset[str]().union(*(item.lifts for item in self.in_force(OrderKind.LIFT, known=known)))
        restricting = [item for item in self.given.values() if item.kind is OrderKind.RESTRICT]
        counting = self.in_force(OrderKind.RESTRICT, known=known)
        standing = [item for order, item in self.given.items() if order not in lifted and item in restricting]
        return frozenset[str]().union(*(item.cases for item in standing if item in counting))

    def beyond(self, held: frozenset[str]) -> frozenset[str]:
        """Give the case files about whose lock nobody can tell who holds no others than these.

        Whether a case manager who signed is responsible for all that is named follows from all of them.
        """
        found = frozenset[str]()
        for item in self.in_force(OrderKind.RESTRICT, OrderKind.LIFT):
            if not item.cases <= held and not {one for one, _ in item.signed} & self.supervisors:
                found |= item.cases
        return found

    def _counts(self, order: str, item: Ordered, known: frozenset[str] | None) -> bool:
        unheard = known is not None and order in self.unheard
        signers = {person for person, device in item.signed if not (unheard and device == self.suspended)}
        responsible = {
            one
            for one in signers
            if all(one in self.responsible(case, item.cases, known) for case in item.cases)
        }
        if item.kind not in _ERASING:
            return bool(signers & self.supervisors or responsible)
        return any(responsible - {one} for one in signers & self.supervisors)
