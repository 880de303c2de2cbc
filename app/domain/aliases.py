"""Which case files are one: a pure function of all that was ever said about it, whatever its order.

An alias says that one case file (`source`) is the same family as another (`into`).
Whoever writes one is shown the aliases that stand in either group, and covers
them; two that did not know of each other and touch the same files contradict
each other, and hold nothing together until a person decides.

An alias counts when its author worked in both case files, or read them as one with such
a file by aliases that count and stood when the author wrote: who reads a family is asked
about it, and answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from app.domain.dots import Context, Dot


@dataclass(frozen=True)
class Word:
    """A change of the register `alias`: by itself, that a case file (`source`) is one with no other."""

    dot: Dot
    source: Dot
    context: Context
    author: int


@dataclass(frozen=True)
class Alias(Word):
    """One that names another case file."""

    into: Dot


@dataclass(frozen=True)
class Merged:
    """`canonical`: under which case file another is read. `rivals`: what stands against each head."""

    canonical: dict[Dot, Dot] = field(default_factory=dict)
    rivals: dict[Dot, tuple[Alias, ...]] = field(default_factory=dict)


def counting(words: Iterable[Word], worked: Callable[[Dot, int], bool]) -> tuple[Alias, ...]:
    """Give the aliases that count; `worked` tells whether a member ever worked in a case file.

    What others wrote that the author had not seen, or had seen to be over, gives no right.
    """
    told = tuple(words)
    found: list[Alias] = []
    # What an author had seen covers less than what the author wrote.
    for word in sorted(told, key=lambda one: (sum(other.dot in one.context for other in told), one.dot)):
        if isinstance(word, Alias):
            stood = _standing(found, [other for other in told if other.dot in word.context])
            mine = (_family(case, stood) for case in (word.source, word.into))
            if all(any(worked(case, word.author) for case in family) for family in mine):
                found.append(word)
    return tuple(found)


def joined(case: Dot, aliases: Iterable[Alias]) -> frozenset[Dot]:
    """Give the case files that these aliases say are one with `case`, itself among them."""
    return _family(case, tuple(aliases))


def merge_case_files(aliases: Iterable[Alias]) -> Merged:
    """Give what the aliases come to."""
    result = Merged()
    for group in _components(sorted(aliases, key=lambda alias: alias.dot)):
        if any(not _knew(one, other) for one, other in combinations(group, 2)):
            for alias in group:
                result.rivals[alias.source] = tuple(group)
            continue
        root = _root(group)
        files = {name for alias in group for name in (alias.source, alias.into)}
        result.canonical.update(dict.fromkeys(files - {root}, root))
    return result


def _standing(aliases: Iterable[Alias], seen: Sequence[Word]) -> list[Alias]:
    """Give those of some aliases that stood for who had seen these words."""
    over = {
        one.dot for one in seen for other in seen if one.source == other.source and one.dot in other.context
    }
    dots = {one.dot for one in seen} - over
    return [alias for alias in aliases if alias.dot in dots]


def _family(case: Dot, aliases: Sequence[Alias]) -> frozenset[Dot]:
    found, before = {case}, set[Dot]()
    while found != before:
        before = set(found)
        for alias in aliases:
            if found & {alias.source, alias.into}:
                found |= {alias.source, alias.into}
    return frozenset(found)


def _knew(one: Alias, other: Alias) -> bool:
    return one.dot in other.context or other.dot in one.context


def _root(group: Sequence[Alias]) -> Dot:
    """Follow from where the latest alias leads; in a ring that is where the latest points."""
    latest = max(group, key=lambda alias: (sum(other.dot in alias.context for other in group), alias.dot))
    onward = {alias.source: alias.into for alias in group}
    place, seen = latest.into, {latest.source}
    while place in onward and place not in seen:
        seen.add(place)
        if onward[place] in seen:
            break
        place = onward[place]
    return place


def _components(aliases: Sequence[Alias]) -> list[list[Alias]]:
    found: list[tuple[set[Dot], list[Alias]]] = []
    for alias in aliases:
        names, members = {alias.source, alias.into}, [alias]
        for files, group in [item for item in found if item[0] & names]:
            names |= files
            members = group + members
            found.remove((files, group))
        found.append((names, members))
    return [members for _names, members in found]
