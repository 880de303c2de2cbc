"""The log of reads: sealed to two keepers, opened by the procedure and by nothing less."""

from dataclasses import replace

import pytest

from app.domain.dots import Dot
from app.domain.read_log import EXPORT, PRINT, READ
from sync.district.keepers import NotKeeperError, WrongOfflineKeyError
from sync.district.safe_key import make_safe_key
from sync.read_log.documents import read_log_key, secret_of
from sync.read_log.opening import OpeningIncompleteError, OpeningNotAgreedError, OwnOpeningError
from sync.read_log.writing import EPOCH_MS
from sync.workplace import Workplace
from tests.support.district import District, case_file, open_case, stored
from tests.support.ports import SeededEntropy

GIVEN = ("Beschwerde vom 3. November", "Frau Licht", "Herr Rat")


def note_some(district: District) -> Dot:
    """Anna reads a case file twice and prints from it once; all exchange."""
    anna = district["anna"]
    case = open_case(anna)
    for act in (READ, READ, PRINT):
        anna.read_log.note(case, act)
    district.round("anna", "sina", "sven")
    return case


def acts(place: Workplace, opening: Dot, offline: str = "") -> list[tuple[int | None, str]]:
    return sorted((line.member, line.act) for line in place.read_log.lines(opening, offline))


def test_two_keepers_open_the_log(district: District) -> None:
    case = note_some(district)
    sina, sven, anna = district["sina"], district["sven"], district.member("anna")
    asked = sina.read_log.ask(*GIVEN)
    district.round("sina", "sven")
    (opening,) = sven.read_log.openings()
    assert (opening.id, opening.by, opening.reason) == (asked, district.member("sina"), GIVEN[0])
    sven.read_log.agree(asked)
    district.round("sven", "sina")
    assert acts(sina, asked) == [(anna, PRINT), (anna, READ)]
    number = case_file(district["anna"], case).text("number")
    assert {(line.case, line.number) for line in sina.read_log.lines(asked)} == {(case, number)}
    assert sina.read_log.openings()[0].agreed == (district.member("sven"),)


def test_the_key_from_the_safe_counts_as_a_second_keeper_and_its_use_is_noted(district: District) -> None:
    note_some(district)
    sina, anna = district["sina"], district.member("anna")
    asked = sina.read_log.ask(*GIVEN)
    assert acts(sina, asked, sina.offline_key) == [(anna, PRINT), (anna, READ)]
    district.round("sina", "sven")
    (opening,) = district["sven"].read_log.openings()
    assert (opening.safe, opening.agreed) == (True, ())


def test_one_keeper_alone_opens_nothing(district: District) -> None:
    note_some(district)
    sina = district["sina"]
    asked = sina.read_log.ask(*GIVEN)
    with pytest.raises(OpeningNotAgreedError):
        sina.read_log.lines(asked)
    with pytest.raises(OwnOpeningError):
        sina.read_log.agree(asked)
    sina.read_log.prepare()
    shares = dict(stored(sina, "SELECT log_key, share FROM log_share WHERE length(share) > 0"))
    assert shares
    for record in sina.session.store.queries.records("LogKey", None):
        document = record.values["log_key"]
        assert isinstance(document, bytes)
        assert record.id is not None
        own = {sina._engine.index: bytes(shares[record.id.to_bytes()])}
        assert secret_of(read_log_key(document), own) is None


def test_who_agreed_cannot_read_and_nobody_reads_anothers_opening(district: District) -> None:
    note_some(district)
    asked = district["sina"].read_log.ask(*GIVEN)
    district.round("sina", "sven")
    district["sven"].read_log.agree(asked)
    with pytest.raises(OpeningNotAgreedError):
        district["sven"].read_log.lines(asked)


@pytest.mark.parametrize("at", range(3))
def test_reason_and_both_who_are_present_must_be_named(district: District, at: int) -> None:
    given = list(GIVEN)
    given[at] = "  "
    with pytest.raises(OpeningIncompleteError):
        district["sina"].read_log.ask(*given)


