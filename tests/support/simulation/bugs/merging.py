"""Mistakes in what a change covers, and in what stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from app.domain.dots import Context, Span
from app.domain.merge import (
    Change,
    RegisterState,
    context_of_shown,
    merge_change,
    provisional_winner,
)
from app.domain.records import Record
from app.services import cases
from app.services.ports import Saved
from app.storage import change_log, posting, record_reader, unit_of_work
from app.storage.posting import Posting
from app.storage.unit_of_work import StoreUnitOfWork
from tests.support.simulation.bugs.registry import Patches, bug


def _state(heads: Iterable[Change], covered: Context) -> RegisterState:
    return RegisterState(tuple(sorted(heads, key=lambda head: head.order)), covered)


def _standing(state: RegisterState, change: Change) -> dict[bytes, Change]:
    return {head.digest: head for head in state.heads if head.dot not in change.context}


@bug("A save covers whatever has arrived by now, not what its form showed.")
def covers_what_was_never_shown() -> Patches:
    """Context of all known dots."""
    save = StoreUnitOfWork.save

    def greedy(self: Any, base: Record | None, edited: Record, *more: Any) -> Saved:
        now = self.record(base.type, base.id) if base is not None and base.id is not None else None
        heads = {} if now is None else {name: _all_of(self, now, name) for name in now.shown}
        return save(self, replace(base, shown=heads) if base and now else base, edited, *more)

    return [(StoreUnitOfWork, "save", greedy)]


def _all_of(work: Any, record: Record, register: str) -> Context:
    state: RegisterState = work.log.state(work.keys.key(record.id), register)
    covered = state.covered
    for head in state.heads:
        covered |= context_of_shown(head)
    return covered


@bug("A save covers the value that was shown, but not what that one had covered.")
def covers_direct_parents_only() -> Patches:
    """Direct parents only."""
    return [(record_reader, "context_of_shown", lambda head: Context.of((head.dot,)))]


@bug("A decision covers one of the values on its page.")
def decision_covers_one_value() -> Patches:
    """The first head instead of all."""
    return [(unit_of_work, "context_of_decision", lambda heads: context_of_shown(heads[0]))]


@bug("Of two values the newer one stays, as most programs do it.")
def last_writer_wins() -> Patches:
    """One head, by the clock."""

    def newest(state: RegisterState, change: Change) -> RegisterState:
        heads = sorted((*state.heads, change), key=lambda head: head.order)
        return RegisterState((heads[-1],), state.covered | change.context)

    return [(change_log, "merge_change", newest)]


@bug("Of two values the first that came stays.")
def first_come_wins() -> Patches:
    """A concurrent value is dropped when another one stands."""

    def first(state: RegisterState, change: Change) -> RegisterState:
        heads = _standing(state, change)
        if not heads and change.dot not in state.covered:
            heads[change.digest] = change
        return _state(heads.values(), state.covered | change.context)

    return [(change_log, "merge_change", first)]


@bug("A value with a later clock stays although it was replaced.")
def clock_decides_what_survives() -> Patches:
    """The hlc beats the context."""

    def by_clock(state: RegisterState, change: Change) -> RegisterState:
        after = merge_change(state, change)
        kept = [head for head in state.heads if head.dot in change.context and head.hlc > change.hlc]
        return _state({head.digest: head for head in (*after.heads, *kept)}.values(), after.covered)

    return [(change_log, "merge_change", by_clock)]


@bug("A change that arrives after the one that replaced it stands again.")
def forgets_what_was_covered() -> Patches:
    """Superseded dots are not remembered before they come."""

    def forgetful(state: RegisterState, change: Change) -> RegisterState:
        heads = _standing(state, change)
        heads[change.digest] = change
        return _state(heads.values(), state.covered | change.context)

    return [(change_log, "merge_change", forgetful)]


@bug("The last number of a run of covered dots is left out.")
def runs_end_one_too_early() -> Patches:
    """Off by one in spans."""

    from_spans = Context.from_spans

    def short(spans: Iterable[Span]) -> Context:
        return from_spans(Span(*span[:3], max(span.last - 1, span.first)) for span in spans)

    return [(Context, "from_spans", staticmethod(short))]


@bug("A conflict is not listed when its values came in one parcel.")
def conflict_not_noted() -> Patches:
    """The rows follow, the list of conflicts does not."""
    return [(Posting, "_note_conflicts", lambda *_: None)]


@bug("Of two values the newer is shown, also where the more protective one has to be.")
def protective_value_not_shown() -> Patches:
    """No rank."""
    return [(record_reader, "provisional_winner", lambda heads, _rank=None: provisional_winner(heads))]


@bug("A withdrawal that nobody answered is undone by any later yes.")
def newest_consent_wins() -> Patches:
    """The clock instead of what was known."""

    def by_clock(entries: Iterable[Record], item: str) -> str | None:
        from app.domain.consent import _says

        said = [(entry.updated_hlc, _says(entry, item)) for entry in entries]
        spoken = sorted((at, word) for at, word in said if word is not None)
        return spoken[-1][1] if spoken else None

    return [(cases, "item_state", by_clock)]


@bug("A consent names no entries that its writer was shown.")
def consent_knows_nothing() -> Patches:
    """A yes never answers a no."""
    return [(cases, "_entries_shown", lambda *_: Context())]


@bug("Rows show the oldest of the values that stand.")
def row_shows_another_value() -> Patches:
    """Neither the winner nor the one shown in the form."""

    def oldest(_register: Any, heads: Sequence[Change]) -> Change:
        return heads[0]

    return [(posting, "shown_head", oldest), (record_reader, "shown_head", oldest)]
