"""Whatever comes first: the order, its second signature, the entries, or what was written too late."""

from pathlib import Path

from app.domain.dots import Dot
from app.domain.orders import OrderKind
from app.services import stand_ins
from tests.support.district import District, case_file, edit_case, open_case
from tests.support.parcels import Items, sealed_items
from tests.support.sequences import fresh, outcomes

CONCERN = "Sucht Quittenmarmelade"


def assigned(district: District) -> tuple[Dot, Items]:
    """A case file of anna's in which ben stands in, and what she has for him."""
    anna, ben = district["anna"], district["ben"]
    before = sealed_items(anna, ben)
    case = open_case(anna, CONCERN)
    district.round("anna", "sina")
    stand_ins.name_stand_in(district["sina"].session, case, district.member("ben"), "2026-01-01", "", "other")
    return case, before


def test_an_erasure_has_one_outcome_whatever_comes_first(three: District, tmp_path: Path) -> None:
    anna, ben, sina = three["anna"], three["ben"], three["sina"]
    sinas_before = sealed_items(sina, ben)
    case, before = assigned(three)
    three.round("sina", "anna")
    entries = fresh(anna, ben, before)
    order = anna.orders.issue(OrderKind.ERASE, "client_wish", case)
    ordered = fresh(anna, ben, before + entries)
    edit_case(anna, case, concern="Zu spaet")
    late = fresh(anna, ben, before + entries + ordered)
    three.round("anna", "sina")
    sina.orders.sign(order)
    signed = fresh(sina, ben, sinas_before)
    assert all((entries, ordered, late, signed))
    (outcome,) = outcomes(three, [entries, ordered, late, signed], tmp_path)
    assert CONCERN not in outcome
    assert "Zu spaet" not in outcome
    assert "erase" in outcome


def test_a_redaction_has_one_outcome_whatever_comes_first(three: District, tmp_path: Path) -> None:
    anna, ben, sina = three["anna"], three["ben"], three["sina"]
    sinas_before = sealed_items(sina, ben)
    case, before = assigned(three)
    three.round("sina", "anna")
    entries = fresh(anna, ben, before)
    dots = case_file(anna, case).shown["concern"]
    edit_case(anna, case, concern="Richtig")
    late = fresh(anna, ben, before + entries)
    order = anna.orders.issue(OrderKind.REDACT, "wrong_value", case, dots=dots)
    ordered = fresh(anna, ben, before + entries + late)
    three.round("anna", "sina")
    sina.orders.sign(order)
    signed = fresh(sina, ben, sinas_before)
    (outcome,) = outcomes(three, [entries, late, ordered, signed], tmp_path)
    assert "redact" in outcome
    assert CONCERN not in outcome
    assert "Richtig" in outcome
