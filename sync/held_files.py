"""Which case files a device held: for the notice of Art. 33 GDPR when it is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.domain.dots import Dot
from sync.engine import Engine
from sync.facts import ever_involved
from sync.ports import Post
from sync.roster import Device


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


def files_held_by(engine: Engine, post: Post, device: Device) -> HeldFiles:
    """Give the case files that a device held, by number, and how many more only others can name."""
    found: dict[Dot, Why] = {}
    for case, why in _known(engine, post, device):
        found.setdefault(case, why)
    files = sorted((_file(post, case, why) for case, why in found.items()), key=lambda item: item.number)
    begun = sum(case.device == device.id for case in found)
    figures = (item for item in post.records.records("Figures", None) if item.id is not None)
    counted = sum(item.id is not None and item.id.device == device.id for item in figures)
    member = engine.roster.member(device.member)
    return HeldFiles(
        device.index, "" if member is None else member.name, tuple(files), max(0, counted - begun)
    )


def _known(engine: Engine, post: Post, device: Device) -> Iterator[tuple[Dot, Why]]:
    for case in post.into.cases_written_on(device.id):
        yield case, Why.WRITTEN
    for case in post.out.cases_sealed_for(device.index):
        yield case, Why.SENT
    for case in post.into.case_files():
        if device.member in ever_involved(post.into, engine.roster, case):
            yield case, Why.ASSIGNED


def _file(post: Post, case: Dot, why: Why) -> HeldFile:
    record = post.records.record("CaseFile", case)
    return HeldFile(case, "" if record is None else record.text("number"), why)
