"""The papers as a reader gets them."""

import time
from io import BytesIO

import pikepdf
import pytest
from PIL import Image
from pypdf import PdfReader

from app.printing.documents.information_sheet import _facts, _values
from app.printing.edition import open_edition
from app.printing.errors import FormLanguageMissingError, PersonLabelError, UnknownFormError
from app.printing.papers import (
    Controller,
    ImmigrationPassage,
    LetterheadProfile,
    PaperRequest,
    list_papers,
    print_keeper_sheet,
    print_paper,
    print_recovery_sheet,
)
from tests.support.papers import (
    CASE,
    TODAY,
    a_profile,
    a_request,
    drawing_of,
    fonts_of,
    letters,
    operators_of,
    pages_of,
    poppler_text,
    text_of,
)

GROUPS = ("7KQ2M", "ABCDE", "00000", "VWXYZ", "12345", "6789A", "HJKMN", "PQRST")
CLIENT_PAPERS = [(form, language) for form in ("art13", "consent") for language in ("de", "en", "uk")]
NOTHING_KNOWN = LetterheadProfile()


def printed(form: str, language: str, **changes: object) -> str:
    return text_of(print_paper(a_request(form, language, **changes)))


@pytest.mark.parametrize(("form", "language"), CLIENT_PAPERS)
@pytest.mark.parametrize("basis", ["consent", "public_task"])
def test_print_paper_every_paragraph_is_found_in_both_languages(form: str, language: str, basis: str) -> None:
    request = a_request(form, language, legal_basis=basis)
    pdf = print_paper(request)
    edition = open_edition(
        form, language, {code: _values(request.profile, code) for code in ("de", language)}
    )
    facts = _facts(request) if form == "art13" else frozenset({basis})
    by_pypdf, by_poppler = letters(text_of(pdf)), letters(poppler_text(pdf))
    wanted = [
        "".join(span.text for span in side.spans(part.key))
        for part in edition.parts(facts)
        for side in edition.sides
    ]
    assert [text for text in wanted if letters(text) not in by_pypdf] == []
    assert [text for text in wanted if letters(text) not in by_poppler] == []


@pytest.mark.parametrize(("form", "language"), CLIENT_PAPERS)
def test_print_paper_embeds_its_fonts_and_names_no_other(form: str, language: str) -> None:
    pdf = print_paper(a_request(form, language))
    assert fonts_of(pdf) == {"NotoSans-Regular": True, "NotoSans-Bold": True}
    assert b"Helvetica" not in pdf


@pytest.mark.parametrize(("form", "language"), CLIENT_PAPERS)
def test_print_paper_same_request_gives_the_same_bytes(form: str, language: str) -> None:
    request = a_request(form, language)
    assert print_paper(request) == print_paper(request)


@pytest.mark.parametrize(("form", "language"), CLIENT_PAPERS)
def test_print_paper_is_small_and_quick_when_warm(form: str, language: str) -> None:
    pdf = print_paper(a_request(form, language))
    times = []
    for _ in range(3):
        start = time.perf_counter()
        print_paper(a_request(form, language))
        times.append(time.perf_counter() - start)
    assert min(times) < 0.5
    assert len(pdf) < 90_000


@pytest.mark.parametrize(
    ("form", "language", "basis", "count"),
    [
        ("art13", "uk", "consent", 3),
        ("art13", "uk", "public_task", 3),
        ("art13", "en", "consent", 3),
        ("art13", "de", "consent", 2),
        ("consent", "uk", "consent", 2),
        ("consent", "en", "public_task", 2),
        ("consent", "de", "consent", 2),
    ],
)
def test_print_paper_takes_few_pages(form: str, language: str, basis: str, count: int) -> None:
    assert len(pages_of(print_paper(a_request(form, language, legal_basis=basis)))) == count


def test_print_paper_every_page_has_its_number_code_version_and_notes() -> None:
    pages = pages_of(print_paper(a_request("art13", "uk")))
    for number, page in enumerate(pages, start=1):
        assert f"Сторінка {number} з {len(pages)} / Seite {number} von {len(pages)}" in page
        assert f"art13|1.0|uk|{CASE}" in page
        assert "Версія 1.0, станом на 21.11.2026 / Version 1.0, Stand 21.11.2026" in page
        assert "Переклад ще не перевірено. Чинним є німецький текст." in page
        assert "Übersetzung noch nicht geprüft. Es gilt der deutsche Text." in page


