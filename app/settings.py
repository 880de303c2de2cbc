"""The user's settings of this computer: nothing about clients, readable before unlocking."""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Self

from app.paths import config_dir

_SCALE: Final = (100, 200)
_IDLE: Final = (1, 15)


@dataclass(frozen=True)
class Settings:
    """What the user chose; a value out of bounds is brought to the nearest that is allowed."""

    language: str = "de"
    idle_minutes: int = 5
    """Minutes without a key or a click until the program locks itself; 1 to 15."""
    text_scale: int = 100
    """Size of text in per cent of the system's; 100 to 200."""
    appearance: str = "system"
    """Colours: those of the system, or always `light` or `dark`."""
    list_columns: str = ""
    """Names of the fields that the case list shows, with commas; empty for all."""
    window_state: str = ""
    """Position of the window and its parts, as Qt gives it, in base64."""
    others: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """Keys of a newer program, kept as they are."""

    def __post_init__(self) -> None:
        """Bring numbers within their bounds."""
        object.__setattr__(self, "idle_minutes", _within(self.idle_minutes, _IDLE))
        object.__setattr__(self, "text_scale", _within(self.text_scale, _SCALE))

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """The stored settings; the defaults where the file is missing, broken or says nothing."""
        try:
            stored = json.loads((path or settings_path()).read_text("utf-8"))
        except (OSError, ValueError):
            return cls()
        return cls._from(stored) if isinstance(stored, dict) else cls()

    @classmethod
    def _from(cls, stored: dict[str, Any]) -> Self:
        defaults = cls()
        known = {item.name for item in fields(cls)} - {"others"}
        usable = {
            name: value
            for name, value in stored.items()
            if name in known and type(value) is type(getattr(defaults, name))
        }
        unknown = {name: value for name, value in stored.items() if name not in known}
        return replace(defaults, **usable, others=MappingProxyType(unknown))

    def save(self, path: Path | None = None) -> None:
        """Write the settings in one step: a crash leaves the old or the new ones. Raises OSError."""
        own = {item.name: getattr(self, item.name) for item in fields(self) if item.name != "others"}
        text = json.dumps({**self.others, **own}, ensure_ascii=False, indent=2, sort_keys=True)
        _write_atomically(path or settings_path(), text + "\n")


def settings_path() -> Path:
    """File of the settings."""
    return config_dir() / "settings.json"


def _within(value: int, bounds: tuple[int, int]) -> int:
    return max(bounds[0], min(value, bounds[1]))


def _write_atomically(path: Path, text: str) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".new")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
