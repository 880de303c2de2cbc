"""The only part of the screen that builds: all else is given what it works with.

It imports the heavy parts (cryptography, store, papers), and is itself imported in a lane, so that the
first window stands at once: nothing else of `ui` imports it but for types.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app import i18n
from app.paths import data_dir
from app.printing.papers import print_keeper_sheet, print_recovery_sheet
from app.security.passphrase import PassphraseVerdict, check_passphrase, suggest_passphrase
from app.security.slots import STANDARD, Argon2Parameters
from app.services.ports import Clock, Entropy
from app.storage.disk import explaining_disk
from sync import compose
from sync.compose import DistrictSetUp, HomeState
from sync.district.safe_key import check_words, read_safe_key
from sync.recovery.restore import BackupFacts, look_at, restore, restore_with_recovery_key
from sync.system import SystemClock, SystemEntropy
from sync.workplace import Workplace

__all__ = [
    "BackupFacts",
    "Doors",
    "HomeState",
    "PassphraseVerdict",
    "SystemClock",
    "SystemEntropy",
    "Workplace",
    "doors",
]


@dataclass(frozen=True)
class Doors:
    """The ways into a home folder; each may take a second or the network, so call them in a lane."""

    home: Path
    clock: Clock
    entropy: Entropy
    cost: Argon2Parameters = STANDARD

    def state(self) -> HomeState:
        """Tell whether there is nothing yet, an application that waits, or a store to unlock."""
        return compose.home_state(self.home)

    def judge(self, passphrase: str, district_words: tuple[str, ...] = ()) -> PassphraseVerdict:
        """Tell whether a passphrase is accepted, and if not, why."""
        return check_passphrase(passphrase, district_words)

    def offer(self) -> str:
        """Give a random phrase of six words in the program's language."""
        return suggest_passphrase(self.entropy, i18n.language())

    def recovery_sheet(self, key: str, language: str) -> bytes:
        """Give the sheet with the recovery key as PDF."""
        today = self.clock.now().astimezone().date()
        return print_recovery_sheet(key.split("-"), language, platform.node(), today)

    def safe_sheet(self, key: str, district: str, language: str) -> bytes:
        """Give the sheet with a district's offline keeper key as PDF."""
        today, words = self.clock.now().astimezone().date(), check_words(read_safe_key(key).public)
        return print_keeper_sheet(key.split("-"), language, district, today, words)

    def set_up(self, passphrase: str, entered: Mapping[str, str]) -> tuple[Workplace, str]:
        """Make a district and its first keeper; gives the open workplace and the recovery key to print.

        `entered`: the fields of DistrictSetUp.
        """
        setup = DistrictSetUp(**entered)
        place, key = compose.set_up_district(
            self.home, passphrase, setup, clock=self.clock, entropy=self.entropy, cost=self.cost
        )
        return place, key.text

    def apply(self, passphrase: str, invitation: bytes, *, by_file: bool = False) -> tuple[str, str]:
        """Apply with an invitation; gives the fingerprint to compare and the recovery key to print.

        `by_file`: without the relay; `application` gives the file for the keeper.
        """
        fingerprint, key = compose.apply_with_invitation(
            self.home,
            passphrase,
            invitation,
            clock=self.clock,
            entropy=self.entropy,
            cost=self.cost,
            by_file=by_file,
        )
        return fingerprint, key.text

    def application(self, passphrase: str) -> bytes:
        """Give the application that waits as a file for the keeper."""
        return compose.application_file(self.home, passphrase, clock=self.clock)

    def finish_joining(self, passphrase: str, admission: bytes | None = None) -> Workplace:
        """Open the workplace once a keeper admitted; raises NotYetAdmittedError until then.

        `admission`: the keeper's file, instead of the relay.
        """
        return compose.finish_joining(
            self.home, passphrase, clock=self.clock, entropy=self.entropy, admission=admission
        )

    def fingerprint(self) -> str:
        """Give the six words of an application that waits."""
        return compose.waiting_fingerprint(self.home)

    def unlock(self, passphrase: str) -> Workplace:
        """Open the workplace."""
        return compose.unlock(self.home, passphrase, clock=self.clock, entropy=self.entropy)

    def look_at_backup(self, backup: Path) -> BackupFacts:
        """Tell what a file is, without opening it."""
        return look_at(backup)

    def restore(self, backup: Path, passphrase: str) -> Workplace:
        """Bring a backup back in the place of what lies here, which is kept beside it."""
        return restore(self.home, backup, passphrase, clock=self.clock, entropy=self.entropy)

    def restore_with_recovery_key(self, backup: Path, typed: str, new_passphrase: str) -> Workplace:
        """Bring a backup back by the printed key, under a new passphrase from now on."""
        return restore_with_recovery_key(
            self.home,
            backup,
            typed,
            new_passphrase,
            clock=self.clock,
            entropy=self.entropy,
            cost=self.cost,
        )

    def unlock_with_recovery_key(self, typed: str, new_passphrase: str) -> Workplace:
        """Open the workplace with the printed key, under a new passphrase from now on."""
        return compose.unlock_with_recovery_key(
            self.home, typed, new_passphrase, clock=self.clock, entropy=self.entropy, cost=self.cost
        )


def doors() -> Doors:
    """Give the doors of this user's home on this computer; raises DiskFullError, StorageUnavailableError."""
    with explaining_disk():
        return Doors(data_dir(), SystemClock(), SystemEntropy())
