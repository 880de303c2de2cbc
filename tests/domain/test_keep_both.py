"""Keeping both: only where nothing that somebody wrote is lost by it."""

import pytest

from app.domain.declarations import CASE_FILE, CONTACT
from app.domain.keep_both import keep_all
from app.domain.schema import Value


@pytest.mark.parametrize(
    ("register", "one", "other", "kept"),
    [
        ("concern", "Wohnung", "Arbeit", "Wohnung\n\nArbeit"),
        ("concern", "Wohnung", "Wohnung und Arbeit", "Wohnung und Arbeit"),
        ("concern", "Wohnung", None, "Wohnung"),
        ("access_needs", ("home_visit",), ("step_free", "home_visit"), ("home_visit", "step_free")),
    ],
)
def test_notes_and_lists_are_kept_side_by_side(register: str, one: Value, other: Value, kept: Value) -> None:
    declared = CASE_FILE.register_by_name[register]
    name = declared.field_names[0]
    assert keep_all(declared, [{name: one}, {name: other}]) == {name: kept}


def test_two_codes_cannot_both_be_kept() -> None:
    safety = CASE_FILE.register_by_name["safety"]
    assert keep_all(safety, [{"contact_rule": "never"}, {"contact_rule": "free"}]) is None


def test_what_one_left_empty_the_other_fills() -> None:
    talk = CONTACT.register_by_name["talk"]
    sides: list[dict[str, Value]] = [{"topics": ("work",)}, {"contact_note": "Rückruf"}]
    assert keep_all(talk, sides) == {"topics": ("work",), "contact_note": "Rückruf"}
