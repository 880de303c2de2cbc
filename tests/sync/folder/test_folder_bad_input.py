"""Sticks that are torn, full, read-only, pulled out or shared with others: nothing is lost, all is said."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.errors import KimError
from sync.carriers import RoundCancelledError, never_cancelled, no_progress
from sync.encoding.signing import sha256
from sync.folder.errors import FolderGoneError, FolderKeyMissingError, FolderMissingError
from sync.folder.exchanging import FolderExchange
from sync.folder.items import file_content, file_name
from sync.folder.keys import folder_keys
from sync.relay.server import RelayServer
from sync.workplace import Workplace
from tests.support.district import District, case_file, open_case, stored
from tests.support.folder import exchange, files_in, pass_round

SECRET = "Fischteichweg"


def key_of(place: Workplace) -> bytes:
    return folder_keys(place.session.store.queries)[0]


def envelope_file(place: Workplace, stick: Path) -> Path:
    """The file of the one envelope that a device has put there."""
    ((sealed,),) = stored(place, "SELECT sealed FROM sealed WHERE sealed IS NOT NULL")
    return stick / file_name(key_of(place), 1, sha256(bytes(sealed))).hex()


@pytest.fixture
def case_on_stick(district: District, stick: Path) -> Path:
    """A new case file of anna lies there; gives its envelope's file."""
    open_case(district["anna"], SECRET)
    pass_round(district, stick, "anna")
    return envelope_file(district["anna"], stick)


def cases_of(place: Workplace) -> int:
    return place.session.store.queries.case_count()


def assert_mended(district: District, stick: Path) -> None:
    """The owner comes by once more, and all arrives."""
    pass_round(district, stick, "anna", "sina", "anna")
    assert cases_of(district["sina"]) == 1
    assert district["sina"].status().parcels == ()


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[: len(content) // 2],
        lambda _content: b"",
        lambda content: content + b"\0",
        lambda content: content[:-1] + bytes([content[-1] ^ 1]),
        lambda content: content + bytes(1024 * 1024),
    ],
    ids=["half", "empty", "longer", "one bit", "huge"],
)
def test_a_damaged_file_is_left_and_said(
    district: District, stick: Path, case_on_stick: Path, damage: Callable[[bytes], bytes]
) -> None:
    case_on_stick.write_bytes(damage(case_on_stick.read_bytes()))
    report = exchange(district["sina"], stick)
    assert (report.broken, report.applied, report.quarantined) == (1, 0, 0)
    assert cases_of(district["sina"]) == 0
    assert case_on_stick.exists()


def test_the_owner_writes_a_half_copied_file_again(
    district: District, stick: Path, case_on_stick: Path
) -> None:
    case_on_stick.write_bytes(case_on_stick.read_bytes()[:100])
    exchange(district["sina"], stick)
    assert_mended(district, stick)


def test_a_file_that_somebody_deleted_is_missed_and_comes_again(
    district: District, stick: Path, case_on_stick: Path
) -> None:
    case_on_stick.unlink()
    exchange(district["sina"], stick)
    assert_mended(district, stick)


def test_a_missing_file_of_a_known_stream_is_said(district: District, stick: Path) -> None:
    anna = district["anna"]
    open_case(anna)
    pass_round(district, stick, "anna", "sina")
    open_case(anna, SECRET)
    pass_round(district, stick, "anna")
    (newest,) = [path for path in stick.iterdir() if path.name == newest_envelope(anna)]
    newest.unlink()
    assert exchange(district["sina"], stick).missing == 1
    pass_round(district, stick, "anna")
    assert exchange(district["sina"], stick).missing == 0
    assert cases_of(district["sina"]) == 2


def newest_envelope(place: Workplace) -> str:
    rows = stored(place, "SELECT sealed FROM sealed WHERE sealed IS NOT NULL ORDER BY n DESC")
    return file_name(key_of(place), 1, sha256(bytes(rows[0][0]))).hex()


def test_swapped_files_are_not_taken(district: District, stick: Path, case_on_stick: Path) -> None:
    other = next(path for path in stick.iterdir() if path != case_on_stick)
    one, two = case_on_stick.read_bytes(), other.read_bytes()
    case_on_stick.write_bytes(two)
    other.write_bytes(one)
    report = exchange(district["sina"], stick)
    assert (report.applied, report.quarantined, report.broken >= 1) == (0, 0, True)


