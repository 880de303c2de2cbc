"""The page of handovers over real devices: asked, accepted, waiting for a receipt, all at once, stand-ins."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.dots import Dot
from app.services import attachments, handovers
from app.services.handovers import Terms
from tests.support.district import District, case_file, open_case
from tests.support.screen import assert_large_enough, assert_named, settle
from ui.context import Changes, Navigation, ScreenContext
from ui.dialogs.record_question import RecordQuestion
from ui.pages.handovers import HandoversPage
from ui.tasks import Lanes

TODAY = datetime.now(UTC).astimezone().date()


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    with District.found(tmp_path_factory.mktemp("handovers") / "district") as made:
        made.join("anna")
        made.join("ben")
        made.round("sina", "anna", "ben", "sina", "anna")
        yield made


@pytest.fixture
def page_of(founded: District, lanes: Lanes, qtbot: QtBot) -> Callable[[str], HandoversPage]:
    def page(name: str) -> HandoversPage:
        context = ScreenContext(founded[name], lanes, Changes(), Navigation())
        made = HandoversPage(context)
        qtbot.addWidget(made)
        made.resize(1100, 620)
        made.show()
        settle(lanes)
        return made

    return page


def asked(district: District, concern: str) -> Dot:
    case = open_case(district["anna"], concern, speaks=("uk",))
    handovers.ask(district["anna"].session, case, Terms(district.member("ben"), "area"))
    district.round("anna", "ben")
    return case


def row_of(page: HandoversPage, case: Dot) -> int:
    return [item.case for item in page._found].index(case)


def texts(page: HandoversPage, case: Dot) -> list[str]:
    row = row_of(page, case)
    page.table.setCurrentCell(row, 0)
    cells = [page.table.item(row, column) for column in range(page.table.columnCount())]
    return [cell.text() for cell in cells if cell is not None]


def nobody_watches(_done: int, _total: int) -> None: ...


def keep_picture(page: QWidget, name: str) -> None:
    """For people who look: a folder named in KIM_PICTURES gets pictures of the page."""
    folder = os.environ.get("KIM_PICTURES")
    if folder:
        page.grab().save(str(Path(folder) / f"{name}.png"))


def test_a_request_is_accepted_and_tells_what_it_waits_for(
    founded: District, page_of: Callable[[str], HandoversPage], lanes: Lanes
) -> None:
    case = asked(founded, "Braucht eine Wohnung")
    mine, theirs = page_of("anna"), page_of("ben")
    number = case_file(founded["anna"], case).text("number")
    assert texts(mine, case)[:3] == [number, "anna", "ben"]
    assert texts(mine, case)[-1] == "Waits for the answer of ben."
    assert texts(theirs, case)[-1] == "You are asked to take this case file over."
    assert (mine.withdraw_button.isEnabled(), mine.accept_button.isEnabled()) == (True, False)
    assert (theirs.withdraw_button.isEnabled(), theirs.accept_button.isEnabled()) == (False, True)
    keep_picture(theirs, "handovers-asked")
    theirs.accept_button.click()
    settle(lanes)
    assert texts(theirs, case)[-1] == "Accepted."
    founded.round("ben", "anna")
    mine.refresh()
    settle(lanes)
    known = founded["anna"].handovers.standing()[row_of(mine, case)]
    assert 0 < known.arrived < known.held
    assert texts(mine, case)[-1] == f"ben’s computers have {known.arrived} of {known.held} entries."
    founded.round("ben", "ben", "anna")
    mine.refresh()
    settle(lanes)
    assert texts(mine, case)[-1] == "All of it arrived; the next sync tells everybody."
    founded.round("anna", "ben", "ben", "anna", "anna")
    mine.refresh()
    settle(lanes)
    assert texts(mine, case)[-1].startswith("All of it arrived. The copy on this computer is erased from ")
    keep_picture(mine, "handovers-waiting")


def test_declining_and_withdrawing_are_told(
    founded: District, page_of: Callable[[str], HandoversPage], lanes: Lanes
) -> None:
    declined, withdrawn = asked(founded, "eins"), asked(founded, "zwei")
    mine, theirs = page_of("anna"), page_of("ben")
    texts(theirs, declined)
    theirs.decline_button.click()
    texts(mine, withdrawn)
    mine.withdraw_button.click()
    settle(lanes)
    founded.round("ben", "anna", "ben")
    for page in (mine, theirs):
        page.refresh()
    settle(lanes)
    assert texts(mine, declined)[-1] == "ben declined."
    assert texts(theirs, withdrawn)[-1] == "The request was withdrawn."
    assert not theirs.accept_button.isEnabled()


def test_contact_data_and_attachments_must_be_settled(
    founded: District, page_of: Callable[[str], HandoversPage], lanes: Lanes
) -> None:
    case = open_case(founded["anna"], "drei")
    letter = founded.folder / "Bescheid.pdf"
    letter.write_bytes(b"%PDF-1.7")
    attachments.add(founded["anna"].session, case, letter, "letter", "", nobody_watches, lambda: False)
    handovers.ask(founded["anna"].session, case, Terms(founded.member("ben")))
    founded.round("anna", "ben")
    handovers.accept(
        founded["ben"].session, handovers.handovers_of(founded["ben"].session.store.queries, case)[0].asked
    )
    founded.round("ben", "anna", "ben", "ben", "anna")
    page = page_of("anna")
    assert texts(page, case)[-1] == "Please say what becomes of contact data and attachments."
    page.identity_button.click()
    (question,) = page.findChildren(RecordQuestion)
    assert not question.go_on.isEnabled()
    question.form.set_record(question.form.base.edited(identity_data="left"))
    page._on_identity(question.form.edited())
    settle(lanes)
    assert not page.identity_button.isEnabled()
    assert_named(question)


def test_a_supervisor_names_a_stand_in_for_all_and_assigns_all(
    founded: District, page_of: Callable[[str], HandoversPage], lanes: Lanes
) -> None:
    cases = [open_case(founded["anna"], f"Akte {count}") for count in range(3)]
    founded.round("anna", "sina")
    page = page_of("sina")
    page.stand_in_button.click()
    (question,) = page.findChildren(RecordQuestion)
    until = (TODAY + timedelta(days=14)).isoformat()
    entry = question.form.base.edited(
        stand_in=founded.member("ben"), stand_in_since=TODAY.isoformat(), stand_in_until=until
    )
    whose = entry.edited(responsible=founded.member("anna"), handover_from=founded.member("anna"))
    keep_picture(question, "handovers-stand-in-question")
    page._on_all_stand_ins(whose, entry)
    settle(lanes)
    assert page.notice.text.splitlines()[0].endswith("case files done.")
    assert page.stand_ins.rowCount() >= len(cases)
    assert {page.stand_ins.item(row, 4).text() for row in range(3)} == {"Stands in now"}  # type: ignore[union-attr]  # every cell is filled
    page.stand_ins.setCurrentCell(0, 0)
    page.end_button.click()
    settle(lanes)
    told = [page.stand_ins.item(row, 4).text() for row in range(page.stand_ins.rowCount())]  # type: ignore[union-attr]  # every cell is filled
    assert told.count("Over") == 1
    page._on_all(whose.edited(handover_to=founded.member("ben"), handover_reason="leaves"))
    settle(lanes)
    assert page.notice.text.splitlines()[0].endswith("case files done.")
    for case in cases:
        assert case_file(founded["sina"], case).number("responsible") == founded.member("ben")
    keep_picture(page, "handovers-supervisor")


def test_a_refused_case_file_is_listed_with_the_reason(
    founded: District, page_of: Callable[[str], HandoversPage], lanes: Lanes
) -> None:
    case = asked(founded, "schon gefragt")
    page = page_of("anna")
    base = page._found[0].handover.asked
    page._on_all(base.edited(handover_from=founded.member("anna"), handover_to=founded.member("ben")))
    settle(lanes)
    number = case_file(founded["anna"], case).text("number")
    refused = f"{number} was refused: This handover is no longer where this step begins"
    assert any(line.startswith(refused) for line in page.notice.text.splitlines())


@pytest.mark.parametrize("name", ["anna", "sina"])
def test_every_widget_is_named_and_large_enough(
    page_of: Callable[[str], HandoversPage], lanes: Lanes, name: str
) -> None:
    page = page_of(name)
    assert_named(page)
    assert_large_enough(page)
    page.all_button.click()
    (question,) = page.findChildren(RecordQuestion)
    keep_picture(question, f"handovers-all-{name}")
    assert_named(question)
