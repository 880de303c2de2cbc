"""The command line: papers, doctor, a round; sentences for every failure, never a traceback."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.domain.case_number import CaseNumber
from app.services import cases
from app.services.cases import employer_record
from sync.cli import main
from tests.support.district import PASSPHRASE, District, open_case


@pytest.fixture(autouse=True)
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal's answer; the hook for unforeseen failures is this process's own again afterwards."""
    monkeypatch.setattr("getpass.getpass", lambda _prompt: PASSPHRASE)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)


def run(*arguments: str | Path) -> int:
    return main(["--lang", "en", *map(str, arguments)])


def told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def test_paper_without_a_case_is_a_specimen(tmp_path: Path) -> None:
    out = tmp_path / "consent.pdf"
    assert run("paper", "consent", "--language", "uk", "--out", out) == 0
    assert out.read_bytes()[:5] == b"%PDF-"


def test_paper_for_a_case_asks_the_passphrase_and_prints_its_number(
    district: District, tmp_path: Path
) -> None:
    anna, sina = district["anna"], district["sina"].session
    employer = employer_record(sina.store.queries, "kreis")
    assert employer is not None
    cases.save_record(sina, employer, employer.edited(employer_address="Am Ring 1"))
    district.round("sina", "anna")
    case = open_case(anna)
    record = anna.session.store.queries.record("CaseFile", case)
    assert record is not None
    district.people["anna"].lock()
    out = tmp_path / "consent.pdf"
    home = district.people["anna"].home
    arguments = ("paper", "consent", "--language", "en", "--case", record.text("number"), "--out", out)
    assert run("--home", home, *arguments) == 0
    text = subprocess.run(["pdftotext", str(out), "-"], capture_output=True, check=True, text=True).stdout
    assert record.text("number") in text


def test_paper_for_a_case_that_is_not_here_is_said_in_three_sentences(
    district: District, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    district.people["anna"].lock()
    out = tmp_path / "none.pdf"
    number = str(CaseNumber("MUS", 2026, 5))
    code = run(
        "--home",
        district.people["anna"].home,
        "paper",
        "art13",
        "--language",
        "en",
        "--case",
        number,
        "--out",
        out,
    )
    assert (code, len(told(capsys)), out.exists()) == (1, 3, False)


@pytest.mark.parametrize(
    "arguments",
    [("consent", "--language", "fr"), ("consent", "--language", "xx"), ("nonsense", "--language", "de")],
)
def test_a_paper_that_does_not_exist_is_said_in_three_sentences(
    arguments: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "none.pdf"
    assert run("paper", *arguments, "--out", out) == 1
    assert (len(told(capsys)), out.exists()) == (3, False)


def test_a_paper_into_a_missing_folder_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "nowhere" / "consent.pdf"
    assert run("paper", "consent", "--language", "de", "--out", out) == 1
    assert told(capsys)[0] == "The file could not be written (ENOENT)."


def test_papers_lists_a_line_for_each_text_with_version_and_review(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("papers", "--list") == 0
    (line,) = (text for text in capsys.readouterr().out.splitlines() if text.split()[:2] == ["consent", "uk"])
    assert (line.split()[2], line.split()[-1]) == ("1.0", "(draft)")


def test_papers_lists_forms_and_languages_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("papers", "--list", "--json") == 0
    papers = json.loads(capsys.readouterr().out)
    assert {"art13", "consent", "keeper", "recovery"} == {paper["form"] for paper in papers}
    assert {"de", "en", "uk"} <= {paper["language"] for paper in papers if paper["form"] == "consent"}


def test_doctor_finds_a_sound_home_sound(district: District, capsys: pytest.CaptureFixture[str]) -> None:
    district.people["anna"].lock()
    assert run("--home", district.people["anna"].home, "doctor") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Keys and database are sound."


def test_doctor_says_that_a_flipped_bit_is_there(
    district: District, capsys: pytest.CaptureFixture[str]
) -> None:
    district.people["anna"].lock()
    home = district.people["anna"].home
    path = home / "store.db"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert run("--home", home, "doctor") == 1
    assert len(told(capsys)) == 3


def test_doctor_of_an_empty_home_asks_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--home", tmp_path, "doctor") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Folder: nothing is set up here yet"


def test_round_says_what_it_did(district: District, capsys: pytest.CaptureFixture[str]) -> None:
    open_case(district["anna"])
    district.people["anna"].lock()
    assert run("--home", district.people["anna"].home, "round") == 0
    lines = capsys.readouterr().out.splitlines()
    assert (lines[0], lines[2], lines[3]) == ("Sent: 1", "Waiting: 0", "At the relay: 11")


def test_round_without_a_relay_says_so(district: District, capsys: pytest.CaptureFixture[str]) -> None:
    district.people["anna"].lock()
    district.relay.stop()
    assert run("--home", district.people["anna"].home, "round") == 1
    assert told(capsys)[0] == "The KI's relay does not answer."


def test_a_wrong_passphrase_is_said(
    district: District, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    district.people["anna"].lock()
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "ein anderer Satz")
    assert run("--home", district.people["anna"].home, "round") == 1
    assert told(capsys)[0] == "This is not the passphrase."


def test_the_command_itself_speaks_german(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sync.cli", "--lang", "de", "paper", "consent", "--language", "fr"]
    done = subprocess.run(
        [*command, "--out", str(tmp_path / "x.pdf")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        1,
        "Für das Papier „consent“ gibt es in der Sprache „fr“ noch keinen Text.",
    )
