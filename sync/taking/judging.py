"""Which changes of an envelope may be taken, and what the others wait for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.dots import Dot
from app.domain.merge import Change
from sync.engine import Engine
from sync.errors import HeldError, LacksAssignmentError, WrongAuthorError
from sync.handing.involved import ever_linked
from sync.ports import Post
from sync.recovery.suspension import is_released
from sync.removal.order_book import OrderBook
from sync.sending.facts import assigned_by, author_may_write
from sync.sending.sealing import OpenedEnvelope
from sync.taking.content import check_content, lacks_record


@dataclass(frozen=True)
class Judged:
    """The changes that may be taken, in their order, and why the others wait; None: there are none."""

    changes: tuple[Change, ...]
    lacking: HeldError | None


def judge(engine: Engine, orders: OrderBook, post: Post, opened: OpenedEnvelope) -> Judged:
    """Judge what an envelope holds, by what is known here.

    Raises held or quarantined errors where that concerns the whole of it.
    """
    orders.check(opened.changes, opened.header.device)
    judging = _Judging(engine, post, opened)
    taken: list[Change] = []
    wait: list[Change] = []
    for change in post.orders.admit(opened.changes):
        (taken if judging.may_take(change) else wait).append(change)
    if not wait:
        return Judged(tuple(taken), None)
    return Judged(tuple(taken), judging.lacking(wait))


def not_here(post: Post, changes: Sequence[Change]) -> tuple[Change, ...]:
    """Give those of some changes that the store does not have yet."""
    return tuple(change for change in changes if not _is_here(post, change))


class _Judging:
    """What is known while the changes of one envelope are gone through in their order."""

    def __init__(self, engine: Engine, post: Post, opened: OpenedEnvelope) -> None:
        self._roster = engine.roster
        self._post = post
        self._hash = opened.hash
        self._author = engine.roster.member_of_device(opened.header.device)
        self._made: dict[Dot, tuple[str, Dot | None]] = {}
        self._named: dict[Dot | None, frozenset[int]] = {}

    def may_take(self, change: Change) -> bool:
        """Tell whether a change may be taken now; raises WrongContentError, WrongAuthorError."""
        check_content(change)
        if not self._is_known(change) or not self._may_write(change):
            return False
        if change.dot == change.record:
            self._made[change.record] = (change.type, change.case)
        self._named[change.case] = self._named.get(change.case, frozenset()) | assigned_by(change)
        return True

    def lacking(self, wait: Sequence[Change]) -> HeldError:
        """Give why changes wait: the first of them tells, the others may follow from it."""
        return LacksAssignmentError() if self._is_known(wait[0]) else lacks_record(wait)

    def _is_known(self, change: Change) -> bool:
        """Tell whether its record is here and was made as the change says, or is made by it.

        Else one could slip into another case file under the name of one's own.
        """
        made = (change.type, change.case)
        if change.dot == change.record or self._made.get(change.record) == made:
            return True
        return self._post.into.was_made_as(change.record, *made)

    def _may_write(self, change: Change) -> bool:
        """Tell whether the sender may have written a change, or who may carry it has told it already.

        Where what was written over it was told instead, it alters nothing any more, and waits for nobody.
        """
        named = self._named.get(change.case, frozenset())
        allowed = self._is_allowed(change, named)
        if allowed is None:
            allowed = self._is_allowed(change, named | ever_linked(change, self._post, self._roster))
        if allowed is False and not is_released(self._post, self._roster, self._hash):
            raise WrongAuthorError
        return allowed is not None or _is_here(self._post, change) or self._post.asking.is_covered(change)

    def _is_allowed(self, change: Change, named: frozenset[int]) -> bool | None:
        if self._author is None:
            return None
        return author_may_write(change, self._author, self._roster, self._post.into, named)


def _is_here(post: Post, change: Change) -> bool:
    return any(known.digest == change.digest for known in post.asking.change(change.dot))
