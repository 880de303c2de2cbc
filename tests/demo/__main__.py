"""`make demo`: the program in the invented district; without a display, a day on a virtual screen."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.demo.screen import has_display, virtual_screen
from tests.support.invented.district import InventedDistrict, build_district
from tests.support.invented.people import ANNA, SINA
from tests.support.invented.run import write_run

ROOT = Path(__file__).resolve().parents[2]
SEED = "demo"
SEARCHED = ("home", "tmp")
"""What the leak search looks through: data folders, the relay, the run's own home and temporary files."""


def main() -> int:
    """Build the district, then open the program or play the day; gives the exit code."""
    options = _parser().parse_args()
    folder: Path = options.folder.resolve()
    began = time.time()
    _make_empty(folder)
    _live_in(folder)
    print("Building the invented district: six people, sixty case files, a relay …", flush=True)
    with build_district(folder / "home", SEED) as district:
        district.close_places()
        _tell_passphrases(district)
        if has_display() and not options.play:
            return _open_program(district)
        print("Playing the day on a virtual screen …", flush=True)
        if not _played(district, folder):
            return 1
    write_run(district, folder, began, SEARCHED)
    return _audit(folder)


def _make_empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for name in SEARCHED:
        (folder / name).mkdir(mode=0o700, parents=True)


def _live_in(folder: Path) -> None:
    """Give this run a home and temporary files of its own: whatever is left there is searched."""
    home, temporary = folder / "home", folder / "tmp"
    os.environ.update(HOME=str(home), TMPDIR=str(temporary), XDG_RUNTIME_DIR=str(temporary))
    for name in ("CACHE", "CONFIG", "DATA", "STATE"):
        os.environ[f"XDG_{name}_HOME"] = str(home / name.lower())
    tempfile.tempdir = None


def _tell_passphrases(district: InventedDistrict) -> None:
    print("Everything here is invented. Passphrases:")
    for person in district.laptops:
        print(f"  {person.name:14} {person.role.value:14} {person.passphrase}")
    sys.stdout.flush()


def _open_program(district: InventedDistrict) -> int:
    laptop = district.laptops[ANNA]
    other = district.laptops[SINA].home
    print(f"The program opens as {laptop.person.name}; the relay stops when it is closed.")
    print("To open it as somebody else meanwhile:")
    print(f"  KIM_MOBIL_HOME={other} {ROOT / '.venv' / 'bin' / 'kim-mobil'}", flush=True)
    environment = {**os.environ, "KIM_MOBIL_HOME": str(laptop.home)}
    return subprocess.run(
        [sys.executable, "-m", "ui.main"], cwd=ROOT, env=environment, check=False
    ).returncode


def _played(district: InventedDistrict, folder: Path) -> bool:
    with virtual_screen():
        from PySide6.QtWidgets import QApplication

        from tests.demo.day import play
        from tests.demo.hand import Hand

        application = QApplication(["kim-mobil"])
        application.setApplicationName("kim-mobil")
        try:
            play(application, district, folder)
        except Exception:  # whatever it was, a picture of it helps
            traceback.print_exc()
            Hand().shoot(folder / "failed.png")
            return False
    return True


def _audit(folder: Path) -> int:
    """Count the run by a script that shares no code with it, and print what it wrote."""
    done = subprocess.run([sys.executable, "-m", "tests.audit", str(folder)], cwd=ROOT, check=False)
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    for name, value in summary.items():
        print(f"  {name:20} {value}")
    print(f"Papers, pictures and summary.json are in {folder}")
    return done.returncode


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.demo", description=__doc__)
    parser.add_argument("--play", action="store_true", help="play the day even where there is a display")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "demo", help="emptied first")
    return parser


if __name__ == "__main__":
    sys.exit(main())
