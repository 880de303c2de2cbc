"""Mistakes with what was deleted, moved, put together, locked or taken out by an order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.domain.classes import RegisterClass
from app.domain.dots import Context
from app.domain.standing import Fate, fate_of
from app.services import case_merging, deleting
from app.services.readers import Readers
from app.storage import posting, queries, record_reader
from app.storage.orders import SqlOrders
from app.storage.unit_of_work import StoreUnitOfWork
from sync.sending.reach import Audiences
from tests.support.simulation.bugs.registry import Patches, bug


def _everywhere(lax: Any) -> Patches:
    return [(place, "fate_of", lax) for place in (posting, queries, record_reader)]


@bug("A deletion wins over what was written at the same time, and nobody is asked.")
def deletion_wins() -> Patches:
    """One head that says deleted is enough."""

    def lax(heads: Any) -> Fate:
        fate = fate_of(heads)
        return Fate(deleted=True) if fate.unseen else fate

    return _everywhere(lax)


@bug("What is written at the same time brings a deleted entry back, and nobody is asked.")
def edit_brings_back() -> Patches:
    """What a deletion did not see undoes it."""

    def lax(heads: Any) -> Fate:
        fate = fate_of(heads)
        return Fate() if fate.unseen else fate

    return _everywhere(lax)


@bug("A deletion covers nothing but the register in which it stands.")
def deletion_covers_nothing() -> Patches:
    """No other register is in its context."""
    save = StoreUnitOfWork.save

    def narrow(self: Any, base: Any, edited: Any, covers: Context | None = None) -> Any:
        return save(self, base, edited, None if edited.get("standing") == deleting.DELETED else covers)

    return [(StoreUnitOfWork, "save", narrow)]


@bug("Case files that are one have the readers of one of the two.")
def alias_forgets_readers() -> Patches:
    """The group is not looked through."""

    def narrow(self: Any, case: Any, cls: Any = RegisterClass.BASE) -> frozenset[int]:
        return frozenset(self._of_file(cls, case, (case,)))

    return [(Readers, "of", narrow)]


@bug("Case files that were put together stay so.")
def alias_stays() -> Patches:
    """The next change names the same case file."""

    def useless(session: Any, source: Any, reason: str) -> Any:
        into = source.reference("alias_into")
        kept = replace(source, values={**source.values, "alias_into": None})
        with session.store.unit_of_work() as work:
            return work.save(kept, source.edited(alias_into=into, alias_reason=reason))

    return [(case_merging, "part_case_files", useless)]


@bug("What left a case file is still sent to who reads that one.")
def split_keeps_readers() -> Patches:
    """Where it was made counts, not where it belongs."""

    def made_in(_self: Any, change: Any) -> tuple[Any, ...]:
        return () if change.case is None else (change.case,)

    return [(Audiences, "_homes_of", made_in)]


@bug("What is redacted is only not shown any more.")
def redaction_hides() -> Patches:
    """The words stay in the store."""
    return [(SqlOrders, "empty", lambda *_: None)]


@bug("A restriction that was lifted still locks.")
def lift_forgotten() -> Patches:
    """What a lifting names is not noted."""
    put = SqlOrders.put_in_force

    def forgetful(self: Any, order_id: bytes, order: Any, content: bytes, at_ms: int) -> None:
        put(self, order_id, replace(order, lifts=frozenset()), content, at_ms)

    return [(SqlOrders, "put_in_force", forgetful)]
