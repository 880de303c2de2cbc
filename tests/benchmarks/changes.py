"""Changes of case files as another device would have sent them, made without a store."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from app.domain.declarations import BENEFIT_PERIOD, CASE_FILE, CONSENT, CONTACT, PERSON
from app.domain.dots import HLC_COUNTER_BITS, Context, Dot
from app.domain.merge import Change
from app.domain.schema import RecordType, Value
from app.domain.values import class_at_write, encode_register
from tests.benchmarks.language import German
from tests.support.invented.case_files import invent_case
from tests.support.invented.words import own_words
from tests.support.ports import ANNA, SINA

OTHER_DEVICE = 2001
FIRST_DAY = date(2024, 1, 8)
DAYS = 900
NOTES = 5
_SHOWN = frozenset(
    register.name
    for item in (CASE_FILE, PERSON, BENEFIT_PERIOD, CONTACT, CONSENT)
    for register in item.all_registers
    if register.name == "belongs" or any(field.searched or field.listed for field in register.fields)
)
"""Registers that lists and search show."""


class OtherDevice:
    """Writes changes in one session; the same seed gives the same changes."""

    def __init__(self, seed: str, session: int = 77) -> None:
        """Begin a session."""
        self.seed = seed
        self._german = German(seed)
        self._chance = random.Random(f"{seed}/other")
        self._session = session
        self._seq = 0
        self._hlc = 0

    def case_file(self, number: int, *, notes: int = NOTES, whole: bool = True) -> Iterator[Change]:
        """Give the changes of one case file; not `whole`: those registers only that lists and search show."""
        day = FIRST_DAY + timedelta(days=self._chance.randrange(DAYS))
        invented = invent_case(self.seed, number, day, notes)
        own = own_words(self.seed, number)
        yield from self._record(CASE_FILE, None, day, self._head(number, day), whole=whole)
        case = Dot(OTHER_DEVICE, self._session, self._seq - self._written + 1)
        for kind in ("sheet", "consent"):
            entry = {"given_on": day.isoformat(), "consent_kind": kind, "consent_form": "signed"}
            items = {"supervision_item": "yes", "stand_in_item": "yes"} if kind == "consent" else {}
            yield from self._record(CONSENT, case, day, {**entry, **items}, whole=whole)
        for count, (record_type, values) in enumerate(invented.records):
            given = dict(values)
            if record_type is CONTACT:
                given["contact_note"] = f"{self._german.note()} {own[count % len(own)]}"
            yield from self._record(record_type, case, day + timedelta(days=count), given, whole=whole)

    def head_only(self, number: int) -> Iterator[Change]:
        """Give the changes of a case file that has nothing but what the list shows."""
        day = FIRST_DAY + timedelta(days=self._chance.randrange(DAYS))
        yield from self._record(CASE_FILE, None, day, self._head(number, day), whole=False)

    def changes(self, count: int) -> list[Change]:
        """Give exactly `count` changes, of as many whole case files as that takes."""
        found: list[Change] = []
        number = 0
        while len(found) < count:
            found.extend(self.case_file(number))
            number += 1
        return found[:count]

    def _head(self, number: int, day: date) -> dict[str, Value]:
        invented = invent_case(self.seed, number, day, notes=0)
        own = own_words(self.seed, number)
        return {
            **invented.opening,
            **invented.after_gate,
            "number": f"MUS-{day.year % 100}-{number:06d}",
            "responsible": ANNA.id,
            "supervision": SINA.id,
            "phase_since": day.isoformat(),
            "concern": f"{self._german.note()} {own[0]} {own[1]}",
        }

    def _record(
        self, declared: RecordType, case: Dot | None, day: date, values: Mapping[str, Value], *, whole: bool
    ) -> Iterator[Change]:
        record = Dot(OTHER_DEVICE, self._session, self._seq + 1)
        self._written = 0
        if declared.in_case:
            values = {**values, "case_file": case}
        for register in declared.all_registers:
            given = any(values.get(name) not in (None, "", ()) for name in register.field_names)
            if not given or not (whole or register.name in _SHOWN):
                continue
            self._seq += 1
            self._written += 1
            yield Change(
                Dot(OTHER_DEVICE, self._session, self._seq),
                case or record,
                record,
                declared.name,
                register.name,
                class_at_write(register, values),
                encode_register(register, values, {}),
                Context(),
                self._next_hlc(day),
                ANNA.id,
                1,
            )

    def _next_hlc(self, day: date) -> int:
        noon = datetime(day.year, day.month, day.day, 12).astimezone()
        self._hlc = max(self._hlc + 1, int(noon.timestamp() * 1000) << HLC_COUNTER_BITS)
        return self._hlc
