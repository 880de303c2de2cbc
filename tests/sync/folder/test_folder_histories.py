"""Any history by folder alone: copies of the folder, deleted and torn files, in any order; all end alike."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from app.domain.dots import Dot
from app.services import stand_ins
from sync.workplace import Workplace
from tests.support.district import District, case_file, edit_case, give_consent, open_case
from tests.support.folder import exchange

NAMES = ("anna", "ben", "sina")
FIELDS = ("concern", "municipality")


def values_of(place: Workplace, case: Dot) -> dict[str, object]:
    """What a person is shown: every head of a conflict, else the value."""
    queries = place.session.store.queries
    record = case_file(place, case)
    found: dict[str, object] = {name: record.text(name) for name in FIELDS}
    for conflict in queries.conflicts(100):
        found[conflict.register] = sorted(str(head.values) for head in conflict.heads)
    return found


class History:
    """Three people, two folders, and somebody who copies, deletes and tears."""

    def __init__(self, district: District, folder: Path, seed: int) -> None:
        self.district, self.chance = district, random.Random(seed)
        self.folders = [folder / "a", folder / "b"]
        for path in self.folders:
            path.mkdir(parents=True)
        self.old = folder / "old"
        self.words = 0
        self.case = open_case(district["anna"], "am Anfang")
        give_consent(district["anna"], self.case, "consent", stand_in_item="yes")
        member = district.member("ben")
        stand_ins.name_stand_in(district["anna"].session, self.case, member, "2020-01-01", "", "holiday")
        self.settle()

    def step(self) -> None:
        self.chance.choice([self.edit] * 3 + [self.exchange] * 4 + [self.copy, self.delete, self.tear])()

    def edit(self) -> None:
        self.words += 1
        name, item = self.chance.choice(NAMES), self.chance.choice(FIELDS)
        edit_case(self.district[name], self.case, **{item: f"w{self.words}"})

    def exchange(self) -> None:
        exchange(self.district[self.chance.choice(NAMES)], self.chance.choice(self.folders))

    def copy(self) -> None:
        """Keep an old state of a folder, or bring the old state back over it."""
        folder = self.chance.choice(self.folders)
        if self.old.exists() and self.chance.random() < 0.5:
            shutil.rmtree(folder)
            shutil.copytree(self.old, folder)
        else:
            shutil.rmtree(self.old, ignore_errors=True)
            shutil.copytree(folder, self.old)

    def delete(self) -> None:
        for path in self.some():
            path.unlink()

    def tear(self) -> None:
        for path in self.some():
            path.write_bytes(path.read_bytes()[: self.chance.randrange(1, 200)])

    def some(self) -> list[Path]:
        files = sorted(self.chance.choice(self.folders).iterdir())
        return self.chance.sample(files, min(2, len(files)))

    def settle(self) -> None:
        for _ in range(4):
            for name in NAMES:
                for folder in self.folders:
                    exchange(self.district[name], folder)


@pytest.mark.parametrize("seed", range(4))
def test_all_end_alike_and_nothing_is_lost(district: District, tmp_path: Path, seed: int) -> None:
    district.join("ben")
    district.round("ben", "sina", "anna", "ben", "sina", "anna")
    history = History(district, tmp_path / "folders", seed)
    for _ in range(25):
        history.step()
    history.settle()
    shown = [values_of(district[name], history.case) for name in NAMES]
    assert shown[1:] == shown[:-1]
    lengths = {len(district[name].session.store.queries.history(history.case, 999)) for name in NAMES}
    assert len(lengths) == 1
    assert [district[name].status().parcels for name in NAMES] == [(), (), ()]
    assert [district[name].status().gaps for name in NAMES] == [(), (), ()]
    for name in NAMES:
        with district[name]._engine.office.transaction() as post:
            assert post.out.kept() == ()
