"""A process that saves and backs up, or brings a backup back and saves, without end, until it is killed."""

from __future__ import annotations

import sys
from pathlib import Path

from app.services import cases
from sync import compose
from sync.recovery.restore import restore
from sync.system import SystemClock
from sync.workplace import Workplace
from tests.support.backups import PASSPHRASE, quietly
from tests.support.killing import say
from tests.support.ports import SeededEntropy


def main() -> None:
    """Work in the home of the first argument (seed: the second); with a third, bring that backup back."""
    home, seed = Path(sys.argv[1]), sys.argv[2]
    clock, entropy = SystemClock(), SeededEntropy(seed)
    if len(sys.argv) == 3:
        place = compose.unlock(home, PASSPHRASE, clock=clock, entropy=entropy)
        while True:
            save(place)
            say("backup", place.backups.make(quietly, lambda: False).path.name)
    say("open")
    while True:
        place = restore(home, Path(sys.argv[3]), PASSPHRASE, clock=clock, entropy=entropy)
        say("restored")
        save(place)
        place.close()


def save(place: Workplace) -> None:
    """Open a case file, and say so."""
    form = cases.new_case_file(place.session).edited(municipality="Lindau")
    say("CaseFile", cases.open_case_file(place.session, form).record.id)


if __name__ == "__main__":
    main()