def test_print_paper_in_german_says_nothing_twice() -> None:
    text = printed("art13", "de")
    assert "Seite 1 von 2" in text
    assert " / " not in text
    assert text.count("Die Beratung kostet nichts.") == 1


def test_print_paper_first_five_lines_come_first_and_large() -> None:
    text = printed("art13", "uk")
    lines = [
        "Консультація безкоштовна.",
        "Консультація добровільна.",
        "Без вашого «так»",
        "Винятки є лише такі:",
        "Відомство у справах іноземців",
        "Хто ми",
    ]
    places = [text.index(line) for line in lines]
    assert places == sorted(places)


def test_print_paper_text_that_a_client_reads_is_large_enough() -> None:
    pdf = print_paper(a_request("consent", "uk"))
    with pikepdf.open(BytesIO(pdf)) as opened:
        sizes = [
            float(instruction.operands[1])
            for instruction in pikepdf.parse_content_stream(opened.pages[0])
            if str(instruction.operator) == "Tf"
        ]
    small = [size for size in sizes if size < 10.5]
    # Letterhead, names of the columns and the foot; everything else is to be read.
    assert len(small) <= 20
    assert min(sizes) == 8.0


def test_print_paper_metadata_name_language_and_title_but_no_case() -> None:
    pdf = print_paper(a_request("consent", "uk"))
    with pikepdf.open(BytesIO(pdf)) as opened:
        facts = {key: str(value) for key, value in opened.docinfo.items()}
        assert str(opened.Root.Lang) == "uk"
        assert bool(opened.Root.ViewerPreferences.DisplayDocTitle)
    assert facts["/Title"] == "Згода / Einwilligung"
    assert facts["/CreationDate"] == "D:20261121000000Z"
    assert [value for value in facts.values() if CASE in value] == []


@pytest.mark.parametrize("form", ["art13", "consent"])
def test_print_paper_without_a_case_number_is_a_marked_specimen(form: str) -> None:
    pages = pages_of(print_paper(a_request(form, "uk", case_number=None, profile=NOTHING_KNOWN)))
    for page in pages:
        assert "ЗРАЗОК MUSTER" in page
        assert f"{form}|1.0|uk|MUSTER" in page
    assert "Зразок: не заповнювати / Muster: nicht ausfüllen" in pages[0]
    assert "[Name des Dienstherrn]" in pages[0]


@pytest.mark.parametrize(
    "gap",
    [
        {"immigration_passage": None},
        {"controllers": ()},
        {"data_protection_officer": " "},
        {"law": ""},
        {"authority": ""},
        {"retention": ""},
        {"employer_name": ""},
        {"address": ()},
    ],
)
def test_print_paper_information_sheet_with_a_gap_is_a_specimen_without_the_number(
    gap: dict[str, object],
) -> None:
    text = printed("art13", "uk", profile=a_profile(**gap))
    assert "MUSTER" in text
    assert CASE not in text


@pytest.mark.parametrize(("form", "language"), CLIENT_PAPERS)
def test_print_paper_complete_is_no_specimen(form: str, language: str) -> None:
    text = printed(form, language)
    assert "MUSTER" not in text
    assert "[" not in text.replace("[Logo des Dienstherrn]", "").replace("[Logo der Landesförderung]", "")


def test_print_paper_consent_needs_no_released_passage() -> None:
    assert "MUSTER" not in printed("consent", "uk", profile=a_profile(immigration_passage=None))


def test_print_paper_own_passage_prints_in_german_and_is_explained() -> None:
    own = ImmigrationPassage("Wir fragen Sie **immer** zuerst.", "Beauftragte Stelle", TODAY)
    text = printed("art13", "uk", profile=a_profile(immigration_passage=own))
    assert "Die Ausländerbehörde: Wir fragen Sie **immer** zuerst." in text
    assert "Цей абзац є лише німецькою мовою. Ми вам його пояснимо." in text
    assert "erfährt von uns nur etwas" not in text


