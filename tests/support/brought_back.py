"""Computers of a district that are lost, and come back from their backups."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.services.backups import BackupEntry
from app.services.restored import NotAgreedError
from sync.recovery.restore import restore
from sync.workplace import Workplace
from tests.support.backups import quietly
from tests.support.district import PASSPHRASE, District


def back_up(district: District, name: str, folder: Path) -> BackupEntry:
    """Make a backup of somebody's store into a folder."""
    folder.mkdir(exist_ok=True)
    district[name].backups.set_folder(folder)
    return district[name].backups.make(quietly, lambda: False)


def bring_back(district: District, name: str, backup: BackupEntry) -> Workplace:
    """The computer is lost; a new one takes the backup, and the person agrees."""
    person = district.people[name]
    person.lock()
    shutil.rmtree(person.home)
    person.place = restore(person.home, backup.path, PASSPHRASE, clock=person.clock, entropy=person.entropy)
    with pytest.raises(NotAgreedError):
        district.round(name)
    person.place.backups.agree()
    return person.place
