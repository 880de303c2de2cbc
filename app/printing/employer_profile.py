"""From the Employer record to what papers print of it."""

from datetime import date
from typing import Final

from app.domain.records import Record
from app.printing.profile import LDI_NRW, Controller, ImmigrationPassage, LetterheadProfile, Release
from app.printing.request import LegalBasis

# As papers call them, in every language: these are names of German laws.
_LAWS: Final = {"dsg_nrw": "DSGVO, DSG NRW", "kdg": "KDG", "dsg_ekd": "DSG-EKD"}


def letterhead_profile(employer: Record | None) -> LetterheadProfile:
    """Give the profile of an employer; without a record that of a specimen, all gaps marked."""
    if employer is None:
        return LetterheadProfile()
    return LetterheadProfile(
        employer_name=employer.text("employer_name"),
        address=_lines(employer, "letterhead") or _lines(employer, "employer_address"),
        controllers=_controllers(employer),
        data_protection_officer=", ".join(_lines(employer, "data_protection_officer")),
        law=_LAWS.get(employer.text("applicable_law"), ""),
        authority=", ".join(_lines(employer, "authority")) or LDI_NRW,
        retention=employer.text("retention"),
        funding_period=employer.text("funding_period") or None,
        letterhead_release=_release(employer, "letterhead"),
        immigration_passage=_passage(employer),
    )


def legal_basis_of(employer: Record | None) -> LegalBasis:
    """Give the legal basis that an employer works on; consent where none is set."""
    told = employer.text("legal_basis") if employer else ""
    return "public_task" if told == "public_task" else "consent"


def _controllers(employer: Record) -> tuple[Controller, ...]:
    named = (
        Controller(employer.text(name), _lines(employer, address))
        for name, address in (
            ("employer_name", "employer_address"),
            ("joint_controller", "joint_address"),
        )
    )
    return tuple(controller for controller in named if controller.name)


def _passage(employer: Record) -> ImmigrationPassage | None:
    release = _release(employer, "passage")
    if release is None:
        return None
    return ImmigrationPassage(employer.text("immigration_passage"), release.by, release.on)


def _release(employer: Record, register: str) -> Release | None:
    """Give who released a register and when; none while its value is provisional or incomplete."""
    by, on = employer.text(f"{register}_released_by"), employer.text(f"{register}_released_on")
    if register in employer.conflicts or not by.strip() or not on:
        return None
    return Release(by, date.fromisoformat(on))


def _lines(employer: Record, field: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in employer.text(field).splitlines() if line.strip())
