"""A further record type costs one declaration: it is sealed, sent, opened and merged like any other."""

from collections.abc import Iterator

import pytest

from app.domain.declarations import REGISTRY
from app.services import cases, merging
from tests.support.district import District, add, open_case
from tests.support.referral import declare_referral


@pytest.fixture(autouse=True)
def referral() -> Iterator[None]:
    declare_referral()
    yield
    REGISTRY.withdraw("Referral")


def test_declared_type_reaches_the_supervisor_and_its_conflict_is_decided(district: District) -> None:
    # The stores were opened before the type was declared: a program that knows it starts anew.
    for person in district.people.values():
        person.lock()
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna)
    saved = add(anna, "Referral", case, direction="out", organisation="Jugendamt", purpose="Kita-Platz")
    district.round("anna", "sina")
    (received,) = sina.session.store.queries.records("Referral", case)
    assert received.values == saved.values

    cases.save_record(anna.session, saved, saved.edited(referral_status="accepted"))
    cases.save_record(sina.session, received, received.edited(referral_status="declined"))
    district.round("anna", "sina")
    (conflict,) = sina.session.store.queries.conflicts(5)
    merging.decide(sina.session, conflict, {"referral_status": "accepted"}, "asked the office")
    district.round("sina", "anna")
    (settled,) = anna.session.store.queries.records("Referral", case)
    assert (settled.text("referral_status"), settled.conflicts) == ("accepted", frozenset())
