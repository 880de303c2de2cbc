"""Anna goes on leave and comes back; Anna leaves for good, and nothing of hers is lost or left behind."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.dots import Dot
from app.domain.stand_in import StandInTimeError
from app.security.vault import open_with_passphrase
from app.services import attachments, handovers, stand_ins
from app.services.attachments import PART
from app.services.handovers import Terms
from sync.removal.days import note_relay_time, relay_time
from tests.support.backups import decrypted, decrypted_log
from tests.support.district import PASSPHRASE, District, add, case_file, edit_case, open_case

CONTROL, WORD, NOTE, LETTER = "Kontrollwort", "Fischteichweg", "Zwetschgendatschi", b"Briefgeheimnis"


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    with District.found(tmp_path / "district", str(tmp_path)) as founded:
        founded.join("anna")
        founded.join("ben")
        founded.round("sina", "anna", "ben", "sina", "anna")
        yield founded


def nobody_watches(_done: int, _total: int) -> None: ...


def never() -> bool:
    return False


def day(offset: int) -> str:
    return (datetime.now(UTC).astimezone().date() + timedelta(days=offset)).isoformat()


def pass_days(district: District, days: int) -> None:
    """Let days go by for everybody, and for the relay as far as it is heard."""
    for name, person in district.people.items():
        person.clock.move(days=days)
        with district[name]._engine.office.transaction() as post:
            note_relay_time(post, (relay_time(post) or 0) + days * 86_400_000)


def words_left(district: District, name: str, words: list[bytes]) -> list[bytes]:
    """Give the words in the decrypted pages of a locked device's store or log, free pages included."""
    person = district.people[name]
    with open_with_passphrase(person.home / "vault.kim", PASSPHRASE, person.clock) as vault:
        key = vault.database_key
    pages = decrypted(person.home / "store.db", key) + decrypted_log(person.home / "store.db-wal", key)
    return [word for word in words if word in pages]


def test_anna_goes_on_leave_and_comes_back(district: District) -> None:
    case = open_case(district["anna"], WORD)
    district.round("anna", "sina")
    sina = district["sina"].session
    entry = stand_ins.name_stand_in(sina, case, district.member("ben"), day(1), day(14), "holiday").record
    district.round("sina", "anna", "ben")
    assert district["ben"].session.store.queries.record("CaseFile", case) is None
    pass_days(district, 1)
    district.round("anna", "ben")
    assert case_file(district["ben"], case).text("concern") == WORD
    add(district["ben"], "Contact", case, at=1_700_000_000_000, contact_kind="client", contact_note=NOTE)
    pass_days(district, 14)
    with pytest.raises(StandInTimeError):
        edit_case(district["ben"], case, concern="zu spät")
    district.round("ben", "anna")
    (contact,) = district["anna"].session.store.queries.records("Contact", case)
    assert contact.text("contact_note") == NOTE
    edit_case(district["anna"], case, concern="wieder da")
    district.round("anna", "sina", "ben")
    assert case_file(district["ben"], case).text("concern") == WORD
    assert case_file(district["sina"], case).text("concern") == "wieder da"
    assert entry.text("stand_in_until") == day(14)


def hand_all_to_ben(district: District) -> list[Dot]:
    """Three case files with a talk and a letter go from anna to ben, and everything arrives."""
    anna, ben = district["anna"], district["ben"]
    cases = [open_case(anna, f"{WORD} {count}") for count in range(3)]
    add(anna, "Contact", cases[0], at=1_700_000_000_000, contact_kind="client", contact_note=NOTE)
    letter = district.folder / "Brief.bin"
    letter.write_bytes(LETTER * PART)
    attachments.add(anna.session, cases[1], letter, "letter", "", nobody_watches, never)
    terms = Terms(district.member("ben"), "leaves", identity_data="left")
    everything = handovers.hand_over_all(
        anna.session, anna.session.me, terms, at_once=False, progress=nobody_watches, cancelled=never
    )
    assert (set(everything.done), everything.refused) == (set(cases), ())
    district.round("anna", "ben")
    for case in cases:
        (found,) = handovers.handovers_of(ben.session.store.queries, case)
        handovers.accept(ben.session, found.asked)
    district.round("ben", "anna", "ben", "ben", "anna", "anna", "ben", "ben", "anna", "anna")
    assert {item.lacks for item in anna.handovers.standing()} == {("time",)}
    return cases


def test_anna_leaves_for_good_and_nothing_is_lost_or_left(district: District) -> None:
    cases, secret = hand_all_to_ben(district), [WORD.encode(), NOTE.encode(), LETTER]
    kept = open_case(district["anna"], CONTROL)
    district.people["anna"].lock()
    assert words_left(district, "anna", secret) == secret
    pass_days(district, 13)
    district.round("anna")
    assert len(case_files(district, "anna")) == 4
    pass_days(district, 2)
    district.round("anna")
    district["anna"].orders.carry_out()
    assert case_files(district, "anna") == [kept]
    district.people["anna"].lock()
    assert words_left(district, "anna", [*secret, CONTROL.encode()]) == [CONTROL.encode()]
    texts = [case_file(district["ben"], case).text("concern") for case in cases]
    assert texts == [f"{WORD} {count}" for count in range(3)]
    (contact,) = district["ben"].session.store.queries.records("Contact", cases[0])
    assert contact.text("contact_note") == NOTE
    edit_case(district["ben"], cases[0], concern="geht weiter")
    district.round("ben", "sina", "anna")
    assert case_file(district["sina"], cases[0]).text("concern") == "geht weiter"
    assert case_files(district, "anna") == [kept]


def case_files(district: District, name: str) -> list[Dot | None]:
    return [row.id for row in district[name].session.store.queries.case_page(None, 100).rows]
