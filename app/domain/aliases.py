"""Which case files are one: a pure function of all standing aliases, whatever their order.

An alias says that one case file (`source`) is the same family as another (`into`).
Whoever writes one is shown the aliases that stand in either group, and covers
them; two that did not know of each other and touch the same files contradict
each other, and hold nothing together until a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from app.domain.dots import Context, Dot


@dataclass(frozen=True)
class Alias:
    """A head of the register `alias` that names another case file."""

    dot: Dot
    source: Dot
    into: Dot
    context: Context


@dataclass(frozen=True)
class Merged:
    """`canonical`: under which case file another is read. `rivals`: what stands against each head."""

    canonical: dict[Dot, Dot] = field(default_factory=dict)
    rivals: dict[Dot, tuple[Alias, ...]] = field(default_factory=dict)


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
