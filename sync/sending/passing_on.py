"""Whom others' changes did not reach: their writers did not know of them, and are told nothing any more.

A client says no to one and yes to another in one breath: who is shut out is not told of it, and sends what
they had written to those whom they knew. Who leads the case file tells the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.domain.dots import Dot
from app.domain.merge import Change
from sync.engine import Engine
from sync.ports import Post
from sync.removal.days import today_of
from sync.roster import Device
from sync.sending.facts import case_facts, refused_by
from sync.sending.reach import Audiences
from sync.sending.telling import LASTING, Telling


class PassingOn:
    """Finds out who is to be told; everything happens in the caller's transaction."""

    def __init__(self, engine: Engine, telling: Telling) -> None:
        """Work for `engine`."""
        self._engine = engine
        self._telling = telling

    def due(self, post: Post, cases: Iterable[Dot]) -> dict[Dot, frozenset[int]]:
        """Give these case files, and all in which others wrote of late, with those who lack something."""
        audiences = Audiences(self._engine, post)
        asked = sorted({*cases, *post.asking.heard()})
        return {case: self._passed_over(post, audiences, case) for case in asked}

    def _passed_over(self, post: Post, audiences: Audiences, case: Dot) -> frozenset[int]:
        readers = audiences.readers(case)
        facts = case_facts(post.records, case, today_of(self._engine, post))
        members = refused_by(facts) - readers - {self._engine.me.id}
        gone = [item for item in self._writers(post, case) if item.member in members] if members else []
        if not gone:
            return frozenset()
        state = post.asking.state_of_case(case, LASTING)
        written = [change for change in state if change.author in members]
        return frozenset(
            member for member in readers - {self._engine.me.id} if self._lacks(post, member, gone, written)
        )

    def _writers(self, post: Post, case: Dot) -> list[Device]:
        known = map(self._engine.roster.device_by_id, post.asking.writers(case))
        return [item for item in known if item is not None]

    def _lacks(self, post: Post, member: int, gone: Iterable[Device], written: Sequence[Change]) -> bool:
        """Tell whether a member may read what was sent past them, and was not told it from here."""
        past = frozenset[bytes]().union(*(post.asking.sent_past(item.index, member) for item in gone))
        return any(
            change.dot.to_bytes() in past
            and not post.asking.is_in_state(change, member)
            and self._telling.may_read(post, (change,), member)
            for change in written
        )
