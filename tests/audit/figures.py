"""Counts a run: conflicts and decisions from the devices' stores, traffic from the relay's database."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import combinations
from pathlib import Path

from tests.audit.stores import Device, Name, Write

Register = tuple[Name, str]


def count_case_files(devices: Iterable[Device]) -> int:
    """Give the number of case files over all devices, each once."""
    return len(
        {write.record for device in devices for write in device.writes.values() if write.type == "CaseFile"}
    )


def conflicts_found(devices: Iterable[Device]) -> dict[Register, list[Write]]:
    """Give the registers that two people wrote without knowing of each other, with all that was written."""
    return {place: writes for place, writes in _by_register(devices).items() if any(_apart(writes))}


def conflicts_decided(found: dict[Register, list[Write]]) -> dict[Register, Name]:
    """Give the decision of each conflict of which nothing but the decision stands."""
    decided = {}
    for place, writes in found.items():
        standing = _standing(writes)
        if len(standing) == 1 and standing[0].is_decision:
            decided[place] = standing[0].name
    return decided


def decision_back_on(devices: Sequence[Device], decided: dict[Register, Name]) -> int:
    """Give the number of case managers' devices that hold a decision of someone else as the only value."""
    return sum(
        1
        for device in devices
        if device.seat.role == "case_manager" and any(_holds(device, *item) for item in decided.items())
    )


def traffic(relay: Path, devices: Iterable[Device]) -> dict[str, int]:
    """Give envelopes and bytes from the relay's database; down counts an envelope once for each reader."""
    with closing(sqlite3.connect(f"file:{relay}?mode=ro", uri=True)) as database:
        rows = database.execute(
            "SELECT item.digest, item.size FROM envelope JOIN item ON item.id = envelope.item"
        )
        sizes = {bytes(digest): int(size) for digest, size in rows}
    down = (sizes[digest] for device in devices for digest in device.received)
    return {"envelopes_up": len(sizes), "bytes_up": sum(sizes.values()), "bytes_down": sum(down)}


def _by_register(devices: Iterable[Device]) -> dict[Register, list[Write]]:
    every = {name: write for device in devices for name, write in device.writes.items()}
    found: dict[Register, list[Write]] = defaultdict(list)
    for write in every.values():
        found[write.record, write.register].append(write)
    return found


def _apart(writes: Sequence[Write]) -> Iterator[bool]:
    for one, other in combinations(writes, 2):
        yield one.name not in other.covers and other.name not in one.covers


def _standing(writes: Sequence[Write]) -> list[Write]:
    covered = frozenset().union(*(write.covers for write in writes))
    return [write for write in writes if write.name not in covered]


def _holds(device: Device, place: Register, decision: Name) -> bool:
    heads = {name for record, register, name in device.standing if (record, register) == place}
    return heads == {decision} and decision[0] != device.own_device
