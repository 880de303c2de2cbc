"""A disk that is full at the k-th write of what is no day's saving: set-up, keys, restore, joining, sticks.

Every k of the program's own files, and every ninth (KIM_DISK_STEP) once SQLite's writes, which
`test_failing_disk` goes through, are counted with them; full from then on, or a bad block at the k-th alone.
Each time all is said in sentences of the program, what stood before is there, and once there is room the
same act succeeds.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from app.domain.audience import Member, Role
from app.domain.errors import KimError
from app.error_messages import ENTRIES
from app.security.errors import WrongPassphraseError
from app.settings import Settings
from sync import compose
from sync.compose import DistrictSetUp, HomeState
from sync.recovery.restore import restore
from sync.workplace import Workplace
from tests.support.backups import Alone, back_up, lone_computer
from tests.support.district import (
    CHEAP,
    PASSPHRASE,
    District,
    MovingClock,
    case_file,
    edit_case,
    open_case,
)  # fmt: skip
from tests.support.failing_disk import FailingDisk, failing_disk
from tests.support.keys import RandomBytes

STEP = int(os.environ.get("KIM_DISK_STEP", "9"))
KINDS = {
    "full for files": (errno.ENOSPC, False, False, 1),
    "bad block in a file": (errno.EIO, True, False, 1),
    "full for all": (errno.ENOSPC, False, True, STEP),
}
NEW_PASSPHRASE = "ein anderer Satz nur für diese Tests"
SETUP = DistrictSetUp("Musterkreis", "MUS", "kreis", "Sina Vogt", "")
SAID = {"disk_full", "storage_unavailable", "vault_not_written", "backup_not_written", "folder_full"}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@dataclass
class Failing:
    """A disk, and how many of its writes are passed over between two that fail."""

    disk: FailingDisk
    step: int

    def __iter__(self) -> Iterator[int]:
        """Give each k until a run of the caller's body met no failure."""
        for at in count(1, self.step):
            self.disk.count = 0
            yield at
            if self.disk.count < at:
                assert at > 3
                return

    def refused(self, at: int, act: Callable[[], object]) -> str:
        """Let it fail at write `at` of an act, and mend it; gives the id of what was said, or nothing."""
        self.disk.arm(at)
        said = ""
        try:
            act()
        except KimError as error:
            said = error.error_id
        met = self.disk.count
        self.disk.mend()
        self.disk.count = met
        assert not said or said in SAID & set(ENTRIES), f"at write {at}"
        return said


@pytest.fixture(params=sorted(KINDS))
def failing(request: pytest.FixtureRequest) -> Iterator[Failing]:
    error, once, databases, step = KINDS[request.param]
    with failing_disk(error=error, once=once, databases=databases) as disk:
        yield Failing(disk, step)


@pytest.fixture(scope="module")
def alone_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alone]:
    with lone_computer(tmp_path_factory.mktemp("files") / "alone") as made:
        open_case(made.place, "vorher")
        made.place.close()
        yield made


def unlocked(home: Path, *passphrases: str) -> Workplace:
    """Open a home by the first of some passphrases that does; none is answered by a wait."""
    clock = MovingClock()
    for passphrase in passphrases[:-1]:
        with suppress(WrongPassphraseError):
            return compose.unlock(home, passphrase, clock=clock, entropy=RandomBytes())
    return compose.unlock(home, passphrases[-1], clock=clock, entropy=RandomBytes())


def set_up(home: Path) -> None:
    place, _key = compose.set_up_district(
        home, PASSPHRASE, SETUP, clock=MovingClock(), entropy=RandomBytes(), cost=CHEAP
    )
    place.close()


def apply(home: Path, invitation: bytes) -> None:
    compose.apply_with_invitation(
        home,
        PASSPHRASE,
        invitation,
        clock=MovingClock(),
        entropy=RandomBytes(),
        cost=CHEAP,
        by_file=True,
    )


def finish(home: Path, admission: bytes) -> None:
    compose.finish_joining(
        home, PASSPHRASE, clock=MovingClock(), entropy=RandomBytes(), admission=admission
    ).close()


def change_passphrase(home: Path, recovery_key: str) -> None:
    compose.unlock_with_recovery_key(
        home, recovery_key, NEW_PASSPHRASE, clock=MovingClock(), entropy=RandomBytes(), cost=CHEAP
    ).close()


def bring_back(home: Path, backup: Path) -> None:
    restore(home, backup, PASSPHRASE, clock=MovingClock(), entropy=RandomBytes()).close()


@pytest.fixture
def invitation_of(tmp_path: Path) -> Iterator[tuple[District, bytes]]:
    """A district, and an invitation that is answered by files."""
    with District.found(tmp_path / "district") as district:
        sina = district["sina"]
        newcomer = Member(0, "Nele", "kreis", Role.CASE_MANAGER, supervisor=sina.session.me)
        yield district, sina.invite(newcomer, by_file=True)


