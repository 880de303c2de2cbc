"""Which of several offered rosters is in force: the outcome depends on the set, never on its order.

Two valid successors of one version are both refused until a roster that follows one and names the
other ends the fork, or until the keepers together have built on one of them without knowing the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sync.district.roster_chain import keepers_signed, needed_for_all_else, verify_successor
from sync.errors import ReadingError, RosterGapError, RosterRollbackError
from sync.roster import Device, DeviceState, Roster

Path = tuple[Roster, ...]


@dataclass(frozen=True)
class Standing:
    """The rosters from the first to the one in force; `rivals` are the ends of a fork behind it.

    `refused`: others with why they are not taken; rivals and what lost to others are not among them.
    """

    path: Path
    rivals: Path = ()
    refused: tuple[tuple[Roster, ReadingError], ...] = ()

    @property
    def roster(self) -> Roster:
        """What to go by: in a fork the last one that nobody disputes, without whom a rival suspends."""
        return without_suspended(self.path[-1], self.rivals) if self.rivals else self.path[-1]


def resolve(trusted: Path, offered: Iterable[Roster], own_key: bytes | None = None) -> Standing:
    """Find the roster in force among a verified chain and others that are not.

    `own_key`: the device that asks. In a fork it stays with a branch that names it, for without its own
    place in the roster it could neither save nor sync.
    """
    tree = _Tree(trusted)
    refused = tree.grow(offered)
    paths = tree.paths()
    ends = [path for path in paths if not any(_beats(other, path) for other in paths)] or paths
    common = _common(ends)
    if len(ends) == 1:
        return Standing(common, (), refused)
    rivals = tuple(sorted((path[-1] for path in ends), key=lambda roster: roster.hash))
    if own_key is not None and not _names(common[-1], own_key):
        mine = min((path for path in ends if _names(path[-1], own_key)), key=_hash_of_end, default=common)
        return Standing(mine, tuple(item for item in rivals if item != mine[-1]), refused)
    return Standing(common, rivals, refused)


def without_suspended(base: Roster, rivals: Iterable[Roster]) -> Roster:
    """Give a disputed roster's base with every device suspended that a rival suspends: trust only shrinks."""
    closed: dict[int, Device] = {}
    for rival in rivals:
        for device in rival.devices:
            if device.state is not DeviceState.ACTIVE:
                closed.setdefault(device.index, device)
    devices = tuple(_stricter(device, closed.get(device.index)) for device in base.devices)
    return replace(base, first=base.district, devices=devices)


def _stricter(device: Device, other: Device | None) -> Device:
    if other is None or other.state <= device.state or other.public_key != device.public_key:
        return device
    return replace(device, state=other.state, accepted=other.accepted)


class _Tree:
    """Valid rosters by hash, and their successors."""

    def __init__(self, trusted: Path) -> None:
        self._first = trusted[0]
        self._nodes = {roster.hash: roster for roster in trusted}
        self._after: dict[bytes, list[Roster]] = {}
        self._newest = trusted[-1].version
        for roster in trusted[1:]:
            self._after.setdefault(roster.previous[0], []).append(roster)

    def grow(self, offered: Iterable[Roster]) -> tuple[tuple[Roster, ReadingError], ...]:
        """Add what may follow something here; gives all else with the reason why it may not."""
        refused: list[tuple[Roster, ReadingError]] = []
        for roster in sorted(offered, key=lambda item: (item.version, item.hash)):
            if roster.hash in self._nodes:
                continue
            try:
                self._add(roster)
            except ReadingError as error:
                refused.append((roster, error))
        return tuple(refused)

    def paths(self) -> list[Path]:
        """Give every way from the first roster to one that nothing follows."""
        return list(self._walk())

    def _add(self, roster: Roster) -> None:
        before = self._nodes.get(roster.previous[0]) if roster.previous else self._first
        if before is None:
            self._check_district(roster)
            if roster.version <= self._newest:
                raise RosterRollbackError(known=self._newest, offered=roster.version)
            raise RosterGapError(known=self._newest, offered=roster.version)
        verify_successor(before, roster)
        self._nodes[roster.hash] = roster
        self._after.setdefault(before.hash, []).append(roster)
        self._newest = max(self._newest, roster.version)

    def _check_district(self, roster: Roster) -> None:
        if roster.district != self._first.district:
            verify_successor(self._first, roster)

    def _walk(self) -> Iterator[Path]:
        begun: list[list[Roster]] = [[self._first]]
        while begun:
            path = begun.pop()
            following = self._after.get(path[-1].hash, [])
            while len(following) == 1:
                path.append(following[0])
                following = self._after.get(path[-1].hash, [])
            if not following:
                yield tuple(path)
            begun += [[*path, roster] for roster in following]


def _beats(one: Path, other: Path) -> bool:
    """Tell whether a branch ends another: it names it, or it alone has the keepers behind it."""
    names, others = {roster.hash for roster in one}, {roster.hash for roster in other}
    closed = _closed(one)
    if closed & others:
        return not any(roster.previous[1] in names for roster in _ending(other) if roster.hash not in closed)
    if _closed(other) & names:
        return False
    fork = len(_common([one, other]))
    return _confirmed(one, fork) and not _confirmed(other, fork)


def _ending(path: Path) -> list[Roster]:
    return [roster for roster in path if len(roster.previous) > 1]


def _closed(path: Path) -> set[bytes]:
    return {roster.previous[1] for roster in _ending(path)}


def _confirmed(path: Path, fork: int) -> bool:
    """Tell whether as many keepers as anything may need have signed something behind the first step."""
    steps = zip(path[fork:], path[fork + 1 :], strict=False)
    return any(len(keepers_signed(old, new)) >= needed_for_all_else(old) for old, new in steps)


def _common(paths: list[Path]) -> Path:
    found = paths[0]
    for path in paths[1:]:
        same = [mine for mine, theirs in zip(found, path, strict=False) if mine.hash == theirs.hash]
        found = tuple(same)
    return found


def _names(roster: Roster, key: bytes) -> bool:
    return any(device.public_key == key for device in roster.devices)


def _hash_of_end(path: Path) -> bytes:
    return path[-1].hash
