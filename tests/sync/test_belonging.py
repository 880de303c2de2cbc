"""Case files put together and taken apart: who reads what afterwards, on real devices over a relay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.dots import Dot
from app.domain.errors import CaseMergeError, CaseSplitError
from app.domain.orders import OrderKind
from app.services import case_merging, case_splitting, cases, merging
from sync.sending.own_channels import Channels
from sync.sending.telling import Telling
from sync.workplace import Workplace
from tests.support.belonging import (
    REASON,
    identity,
    labels,
    merge,
    with_a_household,
    with_merged_files,
    with_two_managers,
)
from tests.support.district import District, add, case_file, edit_case, give_consent, open_case
from tests.support.templates import Templates


def numbers(place: Workplace) -> list[str]:
    rows = place.session.store.queries.case_page(None, 50).rows
    return sorted(row.text("number") for row in rows)


@pytest.fixture
def two_managers(tmp_path: Path, templates: Templates) -> Iterator[District]:
    """anna and ben, of one employer, each with a supervisor sina."""
    with templates.copy(tmp_path / "district", with_two_managers) as (founded, _):
        yield founded


class TestMerging:
    """Two case files of one family."""

    @pytest.fixture
    def merged(self, tmp_path: Path, templates: Templates) -> Iterator[tuple[District, Dot, Dot]]:
        """anna's file (Person A) was put into ben's (Person B) by the supervisor of both."""
        with templates.copy(tmp_path / "district", with_merged_files) as (founded, told):
            yield founded, *told

    def test_who_will_read_what_is_told_before(self, two_managers: District) -> None:
        district = two_managers
        hers, his = open_case(district["anna"]), open_case(district["ben"])
        district.round("anna", "ben", "sina")
        plan = district["sina"].joined_files.plan(hers, his)
        assert plan.will_read_source == {district.member("ben")}
        assert plan.will_read_into == {district.member("anna")}

    def test_all_readers_of_either_read_both_as_one(self, merged: tuple[District, Dot, Dot]) -> None:
        district, hers, his = merged
        for name in ("anna", "ben", "sina"):
            queries = district[name].session.store.queries
            assert queries.canonical_case(hers) == his
            assert labels(district[name], hers) == labels(district[name], his) == ["Person A", "Person B"]
            assert len(numbers(district[name])) == queries.case_count() == 1
            assert queries.case_by_number(case_file(district[name], hers).text("number")) == (his,)
            assert [row.id for row in queries.search_cases("Person", 10)] == [his]
        assert not district["ben"].status().parcels
        assert not district["anna"].status().parcels

    def test_each_may_write_in_what_the_other_began(self, merged: tuple[District, Dot, Dot]) -> None:
        district, hers, his = merged
        place = district["ben"]
        theirs = next(
            item
            for item in place.session.store.queries.records("Person", his)
            if item.text("label") == "Person A"
        )
        cases.save_record(place.session, theirs, theirs.edited(nationality="Syrien"))
        add(district["anna"], "Person", his, label="Person C")
        for _ in range(2):
            district.round("ben", "anna", "sina")
        for name in ("anna", "ben", "sina"):
            found = district[name].session.store.queries.records("Person", hers)
            assert sorted(item.text("nationality") for item in found) == ["", "", "Syrien"]

    def test_taking_them_apart_is_the_next_change(self, merged: tuple[District, Dot, Dot]) -> None:
        district, hers, his = merged
        place = district["sina"]
        case_merging.part_case_files(place.session, case_file(place, hers), "waren doch zwei Familien")
        for _ in range(2):
            district.round("sina", "anna", "ben")
        for name in ("anna", "ben", "sina"):
            assert labels(district[name], hers) == ["Person A"]
            assert labels(district[name], his) == ["Person B"]
        add(district["anna"], "Person", hers, label="nur für Anna")
        district.round("anna", "ben", "sina")
        assert labels(district["ben"], hers) == ["Person A"]
        assert labels(district["sina"], hers) == ["Person A", "nur für Anna"]

    def test_the_figures_count_one_case_file(self, merged: tuple[District, Dot, Dot]) -> None:
        district, _hers, _his = merged
        district.round("anna", "ben", "sina")
        found = district["sina"].session.store.queries.records("Figures", None)
        facts = [item.items("facts") for item in found]
        assert sorted(bool(item) for item in facts) == [False, True]

    def test_an_alias_into_a_stranger_s_file_opens_nothing(self, two_managers: District) -> None:
        district = two_managers
        hers, his = open_case(district["anna"], "eins"), open_case(district["ben"], "geheim")
        district.round("anna", "ben", "sina")
        anna = district["anna"]
        base = case_file(anna, hers)
        forged = base.edited(
            alias_into=his,
            alias_reason="neugierig",
            alias_readers=(str(district.member("anna")),),
            alias_into_readers=(str(district.member("ben")),),
        )
        with anna.session.store.unit_of_work() as work:
            work.save(base, forged)
            work.requeue_case(hers)
        for _ in range(3):
            district.round("anna", "ben", "sina")
        assert anna.session.store.queries.record("CaseFile", his) is None
        assert labels(district["sina"], his) == labels(district["sina"], hers) == []
        assert len(numbers(district["sina"])) == 2
        ben = district["ben"].session.store.queries
        assert ben.case_group(his) == (his,)
        assert anna.session.store.queries.canonical_case(hers) == hers

    def test_two_who_merge_at_once_are_asked_and_nothing_is_joined(self, two_managers: District) -> None:
        district = two_managers
        anna, sina = district["anna"], district["sina"]
        one, two, three = (open_case(anna, text) for text in ("eins", "zwei", "drei"))
        district.round("anna", "sina")
        merge(anna, one, two)
        merge(sina, three, one)
        for _ in range(2):
            district.round("anna", "sina")
        for place in (anna, sina):
            assert len(numbers(place)) == 3
            found = place.session.store.queries.conflicts(10)
            assert [(item.register, len(item.heads)) for item in found] == [("alias", 2), ("alias", 2)]
        conflict = next(item for item in sina.session.store.queries.conflicts(10) if item.record == three)
        merging.decide(sina.session, conflict, {"alias_into": one, "alias_reason": "alle drei"}, REASON)
        district.round("sina", "anna")
        for place in (anna, sina):
            assert place.session.store.queries.conflicts(10) == ()
            assert set(place.session.store.queries.case_group(one)) == {one, two, three}

    def test_a_redaction_leaves_the_question_open_what_is_one(self, two_managers: District) -> None:
        district = two_managers
        anna, sina = district["anna"], district["sina"]
        one, two, three = (open_case(anna, text) for text in ("eins", "zwei", "drei"))
        district.round("anna", "sina")
        merge(anna, one, two)
        merge(sina, three, one)
        district.round("anna", "sina", "anna")
        dots = case_file(anna, one).shown["concern"]
        order = anna.orders.issue(OrderKind.REDACT, "wrong_value", one, dots=dots)
        district.round("anna", "sina")
        sina.orders.sign(order)
        district.round("sina", "anna")
        for place in (anna, sina):
            assert case_file(place, one).text("concern") == ""
            found = place.session.store.queries.conflicts(10)
            assert {item.record for item in found if item.register == "alias"} == {one, three}

    def test_what_was_said_and_undone_before_it_left_is_nothing_to_the_other_side(
        self, two_managers: District
    ) -> None:
        district = two_managers
        hers, his = open_case(district["anna"], "eins"), open_case(district["ben"], "zwei")
        district.round("anna", "ben", "sina")
        sina = district["sina"]
        merge(sina, hers, his)
        case_merging.part_case_files(sina.session, case_file(sina, hers), "waren doch zwei Familien")
        edit_case(sina, hers, concern="drei")
        for _ in range(2):
            district.round("sina", "anna", "ben")
        assert case_file(district["anna"], hers).text("concern") == "drei"
        assert not district["ben"].status().parcels

    def test_a_case_file_is_not_merged_with_itself_or_twice(self, two_managers: District) -> None:
        anna = two_managers["anna"]
        one, two = open_case(anna, "eins"), open_case(anna, "zwei")
        with pytest.raises(CaseMergeError):
            anna.joined_files.plan(one, one)
        merge(anna, one, two)
        with pytest.raises(CaseMergeError):
            merge(anna, two, one)


class TestSplitting:
    """Somebody leaves a household, and the household must not learn where to."""

    @pytest.fixture
    def household(self, tmp_path: Path, templates: Templates) -> Iterator[tuple[District, Dot, Dot, Dot]]:
        """anna's file with two persons, a stand-in ben for the household; sina supervises."""
        with templates.copy(tmp_path / "district", with_a_household) as (founded, told):
            yield founded, *told

    def split(self, place: Workplace, case: Dot, leaves: Dot) -> Dot:
        done = case_splitting.split_case_file(place.session, case, [leaves], {}, "Schutz")
        return identity(done.case_file)

    def test_who_was_asked_where_somebody_belongs_is_told_the_answer(
        self, household: tuple[District, Dot, Dot, Dot]
    ) -> None:
        district, case, _stays, leaves = household
        anna, ben, sina = district["anna"], district["ben"], district["sina"]
        for place in (ben, anna):
            self.split(place, case, leaves)
        for _ in range(2):
            district.round("anna", "ben", "sina")
        asked = ben.session.store.queries.conflicts(5)
        assert {item.type for item in asked} == {"Person", "BenefitPeriod"}
        for page in sina.session.store.queries.conflicts(5):
            merging.decide(sina.session, page, page.heads[0].values, REASON)
        district.round("sina", "ben")
        assert ben.session.store.queries.conflicts(5) == ()

    def test_who_leaves_takes_their_entries_along(self, household: tuple[District, Dot, Dot, Dot]) -> None:
        district, case, _stays, leaves = household
        anna = district["anna"]
        begun = self.split(anna, case, leaves)
        queries = anna.session.store.queries
        assert (labels(anna, case), labels(anna, begun)) == (["Person 1"], ["Person 2"])
        assert [len(queries.records("BenefitPeriod", item)) for item in (case, begun)] == [0, 1]
        assert case_file(anna, begun).text("number") != case_file(anna, case).text("number")
        assert queries.records("Consent", begun) == ()
        assert {item.record for item in queries.history(begun, 100)} >= {leaves}
        told = [item.register for item in queries.history(case, 100) if item.record == leaves]
        assert told == ["belongs"]
        assert [row.id for row in queries.search_cases("Person 2", 10)] == [begun]

    def test_readers_of_the_old_file_get_nothing_new_of_who_left(
        self, household: tuple[District, Dot, Dot, Dot]
    ) -> None:
        district, case, _stays, leaves = household
        anna, ben, sina = district["anna"], district["ben"], district["sina"]
        begun = self.split(anna, case, leaves)
        (moved,) = anna.session.store.queries.records("Person", begun)
        with anna.session.store.unit_of_work() as work:
            work.save(moved, moved.edited(nationality="geheimes Land"))
        for _ in range(3):
            district.round("anna", "sina", "ben")
        assert labels(ben, case) == ["Person 1"]
        kept = ben.session.store.queries.record("Person", leaves)
        assert kept is not None
        assert kept.text("nationality") == ""
        assert ben.session.store.queries.record("CaseFile", begun) is None
        assert ben.session.store.queries.search_cases("Person 2", 10) == ()
        (known,) = sina.session.store.queries.records("Person", begun)
        assert known.text("nationality") == "geheimes Land"

    def test_what_waits_for_the_old_readers_is_taken_back(
        self, household: tuple[District, Dot, Dot, Dot]
    ) -> None:
        district, case, _stays, leaves = household
        anna, ben = district["anna"], district["ben"]
        base = next(item for item in anna.session.store.queries.records("Person", case) if item.id == leaves)
        cases.save_record(anna.session, base, base.edited(nationality="noch nicht fort"))
        self.split(anna, case, leaves)
        district.round("anna", "ben")
        kept = ben.session.store.queries.record("Person", leaves)
        assert kept is not None
        assert kept.text("nationality") == ""

    def test_the_next_change_takes_them_back(self, household: tuple[District, Dot, Dot, Dot]) -> None:
        district, case, _stays, leaves = household
        anna, ben = district["anna"], district["ben"]
        begun = self.split(anna, case, leaves)
        district.round("anna", "sina", "ben")
        (entry,) = anna.session.store.queries.records("CaseSplit", case)
        case_splitting.take_back(anna.session, case, entry, "kam zurück")
        for _ in range(2):
            district.round("anna", "sina", "ben")
        for place in (anna, ben, district["sina"]):
            assert labels(place, case) == ["Person 1", "Person 2"]
            assert labels(place, begun) == []
        assert len(anna.session.store.queries.records("BenefitPeriod", case)) == 1

    def test_two_who_split_at_once_are_asked_and_nothing_new_goes_out(
        self, household: tuple[District, Dot, Dot, Dot]
    ) -> None:
        district, case, _stays, leaves = household
        anna, sina = district["anna"], district["sina"]
        hers, his = self.split(anna, case, leaves), self.split(sina, case, leaves)
        for _ in range(3):
            district.round("anna", "sina")
        for place in (anna, sina):
            (person,) = [
                item for new in (hers, his) for item in place.session.store.queries.records("Person", new)
            ]
            assert person.conflicts == {"belongs"}
            conflicts = place.session.store.queries.conflicts(10)
            assert {item.register for item in conflicts} == {"belongs"}
            assert set(place.session.store.queries.homes_of(leaves)) == {hers, his}
        for conflict in sina.session.store.queries.conflicts(10):
            chosen = {**conflict.heads[0].values, "case_file": hers}
            merging.decide(sina.session, conflict, chosen, "die erste")
        for _ in range(2):
            district.round("sina", "anna")
        for place in (anna, sina):
            assert (labels(place, hers), labels(place, his)) == (["Person 2"], [])

    def test_a_move_written_back_from_the_history_reaches_the_old_readers_again(
        self, household: tuple[District, Dot, Dot, Dot]
    ) -> None:
        district, case, _stays, leaves = household
        anna, ben = district["anna"], district["ben"]
        begun = self.split(anna, case, leaves)
        (moved,) = anna.session.store.queries.records("Person", begun)
        with anna.session.store.unit_of_work() as work:
            work.save(moved, moved.edited(nationality="Syrien"))
        district.round("anna", "ben")
        history = anna.session.store.queries.history(begun, 100)
        moves = [item for item in history if (item.record, item.register) == (leaves, "belongs")]
        earlier, standing = moves[-1], next(item for item in moves if item.standing)
        merging.revise(anna.session, standing, earlier.values, "zurück")
        for _ in range(2):
            district.round("anna", "ben")
        (seen,) = [item for item in ben.session.store.queries.records("Person", case) if item.id == leaves]
        assert seen.text("nationality") == "Syrien"

    def test_an_edit_of_the_old_file_that_did_not_know_of_the_split_is_kept(
        self, household: tuple[District, Dot, Dot, Dot]
    ) -> None:
        district, case, _stays, leaves = household
        anna, ben = district["anna"], district["ben"]
        theirs = next(item for item in ben.session.store.queries.records("Person", case) if item.id == leaves)
        cases.save_record(ben.session, theirs, theirs.edited(gender="female"))
        begun = self.split(anna, case, leaves)
        for _ in range(2):
            district.round("ben", "anna")
        (moved,) = anna.session.store.queries.records("Person", begun)
        assert moved.text("gender") == "female"

    def test_the_states_of_both_case_files_can_be_told_together(
        self, household: tuple[District, Dot, Dot, Dot]
    ) -> None:
        district, case, _stays, leaves = household
        anna = district["anna"]
        begun = self.split(anna, case, leaves)
        engine, sina = anna._engine, frozenset({district.member("sina")})
        with engine.office.transaction() as post:
            telling = Telling(engine, Channels(engine))
            assert telling.tell_newcomer(post, district.member("sina"), {case: sina, begun: sina}) > 0
        for _ in range(2):
            district.round("anna", "sina")
        assert labels(district["sina"], begun) == ["Person 2"]
        assert not district["sina"].status().parcels

    def test_whoever_takes_the_new_file_over_gets_all_of_who_left_and_nothing_of_who_stayed(
        self, household: tuple[District, Dot, Dot, Dot]
    ) -> None:
        district, case, stays, leaves = household
        anna, sina, carl = district["anna"], district["sina"], district.join("carl")
        district.round("sina", "anna", "carl", "sina")
        theirs = next(
            item for item in sina.session.store.queries.records("Person", case) if item.id == leaves
        )
        cases.save_record(sina.session, theirs, theirs.edited(nationality="Syrien"))
        district.round("sina", "anna")
        begun = self.split(anna, case, leaves)
        edit_case(anna, begun, responsible=district.member("carl"))
        for _ in range(3):
            district.round("anna", "sina", "carl")
        (known,) = carl.session.store.queries.records("Person", begun)
        assert (known.text("label"), known.text("nationality")) == ("Person 2", "Syrien")
        assert [row.id for row in carl.session.store.queries.case_page(None, 9).rows] == [begun]
        assert carl.session.store.queries.record("Person", stays) is None
        for kind in ("sheet", "consent"):
            give_consent(carl, begun, kind)
        cases.save_record(carl.session, known, known.edited(gender="female"))
        district.round("carl", "sina", "anna")
        (seen,) = sina.session.store.queries.records("Person", begun)
        assert seen.text("gender") == "female"
        assert not sina.status().parcels
        dora = district.join("dora")
        district.round("dora", "carl", "dora")
        add(carl, "StandIn", begun, stand_in=district.member("dora"))
        district.round("carl", "dora")
        (told,) = dora.session.store.queries.records("Person", begun)
        assert (told.text("nationality"), dora.status().parcels) == ("Syrien", ())

    def test_at_least_one_leaves_and_one_stays(self, household: tuple[District, Dot, Dot, Dot]) -> None:
        district, case, stays, leaves = household
        for persons in ([], [stays, leaves], [case]):
            with pytest.raises(CaseSplitError):
                case_splitting.split_case_file(district["anna"].session, case, persons, {}, "Schutz")
        assert labels(district["anna"], case) == ["Person 1", "Person 2"]
        assert district["anna"].session.store.queries.case_count() == 1
