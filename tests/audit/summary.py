"""The audit of a run: what was counted, what was found where it must not be, and whether the search works."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.audit import figures
from tests.audit.leaks import LeakSearch, encodings
from tests.audit.stores import Device, Name, Seat, read_device
from tests.audit.words import WORDS_A_CASE, only_here, words_of_cases, words_of_program

FIGURES_CARRY = frozenset({"municipality"})
"""Fields whose text goes to coordinators by design, as part of the derived figures (design: domain)."""


def audit(run: Path) -> tuple[dict[str, float], list[str]]:
    """Give the summary of a run and what is amiss with it, in words; empty when all is well.

    `district.json` in the run's folder names the devices, the relay's database, the folders to
    search and when the run began (`devices`, `relay`, `folders`, `began`).
    """
    told = json.loads((run / "district.json").read_text("utf-8"))
    devices = [
        read_device(Seat(item["name"], item["role"], run / item["folder"], item["passphrase"]))
        for item in told["devices"]
    ]
    own = words_of_program()
    cases = _left(words_of_cases(devices), own)
    search = LeakSearch(word for words in cases.values() for word in words)
    leaks = search.hits_in_files(run / folder for folder in told["folders"])
    control = _planted(search)
    text = _left(words_of_cases(devices, FIGURES_CARRY), own)
    of_text = LeakSearch(word for words in text.values() for word in words)
    summary = {
        **_counted(devices, run / told["relay"]),
        "plaintext_hits": sum(leaks.values()),
        "control_hits": sum(control),
        "coordinator_hits": sum(
            of_text.hits(item.cells) for item in devices if item.seat.role == "coordinator"
        ),
        "seconds": round(time.time() - told["began"], 1),
    }
    complaints = [f"words of case files stand in {path}: {count}" for path, count in leaks.items()]
    return summary, [*complaints, *_blind(search, cases, control, of_text, devices)]


def _counted(devices: Sequence[Device], relay: Path) -> dict[str, int]:
    found = figures.conflicts_found(devices)
    decided = figures.conflicts_decided(found)
    return {
        "case_files": figures.count_case_files(devices),
        "devices": len(devices),
        **figures.traffic(relay, devices),
        "conflicts_found": len(found),
        "conflicts_decided": len(decided),
        "decision_back_on": figures.decision_back_on(devices, decided),
    }


def _left(cases: dict[Name, set[str]], own: frozenset[str]) -> dict[Name, set[str]]:
    return {case: {word for word in words if word.casefold() not in own} for case, words in cases.items()}


def _planted(search: LeakSearch) -> list[int]:
    """Give how often a word was found that was written into a file in each encoding."""
    word = max(search.words)
    with TemporaryDirectory() as scratch:
        for number, coded in enumerate(encodings(word)):
            (Path(scratch) / str(number)).write_bytes(b"\x00\x17 " + coded + b" \x80")
        found = search.hits_in_files([Path(scratch)])
        return [found.get(Path(scratch) / str(number), 0) for number in range(len(encodings(word)))]


def _blind(
    search: LeakSearch,
    cases: dict[Name, set[str]],
    control: Sequence[int],
    of_text: LeakSearch,
    devices: Sequence[Device],
) -> Iterator[str]:
    """Give the reasons why finding nothing would prove nothing."""
    if 0 in control:
        yield f"the search is blind: a planted word was found {control} times"
    for case, words in only_here(cases).items():
        if len(words & search.words) < WORDS_A_CASE:
            yield f"a case file has too few words of its own: {case[2]}"
    for device in devices:
        if device.seat.role == "case_manager" and not of_text.hits(device.cells):
            yield f"the search finds nothing even on the device of {device.seat.name}"
