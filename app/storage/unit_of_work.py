"""One transaction: change log, heads, rows, search index and outbox together, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from app.domain.classes import RegisterClass
from app.domain.declarations import FIGURES, REGISTRY
from app.domain.dots import Context, Dot
from app.domain.errors import AddOnlyError, NotFoundError, WithheldError
from app.domain.figures import COUNTED, FACTS
from app.domain.merge import Change, context_of_decision, context_of_shown
from app.domain.orders import CaseErasedError
from app.domain.records import Record
from app.domain.schema import BELONGS, RecordType, Register, Value
from app.domain.values import check_record, class_at_write, encode_register, unknown_fields
from app.services.ports import Conflict, Draft, HistoryEntry, Saved
from app.storage import drafts
from app.storage.connection import Connection
from app.storage.kept import Kept, Question
from app.storage.orders import SqlOrders
from app.storage.outbox import Outbox
from app.storage.posting import Moved, Posting
from app.storage.projection import table_of
from app.storage.queries import CASE_TYPE, StoreQueries
from app.storage.record_reader import Reader
from app.storage.stamps import Stamps

T = TypeVar("T")

SCHEMA = 1
"""Number of the declared schema that changes are written under."""
_PAGES_A_RECORD = 2
"""Pages of the search index merged for each remote record: as many as keep its parts few."""
_PAGES_AT_OPENING = 500


class StoreUnitOfWork(StoreQueries):
    """The writing side of one store: every transaction uses it again."""

    def __init__(self, connection: Connection, reader: Reader, stamps: Stamps) -> None:
        """Write over `connection`, naming changes by `stamps`."""
        super().__init__(connection, reader, Kept(connection))
        self.connection = connection
        self._stamps = stamps
        self._outbox = Outbox(connection, self.belonging, stamps.device)
        self._posting = Posting(connection, self.log, self.projection, reader, self._outbox)
        self.orders = SqlOrders(connection, self.log, self._posting)
        """Orders in force, and what they do to this store."""
        self.states: dict[str, bytes | None] = {}
        """The rounds' memory, all of it once any was asked for."""
        self._settings: dict[str, str | None] = {}

    def begin(self, stamps: Stamps) -> None:
        """Serve the next transaction, naming changes by `stamps`."""
        self._stamps = stamps
        self.log.attestations.ask_again()

    def forget(self) -> None:
        """Drop what was remembered: a transaction was rolled back, or rows were changed past it."""
        self.keys.forget()
        self.log.forget()
        self.orders.forget()
        self.states.clear()
        self._settings.clear()

    def once(self, what: Question, find: Callable[[], T]) -> T:
        """Give what `find` gives; see `app.services.ports.UnitOfWork`."""
        return self.log.kept.once(what, find)

    def check_not_erased(self, case: Dot | None) -> None:
        """Raise CaseErasedError for a case file that an order has erased."""
        if case is not None and self.orders.is_erased(case):
            raise CaseErasedError

    def save(self, base: Record | None, edited: Record, covers: Context | None = None) -> Saved:
        """Write the registers that differ from `base`; see `app.services.ports.UnitOfWork`."""
        declared = REGISTRY[edited.type]
        before = None if base is None or base.id is None else base.values
        check_record(declared, edited.values, before)
        registers = _differing(declared, base, edited)
        _check_writable(declared, base, registers)
        if not registers:
            return Saved(edited)
        record_id, case = self._identity(declared, edited)
        shown = {} if base is None else base.shown
        changes = []
        for register in registers:
            context = shown.get(register.name, Context()) | (covers or Context())
            changes.append(self._change(declared, register, record_id, case, edited, context))
        self._post_own(changes)
        saved = self.record(declared.name, record_id)
        if saved is None:
            raise NotFoundError(record_type=declared.label)
        names = tuple(register.name for register in registers)
        return Saved(saved, tuple(name for name in names if name in saved.conflicts), names)

    def decide(self, conflict: Conflict, values: Mapping[str, Value], reason: str) -> Record:
        """Write a decision that covers every head of `conflict` as it was shown."""
        heads = tuple(self.log.by_keys(self.keys.key(head.dot) for head in conflict.heads))
        target = (conflict.type, conflict.record, conflict.register)
        return self._overwrite(target, heads, context_of_decision(heads), values, reason)

    def revise(self, entry: HistoryEntry, values: Mapping[str, Value], reason: str) -> Record:
        """Write a value over the head `entry`."""
        heads = tuple(self.log.by_keys((self.keys.key(entry.dot),)))
        target = (entry.type, entry.record, entry.register)
        return self._overwrite(target, heads, context_of_shown(heads[0]), values, reason)

    def apply(
        self, changes: Sequence[Change], attester: int | None = None, relay_ms: int | None = None
    ) -> Moved:
        """Merge remote changes; gives (type, record, case) of what moved.

        `attester`: the member whose word alone vouches for them; None proves what was only attested.
        `relay_ms`: the relay's time, None where it is not known.
        """
        self._stamps.saw(changes, relay_ms)
        changes = self.orders.refuse(changes)
        moved = self._posting.post(changes, attester)
        self._posting.tidy(_PAGES_A_RECORD * len(moved))
        self._note_own_figures(moved)
        return moved

    def put_draft(self, draft: Draft) -> None:
        """Keep a draft."""
        drafts.write_draft(self.connection, replace(draft, at_ms=self._stamps.now_ms()))

    def drop_draft(self, key: str) -> None:
        """Forget a draft."""
        drafts.drop_draft(self.connection, key)

    def setting(self, key: str) -> str | None:
        """Give a setting kept inside the encrypted store."""
        if key not in self._settings:
            self._settings[key] = super().setting(key)
        return self._settings[key]

    def put_setting(self, key: str, value: str) -> None:
        """Keep a setting inside the encrypted store."""
        self._settings[key] = value
        self.log.kept.note_work()
        self.connection.execute(
            "INSERT INTO setting VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, value),
        )

    def note_figures(self, case: Dot, *, due: bool) -> None:
        """Note that a case file's figures are older than their sources, or no longer."""
        sql = (
            "INSERT OR IGNORE INTO figures_due VALUES (?)"
            if due
            else "DELETE FROM figures_due WHERE case_file = ?"
        )
        self.connection.execute(sql, (self.keys.key(case),))
        self.log.kept.note_work()

    def requeue_case(self, case: Dot) -> None:
        """Put every own change of a case file back into the outbox: its audience may have grown."""
        self._outbox.requeue(self.keys.key(case))

    def post_again(self, types: Iterable[RecordType]) -> None:
        """Make the rows of these types anew from the heads."""
        for declared in types:
            self._posting.rebuild(declared)

    def tidy(self) -> None:
        """Tidy up what saves left behind, for some milliseconds at most."""
        self._posting.tidy(_PAGES_AT_OPENING)

    def _note_own_figures(self, moved: Moved) -> None:
        """Note the case files of this device's own member: a decision from elsewhere moves figures too."""
        self.log.kept.note_work()
        cases = {case for _type, _record, case in moved if case is not None}
        files, figures = table_of(REGISTRY[CASE_TYPE]), table_of(FIGURES)
        self.connection.executemany(
            f"INSERT OR IGNORE INTO figures_due SELECT id FROM {files} WHERE id = ?1 AND (responsible = ?2"
            f" OR EXISTS (SELECT 1 FROM {figures} WHERE {COUNTED} = ?1))",
            [(self.keys.key(case), self._reader.member) for case in cases],
        )
        # Another own device may have counted the same case file, beside this one or at the same time. What it
        # wrote over this one's figures stays: where it knows less for good, both would correct each other.
        self.connection.executemany(
            f"INSERT OR IGNORE INTO figures_due SELECT {files}.id FROM {files} JOIN {figures} AS mine"
            f" ON mine.{COUNTED} = {files}.id WHERE mine.id = ?1"
            " AND (EXISTS (SELECT 1 FROM conflict WHERE record = ?1)"
            f" OR EXISTS (SELECT 1 FROM {figures} AS other"
            f" WHERE other.{COUNTED} = {files}.id AND other.id <> ?1 AND other.{FACTS} IS NOT NULL))",
            [(self.keys.key(record),) for name, record, _case in moved if name == FIGURES.name],
        )
        # What a disk that was set back had counted comes back without saying which case file it was.
        self.connection.executemany(
            f"INSERT OR IGNORE INTO figures_due SELECT id FROM {figures} WHERE id = ?1 AND {COUNTED} IS NULL"
            " AND id >> 32 IN (SELECT id FROM source WHERE device = ?2)",
            [
                (self.keys.key(record), self._stamps.device.to_bytes(8, "big"))
                for name, record, _case in moved
                if name == FIGURES.name
            ],
        )

    def _identity(self, declared: RecordType, edited: Record) -> tuple[Dot, Dot | None]:
        if edited.id is not None:
            return edited.id, self._made_in(edited)
        record_id = self._stamps.following_dot()
        return record_id, record_id if declared.is_case else edited.case

    def _made_in(self, record: Record) -> Dot | None:
        """Give the case file that every change of a record names, wherever the record belongs by now."""
        if record.id is None:
            return None
        key = self.keys.key(record.id)
        made_in = self.log.made_in(key)
        if made_in is not None:
            return self.keys.dot(made_in)
        # The first change may have been redacted; all others of the record name the same case file.
        return next((heads[0].case for heads in self.log.heads(key).values()), None)

    def _change(
        self,
        declared: RecordType,
        register: Register,
        record_id: Dot,
        case: Dot | None,
        edited: Record,
        context: Context,
    ) -> Change:
        cls = max(
            class_at_write(register, edited.values),
            edited.classes.get(register.name, RegisterClass.DIRECTORY),
        )
        value = encode_register(register, edited.values, self._unknown(register, record_id, context))
        stamp = self._stamps
        return Change(
            stamp.next_dot(), case, record_id, declared.name, register.name, cls, value, context,
            stamp.next_hlc(), stamp.author, SCHEMA,
        )  # fmt: skip

    def _overwrite(
        self,
        target: tuple[str, Dot, str],
        heads: tuple[Change, ...],
        context: Context,
        values: Mapping[str, Value],
        reason: str,
    ) -> Record:
        name, record_id, register_name = target
        declared = REGISTRY[name]
        register = declared.register_by_name[register_name]
        standing = self.record(name, record_id)
        if standing is None:
            raise NotFoundError(record_type=declared.label)
        if register_name in standing.withheld:
            raise WithheldError(register=register.label)
        blank = dict.fromkeys(register.field_names)
        edited = standing.edited(**{**blank, **{key: values.get(key) for key in register.field_names}})
        check_record(declared, edited.values, standing.values)
        change = self._change(declared, register, record_id, self._made_in(standing), edited, context)
        own = [head.cls for head in heads if head.register == register_name and head.record == record_id]
        self._post_own([replace(change, reason=reason, cls=max(change.cls, *own))])
        return self.record(name, record_id) or standing

    def _post_own(self, changes: Sequence[Change]) -> None:
        self.orders.check_open(changes)
        self._posting.post(changes)
        keys = ((self.keys.key(change.dot),) for change in changes)
        self.connection.executemany("INSERT OR IGNORE INTO outbox VALUES (?)", keys)

    def _unknown(self, register: Register, record_id: Dot, context: Context) -> dict[str, object]:
        """Give the fields of a newer program that stand in what is replaced: not what had gone before."""
        found: dict[str, object] = {}
        replaced = self.log.standing_in(context, record_id, register.name)
        for change in sorted(replaced, key=lambda item: item.order):
            found.update(unknown_fields(register, change.value))
        return found


def _differing(declared: RecordType, base: Record | None, edited: Record) -> tuple[Register, ...]:
    before = base.values if base is not None and base.id is not None else {}
    found = []
    for register in declared.all_registers:
        moved = any(
            _given(before.get(name)) != _given(edited.values.get(name)) for name in register.field_names
        )
        if moved or (register.name == BELONGS and edited.id is None):
            found.append(register)
    return tuple(found)


def _check_writable(declared: RecordType, base: Record | None, registers: tuple[Register, ...]) -> None:
    if base is None or base.id is None:
        return
    hidden = next((register for register in registers if register.name in base.withheld), None)
    if hidden is not None:
        raise WithheldError(register=hidden.label)
    # An entry that is never edited may still go along to another case file.
    if declared.add_only and any(register.name != BELONGS for register in registers):
        raise AddOnlyError(record_type=declared.label)


def _given(value: Value) -> Value:
    return None if value in ("", ()) else value
