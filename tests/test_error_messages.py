"""Explanations: three answers, in the language of the moment, with the error's parameters."""

from string import Formatter
from typing import ClassVar

import pytest

from app.domain.errors import GateError, KimError, NumbersUsedUpError, ValidationError
from app.error_messages import ENTRIES, explain
from app.i18n import set_language


class UnheardOfError(KimError):
    """An error that no entry explains."""

    error_id: ClassVar[str] = "unheard_of"


# The house test asks every error of the program for an explanation, not those of tests.
UnheardOfError.__module__ = "tests"


def test_parameters_are_filled_in() -> None:
    assert explain(NumbersUsedUpError(year=2026)).what == "This computer has no case numbers left for 2026."


def test_missing_parameter_leaves_a_dash() -> None:
    assert explain(NumbersUsedUpError()).what == "This computer has no case numbers left for –."


def test_unknown_id_falls_to_the_general_answer() -> None:
    told = explain(UnheardOfError())
    assert told.what == "This did not work."
    assert told.todo == (
        "Please try again. If it happens once more, tell your KI and name this word: unheard_of."
    )


def test_explanation_follows_the_language() -> None:
    english = explain(GateError(missing="sheet"))
    set_language("de")
    german = explain(GateError(missing="sheet"))
    assert english.todo != german.todo
    assert " Sie " in german.todo


@pytest.mark.parametrize("identity", sorted(ENTRIES))
def test_entry_gives_three_sentences(identity: str) -> None:
    entry = ENTRIES[identity]
    assert [text for text in entry if text[-1] not in ".?"] == []
    named = [name for text in entry for _text, name, _spec, _how in Formatter().parse(text)]
    assert [name for name in named if name is not None and not name.isidentifier()] == []


def test_label_of_a_field_is_told_in_the_language_of_the_person() -> None:
    error = ValidationError(record_type="Case file", field="Municipality", rule="required")
    set_language("de")
    assert explain(error).what == "„Gemeinde“ fehlt oder passt so nicht."
