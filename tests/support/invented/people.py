"""Who works in the invented district: case managers of two employers, supervisors, a coordinator."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.audience import Role

DISTRICT_NAME = "Kreis Musterland"
DISTRICT_CODE = "MUS"
DISTRICT = "Kreis Musterland"
WELFARE = "Sozialwerk Musterland e. V."


@dataclass(frozen=True)
class Invented:
    """One member; `supervisor` is the name of a case manager's supervisor."""

    name: str
    employer: str
    role: Role
    cleared: bool = False
    supervisor: str = ""


SINA = Invented("Sina Vogt", DISTRICT, Role.SUPERVISOR, cleared=True)
SVEN = Invented("Sven Hartmann", DISTRICT, Role.SUPERVISOR)
CORA = Invented("Cora Lenz", DISTRICT, Role.COORDINATOR)
ANNA = Invented("Anna Berg", DISTRICT, Role.CASE_MANAGER, supervisor="Sina Vogt")
BEN = Invented("Ben Kaya", WELFARE, Role.CASE_MANAGER, supervisor="Sina Vogt")
DORA = Invented("Dora Nowak", WELFARE, Role.CASE_MANAGER, supervisor="Sven Hartmann")
EVERYBODY = (SINA, SVEN, CORA, ANNA, BEN, DORA)
CASE_MANAGERS = (ANNA, BEN, DORA)

EMPLOYERS = {
    DISTRICT: {
        "employer_address": "Kreishaus, Am Ring 1, 59999 Musterstadt",
        "data_protection_officer": "Datenschutz, Am Ring 1, datenschutz@kreis-musterland.example",
    },
    WELFARE: {
        "employer_address": "Lindenstraße 12, 59999 Musterstadt",
        "data_protection_officer": "Datenschutz, Lindenstraße 12, datenschutz@sozialwerk-musterland.example",
    },
}
