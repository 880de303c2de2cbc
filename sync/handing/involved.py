"""Who may write in a record that was moved, or in case files that were put together."""

from __future__ import annotations

from collections.abc import Iterator

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
            waiting.extend(_joined(case, post, roster))
    return frozenset(found)


def ever_joined(case: Dot, post: Post, roster: Roster) -> frozenset[Dot]:
    """Give the case files that were ever said to be one with `case`, itself among them.

    Only aliases by somebody who ever worked in both count; so it only ever grows, whatever was said later.
    """
    found, waiting = {case}, [case]
    while waiting:
        one = waiting.pop()
        for source, into in _aliases_of(one, post, roster):
            new = {source, into} - found
            found |= new
            waiting.extend(new)
    return frozenset(found)


def _aliases_of(case: Dot, post: Post, roster: Roster) -> Iterator[tuple[Dot, Dot]]:
    files = (case, *post.records.past_homes(case))
    told = ((source, into, author) for into in files for source, author in post.records.merged_into(into))
    for source, into, author in told:
        if case in (source, into) and all(_worked_in(author, one, post, roster) for one in (source, into)):
            yield source, into


def _worked_in(member: int, case: Dot, post: Post, roster: Roster) -> bool:
    """Tell whether a member ever worked in a case file; of one that was erased nobody can tell any more."""
    return post.orders.is_erased(case) or member in ever_involved(post.into, roster, case)


def _joined(case: Dot, post: Post, roster: Roster) -> Iterator[Dot]:
    yield from post.records.past_homes(case)
    involved = ever_involved(post.into, roster, case)
    for source, author in post.records.merged_into(case):
        # Else anybody could make a way into another's case file by an alias of one's own.
        if author in involved:
            yield source
