"""Bytes that leave a device: an outreach day, and twenty small changes, through a real relay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import zstandard

from app.domain.audience import Role
from app.domain.classes import RegisterClass
from app.domain.declarations import CONTACT
from app.domain.dots import Dot
from app.domain.merge import Change
from app.domain.records import new_record
from app.domain.schema import Value
from app.services import cases, stand_ins
from app.services.mailbox import SealedEnvelope
from sync.relay.server import RelayServer
from sync.workplace import RoundReport, Workplace
from tests.benchmarks.language import German
from tests.benchmarks.rows import Measured
from tests.support.district import District, run_round
from tests.support.invented.case_files import invent_case, write_case
from tests.support.wire_tap import WireTap

FIRST_CASES, NEW_CASES, EDITED_CASES = 30, 20, 15
SMALL_CHANGES, CASES_OF_SMALL, CASES_OF_STAND_IN = 20, 12, 4
_SEED = "budget"
_LEVEL = 19
_DAY = date(2026, 11, 2)


@dataclass(frozen=True)
class _Sent:
    """Envelopes by channel, with the changes in each."""

    channels: dict[bytes, list[tuple[SealedEnvelope, tuple[Change, ...]]]]

    def of_class(self, *, figures: bool) -> int:
        """Give the bytes of the derived figures, or of all else."""
        return sum(
            len(item.sealed or b"")
            for parts in self.channels.values()
            for item, changes in parts
            if (changes[0].cls is RegisterClass.FIGURES) == figures
        )

    @property
    def total(self) -> int:
        """Give all bytes."""
        return self.of_class(figures=False) + self.of_class(figures=True)


class _TappedRelay(RelayServer):
    """A relay whose address is that of the line to it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        super().__init__(folder / "relay.sqlite", arguments=("--requests-per-minute", "100000"))
        self.start()
        self.tap = WireTap(super().url)

    @property
    def url(self) -> str:
        """Where the devices find it."""
        return self.tap.url


def measure(folder: Path) -> list[Measured]:
    """Give the rows about bytes."""
    relay = _TappedRelay(folder / "relay")
    try:
        with District.found(folder / "district", _SEED, relay=relay) as district:
            _populate(district)
            return [_outreach_day(district), *_twenty_changes(district, relay.tap)]
    finally:
        relay.tap.close()
        relay.stop()


def _populate(district: District) -> None:
    """Let a case manager have case files, a cleared supervisor, a coordinator and a colleague."""
    district.join("cora", Role.COORDINATOR)
    district.join("ben")
    anna = district.join("anna")
    german = German(_SEED)
    for number in range(FIRST_CASES):
        _write_case(anna, german, number)
    district.round()
    district.round()


def _write_case(place: Workplace, german: German, number: int) -> None:
    """Write a case file with notes in words of their own, as a first conversation leaves it."""
    invented = invent_case(_SEED, number, _DAY - timedelta(days=number), notes=1)
    records = tuple(
        (kind, {**values, "contact_note": german.note()} if kind is CONTACT else values)
        for kind, values in invented.records
    )
    own = replace(invented, records=records, after_gate={**invented.after_gate, "concern": german.note()})
    write_case(place.session, own)


def _outreach_day(district: District) -> Measured:
    """Twenty new case files and fifteen edited ones, sent in the evening."""
    anna, german = district["anna"], German(f"{_SEED}/day")
    old = [row.id for row in anna.session.store.queries.case_page(None, EDITED_CASES).rows]
    for number in range(NEW_CASES):
        _write_case(anna, german, FIRST_CASES + number)
    for case in old:
        _edit(anna, case, concern=german.note())
        _add_contact(anna, case, german.note())
    sent, report = _sent_by(anna)
    floor = sum(_floor(parts) for parts in sent.channels.values())
    count = sum(len(parts) for parts in sent.channels.values())
    told = f"{sent.total:,} bytes in {count} envelopes for {len(sent.channels)} audiences; zstd -19 {floor:,}"
    return Measured("outreach_day", sent.total / floor, f"{told}; {report.bytes_up:,} bytes of requests")


