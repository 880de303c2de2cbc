"""Every declared record type, imported in one place so that the registry is complete."""

from collections.abc import Iterator

from app.domain import (
    attachment,
    benefit,
    case_file,
    case_split,
    consent,
    contact,
    employer,
    figures,
    handover,
    person,
    receipt,
    stand_in,
)
from app.domain.folder_key import FOLDER_KEY
from app.domain.keeping import PARCEL_RELEASE, PROPOSAL_WITHDRAWAL, ROSTER_PROPOSAL
from app.domain.orders import BASIS, KIND, ORDER, ORDER_RECEIPT
from app.domain.read_log import LOG_AGREEMENT, LOG_KEY, LOG_OPENING, READ_ENTRIES, SAFE_SEAL
from app.domain.registry import REGISTRY
from app.domain.schema import RecordType

__all__ = [
    "ATTACHMENT",
    "BENEFIT_PERIOD",
    "CASE_FILE",
    "CASE_SPLIT",
    "CONSENT",
    "CONTACT",
    "EMPLOYER",
    "FIGURES",
    "FOLDER_KEY",
    "HANDOVER",
    "HANDOVER_RECEIPT",
    "LOG_AGREEMENT",
    "LOG_KEY",
    "LOG_OPENING",
    "ORDER",
    "ORDER_RECEIPT",
    "PARCEL_RELEASE",
    "PERSON",
    "PROPOSAL_WITHDRAWAL",
    "READ_ENTRIES",
    "REGISTRY",
    "ROSTER_PROPOSAL",
    "SAFE_SEAL",
    "STAND_IN",
    "WITHDRAWAL",
    "catalogue_labels",
    "known_type",
]

CASE_FILE = case_file.CASE_FILE
CASE_SPLIT = case_split.CASE_SPLIT
PERSON = person.PERSON
CONTACT = contact.CONTACT
BENEFIT_PERIOD = benefit.BENEFIT_PERIOD
CONSENT = consent.CONSENT
WITHDRAWAL = consent.WITHDRAWAL
STAND_IN = stand_in.STAND_IN
EMPLOYER = employer.EMPLOYER
FIGURES = figures.FIGURES
HANDOVER = handover.HANDOVER
HANDOVER_RECEIPT = receipt.HANDOVER_RECEIPT
ATTACHMENT = attachment.ATTACHMENT


def catalogue_labels() -> Iterator[str]:
    """Give every label that the declarations bring into the catalogue."""
    yield from REGISTRY.labels()
    yield from (*KIND.labels.values(), *BASIS.labels.values())


def known_type(name: str) -> RecordType | None:
    """Give the declared type of that name, or None."""
    return REGISTRY.get(name)
