"""Papers from a case file: the very PDF in memory, the stop of a safety rule, the entry that it was given."""

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QDialog, QLabel
from pytestqt.qtbot import QtBot

from app.domain.declarations import CONSENT, EMPLOYER, PERSON
from app.domain.records import Record, new_record
from app.services import cases
from app.services.ports import Session
from tests.support.desktop import open_case, stored
from tests.support.screen import assert_large_enough, assert_named, settle, wait_for
from ui.context import ScreenContext
from ui.dialogs.confirm import ConfirmDialog
from ui.dialogs.form_dialog import FormDialog
from ui.dialogs.paper_output import a4_printer, print_pages
from ui.dialogs.papers import PapersDialog
from ui.dialogs.reason import ReasonDialog
from ui.pages.case_sections.case_data import read_case


def open_papers(qtbot: QtBot, screen: ScreenContext, record: Record) -> PapersDialog:
    assert record.id is not None
    dialog = PapersDialog(screen, read_case(screen.session, record.id))
    qtbot.addWidget(dialog)
    dialog.open()
    settle(screen.lanes)
    return dialog


def made(screen: ScreenContext, dialog: PapersDialog, form: str, language: str) -> PdfReader:
    dialog.preview.clear()
    dialog.choice.choose(form, language)
    wait_for(lambda: dialog.preview.pdf)
    settle(screen.lanes)
    return read(dialog)


def read(dialog: PapersDialog) -> PdfReader:
    return PdfReader(BytesIO(dialog.preview.pdf))


def pages_text(reader: PdfReader) -> str:
    return " ".join(page.extract_text() for page in reader.pages)


@pytest.fixture
def employer(anna: Session) -> Record:
    """The employer's data as it comes from the KI."""
    record = new_record(
        EMPLOYER,
        employer_key="kreis",
        employer_name="Kreis Musterland",
        employer_address="Kreishaus 5\n12345 Musterstadt",
        retention="3",
        data_protection_officer="Beauftragte Stelle",
        passage_released_by="Beauftragte Stelle",
        passage_released_on="2026-11-01",
    )
    return cases.save_record(anna, None, record).record


def test_paper_is_shown_in_the_first_language_that_the_client_reads(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session, employer: Record
) -> None:
    base = open_case(anna, gate=False)
    dialog = open_papers(qtbot, annas_screen, base)
    wish = dialog.choice.wish
    assert (wish.paper.form, wish.paper.language) == ("art13", "uk")
    assert dialog.preview.pages.pageCount() == len(read(dialog).pages)
    assert f"art13|1.0|uk|{stored(anna, base).text('number')}" in pages_text(read(dialog))
    assert "Specimen" not in dialog.state.text()
    assert "draft" in dialog.state.text()


def test_without_the_employers_data_a_specimen_is_said(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session
) -> None:
    dialog = open_papers(qtbot, annas_screen, open_case(anna, gate=False))
    assert dialog.state.text().startswith("Specimen: data or a release is still missing at the KI.")


def test_language_without_a_text_is_said(qtbot: QtBot, annas_screen: ScreenContext, anna: Session) -> None:
    base = open_case(anna, speaks=("so", "en"), reads=("so",))
    dialog = open_papers(qtbot, annas_screen, base)
    assert dialog.choice.wish.paper.language == "en"
    assert dialog.choice.lacking_text == "There is no text in Somali yet."


def test_every_widget_of_the_dialog_is_named(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session
) -> None:
    dialog = open_papers(qtbot, annas_screen, open_case(anna))
    made(annas_screen, dialog, "consent", "en")
    assert_named(dialog)
    assert_large_enough(dialog)


