"""Putting a restored store in the place of the old one: killed at any instruction, one of the two stands."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.paths import flush_folder

ASIDE: Final = "before-restore-"
_STAGING: Final = "restoring"
_DECIDED: Final = "decided"
_EMPTIED: Final = "emptied"
_PRIVATE: Final = 0o700


@dataclass(frozen=True)
class Restoring:
    """A folder within the home in which a store is made ready, and the exchange with the old one.

    `names`: the files of a home, in the order in which the old ones go.
    """

    home: Path
    names: Sequence[str]

    @property
    def staging(self) -> Path:
        """Where the restored store is made ready."""
        return self.home / _STAGING

    @property
    def is_decided(self) -> bool:
        """Tell whether the restored store is whole and takes the old one's place, now or at a next start."""
        return (self.staging / _DECIDED).exists()

    def begin(self) -> Path:
        """Give the empty folder to make the store ready in. Raises OSError."""
        shutil.rmtree(self.staging, ignore_errors=True)
        self.staging.mkdir(mode=_PRIVATE)
        return self.staging

    def discard(self) -> None:
        """Leave nothing behind of a restore that failed."""
        shutil.rmtree(self.staging, ignore_errors=True)

    def decide(self, moment: str) -> None:
        """Let the restored store take the old one's place, which is kept in a folder named by `moment`."""
        flush_folder(self.staging)
        taken = len(list(self.home.glob(f"{ASIDE}{moment}*")))
        _write(self.staging / _DECIDED, f"{moment}-{taken}" if taken else moment)
        self.settle()

    def settle(self) -> None:
        """Finish what a kill left half done: forward once it was decided, else back."""
        if not self.is_decided:
            if self.staging.exists():
                self.discard()
            return
        if not (self.staging / _EMPTIED).exists():
            self._put_old_aside()
            _write(self.staging / _EMPTIED, "")
        for name in self.names:
            if (self.staging / name).exists():
                os.replace(self.staging / name, self.home / name)
        flush_folder(self.home)
        (self.staging / _DECIDED).unlink()
        flush_folder(self.staging)
        self.discard()

    def _put_old_aside(self) -> None:
        found = [name for name in self.names if (self.home / name).exists()]
        if not found:
            return
        aside = self.home / (ASIDE + (self.staging / _DECIDED).read_text("utf-8"))
        aside.mkdir(mode=_PRIVATE, exist_ok=True)
        for name in found:
            os.replace(self.home / name, aside / name)
        flush_folder(aside)
        flush_folder(self.home)


def _write(path: Path, text: str) -> None:
    aside = path.with_name(path.name + ".new")
    with aside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, path)
    flush_folder(path.parent)
