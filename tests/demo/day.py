"""The day: a new case file, its papers, a stand-in, the same thing written twice, and a decision."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QPushButton

from app.i18n import N_, _
from tests.demo.hand import NothingHappenedError, find, front_window, until
from tests.demo.person import Person, at_work, field_name
from tests.support.invented.district import InventedDistrict
from tests.support.invented.people import ANNA, BEN, CORA, SINA
from ui.dialogs.confirm import ConfirmDialog
from ui.dialogs.form_dialog import FormDialog
from ui.dialogs.papers import REFRESH_MS, PapersDialog
from ui.pages.case_list import CaseListPage
from ui.pages.desk import DeskPage
from ui.pages.new_case import NewCasePage

FOUND_BY = "Schwimmabzeichen"
CONCERN = (
    "Möchte eine Arbeit als Näherin finden; hatte eine Änderungsschneiderei in Poltawa. Der Sohn braucht"
    f" ein {FOUND_BY} und Geld für die Klassenfahrt. Zahnarztrechnung liegt noch."
)
BY_ANNA = f"{CONCERN} Die Monatskarte zahlt das Jobcenter seit Mai."
BY_BEN = f"{CONCERN} Die Monatskarte zahlt sie selbst, ein Antrag wurde abgelehnt."
SAVE = N_("Save outside the program …")
TRIES = 5
REASON = "Beide gefragt: der Bescheid kam erst nach Bens Gespräch"


def play(application: QApplication, district: InventedDistrict, folder: Path) -> None:
    """Play the day by the real windows; papers and pictures go to `folder`."""
    for part in (_morning, _noon, _evening):
        part(application, district, folder)


def _morning(application: QApplication, district: InventedDistrict, folder: Path) -> None:
    """A new case file reaches the KI, and a stand-in is named."""
    laptops = district.laptops
    with at_work(application, laptops[ANNA]) as anna:
        _look_around(anna, district, folder)
        _open_case(anna)
        _make_papers(anna, folder)
        anna.synchronise()
    with at_work(application, laptops[SINA]) as sina:
        sina.synchronise()
        _name_stand_in(sina, BEN.name)
        sina.synchronise()
    with at_work(application, laptops[ANNA]) as anna:
        anna.synchronise()


def _noon(application: QApplication, district: InventedDistrict, _folder: Path) -> None:
    """Ben and Anna write the same thing differently, without network."""
    laptops = district.laptops
    with at_work(application, laptops[BEN]) as ben:
        ben.synchronise()
        district.relay.stop()
        ben.find_case(FOUND_BY)
        ben.write_concern(BY_BEN)
        ben.synchronise(reached=False)
    with at_work(application, laptops[ANNA]) as anna:
        anna.find_case(FOUND_BY)
        anna.write_concern(BY_ANNA)
        district.relay.start()
        anna.synchronise()
    with at_work(application, laptops[BEN]) as ben:
        ben.synchronise()


def _evening(application: QApplication, district: InventedDistrict, folder: Path) -> None:
    """The supervisor decides, and the decision comes back."""
    laptops = district.laptops
    with at_work(application, laptops[SINA]) as sina:
        sina.synchronise()
        _decide(sina, folder)
        sina.synchronise()
    for person in (ANNA, BEN):
        with at_work(application, laptops[person]) as back:
            back.synchronise()
            _see_decision(back)
    with at_work(application, laptops[CORA]) as cora:
        cora.synchronise()
        if cora.page(CaseListPage).model.rowCount():
            raise NothingHappenedError("a coordinator sees a case file")


def _look_around(anna: Person, district: InventedDistrict, folder: Path) -> None:
    page = anna.page(CaseListPage)
    until(lambda: page.model.rowCount() > 0, "case files in the list")
    anna.shoot(folder / "case-list.png")
    cautious = next(item for item in district.written[ANNA] if "contact_rule" in item.after_gate)
    anna.find_case(cautious.own_words[0])
    anna.shoot(folder / "case-file.png")
    anna.press("Alt+1")


def _open_case(anna: Person) -> None:
    anna.press("Ctrl+N")
    anna.page(NewCasePage)
    anna.tab_to(field_name("CaseFile", "access_route"))
    anna.type(_("Job centre").split()[0])
    anna.tab_to(field_name("CaseFile", "municipality"))
    anna.type("Talheim")
    for name in ("speaks", "reads"):
        anna.tab_to(field_name("CaseFile", name))
        anna.type(_("Ukrainian"))
        anna.press("Return")
    anna.tab_to(field_name("CaseFile", "interpreter_needed"))
    anna.press("Space")
    anna.press("F5")
    anna.press("F8")
    anna.tab_to(field_name("CaseFile", "concern"))
    anna.type(CONCERN)
    anna.press("Ctrl+S")
    anna.opened_case()


def _make_papers(anna: Person, folder: Path) -> None:
    anna.press("Ctrl+P")
    until(lambda: isinstance(front_window(), PapersDialog), "the papers")
    dialog = front_window()
    assert isinstance(dialog, PapersDialog)
    _save_paper(anna, dialog, folder / "art13-uk.pdf")
    anna.tab_to(_("Paper"))
    anna.press("Down")
    for item in ("supervision", "stand_in", "special_categories"):
        anna.tab_to(field_name("Consent", f"{item}_item"))
        anna.type(_("Yes"))
    _wait_for_paper(dialog, "consent")
    anna.shoot(folder / "papers.png")
    _save_paper(anna, dialog, folder / "consent-uk.pdf")
    anna.tab_to(_("Note that it was given …"))
    anna.press("Space")
    _accept_form(anna)
    anna.press("Escape")
    until(lambda: not dialog.isVisible(), "the end of the papers")


def _save_paper(anna: Person, dialog: PapersDialog, path: Path) -> None:
    _wait_for_paper(dialog, path.stem.split("-")[0])
    anna.tab_to(_(SAVE))
    anna.press("Space")
    until(lambda: isinstance(front_window(), ConfirmDialog), "the question")
    anna.tab_to(_("Choose a folder …"))
    anna.press("Space")
    until(lambda: isinstance(front_window(), QFileDialog), "the choice of a file")
    _name_file(anna, path)
    until(lambda: path.exists() and path.read_bytes() == dialog.preview.pdf, "the file")


def _name_file(anna: Person, path: Path) -> None:
    """Type where a file is to go: again where Qt lists the folder meanwhile, and suggests."""
    for _attempt in range(TRIES):
        anna.press("Ctrl+A")
        anna.type(str(path))
        QTest.qWait(2 * REFRESH_MS)
        edit = find(QLineEdit)
        if edit is not None and edit.text() == str(path):
            anna.press("Return")
            QTest.qWait(2 * REFRESH_MS)
        if not isinstance(front_window(), QFileDialog):
            return


def _wait_for_paper(dialog: PapersDialog, form: str) -> None:
    QTest.qWait(2 * REFRESH_MS)
    until(lambda: (step := find(QPushButton, _(SAVE))) is not None and step.isEnabled(), "the paper")
    paper = dialog.choice.wish.paper
    if (paper.form, paper.language) != (form, "uk"):
        raise NothingHappenedError(f"another paper than {form} in Ukrainian")


def _accept_form(person: Person) -> None:
    until(lambda: isinstance(front_window(), FormDialog), "the form")
    form = front_window()
    assert isinstance(form, QDialog)
    person.tab_to(_("Note it"))
    person.press("Space")
    until(lambda: not form.isVisible(), "the note")


def _name_stand_in(sina: Person, name: str) -> None:
    sina.find_case(FOUND_BY)
    sina.tab_to(_("Name a stand-in …"))
    sina.press("Space")
    until(lambda: isinstance(front_window(), FormDialog), "the form")
    sina.tab_to(field_name("StandIn", "stand_in"))
    sina.type(name.split(maxsplit=1)[0])
    _accept_form(sina)


def _decide(sina: Person, folder: Path) -> None:
    sina.press("Alt+2")
    page = sina.page(DeskPage)
    until(lambda: page.view is not None, "the conflict")
    sina.tab_to(_("Conflicts to decide"))
    assert page.view is not None
    newest = page.view.question.candidates
    place = next(at for at, item in enumerate(newest) if item.values.get("concern") == BY_ANNA)
    sina.tab_to(_("Reason for the decision"))
    sina.press(f"Ctrl+{place + 1}")
    sina.type(REASON)
    sina.shoot(folder / "desk-conflict.png")
    sina.press("Return")
    until(lambda: page.data is not None and not page.data.conflicts, "the decision")


def _see_decision(person: Person) -> None:
    page = person.find_case(FOUND_BY)
    data = page.data
    if data is None or data.record.text("concern") != BY_ANNA or data.provisional():
        raise NothingHappenedError("the decision did not come back")
