"""Case files that change hands in tests: asked, accepted, receipted, and time that goes by."""

from __future__ import annotations

from app.domain.dots import Dot
from app.domain.handover import Handover
from app.services import handovers
from app.services.handovers import Terms
from sync.removal.days import note_relay_time, relay_time
from sync.workplace import Workplace
from tests.support.district import District, open_case

CONCERN = "Fischteichweg"
DAY_MS = 86_400_000


def latest(place: Workplace, case: Dot) -> Handover:
    return handovers.handovers_of(place.session.store.queries, case)[0]


def ask(district: District, case: Dot, giver: str = "anna", to: str = "ben", **terms: object) -> None:
    given = Terms(district.member(to), **terms)  # type: ignore[arg-type]  # the fields as they are named
    handovers.ask(district[giver].session, case, given)


def hand_over(district: District, case: Dot) -> None:
    """Anna asks, ben accepts, all of it arrives and is receipted, and anna has seen the receipt."""
    ask(district, case)
    district.round("anna", "ben")
    handovers.accept(district["ben"].session, latest(district["ben"], case).asked)
    district.round("ben", "anna", "ben", "ben", "anna")


def pass_days(district: District, days: int) -> None:
    for person in district.people.values():
        person.clock.move(days=days)


def settled(district: District) -> Dot:
    case = open_case(district["anna"], CONCERN)
    hand_over(district, case)
    district.round("anna", "ben", "ben", "anna", "anna")
    return case


def relay_says(district: District, name: str, days: int) -> None:
    """Let the relay's word be so many days later."""
    engine = district[name]._engine
    with engine.office.transaction() as post:
        heard = relay_time(post)
        assert heard is not None
        note_relay_time(post, heard + days * 86_400_000)
