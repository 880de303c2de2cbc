"""Invented case files, the same for the same seed, written through the services like any other."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain.declarations import BENEFIT_PERIOD, CONSENT, CONTACT, PERSON
from app.domain.dots import Dot
from app.domain.records import Record, new_record
from app.domain.schema import RecordType, Value
from app.services import cases
from app.services.ports import Session
from tests.support.invented import words

Values = dict[str, Value]
_DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True)
class InventedCase:
    """What one case file holds: values by field, the records in the order in which they were written."""

    opening: Values
    after_gate: Values
    records: tuple[tuple[RecordType, Values], ...]
    own_words: tuple[str, ...]


def invent_case(seed: str | int, number: int, day: date, notes: int = 4) -> InventedCase:
    """Give case file `number` of the district of `seed`, opened on `day`, with this many contacts."""
    chance = random.Random(f"{seed}/{number}")
    own = words.own_words(seed, number)
    language = chance.choice(words.LANGUAGES)
    opening: Values = {
        "opened_on": day.isoformat(),
        "municipality": chance.choice(words.MUNICIPALITIES),
        "access_route": chance.choice(("job_centre", "school", "self", "outreach", "registration_office")),
        "speaks": (language,),
        "reads": (language,) if chance.random() < 0.8 else (),
        "interpreter_needed": chance.random() < 0.7,
    }
    after: Values = {
        "concern": f"{chance.choice(words.CONCERNS)} Wohnt nahe {own[0]}, erreichbar über {own[1]}.",
        "target_groups": (chance.choice(("refugee", "eu", "family_reunion")),),
        "phase": chance.choice(("clearing", "assessment", "planning", "linking", "monitoring")),
        "phase_reason": f"übernommen aus der Papierakte {own[2]}",
    }
    if chance.random() < 0.1:
        after |= {
            "contact_rule": "code_word",
            "paper_home": "neutral",
            "not_before": f"Bekannte aus {own[2]}",
            "recognition_word": chance.choice(words.RECOGNITION),
        }
    return InventedCase(opening, after, tuple(_records(chance, own, language, day, notes)), own)


def write_case(session: Session, invented: InventedCase, *, shared: bool = True) -> Record:
    """Write a case file as its case manager would; `shared`: supervision and a stand-in may read."""
    form = cases.new_case_file(session).edited(**invented.opening)
    base = cases.open_case_file(session, form).record
    if base.id is None:
        raise ValueError("a saved case file has an id")
    for entry in _consents(base, shared=shared):
        cases.save_record(session, None, entry)
    cases.save_record(session, base, base.edited(**invented.after_gate))
    for record_type, values in invented.records:
        cases.save_record(session, None, new_record(record_type, base.id, **values))
    return base


def _consents(base: Record, *, shared: bool) -> tuple[Record, Record]:
    language = base.items("speaks")[0]
    common: Values = {"given_on": base.text("opened_on"), "text_version": "1.0", "text_language": language}
    answer = "yes" if shared else "no"
    items: Values = {"supervision_item": answer, "stand_in_item": answer, "special_categories_item": "yes"}
    sheet = new_record(CONSENT, base.id, consent_kind="sheet", consent_form="handed", **common)
    consent = new_record(CONSENT, base.id, consent_kind="consent", consent_form="signed", **common, **items)
    return sheet, consent


def _records(
    chance: random.Random, own: tuple[str, ...], language: str, day: date, notes: int
) -> list[tuple[RecordType, Values]]:
    found: list[tuple[RecordType, Values]] = []
    nationality = chance.choice(words.NATIONALITIES)
    for index in range(chance.randint(1, 4)):
        found.append((PERSON, _person(chance, index, nationality)))
    found.append((BENEFIT_PERIOD, _benefit(chance, day, own[3])))
    for index in range(notes):
        found.append(
            (
                CONTACT,
                _contact(chance, language, day + timedelta(days=7 * index), own[4] if index == 0 else ""),
            )
        )
    return found


def _person(chance: random.Random, index: int, nationality: str) -> Values:
    role = "adult" if index == 0 else chance.choice(("partner", "child", "child", "relative"))
    return {
        "label": f"Person {index + 1}",
        "household_role": role,
        "birth_year": chance.randint(2010, 2022) if role == "child" else chance.randint(1960, 2004),
        "gender": chance.choice(("female", "male")),
        "nationality": nationality,
        "german_level": chance.choice(("none", "a1", "a2", "b1")),
        "schooling": chance.choice(("primary", "secondary", "university")),
        "work": "none" if role == "child" else chance.choice(("none", "marginal", "regular")),
    }


def _benefit(chance: random.Random, day: date, own: str) -> Values:
    return {
        "legal_circle": chance.choice(("asylblg", "sgb2", "own_income", "unclear")),
        "benefit_office": f"{chance.choice(words.OFFICES)} {own}",
        "benefit_from": day.isoformat(),
        "granted_until": (day + timedelta(days=180)).isoformat(),
    }


def _contact(chance: random.Random, language: str, day: date, own: str) -> Values:
    topics = chance.sample(("housing", "language", "work", "health", "schooling", "residence"), 2)
    return {
        "at": int(datetime(day.year, day.month, day.day, 10).astimezone().timestamp() * 1000),
        "contact_kind": "client",
        "channel": chance.choice(("town_hall", "home", "phone", "office")),
        "minutes": chance.choice((20, 30, 45, 60)),
        "topics": tuple(sorted(topics)),
        "contact_note": chance.choice(words.NOTES) + (f" Treffpunkt {own}." if own else ""),
        "interpreter_source": chance.choice(("none", "pool", "phone")),
        "interpreter_language": language,
    }


def number_of(session: Session, case: Dot) -> str:
    """Give the case number of a written case file."""
    record = session.store.queries.record("CaseFile", case)
    return record.text("number") if record else ""