def test_only_keepers_ask_agree_and_read(wide_district: District) -> None:
    asked = wide_district["sina"].read_log.ask(*GIVEN)
    for name in ("anna", "sara", "cora"):
        log = wide_district[name].read_log
        with pytest.raises(NotKeeperError):
            log.ask(*GIVEN)
        with pytest.raises(NotKeeperError):
            log.agree(asked)
        with pytest.raises(NotKeeperError):
            log.lines(asked)


def test_another_key_of_a_safe_opens_nothing(district: District) -> None:
    note_some(district)
    asked = district["sina"].read_log.ask(*GIVEN)
    with pytest.raises(WrongOfflineKeyError):
        district["sina"].read_log.lines(asked, make_safe_key(SeededEntropy("another")).text)


def test_an_opening_shows_what_was_written_before_it_only(district: District) -> None:
    case = note_some(district)
    sina, anna = district["sina"], district["anna"]
    asked = sina.read_log.ask(*GIVEN)
    before = acts(sina, asked, sina.offline_key)
    anna.read_log.note(case, EXPORT)
    district.round("sina", "anna", "sina")
    assert acts(sina, asked, sina.offline_key) == before


def test_supervisors_who_are_no_keepers_carry_ciphertext_only(wide_district: District) -> None:
    note_some(wide_district)
    wide_district.round("sara", "cora")
    for name in ("sara", "cora"):
        assert len(wide_district[name].session.store.queries.records("ReadEntries", None)) == 1
        assert stored(wide_district[name], "SELECT 1 FROM log_share WHERE length(share) > 0") == []


def test_case_managers_receive_nothing_of_the_log(district: District) -> None:
    district["sina"].read_log.note(Dot(1, 1, 1), READ)
    district["sina"].read_log.ask(*GIVEN)
    district.round("sina", "anna")
    for kind in ("LogKey", "ReadEntries", "LogOpening"):
        assert district["anna"].session.store.queries.records(kind, None) == ()


def test_an_entry_is_written_once_for_a_session_and_waits_sealed_nowhere(district: District) -> None:
    anna = district["anna"]
    case = open_case(anna)
    for _ in range(3):
        anna.read_log.note(case, READ)
    assert len(stored(anna, "SELECT 1 FROM read_note WHERE sealed = 0")) == 1
    district.round("anna")
    anna.read_log.note(case, READ)
    assert stored(anna, "SELECT 1 FROM read_note WHERE sealed = 0") == []
    district.people["anna"].lock()
    district["anna"].read_log.note(case, READ)
    assert len(stored(district["anna"], "SELECT 1 FROM read_note WHERE sealed = 0")) == 1


def test_a_log_key_serves_thirty_days_and_ends_with_an_opening(district: District) -> None:
    anna, clock = district["anna"], district.people["anna"].clock
    case = open_case(anna)

    def keys() -> int:
        return len(anna.session.store.queries.records("LogKey", None))

    for act in (READ, PRINT):
        anna.read_log.note(case, act)
        district.round("anna")
    assert keys() == 1
    clock.move(milliseconds=EPOCH_MS + 1)
    anna.read_log.note(case, EXPORT)
    district.round("anna")
    assert keys() == 2


def test_without_a_second_keeper_entries_wait_in_the_own_store(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = district["anna"]
    monkeypatch.setattr("sync.read_log.writing.safe_public", lambda _records, _roster: None)
    roster = anna._engine.roster
    anna._engine.roster = replace(roster, keepers=frozenset({district.member("sina")}))
    case = open_case(anna)
    anna.read_log.note(case, READ)
    anna.read_log.prepare()
    assert anna.session.store.queries.records("ReadEntries", None) == ()
    anna._engine.roster = roster
    anna.read_log.prepare()
    assert len(anna.session.store.queries.records("ReadEntries", None)) == 1