def test_a_repeated_file_under_another_name_changes_nothing(
    district: District, stick: Path, case_on_stick: Path
) -> None:
    shutil.copy(case_on_stick, stick / f"{case_on_stick.name} - Kopie")
    shutil.copy(case_on_stick, stick / ("0" * 64))
    report = exchange(district["sina"], stick)
    assert (report.applied, report.broken, report.foreign) == (1, 1, 1)


def test_other_files_folders_and_links_are_left_alone(
    district: District, stick: Path, case_on_stick: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(case_on_stick.read_bytes())
    (stick / "Thumbs.db").write_bytes(b"x")
    (stick / "Fotos").mkdir()
    (stick / ("1" * 64)).mkdir()
    (stick / ("2" * 64)).symlink_to(secret)
    os.mkfifo(stick / ("3" * 64))
    before = files_in(stick)
    report = exchange(district["sina"], stick)
    assert (report.applied, report.foreign, report.broken) == (1, 5, 0)
    assert before < files_in(stick)


def test_a_file_system_that_writes_names_in_capitals(
    district: District, stick: Path, case_on_stick: Path
) -> None:
    for path in stick.iterdir():
        path.rename(path.with_name(path.name.upper()))
    assert exchange(district["sina"], stick).applied == 1
    pass_round(district, stick, "anna", "sina", "anna")
    assert len({name.lower() for name in files_in(stick)}) == len(files_in(stick))
    assert not case_on_stick.exists()


def test_two_districts_share_a_stick(
    district: District, stick: Path, tmp_path: Path, shared_relay: RelayServer
) -> None:
    with District.found(tmp_path / "other", "other", relay=shared_relay) as other:
        other.join("anna")
        other.round("sina", "anna", "sina", "anna")
        for people in (district, other):
            open_case(people["anna"], SECRET)
        pass_round(other, stick, "anna")
        pass_round(district, stick, "anna", "sina")
        report = exchange(other["sina"], stick)
        assert (report.applied, report.quarantined, report.held) == (1, 0, 0)
        assert report.foreign + report.broken > 0
        assert cases_of(district["sina"]) == cases_of(other["sina"]) == 1
        assert other["sina"].status().parcels == district["sina"].status().parcels == ()


def test_a_forged_item_that_bears_its_name_is_set_aside_and_shown(
    district: District, stick: Path, case_on_stick: Path
) -> None:
    sealed = bytearray(case_on_stick.read_bytes()[1:])
    sealed[-1] ^= 1
    name = file_name(key_of(district["sina"]), 1, sha256(bytes(sealed)))
    (stick / name.hex()).write_bytes(file_content(1, bytes(sealed)))
    exchange(district["sina"], stick)
    (parcel,) = district["sina"].status().parcels
    assert (parcel.state, parcel.reason) == ("quarantined", "wrong_signature")
    assert cases_of(district["sina"]) == 1


@pytest.mark.parametrize("kind", [7, 77, 255])
def test_a_kind_that_nobody_knows_is_passed_over(district: District, stick: Path, kind: int) -> None:
    sina = district["sina"]
    (stick / file_name(key_of(sina), kind, sha256(b"x")).hex()).write_bytes(file_content(kind, b"x"))
    report = exchange(sina, stick)
    assert (report.broken, report.quarantined, report.held) == (0, 0, 0)


def test_a_folder_that_is_not_there_is_said(district: District, stick: Path) -> None:
    with pytest.raises(FolderMissingError):
        district["anna"].folder.exchange(stick / "nowhere")
    (stick / "file").write_bytes(b"")
    with pytest.raises(FolderMissingError):
        district["anna"].folder.exchange(stick / "file")


def test_without_the_folder_key_nothing_is_written(
    tmp_path: Path, stick: Path, shared_relay: RelayServer
) -> None:
    with District.found(tmp_path / "new", "new", relay=shared_relay) as fresh:
        fresh.join("anna")
        with pytest.raises(FolderKeyMissingError):
            fresh["anna"].folder.exchange(stick)
    assert files_in(stick) == set()


class Refusing:
    """Stands for the operating system: the n-th flush of a file fails, and all after it."""

    def __init__(self, code: int, good: int) -> None:
        self.code, self.good = code, good

    def __call__(self, handle: int) -> None:
        self.good -= 1
        if self.good < 0:
            raise OSError(self.code, os.strerror(self.code))
        REAL_FSYNC(handle)


REAL_FSYNC = os.fsync


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (errno.ENOSPC, "folder_full"),
        (errno.EROFS, "folder_read_only"),
        (errno.EIO, "folder_unwritable"),
    ],
)
@pytest.mark.parametrize("good", [0, 1, 2])
def test_a_stick_that_cannot_be_written_is_read_all_the_same(
    district: District, stick: Path, monkeypatch: pytest.MonkeyPatch, code: int, said: str, good: int
) -> None:
    case = open_case(district["anna"], SECRET)
    pass_round(district, stick, "anna")
    sina = district["sina"]
    with monkeypatch.context() as patch:
        patch.setattr("sync.folder.files.os.fsync", Refusing(code, good))
        report = sina.folder.exchange(stick)
    assert report.problem is not None
    assert report.problem.error_id == said
    assert case_file(sina, case).text("concern") == SECRET
    assert not any(path.name.endswith(".part") for path in stick.iterdir())
    pass_round(district, stick, "sina", "anna")
    assert district["anna"].session.store.queries.delivery(case).with_ki == 10


