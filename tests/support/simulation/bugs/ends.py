"""Mistakes at the ends: who may read, what waits, what a restart forgets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from app.domain.audience import Member, audience
from app.domain.classes import RegisterClass
from app.domain.dots import Dot
from app.domain.figures import derive_facts
from app.services import figures, readers
from app.storage import unit_of_work
from app.storage.store import SqlStore
from app.storage.unit_of_work import StoreUnitOfWork
from sync.sending import reach
from sync.sending.dispatch import Dispatch
from sync.sending.reach import Audiences
from tests.support.simulation.bugs.registry import Patches, bug


@bug("What is sensitive is sent like anything else.")
def sensitive_sent_as_base() -> Patches:
    """The class of the declaration, whatever the codes say."""
    return [(unit_of_work, "class_at_write", lambda register, _values: register.cls)]


@bug("Clearance is not asked when readers are chosen.")
def clearance_not_asked() -> Patches:
    """Sensitive registers go where base registers go."""

    def lax(cls: RegisterClass, *more: Any) -> frozenset[int]:
        return audience(RegisterClass.BASE if cls is RegisterClass.SENSITIVE else cls, *more)

    return [(readers, "audience", lax), (reach, "audience", lax)]


@bug("What is to stay on its computer is sent like anything else.")
def identity_sent_as_base() -> Patches:
    """Identity data goes where base registers go."""

    def lax(cls: RegisterClass, *more: Any) -> frozenset[int]:
        return audience(RegisterClass.BASE if cls is RegisterClass.IDENTITY else cls, *more)

    return [(readers, "audience", lax), (reach, "audience", lax)]


@bug("Who left the district is sent what is written after that.")
def still_told_after_leaving() -> Patches:
    """Every member of the list is a reader."""

    def lax(cls: RegisterClass, author: Member, members: Iterable[Member], *more: Any) -> frozenset[int]:
        return audience(cls, author, [replace(item, active=True) for item in members], *more)

    return [(readers, "audience", lax), (reach, "audience", lax)]


@bug("Who may read a case file is worked out once, not at each sealing.")
def audience_computed_once() -> Patches:
    """Facts of the first time."""
    facts_of = Audiences.facts
    known: dict[tuple[int, Dot], Any] = {}

    def once(self: Any, case: Dot) -> Any:
        key = (id(self._engine), case)
        if key not in known:
            known[key] = facts_of(self, case)
        return known[key]

    return [(Audiences, "facts", once)]


@bug("What was sealed before a withdrawal still leaves after it.")
def withheld_too_late() -> Patches:
    """What is sealed counts as gone."""
    return [(Dispatch, "_may_leave", lambda *_: True)]


@bug("Who is let in later does not get what was written before.")
def requeue_forgotten() -> Patches:
    """Own changes are not put back into the outbox."""
    return [(StoreUnitOfWork, "requeue_case", lambda *_: None)]


@bug("A person's second device is not among the readers of the first.")
def second_device_forgotten() -> Patches:
    """The writer's own member is left out."""
    return [(Audiences, "_own_others", lambda *_: frozenset())]


@bug("Consent is not asked when readers are chosen.")
def consent_not_asked() -> Patches:
    """The items count as yes."""
    facts_of = Audiences.facts

    def yes(self: Any, case: Dot) -> Any:
        return replace(facts_of(self, case), supervision_item="yes", stand_in_item="yes")

    return [(Audiences, "facts", yes)]


@bug("Free text goes into the figures.")
def figures_with_text() -> Patches:
    """The concern as a fact."""

    def chatty(records: Any) -> tuple[str, ...]:
        held = list(records)
        texts = [str(value) for record in held for value in record.values.values() if isinstance(value, str)]
        return tuple(sorted({*derive_facts(held), *texts}))

    return [(figures, "derive_facts", chatty)]


@bug("After a restart the last session goes on: a disk that was set back uses its names twice.")
def session_goes_on() -> Patches:
    """Dots are reused after a restore."""
    begin = SqlStore._begin_session

    def again(self: SqlStore, *more: Any) -> Any:
        row = self._writer.execute("SELECT * FROM session LIMIT 1").fetchone()
        if row is None:
            return begin(self, *more)
        self._writer.execute("DELETE FROM session")
        self.session = int.from_bytes(row[0], "big")
        stamps = begin(self, *more)
        (source,) = self._writer.execute(
            "SELECT id FROM source WHERE device = ? AND session = ?", (row[1], row[0])
        ).fetchone() or (None,)
        if source is not None:
            sql = "SELECT max(dot) & 0xffffffff FROM change WHERE dot >> 32 = ?"
            stamps._seq = self._writer.execute(sql, (source,)).fetchone()[0] or 0
            stamps.keep()
        return stamps

    return [(SqlStore, "_begin_session", again)]


@bug("What waits to be sent is forgotten when the program is closed.")
def outbox_lost_at_the_end() -> Patches:
    """A queue in memory."""
    close = SqlStore.close

    def forgetful(self: SqlStore) -> None:
        self._writer.execute("DELETE FROM outbox")
        close(self)

    return [(SqlStore, "close", forgetful)]


@bug("What waits leaves the outbox although some of its readers could not be reached.")
def settled_too_early() -> Patches:
    """Sealed for the first of its readers, it counts as sealed for all."""
    seal = Dispatch._seal_group

    def partly(self: Any, post: Any, members: frozenset[int], *more: Any) -> int:
        return seal(self, post, frozenset(sorted(members)[:1]), *more)

    return [(Dispatch, "_seal_group", partly)]


@bug("A save replaces what was never shown when the form stayed open during a round.")
def form_reads_its_base_again() -> Patches:
    """The base of now instead of the base of then."""
    save = StoreUnitOfWork.save

    def fresh(self: Any, base: Any, edited: Any, *more: Any) -> Any:
        now = self.record(base.type, base.id) if base is not None and base.id is not None else None
        return save(self, replace(base, shown=now.shown) if base and now else base, edited, *more)

    return [(StoreUnitOfWork, "save", fresh)]
