"""Choosing a paper: which one, in which language, for whom, with which answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.code_lists import LANGUAGE
from app.domain.consent import ITEMS
from app.domain.declarations import CONSENT, PERSON
from app.domain.dots import Dot
from app.domain.records import Record, new_record
from app.i18n import N_, _, language, sort_key
from app.printing.papers import Paper, list_papers
from ui.accessible import label_for
from ui.context import ScreenContext
from ui.labels import paragraph
from ui.pages.case_sections.case_data import CaseData
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.record_form import RecordForm

CLIENT_PAPERS = ("art13", "consent")
BINDING = "de"
LABEL = re.compile(r"Person [1-9]\d?")
_FIELDS = ("person", *(f"{item}_item" for item in ITEMS), "recipients")
_ANSWERS = {"yes": True, "no": False}


@dataclass(frozen=True)
class PaperWish:
    """A paper with what is to be filled in; `answers` by item, None to tick by hand."""

    paper: Paper
    person: Dot | None
    person_label: str | None
    answers: dict[str, bool | None]
    recipients: tuple[str, ...]


class PaperChoice(QWidget):
    """`changed` when the wish is another one."""

    changed = Signal()

    def __init__(self, context: ScreenContext, data: CaseData, parent: QWidget | None = None) -> None:
        """Offer the papers, the client's language first."""
        super().__init__(parent)
        self._data = data
        self._papers = [item for item in list_papers() if item.form in CLIENT_PAPERS]
        self.paper, self.language = PlainBox(), PlainBox()
        self.form = RecordForm(context, CONSENT, _FIELDS)
        self.form.set_record(new_record(CONSENT, data.case))
        self._no_text = paragraph("")
        self._lay_out()
        self._offer_papers()
        self._offer_languages()
        self.paper.chosen.connect(self._on_paper)
        self.language.chosen.connect(self._on_language)
        self.form.edited_changed.connect(self.changed)

    @property
    def wish(self) -> PaperWish:
        """What is chosen now."""
        key = (self.paper.key(), self.language.key())
        paper = next(item for item in self._papers if (item.form, item.language) == key)
        edited = self.form.edited()
        person = edited.reference("person")
        if paper.form != "consent":
            return PaperWish(paper, None, None, {}, ())
        answers = {item: _ANSWERS.get(edited.text(f"{item}_item")) for item in ITEMS}
        return PaperWish(paper, person, self._label(person), answers, edited.items("recipients"))

    @property
    def lacking_text(self) -> str:
        """The sentence about the client's languages that have no text, empty when all have one."""
        return self._no_text.text()

    def choose(self, form: str, code: str) -> None:
        """Choose a paper in a language as a person would."""
        self.paper.choose(form)
        self._on_paper()
        self.language.choose(code)
        self._on_language()

    def _label(self, person: Dot | None) -> str | None:
        known = {item.id: item for item in self._data.entries.get(PERSON.name, ())}
        record: Record | None = known.get(person)
        label = record.text("label") if record else ""
        # Anything else may be a name, which papers must not show.
        return label if LABEL.fullmatch(label) else None

    def _offer_papers(self) -> None:
        titles = {form: _title(self._papers, form) for form in CLIENT_PAPERS}
        self.paper.offer_plain(titles.items())
        if self._data.missing == "consent":
            self.paper.choose("consent")

    def _offer_languages(self) -> None:
        before = self.language.key()
        codes = [item.language for item in self._papers if item.form == self.paper.key()]
        names = {code: _(LANGUAGE.labels.get(code, code)) for code in codes}
        wanted = list(dict.fromkeys((*self._data.record.items("reads"), *self._data.record.items("speaks"))))
        first = [code for code in wanted if code in names]
        rest = sorted((code for code in codes if code not in first), key=lambda code: sort_key(names[code]))
        self.language.offer_plain((code, names[code]) for code in (*first, *rest))
        self.language.choose(before if before in names else (*first, BINDING)[0])
        lacking = [_(LANGUAGE.labels.get(code, code)) for code in wanted if code not in names]
        text = (
            _("There is no text in {languages} yet.").format(languages=", ".join(lacking)) if lacking else ""
        )
        self._no_text.setText(text)
        self._no_text.setVisible(bool(text))

    def _on_paper(self) -> None:
        self._offer_languages()
        self.form.setVisible(self.paper.key() == "consent")
        self.changed.emit()

    def _on_language(self) -> None:
        self.changed.emit()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(label_for(self.paper, N_("Paper")))
        column.addWidget(self.paper)
        column.addWidget(label_for(self.language, N_("Language of the client")))
        column.addWidget(self.language)
        column.addWidget(self._no_text)
        column.addWidget(self.form)
        column.addStretch(1)
        self.form.setVisible(self._data.missing == "consent")


class PlainBox(ChoiceBox):
    """A list that always stands on one of its entries."""

    def offer_plain(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Offer (key, text) pairs, the first chosen."""
        self.clear()
        for key, text in pairs:
            self.addItem(text, key)


def _title(papers: Sequence[Paper], form: str) -> str:
    titles = {item.language: item.title for item in papers if item.form == form}
    return titles.get(language()) or titles[BINDING]
