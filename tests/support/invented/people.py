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
    """One member; `supervisor` is the name of a case manager's supervisor.

    `passphrase` opens what was invented for this person, and nothing else anywhere.
    """

    name: str
    employer: str
    role: Role
    passphrase: str
    cleared: bool = False
    supervisor: str = ""

    @property
    def folder(self) -> str:
        """Give the name of this person's folder."""
        return self.name.split()[0].lower()


SINA = Invented("Sina Vogt", DISTRICT, Role.SUPERVISOR, "neun Laternen wandern am Deich", cleared=True)
SVEN = Invented("Sven Hartmann", DISTRICT, Role.SUPERVISOR, "vier Kamele zählen nachts Sterne")
CORA = Invented("Cora Lenz", DISTRICT, Role.COORDINATOR, "drei Fähren warten auf Gegenwind")
ANNA = Invented(
    "Anna Berg", DISTRICT, Role.CASE_MANAGER, "sieben Igel lesen gerne Fahrpläne", supervisor="Sina Vogt"
)
BEN = Invented(
    "Ben Kaya", WELFARE, Role.CASE_MANAGER, "acht Trommeln schlafen im Keller", supervisor="Sina Vogt"
)
DORA = Invented(
    "Dora Nowak", WELFARE, Role.CASE_MANAGER, "zwei Wolken tauschen ihre Hüte", supervisor="Sven Hartmann"
)
EVERYBODY = (SINA, SVEN, CORA, ANNA, BEN, DORA)
CASE_MANAGERS = (ANNA, BEN, DORA)

_RELEASED = {
    "joint_controller": DISTRICT,
    "joint_address": "Am Ring 1\n59999 Musterstadt",
    "retention": "3",
    "passage_released_by": "Datenschutz",
    "passage_released_on": "2026-01-12",
    "letterhead_released_by": "Öffentlichkeitsarbeit",
    "letterhead_released_on": "2026-01-12",
    "funding_period": "01.01.2026 bis 31.12.2027",
}
EMPLOYERS: dict[str, dict[str, str]] = {
    DISTRICT: {
        "employer_address": "Am Ring 1\n59999 Musterstadt",
        "data_protection_officer": "Datenschutz, Am Ring 1, datenschutz@kreis-musterland.example",
        **_RELEASED,
    },
    WELFARE: {
        "employer_address": "Lindenstraße 12\n59999 Musterstadt",
        "data_protection_officer": "Datenschutz, Lindenstraße 12, datenschutz@sozialwerk-musterland.example",
        **_RELEASED,
    },
}
