"""Who may write in a record that was moved, or in case files that were put together."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.aliases import joined
from app.domain.dots import Dot
from app.domain.merge import Change
from sync.ports import Post
from sync.roster import Roster
from sync.sending.facts import ever_involved


def ever_linked(change: Change, post: Post, roster: Roster) -> frozenset[int]:
    """Give the members who ever worked where a change's record ever belonged.

    Like who worked in a case file, it only ever grows with what is known.
    """
    if change.case is None:
        return frozenset()
    seen: set[Dot] = set()
    waiting = [change.case, *post.records.past_homes(change.record)]
    found: set[int] = set()
    while waiting:
        case = waiting.pop()
        if case not in seen:
            seen.add(case)
            found |= ever_involved(post.into, roster, case)
            waiting.extend(_joined(case, post))
    return frozenset(found)


def ever_joined(case: Dot, post: Post, among: frozenset[Dot]) -> frozenset[Dot]:
    """Give those `among` some case files that were ever rightly said to be one with `case`, itself too.

    It only ever grows, whatever was said later. Of one that never came nobody can tell who worked in it.
    """
    within = (alias for alias in post.records.joins() if {alias.source, alias.into} <= among)
    return joined(case, (alias for alias in within if _was_here(alias.into, post)))


def _was_here(case: Dot, post: Post) -> bool:
    return post.into.creation(case) is not None or post.orders.is_erased(case)


def _joined(case: Dot, post: Post) -> Iterator[Dot]:
    yield from post.records.past_homes(case)
    # Else anybody could make a way into another's case file by an alias of one's own.
    yield from (alias.source for alias in post.records.joins() if alias.into == case)
