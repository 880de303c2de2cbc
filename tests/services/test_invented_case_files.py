"""The invented district writes case files through the services, the same for the same seed."""

from datetime import date
from pathlib import Path

from app.services import cases
from tests.support.invented.case_files import invent_case, write_case
from tests.support.invented.words import own_words
from tests.support.stores import make_session, make_store

DAY = date(2026, 5, 4)


def test_same_seed_invents_the_same_case() -> None:
    assert invent_case("s", 3, DAY) == invent_case("s", 3, DAY)
    assert invent_case("s", 3, DAY).own_words != invent_case("s", 4, DAY).own_words


def test_own_words_of_a_district_stand_nowhere_else() -> None:
    words = [word for number in range(2000) for word in own_words("s", number)]
    assert len(set(words)) == len(words)
    few = words[:300]
    assert [(one, other) for one in few for other in few if one != other and one in other] == []


def test_invented_case_is_written_and_found_by_each_of_its_own_words(tmp_path: Path) -> None:
    session = make_session(make_store(tmp_path / "a.db"))
    invented = invent_case("s", 3, DAY)
    base = write_case(session, invented)
    found = {word for word in invented.own_words if session.store.queries.search_cases(word, 5)}
    assert found == {invented.own_words[index] for index in (0, 1, 3, 4)}
    assert base.id is not None
    assert len(cases.case_records(session.store.queries, base.id)) == 3 + len(invented.records)
