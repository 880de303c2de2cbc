from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.audience import Role
from tests.support.district import District
from tests.support.templates import Templates


def with_sven(founded: District, **others: Role) -> str:
    """Let Sina and Sven be keepers and Anna have case files; gives what set-up printed for the safe."""
    for name, role in {"anna": Role.CASE_MANAGER, "sven": Role.SUPERVISOR, **others}.items():
        founded.join(name, role)
    printed = founded["sina"].offline_key
    founded["sina"].keepers.make_keeper(founded.member("sven"), printed)
    founded.round("sven", *others, "anna", "sina", "anna", "sven")
    return printed


def with_all_roles(founded: District) -> str:
    """Besides, let Sara be a supervisor and Cora coordinate."""
    return with_sven(founded, sara=Role.SUPERVISOR, cora=Role.COORDINATOR)


@pytest.fixture
def district(tmp_path: Path, templates: Templates) -> Iterator[District]:
    """Sina and Sven are keepers; Anna has case files. What set-up printed is still to be seen."""
    with templates.copy(tmp_path / "district", with_sven) as (founded, printed):
        founded["sina"].offline_key = printed
        yield founded


@pytest.fixture
def wide_district(tmp_path: Path, templates: Templates) -> Iterator[District]:
    """Besides, Sara is a supervisor and Cora coordinates."""
    with templates.copy(tmp_path / "district", with_all_roles) as (founded, _):
        yield founded
