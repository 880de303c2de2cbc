"""Settings: kept, bounded, never in the way of a start."""

import json
from pathlib import Path

import pytest

from app.paths import config_dir, data_dir, log_dir, resources_dir
from app.settings import Settings, settings_path


def test_settings_are_read_as_written(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    chosen = Settings(language="en", idle_minutes=3, text_scale=150, window_state="AAA=")
    chosen.save(path)
    assert Settings.load(path) == chosen
    assert [item.name for item in tmp_path.iterdir()] == ["settings.json"]


def test_settings_missing_give_the_defaults(tmp_path: Path) -> None:
    assert Settings.load(tmp_path / "none.json") == Settings()


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"language": 5, "idle_minutes": true}', "\xff"])
def test_settings_broken_give_the_defaults(tmp_path: Path, content: str) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content.encode("latin-1"))
    assert Settings.load(path) == Settings()


def test_settings_of_a_newer_program_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"language": "en", "from_tomorrow": [1, 2]}', "utf-8")
    Settings.load(path).save(path)
    stored = json.loads(path.read_text("utf-8"))
    assert stored["from_tomorrow"] == [1, 2]
    assert stored["language"] == "en"


def test_settings_out_of_bounds_are_brought_in() -> None:
    extreme = Settings(idle_minutes=0, text_scale=900)
    assert (extreme.idle_minutes, extreme.text_scale) == (1, 200)


def test_settings_that_cannot_be_written_leave_the_old(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.mkdir()
    (path / "kept").touch()
    with pytest.raises(OSError, match=r"settings\.json"):
        Settings().save(path)
    assert sorted(item.name for item in tmp_path.rglob("*")) == ["kept", "settings.json"]


def test_folders_follow_the_override(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIM_MOBIL_HOME", str(tmp_path / "own"))
    for folder in (data_dir(), config_dir(), log_dir()):
        assert folder.parent == tmp_path / "own"
        assert folder.stat().st_mode & 0o777 == 0o700
    assert settings_path() == tmp_path / "own" / "config" / "settings.json"


def test_folders_without_override_are_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KIM_MOBIL_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert data_dir() == tmp_path / "kim-mobil"


def test_resources_come_with_the_program() -> None:
    assert resources_dir().is_dir()