def test_print_paper_by_consent_names_portability_and_no_objection() -> None:
    text = printed("art13", "de", legal_basis="consent")
    assert "Art. 6 Abs. 1 Buchst. a DSGVO" in text
    assert "Art. 20 DSGVO" in text
    assert "Art. 21 DSGVO" not in text
    assert "dann ohne Akte" in text


def test_print_paper_by_public_task_names_objection_and_no_portability() -> None:
    text = printed("art13", "de", legal_basis="public_task")
    assert "Art. 6 Abs. 1 Buchst. e DSGVO" in text
    assert "Art. 21 DSGVO" in text
    assert "Art. 20 DSGVO" not in text
    assert "Beraten werden Sie weiter." in text


def test_print_paper_one_controller_is_not_called_joint() -> None:
    alone = a_profile(controllers=(Controller("Stadt Musterstadt", ("Rathaus 1",)),))
    text = printed("art13", "de", profile=alone)
    assert "Für Ihre Daten ist verantwortlich: Stadt Musterstadt, Rathaus 1" in text
    assert "Art. 26" not in text


def test_print_paper_retention_in_years_or_by_a_rule() -> None:
    assert "Die Frist in Jahren ist: 3." in printed("art13", "de")
    rule = printed("art13", "de", profile=a_profile(retention="zwei Jahre nach dem letzten Gespräch."))
    assert "Dafür gilt: zwei Jahre nach dem letzten Gespräch." in rule


def test_print_paper_letterhead_not_released_says_so() -> None:
    note = "Briefkopf noch nicht freigegeben"
    assert note in printed("consent", "uk", profile=a_profile(letterhead_release=None))
    assert note not in printed("consent", "uk")


def test_print_paper_funding_period_or_a_marked_gap() -> None:
    assert "Förderzeitraum: 01.01.2026 bis 31.12.2026" in printed("consent", "uk")
    assert "Förderzeitraum: [nicht eingetragen]" in printed(
        "consent", "uk", profile=a_profile(funding_period=None)
    )


def test_print_paper_logo_takes_the_place_of_its_box() -> None:
    picture = BytesIO()
    Image.new("RGB", (40, 20), "navy").save(picture, "PNG")
    pdf = print_paper(a_request("consent", "uk", profile=a_profile(logo=picture.getvalue())))
    assert "[Logo des Dienstherrn]" not in text_of(pdf)
    assert len(PdfReader(BytesIO(pdf)).pages[0].images) == 1


def test_print_paper_person_is_a_number_in_each_language() -> None:
    assert "Особа / Person 2" in printed("consent", "uk", person_label="Person 2")
    assert "Person 1" not in printed("consent", "de", person_label=None)


@pytest.mark.parametrize("label", ["Olena", "Person Olena", "Person 1 Olena", "Person 0", "Frau 1"])
def test_print_paper_label_that_may_be_a_name_is_refused_and_not_repeated(label: str) -> None:
    with pytest.raises(PersonLabelError) as caught:
        print_paper(a_request("consent", "uk", person_label=label))
    assert caught.value.params == {}


def test_print_paper_unknown_form_is_refused() -> None:
    with pytest.raises(UnknownFormError) as caught:
        print_paper(a_request("letter", "uk"))
    assert caught.value.params == {"form": "letter", "known": "art13 consent"}


def test_print_paper_language_without_text_is_refused() -> None:
    with pytest.raises(FormLanguageMissingError) as caught:
        print_paper(a_request("consent", "ar"))
    assert caught.value.params["available"] == "de en uk"


def boxes(request: PaperRequest) -> tuple[int, int]:
    """Number of boxes on a paper, and of those with a cross."""
    pdf = print_paper(request)
    squares = [box for box in operators_of(pdf, "re") if box[2:] == [10.5, 10.5]]
    crosses = [width for (width,) in operators_of(pdf, "w") if width == 1.6]
    return len(squares), len(crosses)


