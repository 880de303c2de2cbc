"""Pages over real stores, without a relay: what each case manager's window works with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.domain.declarations import CASE_FILE, CONSENT
from app.domain.dots import Dot
from app.domain.records import Record, new_record
from app.domain.schema import Value
from app.services import cases
from app.services.ports import Session
from app.storage.store import SqlStore
from sync.workplace import Workplace
from ui.context import Changes, Navigation, ScreenContext
from ui.tasks import Lanes


@dataclass
class Noted:
    """What pages wrote into the log of reads."""

    acts: list[tuple[Dot, str]] = field(default_factory=list)

    def note(self, case: Dot, act: str) -> None:
        self.acts.append((case, act))


@dataclass(frozen=True)
class OpenStore:
    """The part of a workplace that pages use: its session, and the log of reads."""

    session: Session
    read_log: Noted = field(default_factory=Noted)


def make_context(session: Session, lanes: Lanes) -> ScreenContext:
    """Give what a page is given."""
    return ScreenContext(cast(Workplace, OpenStore(session)), lanes, Changes(), Navigation())


def open_case(session: Session, *, gate: bool = True, **values: Value) -> Record:
    """Give a saved case file; with sheet and consent unless the gate is to be closed."""
    form = cases.new_case_file(session).edited(municipality="Olpe", speaks=("uk", "ru"), reads=("uk",))
    base = cases.open_case_file(session, form).record
    for kind, way in (("sheet", "handed"), ("consent", "signed")) if gate else ():
        entry = new_record(
            CONSENT,
            base.id,
            consent_kind=kind,
            given_on="2026-11-02",
            consent_form=way,
            supervision_item="yes",
        )
        cases.save_record(session, None, entry)
    return cases.save_record(session, base, base.edited(**values)).record if values else base


def stored(session: Session, record: Record) -> Record:
    """Give a record as the store holds it now."""
    assert record.id is not None
    found = session.store.queries.record(record.type, record.id)
    assert found is not None
    return found


def press(window: QWidget, keys: str) -> None:
    """Do what the keys bound to a window do.

    Sent to the shortcut itself: real keys need the window in front, which tests running
    beside each other on one screen take from each other. The demo presses real ones.
    """
    bound = [item for item in window.findChildren(QShortcut) if item.key() == QKeySequence(keys)]
    (shortcut,) = (item for item in bound if item.parent() is window)
    shortcut.activated.emit()


def carry(source: SqlStore, target: SqlStore) -> None:
    """Bring every change of one store to another, as a round would."""
    changes = list(source.queries.log.changes("1 = 1", (), 10_000))
    with target.unit_of_work() as work:
        work.apply(changes)


def two_minds(mine: Session, theirs: Session, base: Record, one: Value, other: Value, name: str) -> None:
    """Let two people write a field of a case file differently, each without knowing of the other."""
    assert base.type == CASE_FILE.name
    cases.save_record(mine, base, base.edited(**{name: one}))
    cases.save_record(theirs, base, base.edited(**{name: other}))
