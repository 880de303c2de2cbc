"""A district with two keepers and a key in the safe, through real workplaces."""

from __future__ import annotations

from dataclasses import replace

from app.domain.audience import Role
from sync.workplace import Workplace
from tests.support.district import District


def offline(district: District) -> str:
    """The key that set-up printed for the safe."""
    return (district.folder / "safe").read_text()


def index_of(district: District, name: str) -> int:
    return district[name]._engine.index


def leave(district: District, name: str, offline_key: str = "") -> None:
    """Let somebody leave the district; nobody but sina, a keeper, has heard of it."""
    (member,) = (item for item in district["sina"].roster.members if item.id == district.member(name))
    district["sina"].keepers.change_member(replace(member, active=False), offline_key)


def kinds(place: Workplace) -> list[list[str]]:
    return [[fact.kind for fact in news.facts] for news in place.keepers.news()]


def with_two_keepers(founded: District) -> District:
    """Sina and Ruth are keepers, Anna a case manager; three keeper keys are named, one lies in the safe."""
    (founded.folder / "safe").write_text(founded["sina"].offline_key)
    founded.join("ruth", Role.SUPERVISOR)
    founded.join("anna")
    founded["sina"].keepers.make_keeper(founded.member("ruth"))
    founded.round("sina", "ruth", "anna", "sina", "ruth")
    return founded
