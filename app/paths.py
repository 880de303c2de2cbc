"""Where the program keeps its files. Asking for a folder makes it, readable by its owner only."""

import os
import sys
from pathlib import Path
from typing import Final

from platformdirs import PlatformDirs

_DIRS: Final = PlatformDirs("kim-mobil", appauthor=False)
_HOME: Final = "KIM_MOBIL_HOME"


def _folder(own: str, usual: str) -> Path:
    home = os.environ.get(_HOME)
    path = Path(home) / own if home else Path(usual)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def data_dir() -> Path:
    """Folder of the database and its keys; under KIM_MOBIL_HOME when that is set."""
    return _folder("data", _DIRS.user_data_dir)


def config_dir() -> Path:
    """Folder of the settings, which hold no client data."""
    return _folder("config", _DIRS.user_config_dir)


def log_dir() -> Path:
    """Folder of the log, which holds no client data."""
    return _folder("log", _DIRS.user_log_dir)


def resources_dir() -> Path:
    """Folder of the forms, fonts and icons that come with the program."""
    return Path(__file__).resolve().parent.parent / "resources"


def flush_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, so that a rename outlives a power cut. Raises OSError."""
    if sys.platform == "win32":
        return  # Windows flushes the entry with the rename and opens no folders
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