def test_a_stick_that_does_not_keep_what_is_written_is_said(
    district: District, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_case(district["anna"])
    real = Path.replace

    def tearing(path: Path, target: Path) -> Path:
        path.write_bytes(path.read_bytes()[:-1])
        return real(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", tearing)
        report = district["anna"].folder.exchange(stick)
    assert isinstance(report.problem, KimError)
    assert report.problem.params == {"reason": "not_read_back"}
    pass_round(district, stick, "anna", "sina")
    assert cases_of(district["sina"]) == 1


def test_a_stick_pulled_out_while_it_is_read_loses_nothing(
    district: District, stick: Path, case_on_stick: Path, tmp_path: Path
) -> None:
    away = tmp_path / "pocket"

    def pull(_done: int, _total: int) -> None:
        if stick.exists():
            stick.rename(away)

    with pytest.raises(FolderGoneError):
        district["sina"].folder.exchange(stick, pull)
    away.rename(stick)
    assert_mended(district, stick)
    assert case_on_stick.parent == stick


def test_a_stick_pulled_out_while_it_is_written_loses_nothing(
    district: District, stick: Path, tmp_path: Path
) -> None:
    open_case(district["anna"], SECRET)
    away = tmp_path / "pocket"

    def pull(done: int, _total: int) -> None:
        if done and stick.exists():
            stick.rename(away)

    report = district["anna"].folder.exchange(stick, pull)
    assert isinstance(report.problem, FolderGoneError)
    assert report.left > 0
    away.rename(stick)
    assert_mended(district, stick)


def test_a_stopped_exchange_goes_on_with_the_next(district: District, stick: Path) -> None:
    open_case(district["anna"], SECRET)
    asked: list[int] = []

    def after_one() -> bool:
        asked.append(1)
        return len(asked) > 1

    with pytest.raises(RoundCancelledError):
        district["anna"].folder.exchange(stick, cancelled=after_one)
    assert_mended(district, stick)


def test_what_a_killed_exchange_left_half_written_is_cleared_by_its_owner_only(
    district: District, stick: Path, case_on_stick: Path
) -> None:
    anna, sina = district["anna"], district["sina"]
    (stick / f"{'4' * 64}.0badc0de.part").write_bytes(b"another's")
    mark = aside_of(anna, stick)
    mark.write_bytes(b"mine")
    exchange(sina, stick)
    assert mark.exists()
    exchange(anna, stick)
    assert not mark.exists()
    assert (stick / f"{'4' * 64}.0badc0de.part").exists()
    assert case_on_stick.parent == stick


def aside_of(place: Workplace, stick: Path) -> Path:
    """The name under which a device writes aside."""
    files = FolderExchange(place._engine, stick, no_progress, never_cancelled)._files
    return stick / f"{'5' * 64}{files._mark}"


def test_progress_never_runs_back_and_ends_at_its_total(
    district: District, stick: Path, case_on_stick: Path
) -> None:
    seen: list[tuple[int, int]] = []
    district["sina"].folder.exchange(stick, lambda done, total: seen.append((done, total)))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1][0] == seen[-1][1]
    assert case_on_stick.exists()


def test_thousands_of_others_files_are_looked_at_once_each(district: District, stick: Path) -> None:
    sina = district["sina"]
    key = key_of(sina)
    for number in range(3000):
        sealed = number.to_bytes(4, "big")
        (stick / file_name(key, 99, sha256(sealed)).hex()).write_bytes(file_content(99, sealed))
    exchange(sina, stick)
    seen: list[int] = []
    sina.folder.exchange(stick, lambda done, _total: seen.append(done))
    assert seen[-1] < 1000