def _edit(place: Workplace, case: Dot | None, **values: str | tuple[str, ...] | bool) -> None:
    base = place.session.store.queries.record("CaseFile", case) if case else None
    if base is None:
        raise AssertionError("a case file is gone")
    cases.save_record(place.session, base, base.edited(**values))


def _add_contact(place: Workplace, case: Dot | None, note: str) -> None:
    values: dict[str, Value] = {
        "at": 1_793_606_400_000,
        "contact_kind": "client",
        "channel": "town_hall",
        "minutes": 30,
    }
    form = new_record(CONTACT, case, topics=("housing", "work"), contact_note=note, **values)
    cases.save_record(place.session, None, form)


def _sent_by(place: Workplace) -> tuple[_Sent, RoundReport]:
    """Make a round, and give what it sealed."""
    office = place._engine.office
    with office.transaction() as post:
        before = {item.digest for item in post.out.kept()}
    report = run_round(place)
    channels: dict[bytes, list[tuple[SealedEnvelope, tuple[Change, ...]]]] = {}
    with office.transaction() as post:
        for item in post.out.kept():
            if item.digest not in before:
                whole = post.out.envelope(item.session, item.channel, item.n)
                if whole is not None:
                    channels.setdefault(item.channel, []).append((whole, post.out.changes_in(whole)))
    return _Sent(channels), report


def _floor(parts: Sequence[tuple[SealedEnvelope, tuple[Change, ...]]]) -> int:
    """Give what zstd -19 makes of the values that an audience gets, all in one piece."""
    values = b"".join(change.value for _, changes in parts for change in changes)
    return len(zstandard.ZstdCompressor(level=_LEVEL).compress(values))


def _twenty_changes(district: District, tap: WireTap) -> list[Measured]:
    """Twenty small edits in twelve case files: all for one audience, then four case files for one more."""
    anna = district["anna"]
    listed = [row.id for row in anna.session.store.queries.case_page(None, CASES_OF_SMALL).rows]
    tap.clear()
    _edit_a_little(anna, listed, ("home_visit", "small_children"), "Kirschbaum")
    one, report = _sent_by(anna)
    headers = _header_bytes(bytes(tap.sent)) + _header_bytes(bytes(tap.received))
    for case in listed[:CASES_OF_STAND_IN]:
        if case is not None:
            stand_ins.name_stand_in(
                anna.session, case, district.member("ben"), "2026-11-01", "2026-12-24", "holiday"
            )
    district.round()
    district.round()
    _edit_a_little(anna, listed, ("step_free", "small_children"), "Apfelbaum")
    two, _ = _sent_by(anna)
    whole, figures = one.of_class(figures=False), one.of_class(figures=True)
    further = two.of_class(figures=False) - whole
    told = f"{SMALL_CHANGES} edits in {len(listed)} case files, whole envelope"
    beside = (
        f"more when four have a stand-in; beside it {figures:,} bytes of derived figures of six case files"
    )
    return [
        Measured("twenty_changes.one_audience", whole, told),
        Measured("twenty_changes.each_further", further, beside),
        Measured("twenty_changes.exchanges", report.requests, "requests of the round"),
        Measured("twenty_changes.headers", headers, "of request and answer together; TLS apart"),
    ]


def _edit_a_little(place: Workplace, listed: Sequence[Dot | None], needs: tuple[str, ...], word: str) -> None:
    """Write one small register at a time; every second feeds the figures."""
    for number in range(SMALL_CHANGES):
        case = listed[number % len(listed)]
        if number % 2:
            _edit(place, case, recognition_word=f"{word} {number}")
        else:
            _edit(place, case, access_needs=needs[: 1 + number // len(listed)])


def _header_bytes(line: bytes) -> int:
    """Give the bytes of an exchange's first line and headers."""
    return line.index(b"\r\n\r\n") + 4
