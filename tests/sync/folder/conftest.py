from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.district import District
from tests.support.templates import Templates


def with_anna_and_folder_key(founded: District) -> None:
    """Let a case manager, anna, join; keeper and she know each other's prekeys and folder key."""
    founded.join("anna")
    founded.round("sina", "anna", "sina", "anna")


@pytest.fixture
def district(tmp_path: Path, templates: Templates) -> Iterator[District]:
    """A keeper and one case manager, anna, whose prekeys and folder key are known to each other."""
    with templates.copy(tmp_path / "district", with_anna_and_folder_key) as (founded, _):
        yield founded


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder
