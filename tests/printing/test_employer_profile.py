from dataclasses import replace
from datetime import date

import pytest

from app.domain.employer import EMPLOYER
from app.domain.records import Record, new_record
from app.printing.employer_profile import legal_basis_of, letterhead_profile
from app.printing.papers import LDI_NRW, Controller, ImmigrationPassage, LetterheadProfile, Release


def an_employer(**values: str) -> Record:
    known = {
        "employer_key": "verband",
        "employer_name": "Wohlfahrtsverband",
        "employer_address": "Marktplatz 1\n12345 Musterstadt\n",
        "joint_controller": "Kreis",
        "joint_address": "Kreishaus 5\n12345 Musterstadt",
        "retention": "3",
        "data_protection_officer": "Beauftragte Stelle\ndatenschutz@beispiel.invalid",
        "passage_released_by": "Beauftragte Stelle",
        "passage_released_on": "2026-01-31",
        "letterhead_released_by": "Leitung",
        "letterhead_released_on": "2026-02-01",
        "funding_period": "2026",
    }
    return new_record(EMPLOYER).edited(**{**known, **values})


def test_letterhead_profile_takes_over_what_the_record_says() -> None:
    address = ("Marktplatz 1", "12345 Musterstadt")
    assert letterhead_profile(an_employer()) == LetterheadProfile(
        employer_name="Wohlfahrtsverband",
        address=address,
        controllers=(
            Controller("Wohlfahrtsverband", address),
            Controller("Kreis", ("Kreishaus 5", "12345 Musterstadt")),
        ),
        data_protection_officer="Beauftragte Stelle, datenschutz@beispiel.invalid",
        law="DSGVO, DSG NRW",
        authority=LDI_NRW,
        retention="3",
        funding_period="2026",
        letterhead_release=Release("Leitung", date(2026, 2, 1)),
        immigration_passage=ImmigrationPassage("", "Beauftragte Stelle", date(2026, 1, 31)),
    )


def test_letterhead_profile_without_a_record_is_that_of_a_specimen() -> None:
    assert letterhead_profile(None) == LetterheadProfile()


def test_letterhead_profile_alone_has_one_controller() -> None:
    profile = letterhead_profile(an_employer(joint_controller="", joint_address=""))
    assert [controller.name for controller in profile.controllers] == ["Wohlfahrtsverband"]


def test_letterhead_profile_letterhead_lines_come_before_the_address() -> None:
    profile = letterhead_profile(an_employer(letterhead="Fachdienst KIM\nMarktplatz 1"))
    assert profile.address == ("Fachdienst KIM", "Marktplatz 1")


@pytest.mark.parametrize("missing", ["passage_released_by", "passage_released_on"])
def test_letterhead_profile_half_a_release_is_none(missing: str) -> None:
    assert letterhead_profile(an_employer(**{missing: ""})).immigration_passage is None


def test_letterhead_profile_passage_in_conflict_is_not_released() -> None:
    profile = letterhead_profile(replace(an_employer(), conflicts=frozenset({"passage"})))
    assert profile.immigration_passage is None
    assert profile.letterhead_release is not None


def test_legal_basis_of_follows_the_record_and_is_consent_without_one() -> None:
    assert legal_basis_of(an_employer(legal_basis="public_task")) == "public_task"
    assert legal_basis_of(an_employer(legal_basis="consent")) == "consent"
    assert legal_basis_of(None) == "consent"