def test_print_paper_consent_has_a_box_for_every_statement_and_answer() -> None:
    options, items, offices = 3 + 5 + 4, 4, 3
    assert boxes(a_request("consent", "uk")) == (options + 2 * (items + offices), 0)


def test_print_paper_consent_known_answers_are_crossed() -> None:
    known = {"supervision": True, "stand_in": False, "contact_data": None, "recipients": True}
    offices = ("Jobcenter Musterkreis", "Jugendamt Musterstadt")
    _, crosses = boxes(a_request("consent", "uk", consent_items=known, recipients=offices))
    assert crosses == 2 + len(offices)


def test_print_paper_consent_answer_stands_at_yes_or_at_no() -> None:
    def boxes_before_the_cross(answer: bool) -> int:
        drawn = drawing_of(print_paper(a_request("consent", "de", consent_items={"supervision": answer})))
        before = drawn[: drawn.index(("w", [1.6]))]
        return sum(operands[2:] == [10.5, 10.5] for name, operands in before if name == "re")

    first_of_supervision = 3 + 5 + 2 * 2 + 1
    assert boxes_before_the_cross(True) == first_of_supervision
    assert boxes_before_the_cross(False) == first_of_supervision + 1


@pytest.mark.parametrize("offices", range(0, 16, 3))
def test_print_paper_consent_signature_stands_with_its_question(offices: int) -> None:
    named = tuple(f"Stelle Nummer {number}" for number in range(offices))
    pages = pages_of(print_paper(a_request("consent", "uk", recipients=named)))
    signed = [page for page in pages if "Unterschrift oder Zeichen" in page]
    assert len(signed) == 1
    assert "So habe ich Ja oder Nein gesagt" in signed[0]
    assert "Zeugin oder Zeuge, wenn mündlich" in signed[0]
    assert [name for name in named if name not in " ".join(pages)] == []


LONG_NAME = "Kreis Musterland mit einem langen Namen (Kommunales Integrationszentrum)"
NUMBERED = " ".join(f"{number} {group}" for number, group in enumerate(GROUPS, start=1))


@pytest.mark.parametrize(
    ("language", "device", "day"), [("de", "Gerät", "Gedruckt am"), ("en", "Device", "Printed on")]
)
def test_print_recovery_sheet_fits_one_page_with_key_device_and_day(
    language: str, device: str, day: str
) -> None:
    pages = pages_of(print_recovery_sheet(GROUPS, language, LONG_NAME, TODAY))
    assert len(pages) == 1
    assert f"{device}: {LONG_NAME}" in pages[0]
    assert f"{day}: 21.11.2026" in pages[0]
    assert NUMBERED in pages[0]
    assert f"recovery|1.0|{language}" in pages[0]


@pytest.mark.parametrize(
    ("language", "district", "check"), [("de", "Kreis", "Prüfwörter"), ("en", "District", "Check words")]
)
def test_print_keeper_sheet_fits_one_page_with_key_district_and_check_words(
    language: str, district: str, check: str
) -> None:
    pages = pages_of(print_keeper_sheet(GROUPS, language, LONG_NAME, TODAY, "lusab babad kumin"))
    assert len(pages) == 1
    assert f"{district}: {LONG_NAME}" in pages[0]
    assert f"{check}: lusab babad kumin" in pages[0]
    assert NUMBERED in pages[0]
    assert f"keeper|1.0|{language}" in pages[0]


def test_print_recovery_sheet_in_a_language_without_text_is_refused() -> None:
    with pytest.raises(FormLanguageMissingError):
        print_recovery_sheet(GROUPS, "uk", "Laptop", TODAY)


def test_list_papers_gives_every_paper_with_its_state() -> None:
    papers = list_papers()
    assert [(paper.form, paper.language) for paper in papers] == [
        ("art13", "de"),
        ("art13", "en"),
        ("art13", "uk"),
        ("consent", "de"),
        ("consent", "en"),
        ("consent", "uk"),
        ("keeper", "de"),
        ("keeper", "en"),
        ("recovery", "de"),
        ("recovery", "en"),
    ]
    assert {(paper.version, paper.review) for paper in papers} == {("1.0", None)}
    assert papers[5].title == "Згода"
