"""`kim-mobil folder` as somebody types it."""

import sys
from pathlib import Path

import pytest

from sync.cli import main
from tests.support.district import PASSPHRASE, District, case_file, open_case


@pytest.fixture(autouse=True)
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal's answer; the hook for unforeseen failures is this process's own again afterwards."""
    monkeypatch.setattr("getpass.getpass", lambda _prompt: PASSPHRASE)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)


def run(district: District, name: str, folder: Path) -> int:
    district.people[name].lock()
    return main(["--lang", "en", "--home", str(district.people[name].home), "folder", str(folder)])


def test_it_carries_and_says_what_it_did(
    district: District, stick: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = open_case(district["anna"], "per Stick")
    assert (run(district, "anna", stick), run(district, "sina", stick)) == (0, 0)
    lines = capsys.readouterr().out.splitlines()
    assert lines[-7:] == [
        "Taken from the folder: 5",
        "Left to be written: 0",
        "Held: 0",
        "Set aside: 0",
        "Missing: 0",
        "Damaged files: 0",
        "Other files: 0",
    ]
    assert case_file(district["sina"], case).text("concern") == "per Stick"


def test_a_folder_that_is_not_there_is_said_in_three_sentences(
    district: District, stick: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(district, "anna", stick / "nowhere") == 1
    told = capsys.readouterr().err.splitlines()
    assert (told[0], len(told)) == ("This folder is not there, or cannot be opened.", 3)
