"""What was moved out of case files, and by whose word."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from app.domain.dots import Dot
from app.domain.merge import Change
from sync.ports import Post


def departed(post: Post, case: Dot) -> tuple[Change, ...]:
    """Give the words that took out of a case file what does not belong to it any more."""
    words = post.records.once(("departed",), partial(_all_departed, post))
    return words.get(case, ())


def _all_departed(post: Post) -> Mapping[Dot, tuple[Change, ...]]:
    records = post.records
    found: dict[Dot, tuple[Change, ...]] = {}
    for record in post.asking.moved_records():
        homes = records.homes_of(record)
        for word in records.links_of(record):
            for case in set(records.homes_before(word)).difference(homes):
                found[case] = (*found.get(case, ()), word)
    return found