def test_consent_is_noted_with_its_answers_version_language_and_code(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session, employer: Record
) -> None:
    base = open_case(anna, gate=False)
    sheet = new_record(CONSENT, base.id, consent_kind="sheet", given_on="2026-11-02", consent_form="read_out")
    cases.save_record(anna, None, sheet)
    consent = new_record(CONSENT, base.id, consent_kind="consent", given_on="2026-11-02", consent_form="oral")
    cases.save_record(anna, None, consent)
    person = cases.save_record(anna, None, new_record(PERSON, base.id, label="Person 1")).record
    dialog = open_papers(qtbot, annas_screen, base)
    dialog.choice.form.editor("person").show_value(person.id)
    dialog.choice.form.editor("supervision_item").show_value("yes")
    dialog.choice.form.editor("stand_in_item").show_value("no")
    made(annas_screen, dialog, "consent", "uk")
    assert dialog.choice.wish.person_label == "Person 1"
    dialog.note_given()
    noted = dialog.findChild(FormDialog)
    assert noted is not None
    assert noted.form.editor("supervision_item").value() == "yes"
    noted.save_button.click()
    settle(annas_screen.lanes)
    found = [item for item in anna.store.queries.records("Consent", base.id) if item.text("form_code")]
    number = stored(anna, base).text("number")
    assert [(item.text("form_code"), item.text("text_version")) for item in found] == [
        (f"consent|1.0|uk|{number}", "1.0")
    ]
    assert (found[0].text("supervision_item"), found[0].text("stand_in_item")) == ("yes", "no")
    assert found[0].reference("person") == person.id


def test_label_that_may_be_a_name_is_not_printed(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session
) -> None:
    base = open_case(anna)
    person = cases.save_record(anna, None, new_record(PERSON, base.id, label="Frau Sonnenthal")).record
    dialog = open_papers(qtbot, annas_screen, base)
    dialog.choice.form.editor("person").show_value(person.id)
    text = pages_text(made(annas_screen, dialog, "consent", "en"))
    assert dialog.choice.wish.person_label is None
    assert "Sonnenthal" not in text


def test_safety_rule_stops_until_a_reason_is_given(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session
) -> None:
    dialog = open_papers(qtbot, annas_screen, open_case(anna, paper_home="none"))
    reasons: list[str] = []
    dialog.step_confirmed.connect(reasons.append)
    dialog.note_button.click()
    assert dialog.findChild(FormDialog) is None
    stop = dialog.findChild(ReasonDialog)
    assert stop is not None
    assert not stop.go_on.isEnabled()
    stop.reason.setText("bleibt bei uns")
    stop.go_on.click()
    assert reasons == ["bleibt bei uns"]
    assert dialog.reason == "bleibt bei uns"
    assert dialog.findChild(FormDialog) is not None


def test_cancelled_stop_takes_no_step(qtbot: QtBot, annas_screen: ScreenContext, anna: Session) -> None:
    dialog = open_papers(qtbot, annas_screen, open_case(anna, paper_home="neutral"))
    dialog.note_button.click()
    stop = dialog.findChild(ReasonDialog)
    assert stop is not None
    stop.reject()
    assert dialog.findChild(FormDialog) is None
    assert dialog.reason == ""


def test_pages_are_printed_one_to_one(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session, tmp_path: Path
) -> None:
    dialog = open_papers(qtbot, annas_screen, open_case(anna))
    printer = a4_printer()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setResolution(100)
    count = print_pages(dialog.preview.pages, printer)
    assert count == len(read(dialog).pages)
    printed = PdfReader(tmp_path / "printed.pdf")
    assert len(printed.pages) == count
    width, height = printed.pages[0].mediabox.width, printed.pages[0].mediabox.height
    assert (round(float(width)), round(float(height))) == (595, 842)


def test_saving_outside_asks_first_and_writes_the_same_bytes(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session, tmp_path: Path
) -> None:
    dialog = open_papers(qtbot, annas_screen, open_case(anna))
    dialog.save_button.click()
    question = dialog.findChild(ConfirmDialog)
    assert isinstance(question, ConfirmDialog)
    assert any("unprotected" in label.text() for label in question.findChildren(QLabel))
    question.reject()
    dialog.write_to(tmp_path / "sheet.pdf")
    assert (tmp_path / "sheet.pdf").read_bytes() == dialog.preview.pdf


def test_closed_dialog_lets_go_of_the_paper(qtbot: QtBot, annas_screen: ScreenContext, anna: Session) -> None:
    dialog = open_papers(qtbot, annas_screen, open_case(anna))
    assert dialog.preview.pages.status() == QPdfDocument.Status.Ready
    dialog.reject()
    assert dialog.result() == QDialog.DialogCode.Rejected
    assert dialog.preview.pdf == b""
    assert dialog.preview.pages.status() == QPdfDocument.Status.Null
