"""Bugs put into the engine by the test: the oracle finds each of them, so its silence means something."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from app.domain.dots import Context
from app.domain.merge import Change, RegisterState, context_of_shown
from app.domain.records import Record
from app.services.ports import Saved
from app.storage import change_log, unit_of_work
from app.storage.unit_of_work import StoreUnitOfWork

MOST = 60
"""Histories after which a bug counts as not found; each shows in one of five or more."""
Live = Callable[[int], list[str]]


def test_save_that_covers_what_was_never_shown_is_found(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    save = StoreUnitOfWork.save

    def greedy(
        self: StoreUnitOfWork, base: Record | None, edited: Record, covers: Context | None = None
    ) -> Saved:
        now = self.record(base.type, base.id) if base is not None and base.id is not None else None
        return save(self, replace(base, shown=now.shown) if base and now else base, edited, covers)

    monkeypatch.setattr(StoreUnitOfWork, "save", greedy)
    assert _found(live)


def test_decision_that_covers_one_head_is_found(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    def first_only(heads: Sequence[Change]) -> Context:
        return context_of_shown(heads[0])

    monkeypatch.setattr(unit_of_work, "context_of_decision", first_only)
    assert _found(live)


def test_last_writer_wins_is_found(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    def newest(state: RegisterState, change: Change) -> RegisterState:
        heads = sorted((*state.heads, change), key=lambda head: head.order)
        return RegisterState((heads[-1],), state.covered | change.context)

    monkeypatch.setattr(change_log, "merge_change", newest)
    assert _found(live)


def test_change_that_arrives_after_its_successor_and_stands_again_is_found(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(state: RegisterState, change: Change) -> RegisterState:
        heads = {head.digest: head for head in state.heads if head.dot not in change.context}
        heads[change.digest] = change
        return RegisterState(
            tuple(sorted(heads.values(), key=lambda head: head.order)), state.covered | change.context
        )

    monkeypatch.setattr(change_log, "merge_change", forgetful)
    assert _found(live)


def _found(live: Live) -> bool:
    return any(live(seed) for seed in range(MOST))
