"""Which case files a device held: for the notice of Art. 33 GDPR when it is lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Final

from app.domain.dots import Dot
from sync.engine import Engine
from sync.ports import Post
from sync.roster import Device
from sync.sending.facts import ever_involved

AT_ONCE: Final = 500
"""Case files looked at in one transaction."""


class Why(StrEnum):
    """How it is known that a device held a case file."""

    WRITTEN = "written"
    """Entries of it were made there."""
    SENT = "sent"
    """This device sealed entries of it for that device."""
    ASSIGNED = "assigned"
    """Its member was responsible, supervised it or stood in."""


@dataclass(frozen=True)
class HeldFile:
    """A case file by its number; `number` is empty while its head has not come here."""

    case: Dot
    number: str
    why: Why


@dataclass(frozen=True)
class HeldFiles:
    """What is known here; `elsewhere` counts case files of that device that only other supervisors know."""

    device: int
    member: str
    files: tuple[HeldFile, ...]
    elsewhere: int


def files_held_by(engine: Engine, device: Device) -> HeldFiles:
    """Give the case files that a device held, by number, and how many more only others can name.

    Looks at some hundred case files at a time: between two looks a person's save gets its turn.
    """
    with engine.office.transaction() as post:
        found = dict.fromkeys(post.into.cases_written_on(device.id), Why.WRITTEN)
        for case in post.out.cases_sealed_for(device.index):
            found.setdefault(case, Why.SENT)
        cases = tuple(post.into.case_files())
    for some in _batched(cases, AT_ONCE):
        with engine.office.transaction() as post:
            for case in some:
                if device.member in ever_involved(post.into, engine.roster, case):
                    found.setdefault(case, Why.ASSIGNED)
    files: list[HeldFile] = []
    for few in _batched(found, AT_ONCE):
        with engine.office.transaction() as post:
            files += [_file(post, case, found[case]) for case in few]
    begun = sum(case.device == device.id for case in found)
    member = engine.roster.member(device.member)
    by_number = tuple(sorted(files, key=lambda item: item.number))
    elsewhere = max(0, _counted(engine, device) - begun)
    return HeldFiles(device.index, "" if member is None else member.name, by_number, elsewhere)


def _batched(items: Iterable[Dot], size: int) -> Iterator[tuple[Dot, ...]]:
    rest = iter(items)
    while some := tuple(islice(rest, size)):
        yield some


def _counted(engine: Engine, device: Device) -> int:
    """Give how many case files of a device the derived figures tell of."""
    with engine.office.transaction() as post:
        figures = post.records.records("Figures", None)
    return sum(item.id is not None and item.id.device == device.id for item in figures)


def _file(post: Post, case: Dot, why: Why) -> HeldFile:
    record = post.records.record("CaseFile", case)
    return HeldFile(case, "" if record is None else record.text("number"), why)
