"""Forms made from declarations: three states, limits, gate, what moved meanwhile."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.declarations import CASE_FILE, CONSENT, CONTACT, PERSON, REGISTRY
from app.domain.dots import Context, Dot
from app.domain.records import Record, new_record
from app.domain.schema import Field, Kind, RecordType, Value
from app.services import cases
from app.services.ports import Session
from tests.support.desktop import open_case, stored
from tests.support.referral import declare_referral
from tests.support.screen import settle
from ui.context import ScreenContext
from ui.widgets.choice_editors import OneEditor
from ui.widgets.record_form import RecordForm
from ui.widgets.several_editors import ChipsEditor, FoundCodes, TextsEditor, TickedCodes
from ui.widgets.text_editors import NoteEditor, TextEditor

CASE = Dot(1, 1, 1)
MOMENT_MS = 1_767_000_000_000 // 60_000 * 60_000


@pytest.fixture
def referral() -> Iterator[RecordType]:
    yield declare_referral()
    REGISTRY.withdraw("Referral")


def make_form(qtbot: QtBot, screen: ScreenContext, record_type: RecordType, record: Record) -> RecordForm:
    form = RecordForm(screen, record_type)
    qtbot.addWidget(form)
    form.set_record(record)
    form.show()
    settle(screen.lanes)
    return form


def type_into(qtbot: QtBot, form: RecordForm, name: str, text: str) -> None:
    editor = form.editor(name)
    assert isinstance(editor, TextEditor)
    editor.line.clear()
    QTest.keyClicks(editor.line, text)


def some_value(item: Field) -> Value:
    values: dict[Kind, Value] = {
        Kind.TEXT: "ein Wort",
        Kind.NOTE: "zwei\nZeilen",
        Kind.INTEGER: 7,
        Kind.FLAG: False,
        Kind.DATE: "2026-05-03",
        Kind.MONTH: "2031-12",
        Kind.MOMENT: MOMENT_MS,
        Kind.MEMBER: 2,
        Kind.TEXTS: ("Jugendamt", "Schule"),
        Kind.REFERENCE: Dot(5, 5, 5),
    }
    if item.codes is None:
        return values[item.kind]
    codes = tuple(item.codes.labels)
    return codes[-1] if item.kind is Kind.CODE else codes[-2:]


@pytest.mark.parametrize("name", [item.name for item in REGISTRY if not item.derived])
def test_form_gives_back_every_value_of_every_type(
    qtbot: QtBot, annas_screen: ScreenContext, name: str
) -> None:
    declared = REGISTRY[name]
    values = {item.name: some_value(item) for item in declared.fields.values() if not item.generated}
    form = make_form(qtbot, annas_screen, declared, Record(name, CASE, None, values))
    assert form.edited().values == values
    assert not form.is_edited()
    assert not form.complain()


def test_form_left_alone_stays_empty_and_not_no(qtbot: QtBot, annas_screen: ScreenContext) -> None:
    form = make_form(qtbot, annas_screen, CASE_FILE, new_record(CASE_FILE))
    assert form.edited().get("interpreter_needed") is None
    QTest.keyClick(form.editor("interpreter_needed").input, Qt.Key.Key_Space)
    assert form.edited().get("interpreter_needed") is True
    QTest.keyClick(form.editor("interpreter_needed").input, Qt.Key.Key_Space)
    assert form.edited().get("interpreter_needed") is False


def test_withheld_register_is_shown_as_such_and_never_overwritten(
    qtbot: QtBot, annas_screen: ScreenContext
) -> None:
    record = replace(new_record(CONTACT, CASE, minutes=30), id=Dot(1, 1, 2), withheld=frozenset({"talk"}))
    form = make_form(qtbot, annas_screen, CONTACT, record)
    row = next(row for part in form.parts for row in part.rows if row.field.name == "contact_note")
    assert row.withheld
    assert not row.editor.isVisible()
    type_into(qtbot, form, "minutes", "45")
    edited = form.edited()
    assert edited.number("minutes") == 45
    assert "contact_note" not in edited.values
    assert edited.withheld == frozenset({"talk"})


def test_date_that_cannot_be_read_is_said_under_its_field(qtbot: QtBot, annas_screen: ScreenContext) -> None:
    form = make_form(qtbot, annas_screen, CASE_FILE, new_record(CASE_FILE, municipality="Olpe"))
    type_into(qtbot, form, "opened_on", "31.2.26")
    assert form.edited().get("opened_on") == "31.2.26"
    assert form.complain()
    row = next(row for part in form.parts for row in part.rows if row.field.name == "opened_on")
    assert row.problem == "⚠ Please write day, month and year, such as 3.5.2026."
    assert form.focusWidget() is form.editor("opened_on").input


def test_missing_value_is_asked_for(qtbot: QtBot, annas_screen: ScreenContext) -> None:
    form = make_form(qtbot, annas_screen, PERSON, new_record(PERSON, CASE))
    assert form.complain()
    assert [row.problem for part in form.parts for row in part.rows if row.problem] == ["⚠ This is needed."]


def test_note_over_the_limit_is_said_and_not_cut(qtbot: QtBot, annas_screen: ScreenContext) -> None:
    form = make_form(qtbot, annas_screen, CASE_FILE, new_record(CASE_FILE, municipality="Olpe"))
    type_into(qtbot, form, "opened_on", "1.11.26")
    editor = form.editor("concern")
    assert isinstance(editor, NoteEditor)
    editor.area.setPlainText("ä" * 20_000)
    assert form.complain()
    assert form.edited().text("concern") == "ä" * 20_000


def test_code_is_found_by_a_part_of_its_name(qtbot: QtBot, annas_screen: ScreenContext) -> None:
    form = make_form(qtbot, annas_screen, CASE_FILE, new_record(CASE_FILE))
    editor = form.editor("speaks")
    assert isinstance(editor, FoundCodes)
    for typed in ("Ukrain", "tigri"):
        QTest.keyClicks(editor.box, typed)
        QTest.keyClick(editor.box, Qt.Key.Key_Return)
        settle(annas_screen.lanes)
    assert form.edited().items("speaks") == ("uk", "ti")
    editor.chips.removed.emit("uk")
    assert form.edited().items("speaks") == ("ti",)


def test_letters_that_name_no_entry_are_not_taken(qtbot: QtBot, annas_screen: ScreenContext) -> None:
    form = make_form(qtbot, annas_screen, CONTACT, new_record(CONTACT, CASE))
    editor = form.editor("interpreter_language")
    assert isinstance(editor, OneEditor)
    editor.box.setFocus()
    QTest.keyClicks(editor.box, "Klingon")
    assert editor.complaint() == "Please choose an entry of the list."
    assert form.complain()


def test_wheel_over_a_list_changes_nothing(qtbot: QtBot, annas_screen: ScreenContext) -> None:
    form = make_form(qtbot, annas_screen, CASE_FILE, new_record(CASE_FILE))
    editor = form.editor("access_route")
    assert isinstance(editor, OneEditor)
    middle = QPointF(editor.box.rect().center())
    turned = QWheelEvent(
        middle,
        editor.box.mapToGlobal(middle),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(editor.box, turned)
    assert form.edited().get("access_route") is None


def test_codes_of_a_newer_program_are_kept(qtbot: QtBot, annas_screen: ScreenContext) -> None:
    values: dict[str, Value] = {
        "access_needs": ("step_free", "new_need"),
        "phase": "new_phase",
        "speaks": ("xx",),
    }
    form = make_form(qtbot, annas_screen, CASE_FILE, Record("CaseFile", CASE, None, values))
    assert isinstance(form.editor("access_needs"), TickedCodes)
    assert form.edited().values == values


def test_texts_are_added_by_enter_and_taken_away(qtbot: QtBot, annas_screen: ScreenContext) -> None:
    form = make_form(qtbot, annas_screen, CONSENT, new_record(CONSENT, CASE))
    editor = form.editor("recipients")
    assert isinstance(editor, TextsEditor)
    for text in ("Jugendamt", "Schule", "Schule"):
        QTest.keyClicks(editor.line, text)
        QTest.keyClick(editor.line, Qt.Key.Key_Return)
    assert form.edited().items("recipients") == ("Jugendamt", "Schule")
    assert isinstance(editor, ChipsEditor)
    editor.chips.removed.emit("Jugendamt")
    assert form.edited().items("recipients") == ("Schule",)


def test_reference_offers_the_records_of_the_case(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session
) -> None:
    case = open_case(anna).id
    person = cases.save_record(anna, None, new_record(PERSON, case, label="Person 1")).record
    form = make_form(qtbot, annas_screen, CONTACT, new_record(CONTACT, case, person=person.id))
    editor = form.editor("person")
    assert isinstance(editor, OneEditor)
    assert [editor.box.itemText(index) for index in range(editor.box.count())] == ["–", "Person 1"]
    assert form.edited().reference("person") == person.id


def test_type_declared_later_has_a_form_at_once(
    qtbot: QtBot, annas_screen: ScreenContext, referral: RecordType
) -> None:
    form = make_form(qtbot, annas_screen, referral, new_record(referral, CASE))
    type_into(qtbot, form, "organisation", "Jugendamt")
    assert form.edited().text("organisation") == "Jugendamt"
    names = [row.field.name for part in form.parts for row in part.rows]
    assert names == ["person", "direction", "organisation", "purpose", "referral_status"]


def test_refresh_takes_what_moved_and_keeps_what_is_typed(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session
) -> None:
    shown = open_case(anna, concern="Wohnung")
    form = make_form(qtbot, annas_screen, CASE_FILE, shown)
    type_into(qtbot, form, "recognition_word", "Ahorn")
    moved = cases.save_record(
        anna, shown, shown.edited(municipality="Lennestadt", recognition_word="Birke")
    ).record
    assert form.refresh(moved) == ("Recognition word",)
    edited = form.edited()
    assert (edited.text("municipality"), edited.text("recognition_word")) == ("Lennestadt", "Ahorn")
    assert form.base.shown["opening"] == moved.shown["opening"]
    # The edit must not cover what this person was never shown.
    assert form.base.shown.get("recognition") == shown.shown.get("recognition")
    saved = cases.save_record(anna, form.base, edited)
    assert saved.conflicts == ("recognition",)
    assert stored(anna, shown).conflicts == frozenset({"recognition"})


def test_rebase_keeps_what_was_typed_while_saving(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session
) -> None:
    shown = open_case(anna)
    form = make_form(qtbot, annas_screen, CASE_FILE, shown)
    type_into(qtbot, form, "municipality", "Wenden")
    sent = form.edited()
    saved = cases.save_record(anna, shown, sent).record
    type_into(qtbot, form, "recognition_word", "Ahorn")
    form.rebase(saved, sent)
    assert form.edited().text("recognition_word") == "Ahorn"
    assert form.base == saved


def test_locked_register_takes_no_input_and_says_why_once_a_card(
    qtbot: QtBot, annas_screen: ScreenContext
) -> None:
    form = make_form(qtbot, annas_screen, CASE_FILE, new_record(CASE_FILE))
    form.lock("Waits.", frozenset({"safety", "concern"}))
    assert not form.editor("concern").isEnabled()
    assert not form.editor("contact_rule").isEnabled()
    assert form.editor("municipality").isEnabled()
    form.lock("", frozenset())
    assert form.editor("concern").isEnabled()


def test_a_register_that_moved_is_said_beside_it_and_taken_over_or_kept(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session, ben: Session
) -> None:
    base = open_case(anna, municipality="Olpe", concern="Wohnung")
    form = RecordForm(annas_screen, CASE_FILE)
    qtbot.addWidget(form)
    form.set_record(base)
    concern, municipality = form.editor("concern"), form.editor("municipality")
    concern.show_value("Arbeit")
    municipality.show_value("Attendorn")
    moved = replace(
        base.edited(concern="Kurs", municipality="Wenden"),
        shown={**base.shown, "concern": Context.of([Dot(2, 2, 2)]), "opening": Context.of([Dot(2, 2, 3)])},
        authors={"concern": 2, "opening": 2},
    )
    assert sorted(form.refresh(moved)) == ["Concern", "Opening"]
    notes = {part.register.name: part.meanwhile for part in form.parts if part.meanwhile is not None}
    assert sorted(notes) == ["concern", "opening"]
    assert (
        notes["concern"].text.text() == "Changed meanwhile by Ben Kaya. Concern in the client's words: Kurs"
    )
    notes["concern"].take_button.click()
    assert concern.value() == "Kurs"
    assert form.base.shown["concern"] == Context.of([Dot(2, 2, 2)])
    notes["opening"].keep_button.click()
    assert municipality.value() == "Attendorn"
    assert form.base.shown["opening"] == base.shown["opening"]
    assert [note.isHidden() for note in notes.values()] == [True, True]
    assert form.edited().get("concern") == "Kurs"
    form.refresh(moved)
    assert [note.isHidden() for note in notes.values()] == [True, True]