def test_setting_up_may_fail_at_every_write_and_is_done_again(tmp_path: Path, failing: Failing) -> None:
    for at in failing:
        home = tmp_path / str(at)
        if failing.refused(at, partial(set_up, home)):
            assert compose.home_state(home) is HomeState.EMPTY, f"at write {at}"
            set_up(home)
        with closing(unlocked(home, PASSPHRASE)) as place:
            open_case(place)
        shutil.rmtree(home)


def test_a_new_passphrase_may_fail_at_every_write(
    tmp_path: Path, failing: Failing, alone_once: Alone
) -> None:
    for at in failing:
        home = tmp_path / str(at)
        shutil.copytree(alone_once.home, home)
        said = failing.refused(at, partial(change_passphrase, home, alone_once.recovery_key))
        unlocked(home, *([NEW_PASSPHRASE, PASSPHRASE] if said else [NEW_PASSPHRASE])).close()
        change_passphrase(home, alone_once.recovery_key)
        shutil.rmtree(home)


def test_a_backup_brought_back_may_fail_at_every_write(
    tmp_path: Path, failing: Failing, alone_once: Alone
) -> None:
    with lone_computer(tmp_path / "made") as made:
        case = open_case(made.place, "gesichert")
        backup = back_up(made).path
        edit_case(made.place, case, concern="danach")
    for at in failing:
        home = tmp_path / str(at)
        shutil.copytree(made.home, home)
        said = failing.refused(at, partial(bring_back, home, backup))
        with closing(unlocked(home, PASSPHRASE)) as place:
            aside = list(home.glob("before-restore-*"))
            assert case_file(place, case).text("concern") == ("gesichert" if aside else "danach")
        assert said or aside
        assert not (home / "restoring").exists()
        for old in aside:
            with closing(unlocked(old, PASSPHRASE)) as place:
                assert case_file(place, case).text("concern") == "danach"
        bring_back(home, backup)
        shutil.rmtree(home)


def test_applying_may_fail_at_every_write(
    tmp_path: Path, failing: Failing, invitation_of: tuple[District, bytes]
) -> None:
    for at in failing:
        home = tmp_path / str(at)
        if failing.refused(at, partial(apply, home, invitation_of[1])):
            assert compose.home_state(home) is HomeState.EMPTY, f"at write {at}"
            apply(home, invitation_of[1])
        assert compose.home_state(home) is HomeState.APPLIED
        assert compose.application_file(home, PASSPHRASE, clock=MovingClock())
        shutil.rmtree(home)


def test_being_admitted_may_fail_at_every_write(
    tmp_path: Path, failing: Failing, invitation_of: tuple[District, bytes]
) -> None:
    district, invitation = invitation_of
    sina, applied = district["sina"], tmp_path / "applied"
    apply(applied, invitation)
    sina.admit(sina.read_application(compose.application_file(applied, PASSPHRASE, clock=MovingClock())))
    admission = sina.admission()
    for at in failing:
        home = tmp_path / str(at)
        shutil.copytree(applied, home)
        refused = failing.refused(at, partial(finish, home, admission))
        if refused and compose.home_state(home) is HomeState.APPLIED:
            finish(home, admission)
        with closing(unlocked(home, PASSPHRASE)) as place:
            open_case(place)
        shutil.rmtree(home)


def test_a_stick_may_be_full_at_every_write(tmp_path: Path, failing: Failing) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    with District.found(tmp_path / "district") as district:
        district.join("anna")
        district.round("sina", "anna", "sina", "anna")
        anna, sina = district["anna"], district["sina"]
        case = open_case(anna)
        for at in failing:
            words = f"Schreibvorgang {at}"
            edit_case(anna, case, concern=words)
            failing.refused(at, lambda: [_on_stick(place, stick) for place in (anna, sina, anna)])
            assert case_file(anna, case).text("concern") == words
            for place in (anna, sina):
                assert _on_stick(place, stick) == ""
            assert case_file(sina, case).text("concern") == words, f"at write {at}"
            assert sina.status().gaps == ()


def _on_stick(place: Workplace, stick: Path) -> str:
    problem = place.folder.exchange(stick).problem
    assert problem is None or problem.error_id in {*SAID, "folder_unwritable"} & set(ENTRIES)
    return "" if problem is None else problem.error_id


def test_settings_stay_the_old_ones_or_become_the_new(tmp_path: Path, failing: Failing) -> None:
    path, old = tmp_path / "settings.json", Settings(language="de", text_scale=120)
    for at in range(1, 5):
        old.save(path)
        new = Settings(language="en", text_scale=180)
        failing.disk.arm(at)
        with pytest.raises(OSError, match=r"\[Errno \d+\]"):
            new.save(path)
        failing.disk.mend()
        assert Settings.load(path) in (old, new)
        assert [item.name for item in tmp_path.iterdir()] == [path.name]
    new.save(path)
    assert Settings.load(path) == new
